// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ItemsView.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/PageStack.h"
#include "ui/SvgIcon.h"
#include "ui/TextLabel.h"
#include "widgets/ImageView.h"

namespace denoscope {

namespace {

constexpr int stripHeight = 92;

QVBoxLayout* bareColumn(QWidget* owner) {
    auto* layout = new QVBoxLayout(owner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    return layout;
}

}  // namespace

ItemsView::ItemsView(QWidget* parent) : QWidget(parent), m_pages(new PageStack(this)) {
    bareColumn(this)->addWidget(m_pages);
    m_signals = new WaveformView(this);
    m_signals->setAccessibleName(tr("Signals"));
    m_pages->addWidget(m_signals);  // in the order of DataKind
    m_pages->addWidget(buildImages());
    m_pages->addWidget(buildVolumes());
    m_pages->setCurrentIndex(static_cast<int>(m_kind));
    connect(m_signals, &WaveformView::readoutChanged, this, &ItemsView::readoutChanged);
}

QWidget* ItemsView::buildImages() {
    m_imagePages = new PageStack(this);
    m_grid = new ImageGrid(this);
    m_grid->setAccessibleName(tr("Images"));
    m_imagePages->addWidget(m_grid);
    auto* page = new QWidget(this);
    auto* column = bareColumn(page);
    m_captionRow = new QWidget(page);
    auto* row = new QHBoxLayout(m_captionRow);
    row->setContentsMargins(0, 0, 0, 0);
    auto* back = new QToolButton(page);
    back->setIcon(svgIcon("back"));
    back->setText(tr("All"));
    back->setToolTip(tr("Back to all images (Esc)"));
    back->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_imageCaption = new TextLabel(TextLabel::Role::Muted, {}, page);
    row->addWidget(back);
    row->addWidget(m_imageCaption, 1);
    column->addWidget(m_captionRow);
    m_image = new ImageView(page);
    m_image->setAccessibleName(tr("Image"));
    column->addWidget(m_image, 1);
    m_imagePages->addWidget(page);
    connect(back, &QToolButton::clicked, this, [this] { showItem(-1); });
    connect(m_grid, &ImageGrid::activated, this, &ItemsView::showItem);
    connect(m_image, &ImageView::readoutChanged, this, &ItemsView::readoutChanged);
    return m_imagePages;
}

QWidget* ItemsView::buildVolumes() {
    m_volumePage = new QWidget(this);
    auto* column = bareColumn(m_volumePage);
    m_volumeStrip = new ImageGrid(m_volumePage);
    m_volumeStrip->setFixedHeight(stripHeight);
    m_volumeStrip->hide();  // until there are several
    m_volumeStrip->setAccessibleName(tr("Volumes"));
    column->addWidget(m_volumeStrip);
    m_slices = new SliceView(m_volumePage);
    m_slices->setAccessibleName(tr("Slices"));
    column->addWidget(m_slices, 1);
    connect(m_volumeStrip, &ImageGrid::selected, this, &ItemsView::showItem);
    return m_volumePage;
}

void ItemsView::setPlaceholder(const QString& sentence) {
    m_grid->setPlaceholder(sentence);
    m_signals->setPlaceholder(sentence);
    m_slices->setPlaceholder(sentence);
}

void ItemsView::askOnClick() {
    disconnect(m_grid, &ImageGrid::activated, this, &ItemsView::showItem);
    connect(m_grid, &ImageGrid::activated, this, &ItemsView::itemAsked);
    m_grid->setActivateOnClick(true);
}

void ItemsView::hideSliceTools() {
    m_slices->setBarShown(false);
}

void ItemsView::setReference(const std::vector<Item>& items, const QString& name, const QString& shownName) {
    const auto sameArray = [](const Item& a, const Item& b) { return a.array == b.array; };
    if (std::ranges::equal(items, m_reference, sameArray))
        return;
    m_reference = items;
    m_referenceName = name;
    m_shownName = shownName;
    if (m_kind != DataKind::Image)
        refresh();
}

void ItemsView::setItems(const std::vector<Item>& items, DataKind kind, ValueRange range,
                         const std::vector<std::string>& labels) {
    m_items = items;
    m_kind = kind;
    m_range = range;
    m_labels = labels;
    if (m_single >= itemCount())
        m_single = -1;
    refresh();
}

void ItemsView::setRange(ValueRange range) {
    if (m_range == range)
        return;
    m_range = range;
    if (m_kind == DataKind::Volume && !m_items.empty())
        refreshWindow();
    else
        refresh();
}

void ItemsView::clear() {
    setItems({}, DataKind::Image, {0, 1}, {});
}

void ItemsView::showItem(int index) {
    const int wanted = index < itemCount() ? std::max(index, -1) : -1;
    if (wanted == m_single)
        return;
    m_single = wanted;
    refresh();
    Q_EMIT shownItemChanged(m_single);
}

void ItemsView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && m_single >= 0 && m_kind != DataKind::Volume)
        showItem(-1);
    else
        QWidget::keyPressEvent(event);
}

