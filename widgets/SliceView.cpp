// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceView.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "widgets/Icons.h"
#include "widgets/Painting.h"
#include "widgets/PaneLayout.h"
#include "widgets/SlicePane.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

enum PresetIndex { ownWindow = -1, automaticWindow = 0, fullRangeWindow = 1, firstPreset = 2 };

bool sameGrid(const Volume& a, const Volume& b) {
    return a.depth == b.depth && a.height == b.height && a.width == b.width && a.affine == b.affine &&
           a.spacing == b.spacing;
}

}  // namespace

SliceView::SliceView(QWidget* parent) : QWidget(parent), m_placeholder(tr("No volume yet.")) {
    setAccessibleName(tr("Slices"));
    buildHeader();
    for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal})
        m_panes[static_cast<std::size_t>(plane)] = new SlicePane(*this, plane);
    setFocusProxy(m_panes[0]);
    m_readoutLabel = new QLabel(this);
    m_readoutLabel->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_readoutLabel->setAccessibleName(tr("Value at the crosshair"));
    rebuildPanes();
}

SliceView::~SliceView() = default;

QSize SliceView::minimumSizeHint() const {
    return {220, 200};
}

QSize SliceView::sizeHint() const {
    return {520, 420};
}

void SliceView::buildHeader() {
    m_header = new QWidget(this);
    auto* row = new QHBoxLayout(m_header);
    row->setContentsMargins(4, 4, 4, 4);
    row->setSpacing(4);
    m_presetBox = new QComboBox;
    m_presetBox->setAccessibleName(tr("Window"));
    m_presetBox->setToolTip(tr("Range of values spread over grey; drag with the right button to change it"));
    m_presetBox->setPlaceholderText(tr("Own window"));
    m_presetBox->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_presetBox->setMinimumContentsLength(12);
    row->addWidget(m_presetBox);
    row->addStretch(1);
    m_convention = new QToolButton;
    m_convention->setText(tr("radiological"));
    m_convention->setCheckable(true);
    m_convention->setChecked(true);
    m_convention->setFocusPolicy(Qt::StrongFocus);
    m_convention->setToolTip(tr("The patient's right is on the left, as seen from the feet"));
    row->addWidget(m_convention);
    auto* reset = new QToolButton;
    reset->setIcon(glyphIcon(Glyph::Fit));
    reset->setFocusPolicy(Qt::StrongFocus);
    reset->setAccessibleName(tr("Reset the view"));
    reset->setToolTip(tr("Reset zoom, crosshair and window (Home, or double click)"));
    row->addWidget(reset);
    connect(m_presetBox, &QComboBox::activated, this, &SliceView::choosePreset);
    connect(m_convention, &QToolButton::toggled, this, &SliceView::setRadiological);
    connect(reset, &QToolButton::clicked, this, &SliceView::resetView);
    setWindowPresets({});
}

bool SliceView::hasVoxels() const {
    return m_volume && m_volume->isWhole();
}

void SliceView::setVolume(std::shared_ptr<const Volume> volume) {
    const bool same = hasVoxels() && volume && sameGrid(*m_volume, *volume);
    m_volume = std::move(volume);
    if (hasVoxels())
        m_valueWindows = windowsOf(*m_volume->samples);
    if (same) {
        choosePreset(m_presetBox->currentIndex());
        refreshSlices();
        updateReadout();
        return;
    }
    rebuildPanes();
    resetView();
}

void SliceView::setPlaceholder(const QString& sentence) {
    m_placeholder = sentence;
    update();
}

void SliceView::setWindowPresets(std::vector<WindowPreset> presets) {
    const int chosen = m_presetBox->count() > 0 ? m_presetBox->currentIndex() : automaticWindow;
    m_presets = std::move(presets);
    const QSignalBlocker quiet(m_presetBox);
    m_presetBox->clear();
    m_presetBox->addItem(tr("Automatic"));
    m_presetBox->addItem(tr("Full range"));
    for (const WindowPreset& preset : m_presets)
        m_presetBox->addItem(preset.name);
    m_presetBox->setCurrentIndex(chosen >= firstPreset ? ownWindow : chosen);
}

void SliceView::choosePreset(int index) {
    if (index == automaticWindow)
        showWindow(m_valueWindows.automatic, index);
    else if (index == fullRangeWindow)
        showWindow(m_valueWindows.full, index);
    else if (index >= firstPreset) {
        const WindowPreset& preset = m_presets[static_cast<std::size_t>(index - firstPreset)];
        showWindow({preset.center, preset.width}, index);
    }
}

void SliceView::setWindow(double center, double width) {
    if (std::isfinite(center) && std::isfinite(width) && width > 0)
        showWindow({center, width}, ownWindow);
}

void SliceView::showWindow(const WindowLevel& window, int presetIndex) {
    m_presetBox->setCurrentIndex(presetIndex);
    if (window == m_window)
        return;
    m_window = window;
    refreshSlices();
    updateReadout();
    Q_EMIT windowChanged(window.center, window.width);
}

