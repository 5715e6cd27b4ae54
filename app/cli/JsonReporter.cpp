// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "app/cli/Reporter.h"

namespace denoscope {
namespace {

using nlohmann::ordered_json;

void write(const ordered_json& object, std::FILE* out) {
    const std::string line = object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
    std::fwrite(line.data(), 1, line.size(), out);
}

class JsonReporter final : public Reporter {
public:
    explicit JsonReporter(std::FILE* out) : m_out(out) {}

    void show(const Drained& drained) override {
        for (const MetricRow& row : drained.metrics) {
            ordered_json line{{"event", "step"},
                              {"step", row.step},
                              {"loss", row.loss},
                              {"learning_rate", row.learningRate},
                              {"gradient_norm", row.gradientNorm},
                              {"seconds", row.seconds},
                              {"waited_for_data", row.waitedForData}};
            if (row.microBatch > 0)
                line["micro_batch"] = row.microBatch;
            write(line);
        }
        if (const auto& status = drained.latest.status)
            write({{"event", "status"},
                   {"step", status->step},
                   {"steps", status->steps},
                   {"items_per_second", status->itemsPerSecond},
                   {"seconds_left",
                    status->secondsLeft < 0 ? ordered_json() : ordered_json(status->secondsLeft)},
                   {"memory_bytes", status->memoryBytes}});
        if (const auto& sampling = drained.latest.sampling)
            write({{"event", "sampling"}, {"done", sampling->done}, {"total", sampling->total}});
        for (const Event& event : drained.events)
            std::visit([this](const auto& happened) { tell(happened); }, event);
        std::fflush(m_out);
    }

    void wrote(const std::vector<std::string>& paths) override {
        write({{"event", "samples"}, {"paths", paths}});
        std::fflush(m_out);
    }

    bool heard() const override { return std::ferror(m_out) == 0; }

private:
    void tell(const RunOpened& opened) {
        write({{"event", "opened"},
               {"run", opened.runDirectory},
               {"step", opened.step},
               {"steps", opened.config.training.steps}});
    }
    void tell(const CheckpointSaved& saved) {
        write({{"event", "checkpoint"}, {"step", saved.step}, {"path", saved.path}});
    }
    void tell(const Finished& finished) {
        write({{"event", "finished"},
               {"command", toText(finished.command)},
               {"outcome", finished.outcome == Outcome::Completed ? "completed" : "stopped"},
               {"step", finished.step}});
    }
    void tell(const Failed& failed) { tellError(failed.error); }
    void tell(const DataFailed& failed) { tellError(failed.error); }
    void tell(const LogLine& log) {
        constexpr const char* levels[] = {"info", "warning", "error"};
        write({{"event", "log"}, {"level", levels[static_cast<int>(log.level)]}, {"text", log.text}});
    }
    template <class Other>
    void tell(const Other&) {}

    void tellError(const Error& error) {
        printFailed(error, m_out);
        printError(error);
    }

    void write(const ordered_json& object) { denoscope::write(object, m_out); }

    std::FILE* m_out;
};

}  // namespace

void printFailed(const Error& error, std::FILE* out) {
    write({{"event", "failed"}, {"what", error.what}, {"where", error.where}, {"remedy", error.remedy}}, out);
    std::fflush(out);
}

std::unique_ptr<Reporter> makeJsonReporter(std::FILE* out) {
    return std::make_unique<JsonReporter>(out);
}

}  // namespace denoscope
