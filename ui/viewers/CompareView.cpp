// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/CompareView.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "ui/ItemPictures.h"
#include "ui/ModeButtons.h"
#include "ui/TextLabel.h"
#include "widgets/ElidedBox.h"

namespace denoscope {

namespace {

constexpr std::size_t gridItems = 16;
constexpr int gridGap = 2;

std::vector<ValueImage> imagesOf(const std::vector<Item>& items) {
    std::vector<ValueImage> images;
    for (std::size_t i = 0; i < std::min(items.size(), gridItems); ++i)
        images.push_back(valueImageOf(items[i], {}));
    return images;
}

ValueImage gridOf(const std::vector<Item>& items, float fill, const QString& caption) {
    const std::vector<ValueImage> images = imagesOf(items);
    const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(images.size()))));
    ValueImage grid = tiled(images, columns, gridGap, fill);
    grid.caption = caption;
    return grid;
}

}  // namespace

CompareView::CompareView(RunModel& model, ItemStore& store, QWidget* parent)
    : QWidget(parent), m_model(model), m_store(store) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(buildBar());
    m_compare = new ImageCompare(this);
    column->addWidget(m_compare, 1);
    connect(&store, &ItemStore::replaced, this, &CompareView::followData);
    connect(&store, &ItemStore::arrived, this, [this](Look look) {
        if (look != Look::Thumbnails)
            refresh();
    });
    connect(&model, &RunModel::framesChanged, this, &CompareView::refreshNumbers);
    connect(&model, &RunModel::previewsChanged, this, &CompareView::refreshNumbers);
    connect(&model, &RunModel::configChanged, this, &CompareView::refresh);
    followData();
}

QLayout* CompareView::buildBar() {
    auto* rows = new QVBoxLayout;  // two of them: narrow windows have no room for one
    rows->setSpacing(4);
    auto* how = new QHBoxLayout;
    auto* row = new QHBoxLayout;
    for (QHBoxLayout* each : {how, row}) {
        each->setSpacing(4);
        rows->addLayout(each);
    }
    const QList<ModeText> modes{
        {tr("Side by side"), tr("Both, under one zoom")},
        {tr("Wipe"), tr("One over the other; drag the line, or Ctrl with the arrow keys")},
        {tr("Difference"), tr("The first minus the second, value by value")},
        {tr("Flicker"), tr("In turns at one place; Space changes by hand")}};
    m_modes = addModeButtons(*how, modes, this);
    how->addStretch(1);
    row->addWidget(new TextLabel(TextLabel::Role::Muted, tr("With"), this));
    m_with = new ElidedBox(this);
    m_with->setAccessibleName(tr("What it is compared with"));
    m_with->addItems({tr("Another item"), tr("A sample"), tr("Grids: data and samples")});
    m_with->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_with->setMinimumContentsLength(9);
    row->addWidget(m_with, 1);
    m_number = new QSpinBox(this);
    m_number->setAccessibleName(tr("Number of what it is compared with"));
    row->addWidget(m_number);
    connect(m_modes, &QButtonGroup::idClicked, this,
            [this](int id) { m_compare->setMode(static_cast<ImageCompare::Mode>(id)); });
    connect(m_with, &QComboBox::currentIndexChanged, this, &CompareView::refreshNumbers);
    connect(m_number, &QSpinBox::valueChanged, this, &CompareView::refresh);
    return rows;
}

void CompareView::setWith(With with) {
    m_with->setCurrentIndex(static_cast<int>(with));
}

void CompareView::setMode(ImageCompare::Mode mode) {
    m_modes->button(static_cast<int>(mode))->setChecked(true);
    m_compare->setMode(mode);
}

std::vector<Item> CompareView::samples() const {
    if (m_model.samples() && !m_model.samples()->items.empty())
        return m_model.samples()->items;
    return m_model.previews().empty() ? std::vector<Item>() : m_model.previews().back().items;
}

void CompareView::followData() {
    refreshNumbers();
    const QSignalBlocker quiet(m_number);
    m_number->setValue(m_with->currentIndex() == static_cast<int>(With::OtherItem) ? 2 : 1);
    refresh();
}

void CompareView::refreshNumbers() {
    const auto with = static_cast<With>(m_with->currentIndex());
    const std::int64_t count =
        with == With::OtherItem ? m_store.count() : static_cast<std::int64_t>(samples().size());
    {
        const QSignalBlocker quiet(m_number);
        m_number->setRange(count > 0 ? 1 : 0, static_cast<int>(count));
        m_number->setSuffix(tr(" of %1").arg(count));
        m_number->setVisible(with != With::Grids && count > 0 && !isAlone());
    }
    refresh();
}

void CompareView::showIndex(std::int64_t index) {
    m_index = index;
    refresh();
}

void CompareView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

ValueImage CompareView::stored(Look look, std::int64_t index) const {
    const ItemRead* read = m_store.find(look, index);
    if (read == nullptr || !read->item.array)
        return {};
    const QString caption = captionOf(read->item, m_model.labels());
    return valueImageOf(read->item, tr("Item %1 (%2)").arg(index + 1).arg(caption));
}

bool CompareView::isAlone() const {
    return static_cast<With>(m_with->currentIndex()) == With::OtherItem && m_store.count() < 2;
}

QString CompareView::placeholder() const {
    if (isAlone())
        return tr(
            "There is no other item to compare this one with. Open a folder, or a file that holds several; "
            "or train, and compare it with a sample.");
    const bool other = static_cast<With>(m_with->currentIndex()) == With::OtherItem;
    return other || !samples().empty() ? tr("Reading…") : tr("Nothing was drawn yet: train, or press Sample");
}

ValueImage CompareView::left() const {
    if (static_cast<With>(m_with->currentIndex()) == With::Grids)
        return gridOf(m_model.dataPreview(), static_cast<float>(m_model.displayRange().first), tr("Data"));
    return stored(Look::Whole, m_index);
}

ValueImage CompareView::right() const {
    const auto with = static_cast<With>(m_with->currentIndex());
    if (with == With::OtherItem)
        return isAlone() ? ValueImage() : stored(Look::Compared, m_number->value() - 1);
    const std::vector<Item> drawn = samples();
    if (with == With::Grids)
        return gridOf(drawn, static_cast<float>(m_model.displayRange().first), tr("Samples"));
    const auto place = static_cast<std::size_t>(std::max(0, m_number->value() - 1));
    return place < drawn.size() ? valueImageOf(drawn[place], tr("Sample %1").arg(place + 1)) : ValueImage();
}

void CompareView::refresh() {
    if (!isVisible())
        return;
    if (static_cast<With>(m_with->currentIndex()) == With::OtherItem && !isAlone())
        m_store.want(Look::Compared, {m_number->value() - 1});
    m_compare->setPlaceholder(placeholder());
    const auto [low, high] = m_model.displayRange();
    m_compare->setRange(low, high);
    m_compare->setImages(left(), right());
}

}  // namespace denoscope
