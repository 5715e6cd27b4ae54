// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/Spectrogram.h"

#include <kissfft/kiss_fftr.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace denoscope {

namespace {

// Power spectra of windows of one signal.
class Transform {
public:
    Transform(std::span<const float> samples, const SpectrogramSettings& settings)
        : m_samples(samples),
          m_window(windowFunction(settings.window, settings.windowLength)),
          m_values(m_window.size()),
          m_bins(m_window.size() / 2 + 1),
          m_plan(kiss_fftr_alloc(settings.windowLength, 0, nullptr, nullptr), kiss_fft_free) {
        const double gain = std::accumulate(m_window.begin(), m_window.end(), 0.0) / 2;
        m_scale = static_cast<float>(1 / (gain * gain));
    }

    // Raises `powers` to the power of the window around `center` where that is larger.
    void raise(std::int64_t center, std::span<float> powers) {
        take(center - static_cast<std::int64_t>(m_window.size()) / 2);
        kiss_fftr(m_plan.get(), m_values.data(), m_bins.data());
        for (std::size_t bin = 0; bin < m_bins.size(); ++bin) {
            const float power = m_scale * (m_bins[bin].r * m_bins[bin].r + m_bins[bin].i * m_bins[bin].i);
            powers[bin] = std::max(powers[bin], power);
        }
    }

private:
    void take(std::int64_t begin) {
        const auto length = static_cast<std::int64_t>(m_samples.size());
        const auto end = begin + static_cast<std::int64_t>(m_window.size());
        const std::int64_t from = std::max<std::int64_t>(begin, 0), to = std::min(end, length);
        double sum = 0;
        std::int64_t finite = 0;
        for (std::int64_t i = from; i < to; ++i)
            if (const float value = m_samples[static_cast<std::size_t>(i)]; std::isfinite(value)) {
                sum += static_cast<double>(value);
                ++finite;
            }
        const auto mean = static_cast<float>(finite > 0 ? sum / static_cast<double>(finite) : 0);
        std::fill(m_values.begin(), m_values.end(), 0.F);
        for (std::int64_t i = from; i < to; ++i)
            if (const float value = m_samples[static_cast<std::size_t>(i)]; std::isfinite(value)) {
                const auto at = static_cast<std::size_t>(i - begin);
                m_values[at] = (value - mean) * m_window[at];
            }
    }

    std::span<const float> m_samples;
    std::vector<float> m_window;
    std::vector<float> m_values;
    std::vector<kiss_fft_cpx> m_bins;
    std::unique_ptr<kiss_fftr_state, decltype(&kiss_fft_free)> m_plan;
    float m_scale = 1;
};

float decibelsOf(float power) {
    return 10 * std::log10(std::max(power, 1e-20F));
}

}  // namespace

// Harris 1978, "On the use of windows for harmonic analysis with the discrete Fourier transform", table 1.
std::vector<float> windowFunction(WindowKind kind, int length) {
    std::vector<float> window(static_cast<std::size_t>(std::max(0, length)), 1.F);
    for (std::size_t i = 0; kind != WindowKind::Rectangular && i < window.size(); ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / length;
        const double value = kind == WindowKind::Hann ? 0.5 - 0.5 * std::cos(angle)
                             : kind == WindowKind::Hamming
                                 ? 0.54 - 0.46 * std::cos(angle)
                                 : 0.42 - 0.5 * std::cos(angle) + 0.08 * std::cos(2 * angle);
        window[i] = static_cast<float>(value);
    }
    return window;
}

