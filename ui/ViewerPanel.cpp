// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ViewerPanel.h"

#include <QButtonGroup>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QSvgGenerator>
#include <QToolButton>

#include "ui/ExportButton.h"
#include "ui/ModeButtons.h"
#include "ui/PageStack.h"
#include "ui/Preferences.h"
#include "ui/RunController.h"
#include "ui/SvgIcon.h"
#include "ui/TextLabel.h"
#include "ui/viewers/CompareView.h"
#include "ui/viewers/ItemChooser.h"
#include "ui/viewers/NetworkView.h"
#include "ui/viewers/PartsBox.h"
#include "ui/viewers/StoredGrid.h"

namespace denoscope {

namespace {

constexpr int placeholderPage = 0;  // then one for each Mode

}  // namespace

ViewerPanel::ViewerPanel(const PanelContext& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_store(context.model) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 8);
    column->setSpacing(6);
    column->addWidget(buildHeader());
    m_parts = new PartsBox(this);
    column->addWidget(m_parts, 0, Qt::AlignLeft);
    m_chooser = new ItemChooser(context.model, m_store, this);
    column->addWidget(m_chooser);
    column->addWidget(buildPages(), 1);
    link();
    followData();
}

QWidget* ViewerPanel::buildHeader() {
    auto* header = new QWidget(this);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    const QList<ModeText> modes{
        {tr("As stored"), tr("One item at full size, with its real values"), tr("Stored")},
        {tr("All"), tr("All items as thumbnails")},
        {tr("As the network sees it"),
         tr("The item after cutting, padding, scaling and mapping to -1..1, and "
            "what noise makes of it"),
         tr("Network")},
        {tr("Compare"), tr("Two items, or data and samples, under one zoom")}};
    m_modes = addModeButtons(*row, modes, header);
    m_name = new TextLabel(TextLabel::Role::Muted, {}, header);
    m_name->setElided(Qt::ElideMiddle);
    m_name->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_name, 1);
    m_picture = new QToolButton(header);
    m_picture->setText(tr("Picture…"));
    m_picture->setIcon(svgIcon("image"));
    m_picture->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_picture->setToolTip(tr("Save what is shown as a picture (PNG, or SVG for plots)"));
    m_picture->setAccessibleName(tr("Save as a picture"));
    row->addWidget(m_picture);
    m_export = new ExportButton(
        m_context,
        [this] {
            const ItemRead* read = m_store.find(Look::Whole, index());
            return read && read->item.array ? std::vector<Item>{read->item} : std::vector<Item>();
        },
        header);
    m_export->describeData();
    m_export->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_export->setToolTip(tr("Write the item to a file"));
    row->addWidget(m_export);
    return header;
}

QWidget* ViewerPanel::buildPages() {
    m_pages = new PageStack(this);
    m_placeholder = new TextLabel(TextLabel::Role::Muted, {}, m_pages);
    m_placeholder->setAlignment(Qt::AlignCenter);
    m_pages->addWidget(m_placeholder);
    m_kinds = new PageStack(m_pages);
    for (const DataKind kind : {DataKind::Signal, DataKind::Image, DataKind::Volume}) {
        ItemViewer& made = m_viewers[static_cast<std::size_t>(kind)];
        made = makeItemViewer(kind, m_context, m_kinds);
        m_kinds->addWidget(made.widget);
    }
    m_pages->addWidget(m_kinds);
    m_grid = new StoredGrid(m_context.model, m_store, m_pages);
    m_pages->addWidget(m_grid);
    m_network = new NetworkView(m_context.model, m_store, m_pages);
    m_pages->addWidget(m_network);
    m_compare = new CompareView(m_context.model, m_store, m_pages);
    m_pages->addWidget(m_compare);
    return m_pages;
}

void ViewerPanel::link() {
    connect(m_modes, &QButtonGroup::idClicked, this, &ViewerPanel::refreshItem);
    connect(m_chooser, &ItemChooser::chosen, this, [this](std::int64_t index) {
        m_grid->showIndex(index);
        m_network->showIndex(index);
        m_compare->showIndex(index);
        refreshItem();
    });
    connect(m_chooser, &ItemChooser::orderChanged, this, [this] {
        m_grid->setOrder(m_chooser->order());
        m_grid->showIndex(index());
    });
    connect(m_grid, &StoredGrid::indexSelected, m_chooser, &ItemChooser::choose);
    connect(m_grid, &StoredGrid::indexActivated, this, &ViewerPanel::showItem);
    connect(m_parts, &PartsBox::activated, this,
            [this](int place) { m_context.controller.choosePart(m_parts->partAt(place)); });
    connect(m_picture, &QToolButton::clicked, this, &ViewerPanel::askForPicture);
    connect(&m_store, &ItemStore::arrived, this, [this](Look look) {
        if (look == Look::Whole)
            refreshItem();
    });
    connect(&m_context.model, &RunModel::dataChanged, this, &ViewerPanel::followData);
    connect(&m_context.model, &RunModel::configChanged, this, &ViewerPanel::refreshRange);
}

ItemViewer& ViewerPanel::viewer() {
    const auto& facts = m_context.model.facts();
    return m_viewers[static_cast<std::size_t>(facts ? viewOf(*facts) : DataKind::Image)];
}

