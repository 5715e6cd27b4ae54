// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/EngineThread.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <fstream>
#include <new>
#include <thread>

#include "engine/core/Machine.h"

namespace denoscope {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::int64_t residentBytes() {
    std::ifstream file("/proc/self/statm");
    std::int64_t total = 0, resident = 0;
    file >> total >> resident;
    return resident * sysconf(_SC_PAGESIZE);
}

// LibTorch's messages carry a stack of C++ frames after the first line; the person needs the sentence.
std::string firstLine(const char* text) {
    const std::string whole(text);
    return whole.substr(0, whole.find('\n'));
}

// The exception in flight as something to tell a person.
Error currentError() {
    try {
        throw;
    } catch (const EngineError& error) {
        return error.error();
    } catch (const std::bad_alloc&) {
        return {"memory ran out", "", "make training.micro_batch, data.size or model.width smaller"};
    } catch (const std::exception& error) {
        return {firstLine(error.what()), "", "see the log; the last checkpoint is kept"};
    }
}

}  // namespace

void EngineThread::run() {
    m_log.info(fmt::format("LibTorch {}, {} threads", torchVersion(), std::thread::hardware_concurrency()));
    if (const std::string warning = slowMathWarning(); !warning.empty())
        m_log.warning(warning);
    while (!m_commands.closed()) {
        const auto command = m_state == RunState::Training ? m_commands.tryPop() : m_commands.waitPop();
        if (command)
            handle(*command);
        else if (m_state == RunState::Training)
            trainOnce();
    }
    if (m_state != RunState::Training && m_state != RunState::Paused)
        return;
    try {
        endTraining(Outcome::Stopped);
    } catch (...) {  // no room for the last checkpoint: the one before stays
        failTraining();
    }
}

void EngineThread::handle(const Command& command) {
    const CommandKind kind = kindOf(command);
    if (!allows(m_state, kind)) {
        m_mailbox.publish(
            Failed{kind,
                   {fmt::format("'{}' is not possible while the engine is {}", toText(kind), toText(m_state)),
                    "", ""}});
        return;
    }
    const RunState before = m_state;
    try {
        std::visit([this](const auto& request) { perform(request); }, command);
    } catch (...) {
        fail(kind);
        setState(stateAfterFailure(before));
    }
}

// Where a command that failed leaves the engine.
RunState EngineThread::stateAfterFailure(RunState before) const {
    if (!m_run)
        return RunState::Empty;
    if (m_state == RunState::Stopping || m_state == RunState::Paused)
        return RunState::Paused;  // could not be saved: it waits in memory
    return before == RunState::Training || before == RunState::Paused ? before : RunState::Ready;
}

void EngineThread::perform(const StartTraining& request) {
    setState(RunState::Preparing);
    m_run = ActiveRun::create(request, m_log);  // the run open so far stays open should this fail
    m_mailbox.publish(m_run->description());
    m_log.info("new run in " + request.runDirectory);
    beginTraining(CommandKind::StartTraining);
}

void EngineThread::perform(const OpenRun& request) {
    setState(RunState::Preparing);
    if (m_run && m_run->isIn(request.runDirectory)) {  // its own lock would be in the way
        m_run.reset();
        m_log.detach();
    }
    m_run = ActiveRun::open(request.runDirectory, m_log);  // the run open so far stays open should this fail
    m_mailbox.publish(m_run->description());
    m_log.info(fmt::format("opened the run at step {}", m_run->step()));
    setState(RunState::Ready);
    if (m_run->step() > 0 && m_run->config().training.previewEvery > 0)
        drawPreview();
}

void EngineThread::perform(const ContinueTraining& request) {
    if (request.steps.value_or(m_run->config().training.steps) <= m_run->step())
        throw EngineError(fmt::format("the run is complete at step {}", m_run->step()), "training.steps",
                          "raise the number of steps to continue");
    if (!request.data.empty())
        m_run->moveData(request.data);
    if (request.steps)
        m_run->setSteps(*request.steps);
    setState(RunState::Preparing);
    beginTraining(CommandKind::ContinueTraining);
}

void EngineThread::beginTraining(CommandKind job) {
    m_run->prepareTraining();
    m_memoryBound.emplace();
    m_job = job;
    m_budget = {};
    m_throughput = {};
    setState(RunState::Training);
}

void EngineThread::perform(const Pause&) {
    setState(RunState::Stopping);
    saveCheckpoint();
    m_log.info(fmt::format("paused after step {}", m_run->step()));
    setState(RunState::Paused);
}

void EngineThread::perform(const Stop&) {
    if (m_state == RunState::Training || m_state == RunState::Paused)
        endTraining(Outcome::Stopped);
}

void EngineThread::endTraining(Outcome outcome) {
    setState(RunState::Stopping);
    saveCheckpoint();
    m_log.info(
        fmt::format("{} at step {}", outcome == Outcome::Completed ? "completed" : "stopped", m_run->step()));
    if (m_job)
        m_mailbox.publish(Finished{*m_job, outcome, m_run->step()});
    m_job.reset();
    setState(RunState::Ready);
}

