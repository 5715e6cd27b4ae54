// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/ItemChooser.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSlider>
#include <QSpinBox>
#include <algorithm>

#include "ui/TextLabel.h"

namespace denoscope {

ItemChooser::ItemChooser(RunModel& model, ItemStore& store, QWidget* parent)
    : QWidget(parent), m_model(model), m_store(store) {
    build();
    connect(&store, &ItemStore::replaced, this, &ItemChooser::followData);
    connect(&store, &ItemStore::indexArrived, this, &ItemChooser::reorder);
    followData();
}

void ItemChooser::build() {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setMinimumWidth(48);
    m_slider->setAccessibleName(tr("Item"));
    row->addWidget(m_slider, 1);
    m_number = new QSpinBox(this);
    m_number->setAccessibleName(tr("Item number"));
    m_number->setToolTip(tr("Which item is shown, counted from 1"));
    row->addWidget(m_number);
    m_place = new TextLabel(TextLabel::Role::Muted, {}, this);
    m_place->setWordWrap(false);
    row->addWidget(m_place);
    m_labels = new QComboBox(this);
    m_labels->setAccessibleName(tr("Classes shown"));
    m_labels->setToolTip(tr("Show the items of one class only"));
    row->addWidget(m_labels);
    m_sort = new QComboBox(this);
    m_sort->setAccessibleName(tr("Order"));
    m_sort->setToolTip(tr("The order in which the items are shown. Sorting by mean reads all of them once."));
    m_sort->addItem(tr("In order"), static_cast<int>(SortBy::Index));
    m_sort->addItem(tr("By class"), static_cast<int>(SortBy::Label));
    m_sort->addItem(tr("By mean"), static_cast<int>(SortBy::Mean));
    row->addWidget(m_sort);
    for (QComboBox* box : {m_labels, m_sort}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
        box->setMinimumWidth(70);  // in narrow windows
    }
    connect(m_slider, &QSlider::valueChanged, this, &ItemChooser::go);
    connect(m_number, &QSpinBox::valueChanged, this, [this](int number) { go(number - 1); });
    connect(m_labels, &QComboBox::activated, this, [this] { reorder(); });
    connect(m_sort, &QComboBox::activated, this, [this] {
        m_store.wantIndex(m_sort->currentData().toInt() == static_cast<int>(SortBy::Mean));
        reorder();
    });
}

std::int64_t ItemChooser::index() const {
    return m_position >= 0 && m_position < static_cast<int>(m_order.size())
               ? m_order[static_cast<std::size_t>(m_position)]
               : -1;
}

void ItemChooser::setSortBy(SortBy sortBy) {
    m_sort->setCurrentIndex(m_sort->findData(static_cast<int>(sortBy)));
    m_store.wantIndex(sortBy == SortBy::Mean);
    reorder();
}

void ItemChooser::setLabel(int label) {
    m_labels->setCurrentIndex(std::max(0, m_labels->findData(label)));
    reorder();
}

// The same data opened anew leaves the person where they were.
void ItemChooser::followData() {
    const bool has = m_store.count() > 0;
    const std::string source = has ? m_model.openedData()->source + '\n' + m_model.openedData()->part : "";
    const std::int64_t before = source == m_source ? index() : 0;
    const int label =
        source == m_source && m_labels->count() > 0 ? m_labels->currentData().toInt() : everyLabel;
    m_source = source;
    m_labels->clear();
    m_labels->addItem(tr("All classes"), everyLabel);
    if (has)
        for (std::size_t i = 0; i < m_model.facts()->labels.size(); ++i)
            m_labels->addItem(QString::fromStdString(m_model.facts()->labels[i]), static_cast<int>(i));
    m_labels->setVisible(m_labels->count() > 2);
    m_sort->setVisible(m_store.count() > 2);
    if (m_labels->count() > 2)
        m_store.wantIndex(false);
    m_labels->setCurrentIndex(std::max(0, m_labels->findData(label)));
    m_order = orderedItems(m_store.count(), nullptr, SortBy::Index, everyLabel);
    m_position =
        std::clamp(static_cast<int>(before), m_order.empty() ? -1 : 0, static_cast<int>(m_order.size()) - 1);
    m_announced = -2;
    reorder();
}

void ItemChooser::reorder() {
    const std::int64_t before = index();
    m_order =
        orderedItems(m_store.count(), m_store.index(), static_cast<SortBy>(m_sort->currentData().toInt()),
                     m_labels->currentData().toInt());
    const auto found = std::ranges::find(m_order, before);
    m_position = found != m_order.end() ? static_cast<int>(found - m_order.begin())
                 : m_order.empty()      ? -1
                                        : 0;
    refresh();
    Q_EMIT orderChanged();
}

void ItemChooser::choose(std::int64_t index) {
    const bool hidden = std::ranges::find(m_order, index) == m_order.end();
    if (hidden && index >= 0 && index < m_store.count())
        setLabel(everyLabel);
    if (const auto found = std::ranges::find(m_order, index); found != m_order.end())
        go(static_cast<int>(found - m_order.begin()));
}

void ItemChooser::step(int by) {
    go(m_position + by);
}

void ItemChooser::go(int position) {
    m_position = std::clamp(position, m_order.empty() ? -1 : 0, static_cast<int>(m_order.size()) - 1);
    refresh();
}

QString ItemChooser::placeText() const {
    const double timeStep = m_model.facts() ? m_model.facts()->details.timeStep : 0;
    if (index() >= 0 && timeStep > 0)
        return tr("of %1, at %2 s")
            .arg(m_order.size())
            .arg(static_cast<double>(index()) * timeStep, 0, 'g', 6);
    return tr("of %1").arg(m_order.size());
}

void ItemChooser::refresh() {
    const int count = static_cast<int>(m_order.size());
    const QSignalBlocker sliderQuiet(m_slider), numberQuiet(m_number);
    m_slider->setRange(0, std::max(0, count - 1));
    m_slider->setPageStep(std::max(1, count / 20));
    m_slider->setValue(std::max(0, m_position));
    m_number->setRange(count > 0 ? 1 : 0, count);
    m_number->setValue(m_position + 1);
    setEnabled(count > 1 || m_store.count() > 1);
    m_place->setText(placeText());
    if (m_announced == index())
        return;
    m_announced = index();
    Q_EMIT chosen(m_announced);
}

}  // namespace denoscope
