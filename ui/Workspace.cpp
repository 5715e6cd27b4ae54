// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Workspace.h"

#include <QApplication>
#include <QDockWidget>
#include <QTabBar>
#include <QTimer>
#include <algorithm>
#include <utility>

namespace denoscope {

namespace {

// Of the window's width, within bounds in logical pixels; the middle gets the rest.
constexpr double leftShare = 0.25, rightShare = 0.31;
constexpr int leftLeast = 320, leftMost = 460, rightLeast = 380, rightMost = 760;

}  // namespace

Workspace::Workspace(QWidget* parent) : QMainWindow(parent) {
    setWindowFlags(Qt::Widget);  // a part of a window; the constructor would insist on a window of its own
    setDockOptions(AllowNestedDocks | AllowTabbedDocks | GroupedDragging | AnimatedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    setDocumentMode(true);
    setContextMenuPolicy(Qt::NoContextMenu);
}

QDockWidget* Workspace::addPanel(const QString& key, const QString& title, QWidget* panel, Place place) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(key);
    dock->setWidget(panel);
    m_order << key;
    m_docks[key] = dock;
    m_places[key] = place;
    const auto later = [this] { QTimer::singleShot(0, this, &Workspace::updateTitleBars); };
    connect(dock, &QDockWidget::dockLocationChanged, this, later);
    connect(dock, &QDockWidget::topLevelChanged, this, later);
    connect(dock, &QDockWidget::visibilityChanged, this, later);
    return dock;
}

QList<QDockWidget*> Workspace::docks() const {
    QList<QDockWidget*> result;
    for (const QString& key : m_order)
        result << m_docks[key];
    return result;
}

void Workspace::showPanel(const QString& key) {
    if (QDockWidget* panel = dock(key)) {
        panel->show();
        panel->raise();
    }
}

void Workspace::floatCurrent() {
    for (QWidget* widget = QApplication::focusWidget(); widget != nullptr; widget = widget->parentWidget())
        if (auto* panel = qobject_cast<QDockWidget*>(widget)) {
            panel->setFloating(!panel->isFloating());
            return;
        }
}

bool Workspace::restoreLayout(const QByteArray& state) {
    m_arrangedByHand = restoreState(state, layoutVersion);
    m_toRestore = m_arrangedByHand && !isVisible() ? state : QByteArray();
    if (!m_arrangedByHand)
        resetLayout();
    updateTitleBars();
    return m_arrangedByHand;
}

void Workspace::resetLayout() {
    m_arrangedByHand = false;
    for (QDockWidget* panel : docks()) {
        panel->setFloating(false);
        removeDockWidget(panel);
    }
    // First the columns, then the tabs: what is split off a tabbed panel would become another tab.
    QHash<Place, QDockWidget*> fronts;
    QDockWidget* previous = nullptr;
    for (QDockWidget* panel : docks()) {
        const Place place = m_places[panel->objectName()];
        if (fronts.contains(place))
            continue;
        if (previous == nullptr)
            addDockWidget(Qt::LeftDockWidgetArea, panel);
        else
            splitDockWidget(previous, panel, Qt::Horizontal);
        fronts[place] = previous = panel;
    }
    for (QDockWidget* panel : docks()) {
        QDockWidget* front = fronts[m_places[panel->objectName()]];
        if (front != panel)
            tabifyDockWidget(front, panel);
        panel->show();
    }
    for (QDockWidget* front : std::as_const(fronts))
        front->raise();
    distribute();
    updateTitleBars();
}

void Workspace::distribute() {
    QList<QDockWidget*> columns;
    QList<int> widths;
    const int left = std::clamp(static_cast<int>(width() * leftShare), leftLeast, leftMost);
    const int right = std::clamp(static_cast<int>(width() * rightShare), rightLeast, rightMost);
    const QHash<Place, int> wanted{
        {Place::Left, left}, {Place::Right, right}, {Place::Middle, std::max(200, width() - left - right)}};
    QList<Place> seen;
    for (QDockWidget* panel : docks()) {
        const Place place = m_places[panel->objectName()];
        if (seen.contains(place))
            continue;
        seen << place;
        columns << panel;
        widths << wanted[place];
    }
    resizeDocks(columns, widths, Qt::Horizontal);
}

void Workspace::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    if (!m_arrangedByHand)
        distribute();
}

void Workspace::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    // Widths are restored as shares of the width of now: before the first show that is not yet the true one.
    QTimer::singleShot(0, this, [this] {
        if (const QByteArray state = std::exchange(m_toRestore, {}); !state.isEmpty())
            restoreLayout(state);
    });
}

void Workspace::updateTitleBars() {
    for (QDockWidget* panel : docks()) {
        const bool tabbed = !panel->isFloating() && !tabifiedDockWidgets(panel).isEmpty();
        QWidget* custom = panel->titleBarWidget();
        if (tabbed && custom == nullptr) {
            panel->setTitleBarWidget(new QWidget(panel));
        } else if (!tabbed && custom != nullptr) {
            panel->setTitleBarWidget(nullptr);
            delete custom;
        }
    }
    for (QTabBar* tabs : findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly)) {
        tabs->setExpanding(false);
        tabs->setDrawBase(false);
        tabs->setFocusPolicy(Qt::TabFocus);
    }
}

}  // namespace denoscope
