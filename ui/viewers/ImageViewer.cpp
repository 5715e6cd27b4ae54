// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/ImageViewer.h"

#include <QHBoxLayout>
#include <QToolButton>
#include <algorithm>
#include <numeric>

#include "engine/api/OwnWindow.h"
#include "ui/FactLines.h"
#include "ui/TextLabel.h"
#include "widgets/ImageView.h"

namespace denoscope {

namespace {

QString describe(const Item& item, const DataFacts& facts, ValueRange range) {
    const Shape& shape = item.array->shape;
    const std::vector<float>& values = item.array->values;
    const auto [low, high] = std::ranges::minmax(values);
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    const auto number = [](double value) { return QString::number(value, 'g', 6); };
    const QString unit =
        facts.details.unit.empty() ? QString() : " " + QString::fromStdString(facts.details.unit);
    return ImageViewer::tr("%1, channels: %2 · values %3 to %4%5, mean %6 · black %7, white %8")
        .arg(sizeText(shape))
        .arg(shape[0])
        .arg(number(low), number(high), unit, number(mean), number(range.first), number(range.second));
}

}  // namespace

ImageViewer::ImageViewer(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_view = new ImageView(this);
    column->addWidget(m_view, 1);
    auto* row = new QHBoxLayout;
    m_description = new TextLabel(TextLabel::Role::Muted, {}, this);
    m_description->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_description, 1);
    const auto add = [this, row](const QString& text, const QString& tip) {
        auto* button = new QToolButton(this);
        button->setText(text);
        button->setToolTip(tip);
        row->addWidget(button, 0, Qt::AlignTop);
        return button;
    };
    connect(add(tr("Fit"), tr("Show all of the image (Home, or a double click)")), &QToolButton::clicked,
            m_view, &ImageView::fit);
    connect(add(tr("1:1"), tr("One pixel of the image on one of the screen (1)")), &QToolButton::clicked,
            this, [this] { m_view->setZoom(1 / devicePixelRatioF()); });
    column->addLayout(row);
}

void ImageViewer::setItems(const std::vector<Item>& items, const DataFacts& facts, ChosenRange chosen) {
    if (items.empty() || !items.front().array || items.front().array->shape.size() != 3) {
        m_view->setImage({});
        m_view->setValueText({});
        m_description->clear();
        return;
    }
    const Item& item = items.front();
    const ValueImage image = valueImageOf(item, {});
    const ValueRange range = chosen.value_or(ownWindow(facts));
    m_view->setImage(valuePicture(image, range.first, range.second));
    const QString unit =
        facts.details.unit.empty() ? QString() : " " + QString::fromStdString(facts.details.unit);
    m_view->setValueText([image, unit](int x, int y) { return valueText(image, x, y) + unit; });
    m_description->setText(describe(item, facts, range));
}

QString ImageViewer::description() const {
    return m_description->text();
}

}  // namespace denoscope
