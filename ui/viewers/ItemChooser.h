// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/ItemStore.h"
#include "ui/viewers/ItemOrder.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QSlider;
class QSpinBox;

namespace denoscope {

// Which item is looked at: a slider and a number that go through all of them, or those of one class, in the
// order of your choice. The number is the item's own, from 1, whatever is shown and in whichever order. Where
// items are time points it is the time.
class ItemChooser : public QWidget {
    Q_OBJECT

public:
    ItemChooser(RunModel& model, ItemStore& store, QWidget* parent = nullptr);

    std::int64_t index() const;  // of the item; -1: none
    const std::vector<std::int64_t>& order() const { return m_order; }
    int position() const { return m_position; }  // within the order; -1: none
    // What follows the item's number: "of 60000", "of 20, at 3.2 s", "of 3882 · 74 of 388 shown".
    QString placeText() const;

    void setSortBy(SortBy sortBy);
    void setLabel(int label);  // everyLabel: all

    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void choose(std::int64_t index);  // clears the filter where it hides the item
    void step(int by);

Q_SIGNALS:
    void chosen(std::int64_t index);  // another item, by whomever, or -1
    void orderChanged();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void arrange();
    int numbersWidth() const;
    int menusWidth() const;
    void followData();
    void reorder();
    void go(int position);
    void refresh();

    RunModel& m_model;
    ItemStore& m_store;
    std::vector<std::int64_t> m_order;
    int m_position = -1;
    std::int64_t m_announced = -2;
    std::string m_source;
    QHBoxLayout* m_first = nullptr;
    QHBoxLayout* m_second = nullptr;
    QSlider* m_slider = nullptr;
    QSpinBox* m_number = nullptr;
    QComboBox* m_labels = nullptr;
    QComboBox* m_sort = nullptr;
    QLabel* m_place = nullptr;
};

}  // namespace denoscope
