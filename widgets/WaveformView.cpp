// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/WaveformView.h"

#include <QKeyEvent>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

#include "widgets/AxisTicks.h"
#include "widgets/Painting.h"
#include "widgets/WaveformSummary.h"

namespace denoscope {

namespace {

constexpr int smallestLane = 44;

}  // namespace

WaveformView::WaveformView(QWidget* parent)
    : QAbstractScrollArea(parent), m_placeholder(tr("No signals yet.")) {
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Waveforms"));
    viewport()->setMouseTracking(true);
}

WaveformView::~WaveformView() = default;

QSize WaveformView::minimumSizeHint() const {
    return {180, 96};
}

QSize WaveformView::sizeHint() const {
    return {420, 240};
}

void WaveformView::setSignals(std::vector<Signal> signalList) {
    const std::vector<Lane> known = std::move(m_lanes);
    m_lanes.clear();
    m_inSeconds =
        std::all_of(signalList.begin(), signalList.end(), [](const Signal& s) { return s.sampleRate > 0; });
    for (const Signal& signal : signalList)
        addLanes(signal, known);
    TimeRange whole{0, 0};
    for (const Lane& lane : m_lanes)
        whole.end = std::max(whole.end, static_cast<double>(lane.summary->length()) / lane.rate);
    if (whole.length() <= 0)
        whole.end = 1;
    const bool sameDuration = whole == m_whole;
    m_whole = whole;
    m_hoverLane = -1;
    chooseValues();
    updateScrollBar();
    setVisibleRange(sameDuration ? m_visible : m_whole);
    updateReadout();
}

// The pyramid of a row that was shown before is used again.
void WaveformView::addLanes(const Signal& signal, const std::vector<Lane>& known) {
    if (!signal.samples || signal.channels < 1)
        return;
    const auto length = static_cast<std::int64_t>(signal.samples->size()) / signal.channels;
    for (int channel = 0; channel < signal.channels; ++channel) {
        const auto same = std::find_if(known.begin(), known.end(), [&](const Lane& lane) {
            return lane.source == signal.samples && lane.channel == channel &&
                   lane.summary->length() == length;
        });
        Lane lane;
        lane.source = signal.samples;
        lane.channel = channel;
        lane.summary = same != known.end() ? same->summary
                                           : std::make_shared<const WaveformSummary>(
                                                 signal.samples, channel * length, length);
        lane.rate = m_inSeconds ? signal.sampleRate : 1;
        lane.name =
            signal.channels > 1 ? tr("%1 · channel %2").arg(signal.name).arg(channel + 1) : signal.name;
        m_lanes.push_back(std::move(lane));
    }
}

void WaveformView::chooseValues() {
    if (m_fixedValues) {
        m_values = *m_fixedValues;
        return;
    }
    MinMax all;
    for (const Lane& lane : m_lanes)
        all.add(lane.summary->all());
    if (all.empty) {
        m_values = {-1, 1};
        return;
    }
    const double span = static_cast<double>(all.max) - all.min;
    const double pad = span > 0 ? span * 0.05 : 1;
    m_values = {all.min - pad, all.max + pad};
}

void WaveformView::setPlaceholder(const QString& sentence) {
    m_placeholder = sentence;
    viewport()->update();
}

void WaveformView::setValueRange(double lo, double hi) {
    if (!(hi > lo))
        return clearValueRange();
    m_fixedValues = {lo, hi};
    chooseValues();
    viewport()->update();
}

void WaveformView::clearValueRange() {
    m_fixedValues.reset();
    chooseValues();
    viewport()->update();
}

void WaveformView::setVisibleRange(TimeRange range) {
    const TimeRange wanted = range.clampedTo(m_whole, shortestRange());
    const bool changed = wanted != m_visible;
    m_visible = wanted;
    viewport()->update();
    if (changed)
        Q_EMIT visibleRangeChanged();
}

void WaveformView::fitAll() {
    setVisibleRange(m_whole);
}

double WaveformView::shortestRange() const {
    double rate = 1e-9;
    for (const Lane& lane : m_lanes)
        rate = std::max(rate, lane.rate);
    return m_lanes.empty() ? 0 : 8 / rate;  // eight samples of the finest lane
}

QRect WaveformView::plotRect() const {
    const int axisWidth = fontMetrics().horizontalAdvance(QStringLiteral("-0.000")) + 10;
    return viewport()->rect().adjusted(axisWidth, 4, -8, -fontMetrics().height() - 10);
}

QRect WaveformView::laneRect(int lane) const {
    const QRect plot = plotRect();
    const int height = std::max(smallestLane, plot.height() / std::max(1, laneCount()));
    return {plot.left(), plot.top() + lane * height - verticalScrollBar()->value(), plot.width(), height - 4};
}

void WaveformView::updateScrollBar() {
    const int content = laneCount() * std::max(smallestLane, plotRect().height() / std::max(1, laneCount()));
    verticalScrollBar()->setPageStep(plotRect().height());
    verticalScrollBar()->setSingleStep(smallestLane);
    verticalScrollBar()->setRange(0, std::max(0, content - plotRect().height()));
}

double WaveformView::timeAt(double x) const {
    const QRect plot = plotRect();
    return m_visible.begin + (x - plot.left()) / std::max(1, plot.width()) * m_visible.length();
}

double WaveformView::xAt(double time) const {
    const QRect plot = plotRect();
    return plot.left() + (time - m_visible.begin) / m_visible.length() * plot.width();
}

double WaveformView::yAt(const QRectF& lane, double value) const {
    return lane.bottom() - (value - m_values.first) / (m_values.second - m_values.first) * lane.height();
}

QString WaveformView::timeText(double time) const {
    if (!m_inSeconds)
        return tr("sample %1").arg(static_cast<qint64>(std::llround(time)));
    const int decimals = std::clamp(static_cast<int>(std::ceil(3 - std::log10(m_visible.length()))), 0, 9);
    return tr("%1 s").arg(time, 0, 'f', decimals);
}

void WaveformView::updateReadout() {
    m_hoverLane = -1;
    QString text;
    for (int lane = 0; m_hover && lane < laneCount(); ++lane)
        if (laneRect(lane).contains(m_hover->toPoint()) && plotRect().contains(m_hover->toPoint()))
            m_hoverLane = lane;
    if (m_hoverLane >= 0) {
        const Lane& lane = m_lanes[static_cast<std::size_t>(m_hoverLane)];
        m_hoverSample = std::llround(timeAt(m_hover->x()) * lane.rate);
        if (m_hoverSample >= 0 && m_hoverSample < lane.summary->length())
            text = QStringLiteral("%1   %2")
                       .arg(timeText(static_cast<double>(m_hoverSample) / lane.rate))
                       .arg(static_cast<double>(lane.summary->sample(m_hoverSample)), 0, 'g', 5);
        else
            m_hoverLane = -1;
    }
    viewport()->update();
    if (text == m_readout)
        return;
    m_readout = text;
    Q_EMIT readoutChanged(text);
}

void WaveformView::resizeEvent(QResizeEvent*) {
    updateScrollBar();
}

void WaveformView::wheelEvent(QWheelEvent* event) {
    const QPoint turn = event->angleDelta();
    const bool sideways =
        event->modifiers().testFlag(Qt::ShiftModifier) || std::abs(turn.x()) > std::abs(turn.y());
    const double notches = (turn.y() != 0 ? turn.y() : turn.x()) / 120.0;
    if (sideways)
        setVisibleRange(m_visible.shifted(-0.1 * notches * m_visible.length(), m_whole));
    else
        setVisibleRange(m_visible.zoomed(timeAt(event->position().x()), std::pow(0.8, notches), m_whole,
                                         shortestRange()));
    updateReadout();
    event->accept();
}

void WaveformView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton)
        m_dragFrom = event->position();
}

