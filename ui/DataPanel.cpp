// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/DataPanel.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QMenu>
#include <QProgressBar>
#include <QStackedWidget>
#include <QToolButton>

#include "ui/Actions.h"
#include "ui/DimensionLine.h"
#include "ui/FactLines.h"
#include "ui/Fold.h"
#include "ui/ItemsView.h"
#include "ui/PageScroll.h"
#include "ui/SettingsForm.h"
#include "ui/TextLabel.h"
#include "ui/WelcomePage.h"
#include "widgets/HistogramView.h"

namespace denoscope {

namespace {

constexpr int previewHeight = 210;
constexpr int volumePreviewHeight = 300;
constexpr int histogramHeight = 110;
constexpr double backgroundShare = 0.3;  // one value this frequent leaves nothing of the others to see

}  // namespace

DataPanel::DataPanel(const PanelContext& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_pages(new QStackedWidget(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_busy = new QProgressBar(this);
    m_busy->setRange(0, 0);
    m_busy->setFormat(tr("Opening…"));
    column->addWidget(m_busy);
    column->addWidget(m_pages);
    m_welcome = new WelcomePage(context, this);
    for (QWidget* page : {static_cast<QWidget*>(m_welcome), buildPage()}) {
        m_pages->addWidget(new PageScroll(page, this));
    }
    connect(&m_context.model, &RunModel::dataChanged, this, &DataPanel::refresh);
    connect(&m_context.model, &RunModel::configChanged, this, &DataPanel::refreshWindow);
    refresh();
}

QWidget* DataPanel::buildPage() {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(12, 10, 12, 12);
    column->setSpacing(8);
    column->addWidget(buildHeader());
    column->addWidget(new DimensionLine(m_context.model, m_context.controller, page));
    m_notes = new TextLabel(TextLabel::Role::Muted, {}, page);
    column->addWidget(m_notes);
    m_preview = new ItemsView(page);
    m_preview->askOnClick();
    m_preview->hideSliceTools();  // the viewer has them, and room
    connect(m_preview, &ItemsView::itemAsked, this, &DataPanel::askForItem);
    column->addWidget(m_preview);
    m_drawn = new TextLabel(TextLabel::Role::Muted, {}, page);
    m_drawn->setObjectName("drawn");
    column->addWidget(m_drawn);
    m_histogram = new HistogramView(page);
    m_histogram->setFixedHeight(histogramHeight);
    m_histogram->setAccessibleName(tr("How often each value occurs"));
    m_histogram->setToolTip(
        tr("How often each value occurs. Drag the handles to choose the window of values that the "
           "network sees as -1 to 1."));
    column->addWidget(m_histogram);
    auto* facts = new QWidget(page);
    m_facts = new QFormLayout(facts);
    m_facts->setContentsMargins(0, 0, 0, 0);
    m_facts->setHorizontalSpacing(12);
    m_facts->setVerticalSpacing(2);
    column->addWidget(facts);
    m_form = new SettingsForm(m_context.model, "data", {"data.source"}, page);
    column->addWidget(
        new Fold(tr("Data settings"), m_form, m_context.preferences, "data/settings", true, page));
    column->addStretch();
    connect(m_histogram, &HistogramView::handlesMoved, this, [this](double low, double high) {
        m_context.model.setValue(*findSetting("data.low"), low);
        m_context.model.setValue(*findSetting("data.high"), high);
    });
    return page;
}

QWidget* DataPanel::buildHeader() {
    auto* header = new QWidget(this);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    auto* titles = new QVBoxLayout;
    titles->setSpacing(0);
    m_title = new TextLabel(TextLabel::Role::Title, {}, header);
    m_title->setElided(Qt::ElideMiddle);
    m_format = new TextLabel(TextLabel::Role::Muted, {}, header);
    titles->addWidget(m_title);
    titles->addWidget(m_format);
    row->addLayout(titles, 1);
    auto* others = new QToolButton(header);
    others->setDefaultAction(m_context.actions.otherItems);
    others->setToolButtonStyle(Qt::ToolButtonIconOnly);
    others->setAccessibleName(tr("Show other items"));
    row->addWidget(others, 0, Qt::AlignTop);
    auto* change = new QToolButton(header);
    change->setText(tr("Change") + QStringLiteral(" ▾"));
    change->setStyleSheet("QToolButton::menu-indicator { image: none; }");  // the text has the arrow
    change->setToolTip(tr("Choose other data"));
    change->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(change);
    menu->addActions(m_context.actions.demos);
    menu->addSeparator();
    menu->addAction(m_context.actions.openFile);
    menu->addAction(m_context.actions.openFolder);
    change->setMenu(menu);
    row->addWidget(change, 0, Qt::AlignTop);
    return header;
}

void DataPanel::askForItem(int shown) {
    const auto& indices = m_context.model.dataPreviewIndices();
    if (shown < static_cast<int>(indices.size()))
        Q_EMIT itemAsked(indices[static_cast<std::size_t>(shown)]);
}

bool DataPanel::showsWelcome() const {
    return m_pages->currentIndex() == 0;
}

void DataPanel::refresh() {
    const RunModel& model = m_context.model;
    m_busy->setVisible(model.openingData());
    m_pages->setCurrentIndex(model.facts() ? 1 : 0);
    if (model.facts())
        refreshFacts();
    else
        m_welcome->refreshRecent();
}

void DataPanel::refreshFacts() {
    const RunModel& model = m_context.model;
    const DataFacts& facts = *model.facts();
    m_title->setText(titleOf(facts));
    m_title->setToolTip(QString::fromStdString(facts.source));
    m_format->setText(QString::fromStdString(facts.format));
    while (m_facts->rowCount() > 0)
        m_facts->removeRow(0);
    for (const auto& [what, value] : factLines(facts))
        m_facts->addRow(new TextLabel(TextLabel::Role::Muted, what),
                        new TextLabel(TextLabel::Role::Body, value));
    QStringList notes;
    for (const std::string& note : facts.notes)
        notes << QString::fromStdString(note);
    m_notes->setText(notes.join('\n'));
    m_notes->setVisible(!notes.isEmpty());
    m_preview->setPlaceholder(model.openingData() ? tr("Opening the data…") : tr("Nothing to show"));
    m_preview->setFixedHeight(facts.kind == DataKind::Volume ? volumePreviewHeight : previewHeight);
    m_preview->setDetails(facts.details, facts.dtype);
    m_preview->setItems(model.dataPreview(), facts.kind, previewRange(), facts.labels);
    m_histogram->setHistogram(histogramOf(model.dataPreview()));
    if (!model.dataPreview().empty()) {     // a run is opened before its data
        if (m_shownSource != facts.source)  // else what the person chose stays
            m_histogram->setLogCounts(m_histogram->histogram().largestShare() > backgroundShare);
        m_shownSource = facts.source;
    }
    refreshWindow();
}

// Curves are drawn as high as they are: an empty range leaves it to the view.
std::pair<double, double> DataPanel::previewRange() const {
    const RunModel& model = m_context.model;
    return model.kind() == DataKind::Signal ? std::pair(0.0, 0.0) : model.drawnRange();
}

void DataPanel::refreshWindow() {
    const RunModel& model = m_context.model;
    if (!model.facts())
        return;
    const auto [black, white] = previewRange();
    m_preview->setRange({black, white});
    m_drawn->setVisible(model.kind() != DataKind::Signal);
    m_drawn->setText(tr("Drawn from %1 to %2 %3")
                         .arg(black, 0, 'g', 5)
                         .arg(white, 0, 'g', 5)
                         .arg(QString::fromStdString(model.details().unit))
                         .trimmed());
    const auto [low, high] = model.displayRange();
    m_histogram->setHandles(low, high);
    m_histogram->setHandlesVisible(true);
    m_histogram->setHandlesMovable(allows(model.state(), CommandKind::StartTraining));
}

}  // namespace denoscope
