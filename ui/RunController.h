// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <optional>

#include "ui/Preferences.h"
#include "ui/RunModel.h"
#include "ui/RunsFolder.h"

namespace denoscope {

// What a person wants, turned into commands: every button, menu entry, drop and command-line option ends
// here. A wish that has an obstacle is answered with that obstacle, never with silence.
class RunController : public QObject {
    Q_OBJECT

public:
    RunController(RunModel& model, Preferences& preferences, RunsFolder runs, QObject* parent = nullptr);

    const RunsFolder& runs() const { return m_runs; }
    void setRunsRoot(const QString& root);

    void openData(const QString& source);      // a path or "demo:..."
    void openDropped(const QString& path);     // a run folder or data
    void reopenData();                         // with the data settings as edited
    void choosePart(const std::string& part);  // of the open source; it becomes the starting point anew
    void takeAs(TakeAs as);                    // the same source as volumes or as slices; likewise
    void showOtherItems();                     // another selection of the same data
    void openRun(const QString& directory);
    // For the open data. How that is read stays as far as the network can take its size, and its labels
    // unless the network is of another family; how samples are drawn stays unless the process is another one.
    void choosePreset(const Preset& preset);
    void train();  // a new run of the edited settings
    // As soon as the data being opened is there, by the quickest preset.
    void trainWhenOpened(std::optional<std::int64_t> steps);
    void continueTraining();  // to target()
    void pause();
    void stop();
    void sample();
    void save();

    // The step that "continue" trains to: the plan of the run, or as much again where it is reached.
    std::int64_t target() const { return m_target; }
    void setTarget(std::int64_t step) { m_target = step; }

Q_SIGNALS:
    void targetChanged();  // by a run that was opened or has finished
    void runsRootChanged();

private:
    void openAnew(const DataConfig& wanted);
    bool permitted(CommandKind command);
    void onDataChanged();
    void suggestTarget(std::int64_t step);

    RunModel& m_model;
    Preferences& m_preferences;
    RunsFolder m_runs;
    std::int64_t m_previewSeed = 0;
    bool m_trainWhenOpened = false;
    std::optional<std::int64_t> m_stepsWhenOpened;
    std::int64_t m_target = 0;
};

}  // namespace denoscope
