// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/PanelContext.h"

class QButtonGroup;

namespace denoscope {

class ItemsView;
class ScrubBar;
class TextLabel;

// What the network draws from fixed seeds while it learns, beside the data it learns from, with the previews
// of earlier steps to go back to.
class SamplesPanel : public QWidget {
    Q_OBJECT

public:
    enum class Show { Samples, Data, Both, Overlaid };  // the last for signals and volumes only

    explicit SamplesPanel(const PanelContext& context, QWidget* parent = nullptr);

    ItemsView& samples() { return *m_samples; }
    ItemsView& data() { return *m_data; }
    ScrubBar& scrub() { return *m_scrub; }
    void setShow(Show show);

private:
    QLayout* buildHeader();
    QWidget* column(TextLabel*& title, ItemsView*& view);
    void refreshLayout();
    void refreshData();
    void refreshSamples();
    void refreshReference();
    Show chosen() const;

    PanelContext m_context;
    QButtonGroup* m_show = nullptr;
    TextLabel* m_step = nullptr;
    QWidget* m_sampleColumn = nullptr;
    QWidget* m_dataColumn = nullptr;
    TextLabel* m_sampleTitle = nullptr;
    TextLabel* m_dataTitle = nullptr;
    ItemsView* m_samples = nullptr;
    ItemsView* m_data = nullptr;
    ScrubBar* m_scrub = nullptr;
    QWidget* m_export = nullptr;
};

}  // namespace denoscope
