// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/cli/Progress.h"
#include "app/cli/Reporter.h"

namespace denoscope {
namespace {

class TextReporter final : public Reporter {
public:
    TextReporter(std::FILE* out, int columns) : m_out(out), m_columns(columns) {}
    ~TextReporter() override { clearBar(); }

    void show(const Drained& drained) override {
        for (const MetricRow& row : drained.metrics) {
            m_loss.add(row.loss);
            m_seconds.add(row.seconds);
        }
        if (drained.latest.status)
            showTraining(*drained.latest.status);
        if (drained.latest.sampling)
            showProgress("sampling", drained.latest.sampling->done, drained.latest.sampling->total, {});
        for (const Event& event : drained.events)
            std::visit([this](const auto& happened) { tell(happened); }, event);
    }

    void wrote(const std::vector<std::string>& paths) override {
        for (const std::string& path : paths)
            line("wrote " + path);
    }

private:
    void tell(const RunOpened& opened) {
        line(fmt::format("run {} at step {} of {}", opened.runDirectory, opened.step,
                         opened.config.training.steps));
    }
    void tell(const CheckpointSaved& saved) {
        line(fmt::format("checkpoint of step {}: {}", saved.step, saved.path));
    }
    void tell(const Finished& finished) {
        const char* outcome = finished.outcome == Outcome::Completed ? "finished" : "stopped";
        line(finished.command == CommandKind::Sample
                 ? fmt::format("sampling {}", outcome)
                 : fmt::format("training {} at step {}", outcome, finished.step));
    }
    void tell(const Failed& failed) { line("error: " + toText(failed.error)); }
    void tell(const DataFailed& failed) { line("error: " + toText(failed.error)); }
    void tell(const LogLine& log) {
        // Errors arrive as Failed as well; the rest of the log stands in the run's events.log.
        if (log.level == LogLine::Level::Warning)
            line("warning: " + log.text);
    }
    template <class Other>
    void tell(const Other&) {}

    void showTraining(const TrainStatus& status) {
        std::string details;
        if (!m_loss.empty())
            details += fmt::format("loss {:.4f}  ", m_loss.value());
        if (!m_seconds.empty() && m_seconds.value() > 0)
            details += fmt::format("{:.2f} it/s  ", 1 / m_seconds.value());
        details += "ETA " + durationText(status.secondsLeft);
        showProgress("training", status.step, status.steps, details);
    }

    void showProgress(const std::string& title, std::int64_t done, std::int64_t total,
                      const std::string& details) {
        if (m_columns > 0) {
            // One column stays free: a terminal wraps when its last one is written.
            fmt::print(m_out, "\r{}\x1b[K", progressLine(title, done, total, details, m_columns - 1));
            std::fflush(m_out);
            m_barShown = true;
            return;
        }
        const std::int64_t twentieth = total > 0 ? done * 20 / total : 0;
        if (title == m_lastTitle && twentieth == m_lastTwentieth)
            return;
        m_lastTitle = title;
        m_lastTwentieth = twentieth;
        line(fmt::format("{} {}/{}  {}", title, done, total, details));
    }

    void line(const std::string& text) {
        clearBar();
        fmt::print(m_out, "{}\n", text);
        std::fflush(m_out);
    }

    void clearBar() {
        if (m_barShown)
            std::fputs("\r\x1b[K", m_out);
        m_barShown = false;
    }

    std::FILE* m_out;
    int m_columns;
    bool m_barShown = false;
    std::string m_lastTitle;
    std::int64_t m_lastTwentieth = -1;
    Smoothed m_loss{0.98}, m_seconds{0.9};
};

}  // namespace

std::unique_ptr<Reporter> makeTextReporter(std::FILE* out, int columns) {
    return std::make_unique<TextReporter>(out, columns);
}

void printError(const Error& error) {
    fmt::print(stderr, "error: {}\n", toText(error));
}

int terminalColumns(std::FILE* stream) {
    const int descriptor = ::fileno(stream);
    if (descriptor < 0 || !::isatty(descriptor))
        return 0;
    winsize size{};
    return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace denoscope
