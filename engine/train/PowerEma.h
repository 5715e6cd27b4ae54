// SPDX-License-Identifier: GPL-3.0-or-later
// Power-function averages of EDM2 (arXiv:2312.02696): several profiles tracked side by side, stored as
// snapshots while training goes on, and any other profile made from the snapshots afterwards.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/nets/Parameters.h"
#include "engine/train/EmaProfile.h"

namespace denoscope {

class PowerEma {
public:
    struct Profile {
        double sigmaRel, gamma;
        std::vector<Parameter> average;  // as the online list: own tensors, without gradients
    };

    // Every profile starts from the online weights. Throws EngineError on a width that no profile has.
    PowerEma(const std::vector<Parameter>& online, const std::vector<double>& sigmaRels);

    // step: optimiser steps done with this one, from 1; every step once.
    void update(const std::vector<Parameter>& online, std::int64_t step);

    const std::vector<Profile>& profiles() const { return m_profiles; }

private:
    std::vector<Profile> m_profiles;
};

// A snapshot: the average as a safetensors file under the weights' names, with sigma_rel and step as
// metadata.
void saveEmaSnapshot(const std::vector<Parameter>& average, const PowerProfile& profile,
                     const std::filesystem::path& path);

// What a snapshot holds. Throws EngineError naming the file where that is not said.
PowerProfile profileOfSnapshot(const std::filesystem::path& path);

// Sets `into` to the average that `wanted` would have given, as near as the snapshots come, and says how
// near. Constants are taken as they are. Throws EngineError as fitPostHoc(), refuseFarWidth() and
// loadParameters() do.
PostHocFit reconstructEma(const std::vector<std::filesystem::path>& snapshots, const PowerProfile& wanted,
                          const std::vector<Parameter>& into);

}  // namespace denoscope
