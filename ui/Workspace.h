// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QMainWindow>

class QDockWidget;

namespace denoscope {

// The panels as docks: moved, tabbed, floated and hidden as the person likes, remembered, and put back on
// demand. Tabbed panels need no title bar of their own: they are dragged by their tab.
class Workspace : public QMainWindow {
    Q_OBJECT

public:
    explicit Workspace(QWidget* parent = nullptr);

    enum class Place { Left, Middle, Right };
    QDockWidget* addPanel(const QString& key, const QString& title, QWidget* panel, Place place);
    QDockWidget* dock(const QString& key) const { return m_docks.value(key); }
    QList<QDockWidget*> docks() const;  // in the order in which they were added

    void showPanel(const QString& key);  // in front, without taking the focus
    void floatCurrent();                 // the panel with the focus leaves the window, or comes back

    QByteArray layoutState() const { return saveState(layoutVersion); }
    bool restoreLayout(const QByteArray& state);
    void resetLayout();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    static constexpr int layoutVersion = 2;

    void distribute();
    void updateTitleBars();

    QStringList m_order;
    QHash<QString, QDockWidget*> m_docks;
    QHash<QString, Place> m_places;
    QByteArray m_toRestore;         // once more, as soon as the size is known
    bool m_arrangedByHand = false;  // a remembered layout, or a separator that was moved
};

}  // namespace denoscope
