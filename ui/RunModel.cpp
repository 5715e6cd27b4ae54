// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/RunModel.h"

#include <utility>

#include "engine/api/OwnWindow.h"
#include "ui/ItemPictures.h"

namespace denoscope {

namespace {

constexpr std::size_t maxPreviews = 128;

// Every second one goes, the first and the last stay: the history keeps its span at half the density.
void thin(std::vector<PreviewGrid>& previews) {
    std::vector<PreviewGrid> kept;
    for (std::size_t i = 0; i < previews.size(); ++i)
        if (i % 2 == 0 || i + 1 == previews.size())
            kept.push_back(std::move(previews[i]));
    previews = std::move(kept);
}

// With the label that the form shows instead of the key, and the form to look for it in.
QString sentenceOf(const Problem& problem) {
    const Setting* setting = findSetting(problem.key);
    Error error = problem.error;
    if (setting != nullptr) {
        error.where = setting->label;
        for (const SettingGroup& group : settingGroups())
            if (group.key == setting->group())
                error.where =
                    RunModel::tr("%1 › %2")
                        .arg(QString::fromStdString(group.title), QString::fromStdString(setting->label))
                        .toStdString();
    }
    return QString::fromStdString(toText(error));
}

using Windows = std::vector<WindowLevel>;

// A run's settings hold the window of training's own choice as well.
ChosenRange chosenIn(const DataConfig& config, const std::optional<DataFacts>& facts) {
    const ValueRange range(config.low, config.high);
    return config.low < config.high && (!facts || range != ownWindow(*facts)) ? std::optional(range)
                                                                              : std::nullopt;
}

ValueRange rangeOf(const DataConfig& config, const std::optional<DataFacts>& facts) {
    return chosenIn(config, facts).value_or(facts ? ownWindow(*facts) : ValueRange(0, 1));
}

ValueRange drawnIn(const Windows& windows, const DataConfig& config, const std::optional<DataFacts>& facts) {
    if (windows.empty() || chosenIn(config, facts))
        return rangeOf(config, facts);
    return {windows.front().low(), windows.front().high()};
}

Windows ofSeveral(const Windows& windows, const DataConfig& config, const std::optional<DataFacts>& facts) {
    return windows.size() > 1 && !chosenIn(config, facts) ? windows : Windows();
}

}  // namespace

RunModel::RunModel(EngineClient& client, QObject* parent) : QObject(parent), m_client(client) {
    connect(&client, &EngineClient::stateChanged, this, [this] {
        if (state() != RunState::Sampling)
            m_sampling.reset();
        sendLiveChanges();
        Q_EMIT stateChanged();
    });
    connect(&client, &EngineClient::dataOpened, this, &RunModel::onDataOpened);
    connect(&client, &EngineClient::dataFailed, this, &RunModel::onDataFailed);
    connect(&client, &EngineClient::runOpened, this, &RunModel::onRunOpened);
    connect(&client, &EngineClient::metricsArrived, this, &RunModel::onMetrics);
    connect(&client, &EngineClient::previewArrived, this, &RunModel::onPreview);
    connect(&client, &EngineClient::frameArrived, this, &RunModel::onFrame);
    connect(&client, &EngineClient::samplesReady, this, &RunModel::onSamples);
    connect(&client, &EngineClient::finished, this, &RunModel::finished);
    connect(&client, &EngineClient::statusArrived, this, [this](const TrainStatus& status) {
        m_status = status;
        Q_EMIT statusChanged();
    });
    connect(&client, &EngineClient::samplingAdvanced, this, [this](const SampleProgress& progress) {
        if (state() != RunState::Sampling)
            return;  // the last word on a sampling that is over
        m_sampling = progress;
        Q_EMIT statusChanged();
    });
    connect(&client, &EngineClient::checkpointSaved, this, [this](const CheckpointSaved& saved) {
        Q_EMIT logged(
            LogLine::Level::Info,
            tr("Checkpoint of step %1 saved: %2").arg(saved.step).arg(QString::fromStdString(saved.path)));
    });
    connect(&client, &EngineClient::logged, this,
            [this](const LogLine& line) { Q_EMIT logged(line.level, QString::fromStdString(line.text)); });
    connect(&client, &EngineClient::failed, this,
            [this](const Failed& failed) { report(LogLine::Level::Error, failed.error); });
    assess();
}

QString RunModel::obstacle(CommandKind command) const {
    if (!allows(state(), command))
        return state() == RunState::Empty ? tr("No run is open")
                                          : tr("Not possible while %1").arg(toText(state()));
    if (command != CommandKind::StartTraining && command != CommandKind::Sample)
        return {};
    const bool training = command == CommandKind::StartTraining;
    if (training && !m_facts)
        return m_openingData ? tr("The data is being opened") : tr("Choose data first");
    for (const Problem& problem : m_problems)
        if (training || problem.key.starts_with("sampling."))
            return sentenceOf(problem);
    if (training && m_cost.refusal)
        return QString::fromStdString(toText(*m_cost.refusal));
    return {};
}

std::pair<double, double> RunModel::displayRange() const {
    return rangeOf(m_config.data, m_facts);
}

std::optional<std::pair<double, double>> RunModel::chosenRange() const {
    return chosenIn(m_config.data, m_facts);
}

std::pair<double, double> RunModel::drawnRange() const {
    return drawnIn(m_dataWindows, m_config.data, m_facts);
}

std::vector<WindowLevel> RunModel::drawnWindows() const {
    return ofSeveral(m_dataWindows, m_config.data, m_facts);
}

std::pair<double, double> RunModel::runDisplayRange() const {
    return m_runFacts ? rangeOf(m_runConfig.data, m_runFacts) : displayRange();
}

std::pair<double, double> RunModel::runDrawnRange() const {
    return m_runFacts ? drawnIn(m_runWindows, m_runConfig.data, m_runFacts) : drawnRange();
}

std::vector<WindowLevel> RunModel::runDrawnWindows() const {
    return m_runFacts ? ofSeveral(m_runWindows, m_runConfig.data, m_runFacts) : drawnWindows();
}

void RunModel::expectData(bool adopt) {
    m_openingData = true;
    m_adoptData = adopt;
    Q_EMIT dataChanged();
}

void RunModel::startFrom(const RunConfig& config) {
    m_defaults = config;
    setConfig(config);
}

void RunModel::setConfig(const RunConfig& config) {
    m_config = config;
    m_inputProblems.clear();
    m_liveEdits.clear();
    assess();
    Q_EMIT configChanged();
}

void RunModel::setValue(const Setting& setting, const SettingValue& value) {
    setting.set(m_config, value);
    m_inputProblems.erase(setting.key);
    if (setting.applies == Applies::Live)
        m_liveEdits.insert(&setting);
    assess();
    Q_EMIT configChanged();
}

void RunModel::setInputProblem(const std::string& key, const Error& error) {
    m_inputProblems[key] = error;
    assess();
    Q_EMIT configChanged();
}

void RunModel::planSteps(std::int64_t steps) {
    if (m_config.training.steps == m_runConfig.training.steps)
        m_config.training.steps = steps;
    m_runConfig.training.steps = steps;
    assess();
    Q_EMIT configChanged();
}

void RunModel::followPieces(std::int64_t microBatch) {
    if (microBatch == 0 || microBatch == m_runConfig.training.microBatch)
        return;
    if (m_config.training.microBatch == m_runConfig.training.microBatch)
        m_config.training.microBatch = microBatch;
    m_runConfig.training.microBatch = microBatch;
    assess();
    Q_EMIT configChanged();
}

void RunModel::commit() {
    m_liveCommitted = true;
    sendLiveChanges();
}

void RunModel::sendLiveChanges() {
    if (!m_liveCommitted || !hasRun() || !m_client.canSend(CommandKind::ChangeLive) || !m_problems.empty())
        return;
    m_liveCommitted = false;
    // Only what was edited goes to the run: the other fields may describe a run that is yet to start.
    RunConfig changed = m_runConfig;
    for (const Setting* setting : std::exchange(m_liveEdits, {}))
        setting->set(changed, setting->get(m_config));
    if (changed == m_runConfig)
        return;
    m_runConfig = changed;
    m_client.send(ChangeLive{changed});
}

void RunModel::assess() {
    m_problems.clear();
    for (const auto& [key, error] : m_inputProblems)
        m_problems.push_back({key, error});
    for (Problem& problem : m_facts ? validate(m_config, *m_facts) : validate(m_config))
        if (!m_inputProblems.contains(problem.key))
            m_problems.push_back(std::move(problem));
    m_cost = m_facts && m_problems.empty() ? costOf(m_config, *m_facts) : Cost{};
    Q_EMIT assessed();
}

void RunModel::report(LogLine::Level level, const Error& error) {
    // What happened comes first: a long path before it would leave nothing else to see in a narrow log.
    QStringList parts;
    for (const std::string& part : {error.what, error.where, error.remedy})
        if (!part.empty())
            parts << QString::fromStdString(part);
    Q_EMIT logged(level, parts.join(QStringLiteral(" — ")));
    Q_EMIT reported(level, error);
}

void RunModel::onDataOpened(const DataOpened& opened) {
    const bool adopt = std::exchange(m_adoptData, false);
    m_openingData = false;
    m_facts = opened.facts;
    m_dataPreview = opened.preview;
    m_dataPreviewIndices = opened.previewIndices;
    m_openedData = opened.data;
    m_dataWindows = m_dataPreview.empty() ? Windows() : channelWindows(m_dataPreview.front(), opened.facts);
    adoptWindows();
    ++m_openings;
    if (adopt) {
        startFrom(opened.recommended);
    } else {
        m_defaults = opened.recommended;
        assess();
    }
    Q_EMIT dataChanged();
    Q_EMIT logged(LogLine::Level::Info, tr("Opened %1: %2, items: %3")
                                            .arg(QString::fromStdString(opened.facts.source),
                                                 QString::fromStdString(opened.facts.format))
                                            .arg(opened.facts.count));
}

void RunModel::adoptWindows() {
    if (m_runFacts && m_openedData && opensTheSame(m_runConfig.data, *m_openedData))
        m_runWindows = m_dataWindows;
}

void RunModel::onDataFailed(const DataFailed& failed) {
    m_openingData = false;
    Q_EMIT dataChanged();
    report(LogLine::Level::Error, failed.error);
}

void RunModel::onRunOpened(const RunOpened& opened) {
    const bool otherData = !m_facts || !m_openedData || !opensTheSame(opened.config.data, *m_openedData);
    m_runDirectory = QString::fromStdString(opened.runDirectory);
    m_runConfig = opened.config;
    m_step = opened.step;
    m_history = opened.history;
    m_previews.clear();
    m_frames.clear();
    m_samples.reset();
    m_status.reset();
    m_facts = m_runFacts = opened.facts;
    if (otherData) {
        m_dataPreview.clear();
        m_dataPreviewIndices.clear();
        m_openedData.reset();
        m_dataWindows.clear();
        ++m_openings;
    }
    m_runWindows.clear();
    adoptWindows();
    setConfig(opened.config);
    Q_EMIT runChanged();
    Q_EMIT dataChanged();
    Q_EMIT historyReplaced();
    Q_EMIT previewsChanged();
    Q_EMIT framesChanged();
    Q_EMIT statusChanged();
    const bool hasData = !opened.config.data.source.empty();  // imported weights may come without
    if (otherData && hasData && m_client.canSend(CommandKind::OpenData)) {
        expectData(false);
        m_client.send(OpenData{opened.config.data, 0});
    }
}

void RunModel::onMetrics(const std::vector<MetricRow>& rows) {
    bool rewound = false;
    for (const MetricRow& row : rows) {
        // Training that went on from an earlier checkpoint repeats steps: the later word counts.
        for (; !m_history.empty() && m_history.back().step >= row.step; rewound = true)
            m_history.pop_back();
        m_history.push_back(row);
    }
    if (rows.empty())
        return;
    m_step = m_history.back().step;
    followPieces(rows.back().microBatch);
    if (rewound)
        Q_EMIT historyReplaced();
    else
        Q_EMIT metricsAdded(rows);
    Q_EMIT stepChanged();
}

void RunModel::onPreview(const PreviewGrid& preview) {
    if (m_previews.size() >= maxPreviews)
        thin(m_previews);
    if (!m_previews.empty() && m_previews.back().step == preview.step)
        m_previews.back() = preview;
    else
        m_previews.push_back(preview);
    Q_EMIT previewsChanged();
}

void RunModel::onFrame(const DenoisingFrame& frame) {
    if (m_frames.empty() || m_frames.back().request != frame.request) {
        m_frames.clear();
        m_samples.reset();
    }
    m_frames.push_back(frame);
    Q_EMIT framesChanged();
}

void RunModel::onSamples(const SamplesReady& samples) {
    m_samples = samples;
    Q_EMIT framesChanged();
    Q_EMIT logged(LogLine::Level::Info,
                  tr("Samples drawn: %1 in %2 s").arg(samples.items.size()).arg(samples.seconds, 0, 'f', 1));
}

}  // namespace denoscope
