// SPDX-License-Identifier: GPL-3.0-or-later
// Thousands of thumbnails; only what is visible is painted, or even asked for (setProvider). Small images are
// enlarged by whole factors of device pixels without blurring. Arrow keys move the selection, Enter or a
// double click activates, Ctrl+wheel or +/- changes the size.
#pragma once

#include <QAbstractScrollArea>
#include <QCache>
#include <QImage>
#include <QPixmap>
#include <QString>
#include <functional>
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

    // Keeps scroll position and selection where they still exist.
    void setItems(std::vector<GridImage> items);

    // Items that are asked for while they are painted; one without an image yet is an empty box. imageSize is
    // that of a usual image, from which the size of the boxes follows.
    using Provider = std::function<GridImage(int index)>;
    void setProvider(int count, Provider provider, QSize imageSize);
    void refreshItems() { viewport()->update(); }  // images have come or changed
    int itemCount() const { return m_layout.count; }
    std::pair<int, int> visibleItems() const { return m_visible; }  // first and last; last < first: none

    // Side of the square box of a thumbnail in logical pixels; 0 (the default): the largest that shows all
    // items.
    void setThumbnailSize(int size);
    int thumbnailSize() const { return m_layout.thumbnail; }

    void setActivateOnClick(bool on) { m_activateOnClick = on; }  // else on a double click; false at first
    void setPlaceholder(const QString& sentence);

    int selectedIndex() const { return m_selected; }  // -1: none
    void setSelectedIndex(int index);
    QRect itemRect(int index) const;  // in viewport coordinates

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

Q_SIGNALS:
    void selected(int index);
    void activated(int index);
    void visibleChanged(int first, int last);

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
    void scrollContentsBy(int dx, int dy) override;

private:
    void relayout();
    void paintItem(QPainter& painter, int index);
    void select(int index);
    void resizeThumbnails(int steps);
    QPixmap reduced(int index, const QImage& image, const QSize& deviceSize);
    void supply(int count, Provider provider, QSize imageSize, bool captions);
    void noteVisible();

    struct Reduced {
        qint64 source;  // QImage::cacheKey() of what was reduced
        QPixmap pixmap;
    };
    Provider m_provider;
    QSize m_imageSize;
    bool m_captions = false;
    std::pair<int, int> m_visible{0, -1};
    GridLayout m_layout;
    int m_requestedSize = 0;
    int m_selected = -1;
    bool m_activateOnClick = false;
    QString m_placeholder;
    QCache<int, Reduced> m_reduced;  // images larger than their box, scaled down once
};

}  // namespace denoscope
