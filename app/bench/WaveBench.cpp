// SPDX-License-Identifier: GPL-3.0-or-later
// Two channels of 10^7 samples each: everything visible, single samples, and what lies between.
#include <QCoreApplication>
#include <cmath>
#include <random>

#include "app/bench/FrameTimes.h"
#include "app/bench/ViewBenches.h"
#include "widgets/SpectrogramView.h"
#include "widgets/WaveformView.h"

namespace denoscope {

namespace {

constexpr std::int64_t length = 10'000'000;
constexpr double rate = 44'100;

// Noise is the worst case: every column is full, and single samples jump from edge to edge.
Signal noise(int channels) {
    auto samples = std::make_shared<std::vector<float>>(static_cast<std::size_t>(length * channels));
    std::minstd_rand random(1);
    for (float& value : *samples)
        value = static_cast<float>(random() % 20'001) / 10'000.F - 1.F;
    Signal signal;
    signal.samples = samples;
    signal.channels = channels;
    signal.sampleRate = rate;
    signal.name = QStringLiteral("noise");
    return signal;
}

void waitFor(const std::function<bool()>& done) {
    while (!done())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
}

void zoomAndPan(const std::string& what, TimeView& view, double seconds) {
    const TimeRange whole = view.wholeRange();
    const double span = std::min(seconds, whole.length());
    printFrameTimes("  " + what + ", pan", view, 120, 16, [&](int frame) {
        const double begin = (whole.length() - span) * (0.3 + frame / 1000.0);
        view.setVisibleRange({begin, begin + span});
    });
    printFrameTimes("  " + what + ", zoom", view, 120, 16, [&](int frame) {
        const double wide = span * (1 + 0.2 * std::sin(frame / 10.0));
        const double begin = (whole.length() - wide) * 0.4;
        view.setVisibleRange({begin, begin + wide});
    });
}

}  // namespace

void benchWaveform() {
    const Signal signal = noise(2);
    WaveformView view;
    view.resize(1280, 600);
    printTime("Waveform, 2 x 10^7 samples: first frame, nothing summarised", [&] {
        view.setSignals({signal});
        view.grab();
    });
    printTime("  summarised in the background", [&] { waitFor([&] { return !view.isSummarizing(); }); });
    for (const LaneLayout layout : {LaneLayout::Stacked, LaneLayout::Overlaid}) {
        view.setLaneLayout(layout);
        const std::string how = layout == LaneLayout::Stacked ? "stacked" : "overlaid";
        zoomAndPan(how + ", the whole file", view, length / rate);
        zoomAndPan(how + ", one second", view, 1);
        zoomAndPan(how + ", two samples per pixel", view, 2400 / rate);
        zoomAndPan(how + ", one sample per pixel", view, 1180 / rate);
        zoomAndPan(how + ", twenty samples", view, 20 / rate);
    }
    SpectrogramView spectrogram;
    spectrogram.resize(1280, 300);
    printTime("Spectrogram of 10^7 samples, in the background", [&] {
        spectrogram.setSignal(signal, 0);
        spectrogram.grab();
        waitFor([&] { return !spectrogram.isComputing(); });
    });
    zoomAndPan("spectrogram, the whole file", spectrogram, length / rate);
    zoomAndPan("spectrogram, ten seconds", spectrogram, 10);
}

}  // namespace denoscope
