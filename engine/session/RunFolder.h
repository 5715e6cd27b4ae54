// SPDX-License-Identifier: GPL-3.0-or-later
// A run on disk, readable by anything:
//   run.json        format version, program version, resolved config, data facts
//   metrics.jsonl   append-only, one MetricRow a line; a torn last line is skipped
//   events.log      written by spdlog
//   checkpoints/step-00001000/   *.safetensors state.json
//   samples/step-00001000/       previews as data and as pictures
//   lock            held (flock) by the one process that writes
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "engine/api/Config.h"
#include "engine/api/Data.h"
#include "engine/api/Messages.h"

namespace denoscope {

// Owned by one thread at a time. Every failure throws EngineError with the path; what was there stays.
class RunFolder {
public:
    enum class Access { ReadOnly, Write };

    // Throws when the folder already holds a run or anything else.
    static void requireFree(const std::filesystem::path& directory);
    // Fails where requireFree does.
    static RunFolder create(const std::filesystem::path& directory, const RunConfig& config,
                            const DataFacts& facts);
    // Fails when there is no run, when its format is newer than ours, or (Write) when another process holds
    // it.
    static RunFolder open(const std::filesystem::path& directory, Access access);
    ~RunFolder();
    RunFolder(RunFolder&&) noexcept;
    RunFolder& operator=(RunFolder&&) noexcept;

    const std::filesystem::path& directory() const;
    const RunConfig& config() const;
    const DataFacts& facts() const;
    void saveConfig(const RunConfig& config);  // run.json again, atomically

    // Steps of the complete checkpoints, ascending. Folders that were never published are not among them.
    std::vector<std::int64_t> checkpoints() const;
    std::filesystem::path checkpointFolder(std::int64_t step) const;
    // An empty temporary folder to fill; publishCheckpoint makes it the checkpoint of that step in one rename
    // and then deletes all but the newest `keep`.
    std::filesystem::path beginCheckpoint(std::int64_t step);
    void publishCheckpoint(std::int64_t step, std::int64_t keep);

    void appendMetrics(const std::vector<MetricRow>& rows);  // flushed to the system before it returns
    std::vector<MetricRow> readMetrics() const;              // the last row of each step wins, ascending
    void dropMetricsAfter(std::int64_t step);                // before steps are repeated after a resume

    std::filesystem::path samplesFolder(std::int64_t step) const;  // created on demand
    std::filesystem::path averagesFolder() const;                  // snapshots of averages; created on demand
    std::filesystem::path logPath() const;

private:
    struct State;
    explicit RunFolder(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace denoscope
