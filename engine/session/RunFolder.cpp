// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/RunFolder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "engine/api/Error.h"
#include "engine/api/FactsFile.h"
#include "engine/api/Settings.h"
#include "engine/api/StrictJson.h"
#include "engine/core/Files.h"
#include "engine/session/FolderLock.h"
#include "engine/session/MetricsLog.h"

namespace denoscope {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::int64_t formatVersion = 1;
constexpr std::size_t largestRunFile = std::size_t{64} << 20;
constexpr std::string_view stepPrefix = "step-";

std::string stepName(std::int64_t step) {
    return fmt::format("{}{:08}", stepPrefix, step);
}

std::optional<std::int64_t> stepOf(const std::string& name) {
    if (!name.starts_with(stepPrefix))
        return std::nullopt;
    std::int64_t step = 0;
    const char* end = name.data() + name.size();
    const auto [parsed, error] = std::from_chars(name.data() + stepPrefix.size(), end, step);
    return error == std::errc{} && parsed == end && step >= 0 ? std::optional(step) : std::nullopt;
}

[[noreturn]] void fail(const fs::path& path, const std::error_code& reason, const std::string& remedy) {
    throw EngineError(reason.message(), path.string(), remedy);
}

void makeFolder(const fs::path& path) {
    std::error_code reason;
    fs::create_directories(path, reason);
    if (reason)
        fail(path, reason, "choose a folder that you may write to");
}

void removeAll(const fs::path& path) {
    std::error_code reason;
    fs::remove_all(path, reason);
    if (reason)
        fail(path, reason, "check your rights to it");
}

std::string runText(const RunConfig& config, const DataFacts& facts) {
    ordered_json root;
    root["format"] = formatVersion;
    root["program"] = "denoscope " DENOSCOPE_VERSION;
    root["config"] = ordered_json::parse(formatConfig(config));
    root["data"] = ordered_json::parse(formatFacts(facts));
    return root.dump(2) + "\n";
}

const json& part(const json& root, const char* name, const std::string& where) {
    if (!root.is_object() || !root.contains(name))
        throw EngineError(fmt::format("has no '{}'", name), where, "restore the file from a copy");
    return root.at(name);
}

void checkVersion(const json& version, const std::string& where) {
    if (!version.is_number_integer() || version.get<std::int64_t>() < 1)
        throw EngineError("the format version is damaged", where, "restore the file from a copy");
    if (version.get<std::int64_t>() > formatVersion)
        throw EngineError(fmt::format("format {} is newer than the {} that this program reads",
                                      version.get<std::int64_t>(), formatVersion),
                          where, "use a newer version of Denoscope");
}

}  // namespace

struct RunFolder::State {
    fs::path directory;
    Access access = Access::ReadOnly;
    FolderLock lock;
    RunConfig config;
    DataFacts facts;

    fs::path runFile() const { return directory / "run.json"; }
    fs::path metricsFile() const { return directory / "metrics.jsonl"; }
    fs::path checkpointRoot() const { return directory / "checkpoints"; }
    fs::path unpublished(std::int64_t step) const {
        return checkpointRoot() / fmt::format(".{}.new", stepName(step));
    }
    void takeLock() { lock = FolderLock(directory / "lock"); }

    void requireWrite() const {
        if (access != Access::Write)
            throw EngineError("is open for reading only", directory.string(), "open it for writing");
    }

    void writeRunFile() const { writeFileAtomically(runFile(), runText(config, facts)); }

    void readRunFile() {
        const std::string where = runFile().string();
        const json root = parseStrictJson(readFile(runFile(), largestRunFile), where);
        checkVersion(part(root, "format", where), where);
        config = parseConfig(part(root, "config", where).dump(), where);
        facts = parseFacts(part(root, "data", where).dump(), where);
    }

    // What a killed process left half done: unpublished checkpoints, half-deleted ones, a torn row.
    void tidyUp() const {
        std::vector<fs::path> leftovers;
        if (fs::is_directory(checkpointRoot()))
            for (const fs::directory_entry& entry : fs::directory_iterator(checkpointRoot()))
                if (entry.path().filename().string().starts_with("."))
                    leftovers.push_back(entry.path());
        for (const fs::path& leftover : leftovers)
            removeAll(leftover);
        trimMetricsLog(metricsFile(), std::numeric_limits<std::int64_t>::max());
    }

    // Renamed first: a checkpoint that was killed halfway through its deletion must not look complete.
    void removeCheckpoint(std::int64_t step) const {
        const fs::path doomed = checkpointRoot() / fmt::format(".{}.old", stepName(step));
        removeAll(doomed);
        std::error_code reason;
        fs::rename(checkpointRoot() / stepName(step), doomed, reason);
        if (reason)
            fail(checkpointRoot() / stepName(step), reason, "check your rights to it");
        removeAll(doomed);
    }
};