void ViewerPanel::setMode(Mode mode) {
    m_modes->button(static_cast<int>(mode))->setChecked(true);
    refreshItem();
}

ViewerPanel::Mode ViewerPanel::mode() const {
    return static_cast<Mode>(m_modes->checkedId());
}

void ViewerPanel::showItem(std::int64_t index) {
    setMode(Mode::Item);
    m_chooser->choose(index);
}

std::int64_t ViewerPanel::index() const {
    return m_chooser->index();
}

QString ViewerPanel::statusText() const {
    return m_pages->currentIndex() == placeholderPage ? m_placeholder->text() : QString();
}

void ViewerPanel::followData() {
    const RunModel& model = m_context.model;
    const bool many = m_store.count() > 1;
    m_modes->button(static_cast<int>(Mode::Grid))->setVisible(many && model.kind() != DataKind::Signal);
    m_modes->button(static_cast<int>(Mode::Compare))->setVisible(model.kind() == DataKind::Image);
    if (!m_modes->checkedButton()->isVisibleTo(this))
        m_modes->button(static_cast<int>(Mode::Item))->setChecked(true);
    m_chooser->setVisible(many);
    for (QAbstractButton* button : m_modes->buttons())
        button->setEnabled(m_store.count() > 0);
    m_shown = nullptr;
    refreshParts();
    m_grid->setRange(model.drawnRange());
    refreshItem();
}

void ViewerPanel::refreshParts() {
    const RunModel& model = m_context.model;
    m_parts->setFacts(model.facts());
    m_parts->setEnabled(!model.openingData());
}

void ViewerPanel::refreshRange() {
    if (m_store.count() == 0)
        return;
    m_grid->setRange(m_context.model.drawnRange());
    if (m_shownRange != m_context.model.chosenRange())
        refreshItem();
}

// The sentence for when there is no item to see.
void ViewerPanel::refreshPlaceholder() {
    const RunModel& model = m_context.model;
    const ItemRead* read = m_store.find(Look::Whole, index());
    m_placeholder->setText(
        read != nullptr ? tr("This item cannot be read: %1").arg(QString::fromStdString(toText(read->error)))
        : index() >= 0  ? tr("Reading…")
        : model.openingData() ? tr("Opening the data…")
                              : tr("Open a file or a folder, and it shows here"));
}

void ViewerPanel::refreshItem() {
    const RunModel& model = m_context.model;
    const std::int64_t wanted = index();
    const bool whole = mode() == Mode::Item || mode() == Mode::Compare;
    if (wanted >= 0 && whole && isVisible())
        m_store.want(Look::Whole, {wanted});
    const ItemRead* read = m_store.find(Look::Whole, wanted);
    const bool here = read != nullptr && read->item.array;
    const bool named =
        here && read->item.name != "item " + std::to_string(wanted);  // else its number says it
    m_name->setText(named && mode() == Mode::Item ? QString::fromStdString(read->item.name) : QString());
    m_name->setToolTip(m_name->text());
    m_export->setEnabled(here);
    m_picture->setEnabled(wanted >= 0);
    refreshPlaceholder();
    if (here && mode() == Mode::Item &&
        (m_shown != read->item.array.get() || m_shownRange != model.chosenRange())) {
        m_shown = read->item.array.get();
        m_shownRange = model.chosenRange();
        viewer().setItems({read->item}, *model.facts(), m_shownRange);
        m_kinds->setCurrentWidget(viewer().widget);
    }
    // While the next item is being read the one before stays, so that nothing flickers.
    const bool nothing = wanted < 0 || (mode() == Mode::Item && !here && (m_shown == nullptr || read));
    m_pages->setCurrentIndex(nothing ? placeholderPage : static_cast<int>(mode()) + 1);
}

void ViewerPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refreshItem();
}

void ViewerPanel::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_PageDown || event->key() == Qt::Key_PageUp)
        m_chooser->step(event->key() == Qt::Key_PageDown ? 1 : -1);
    else
        QWidget::keyPressEvent(event);
}

void ViewerPanel::askForPicture() {
    const QString folder = m_context.preferences.value("export/folder", QDir::homePath()).toString();
    QString path =
        QFileDialog::getSaveFileName(window(), tr("Save as a picture"), QDir(folder).filePath(tr("view.png")),
                                     tr("PNG picture (*.png);;SVG drawing (*.svg)"));
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += ".png";
    m_context.preferences.setValue("export/folder", QFileInfo(path).absolutePath());
    if (savePicture(path))
        Q_EMIT m_context.model.logged(LogLine::Level::Info, tr("Written: %1").arg(path));
    else
        m_context.model.report(LogLine::Level::Error, {"the picture could not be written", path.toStdString(),
                                                       "choose another place, or the ending .png or .svg"});
}

bool ViewerPanel::savePicture(const QString& path) {
    QWidget* view = m_pages->currentWidget();
    if (QFileInfo(path).suffix().compare("svg", Qt::CaseInsensitive) != 0)
        return view->grab().save(path);
    QSvgGenerator drawing;
    drawing.setFileName(path);
    drawing.setSize(view->size());
    drawing.setViewBox(view->rect());
    drawing.setTitle(tr("Denoscope"));
    QPainter painter;
    if (!painter.begin(&drawing))
        return false;
    view->render(&painter, {}, {}, QWidget::DrawChildren);
    return painter.end();
}

}  // namespace denoscope
