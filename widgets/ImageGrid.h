// SPDX-License-Identifier: GPL-3.0-or-later
// Thousands of thumbnails; only what is visible is painted. Small images are enlarged by whole factors of
// device pixels without blurring. Arrow keys move the selection, Enter or a double click activates,
// Ctrl+wheel or +/- changes the size.
#pragma once

#include <QAbstractScrollArea>
#include <QCache>
#include <QImage>
#include <QPixmap>
#include <QString>
#include <vector>

#include "widgets/GridLayout.h"

namespace denoscope {

struct GridImage {
    QImage image;
    QString caption;
};

class ImageGrid : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit ImageGrid(QWidget* parent = nullptr);

    void setItems(
        std::vector<GridImage> items);  // keeps scroll position and selection where they still exist
    const std::vector<GridImage>& items() const { return m_items; }

    // Side of the square box of a thumbnail in logical pixels; 0 (the default): the largest that shows all
    // items.
    void setThumbnailSize(int size);
    int thumbnailSize() const { return m_layout.thumbnail; }

    void setPlaceholder(const QString& sentence);

    int selectedIndex() const { return m_selected; }  // -1: none
    void setSelectedIndex(int index);
    QRect itemRect(int index) const;  // in viewport coordinates

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

Q_SIGNALS:
    void selected(int index);
    void activated(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;  // tool tips

private:
    void relayout();
    void paintItem(QPainter& painter, int index);
    void select(int index);
    void resizeThumbnails(int steps);
    QPixmap reduced(int index, const QSize& deviceSize);

    std::vector<GridImage> m_items;
    GridLayout m_layout;
    int m_requestedSize = 0;
    int m_selected = -1;
    QString m_placeholder;
    QCache<int, QPixmap> m_reduced;  // images larger than their box, scaled down once
};

}  // namespace denoscope
