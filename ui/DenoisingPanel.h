// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include "ui/PanelContext.h"

class QComboBox;

namespace denoscope {

class ExportButton;
class ItemsView;
class ScrubBar;
class SettingsForm;
class TextLabel;

// One sampling taken apart: the noisy x and the network's estimate of the clean one at every noise level, to
// follow live or to scrub through afterwards.
class DenoisingPanel : public QWidget {
    Q_OBJECT

public:
    explicit DenoisingPanel(const PanelContext& context, QWidget* parent = nullptr);

    ItemsView& noisy() { return *m_noisy; }
    ItemsView& denoised() { return *m_denoised; }
    ScrubBar& scrub() { return *m_scrub; }
    void chooseItem(int index);  // -1: all

private:
    QLayout* buildHeader();
    QWidget* column(const QString& title, ItemsView*& view, TextLabel*& caption);
    void refreshFrames();
    void showFrame();
    void refreshItems(int count);
    void refreshLabels();

    PanelContext m_context;
    QComboBox* m_item = nullptr;
    ExportButton* m_export = nullptr;
    TextLabel* m_noise = nullptr;
    TextLabel* m_noisyCaption = nullptr;
    TextLabel* m_denoisedCaption = nullptr;
    ItemsView* m_noisy = nullptr;
    ItemsView* m_denoised = nullptr;
    ScrubBar* m_scrub = nullptr;
    SettingsForm* m_form = nullptr;
    QStringList m_classes;  // as offered by the form
    std::int64_t m_request = -1;
};

}  // namespace denoscope
