// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/nets/Parameters.h"
#include "engine/train/EmaProfile.h"

namespace denoscope {

// The folder of a run's snapshots of power-function averages (PowerEma.h). The names say what they hold, so
// that none has to be opened to find out. Throws EngineError naming the file.
class EmaSnapshots {
public:
    struct Entry {
        PowerProfile profile;
        std::filesystem::path path;
    };

    explicit EmaSnapshots(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    // Those up to a step, by step and width.
    std::vector<Entry> upTo(std::int64_t step) const;

    void save(const std::vector<Parameter>& average, const PowerProfile& profile) const;
    void dropAfter(std::int64_t step) const;  // of steps that were taken back

    // Until snapshots of at most so many steps are left. See spared().
    void thinOut(std::int64_t keep) const;

private:
    std::filesystem::path m_folder;
};

// Which of rising steps to keep when there are too many: the first, the last, and between them gaps that grow
// with their age, for a profile is a share of the training as a whole.
std::vector<std::int64_t> spared(std::vector<std::int64_t> steps, std::int64_t keep);

}  // namespace denoscope
