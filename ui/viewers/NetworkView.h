// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/ItemStore.h"

class QDoubleSpinBox;
class QLabel;
class QSlider;
class QSpinBox;
class QTimer;

namespace denoscope {

class HistogramView;
class ItemsView;

// An item as the network will see it: cut, padded, scaled and mapped to -1..1, with a sentence for each step,
// how its values spread, and the same item noised at a level of your choice.
class NetworkView : public QWidget {
    Q_OBJECT

public:
    NetworkView(RunModel& model, ItemStore& store, QWidget* parent = nullptr);

    void showIndex(std::int64_t index);  // -1: none
    double sigma() const;
    void setSigma(double sigma);  // within the range of the sampling settings
    QString stepsText() const;
    const ItemsView& clean() const { return *m_clean; }
    const ItemsView& noisy() const { return *m_noisy; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* buildViews();
    QLayout* buildNoiseRow();
    void refreshRange();
    void ask();
    void present(const ItemPrepared& prepared);

    RunModel& m_model;
    ItemStore& m_store;
    std::int64_t m_index = -1;
    double m_lowest = 0.002, m_highest = 80;  // sigma at the ends of the slider
    QTimer* m_later = nullptr;                // one request for many changes
    QLabel* m_steps = nullptr;
    ItemsView* m_clean = nullptr;
    ItemsView* m_noisy = nullptr;
    QLabel* m_cleanTitle = nullptr;
    QLabel* m_noisyTitle = nullptr;
    HistogramView* m_histogram = nullptr;
    QSlider* m_slider = nullptr;
    QDoubleSpinBox* m_sigma = nullptr;
    QSpinBox* m_seed = nullptr;
};

}  // namespace denoscope