std::shared_ptr<const Spectrogram> spectrogramOf(std::span<const float> samples,
                                                 const SpectrogramSettings& wish, TimeRange wanted,
                                                 int mostFrames, const std::stop_token& stop) {
    SpectrogramSettings settings = wish;
    settings.windowLength = std::clamp(wish.windowLength / 2 * 2, 16, 65536);
    const double share = 1 - std::clamp(wish.overlap, 0.0, 0.999);
    const auto hop = std::max<std::int64_t>(1, std::llround(settings.windowLength * share));
    const TimeRange there{std::max(0.0, wanted.begin),
                          std::min(wanted.end, static_cast<double>(samples.size()))};
    if (!(there.length() > 0) || mostFrames < 1)
        return nullptr;

    auto result = std::make_shared<Spectrogram>();
    result->together =
        std::max(1, static_cast<int>(std::ceil(there.length() / static_cast<double>(hop) / mostFrames)));
    result->step = static_cast<double>(hop * result->together);
    result->middle = static_cast<double>(hop) * (result->together - 1) / 2.0;
    result->firstFrame = static_cast<std::int64_t>(std::floor(there.begin / result->step));
    const auto last = static_cast<std::int64_t>(std::ceil(there.end / result->step));
    result->frames = static_cast<int>(last - result->firstFrame) + 1;
    result->bins = settings.windowLength / 2 + 1;
    const auto bins = static_cast<std::size_t>(result->bins);
    result->decibels.resize(static_cast<std::size_t>(result->frames) * bins);

    Transform transform(samples, settings);
    for (int frame = 0; frame < result->frames; ++frame) {
        if (stop.stop_requested())
            return nullptr;
        const std::span<float> row =
            std::span(result->decibels).subspan(static_cast<std::size_t>(frame) * bins, bins);
        std::int64_t center = (result->firstFrame + frame) * hop * result->together;
        for (int i = 0; i < result->together && center <= static_cast<std::int64_t>(samples.size());
             ++i, center += hop)
            transform.raise(center, row);
        std::transform(row.begin(), row.end(), row.begin(), decibelsOf);
        result->peak = std::max(result->peak, *std::max_element(row.begin(), row.end()));
    }
    return result;
}

double SpectrogramFrame::frequencyAt(double share) const {
    return logFrequency ? lowest * std::pow(highest / lowest, share) : std::lerp(lowest, highest, share);
}

double SpectrogramFrame::shareOf(double frequency) const {
    return logFrequency ? std::log(std::max(frequency, 1e-12) / lowest) / std::log(highest / lowest)
                        : (frequency - lowest) / (highest - lowest);
}

QImage spectrogramImage(const Spectrogram& spectrogram, const SpectrogramFrame& frame, QSize size) {
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    if (spectrogram.frames < 1 || size.isEmpty())
        return image;
    struct Span {
        int first, last;  // last < first: nothing
    };
    // From one edge of the pixel to the other, at least what is nearest to it.
    const auto covered = [](double from, double to, int count) -> Span {
        const double first = std::ceil(from), last = std::ceil(to) - 1;
        const double nearest = std::round((from + to) / 2);
        const double low = last < first ? nearest : first, high = last < first ? nearest : last;
        if (high < 0 || low > count - 1)
            return {0, -1};
        return {static_cast<int>(std::max(low, 0.0)), static_cast<int>(std::min(high, count - 1.0))};
    };
    std::vector<Span> rows(static_cast<std::size_t>(size.height()));
    const double binsPerCycle = 2.0 * (spectrogram.bins - 1);
    for (int y = 0; y < size.height(); ++y)
        rows[static_cast<std::size_t>(y)] = covered(
            frame.frequencyAt(1 - (y + 1.0) / size.height()) * binsPerCycle,
            frame.frequencyAt(1 - static_cast<double>(y) / size.height()) * binsPerCycle, spectrogram.bins);
    const ColorTable& table = colorTable(frame.colors);
    const double perDecibel = 256 / std::max(1e-6, frame.highDecibels - frame.lowDecibels);
    std::vector<float> column(static_cast<std::size_t>(spectrogram.bins));
    const double perPixel = frame.samples.length() / size.width();
    Span before{-1, -1};
    auto* pixels = reinterpret_cast<QRgb*>(image.bits());
    const qsizetype perLine = image.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb));
    for (int x = 0; x < size.width(); ++x) {
        const double from = frame.samples.begin + perPixel * x;
        const Span frames =
            covered(spectrogram.frameAt(from), spectrogram.frameAt(from + perPixel), spectrogram.frames);
        if (frames.first != before.first || frames.last != before.last) {
            before = frames;
            std::fill(column.begin(), column.end(), -300.F);
            for (int i = frames.first; i <= frames.last; ++i)
                for (int bin = 0; bin < spectrogram.bins; ++bin)
                    column[static_cast<std::size_t>(bin)] =
                        std::max(column[static_cast<std::size_t>(bin)], spectrogram.at(i, bin));
        }
        if (frames.last < frames.first)
            continue;
        for (int y = 0; y < size.height(); ++y) {
            const auto [first, last] = rows[static_cast<std::size_t>(y)];
            if (last < first)
                continue;
            const float value = *std::max_element(column.begin() + first, column.begin() + last + 1);
            const double level = (static_cast<double>(value) - frame.lowDecibels) * perDecibel;
            pixels[y * perLine + x] = table[static_cast<std::size_t>(std::clamp(level, 0.0, 255.0))];
        }
    }
    return image;
}

}  // namespace denoscope
