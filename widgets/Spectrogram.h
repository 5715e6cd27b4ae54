// SPDX-License-Identifier: GPL-3.0-or-later
// The short-time Fourier transform of one channel, as power in decibels. Of plain values, for any thread.
#pragma once

#include <QImage>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "widgets/ColorMap.h"
#include "widgets/TimeRange.h"

namespace denoscope {

enum class WindowKind { Hann, Hamming, Blackman, Rectangular };

struct SpectrogramSettings {
    int windowLength = 512;  // samples; even, 16 to 65536
    double overlap = 0.75;   // share of the window that the next one has in common with it, 0 up to below 1
    WindowKind window = WindowKind::Hann;

    bool operator==(const SpectrogramSettings&) const = default;
};

std::vector<float> windowFunction(WindowKind kind, int length);  // periodic, as transforms want it

// 0 dB is a sine of amplitude 1. The mean of each window is taken out, so that an offset of the signal does
// not hide the lowest frequencies; samples that are not finite and those beyond the ends count as zero.
struct Spectrogram {
    std::int64_t firstFrame = 0;  // frame i is centred on sample (firstFrame + i) * step + middle
    double step = 1;              // samples from frame to frame
    double middle = 0;
    int frames = 0;
    int bins = 0;                 // windowLength / 2 + 1: from 0 to half the sample rate
    int together = 1;             // transforms in one frame, which keeps the largest power of each frequency
    float peak = -200;            // the largest value
    std::vector<float> decibels;  // (frames, bins)

    float at(int frame, int bin) const {
        return decibels[static_cast<std::size_t>(frame) * static_cast<std::size_t>(bins) +
                        static_cast<std::size_t>(bin)];
    }
    double centerOf(int frame) const { return static_cast<double>(firstFrame + frame) * step + middle; }
    double frameAt(double sample) const { return (sample - middle) / step - static_cast<double>(firstFrame); }
};

// Of the samples within `wanted` (in samples). Where there are more transforms than `mostFrames`, neighbours
// are put together. Null when it was stopped, or where there is nothing to transform.
std::shared_ptr<const Spectrogram> spectrogramOf(std::span<const float> samples,
                                                 const SpectrogramSettings& settings, TimeRange wanted,
                                                 int mostFrames, const std::stop_token& stop = {});

// What part of a spectrogram is drawn, and how.
struct SpectrogramFrame {
    TimeRange samples;                 // from left to right
    double lowest = 0, highest = 0.5;  // frequency at the lower and upper edge, in cycles per sample
    bool logFrequency = false;         // then `lowest` is above 0
    double lowDecibels = -80, highDecibels = 0;
    ColorMapKind colors = ColorMapKind::Dusk;

    bool operator==(const SpectrogramFrame&) const = default;
    double frequencyAt(double share) const;  // 0 at the lower edge, 1 at the upper
    double shareOf(double frequency) const;
};

// Each pixel shows the largest value that falls on it; transparent where nothing was computed.
QImage spectrogramImage(const Spectrogram& spectrogram, const SpectrogramFrame& frame, QSize size);

}  // namespace denoscope
