// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Actions.h"

#include <QActionGroup>
#include <QWidget>

#include "ui/SvgIcon.h"

namespace denoscope {

Actions::Actions(RunModel& model, RunController& controller, QWidget* window)
    : QObject(window), m_model(model), m_controller(controller), m_window(window) {
    addDataActions();
    addRunActions();
    addViewActions();
    connect(&model, &RunModel::stateChanged, this, &Actions::refresh);
    connect(&model, &RunModel::assessed, this, &Actions::refresh);
    connect(&model, &RunModel::dataChanged, this, &Actions::refresh);
    connect(&model, &RunModel::runChanged, this, &Actions::refresh);
    refresh();
}

QAction* Actions::add(const QString& text, const QString& icon, const QKeySequence& keys,
                      const QString& tip) {
    auto* action = new QAction(text, this);
    if (!icon.isEmpty())
        action->setIcon(svgIcon(icon));
    action->setShortcut(keys);
    m_tips[action] = keys.isEmpty() ? tip : tip + " (" + keys.toString(QKeySequence::NativeText) + ")";
    action->setToolTip(m_tips[action]);
    m_window->addAction(action);
    m_all << action;
    return action;
}

void Actions::addDataActions() {
    openFile =
        add(tr("Open data &file…"), "file-open", QKeySequence::Open, tr("Look at a file and learn from it"));
    openFolder = add(tr("Open data f&older…"), "data-open", tr("Ctrl+Shift+O"),
                     tr("Look at a folder of files and learn from them"));
    const QList<std::pair<QString, QString>> sets{{tr("&Beats and chirps (1D)"), "beats"},
                                                  {tr("&Shapes (2D)"), "shapes"},
                                                  {tr("&Head phantoms (3D)"), "heads"}};
    for (const auto& [text, name] : sets) {
        QAction* demo = add(text, {}, {}, tr("A built-in set: needs no file"));
        demo->setData("demo:" + name);
        connect(demo, &QAction::triggered, this,
                [this, demo] { m_controller.openData(demo->data().toString()); });
        demos << demo;
    }
    demos[0]->setIcon(svgIcon("signal"));
    demos[1]->setIcon(svgIcon("image"));
    demos[2]->setIcon(svgIcon("volume"));
    otherItems =
        add(tr("Show other &items"), "shuffle", tr("Ctrl+I"), tr("Another random selection of the data"));
    openRun = add(tr("Open &run…"), "run-open", tr("Ctrl+R"), tr("Go on with a run of an earlier day"));
    chooseRunsRoot = add(tr("Keep runs &in…"), "folder", {}, tr("Choose the folder that new runs go to"));
    quit =
        add(tr("&Quit"), "quit", QKeySequence::Quit, tr("Save a checkpoint of a running training and quit"));
    connect(openFile, &QAction::triggered, this, &Actions::openFileAsked);
    connect(openFolder, &QAction::triggered, this, &Actions::openFolderAsked);
    connect(openRun, &QAction::triggered, this, &Actions::openRunAsked);
    connect(chooseRunsRoot, &QAction::triggered, this, &Actions::chooseRunsRootAsked);
    connect(otherItems, &QAction::triggered, &m_controller, &RunController::showOtherItems);
    connect(quit, &QAction::triggered, m_window, &QWidget::close);
}

void Actions::addRunActions() {
    train = add(tr("&Train"), "train", tr("Ctrl+T"), tr("Start a new run with these settings"));
    pauseOrContinue = add(tr("&Pause"), "pause", tr("Ctrl+P"), tr("Pause after this step, or go on"));
    stop = add(tr("St&op"), "stop", tr("Ctrl+."), tr("Stop and keep a checkpoint"));
    sample = add(tr("&Sample"), "sample", tr("Ctrl+G"), tr("Draw samples and record every denoising step"));
    save = add(tr("Save &checkpoint"), "save", QKeySequence::Save, tr("Save the run as it is now"));
    train->setIconText(tr("Train"));
    sample->setIconText(tr("Sample"));
    stop->setIconText(tr("Stop"));
    save->setIconText(tr("Save"));
    openFile->setIconText(tr("Open data"));
    openRun->setIconText(tr("Open run"));
    connect(train, &QAction::triggered, &m_controller, &RunController::train);
    connect(stop, &QAction::triggered, &m_controller, &RunController::stop);
    connect(sample, &QAction::triggered, &m_controller, &RunController::sample);
    connect(save, &QAction::triggered, &m_controller, &RunController::save);
    connect(pauseOrContinue, &QAction::triggered, this, [this] {
        if (m_model.state() == RunState::Training)
            m_controller.pause();
        else
            m_controller.continueTraining();
    });
}

void Actions::addViewActions() {
    themes = new QActionGroup(this);
    const QList<std::pair<QString, QString>> kinds{
        {tr("&System"), "system"}, {tr("&Light"), "light"}, {tr("&Dark"), "dark"}};
    for (const auto& [text, name] : kinds) {
        QAction* theme = add(text, {}, {}, tr("Colours of the window"));
        theme->setCheckable(true);
        theme->setData(name);
        themes->addAction(theme);
    }
    connect(themes, &QActionGroup::triggered, this,
            [this](QAction* theme) { Q_EMIT themeChosen(theme->data().toString()); });
    resetLayout =
        add(tr("&Reset layout"), "layout", tr("Ctrl+Shift+L"), tr("Put every panel back to its place"));
    shortcuts =
        add(tr("&Keyboard shortcuts"), "keyboard", QKeySequence::HelpContents, tr("All keys at a glance"));
    about = add(tr("&About Denoscope"), "info", {}, tr("Version and licence"));
}

void Actions::refresh() {
    apply(openFile, CommandKind::OpenData);
    apply(openFolder, CommandKind::OpenData);
    for (QAction* demo : std::as_const(demos))
        apply(demo, CommandKind::OpenData);
    apply(openRun, CommandKind::OpenRun);
    apply(train, CommandKind::StartTraining);
    apply(stop, CommandKind::Stop);
    apply(sample, CommandKind::Sample);
    apply(save, CommandKind::SaveRun);
    const bool training = m_model.state() == RunState::Training;
    const bool paused = m_model.state() == RunState::Paused;
    apply(pauseOrContinue, training ? CommandKind::Pause : CommandKind::ContinueTraining);
    pauseOrContinue->setText(training ? tr("&Pause") : paused ? tr("&Resume") : tr("&Continue"));
    pauseOrContinue->setIcon(svgIcon(training ? "pause" : "resume"));
    apply(otherItems, CommandKind::OpenData);
    if (!m_model.facts())
        otherItems->setEnabled(false);
}

void Actions::apply(QAction* action, CommandKind command) {
    const QString obstacle = m_model.obstacle(command);
    action->setEnabled(obstacle.isEmpty());
    action->setToolTip(obstacle.isEmpty() ? m_tips[action] : m_tips[action] + "\n" + obstacle);
}

}  // namespace denoscope
