// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SpectrogramView.h"

#include <QEvent>
#include <algorithm>
#include <cmath>

#include "widgets/ColorMapBar.h"

namespace denoscope {

SpectrogramView::SpectrogramView(QWidget* parent) : TimeView(parent), m_placeholder(tr("No signal yet.")) {
    setAccessibleName(tr("Spectrogram"));
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_bar = new ColorMapBar(viewport());
    m_bar->setVisible(false);
    placeBar();
    connect(this, &TimeView::visibleRangeChanged, this, &SpectrogramView::request);
}

SpectrogramView::~SpectrogramView() = default;

QSize SpectrogramView::minimumSizeHint() const {
    return {150, 96};
}

QSize SpectrogramView::sizeHint() const {
    return {420, 240};
}

void SpectrogramView::setSignal(const Signal& signal, int channel, std::optional<TimeRange> whole) {
    m_signal = signal;
    m_channel = channel;
    forget();
    if (!whole)
        whole = TimeRange{0, static_cast<double>(row().size()) / rate()};
    setTimes(*whole, signal.sampleRate > 0, signal.sampleRate);
    request();
}

void SpectrogramView::setPlaceholder(const QString& sentence) {
    m_placeholder = sentence;
    viewport()->update();
}

void SpectrogramView::setSettings(const SpectrogramSettings& settings) {
    if (settings == m_settings)
        return;
    m_settings = settings;
    forget();
    request();
}

void SpectrogramView::setDecibelRange(double decibels) {
    m_decibels = std::clamp(decibels, 1.0, 400.0);
    viewport()->update();
}

void SpectrogramView::setColorMap(ColorMapKind kind) {
    m_colors = kind;
    viewport()->update();
}

void SpectrogramView::setLogFrequency(bool on) {
    m_logFrequency = on;
    fitValues();
}

double SpectrogramView::rate() const {
    return m_signal.sampleRate > 0 ? m_signal.sampleRate : 1;
}

std::span<const float> SpectrogramView::row() const {
    if (!m_signal.samples || m_channel < 0 || m_channel >= m_signal.channels)
        return {};
    const std::size_t length = m_signal.samples->size() / static_cast<std::size_t>(m_signal.channels);
    return std::span(*m_signal.samples).subspan(static_cast<std::size_t>(m_channel) * length, length);
}

void SpectrogramView::forget() {
    m_job.cancel();
    m_spectrogram = nullptr;
    m_picture = {};
    m_asked = {0, 0};
    m_loudest = -200;
    viewport()->update();
}

// With some room on both sides, so that small movements need nothing new.
void SpectrogramView::request() {
    const TimeRange visible{visibleRange().begin * rate(), visibleRange().end * rate()};
    const bool covered = m_asked.begin <= std::max(0.0, visible.begin) &&
                         m_asked.end >= std::min(visible.end, static_cast<double>(row().size()));
    const bool sharp = m_askedAll || m_asked.length() <= 1.7 * visible.length();
    const int columns = plotRect().width();
    if (row().empty() || columns < 1 || (m_asked.length() > 0 && covered && sharp))
        return;
    const double room = visible.length() / 4;
    m_asked = {visible.begin - room, visible.end + room};
    m_askedAll = false;
    m_job.start([this, owner = m_signal.samples, samples = row(), settings = m_settings, wanted = m_asked,
                 columns](const std::stop_token& stop, const LatestJob::Reply& reply) {
        const auto result = spectrogramOf(samples, settings, wanted, columns * 3 / 2, stop);
        if (!result)
            return;
        reply([this, result] {
            m_spectrogram = result;
            m_askedAll = result->together == 1;
            m_loudest = std::max(m_loudest, static_cast<double>(result->peak));
            m_picture = {};
            updateReadout();
            Q_EMIT computed();
        });
    });
}

SpectrogramFrame SpectrogramView::frame() const {
    SpectrogramFrame all;
    all.samples = {visibleRange().begin * rate(), visibleRange().end * rate()};
    all.logFrequency = m_logFrequency;
    all.lowest = m_logFrequency ? 1.0 / m_settings.windowLength : 0;
    all.highest = 0.5;
    all.highDecibels = m_loudest;
    all.lowDecibels = m_loudest - m_decibels;
    all.colors = m_colors;
    SpectrogramFrame part = all;
    part.lowest = all.frequencyAt(m_shares.begin);
    part.highest = all.frequencyAt(m_shares.end);
    return part;
}

double SpectrogramView::frequencyAt(double y) const {
    const QRectF plot = plotRect();
    return frame().frequencyAt((plot.top() + plot.height() - y) / std::max(1.0, plot.height())) * rate();
}

double SpectrogramView::yOf(double frequency) const {
    const QRectF plot = plotRect();
    return plot.top() + plot.height() * (1 - frame().shareOf(frequency / rate()));
}

double SpectrogramView::shortestRange() const {
    return row().empty() ? 0 : 8 / rate();
}

QString SpectrogramView::readoutAt(QPointF position) {
    const double time = timeAt(position.x());
    const double frequency = frequencyAt(position.y());
    const int decimals =
        std::clamp(static_cast<int>(std::ceil(2 - std::log10(std::max(1e-9, rate())))), 0, 6);
    QString text = QStringLiteral("%1   %2 %3")
                       .arg(timeAxis().text(time, visibleRange()), QString::number(frequency, 'f', decimals),
                            timeAxis().inSeconds ? tr("Hz") : tr("cycles/sample"));
    if (!m_spectrogram)
        return text;
    const double place = std::round(m_spectrogram->frameAt(time * rate()));
    const int bin = static_cast<int>(std::lround(frequency / rate() * 2 * (m_spectrogram->bins - 1)));
    if (place >= 0 && place < m_spectrogram->frames && bin >= 0 && bin < m_spectrogram->bins)
        text += tr("   %1 dB")
                    .arg(static_cast<double>(m_spectrogram->at(static_cast<int>(place), bin)), 0, 'f', 1);
    return text;
}

void SpectrogramView::zoomValues(double factor, QPointF at) {
    const QRectF plot = plotRect();
    const double share = (plot.bottom() - at.y()) / std::max(1.0, plot.height());
    m_shares = m_shares.zoomed(m_shares.begin + share * m_shares.length(), factor, {0, 1}, 0.01);
    viewport()->update();
}

void SpectrogramView::fitValues() {
    m_shares = {0, 1};
    viewport()->update();
}

int SpectrogramView::marginNeeded() const {
    return m_bar->sizeHint().width() + 4;
}

void SpectrogramView::placeBar() {
    setRightMargin(marginNeeded());
    const int width = m_bar->sizeHint().width();
    m_bar->setGeometry(viewport()->width() - width, 0, width, viewport()->height());
}

void SpectrogramView::resizeEvent(QResizeEvent*) {
    placeBar();
    request();
}

void SpectrogramView::changeEvent(QEvent* event) {
    TimeView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        placeBar();
}

}  // namespace denoscope
