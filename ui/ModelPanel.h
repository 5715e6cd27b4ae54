// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/PanelContext.h"

class QButtonGroup;
class QProgressBar;

namespace denoscope {

class SettingsForm;
class TextLabel;

// The network and its noise: three presets that fit the data, what the choice costs, and every setting.
class ModelPanel : public QWidget {
    Q_OBJECT

public:
    explicit ModelPanel(const PanelContext& context, QWidget* parent = nullptr);

    QString costText() const;
    QString presetText() const;
    QString obstacleText() const;  // what stands in the way of training, empty when nothing does

private:
    QWidget* buildPresets();
    QWidget* buildCost();
    void choosePreset(const std::string& key);
    void refreshPresets();
    void refreshCost();

    PanelContext m_context;
    QButtonGroup* m_presets = nullptr;
    TextLabel* m_presetText = nullptr;
    TextLabel* m_cost = nullptr;
    QProgressBar* m_memory = nullptr;
    TextLabel* m_refusal = nullptr;
};

}  // namespace denoscope
