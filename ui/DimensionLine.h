// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "engine/api/Dimension.h"

class QHBoxLayout;
class QLabel;

namespace denoscope {

class RunController;
class RunModel;

// In how many dimensions the open data is best learned, why, and a button for every other way to take it.
// Stands out while the data is taken in another way than is advised.
class DimensionLine : public QFrame {
    Q_OBJECT

public:
    DimensionLine(RunModel& model, RunController& controller, QWidget* parent = nullptr);

    QString text() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void restyle();
    void addButton(const DimensionAdvice::Way& way, bool advised);

    RunModel& m_model;
    RunController& m_controller;
    bool m_calls = false;  // the data is taken otherwise than advised
    bool m_restyling = false;
    std::int64_t m_openings = -1;
    QLabel* m_text = nullptr;
    QHBoxLayout* m_buttons = nullptr;
};

}  // namespace denoscope
