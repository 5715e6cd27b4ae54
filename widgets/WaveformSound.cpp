// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/WaveformSound.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace denoscope {

double SoundStretch::timeAfter(double elapsed) const {
    const double time = start + elapsed;
    if (time < range.end || !(range.length() > 0))
        return std::min(time, range.end);
    return loop ? range.begin + std::fmod(time - range.begin, range.length()) : range.end;
}

WaveformSound::WaveformSound(const Signal& signal, int channel, const SoundStretch& stretch,
                             const SoundFormat& format, QObject* parent)
    : QIODevice(parent), m_signal(signal), m_channel(channel), m_stretch(stretch), m_format(format) {
    m_frames = std::max<qint64>(0, std::llround((stretch.range.end - stretch.start) * format.rate));
    float peak = 0;
    for (const float value : *signal.samples)
        if (std::isfinite(value))
            peak = std::max(peak, std::abs(value));
    if (peak > 1 || (peak > 0 && !signal.unit.isEmpty()))
        m_gain = 0.9 / static_cast<double>(peak);
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

double WaveformSound::timeOf(qint64 frame) const {
    return m_stretch.timeAfter(static_cast<double>(frame) / m_format.rate);
}

float WaveformSound::valueAt(int outputChannel, double time) const {
    const auto length = static_cast<std::int64_t>(m_signal.samples->size()) / m_signal.channels;
    const int channel = m_channel >= 0 ? m_channel : std::min(outputChannel, m_signal.channels - 1);
    const double place = time * m_signal.sampleRate;
    const auto left = static_cast<std::int64_t>(std::floor(place));
    if (left < 0 || left >= length)
        return 0;
    const auto sample = [&](std::int64_t index) {
        const float value =
            (*m_signal.samples)[static_cast<std::size_t>(channel * length + std::min(index, length - 1))];
        return std::isfinite(value) ? static_cast<double>(value) : 0.0;
    };
    const double value = std::lerp(sample(left), sample(left + 1), place - static_cast<double>(left));
    return static_cast<float>(std::clamp(value * m_gain, -1.0, 1.0));
}

qint64 WaveformSound::bytesAvailable() const {
    const qint64 frames = m_stretch.loop ? m_format.rate : m_frames - m_frame;
    return frames * m_format.channels * (m_format.asFloat ? 4 : 2) + QIODevice::bytesAvailable();
}

qint64 WaveformSound::readData(char* data, qint64 most) {
    const qint64 bytes = m_format.asFloat ? 4 : 2;
    const qint64 wanted = most / (bytes * m_format.channels);
    const qint64 frames = m_stretch.loop ? wanted : std::min(wanted, m_frames - m_frame);
    char* out = data;
    for (qint64 i = 0; i < frames; ++i, ++m_frame) {
        const double time = timeOf(m_frame);
        for (int channel = 0; channel < m_format.channels; ++channel, out += bytes) {
            const float value = valueAt(channel, time);
            const auto integer = static_cast<qint16>(std::lround(value * 32767));
            std::memcpy(out, m_format.asFloat ? static_cast<const void*>(&value) : &integer,
                        static_cast<std::size_t>(bytes));
        }
    }
    return out - data;
}

}  // namespace denoscope