void SliceView::setCursor3d(const Voxel& voxel) {
    if (!hasVoxels())
        return;
    const Voxel wanted{std::clamp(voxel[0], 0, m_volume->width - 1),
                       std::clamp(voxel[1], 0, m_volume->height - 1),
                       std::clamp(voxel[2], 0, m_volume->depth - 1)};
    if (wanted == m_cursor)
        return;
    std::array<int, 3> before{};
    for (std::size_t i = 0; i < 3; ++i)
        before[i] = m_panes[i]->slice();
    m_cursor = wanted;
    for (std::size_t i = 0; i < 3; ++i) {
        if (m_panes[i]->slice() != before[i])
            m_panes[i]->render();
        m_panes[i]->update();
    }
    updateReadout();
    Q_EMIT cursorChanged();
}

void SliceView::setRadiological(bool on) {
    m_convention->setChecked(on);
    if (on == m_radiological)
        return;
    m_radiological = on;
    rebuildPanes();
    fitPanes();
}

void SliceView::setColorMap(ColorMapKind kind) {
    m_colorMap = kind;
    refreshSlices();
}

void SliceView::rebuildPanes() {
    const bool shown = hasVoxels();
    for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
        SlicePane* target = pane(plane);
        target->setVisible(shown);
        if (shown)
            target->setSlicePlane(slicePlane(plane, {m_volume->width, m_volume->height, m_volume->depth},
                                             m_volume->spacing, closestAxes(m_volume->affine),
                                             m_radiological));
    }
    m_header->setEnabled(shown);
    m_readoutLabel->setVisible(shown);
    if (shown)  // a cursor of the volume before may lie outside of this one
        m_cursor = {std::min(m_cursor[0], m_volume->width - 1), std::min(m_cursor[1], m_volume->height - 1),
                    std::min(m_cursor[2], m_volume->depth - 1)};
    refreshSlices();
    arrange();
}

void SliceView::refreshSlices() {
    for (SlicePane* target : m_panes)
        target->render();
}

void SliceView::resetView() {
    m_fitted = true;
    if (hasVoxels()) {
        setCursor3d({m_volume->width / 2, m_volume->height / 2, m_volume->depth / 2});
        choosePreset(automaticWindow);
    }
    refreshSlices();
    fitPanes();
    updateReadout();
    update();
}

void SliceView::fitPanes() {
    m_fitted = true;
    if (!hasVoxels())
        return;
    double scale = 1e9;  // one for all panes: lengths can be compared by eye
    for (const SlicePane* target : m_panes)
        scale = std::min(scale, target->fittingScale());
    for (SlicePane* target : m_panes)
        target->fit(scale);
}

void SliceView::zoomBy(double factor, SlicePane* at, QPointF position) {
    m_fitted = false;
    for (SlicePane* target : m_panes)
        target->zoomAt(target == at ? position : target->positionOf(m_cursor), factor);
}

void SliceView::arrange() {
    const int headerHeight = m_header->sizeHint().height();
    const int footerHeight = fontMetrics().height() + 8;
    m_header->setGeometry(0, 0, width(), headerHeight);
    m_readoutLabel->setGeometry(8, height() - footerHeight, std::max(0, width() - 16), footerHeight);
    const QRect area(0, headerHeight, width(), std::max(0, height() - headerHeight - footerHeight));
    std::array<QSizeF, 3> content;
    for (std::size_t i = 0; i < 3; ++i)
        content[i] = m_panes[i]->contentSize();
    const auto places = arrangePanes(area, content, 2);
    for (std::size_t i = 0; i < 3; ++i)
        m_panes[i]->setGeometry(places[i]);
    if (m_fitted)
        fitPanes();
    updateReadout();
}

QString SliceView::readout() const {
    if (!hasVoxels())
        return {};
    const auto mm = toPatient(m_volume->affine, m_cursor);
    QStringList patient;
    for (std::size_t axis = 0; axis < 3; ++axis)
        patient << QStringLiteral("%1 %2")
                       .arg(QLatin1Char((mm[axis] < 0 ? "LPI" : "RAS")[axis]))
                       .arg(std::abs(mm[axis]), 0, 'f', 1);
    return tr("%1 %2 · voxel %3, %4, %5 · %6 mm · window %7 ± %8")
        .arg(static_cast<double>(m_volume->at(m_cursor)), 0, 'g', 5)
        .arg(m_volume->unit)
        .arg(m_cursor[0])
        .arg(m_cursor[1])
        .arg(m_cursor[2])
        .arg(patient.join(QStringLiteral(", ")))
        .arg(m_window.center, 0, 'g', 4)
        .arg(m_window.width / 2, 0, 'g', 4);
}

void SliceView::updateReadout() {
    const QString text = readout();
    m_readoutLabel->setText(fontMetrics().elidedText(text, Qt::ElideRight, m_readoutLabel->width()));
    m_readoutLabel->setToolTip(text);
    m_panes[0]->setAccessibleDescription(text);
}

void SliceView::paintEvent(QPaintEvent*) {
    if (hasVoxels())
        return;
    QPainter painter(this);
    const QRect area = rect().adjusted(0, m_header->height(), 0, 0);
    painter.fillRect(area, themeColors(palette()).surface);
    paintPlaceholder(painter, area, m_placeholder);
}

void SliceView::resizeEvent(QResizeEvent*) {
    arrange();
}

void SliceView::showEvent(QShowEvent*) {
    arrange();
}

bool SliceView::event(QEvent* event) {
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        arrange();
    return handled;
}

}  // namespace denoscope
