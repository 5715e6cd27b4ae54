// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <memory>

#include "ui/Actions.h"
#include "ui/EngineClient.h"
#include "ui/PanelContext.h"
#include "ui/Preferences.h"
#include "ui/RunController.h"
#include "ui/RunModel.h"

class QMenu;

namespace denoscope {

class Banner;
class DataPanel;
class DenoisingPanel;
class LogPanel;
class ModelPanel;
class SamplesPanel;
class StatusStrip;
class TrainingPanel;
class ThemeChoice;
class ViewerPanel;
class Workspace;

// What the window needs from the application; port, settings and theme outlive it.
struct WindowServices {
    EnginePort& port;
    QSettings& settings;
    const ThemeChoice& theme;
    ItemExporter exportItems;
    QString runsRoot;  // empty: the preference, else the default place
    QString machine;   // for the status line, e.g. "cpu, 2 threads"
    FilmExporter exportFilm = {};
};

// Puts the parts together: client, model, controller, actions, panels. What they do is theirs.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(WindowServices services);
    ~MainWindow() override;

    EngineClient& client() { return m_client; }
    RunModel& model() { return m_model; }
    RunController& controller() { return m_controller; }
    Actions& actions() { return *m_actions; }
    Workspace& workspace() { return *m_workspace; }
    Banner& banner() { return *m_banner; }
    DataPanel& dataPanel() { return *m_data; }
    ModelPanel& modelPanel() { return *m_modelPanel; }
    TrainingPanel& trainingPanel() { return *m_training; }
    ViewerPanel& viewerPanel() { return *m_viewer; }
    SamplesPanel& samplesPanel() { return *m_samples; }
    DenoisingPanel& denoisingPanel() { return *m_denoising; }
    LogPanel& logPanel() { return *m_log; }
    StatusStrip& statusStrip() { return *m_status; }

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void fillRecent(QMenu& menu);
    void buildPanels();
    void buildMenus();
    void buildToolBar();
    void connectActions();
    void restoreLayout();
    void refreshWatched();
    void refreshTitle();

    WindowServices m_services;
    Preferences m_preferences;
    EngineClient m_client;
    RunModel m_model;
    RunController m_controller;
    Actions* m_actions = nullptr;
    Banner* m_banner = nullptr;
    Workspace* m_workspace = nullptr;
    StatusStrip* m_status = nullptr;
    DataPanel* m_data = nullptr;
    ModelPanel* m_modelPanel = nullptr;
    ViewerPanel* m_viewer = nullptr;
    TrainingPanel* m_training = nullptr;
    SamplesPanel* m_samples = nullptr;
    DenoisingPanel* m_denoising = nullptr;
    LogPanel* m_log = nullptr;
};

}  // namespace denoscope
