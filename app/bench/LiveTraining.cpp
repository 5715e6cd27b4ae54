// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/LiveTraining.h"

#include <ctime>

#include <QDockWidget>
#include <chrono>
#include <optional>

#include "app/cli/Conversation.h"
#include "ui/Workspace.h"

namespace denoscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t warmSteps = 3;

double threadSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Collects the rows of one training and looks at the clocks when it begins and ends.
class Collector {
public:
    explicit Collector(std::int64_t before) : m_warm(before + warmSteps) {}

    void take(RunState state) {
        if (state != RunState::Training)
            return;
        m_start = Clock::now();
        m_thread = threadSeconds();
    }
    void take(const std::vector<MetricRow>& rows) {
        for (const MetricRow& row : rows)
            if (row.step > m_warm)
                m_result.steps.push_back(row.seconds);
    }
    Stretch result() {
        m_result.whole = std::chrono::duration<double>(Clock::now() - m_start).count();
        m_result.thread = (threadSeconds() - m_thread) / m_result.whole;
        return std::move(m_result);
    }

private:
    std::int64_t m_warm;
    Clock::time_point m_start = Clock::now();
    double m_thread = 0;
    Stretch m_result;
};

class QuietReporter : public Reporter {
public:
    void show(const Drained& drained) override {
        for (const Event& event : drained.events)
            if (const auto* failed = std::get_if<Failed>(&event))
                failure = failed->error;
            else if (const auto* changed = std::get_if<StateChanged>(&event); changed && collector)
                collector->take(changed->state);
        if (collector)
            collector->take(drained.metrics);
    }
    void wrote(const std::vector<std::string>&) override {}

    std::optional<Collector> collector;
    std::optional<Error> failure;
};

}  // namespace

Stretch trainWithoutWindow(EnginePort& engine, const std::string& run, std::int64_t steps) {
    QuietReporter reporter;
    Conversation conversation(engine, reporter);
    const std::optional<RunOpened> opened = conversation.open(run);
    if (opened) {
        reporter.collector.emplace(opened->step);
        conversation.perform(ContinueTraining{opened->step + steps});
    }
    if (reporter.failure)
        throw EngineError(*reporter.failure);
    return reporter.collector.value().result();
}

LiveTraining::LiveTraining(LateEngine& engine, QSettings& settings, const ThemeChoice& theme,
                           const QString& runsRoot)
    : m_window({engine, settings, theme, {}, runsRoot, {}}) {}

void LiveTraining::show(Views views) {
    Workspace& workspace = m_window.workspace();
    for (QDockWidget* panel : workspace.docks())
        workspace.removeDockWidget(panel);
    const auto put = [&](const QString& key, const QString& beside, Qt::Orientation side) {
        if (beside.isEmpty())
            workspace.addDockWidget(Qt::LeftDockWidgetArea, workspace.dock(key));
        else
            workspace.splitDockWidget(workspace.dock(beside), workspace.dock(key), side);
        workspace.dock(key)->show();
    };
    if (views == Views::CurvesOnly) {
        put("training", {}, Qt::Horizontal);
    } else {
        const bool scrubbed = views == Views::Scrubbed;
        const QString first = scrubbed ? "viewer" : "samples";
        put(first, {}, Qt::Horizontal);
        put("training", first, Qt::Horizontal);
        put("denoising", first, Qt::Vertical);
        put("log", "training", Qt::Vertical);
    }
    workspace.restoreLayout(workspace.layoutState());  // as if arranged by hand: stays like this
    m_window.show();
    QApplication::processEvents();
    if (views == Views::Hidden)
        m_window.hide();
}

template <typename Signal>
void LiveTraining::waitFor(Signal signal) {
    EngineClient& client = m_window.client();
    std::optional<Error> failure;
    QEventLoop loop;
    QObject::connect(&client, signal, &loop, &QEventLoop::quit);
    const auto fail = [&](const auto& failed) {
        failure = failed.error;
        loop.quit();
    };
    QObject::connect(&client, &EngineClient::failed, &loop, fail);
    QObject::connect(&client, &EngineClient::dataFailed, &loop, fail);
    loop.exec();
    if (failure)
        throw EngineError(*failure);
}

void LiveTraining::openData(const QString& source) {
    m_window.controller().openData(source);
    waitFor(&EngineClient::dataOpened);
}

std::string LiveTraining::begin(const RunConfig& config) {
    m_window.model().setConfig(config);
    m_window.controller().train();
    waitFor(&EngineClient::finished);
    return m_window.model().runDirectory().toStdString();
}

void LiveTraining::openRun(const std::string& run) {
    m_window.client().send(OpenRun{run});
    waitFor(&EngineClient::runOpened);
    if (m_window.model().openingData())
        waitFor(&EngineClient::dataOpened);
}

void LiveTraining::sample(std::int64_t steps) {
    SamplingConfig sampling = m_window.model().config().sampling;
    sampling.steps = steps;
    m_window.client().send(Sample{sampling});
    waitFor(&EngineClient::finished);
}

Stretch LiveTraining::train(std::int64_t steps) {
    EngineClient& client = m_window.client();
    const std::int64_t before = m_window.model().step();
    Collector collector(before);
    QObject end;
    QObject::connect(&client, &EngineClient::stateChanged, &end,
                     [&](RunState state) { collector.take(state); });
    QObject::connect(&client, &EngineClient::metricsArrived, &end,
                     [&](const std::vector<MetricRow>& rows) { collector.take(rows); });
    std::optional<Stretch> result;
    QObject::connect(&client, &EngineClient::finished, &end, [&] { result = collector.result(); });
    client.send(ContinueTraining{before + steps});
    waitFor(&EngineClient::finished);
    return *result;
}

}  // namespace denoscope
