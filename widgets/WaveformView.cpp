// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/WaveformView.h"

#include <QMouseEvent>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

#include "widgets/Theme.h"
#include "widgets/ValueRange.h"

namespace denoscope {

namespace {

constexpr int smallestLane = 44;
constexpr std::int64_t atOnce = 1 << 20;  // samples that are summarised before the next frame, in about 5 ms

}  // namespace

WaveformView::WaveformView(QWidget* parent) : TimeView(parent), m_placeholder(tr("No signals yet.")) {
    setAccessibleName(tr("Waveforms"));
}

WaveformView::~WaveformView() = default;

QSize WaveformView::minimumSizeHint() const {
    return {150, 96};
}

QSize WaveformView::sizeHint() const {
    return {420, 240};
}

void WaveformView::setSignals(std::vector<Signal> signalList) {
    m_lanes = lanesOf(signalList, m_lanes);
    m_hoverLane = -1;
    summarize();
    chooseTimes();
    chooseValues();
    updateScrollBar();
}

void WaveformView::setReference(std::vector<Signal> signalList, const QString& name,
                                const QString& shownName) {
    m_reference = lanesOf(signalList, m_reference);
    m_referenceName = name;
    m_shownName = shownName;
    summarize();
    chooseTimes();
    chooseValues();
}

// The pyramid of a row that was shown before is used again.
WaveformView::Lanes WaveformView::lanesOf(const std::vector<Signal>& signalList, const Lanes& known) const {
    Lanes lanes;
    for (const Signal& signal : signalList) {
        if (!signal.samples || signal.channels < 1)
            continue;
        const auto length = static_cast<std::int64_t>(signal.samples->size()) / signal.channels;
        for (int channel = 0; channel < signal.channels; ++channel) {
            const auto same = std::find_if(known.begin(), known.end(), [&](const Lane& lane) {
                return lane.source == signal.samples && lane.channel == channel &&
                       lane.summary->length() == length;
            });
            Lane lane;
            lane.source = signal.samples;
            lane.channel = channel;
            lane.summary = same != known.end()
                               ? same->summary
                               : std::make_shared<WaveformSummary>(signal.samples, channel * length, length,
                                                                   WaveformSummary::Build::Later);
            lane.sampleRate = signal.sampleRate;
            lane.unit = signal.unit;
            lane.name = signal.name;
            if (signal.channelNames.size() == signal.channels) {
                const QString& own = signal.channelNames[channel];
                lane.name = signalList.size() > 1 ? tr("%1 · %2").arg(signal.name, own) : own;
            } else if (signal.channels > 1) {
                lane.name = tr("%1 · channel %2").arg(signal.name).arg(channel + 1);
            }
            lanes.push_back(std::move(lane));
        }
    }
    return lanes;
}

// Short signals at once, long ones in their own thread. While that is at work every build goes through it,
// for only one thread may build a summary.
void WaveformView::summarize() {
    std::vector<std::shared_ptr<WaveformSummary>> missing;
    std::int64_t samples = 0;
    for (const Lanes* lanes : {&m_lanes, &m_reference})
        for (const Lane& lane : *lanes)
            if (!lane.summary->isReady()) {
                missing.push_back(lane.summary);
                samples += lane.summary->length();
            }
    if (samples <= atOnce && !m_summaries.isBusy()) {
        for (const auto& summary : missing)
            summary->build();
        return;
    }
    if (missing.empty())
        return;
    m_summaries.start([this, missing](const std::stop_token& stop, const LatestJob::Reply& reply) {
        const auto progress = [&] {
            reply([this] {
                chooseValues();
                viewport()->update();
            });
        };
        for (const auto& summary : missing)
            summary->build(stop, progress);
        reply([this] { Q_EMIT summarized(); });
    });
}

void WaveformView::chooseTimes() {
    bool inSeconds = true;
    for (const Lanes* lanes : {&m_lanes, &m_reference})
        for (const Lane& lane : *lanes)
            inSeconds = inSeconds && lane.sampleRate > 0;
    TimeRange whole{0, 0};
    for (Lanes* lanes : {&m_lanes, &m_reference})
        for (Lane& lane : *lanes) {
            lane.rate = inSeconds ? lane.sampleRate : 1;
            whole.end = std::max(whole.end, static_cast<double>(lane.summary->length()) / lane.rate);
        }
    setTimes(whole, inSeconds, m_lanes.empty() || !inSeconds ? 0 : m_lanes.front().rate);
}

void WaveformView::chooseValues() {
    const auto room = [](const MinMax& range) -> std::pair<double, double> {
        if (range.empty)
            return {-1, 1};
        const double span = static_cast<double>(range.max) - static_cast<double>(range.min);
        if (!(span > 0))
            return rangeAround(static_cast<double>(range.min));
        const double pad = span * 0.05;
        return {static_cast<double>(range.min) - pad, static_cast<double>(range.max) + pad};
    };
    std::vector<MinMax> ranges(std::max(m_lanes.size(), m_reference.size()));
    MinMax all;
    for (const Lanes* lanes : {&m_lanes, &m_reference})
        for (std::size_t i = 0; i < lanes->size(); ++i)
            ranges[i].add((*lanes)[i].summary->all());
    for (std::size_t i = 0; i < m_lanes.size(); ++i)
        all.add(ranges[i]);
    for (Lanes* lanes : {&m_lanes, &m_reference})
        for (std::size_t i = 0; i < lanes->size(); ++i) {
            const auto fit =
                m_scale == LaneScale::PerLane ? room(ranges[i]) : m_fixedValues.value_or(room(all));
            const double middle = (fit.first + fit.second) / 2;
            const double half = (fit.second - fit.first) / 2 * m_valueZoom;
            (*lanes)[i].values = {middle - half, middle + half};
        }
}

QString WaveformView::laneName(int lane) const {
    return m_lanes[static_cast<std::size_t>(lane)].name;
}

QString WaveformView::laneUnit(int lane) const {
    return m_lanes[static_cast<std::size_t>(lane)].unit;
}

std::pair<double, double> WaveformView::valueRange(int lane) const {
    return m_lanes[static_cast<std::size_t>(lane)].values;
}

void WaveformView::setPlaceholder(const QString& sentence) {
    m_placeholder = sentence;
    viewport()->update();
}

void WaveformView::setLaneLayout(LaneLayout layout) {
    m_layout = layout;
    updateScrollBar();
    updateReadout();
}

void WaveformView::setLaneScale(LaneScale scale) {
    m_scale = scale;
    chooseValues();
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

void WaveformView::zoomValues(double factor, QPointF) {
    m_valueZoom = std::clamp(m_valueZoom * factor, 1e-4, 4.0);
    chooseValues();
    viewport()->update();
}

void WaveformView::fitValues() {
    m_valueZoom = 1;
    chooseValues();
}

double WaveformView::shortestRange() const {
    double rate = 1e-9;
    for (const Lane& lane : m_lanes)
        rate = std::max(rate, lane.rate);
    return m_lanes.empty() ? 0 : 8 / rate;  // eight samples of the finest lane
}

std::optional<WaveformStatistics> WaveformView::statistics(int lane, TimeRange range) const {
    const Lane& of = m_lanes[static_cast<std::size_t>(lane)];
    const auto first = [&](double time) {
        return static_cast<std::int64_t>(std::ceil(time * of.rate - 1e-6));
    };
    return of.summary->statistics(first(range.begin), first(range.end));
}

QRect WaveformView::laneRect(int lane) const {
    const QRect plot = plotRect();
    if (m_layout == LaneLayout::Overlaid)
        return plot;
    const int height = std::max(smallestLane, plot.height() / std::max(1, laneCount()));
    return {plot.left(), plot.top() + lane * height - verticalScrollBar()->value(), plot.width(), height - 4};
}

void WaveformView::updateScrollBar() {
    const int lanes = m_layout == LaneLayout::Overlaid ? 1 : std::max(1, laneCount());
    const int content = lanes * std::max(smallestLane, plotRect().height() / lanes);
    verticalScrollBar()->setPageStep(plotRect().height());
    verticalScrollBar()->setSingleStep(smallestLane);
    verticalScrollBar()->setRange(0, lanes > 1 ? std::max(0, content - plotRect().height()) : 0);
}

std::int64_t WaveformView::sampleAt(const Lane& lane, double time) const {
    return std::llround(time * lane.rate);
}

// The lane at a position; of overlaid ones that whose curve is nearest.
int WaveformView::laneAt(QPointF position) const {
    int found = -1;
    double nearest = 0;
    for (int i = 0; i < laneCount(); ++i) {
        if (!laneRect(i).contains(position.toPoint()))
            continue;
        const Lane& lane = m_lanes[static_cast<std::size_t>(i)];
        const std::int64_t sample = sampleAt(lane, timeAt(position.x()));
        if (sample < 0 || sample >= lane.summary->length())
            continue;
        const double y = yAt(laneRect(i), lane, static_cast<double>(lane.summary->sample(sample)));
        const double distance = std::isfinite(y) ? std::abs(y - position.y()) : 1e9;
        if (found < 0 || distance < nearest) {
            found = i;
            nearest = distance;
        }
    }
    return found;
}

QString WaveformView::readoutAt(QPointF position) {
    m_hoverLane = laneAt(position);
    if (m_hoverLane < 0)
        return {};
    const Lane& lane = m_lanes[static_cast<std::size_t>(m_hoverLane)];
    m_hoverSample = sampleAt(lane, timeAt(position.x()));
    const auto valueText = [&](const Lane& of) {
        const QString number =
            QString::number(static_cast<double>(of.summary->sample(m_hoverSample)), 'g', 5);
        return of.unit.isEmpty() ? number : QStringLiteral("%1 %2").arg(number, of.unit);
    };
    QString text = QStringLiteral("%1   %2").arg(
        timeAxis().text(static_cast<double>(m_hoverSample) / lane.rate, visibleRange()), valueText(lane));
    if (m_layout == LaneLayout::Overlaid && laneCount() > 1)
        text = QStringLiteral("%1   %2").arg(lane.name, text);
    const auto index = static_cast<std::size_t>(m_hoverLane);
    if (index < m_reference.size() && m_hoverSample < m_reference[index].summary->length() &&
        m_reference[index].rate == lane.rate)
        text += QStringLiteral("   (%1 %2)").arg(m_referenceName, valueText(m_reference[index]));
    return text;
}

void WaveformView::resizeEvent(QResizeEvent*) {
    updateScrollBar();
}

void WaveformView::mousePressEvent(QMouseEvent* event) {
    TimeView::mousePressEvent(event);
    if (const int lane = laneAt(event->position()); lane >= 0 && event->button() == Qt::LeftButton)
        Q_EMIT laneClicked(lane);
}

void WaveformView::changeEvent(QEvent* event) {
    TimeView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateScrollBar();
}

}  // namespace denoscope
