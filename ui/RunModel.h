// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/api/Settings.h"
#include "ui/Cost.h"
#include "ui/EngineClient.h"
#include "widgets/WindowLevel.h"

namespace denoscope {

// Everything the panels show, without a widget in it: the open data, the settings being edited and what is
// wrong with them, the open run with its curve and previews, and the frames of the last sampling. Follows an
// EngineClient; lives in the UI thread. Large things are shared, not copied (Item holds its array by
// pointer).
class RunModel : public QObject {
    Q_OBJECT

public:
    explicit RunModel(EngineClient& client, QObject* parent = nullptr);

    RunState state() const { return m_client.state(); }
    // Why the command cannot be given now, in one sentence for tooltips; empty when it can.
    QString obstacle(CommandKind command) const;

    // ---- data
    const std::optional<DataFacts>& facts() const { return m_facts; }
    const std::vector<Item>& dataPreview() const { return m_dataPreview; }
    const std::vector<std::int64_t>& dataPreviewIndices() const { return m_dataPreviewIndices; }
    // What the engine has open for looking at; none while nothing is, or while other data is on its way.
    const std::optional<DataConfig>& openedData() const { return m_openedData; }
    std::int64_t openings() const { return m_openings; }  // changes with every change of openedData()
    DataKind kind() const { return m_facts ? m_facts->kind : DataKind::Image; }
    // What the network is given as -1 to 1: the intensity window of the settings, else the one that training
    // would choose for the data.
    std::pair<double, double> displayRange() const;
    // The settings' window, where somebody chose another than training would.
    std::optional<std::pair<double, double>> chosenRange() const;
    // From black to white in pictures: as chosen, else as the viewer draws the first item.
    std::pair<double, double> drawnRange() const;
    // Of volumes with channels that are no colours: what each is drawn on, if nobody chose.
    std::vector<WindowLevel> drawnWindows() const;
    std::vector<std::string> labels() const { return m_facts ? m_facts->labels : std::vector<std::string>(); }
    SourceDetails details() const { return m_facts ? m_facts->details : SourceDetails(); }
    bool openingData() const { return m_openingData; }
    // The answer to the coming OpenData becomes the starting point of the settings (adopt) or only a new
    // view.
    void expectData(bool adopt);

    // ---- settings being edited
    const RunConfig& config() const { return m_config; }
    const RunConfig& defaults() const { return m_defaults; }  // what "reset" goes back to
    void startFrom(const RunConfig& config);                  // sets both
    void setConfig(const RunConfig& config);
    void setValue(const Setting& setting, const SettingValue& value);
    // What a form could not read as a value of the setting; the next value clears it.
    void setInputProblem(const std::string& key, const Error& error);
    bool hasInputProblem(const std::string& key) const { return m_inputProblems.contains(key); }
    // The run trains on to this step: what is changed live from now on must not take it back.
    void planSteps(std::int64_t steps);
    // Gives edited settings that apply live to the run that is going on, at once or as soon as it takes them.
    void commit();
    const std::vector<Problem>& problems() const { return m_problems; }
    const Cost& cost() const { return m_cost; }

    // ---- the open run
    bool hasRun() const { return !m_runDirectory.isEmpty(); }
    const QString& runDirectory() const { return m_runDirectory; }
    const RunConfig& runConfig() const { return m_runConfig; }
    // Of what the run draws: other data than its own may be open beside it.
    DataKind runKind() const { return m_runFacts ? m_runFacts->kind : kind(); }
    std::pair<double, double> runDisplayRange() const;
    std::pair<double, double> runDrawnRange() const;  // as its data, if they were seen
    std::vector<WindowLevel> runDrawnWindows() const;
    std::vector<std::string> runLabels() const { return m_runFacts ? m_runFacts->labels : labels(); }
    SourceDetails runDetails() const { return m_runFacts ? m_runFacts->details : details(); }
    std::int64_t step() const { return m_step; }
    const std::vector<MetricRow>& history() const { return m_history; }
    const std::vector<PreviewGrid>& previews() const { return m_previews; }  // ascending steps, thinned
    const std::optional<TrainStatus>& status() const { return m_status; }

    // ---- the last sampling
    const std::vector<DenoisingFrame>& frames() const { return m_frames; }
    const std::optional<SamplesReady>& samples() const { return m_samples; }
    const std::optional<SampleProgress>& sampling() const { return m_sampling; }  // of the one going on

    EngineClient& client() { return m_client; }

    // For failures that the window itself finds (export, a path that is not there).
    void report(LogLine::Level level, const Error& error);

Q_SIGNALS:
    void stateChanged();
    void dataChanged();    // facts, preview or the fact that data is being opened
    void configChanged();  // replaced as a whole, or one value
    void assessed();       // problems and cost are up to date again
    void runChanged();     // another run
    void stepChanged();    // of the run, with every row of metrics
    void historyReplaced();
    void metricsAdded(const std::vector<denoscope::MetricRow>& rows);
    void previewsChanged();
    void framesChanged();
    void statusChanged();
    void finished(const denoscope::Finished& finished);
    void reported(denoscope::LogLine::Level level, const denoscope::Error& error);  // worth a banner
    void logged(denoscope::LogLine::Level level, const QString& text);

private:
    void onDataOpened(const DataOpened& opened);
    void onDataFailed(const DataFailed& failed);
    void onRunOpened(const RunOpened& opened);
    void onMetrics(const std::vector<MetricRow>& rows);
    void followPieces(std::int64_t microBatch);  // which the engine made smaller for lack of memory
    void onPreview(const PreviewGrid& preview);
    void onFrame(const DenoisingFrame& frame);
    void onSamples(const SamplesReady& samples);
    void adoptWindows();  // of the run's own data
    void assess();
    void sendLiveChanges();

    EngineClient& m_client;
    std::optional<DataFacts> m_facts;
    std::vector<Item> m_dataPreview;
    std::vector<std::int64_t> m_dataPreviewIndices;
    std::vector<WindowLevel> m_dataWindows;  // channelWindows()
    std::optional<DataConfig> m_openedData;
    std::int64_t m_openings = 0;
    bool m_openingData = false;
    bool m_adoptData = true;

    RunConfig m_config, m_defaults;
    std::map<std::string, Error> m_inputProblems;
    std::set<const Setting*> m_liveEdits;  // edited, not yet given to the run
    bool m_liveCommitted = false;
    std::vector<Problem> m_problems;
    Cost m_cost;

    QString m_runDirectory;
    RunConfig m_runConfig;
    std::optional<DataFacts> m_runFacts;
    std::vector<WindowLevel> m_runWindows;
    std::int64_t m_step = 0;
    std::vector<MetricRow> m_history;
    std::vector<PreviewGrid> m_previews;
    std::optional<TrainStatus> m_status;

    std::vector<DenoisingFrame> m_frames;
    std::optional<SamplesReady> m_samples;
    std::optional<SampleProgress> m_sampling;
};

}  // namespace denoscope
