// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MainWindow.h"

#include <QActionGroup>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/Banner.h"
#include "ui/DataPanel.h"
#include "ui/DenoisingPanel.h"
#include "ui/Dialogs.h"
#include "ui/LogPanel.h"
#include "ui/ModelPanel.h"
#include "ui/SamplesPanel.h"
#include "ui/StatusStrip.h"
#include "ui/SvgIcon.h"
#include "ui/ThemeChoice.h"
#include "ui/TrainingPanel.h"
#include "ui/ViewerPanel.h"
#include "ui/Workspace.h"

namespace denoscope {

namespace {

constexpr QSize firstSize{1440, 860};
constexpr QSize smallestSize{1000, 560};  // 1280 x 720 at a scale of 1.25, less what a desktop keeps

QString runsRootOf(const WindowServices& services, const Preferences& preferences) {
    if (!services.runsRoot.isEmpty())
        return services.runsRoot;
    return preferences.runsRoot().isEmpty() ? RunsFolder::defaultRoot() : preferences.runsRoot();
}

}  // namespace

MainWindow::MainWindow(WindowServices services)
    : m_services(std::move(services)),
      m_preferences(m_services.settings),
      m_client(m_services.port),
      m_model(m_client),
      m_controller(m_model, m_preferences, RunsFolder(runsRootOf(m_services, m_preferences))) {
    setWindowIcon(applicationIcon());
    setMinimumSize(smallestSize);
    setAcceptDrops(true);
    m_actions = new Actions(m_model, m_controller, this);
    buildPanels();
    buildMenus();
    buildToolBar();
    m_status = new StatusStrip(m_model, m_services.machine, statusBar());
    connectActions();
    restoreLayout();
    connect(&m_model, &RunModel::stateChanged, this, &MainWindow::refreshTitle);
    connect(&m_model, &RunModel::runChanged, this, &MainWindow::refreshTitle);
    refreshTitle();
}

MainWindow::~MainWindow() {
    // The panels go first: they hold on to the model, the controller and the preferences.
    delete takeCentralWidget();
    delete m_actions;
}

void MainWindow::buildPanels() {
    auto* centre = new QWidget(this);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_banner = new Banner(centre);
    m_workspace = new Workspace(centre);
    m_workspace->setFocusPolicy(Qt::ClickFocus);  // where the focus rests until somebody wants it
    m_workspace->setFocus();
    column->addWidget(m_banner);
    column->addWidget(m_workspace, 1);
    setCentralWidget(centre);

    const PanelContext context{m_model,       m_controller,           *m_actions,
                               m_preferences, m_services.exportItems, m_services.exportFilm};
    using Place = Workspace::Place;
    m_data = new DataPanel(context);
    m_modelPanel = new ModelPanel(context);
    m_viewer = new ViewerPanel(context);
    m_samples = new SamplesPanel(context);
    m_denoising = new DenoisingPanel(context);
    m_training = new TrainingPanel(context);
    m_log = new LogPanel(m_model);
    m_workspace->addPanel("data", tr("Data"), m_data, Place::Left);
    m_workspace->addPanel("model", tr("Model"), m_modelPanel, Place::Left);
    m_workspace->addPanel("viewer", tr("Viewer"), m_viewer, Place::Middle);
    m_workspace->addPanel("samples", tr("Samples"), m_samples, Place::Middle);
    m_workspace->addPanel("denoising", tr("Denoising"), m_denoising, Place::Middle);
    m_workspace->addPanel("training", tr("Training"), m_training, Place::Right);
    m_workspace->addPanel("log", tr("Log"), m_log, Place::Right);
}

void MainWindow::buildMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addActions({m_actions->openFile, m_actions->openFolder});
    file->addMenu(tr("Open &built-in data"))->addActions(m_actions->demos);
    file->addSeparator();
    file->addAction(m_actions->openRun);
    QMenu* recent = file->addMenu(tr("Re&cent runs"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecent(*recent); });
    file->addActions({m_actions->save, m_actions->chooseRunsRoot});
    file->addSeparator();
    file->addAction(m_actions->quit);

    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addActions({m_actions->train, m_actions->pauseOrContinue, m_actions->stop, m_actions->sample});
    run->addSeparator();
    run->addAction(m_actions->otherItems);

    QMenu* view = menuBar()->addMenu(tr("&View"));
    int number = 1;
    for (QDockWidget* panel : m_workspace->docks()) {
        auto* front = new QAction(panel->windowTitle(), this);
        front->setShortcut(QKeySequence(QStringLiteral("Alt+%1").arg(number++)));
        connect(front, &QAction::triggered, this,
                [this, panel] { m_workspace->showPanel(panel->objectName()); });
        view->addAction(front);
    }
    QMenu* shown = view->addMenu(tr("&Panels shown"));
    for (QDockWidget* panel : m_workspace->docks())
        shown->addAction(panel->toggleViewAction());
    auto* detach = new QAction(tr("&Detach or attach the panel in use"), this);
    detach->setShortcut(QKeySequence(tr("Ctrl+Shift+D")));
    connect(detach, &QAction::triggered, m_workspace, &Workspace::floatCurrent);
    view->addActions({detach, m_actions->resetLayout});
    view->addSeparator();
    view->addMenu(tr("&Theme"))->addActions(m_actions->themes->actions());

