// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QHash>
#include <QList>
#include <QObject>

#include "ui/RunController.h"

class QActionGroup;

namespace denoscope {

// Every action of the window, in one place. Whether one is enabled follows from allows(state, command) and
// from nothing else but the model's obstacles (no data, a wrong value); the tooltip then says which.
class Actions : public QObject {
    Q_OBJECT

public:
    Actions(RunModel& model, RunController& controller, QWidget* window);

    QAction* openFile = nullptr;
    QAction* openFolder = nullptr;
    QAction* openRun = nullptr;
    QAction* chooseRunsRoot = nullptr;
    QAction* otherItems = nullptr;
    QAction* quit = nullptr;
    QAction* train = nullptr;
    QAction* pauseOrContinue = nullptr;
    QAction* stop = nullptr;
    QAction* sample = nullptr;
    QAction* save = nullptr;
    QActionGroup* themes = nullptr;  // data(): "system", "light", "dark"
    QAction* resetLayout = nullptr;
    QAction* shortcuts = nullptr;
    QAction* about = nullptr;
    QList<QAction*> demos;  // data(): "demo:beats" ...

    // For the list of shortcuts: all of them, in the order of the menus.
    const QList<QAction*>& all() const { return m_all; }

Q_SIGNALS:
    void openFileAsked();
    void openFolderAsked();
    void openRunAsked();
    void chooseRunsRootAsked();
    void themeChosen(const QString& theme);

private:
    QAction* add(const QString& text, const QString& icon, const QKeySequence& keys, const QString& tip);
    void addDataActions();
    void addRunActions();
    void addViewActions();
    void refresh();
    void apply(QAction* action, CommandKind command);

    RunModel& m_model;
    RunController& m_controller;
    QWidget* m_window;
    QList<QAction*> m_all;
    QHash<QAction*, QString> m_tips;
};

}  // namespace denoscope
