// SPDX-License-Identifier: GPL-3.0-or-later
// demo:beats: five kinds of one-channel signals, two seconds at 256 Hz.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "engine/data/demos/Demos.h"
#include "engine/data/demos/Draws.h"

namespace denoscope {
namespace {

constexpr int length = 512;
constexpr double rate = 256;  // Hz
constexpr double duration = length / rate;
constexpr double turn = 2 * std::numbers::pi;

using Signal = std::vector<float>;

double bump(double t, double centre, double width) {
    const double z = (t - centre) / width;
    return std::exp(-z * z / 2);
}

// The P, Q, R, S and T waves of an electrocardiogram as Gaussian bumps, 45 to 150 beats a minute.
void addBeats(Signal& signal, Draws& draws) {
    struct Wave {
        double at, width, height;  // seconds around the R peak, seconds, share of the R peak
    };
    const std::array<Wave, 5> waves{{{-0.17 + 0.02 * draws.normal(), 0.022, draws.uniform(0.08, 0.2)},
                                     {-0.035, 0.010, -draws.uniform(0.05, 0.25)},
                                     {0, draws.uniform(0.010, 0.016), 1},
                                     {0.035, 0.012, -draws.uniform(0.1, 0.4)},
                                     {draws.uniform(0.2, 0.28), 0.045, draws.uniform(0.15, 0.4)}}};
    const double period = 60 / draws.uniform(50, 150);
    const double squeeze = std::clamp(std::sqrt(period / 0.8), 0.75, 1.2);  // faster beats are shorter
    const double height = draws.uniform(0.55, 0.9);
    for (double beat = -draws.uniform() * period; beat < duration + period;
         beat += period * (1 + 0.03 * draws.normal()))
        for (int i = 0; i < length; ++i)
            for (const Wave& wave : waves)
                signal[static_cast<std::size_t>(i)] += static_cast<float>(
                    height * wave.height * bump(i / rate, beat + squeeze * wave.at, squeeze * wave.width));
}

// A tone whose pitch glides from one frequency to another under a smooth envelope.
void addChirp(Signal& signal, Draws& draws) {
    const double from = draws.uniform(2, 12), to = draws.uniform(20, 50);
    const bool falling = draws.chance(0.5);
    const double phase = draws.uniform(), height = draws.uniform(0.5, 0.9);
    for (int i = 0; i < length; ++i) {
        const double t = (falling ? length - 1 - i : i) / rate;
        const double turns = from * t + (to - from) * t * t / (2 * duration);
        const double envelope = std::pow(std::sin(std::numbers::pi * (i + 0.5) / length), 0.5);
        signal[static_cast<std::size_t>(i)] +=
            static_cast<float>(height * envelope * std::sin(turn * (turns + phase)));
    }
}

// One to three struck strings: sudden onsets that ring out.
void addBursts(Signal& signal, Draws& draws) {
    const int count = 1 + draws.below(3);
    for (int n = 0; n < count; ++n) {
        const double onset = duration * (n + draws.uniform(0.05, 0.75)) / count;
        const double pitch = draws.uniform(8, 35), decay = draws.uniform(0.05, 0.2);
        const double height = draws.uniform(0.5, 0.9);
        for (int i = 0; i < length; ++i) {
            const double t = i / rate - onset;
            if (t >= 0)
                signal[static_cast<std::size_t>(i)] +=
                    static_cast<float>(height * std::exp(-t / decay) * std::sin(turn * pitch * t));
        }
    }
}

// A steady tone that swells and fades, as sleep spindles do.
void addSpindle(Signal& signal, Draws& draws) {
    const double pitch = draws.uniform(9, 16), phase = draws.uniform();
    const double centre = draws.uniform(0.5, 1.5), width = draws.uniform(0.15, 0.35),
                 height = draws.uniform(0.6, 0.9);
    const double drift = draws.uniform(0.05, 0.15), driftPhase = draws.uniform();
    for (int i = 0; i < length; ++i) {
        const double t = i / rate;
        signal[static_cast<std::size_t>(i)] +=
            static_cast<float>(height * bump(t, centre, width) * std::sin(turn * (pitch * t + phase)) +
                               drift * std::sin(turn * (0.7 * t + driftPhase)));
    }
}

// A rectangular wave with rounded edges and a duty of its own.
void addSquares(Signal& signal, Draws& draws) {
    const double pitch = draws.uniform(2, 6), phase = draws.uniform(), duty = draws.uniform(0.25, 0.75);
    const double height = draws.uniform(0.4, 0.85), edge = 0.006 * pitch;
    for (int i = 0; i < length; ++i) {
        const double at = std::fmod(pitch * i / rate + phase, 1.0);
        const double rise = std::tanh((at - 0.0) / edge), fall = std::tanh((at - duty) / edge);
        const double wrap = std::tanh((at - 1) / edge);
        signal[static_cast<std::size_t>(i)] += static_cast<float>(height * (rise - fall + wrap));
    }
}

Array makeBeats(std::int64_t index) {
    constexpr std::array makers{addBeats, addChirp, addBursts, addSpindle, addSquares};
    Draws draws(keyOf(1, Stream::Demo, {1, static_cast<std::uint64_t>(index)}));
    Signal signal(length, 0.0f);
    makers[static_cast<std::size_t>(index) % makers.size()](signal, draws);
    const double noise = draws.uniform(0.002, 0.012);
    for (float& value : signal)
        value = static_cast<float>(std::clamp(value + noise * draws.normal(), -1.0, 1.0));
    return {{1, length}, std::move(signal)};
}

}  // namespace

Demo beatsDemo() {
    DataFacts facts;
    facts.source = "demo:beats";
    facts.kind = DataKind::Signal;
    facts.count = 4000;
    facts.shape = {1, length};
    facts.dtype = "float32";
    facts.geometry.sampleRate = rate;
    facts.labels = {"heart beats", "chirp", "burst", "spindle", "square wave"};
    return {facts, makeBeats};
}

}  // namespace denoscope
