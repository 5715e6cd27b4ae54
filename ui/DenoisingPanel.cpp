// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/DenoisingPanel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSplitter>

#include "ui/ActionButton.h"
#include "ui/Actions.h"
#include "ui/ExportButton.h"
#include "ui/Fold.h"
#include "ui/ItemsView.h"
#include "ui/PageScroll.h"
#include "ui/RunModel.h"
#include "ui/SettingsForm.h"
#include "ui/TextLabel.h"
#include "widgets/ScrubBar.h"

namespace denoscope {

namespace {

constexpr double framesPerSecond = 8;
constexpr int formHeight = 122;  // four lines; the rest is scrolled to

}  // namespace

DenoisingPanel::DenoisingPanel(const PanelContext& context, QWidget* parent)
    : QWidget(parent), m_context(context) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(12, 10, 12, 8);
    outer->setSpacing(6);
    outer->addLayout(buildHeader());
    auto* splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(column(tr("Noisy"), m_noisy, m_noisyCaption));
    splitter->addWidget(column(tr("Estimate of the clean item"), m_denoised, m_denoisedCaption));
    splitter->setSizes({1000, 1000});
    outer->addWidget(splitter, 1);
    m_scrub = new ScrubBar(this);
    m_scrub->setAccessibleName(tr("Denoising steps"));
    m_scrub->setFramesPerSecond(framesPerSecond);
    m_scrub->followLive(true);
    m_scrub->setFrameText([this](int frame) {
        const auto& frames = m_context.model.frames();
        return frame >= 0 && frame < static_cast<int>(frames.size())
                   ? QStringLiteral("σ = %1").arg(frames[static_cast<std::size_t>(frame)].sigma, 0, 'g', 3)
                   : QString();
    });
    outer->addWidget(m_scrub);
    m_form = new SettingsForm(context.model, "sampling", {}, this, 2);
    auto* scroll = new PageScroll(m_form, this);
    scroll->setFixedHeight(formHeight);
    outer->addWidget(
        new Fold(tr("Sampling settings"), scroll, context.preferences, "denoising/settings", true, this));

    connect(m_scrub, &ScrubBar::frameChanged, this, &DenoisingPanel::showFrame);
    connect(&context.model, &RunModel::framesChanged, this, &DenoisingPanel::refreshFrames);
    connect(&context.model, &RunModel::dataChanged, this, &DenoisingPanel::refreshLabels);
    connect(&context.model, &RunModel::dataChanged, this, &DenoisingPanel::showFrame);  // drawn as they are
    connect(&context.model, &RunModel::runChanged, this, &DenoisingPanel::refreshLabels);
    refreshFrames();
    refreshLabels();
}

QLayout* DenoisingPanel::buildHeader() {
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(new ActionButton(m_context.actions.sample, true, this));
    m_item = new QComboBox(this);
    m_item->setAccessibleName(tr("Item shown"));
    m_item->setMinimumContentsLength(7);
    row->addWidget(m_item);
    connect(m_item, &QComboBox::activated, this, [this](int index) { chooseItem(index - 1); });
    m_noise = new TextLabel(TextLabel::Role::Muted, {}, this);
    m_noise->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_noise->setElided();
    m_noise->setToolTip(tr("σ is the noise level: the standard deviation of the noise that is left"));
    row->addWidget(m_noise, 1);
    m_export = new ExportButton(
        m_context, [this] { return m_denoised->items(); }, this);
    m_export->offerFilm([this] {
        std::vector<std::vector<Item>> frames;
        for (const DenoisingFrame& frame : m_context.model.frames())
            frames.push_back(frame.denoised);
        return frames;
    });
    row->addWidget(m_export);
    return row;
}

QWidget* DenoisingPanel::column(const QString& title, ItemsView*& view, TextLabel*& caption) {
    auto* holder = new QWidget(this);
    auto* layout = new QVBoxLayout(holder);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    caption = new TextLabel(TextLabel::Role::Muted, title, holder);
    view = new ItemsView(holder);
    view->setAccessibleName(title);
    view->setThumbnailRow(false);  // the box above chooses
    layout->addWidget(caption);
    layout->addWidget(view, 1);
    connect(view, &ItemsView::shownItemChanged, this, &DenoisingPanel::chooseItem);
    return holder;
}

void DenoisingPanel::chooseItem(int index) {
    m_noisy->showItem(index);
    m_denoised->showItem(index);
    m_item->setCurrentIndex(index + 1);
}

void DenoisingPanel::refreshFrames() {
    const RunModel& model = m_context.model;
    const bool empty = model.frames().empty();
    const QString hint = model.hasRun() ? tr("Press Sample to watch noise become an item")
                                        : tr("Train or open a run first, then press Sample");
    m_noisy->setPlaceholder(hint);
    m_denoised->setPlaceholder(tr("The network's estimate shows here"));
    if (!empty && model.frames().back().request != m_request) {
        m_request = model.frames().back().request;
        refreshItems(static_cast<int>(model.frames().back().noisy.size()));
        m_scrub->setFrameCount(0);  // another sampling: follow it from its first frame
        m_scrub->followLive(true);
    }
    m_scrub->setFrameCount(static_cast<int>(model.frames().size()));
    if (empty)
        refreshItems(0);
    m_scrub->setEnabled(!empty);
    m_export->setEnabled(!empty);
    showFrame();
}

void DenoisingPanel::refreshItems(int count) {
    m_item->clear();
    m_item->addItem(tr("All items"));
    for (int i = 1; i <= count; ++i)
        m_item->addItem(tr("Item %1").arg(i));
    m_item->setEnabled(count > 0);
    chooseItem(m_denoised->shownItem() < count ? m_denoised->shownItem() : -1);
}

void DenoisingPanel::showFrame() {
    const RunModel& model = m_context.model;
    const int index = m_scrub->frame();
    if (index < 0 || index >= static_cast<int>(model.frames().size())) {
        m_noisy->clear();
        m_denoised->clear();
        m_noise->setText({});
        return;
    }
    const DenoisingFrame& frame = model.frames()[static_cast<std::size_t>(index)];
    for (ItemsView* view : {m_noisy, m_denoised}) {
        view->setDetails(model.runDetails());
        view->setChannelWindows(model.runDrawnWindows());
    }
    m_noisy->setItems(frame.noisy, model.runKind(), model.runDrawnRange(), model.runLabels());
    m_denoised->setItems(frame.denoised, model.runKind(), model.runDrawnRange(), model.runLabels());
    m_noise->setText(
        tr("step %1 of %2, σ = %3").arg(frame.index).arg(frame.total - 1).arg(frame.sigma, 0, 'g', 3));
}

void DenoisingPanel::refreshLabels() {
    QStringList names;
    const std::vector<std::string> labels = m_context.model.runLabels();
    if (!labels.empty())
        names << tr("Any");
    for (const std::string& label : labels)
        names << QString::fromStdString(label);
    if (m_classes == names)
        return;
    m_classes = names;
    m_form->setNames("sampling.label", names, -1);
}

}  // namespace denoscope
