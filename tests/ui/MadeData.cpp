// SPDX-License-Identifier: GPL-3.0-or-later
#include "MadeData.h"

#include <cmath>
#include <random>
#include <tuple>

namespace denoscope {

namespace {

constexpr std::int64_t side = 32, length = 256, depth = 20;

float signalValue(double t, int item) {
    const double beat = std::fmod(t * (3 + item % 3), 1.0);
    return static_cast<float>(std::exp(-60 * (beat - 0.3) * (beat - 0.3)) * std::sin(40 * beat) * 0.9);
}

float imageValue(double x, double y, int item, int channel) {
    const double cx = 0.3 + 0.12 * (item % 4), cy = 0.35 + 0.1 * (item / 4 % 4), r = 0.16 + 0.02 * (item % 5);
    const bool inside =
        item % 2 == 0 ? std::hypot(x - cx, y - cy) < r : std::max(std::abs(x - cx), std::abs(y - cy)) < r;
    constexpr double colours[4][3]{{230, 120, 60}, {70, 160, 220}, {120, 200, 110}, {220, 90, 150}};
    return static_cast<float>(inside ? colours[item % 4][channel] : 34 + 20 * y);
}

float volumeValue(double x, double y, double z, int item) {
    const double r = std::hypot((x - 0.5) / 0.36, (y - 0.5) / 0.45, (z - 0.5) / 0.42);
    if (r > 1)
        return -1000;
    if (r > 0.88)
        return 900;
    const double lesion = std::hypot(x - 0.4 - 0.02 * item, y - 0.55, z - 0.5);
    return lesion < 0.08 ? 75 : std::hypot((x - 0.5) * 2.2, y - 0.5, z - 0.5) < 0.14 ? 8 : 38;
}

Shape shapeOf(DataKind kind) {
    switch (kind) {
        case DataKind::Signal:
            return {1, length};
        case DataKind::Image:
            return {3, side, side};
        case DataKind::Volume:
            return {1, depth, side, side};
    }
    return {};
}

float cleanValue(DataKind kind, std::int64_t index, int item) {
    const double x = static_cast<double>(index % side) / side,
                 y = static_cast<double>(index / side % side) / side;
    switch (kind) {
        case DataKind::Signal:
            return signalValue(static_cast<double>(index) / length, item);
        case DataKind::Image:
            return imageValue(x, y, item, static_cast<int>(index / (side * side)));
        case DataKind::Volume:
            return volumeValue(x, y, static_cast<double>(index / (side * side)) / depth, item);
    }
    return 0;
}

std::pair<double, double> rangeOf(DataKind kind) {
    return kind == DataKind::Signal  ? std::pair(-1.0, 1.0)
           : kind == DataKind::Image ? std::pair(0.0, 255.0)
                                     : std::pair(-1000.0, 900.0);
}

}  // namespace

std::vector<Item> madeItems(DataKind kind, int count, double noise, int seed) {
    std::mt19937 random(static_cast<unsigned>(seed));
    const auto [low, high] = rangeOf(kind);
    std::normal_distribution<double> gauss((low + high) / 2, (high - low) / 4);
    std::vector<Item> items;
    for (int i = 0; i < count; ++i) {
        Array array{shapeOf(kind), {}};
        array.values.resize(static_cast<std::size_t>(elementCount(array.shape)));
        for (std::size_t v = 0; v < array.values.size(); ++v)
            array.values[v] = static_cast<float>(
                (1 - noise) * cleanValue(kind, static_cast<std::int64_t>(v), i + seed - 1) +
                noise * gauss(random));
        Item item;
        item.array = std::make_shared<const Array>(std::move(array));
        item.label = i % 3;
        item.name = "item " + std::to_string(i);
        item.geometry = madeFacts(kind).geometry;
        items.push_back(std::move(item));
    }
    return items;
}

DataFacts madeFacts(DataKind kind) {
    DataFacts facts;
    facts.kind = kind;
    facts.format = "built-in";
    facts.shape = facts.smallestShape = facts.largestShape = shapeOf(kind);
    facts.count = kind == DataKind::Volume ? 240 : 4096;
    facts.dtype = "float32";
    std::tie(facts.min, facts.max) = rangeOf(kind);
    facts.percentile005 = facts.min;
    facts.percentile995 = facts.max;
    facts.mean = (facts.min + facts.max) / 2.2;
    facts.standardDeviation = (facts.max - facts.min) / 5;
    facts.labels = kind == DataKind::Signal  ? std::vector<std::string>{"slow", "normal", "fast"}
                   : kind == DataKind::Image ? std::vector<std::string>{"circle", "square", "triangle"}
                                             : std::vector<std::string>{"plain", "lesion", "shifted"};
    facts.source = kind == DataKind::Signal  ? "demo:beats"
                   : kind == DataKind::Image ? "demo:shapes"
                                             : "demo:heads";
    if (kind == DataKind::Signal)
        facts.geometry.sampleRate = 128;
    if (kind == DataKind::Volume) {
        facts.geometry.spacing = {5, 5, 7};
        facts.geometry.affine = {5, 0, 0, -80, 0, 5, 0, -80, 0, 0, 7, -70, 0, 0, 0, 1};
    }
    return facts;
}

DataOpened madeData(DataKind kind) {
    DataOpened opened;
    opened.facts = madeFacts(kind);
    opened.data.source = opened.facts.source;
    opened.recommended = recommend(opened.facts);
    opened.recommended.data.source = opened.facts.source;
    opened.preview = madeItems(kind, kind == DataKind::Volume ? 1 : 16, 0);
    for (std::size_t i = 0; i < opened.preview.size(); ++i)
        opened.previewIndices.push_back(static_cast<std::int64_t>(10 * i));
    return opened;
}

RunOpened madeRun(DataKind kind, const std::string& directory, std::int64_t step) {
    RunOpened opened;
    opened.runDirectory = directory;
    opened.facts = madeFacts(kind);
    opened.config = madeData(kind).recommended;
    opened.step = step;
    if (step > 0)
        opened.history = madeMetrics(1, step);
    return opened;
}

std::vector<MetricRow> madeMetrics(std::int64_t first, std::int64_t last) {
    std::vector<MetricRow> rows;
    for (std::int64_t step = first; step <= last; ++step) {
        const double wiggle = std::sin(static_cast<double>(step * step % 977));
        MetricRow row;
        row.step = step;
        row.loss = (0.08 + 0.9 * std::exp(-static_cast<double>(step) / 150)) * (1 + 0.18 * wiggle);
        row.learningRate = 0.01 * std::min(1.0, static_cast<double>(step) / 100);
        row.gradientNorm = 0.4 + 0.1 * wiggle;
        row.seconds = 0.081;
        rows.push_back(row);
    }
    return rows;
}

DenoisingFrame madeFrame(DataKind kind, int index, int total, std::int64_t request) {
    const double share = static_cast<double>(index) / (total - 1);
    DenoisingFrame frame;
    frame.request = request;
    frame.index = index;
    frame.total = total;
    frame.sigma = index + 1 == total ? 0 : 80 * std::pow(1 - share, 7) + 0.002;
    const int count = kind == DataKind::Volume ? 4 : 16;
    frame.noisy = madeItems(kind, count, std::pow(1 - share, 0.7), 5);
    frame.denoised = index == 0 ? frame.noisy : madeItems(kind, count, 0.5 * std::pow(1 - share, 3), 5);
    return frame;
}

}  // namespace denoscope