    menuBar()->addMenu(tr("&Help"))->addActions({m_actions->shortcuts, m_actions->about});
    for (QMenu* menu : menuBar()->findChildren<QMenu*>())
        menu->setToolTipsVisible(true);  // in the status bar they would hide what the run does
}

void MainWindow::buildToolBar() {
    QToolBar* bar = addToolBar(tr("Main"));
    bar->setObjectName("main");
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setIconSize({20, 20});
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->addActions({m_actions->openFile, m_actions->openRun});
    bar->addSeparator();
    bar->addActions({m_actions->train, m_actions->pauseOrContinue, m_actions->stop});
    bar->addSeparator();
    bar->addActions({m_actions->sample, m_actions->save});
}

void MainWindow::connectActions() {
    connect(m_actions, &Actions::openFileAsked, this, [this] {
        const QString path =
            QFileDialog::getOpenFileName(this, tr("Open a data file"), m_preferences.recentData().value(0),
                                         tr("Data (*.wav *.flac *.npy *.png *.jpg *.jpeg *.nii *.nii.gz "
                                            "*ubyte *ubyte.gz);;All files (*)"));
        if (!path.isEmpty())
            m_controller.openData(path);
    });
    connect(m_actions, &Actions::openFolderAsked, this, [this] {
        const QString path = QFileDialog::getExistingDirectory(this, tr("Open a folder of data"),
                                                               m_preferences.recentData().value(0));
        if (!path.isEmpty())
            m_controller.openData(path);
    });
    connect(m_actions, &Actions::openRunAsked, this, [this] {
        askForRun(this, m_preferences, m_controller.runs(),
                  [this](const QString& run) { m_controller.openRun(run); });
    });
    connect(m_actions, &Actions::chooseRunsRootAsked, this, [this] {
        const QString path =
            QFileDialog::getExistingDirectory(this, tr("Keep new runs in"), m_controller.runs().root());
        if (!path.isEmpty())
            m_controller.setRunsRoot(path);
    });
    connect(m_actions, &Actions::themeChosen, this, [this](const QString& theme) {
        m_preferences.setTheme(theme);
        m_services.theme.apply(theme);
    });
    for (QAction* theme : m_actions->themes->actions())
        theme->setChecked(theme->data().toString() == m_preferences.theme());
    connect(m_actions->resetLayout, &QAction::triggered, m_workspace, &Workspace::resetLayout);
    connect(m_actions->shortcuts, &QAction::triggered, this,
            [this] { showShortcuts(this, m_actions->all()); });
    connect(m_actions->about, &QAction::triggered, this, [this] { showAbout(this); });
    connect(m_actions->sample, &QAction::triggered, this, [this] { m_workspace->showPanel("denoising"); });
    connect(m_data, &DataPanel::itemAsked, this, [this](std::int64_t index) {
        m_viewer->showItem(index);
        m_workspace->showPanel("viewer");
    });
    connect(&m_client, &EngineClient::runOpened, this, [this] {
        m_workspace->showPanel("samples");
        m_workspace->showPanel("training");
    });
    connect(&m_model, &RunModel::reported, m_banner, &Banner::present);
    connect(m_banner, &Banner::logAsked, this, [this] { m_workspace->showPanel("log"); });
}

void MainWindow::fillRecent(QMenu& menu) {
    menu.clear();
    for (const QString& run : m_preferences.recentRuns()) {
        QAction* entry = menu.addAction(QFileInfo(run).fileName());
        entry->setToolTip(run);
        entry->setEnabled(m_actions->openRun->isEnabled());
        connect(entry, &QAction::triggered, this, [this, run] { m_controller.openRun(run); });
    }
    if (menu.isEmpty())
        menu.addAction(tr("None yet"))->setEnabled(false);
}

void MainWindow::restoreLayout() {
    QSettings& settings = m_services.settings;
    if (!restoreGeometry(settings.value("window/geometry").toByteArray()))
        resize(firstSize.boundedTo(screen()->availableSize()));
    if (settings.contains("window/layout"))
        m_workspace->restoreLayout(settings.value("window/layout").toByteArray());
    else
        m_workspace->resetLayout();
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange)
        refreshWatched();
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    refreshWatched();
}

void MainWindow::hideEvent(QHideEvent* event) {
    QMainWindow::hideEvent(event);
    refreshWatched();
}

// A panel on its own may be in sight while the rest is minimised.
void MainWindow::refreshWatched() {
    bool watched = isVisible() && !isMinimized();
    for (const QDockWidget* panel : m_workspace->docks())
        watched = watched || (panel->isFloating() && panel->isVisible() && !panel->isMinimized());
    m_client.setWatched(watched);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    m_services.settings.setValue("window/geometry", saveGeometry());
    m_services.settings.setValue("window/layout", m_workspace->layoutState());
    m_services.settings.sync();
    // Nothing is asked: stopping writes a checkpoint, and so does the engine when it is taken down.
    if (m_model.client().canSend(CommandKind::Stop))
        m_client.send(Stop{});
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().constFirst().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    m_controller.openDropped(event->mimeData()->urls().constFirst().toLocalFile());
}

void MainWindow::refreshTitle() {
    const QString run =
        m_model.hasRun() ? QFileInfo(m_model.runDirectory()).fileName() + QStringLiteral(" — ") : QString();
    setWindowTitle(run + tr("Denoscope"));
}

}  // namespace denoscope
