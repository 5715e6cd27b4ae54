// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/ItemChooser.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSlider>
#include <QSpinBox>
#include <algorithm>

#include "ui/TextLabel.h"
#include "widgets/ElidedBox.h"

namespace denoscope {

namespace {

constexpr int rowSpacing = 6;

// The item's own number; its arrows go to the neighbours among those that are shown.
class ItemNumber : public QSpinBox {
public:
    explicit ItemNumber(ItemChooser* chooser) : QSpinBox(chooser), m_chooser(*chooser) {
        setKeyboardTracking(false);  // the beginning of a number is another one
    }
    void stepBy(int steps) override { m_chooser.step(steps); }

protected:
    StepEnabled stepEnabled() const override {
        const int last = static_cast<int>(m_chooser.order().size()) - 1;
        return (m_chooser.position() > 0 ? StepDownEnabled : StepNone) |
               (m_chooser.position() < last ? StepUpEnabled : StepNone);
    }

private:
    ItemChooser& m_chooser;
};

}  // namespace

ItemChooser::ItemChooser(RunModel& model, ItemStore& store, QWidget* parent)
    : QWidget(parent), m_model(model), m_store(store) {
    build();
    connect(&store, &ItemStore::replaced, this, &ItemChooser::followData);
    connect(&store, &ItemStore::indexArrived, this, &ItemChooser::reorder);
    followData();
}

void ItemChooser::build() {
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(4);
    m_first = new QHBoxLayout;
    m_second = new QHBoxLayout;
    for (QHBoxLayout* row : {m_first, m_second}) {
        row->setSpacing(rowSpacing);
        rows->addLayout(row);
    }
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setMinimumWidth(48);
    m_slider->setAccessibleName(tr("Item"));
    m_first->addWidget(m_slider, 1);
    m_number = new ItemNumber(this);
    m_number->setAccessibleName(tr("Item number"));
    m_number->setToolTip(
        tr("The number of the item in the data, counted from 1. The arrows go through the items that are "
           "shown, in their order."));
    m_first->addWidget(m_number);
    m_place = new TextLabel(TextLabel::Role::Muted, {}, this);
    m_place->setWordWrap(false);
    m_first->addWidget(m_place);
    m_labels = new ElidedBox(this);
    m_labels->setAccessibleName(tr("Classes shown"));
    m_labels->setToolTip(tr("Show the items of one class only"));
    m_sort = new ElidedBox(this);
    m_sort->setAccessibleName(tr("Order"));
    m_sort->setToolTip(tr("The order in which the items are shown. Sorting by mean reads all of them once."));
    m_sort->addItem(tr("In order"), static_cast<int>(SortBy::Index));
    m_sort->addItem(tr("By class"), static_cast<int>(SortBy::Label));
    m_sort->addItem(tr("By mean"), static_cast<int>(SortBy::Mean));
    for (QComboBox* box : {m_labels, m_sort}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
        box->setMinimumWidth(70);  // in narrow windows
        m_first->addWidget(box);
    }
    connect(m_slider, &QSlider::valueChanged, this, &ItemChooser::go);
    connect(m_number, &QSpinBox::valueChanged, this, [this](int number) { choose(number - 1); });
    connect(m_labels, &QComboBox::activated, this, [this] { reorder(); });
    connect(m_sort, &QComboBox::activated, this, [this] {
        m_store.wantIndex(m_sort->currentData().toInt() == static_cast<int>(SortBy::Mean));
        reorder();
    });
}

int ItemChooser::numbersWidth() const {
    return m_slider->minimumWidth() + m_number->sizeHint().width() + m_place->sizeHint().width() +
           2 * rowSpacing;
}

int ItemChooser::menusWidth() const {
    int width = 0;
    for (const QComboBox* box : {m_labels, m_sort})
        width += box->isHidden() ? 0 : box->minimumWidth() + rowSpacing;
    return width;
}

// The menus go below where they would take the room of the numbers.
void ItemChooser::arrange() {
    const bool below = numbersWidth() + menusWidth() > width();
    QHBoxLayout* row = below ? m_second : m_first;
    if (row->indexOf(m_sort) >= 0)
        return;
    for (QComboBox* box : {m_labels, m_sort}) {
        (below ? m_first : m_second)->removeWidget(box);
        row->addWidget(box, below ? 1 : 0);
    }
}

QSize ItemChooser::minimumSizeHint() const {
    return {std::max(numbersWidth(), menusWidth()), QWidget::minimumSizeHint().height()};
}

void ItemChooser::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
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
    QString text = tr("of %1").arg(m_store.count());
    if (index() >= 0 && timeStep > 0)
        text += tr(", at %1 s").arg(static_cast<double>(index()) * timeStep, 0, 'g', 6);
    if (static_cast<std::int64_t>(m_order.size()) < m_store.count())
        text += tr(" · %1 of %2 shown").arg(m_position + 1).arg(m_order.size());
    else if (m_sort->currentData().toInt() != static_cast<int>(SortBy::Index))
        text += tr(" · place %1").arg(m_position + 1);
    return text;
}

void ItemChooser::refresh() {
    const int count = static_cast<int>(m_order.size());
    const QSignalBlocker sliderQuiet(m_slider), numberQuiet(m_number);
    m_slider->setRange(0, std::max(0, count - 1));
    m_slider->setPageStep(std::max(1, count / 20));
    m_slider->setValue(std::max(0, m_position));
    m_number->setSpecialValueText(count > 0 ? QString() : QStringLiteral("–"));  // of the lowest, 0: none
    m_number->setRange(count > 0 ? 1 : 0, static_cast<int>(m_store.count()));
    m_number->setValue(static_cast<int>(index() + 1));
    setEnabled(count > 1 || m_store.count() > 1);
    m_place->setText(placeText());
    arrange();
    if (m_announced == index())
        return;
    m_announced = index();
    Q_EMIT chosen(m_announced);
}

}  // namespace denoscope
