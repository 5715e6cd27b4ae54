// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <array>

#include "ui/ItemStore.h"
#include "ui/PanelContext.h"
#include "ui/viewers/ItemViewers.h"

class QButtonGroup;
class QComboBox;
class QLabel;
class QStackedWidget;
class QToolButton;

namespace denoscope {

class CompareView;
class ExportButton;
class ItemChooser;
class NetworkView;
class PartsBox;
class StoredGrid;
class TextLabel;

// The data, large: any item of it in the view of its kind, all items as a grid, an item as the network sees
// it, or two items compared. Reads only what is looked at.
class ViewerPanel : public QWidget {
    Q_OBJECT

public:
    enum class Mode { Item, Grid, Network, Compare };

    explicit ViewerPanel(const PanelContext& context, QWidget* parent = nullptr);

    void setMode(Mode mode);
    Mode mode() const;
    void showItem(std::int64_t index);  // at full size
    std::int64_t index() const;         // of the item looked at; -1: none
    ItemChooser& chooser() { return *m_chooser; }
    StoredGrid& grid() { return *m_grid; }
    NetworkView& network() { return *m_network; }
    CompareView& comparison() { return *m_compare; }
    QString statusText() const;  // the sentence shown while there is no item

    // What is shown as a picture: SVG by that ending, else by Qt's writers. False when it could not be
    // written.
    bool savePicture(const QString& path);

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* buildHeader();
    QWidget* buildPages();
    void link();
    void followData();
    void refreshParts();
    void refreshPlaceholder();
    void refreshItem();
    void refreshRange();
    void askForPicture();
    ItemViewer& viewer();

    PanelContext m_context;
    ItemStore m_store;
    std::array<ItemViewer, 3> m_viewers;  // in the order of DataKind
    QButtonGroup* m_modes = nullptr;
    PartsBox* m_parts = nullptr;
    QToolButton* m_picture = nullptr;
    ExportButton* m_export = nullptr;
    ItemChooser* m_chooser = nullptr;
    TextLabel* m_name = nullptr;
    QStackedWidget* m_pages = nullptr;
    QLabel* m_placeholder = nullptr;
    QStackedWidget* m_kinds = nullptr;
    StoredGrid* m_grid = nullptr;
    NetworkView* m_network = nullptr;
    CompareView* m_compare = nullptr;
    const Array* m_shown = nullptr;  // what the viewer has been given, to not give it again
    ChosenRange m_shownRange;
};

}  // namespace denoscope
