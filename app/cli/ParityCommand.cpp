// SPDX-License-Identifier: GPL-3.0-or-later
// parity: the engine against numbers of the Python package.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "app/cli/Commands.h"
#include "engine/api/Error.h"
#include "engine/parity/Parity.h"

namespace denoscope {
namespace {

// Prints as it goes and counts.
class Report {
public:
    explicit Report(bool json) : m_json(json) {}

    void skip(const std::string& file, const char* reason) {
        if (m_json)
            fmt::print(
                "{}\n",
                nlohmann::ordered_json{{"event", "skipped"}, {"file", file}, {"reason", reason}}.dump());
        else
            fmt::print("{}: {}, passed over\n", file, reason);
    }

    void add(const std::string& file, const Comparison& comparison) {
        count(comparison.ok());
        if (m_json) {
            nlohmann::ordered_json line{{"event", "compared"}, {"file", file}, {"output", comparison.output}};
            line["error"] = comparison.error;  // infinity becomes null
            line["tolerance"] = comparison.tolerance;
            line["ok"] = comparison.ok();
            fmt::print("{}\n", line.dump());
        } else {
            fmt::print("  {:<44} {:9.2e}  of {:.0e}  {}\n", comparison.output, comparison.error,
                       comparison.tolerance, comparison.ok() ? "ok" : "FAIL");
        }
    }

    void refuse(const std::string& file, const Error& error) {
        count(false);
        if (m_json)
            fmt::print("{}\n",
                       nlohmann::ordered_json{{"event", "refused"}, {"file", file}, {"error", toText(error)}}
                           .dump());
        else
            fmt::print("  FAIL: {}\n", toText(error));
    }

    ExitCode finish() const {
        if (m_passed + m_failed == 0)
            throw EngineError(
                "there is no reference case among the files", "parity",
                "give .safetensors cases, or trainers' .pt with their expectations beside them");
        if (m_json)
            fmt::print(
                "{}\n",
                nlohmann::ordered_json{{"event", "finished"}, {"passed", m_passed}, {"failed", m_failed}}
                    .dump());
        else
            fmt::print("{} passed, {} failed\n", m_passed, m_failed);
        return m_failed == 0 ? ExitCode::succeeded : ExitCode::failedWorking;
    }

private:
    void count(bool ok) { ++(ok ? m_passed : m_failed); }

    bool m_json;
    int m_passed = 0, m_failed = 0;
};

}  // namespace

ExitCode parity(const std::vector<std::string>& files, bool json) {
    Report report(json);
    std::set<std::filesystem::path> checked;
    for (const std::string& file : files) {
        if (std::filesystem::exists(file) && !looksLikeReference(file)) {
            report.skip(file, "no case");
            continue;
        }
        if (!checked.insert(std::filesystem::weakly_canonical(caseOf(file))).second) {
            report.skip(file, "checked already");
            continue;
        }
        if (!json)
            fmt::print("{}\n", file);
        try {
            for (const Comparison& comparison : checkReference(file))
                report.add(file, comparison);
        } catch (const EngineError& error) {
            report.refuse(file, error.error());
        }
    }
    return report.finish();
}

}  // namespace denoscope
