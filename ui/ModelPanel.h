// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <utility>
#include <vector>

#include "ui/PanelContext.h"

class QAction;
class QHBoxLayout;
class QProgressBar;
class QPushButton;

namespace denoscope {

class TextLabel;
struct Preset;

// The network and its noise: presets that fit the data, what the choice costs, and every setting that means
// something with the others as they are.
class ModelPanel : public QWidget {
    Q_OBJECT

public:
    explicit ModelPanel(const PanelContext& context, QWidget* parent = nullptr);

    QString costText() const;
    QString exactCostText() const;  // its tool tip
    QString presetText() const;
    QString obstacleText() const;  // what stands in the way of training, empty when nothing does

private:
    QWidget* buildPresets();
    QPushButton* buildSize(const Preset& preset, QHBoxLayout* row);
    QAction* buildNamed(const Preset& preset);
    QWidget* buildCost();
    void choosePreset(const Preset& preset);
    bool isChosen(const Preset& preset) const;
    void refreshPresets();
    void refreshCost();

    PanelContext m_context;
    std::vector<std::pair<const Preset*, QPushButton*>> m_sizes;  // the recommendation at three sizes
    std::vector<std::pair<const Preset*, QAction*>> m_named;      // networks by their names
    QPushButton* m_byName = nullptr;                              // opens the menu of those
    TextLabel* m_presetText = nullptr;
    TextLabel* m_cost = nullptr;
    QProgressBar* m_memory = nullptr;
    TextLabel* m_refusal = nullptr;
};

}  // namespace denoscope
