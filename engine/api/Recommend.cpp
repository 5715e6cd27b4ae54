// SPDX-License-Identifier: GPL-3.0-or-later
// Starting points that fit the data and learn something visible within minutes on a few processor cores.
#include <algorithm>
#include <bit>
#include <cmath>
#include <thread>

#include "engine/api/DownsamplePlan.h"
#include "engine/api/OwnSize.h"
#include "engine/api/Settings.h"

namespace denoscope {
namespace {

struct Effort {
    std::int64_t width, maxWidth, blocks, batch, steps;
    double learningRate;
};
enum class Level { Quick, Balanced, Thorough };

// Width counts quadratically and every further dimension multiplies the samples, so volumes get narrow
// networks.
Effort effortOf(DataKind kind, Level level) {
    switch (kind) {
        case DataKind::Signal:
            return level == Level::Quick      ? Effort{16, 64, 1, 16, 800, 0.03}
                   : level == Level::Balanced ? Effort{32, 128, 1, 16, 3000, 0.02}
                                              : Effort{48, 192, 2, 16, 12000, 0.015};
        case DataKind::Image:
            return level == Level::Quick      ? Effort{16, 64, 1, 16, 1500, 0.03}
                   : level == Level::Balanced ? Effort{32, 128, 1, 16, 4000, 0.02}
                                              : Effort{64, 256, 2, 32, 20000, 0.015};
        case DataKind::Volume:
            break;
    }
    return level == Level::Quick      ? Effort{8, 32, 1, 4, 600, 0.03}
           : level == Level::Balanced ? Effort{16, 64, 1, 4, 2000, 0.02}
                                      : Effort{32, 128, 2, 4, 10000, 0.015};
}

constexpr std::int64_t longestSignal = 4096;
constexpr std::int64_t largestImage = 64;
constexpr std::int64_t largestPatch = 32;
constexpr std::int64_t grain = 8;  // sizes of images and patches are multiples of this

std::int64_t roundedUp(std::int64_t extent, std::int64_t step) {
    return (extent + step - 1) / step * step;
}
std::int64_t roundedDown(std::int64_t extent, std::int64_t step) {
    return std::max(extent / step, std::int64_t{1}) * step;
}

// How many halvings leave about `coarsest` samples.
std::int64_t halvings(std::int64_t extent, std::int64_t coarsest, std::int64_t most) {
    const auto ratio = static_cast<std::uint64_t>(std::max<std::int64_t>(extent / coarsest, 1));
    return std::clamp<std::int64_t>(std::bit_width(ratio) - 1, 1, most);
}

// Signals of one length that is not too long are learned whole; of others, windows of a power of two.
void fitSignal(RunConfig& config, const DataFacts& facts) {
    const std::int64_t longest = std::max<std::int64_t>(largestExtents(facts)[0], grain);
    const bool whole = !facts.mixedShapes && longest <= longestSignal;
    const auto window = static_cast<std::int64_t>(
        std::bit_floor(static_cast<std::uint64_t>(std::min(longest, longestSignal))));
    config.model.downsamples = halvings(whole ? longest : window, 32, 5);
    const std::int64_t factor = std::int64_t{1} << config.model.downsamples;
    config.data.size = {whole ? roundedUp(longest, factor) : window};
    config.data.fit = whole && config.data.size == spatialExtents(facts.shape) ? Fit::Exact : Fit::Pad;
}

// Small images keep their pixels and get a border where the halvings need one; of larger ones a centred
// square.
void fitImage(RunConfig& config, const DataFacts& facts) {
    const Shape smallest = smallestExtents(facts);
    const Shape largest = largestExtents(facts);
    Shape size{roundedUp(largest[0], grain), roundedUp(largest[1], grain)};
    if (std::ranges::max(size) <= largestImage) {
        config.data.fit = size == smallest && size == largest ? Fit::Exact : Fit::Pad;
    } else {
        const std::int64_t side = std::min(largestImage, roundedDown(std::ranges::min(smallest), grain));
        size = {side, side};
        config.data.fit = Fit::Crop;
    }
    config.data.size = size;
    config.model.downsamples = halvings(std::ranges::max(size), 8, 3);
}

// Patches; a volume of few slices keeps them all and is halved in plane only.
void fitVolume(RunConfig& config, const DataFacts& facts) {
    const Shape smallest = smallestExtents(facts);
    config.data.size.clear();
    for (const std::int64_t extent : smallest)
        config.data.size.push_back(std::min(largestPatch, roundedDown(extent, grain)));
    config.model.downsamples = halvings(std::max(config.data.size[1], config.data.size[2]), 8, 2);
    if (smallest[0] < grain) {
        config.data.size[0] = std::max<std::int64_t>(smallest[0], 1);
        config.model.downsampleTypes.assign(static_cast<std::size_t>(config.model.downsamples),
                                            DownsampleType::Image);
    }
    const bool fits = std::ranges::equal(config.data.size, smallest, std::ranges::less_equal{});
    config.data.fit = fits ? Fit::Crop : Fit::Pad;
    config.model.factorizedAttention = true;
}

void fitData(RunConfig& config, const DataFacts& facts) {
    switch (facts.kind) {
        case DataKind::Signal:
            return fitSignal(config, facts);
        case DataKind::Image:
            return fitImage(config, facts);
        case DataKind::Volume:
            return fitVolume(config, facts);
    }
}

double twoDigits(double value) {
    const double unit = std::pow(10, std::floor(std::log10(value)) - 1);
    return std::round(value / unit) * unit;
}

// EDM's noise levels suit data that spreads by 0.5 once mapped to -1..1. Recordings are mostly near silence
// and spread far less: their levels shrink along, or most of the training would go to noise that drowns
// everything.
void chooseNoise(RunConfig& config, const DataFacts& facts) {
    const double loudest = std::max(std::abs(facts.min), std::abs(facts.max));
    if (facts.kind != DataKind::Signal || facts.standardDeviation <= 0 || loudest <= 0)
        return;
    // A single click in hours of silence must not ask for levels below what the settings allow.
    const double scale = std::max(facts.standardDeviation / loudest / 0.5, 1e-3);
    if (scale > 0.5)
        return;
    config.noise.logMean = std::round((config.noise.logMean + std::log(scale)) * 100) / 100;
    config.sampling.sigmaMin = twoDigits(config.sampling.sigmaMin * scale);
    config.sampling.sigmaMax = twoDigits(config.sampling.sigmaMax * scale);
}

void chooseModel(ModelConfig& model, const Effort& effort, const Shape& size) {
    model.width = effort.width;
    model.maxWidth = effort.maxWidth;
    model.blocksPerStage = effort.blocks;
    model.headSize = std::min<std::int64_t>(32, effort.maxWidth / 2);
    model.attention = {stageResolutions(size, model).back()};
}

void chooseTraining(RunConfig& config, const Effort& effort, const DataFacts& facts) {
    const bool pieces = givesPieces(facts, config.data.size);
    TrainingConfig& training = config.training;
    training.steps = effort.steps;
    training.batchSize = pieces ? effort.batch : std::clamp<std::int64_t>(facts.count, 1, effort.batch);
    // Small batches of a short run: a high rate that falls soon reached a lower loss on digits and shapes
    // than the rate that EDM2 used with batches of thousands.
    training.learningRate = effort.learningRate;
    training.beta2 = 0.95;
    training.warmupSteps = std::clamp<std::int64_t>(effort.steps / 40, 20, 500);
    training.decaySteps = effort.steps / 8;
    training.emaHalfLife = static_cast<double>(effort.steps) / 20;
    training.checkpointEvery = std::clamp<std::int64_t>(effort.steps / 10, 100, 1000);
    training.previewEvery = effort.steps / 20;
    training.previewCount = facts.kind == DataKind::Volume ? 4 : 16;
    config.sampling.count = training.previewCount;
    // Few items are soon known by heart.
    if (!pieces && facts.count < 500)
        config.model.dropout = 0.1;
}

RunConfig recommendAt(const DataFacts& facts, Level level) {
    RunConfig config;
    if (std::ssize(facts.shape) != spatialRank(facts.kind) + 1)
        throw EngineError("the shape " + toText(facts.shape) + " does not suit a " + toText(facts.kind),
                          facts.source, "");
    Effort effort = effortOf(facts.kind, level);
    config.data.source = facts.source;
    config.data.useLabels = !facts.labels.empty();
    fitData(config, facts);
    // Over a long signal the first stages are all memory traffic; halving them costs little of what is
    // learned.
    if (facts.kind == DataKind::Signal && config.data.size[0] > 1024)
        effort.width /= 2;
    chooseNoise(config, facts);
    chooseModel(config.model, effort, config.data.size);
    chooseTraining(config, effort, facts);
    return config;
}

// Rounds the recommended size so that `halvings` halvings divide it, and takes the items to it.
void fitHalvings(RunConfig& config, const DataFacts& facts) {
    const Shape fitting = nearestDivisible(config.data.size, config.model);
    if (fitting == config.data.size)
        return;
    config.data.size = fitting;
    const bool inside = std::ranges::equal(fitting, smallestExtents(facts), std::ranges::less_equal{});
    config.data.fit = inside ? Fit::Crop : Fit::Pad;
}

// What the Python package's README trains: its UNet of width 64 under a discrete process, Adam at 8e-5, and
// its own average of the weights.
RunConfig packageReadme(const DataFacts& facts) {
    RunConfig config = recommendAt(facts, Level::Balanced);
    const bool signal = facts.kind == DataKind::Signal;
    const bool shallow = !config.model.downsampleTypes.empty();
    config.model = {};
    config.model.family = ModelFamily::Ddpm;
    config.model.variant = signal ? DdpmVariant::Unet1d : DdpmVariant::Unet;
    config.model.width = 64;
    if (shallow)  // few slices, and all of them kept
        config.model.downsampleTypes.assign(static_cast<std::size_t>(downsampleCount(config.model)),
                                            DownsampleType::Image);
    config.data.useLabels = false;  // it knows no classes
    fitHalvings(config, facts);
    config.noise = {};
    config.noise.process = NoiseProcess::Discrete;
    config.noise.objective = Objective::Velocity;
    config.noise.shape = signal ? NoiseShape::Cosine : NoiseShape::Sigmoid;
    config.training.batchSize =
        givesPieces(facts, config.data.size) ? 32 : std::clamp<std::int64_t>(facts.count, 1, 32);
    config.training.accumulation = 2;
    config.training.learningRate = 8e-5;
    config.training.beta2 = 0.99;
    config.training.warmupSteps = 0;
    config.training.decaySteps = 0;
    config.training.clipNorm = 1;
    config.training.ema = EmaKind::Warmup;
    config.training.steps = 100000;
    config.sampling = {};
    config.sampling.sampler = SamplerKind::Ddim;
    config.sampling.steps = 250;
    config.sampling.clip = true;
    config.sampling.count = config.training.previewCount;
    return config;
}

// EDM2-XS (arXiv:2312.02696 table 6: width 128, 3 blocks, attention at 16 and 8) made narrower for few cores.
RunConfig edm2Scaled(const DataFacts& facts) {
    RunConfig config = recommendAt(facts, Level::Thorough);
    const double cores = std::max(1U, std::thread::hardware_concurrency());
    constexpr double fullWidth = 128, fullCores = 32;
    const double width = std::clamp(fullWidth * std::sqrt(cores / fullCores), 32.0, fullWidth);
    config.model.width = static_cast<std::int64_t>(width / 16) * 16;
    config.model.maxWidth = 4 * config.model.width;
    config.model.blocksPerStage = 3;
    const std::vector<std::int64_t> stages = stageResolutions(config.data.size, config.model);
    config.model.attention.assign(stages.end() - std::min<std::ptrdiff_t>(2, std::ssize(stages)),
                                  stages.end());
    config.training.learningRate = 0.012;
    return config;
}

bool always(const DataFacts&) {
    return true;
}

}  // namespace

RunConfig recommend(const DataFacts& facts) {
    return recommendAt(facts, Level::Balanced);
}

const std::vector<Preset>& presets() {
    static const std::vector<Preset> list{
        {"quick", "Quick", "A small network for a first look: something recognisable within a few minutes.",
         [](const DataFacts& facts) { return recommendAt(facts, Level::Quick); }, always},
        {"balanced", "Balanced", "The recommendation: good samples in the time of a coffee break to a lunch.",
         [](const DataFacts& facts) { return recommendAt(facts, Level::Balanced); }, always},
        {"thorough", "Thorough", "A wider and deeper network for a night or a graphics card.",
         [](const DataFacts& facts) { return recommendAt(facts, Level::Thorough); }, always},
        {"edm2", "EDM2-XS, scaled", "The published EDM2-XS, as wide as this machine's cores can carry.",
         edm2Scaled, always, true},
        {"package_1d", "Python package, 1D",
         "The UNet and settings of the PyTorch package's README for signals. Heavy: meant for a graphics "
         "card.",
         packageReadme, [](const DataFacts& facts) { return facts.kind == DataKind::Signal; }, true},
        {"package_2d", "Python package, 2D",
         "The UNet and settings of the PyTorch package's README for images. Heavy: meant for a graphics "
         "card.",
         packageReadme, [](const DataFacts& facts) { return facts.kind == DataKind::Image; }, true},
        {"package_3d", "Python package, 3D",
         "The same UNet with one more dimension, for volumes. Heavy: meant for a graphics card.",
         packageReadme, [](const DataFacts& facts) { return facts.kind == DataKind::Volume; }, true}};
    return list;
}

}  // namespace denoscope
