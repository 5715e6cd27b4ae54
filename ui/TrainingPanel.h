// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/PanelContext.h"

class QProgressBar;
class QSpinBox;

namespace denoscope {

class CurveBox;
class TextLabel;

// The run: its buttons, how far it is, its curve, and the training settings.
class TrainingPanel : public QWidget {
    Q_OBJECT

public:
    explicit TrainingPanel(const PanelContext& context, QWidget* parent = nullptr);

    CurveBox& curve() { return *m_curve; }
    QString progressText() const;
    QSpinBox& target() { return *m_target; }

private:
    QLayout* buildButtons();
    QLayout* buildTarget();
    void refreshProgress();
    void refreshRun();
    void refreshObstacle();

    PanelContext m_context;
    TextLabel* m_runName = nullptr;
    QProgressBar* m_progress = nullptr;
    TextLabel* m_pace = nullptr;
    TextLabel* m_difference = nullptr;
    TextLabel* m_obstacle = nullptr;
    QWidget* m_targetRow = nullptr;
    QSpinBox* m_target = nullptr;
    CurveBox* m_curve = nullptr;
};

}  // namespace denoscope
