// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/MetricsLog.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "engine/api/Error.h"
#include "engine/core/Files.h"

namespace denoscope {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* microBatchName = "micro_batch";

template <class Row, class Visit>
void visitNumbers(Row& row, const Visit& visit) {
    visit("loss", row.loss);
    visit("learning_rate", row.learningRate);
    visit("gradient_norm", row.gradientNorm);
    visit("seconds", row.seconds);
    visit("waited_for_data", row.waitedForData);
}

// JSON has no NaN: it is written as null and read back from there.
std::string lineOf(const MetricRow& row) {
    nlohmann::ordered_json line{{"step", row.step}};
    visitNumbers(row, [&](const char* name, double value) { line[name] = value; });
    if (row.microBatch > 0)
        line[microBatchName] = row.microBatch;
    return line.dump() + "\n";
}

std::optional<MetricRow> rowOf(const std::string& text) {
    const json line = json::parse(text, nullptr, false);
    if (!line.is_object() || !line.contains("step") || !line["step"].is_number_integer())
        return std::nullopt;
    MetricRow row;
    row.step = line["step"].get<std::int64_t>();
    visitNumbers(row, [&](const char* name, double& value) {
        const auto found = line.find(name);
        value = found != line.end() && found->is_number() ? found->get<double>()
                                                          : std::numeric_limits<double>::quiet_NaN();
    });
    if (const auto pieces = line.find(microBatchName); pieces != line.end() && pieces->is_number_integer())
        row.microBatch = pieces->get<std::int64_t>();
    return row;
}

std::ifstream openLog(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream && fs::exists(path))
        throw EngineError("cannot be read", path.string(), "check your rights to it");
    return stream;
}

// Calls visit(line) for every line that ends with a line feed; says whether a torn one follows.
template <class Visit>
bool forEachLine(const fs::path& path, const Visit& visit) {
    std::ifstream stream = openLog(path);
    std::string line;
    while (std::getline(stream, line)) {
        if (stream.eof())
            return true;
        visit(line);
    }
    return false;
}

class AppendFile {
public:
    explicit AppendFile(const fs::path& path)
        : m_path(path), m_descriptor(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644)) {
        struct stat status {};
        if (m_descriptor < 0 || ::fstat(m_descriptor, &status) != 0)
            fail();
        m_size = status.st_size;
    }
    ~AppendFile() {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    AppendFile(const AppendFile&) = delete;
    AppendFile& operator=(const AppendFile&) = delete;

    void append(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written <= 0)
                fail();
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
    }

private:
    [[noreturn]] void fail() {
        const std::string reason = std::generic_category().message(errno);
        if (m_descriptor >= 0) {
            // Half a row would spoil the next one.
            [[maybe_unused]] const int restored = ::ftruncate(m_descriptor, m_size);
            ::close(std::exchange(m_descriptor, -1));
        }
        throw EngineError("cannot be written: " + reason, m_path.string(),
                          "free some space or check your rights to it");
    }

    fs::path m_path;
    int m_descriptor;
    off_t m_size = 0;
};

}  // namespace

std::vector<MetricRow> readMetricsLog(const fs::path& path) {
    std::map<std::int64_t, MetricRow> byStep;
    forEachLine(path, [&](const std::string& line) {
        if (const auto row = rowOf(line))
            byStep[row->step] = *row;
    });
    std::vector<MetricRow> rows;
    rows.reserve(byStep.size());
    for (const auto& [step, row] : byStep)
        rows.push_back(row);
    return rows;
}

void trimMetricsLog(const fs::path& path, std::int64_t step) {
    std::string kept;
    bool dropped = false;
    const bool torn = forEachLine(path, [&](const std::string& line) {
        const auto row = rowOf(line);
        if (row && row->step > step)
            dropped = true;
        else
            kept += line + "\n";
    });
    if (dropped || torn)
        writeFileAtomically(path, kept);
}

void appendMetricsLog(const fs::path& path, const std::vector<MetricRow>& rows) {
    std::string lines;
    for (const MetricRow& row : rows)
        lines += lineOf(row);
    AppendFile(path).append(lines);
}

}  // namespace denoscope