void ItemsView::refresh() {
    m_pages->setCurrentIndex(static_cast<int>(m_items.empty() ? DataKind::Image : m_kind));
    if (m_items.empty() || m_kind == DataKind::Image)
        refreshImages();
    else if (m_kind == DataKind::Signal)
        refreshSignals();
    else
        refreshVolumes();
}

std::vector<GridImage> ItemsView::thumbnails() const {
    std::vector<GridImage> images;
    for (const Item& item : m_items)
        images.push_back({pictureOf(item, m_range), captionOf(item, m_labels)});
    return images;
}

void ItemsView::refreshImages() {
    const bool alone = m_single >= 0;
    m_imagePages->setCurrentIndex(alone ? 1 : 0);
    if (!alone) {
        m_grid->setItems(thumbnails());
        return;
    }
    const Item& item = m_items[static_cast<std::size_t>(m_single)];
    m_image->setImage(pictureOf(item, m_range));
    m_image->setValueText([array = item.array](int x, int y) {
        const Shape& shape = array->shape;
        QStringList values;
        for (std::int64_t c = 0; c < shape[0]; ++c)
            values << QString::number(
                array->values[static_cast<std::size_t>((c * shape[1] + y) * shape[2] + x)], 'g', 5);
        return values.join(", ");
    });
    m_imageCaption->setText(
        tr("%1 of %2  %3").arg(m_single + 1).arg(itemCount()).arg(captionOf(item, m_labels)));
}

void ItemsView::refreshSignals() {
    std::vector<Signal> lanes;
    for (int i = 0; i < itemCount(); ++i)
        if (m_single < 0 || m_single == i) {
            const Item& item = m_items[static_cast<std::size_t>(i)];
            lanes.push_back(signalOf(item, captionOf(item, m_labels), m_details));
        }
    std::vector<Signal> behind;
    for (std::size_t i = 0; i < m_reference.size() && i < lanes.size(); ++i)
        behind.push_back(signalOf(m_reference[i], {}));
    m_signals->setSignals(std::move(lanes));
    m_signals->setReference(std::move(behind), m_referenceName, m_shownName);
    m_signals->setValueRange(m_range.first, m_range.second);
}

void ItemsView::refreshVolumes() {
    const int shown = std::max(m_single, 0);
    m_slices->setVolume(
        volumeOf(m_items[static_cast<std::size_t>(shown)], m_details, m_dtype, m_channelWindows));
    std::vector<std::shared_ptr<const Volume>> overlays;
    for (const Item& item : m_reference)
        overlays.push_back(volumeOf(item, m_details));
    m_slices->setOverlayChoices(std::move(overlays));
    refreshWindow();
}

void ItemsView::refreshWindow() {
    const bool row = m_thumbnailRow && itemCount() > 1;
    m_volumeStrip->setVisible(row);
    if (row)
        m_volumeStrip->setItems(thumbnails());
    m_volumeStrip->setSelectedIndex(std::max(m_single, 0));
    if (m_windowed == m_range && m_windowedChannels == m_channelWindows)
        return;  // what the person chose stays
    if (m_channelWindows.empty())
        m_slices->setWindow((m_range.first + m_range.second) / 2, m_range.second - m_range.first);
    else
        m_slices->choosePreset(automaticWindow);
    m_windowed = m_range;
    m_windowedChannels = m_channelWindows;
}

}  // namespace denoscope