void WaveformView::mouseMoveEvent(QMouseEvent* event) {
    if (m_dragFrom) {
        const double time = (event->position().x() - m_dragFrom->x()) / std::max(1, plotRect().width());
        setVisibleRange(m_visible.shifted(-time * m_visible.length(), m_whole));
        m_dragFrom = event->position();
    }
    m_hover = event->position();
    updateReadout();
}

void WaveformView::mouseReleaseEvent(QMouseEvent*) {
    m_dragFrom.reset();
}

void WaveformView::mouseDoubleClickEvent(QMouseEvent*) {
    fitAll();
}

void WaveformView::keyPressEvent(QKeyEvent* event) {
    const double middle = (m_visible.begin + m_visible.end) / 2;
    switch (event->key()) {
        case Qt::Key_Left:
            return setVisibleRange(m_visible.shifted(-0.1 * m_visible.length(), m_whole));
        case Qt::Key_Right:
            return setVisibleRange(m_visible.shifted(0.1 * m_visible.length(), m_whole));
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return setVisibleRange(m_visible.zoomed(middle, 0.8, m_whole, shortestRange()));
        case Qt::Key_Minus:
            return setVisibleRange(m_visible.zoomed(middle, 1.25, m_whole, shortestRange()));
        case Qt::Key_Home:
        case Qt::Key_0:
            return fitAll();
        default:
            QAbstractScrollArea::keyPressEvent(event);  // Up, Down and pages: the scroll bar
    }
}

void WaveformView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateScrollBar();
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

bool WaveformView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        m_hover.reset();
        updateReadout();
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        viewport()->update();
    return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace denoscope