void EngineThread::perform(const Sample& request) {
    m_run->check(request);  // a request that is wrong was no work that failed
    const RunState before = m_state;
    const std::int64_t number = ++m_sampleRequests;
    setState(RunState::Sampling);
    const auto start = Clock::now();
    std::vector<Item> items;
    try {
        items = m_run->sample(request, {[this] { return serviceWhileSampling(); },
                                        [&](DenoisingFrame frame) {
                                            frame.request = number;
                                            m_mailbox.publish(std::move(frame));
                                        },
                                        [&](std::int64_t done, std::int64_t total) {
                                            m_mailbox.publish(SampleProgress{number, done, total});
                                        }});
    } catch (...) {
        fail(CommandKind::Sample);
        setState(before);
        return;
    }
    const bool complete = !items.empty();
    if (complete)
        m_mailbox.publish(SamplesReady{number, request.sampling, std::move(items), secondsSince(start)});
    m_mailbox.publish(
        Finished{CommandKind::Sample, complete ? Outcome::Completed : Outcome::Stopped, m_run->step()});
    setState(before);
}

bool EngineThread::serviceWhileSampling() {
    while (const auto command = m_commands.tryPop()) {
        if (std::holds_alternative<Stop>(*command))
            return false;
        handle(*command);  // refused: the state allows nothing else
    }
    return !m_commands.closed();
}

void EngineThread::perform(const SaveRun&) {
    saveCheckpoint();
}

void EngineThread::perform(const ChangeLive& request) {
    m_run->changeLive(request.config);
    m_log.info("settings changed");
}

void EngineThread::saveCheckpoint() {
    m_mailbox.publish(m_run->saveCheckpoint());
}

void EngineThread::trainOnce() {
    std::optional<MetricRow> row;
    try {
        row = m_run->trainStep([this] { return m_commands.stopPending(); });
    } catch (const Spoiled&) {
        failTraining();
        recover();
        return;
    } catch (...) {  // an item that cannot be read, say: the steps so far were good
        failTraining();
        pauseUnsaved();
        return;
    }
    if (!row)
        return;  // interrupted: the queue holds the reason
    try {
        afterStep(*row);
    } catch (...) {  // a full disk, say: the step was good and stays in memory
        failTraining();
        setState(RunState::Paused);
    }
}

// After a failure that spoiled nothing: paused, and saved where that is possible.
void EngineThread::pauseUnsaved() {
    setState(RunState::Paused);
    try {
        saveCheckpoint();
    } catch (const EngineError& error) {
        m_log.warning("no checkpoint could be written: " + toText(error.error()));
    }
}

void EngineThread::afterStep(const MetricRow& row) {
    m_mailbox.publish(row);
    m_budget.addTraining(row.seconds);
    m_throughput.addStep(row.seconds);
    publishStatus();
    m_run->record(row);
    if (m_run->complete()) {
        endTraining(Outcome::Completed);
        return;
    }
    if (m_run->checkpointDue())
        saveCheckpoint();
    previewIfDue();
}

void EngineThread::previewIfDue() {
    const TrainingConfig& training = m_run->config().training;
    if (!m_budget.allows(m_run->step(), training.previewEvery, training.previewBudget))
        return;
    const auto start = Clock::now();
    if (drawPreview())
        m_budget.addPreview(secondsSince(start));
}

// False when a command, which is more urgent than a preview, cut it short.
bool EngineThread::drawPreview() {
    auto grid = m_run->preview([this] { return m_commands.empty(); });
    if (!grid)
        return false;
    m_mailbox.publish(std::move(*grid));
    return true;
}

void EngineThread::fail(CommandKind kind) {
    const Error error = currentError();
    m_log.write(LogLine::Level::Error, toText(error));
    m_mailbox.publish(Failed{kind, error});
}

void EngineThread::failTraining() {
    fail(m_job.value_or(CommandKind::ContinueTraining));
    m_job.reset();
}

void EngineThread::recover() {
    try {
        m_run->reloadCheckpoint();
        m_log.info(fmt::format("back at the checkpoint of step {}", m_run->step()));
        setState(RunState::Ready);
    } catch (...) {
        fail(CommandKind::OpenRun);
        m_run.reset();
        setState(RunState::Empty);
    }
}

void EngineThread::setState(RunState state) {
    if (state == m_state)
        return;
    m_state = state;
    if (state == RunState::Ready || state == RunState::Paused || state == RunState::Empty)
        m_memoryBound.reset();
    m_mailbox.publish(StateChanged{state});
}

void EngineThread::publishStatus() {
    const TrainingConfig& training = m_run->config().training;
    m_mailbox.publish(TrainStatus{m_run->step(), training.steps,
                                  m_throughput.itemsPerSecond(training.batchSize * training.accumulation),
                                  m_throughput.secondsLeft(training.steps - m_run->step(), m_budget.share()),
                                  m_budget.share(), residentBytes()});
}

}  // namespace denoscope
