// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/ItemStore.h"
#include "widgets/ImageCompare.h"

class QButtonGroup;
class QComboBox;
class QSpinBox;

namespace denoscope {

// The item being looked at beside another one, beside a sample of the network, or a grid of data beside a
// grid of samples.
class CompareView : public QWidget {
    Q_OBJECT

public:
    enum class With { OtherItem, Sample, Grids };

    CompareView(RunModel& model, ItemStore& store, QWidget* parent = nullptr);

    void showIndex(std::int64_t index);  // -1: none
    void setWith(With with);
    void setMode(ImageCompare::Mode mode);
    ImageCompare& compare() { return *m_compare; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    QLayout* buildBar();
    void followData();
    void refreshNumbers();
    void refresh();
    ValueImage left() const;
    ValueImage right() const;
    ValueImage stored(Look look, std::int64_t index) const;
    std::vector<Item> samples() const;
    bool isAlone() const;  // with other items to compare with asked for, and none there
    QString placeholder() const;

    RunModel& m_model;
    ItemStore& m_store;
    std::int64_t m_index = -1;
    QButtonGroup* m_modes = nullptr;
    QComboBox* m_with = nullptr;
    QSpinBox* m_number = nullptr;
    ImageCompare* m_compare = nullptr;
};

}  // namespace denoscope
