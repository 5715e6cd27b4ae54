// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/StoredGrid.h"

#include <algorithm>

namespace denoscope {

namespace {

constexpr std::size_t drawnAtMost = 4096;
constexpr int usualThumbnail = 96;

}  // namespace

StoredGrid::StoredGrid(RunModel& model, ItemStore& store, QWidget* parent)
    : ImageGrid(parent), m_model(model), m_store(store) {
    setAccessibleName(tr("All items"));
    setToolTip(tr("Enter or a double click shows an item at full size; Ctrl+wheel changes the size"));
    connect(this, &ImageGrid::visibleChanged, this, &StoredGrid::wantVisible);
    connect(this, &ImageGrid::selected, this, [this](int place) { Q_EMIT indexSelected(at(place)); });
    connect(this, &ImageGrid::activated, this, [this](int place) { Q_EMIT indexActivated(at(place)); });
    connect(&store, &ItemStore::arrived, this, [this](Look look) {
        if (look == Look::Thumbnails)
            refreshItems();
    });
    connect(&store, &ItemStore::replaced, this, [this] { m_drawn.clear(); });
}

void StoredGrid::setOrder(std::vector<std::int64_t> order) {
    m_order = std::move(order);
    supplyAll();
}

void StoredGrid::setRange(ValueRange range) {
    if (range == m_range)
        return;
    m_range = range;
    m_drawn.clear();
    refreshItems();
}

void StoredGrid::showIndex(std::int64_t index) {
    const auto found = std::ranges::find(m_order, index);
    setSelectedIndex(found == m_order.end() ? -1 : static_cast<int>(found - m_order.begin()));
}

void StoredGrid::supplyAll() {
    const auto shape = m_model.facts() ? m_model.facts()->shape : denoscope::Shape();
    const QSize usual =
        shape.size() < 3 ? QSize()
                         : QSize(static_cast<int>(shape.back()), static_cast<int>(shape[shape.size() - 2]));
    // Beyond what fits at once, a size at which one can still choose.
    const int largest = std::max(usual.width(), usual.height());
    if (m_order.size() > 64 && largest > 0)
        setThumbnailSize(largest < usualThumbnail ? usualThumbnail / largest * largest : usualThumbnail);
    else
        setThumbnailSize(0);
    setProvider(
        static_cast<int>(m_order.size()), [this](int place) { return imageOf(place); }, usual);
}

GridImage StoredGrid::imageOf(int place) {
    const std::int64_t index = at(place);
    const ItemRead* read = m_store.find(Look::Thumbnails, index);
    if (read == nullptr)
        return {{}, QString::number(index + 1)};
    if (!read->item.array)
        return {{}, tr("unreadable")};
    if (m_drawn.size() > drawnAtMost)
        m_drawn.clear();
    QImage& drawn = m_drawn[index];
    if (drawn.isNull())
        drawn = pictureOf(read->item, m_range);
    return {drawn, captionOf(read->item, m_model.labels())};
}

void StoredGrid::wantVisible() {
    if (!isVisible())
        return;
    const auto [first, last] = visibleItems();
    std::vector<std::int64_t> indices;
    for (int place = first; place <= last; ++place)
        indices.push_back(at(place));
    if (!indices.empty())
        m_store.want(Look::Thumbnails, std::move(indices));
}

void StoredGrid::showEvent(QShowEvent* event) {
    ImageGrid::showEvent(event);
    setSelectedIndex(selectedIndex());  // into sight: while hidden it had no size
    wantVisible();
}

}  // namespace denoscope
