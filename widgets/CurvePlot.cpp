// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/CurvePlot.h"

#include <QHBoxLayout>
#include <QSvgGenerator>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/CurvePlotParts.h"
#include "widgets/Icons.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

// The slider spends its length evenly on how far back the smoothing looks: 0, then 1 - 10^-t up to 0.999.
constexpr int sliderSteps = 60;

double weightOfSlider(int position) {
    return 1 - std::pow(10.0, -3.0 * position / sliderSteps);
}

int sliderOfWeight(double weight) {
    const double left = std::max(1 - weight, 1e-3);
    return static_cast<int>(std::lround(-std::log10(left) / 3 * sliderSteps));
}

QColor faint(const QColor& color, const QColor& background) {
    constexpr double share = 0.38;
    const auto mix = [](int a, int b) { return static_cast<int>(b + (a - b) * share); };
    return {mix(color.red(), background.red()), mix(color.green(), background.green()),
            mix(color.blue(), background.blue())};
}

}  // namespace

CurvePlot::CurvePlot(QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>()) {
    setAccessibleName(tr("Curves"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildToolBar();
    m_parts->createPlot(this);
    m_parts->plot->setAccessibleName(tr("Plot"));
    m_parts->plot->installEventFilter(this);
    auto* frame = new QVBoxLayout;  // room for the focus frame
    frame->setContentsMargins(2, 0, 2, 2);
    frame->addWidget(m_parts->plot);
    column->addLayout(frame, 1);
    setFocusProxy(m_parts->plot);
    setPlaceholder(tr("No points yet."));
    m_parts->plot->setLocale(QLocale::c());  // a point on the axes, as everywhere else
    connect(m_parts->plot, &QCustomPlot::afterReplot, this,
            [this] { m_parts->fit->setEnabled(!m_parts->follows); });
    restyle();
    refresh();
}

CurvePlot::~CurvePlot() = default;

void CurvePlot::buildToolBar() {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(4, 4, 4, 4);
    row->setSpacing(4);
    const auto toggle = [&](const QString& text, const QString& name) {
        auto* button = new QToolButton;
        button->setText(text);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setAccessibleName(name);
        button->setToolTip(name);
        row->addWidget(button);
        return button;
    };
    m_parts->logX = toggle(tr("log x"), tr("Logarithmic horizontal axis"));
    m_parts->logY = toggle(tr("log y"), tr("Logarithmic vertical axis"));
    connect(m_parts->logX, &QToolButton::toggled, this, &CurvePlot::setLogX);
    connect(m_parts->logY, &QToolButton::toggled, this, &CurvePlot::setLogY);

    m_parts->smoothingText = new QLabel;
    m_parts->smoothing = new QSlider(Qt::Horizontal);
    m_parts->smoothing->setRange(0, sliderSteps);
    m_parts->smoothing->setMinimumWidth(40);
    m_parts->smoothing->setMaximumWidth(140);
    m_parts->smoothing->setAccessibleName(tr("Smoothing"));
    m_parts->smoothing->setToolTip(tr("Smoothing: the smoothed curve is bold, the raw one faint beneath"));
    m_parts->smoothingText->setBuddy(m_parts->smoothing);
    m_parts->smoothingText->setText(tr("smooth %1").arg(0.0, 0, 'f', 3));
    m_parts->smoothingText->setMinimumWidth(m_parts->smoothingText->sizeHint().width());
    row->addSpacing(4);
    row->addWidget(m_parts->smoothing, 1);
    row->addWidget(m_parts->smoothingText);
    connect(m_parts->smoothing, &QSlider::valueChanged, this,
            [this](int position) { setSmoothing(weightOfSlider(position)); });

    m_parts->note = new QLabel;
    m_parts->note->setMinimumWidth(0);
    m_parts->note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_parts->note, 2);
    row->addStretch(1);
    m_parts->fit = new QToolButton;
    m_parts->fit->setIcon(glyphIcon(Glyph::Fit));
    m_parts->fit->setFocusPolicy(Qt::StrongFocus);
    m_parts->fit->setAccessibleName(tr("Fit all"));
    m_parts->fit->setToolTip(tr("Show everything and follow new points (Home, or double click)"));
    row->addWidget(m_parts->fit);
    connect(m_parts->fit, &QToolButton::clicked, this, &CurvePlot::fitAll);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
}

int CurvePlot::addSeries(const QString& name, const QColor& hint) {
    Parts::Curve& curve = m_parts->curves.emplace_back();
    curve.name = name;
    curve.hint = hint;
    curve.raw = m_parts->plot->addGraph();
    curve.smooth = m_parts->plot->addGraph();
    curve.raw->setName(name);
    curve.smooth->setName(name);
    curve.smoother = Smoother(m_parts->weight);
    restyle();
    return seriesCount() - 1;
}

int CurvePlot::seriesCount() const {
    return static_cast<int>(m_parts->curves.size());
}

void CurvePlot::append(int series, std::span<const double> x, std::span<const double> y) {
    Parts::Curve& curve = m_parts->curves.at(static_cast<std::size_t>(series));
    const std::size_t changed = curve.points.append(x, y);
    if (changed < curve.fed)
        m_parts->refeedAll();  // points came out of order
    else
        m_parts->feedNew(curve);
    refresh();
}

void CurvePlot::setSeries(int series, std::span<const double> x, std::span<const double> y) {
    Parts::Curve& curve = m_parts->curves.at(static_cast<std::size_t>(series));
    curve.points.clear();
    curve.points.append(x, y);
    m_parts->refeedAll();
    refresh();
}

void CurvePlot::setSeriesVisible(int series, bool visible) {
    m_parts->curves.at(static_cast<std::size_t>(series)).visible = visible;
    m_parts->refeedAll();
    restyle();
    refresh();
}

void CurvePlot::setMarks(const std::vector<CurveMark>& marks) {
    m_parts->events->setMarks(marks);
    refresh();
}

void CurvePlot::clearData() {
    for (Parts::Curve& curve : m_parts->curves)
        curve.points.clear();
    m_parts->refeedAll();
    m_parts->hideReadout();
    fitAll();
}

void CurvePlot::clear() {
    m_parts->hideReadout();
    m_parts->curves.clear();
    m_parts->plot->clearGraphs();
    m_parts->marks->clear();
    restyle();
    fitAll();
}

void CurvePlot::setXLabel(const QString& label) {
    m_parts->plot->xAxis->setLabel(label);
    refresh();
}

void CurvePlot::setYLabel(const QString& label) {
    m_parts->plot->yAxis->setLabel(label);
    refresh();
}

void CurvePlot::setPlaceholder(const QString& sentence) {
    m_parts->placeholder->setText(sentence);
    refresh();
}

bool CurvePlot::logX() const {
    return m_parts->isLogX;
}

bool CurvePlot::logY() const {
    return m_parts->isLogY;
}

double CurvePlot::smoothing() const {
    return m_parts->weight;
}

bool CurvePlot::followsData() const {
    return m_parts->follows;
}

void CurvePlot::setLogX(bool on) {
    if (on == m_parts->isLogX)
        return;
    m_parts->isLogX = on;
    m_parts->logX->setChecked(on);
    m_parts->setScale(m_parts->plot->xAxis, on);
    refresh();
    Q_EMIT logXChanged(on);
}

void CurvePlot::setLogY(bool on) {
    if (on == m_parts->isLogY)
        return;
    m_parts->isLogY = on;
    m_parts->logY->setChecked(on);
    m_parts->setScale(m_parts->plot->yAxis, on);
    refresh();
    Q_EMIT logYChanged(on);
}

void CurvePlot::setSmoothing(double weight) {
    weight = std::clamp(weight, 0.0, 1.0);
    if (weight == m_parts->weight)
        return;
    m_parts->weight = weight;
    const QSignalBlocker quiet(m_parts->smoothing);
    m_parts->smoothing->setValue(sliderOfWeight(weight));
    m_parts->smoothingText->setText(tr("smooth %1").arg(weight, 0, 'f', 3));
    m_parts->refeedAll();
    restyle();
    refresh();
    Q_EMIT smoothingChanged(weight);
}

void CurvePlot::fitAll() {
    m_parts->follows = true;
    refresh();
}

void CurvePlot::refresh() {
    if (m_parts->follows)
        m_parts->fitRanges();
    m_parts->placeholder->setVisible(m_parts->isEmpty());
    m_parts->updateNote();
    replot();
}

// QCustomPlot would draw into its buffer even where nobody sees it.
void CurvePlot::replot() {
    if (isVisible())
        m_parts->plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_parts->plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::restyle() {
    const ThemeColors& colors = themeColors(palette());
    QCustomPlot* plot = m_parts->plot;
    plot->setBackground(colors.surface);
    for (QCPAxis* axis : plot->axisRect()->axes()) {
        axis->setBasePen(QPen(colors.border, 1));
        axis->setTickPen(QPen(colors.border, 1));
        axis->setSubTickPen(QPen(colors.border, 1));
        axis->setTickLabelColor(colors.mutedText);
        axis->setLabelColor(colors.text);
        axis->setTickLabelFont(font());
        axis->setLabelFont(font());
        axis->grid()->setPen(QPen(colors.grid, 1));
        axis->grid()->setZeroLinePen(QPen(colors.border, 1));
    }
    const bool smoothed = m_parts->weight > 0;
    plot->legend->clearItems();
    int index = 0;
    for (Parts::Curve& curve : m_parts->curves) {
        const QColor color = curve.hint.isValid() ? curve.hint : seriesColor(palette(), index);
        curve.raw->setPen(QPen(smoothed ? faint(color, colors.surface) : color, smoothed ? 1.0 : 1.5));
        curve.smooth->setPen(QPen(color, 2));
        curve.raw->setVisible(curve.visible);
        curve.smooth->setVisible(curve.visible && smoothed);
        if (curve.visible)
            (smoothed ? curve.smooth : curve.raw)->addToLegend();
        ++index;
    }
    plot->legend->setVisible(index > 1);
    plot->legend->setFont(font());
    plot->legend->setTextColor(colors.text);
    plot->legend->setBrush(colors.surface);
    plot->legend->setBorderPen(QPen(colors.border, 1));
    m_parts->marks->setColor(colors.error);
    m_parts->events->setColor(colors.warning);
    m_parts->crosshair->setPen(QPen(colors.mutedText, 1, Qt::DotLine));
    m_parts->dot->setBrush(colors.surface);
    m_parts->readout->setColor(colors.text);
    m_parts->readout->setFont(font());
    m_parts->readout->setBrush(colors.raised);
    m_parts->readout->setPen(QPen(colors.border, 1));
    m_parts->placeholder->setColor(colors.mutedText);
    QPalette notePalette = m_parts->note->palette();
    notePalette.setColor(QPalette::WindowText, colors.warning);
    m_parts->note->setPalette(notePalette);
    replot();
}

bool CurvePlot::savePng(const QString& path) const {
    m_parts->hideReadout();
    return m_parts->plot->savePng(path, 0, 0, 2.0);
}

bool CurvePlot::saveSvg(const QString& path) const {
    m_parts->hideReadout();
    const QSize size = m_parts->plot->size();
    QSvgGenerator generator;
    generator.setFileName(path);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    QCPPainter painter;
    if (!painter.begin(&generator))
        return false;
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    m_parts->plot->toPainter(&painter, size.width(), size.height());
    return painter.end();
}

void CurvePlot::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        restyle();
}

}  // namespace denoscope
