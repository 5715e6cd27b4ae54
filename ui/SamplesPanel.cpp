// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SamplesPanel.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QSplitter>
#include <QToolButton>
#include <algorithm>

#include "ui/ExportButton.h"
#include "ui/FactLines.h"
#include "ui/ItemsView.h"
#include "ui/ModeButtons.h"
#include "ui/Preferences.h"
#include "ui/RunModel.h"
#include "ui/TextLabel.h"
#include "widgets/ScrubBar.h"

namespace denoscope {

SamplesPanel::SamplesPanel(const PanelContext& context, QWidget* parent)
    : QWidget(parent), m_context(context) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(12, 10, 12, 8);
    outer->setSpacing(6);
    outer->addLayout(buildHeader());
    auto* splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    m_sampleColumn = column(m_sampleTitle, m_samples);
    m_dataColumn = column(m_dataTitle, m_data);
    m_sampleTitle->setText(tr("Drawn by the network"));
    splitter->addWidget(m_sampleColumn);
    splitter->addWidget(m_dataColumn);
    splitter->setSizes({1000, 1000});
    outer->addWidget(splitter, 1);
    m_scrub = new ScrubBar(this);
    m_scrub->setAccessibleName(tr("Previews of earlier steps"));
    m_scrub->followLive(true);
    m_scrub->setFrameText([this](int frame) {
        const auto& previews = m_context.model.previews();
        return frame >= 0 && frame < static_cast<int>(previews.size())
                   ? tr("step %1").arg(previews[static_cast<std::size_t>(frame)].step)
                   : QString();
    });
    outer->addWidget(m_scrub);
    connect(m_scrub, &ScrubBar::frameChanged, this, &SamplesPanel::refreshSamples);
    connect(&context.model, &RunModel::dataChanged, this, &SamplesPanel::refreshData);
    connect(&context.model, &RunModel::dataChanged, this,
            &SamplesPanel::refreshSamples);  // drawn as they are
    connect(&context.model, &RunModel::configChanged, this, [this] {
        m_data->setChannelWindows(m_context.model.drawnWindows());
        m_data->setRange(m_context.model.drawnRange());
    });
    connect(&context.model, &RunModel::previewsChanged, this, [this] {
        m_scrub->setFrameCount(static_cast<int>(m_context.model.previews().size()));
        refreshSamples();
        refreshLayout();
    });
    setShow(static_cast<Show>(std::clamp(context.preferences.value("samples/show", 0).toInt(), 0, 3)));
    refreshData();
    refreshSamples();
}

QLayout* SamplesPanel::buildHeader() {
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    m_show = addModeButtons(
        *row,
        {{tr("Samples"), {}},
         {tr("Data"), {}},
         {tr("Side by side"), {}, tr("Both")},
         {tr("Overlaid"),
          tr("Real signals behind those drawn; real volumes offered as overlays of those drawn")}},
        this);
    connect(m_show, &QButtonGroup::idClicked, this, [this](int id) { setShow(static_cast<Show>(id)); });
    m_step = new TextLabel(TextLabel::Role::Muted, {}, this);
    m_step->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_step->setElided();
    row->addWidget(m_step, 1);
    m_export = new ExportButton(
        m_context, [this] { return m_samples->items(); }, this);
    row->addWidget(m_export);
    return row;
}

QWidget* SamplesPanel::column(TextLabel*& title, ItemsView*& view) {
    auto* holder = new QWidget(this);
    auto* layout = new QVBoxLayout(holder);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    title = new TextLabel(TextLabel::Role::Muted, {}, holder);
    view = new ItemsView(holder);
    layout->addWidget(title);
    layout->addWidget(view, 1);
    return holder;
}

void SamplesPanel::setShow(Show show) {
    m_show->button(static_cast<int>(show))->setChecked(true);
    m_context.preferences.setValue("samples/show", static_cast<int>(show));
    refreshLayout();
}

void SamplesPanel::refreshLayout() {
    const RunModel& model = m_context.model;
    const bool comparable = model.hasRun() && model.facts() && model.kind() == model.runKind() &&
                            model.runKind() != DataKind::Image;
    m_show->button(static_cast<int>(Show::Overlaid))->setVisible(comparable);
    const Show show = chosen();
    // Until there is something drawn, the data is what there is to look at.
    const bool waiting = model.previews().empty() && !model.dataPreview().empty();
    m_sampleColumn->setVisible(show != Show::Data && !(show != Show::Both && waiting));
    m_dataColumn->setVisible(show == Show::Data || show == Show::Both || waiting);
    m_scrub->setVisible(model.previews().size() > 1 && show != Show::Data);
    m_export->setEnabled(!model.previews().empty());
    refreshReference();
}

// What is kept as a preference may not suit what is open.
SamplesPanel::Show SamplesPanel::chosen() const {
    const auto show = static_cast<Show>(m_show->checkedId());
    const bool offered = !m_show->button(static_cast<int>(show))->isHidden();
    return offered ? show : Show::Samples;
}

void SamplesPanel::refreshReference() {
    const RunModel& model = m_context.model;
    m_samples->setReference(chosen() == Show::Overlaid ? model.dataPreview() : std::vector<Item>(),
                            tr("real"), tr("drawn"));
}

void SamplesPanel::refreshData() {
    const RunModel& model = m_context.model;
    m_data->setPlaceholder(model.openingData() ? tr("Opening the data…")
                                               : tr("Choose data, and it shows here"));
    m_samples->setPlaceholder(model.facts()
                                  ? tr("Press Train: what the network draws shows here")
                                  : tr("Choose data and press Train: what the network draws shows here"));
    if (model.facts()) {
        m_data->setDetails(model.details(), model.facts()->dtype);
        m_data->setChannelWindows(model.drawnWindows());
        m_data->setItems(model.dataPreview(), model.kind(), model.drawnRange(), model.labels());
        m_dataTitle->setText(tr("Real data: %1").arg(titleOf(*model.facts())));
    }
    refreshLayout();
}

void SamplesPanel::refreshSamples() {
    const RunModel& model = m_context.model;
    const int frame = m_scrub->frame();
    if (frame < 0 || frame >= static_cast<int>(model.previews().size())) {
        m_samples->clear();
        m_step->setText({});
        return;
    }
    const PreviewGrid& preview = model.previews()[static_cast<std::size_t>(frame)];
    m_samples->setDetails(model.runDetails());
    m_samples->setChannelWindows(model.runDrawnWindows());
    m_samples->setItems(preview.items, model.runKind(), model.runDrawnRange(), model.runLabels());
    m_step->setText(tr("step %1, fixed seeds").arg(preview.step));
}

}  // namespace denoscope
