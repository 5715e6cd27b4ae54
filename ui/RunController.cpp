// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/RunController.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>

namespace denoscope {

RunController::RunController(RunModel& model, Preferences& preferences, RunsFolder runs, QObject* parent)
    : QObject(parent), m_model(model), m_preferences(preferences), m_runs(std::move(runs)) {
    connect(&model, &RunModel::dataChanged, this, &RunController::onDataChanged);
    // Only what could be opened is worth offering again.
    connect(&model.client(), &EngineClient::dataOpened, this, [this](const DataOpened& opened) {
        if (!opened.data.source.empty())
            m_preferences.addRecentData(QString::fromStdString(opened.data.source));
    });
    connect(&model.client(), &EngineClient::runOpened, this, [this](const RunOpened& opened) {
        m_preferences.addRecentRun(QString::fromStdString(opened.runDirectory));
        suggestTarget(opened.step);
    });
    connect(&model.client(), &EngineClient::finished, this, [this](const Finished& finished) {
        if (finished.command != CommandKind::Sample)
            suggestTarget(finished.step);
    });
}

void RunController::setRunsRoot(const QString& root) {
    m_runs = RunsFolder(root);
    m_preferences.setRunsRoot(root);
    Q_EMIT runsRootChanged();
}

bool RunController::permitted(CommandKind command) {
    const QString obstacle = m_model.obstacle(command);
    if (!obstacle.isEmpty())
        m_model.report(LogLine::Level::Warning, {obstacle.toStdString(), toText(command), ""});
    return obstacle.isEmpty();
}

void RunController::openData(const QString& source) {
    if (!permitted(CommandKind::OpenData))
        return;
    DataConfig data;
    data.source = source.startsWith("demo:") ? source.toStdString()
                                             : QFileInfo(source).absoluteFilePath().toStdString();
    m_previewSeed = 0;
    m_model.expectData(true);
    m_model.client().send(OpenData{data, 0});
}

void RunController::choosePart(const std::string& part) {
    DataConfig data = m_model.openedData().value_or(DataConfig{});
    data.part = part;
    openAnew(data);
}

void RunController::takeAs(TakeAs as) {
    DataConfig data = m_model.openedData().value_or(DataConfig{});
    data.as = as;
    openAnew(data);
}

void RunController::openAnew(const DataConfig& wanted) {
    if (!m_model.openedData() || !permitted(CommandKind::OpenData))
        return;
    DataConfig data;  // size, fit and window are of what is open now
    data.source = wanted.source;
    data.part = wanted.part;
    data.sampleRate = wanted.sampleRate;
    data.as = wanted.as;
    m_previewSeed = 0;
    m_model.expectData(true);
    m_model.client().send(OpenData{data, 0});
}

void RunController::openDropped(const QString& path) {
    if (QFileInfo::exists(QDir(path).filePath("run.json")))
        openRun(path);
    else
        openData(path);
}

void RunController::reopenData() {
    if (m_model.config().data.source.empty() || !m_model.facts() || !permitted(CommandKind::OpenData))
        return;
    m_model.expectData(false);
    m_model.client().send(OpenData{m_model.config().data, m_previewSeed});
}

void RunController::showOtherItems() {
    ++m_previewSeed;
    reopenData();
}

void RunController::openRun(const QString& directory) {
    if (permitted(CommandKind::OpenRun))
        m_model.client().send(OpenRun{QFileInfo(directory).absoluteFilePath().toStdString()});
}

void RunController::choosePreset(const Preset& preset) {
    if (!m_model.facts())
        return;
    const RunConfig made = preset.make(*m_model.facts());
    const RunConfig& now = m_model.config();
    RunConfig config = made;
    config.data = now.data;
    if (std::ranges::any_of(validate(config, *m_model.facts()), [](const Problem& problem) {
            return problem.key == "data.size" || problem.key.starts_with("model.");
        })) {
        config.data.size = made.data.size;
        config.data.fit = made.data.fit;
    }
    if (made.model.family != now.model.family)
        config.data.useLabels = made.data.useLabels;
    if (made.noise.process == now.noise.process) {
        config.sampling = now.sampling;
    } else {
        config.sampling.count = now.sampling.count;
        config.sampling.seed = now.sampling.seed;
        config.sampling.label = now.sampling.label;
        config.sampling.guidance = now.sampling.guidance;
    }
    if (!config.data.useLabels)
        config.sampling.label = -1;
    m_model.startFrom(config);
}

void RunController::train() {
    if (!permitted(CommandKind::StartTraining))
        return;
    const QString directory = m_runs.nextDirectory(*m_model.facts(), QDate::currentDate());
    m_model.client().send(StartTraining{m_model.config(), directory.toStdString()});
}

void RunController::trainWhenOpened(std::optional<std::int64_t> steps) {
    m_trainWhenOpened = true;
    m_stepsWhenOpened = steps;
}

void RunController::onDataChanged() {
    if (m_model.openingData() || !m_trainWhenOpened)
        return;
    m_trainWhenOpened = false;
    if (!m_model.facts())
        return;  // could not be opened: that was reported
    choosePreset(presets().front());
    if (m_stepsWhenOpened) {
        RunConfig config = m_model.config();
        config.training.steps = *m_stepsWhenOpened;
        m_model.setConfig(config);
    }
    train();
}

void RunController::continueTraining() {
    if (!permitted(CommandKind::ContinueTraining))
        return;
    const bool further = m_target > m_model.step();
    m_model.client().send(ContinueTraining{further ? std::optional(m_target) : std::nullopt});
    if (further)
        m_model.planSteps(m_target);
}

void RunController::pause() {
    if (permitted(CommandKind::Pause))
        m_model.client().send(Pause{});
}

void RunController::stop() {
    if (permitted(CommandKind::Stop))
        m_model.client().send(Stop{});
}

void RunController::sample() {
    if (permitted(CommandKind::Sample))
        m_model.client().send(Sample{m_model.config().sampling});
}

void RunController::save() {
    if (permitted(CommandKind::SaveRun))
        m_model.client().send(SaveRun{});
}

void RunController::suggestTarget(std::int64_t step) {
    const std::int64_t planned = m_model.runConfig().training.steps;
    m_target = planned > step ? planned : step + std::max<std::int64_t>(100, planned);
    Q_EMIT targetChanged();
}

}  // namespace denoscope