RunFolder::RunFolder(std::unique_ptr<State> state) : m_state(std::move(state)) {}
RunFolder::~RunFolder() = default;
RunFolder::RunFolder(RunFolder&&) noexcept = default;
RunFolder& RunFolder::operator=(RunFolder&&) noexcept = default;

void RunFolder::requireFree(const fs::path& directory) {
    if (fs::exists(directory / "run.json"))
        throw EngineError("already holds a run", directory.string(), "resume it, or choose another folder");
    std::error_code reason;
    fs::directory_iterator entries(directory, reason);
    if (reason == std::errc::no_such_file_or_directory)
        return;
    if (reason)
        fail(directory, reason, "choose a new folder for the run");
    const bool empty =
        std::all_of(fs::begin(entries), fs::end(entries),
                    [](const fs::directory_entry& entry) { return entry.path().filename() == "lock"; });
    if (!empty)
        throw EngineError("is not empty", directory.string(), "choose a new folder for the run");
}

RunFolder RunFolder::create(const fs::path& directory, const RunConfig& config, const DataFacts& facts) {
    makeFolder(directory);
    requireFree(directory);
    auto state = std::make_unique<State>(State{directory, Access::Write, {}, config, facts});
    state->takeLock();
    state->writeRunFile();
    return RunFolder(std::move(state));
}

RunFolder RunFolder::open(const fs::path& directory, Access access) {
    auto state = std::make_unique<State>(State{directory, access, {}, {}, {}});
    if (!fs::exists(state->runFile()))
        throw EngineError("holds no run", directory.string(),
                          fs::exists(directory) ? "choose a folder with a run.json" : "check the path");
    if (access == Access::Write) {
        state->takeLock();
        state->tidyUp();
    }
    state->readRunFile();
    return RunFolder(std::move(state));
}

const fs::path& RunFolder::directory() const {
    return m_state->directory;
}
const RunConfig& RunFolder::config() const {
    return m_state->config;
}
const DataFacts& RunFolder::facts() const {
    return m_state->facts;
}

void RunFolder::saveConfig(const RunConfig& config) {
    m_state->requireWrite();
    const RunConfig before = m_state->config;
    m_state->config = config;
    try {
        m_state->writeRunFile();
    } catch (...) {
        m_state->config = before;
        throw;
    }
}

std::vector<std::int64_t> RunFolder::checkpoints() const {
    std::vector<std::int64_t> steps;
    std::error_code reason;
    for (fs::directory_iterator entry(m_state->checkpointRoot(), reason), end; !reason && entry != end;
         entry.increment(reason))
        if (const auto step = stepOf(entry->path().filename().string()); step && entry->is_directory())
            steps.push_back(*step);
    if (reason && reason != std::errc::no_such_file_or_directory)
        fail(m_state->checkpointRoot(), reason, "check your rights to it");
    std::sort(steps.begin(), steps.end());
    return steps;
}

fs::path RunFolder::checkpointFolder(std::int64_t step) const {
    return m_state->checkpointRoot() / stepName(step);
}

fs::path RunFolder::beginCheckpoint(std::int64_t step) {
    m_state->requireWrite();
    const fs::path folder = m_state->unpublished(step);
    removeAll(folder);
    makeFolder(folder);
    return folder;
}

void RunFolder::publishCheckpoint(std::int64_t step, std::int64_t keep) {
    m_state->requireWrite();
    publishFolder(m_state->unpublished(step), checkpointFolder(step));
    const std::vector<std::int64_t> steps = checkpoints();
    const auto surplus = std::max<std::int64_t>(std::ssize(steps) - std::max<std::int64_t>(keep, 1), 0);
    for (const std::int64_t old : std::vector(steps.begin(), steps.begin() + surplus))
        if (old != step)
            m_state->removeCheckpoint(old);
}

void RunFolder::appendMetrics(const std::vector<MetricRow>& rows) {
    m_state->requireWrite();
    appendMetricsLog(m_state->metricsFile(), rows);
}

std::vector<MetricRow> RunFolder::readMetrics() const {
    return readMetricsLog(m_state->metricsFile());
}

void RunFolder::dropMetricsAfter(std::int64_t step) {
    m_state->requireWrite();
    trimMetricsLog(m_state->metricsFile(), step);
}

fs::path RunFolder::samplesFolder(std::int64_t step) const {
    const fs::path folder = m_state->directory / "samples" / stepName(step);
    makeFolder(folder);
    return folder;
}

fs::path RunFolder::averagesFolder() const {
    const fs::path folder = m_state->directory / "averages";
    makeFolder(folder);
    return folder;
}

fs::path RunFolder::logPath() const {
    return m_state->directory / "events.log";
}

}  // namespace denoscope
