// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/RunModel.h"
#include "widgets/CurvePlot.h"

class QComboBox;

namespace denoscope {

class Preferences;
class TextLabel;

// The curve of a run: loss, learning rate, gradient norm or throughput over the steps.
class CurveBox : public QWidget {
    Q_OBJECT

public:
    CurveBox(RunModel& model, Preferences& preferences, QWidget* parent = nullptr);

    int pointCount() const { return m_points; }
    int markCount() const { return static_cast<int>(m_marks.size()); }
    CurvePlot& plot() { return *m_plot; }
    void showQuantity(int index);  // 0 loss, 1 learning rate, 2 gradient norm, 3 steps per second

private:
    void replace();
    void append(const std::vector<MetricRow>& rows);
    void markPieces(const MetricRow& row);
    void showReadout();
    void rememberView(Preferences& preferences);

    RunModel& m_model;
    QComboBox* m_quantity = nullptr;
    CurvePlot* m_plot = nullptr;
    TextLabel* m_readout = nullptr;
    QString m_pointed;  // the value under the mouse
    int m_points = 0;
    std::vector<CurveMark> m_marks;
    std::int64_t m_atOnce = 0;  // MetricRow::microBatch of the last row
};

}  // namespace denoscope
