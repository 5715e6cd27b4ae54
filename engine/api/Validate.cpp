// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a config, alone and against the data.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "engine/api/DownsamplePlan.h"
#include "engine/api/FiniteValues.h"
#include "engine/api/OwnSize.h"
#include "engine/api/SettingText.h"
#include "engine/api/Settings.h"

namespace denoscope {
namespace {

class Problems {
public:
    void add(std::string key, std::string what, std::string remedy) {
        Error error{std::move(what), key, std::move(remedy)};
        m_list.push_back({std::move(key), std::move(error)});
    }
    std::vector<Problem> take() { return std::move(m_list); }
    bool empty() const { return m_list.empty(); }

private:
    std::vector<Problem> m_list;
};

std::string listText(const Shape& numbers) {
    return fmt::format("{}", fmt::join(numbers, ", "));
}

void checkRanges(const RunConfig& config, Problems& problems) {
    for (const Setting& setting : settings()) {
        const SettingValue value = setting.get(config);
        if (!isAllowed(setting, value))
            problems.add(setting.key, fmt::format("'{}' is not possible", toText(value)),
                         "allowed: " + allowedText(setting));
    }
}

void checkEven(std::initializer_list<std::pair<const char*, std::int64_t>> widths, Problems& problems) {
    for (const auto& [key, width] : widths)
        if (width % 2 != 0)
            problems.add(key, fmt::format("{} is odd", width), fmt::format("use {}", width + 1));
}

void checkPerStage(const char* key, std::size_t values, std::size_t stages, Problems& problems) {
    if (values != 1 && values != stages)
        problems.add(key, fmt::format("{} values for {} stages", values, stages),
                     "give one, or one per stage");
}

void checkTime(const RunConfig& config, Problems& problems) {
    if (config.model.time == DdpmTime::Sinusoidal && config.noise.process != NoiseProcess::Discrete)
        problems.add("model.time_embedding",
                     "sinusoids of step numbers cannot tell the levels of a process without steps",
                     "set it to learned or random, or noise.process to discrete");
}

void checkModel(const RunConfig& config, Problems& problems) {
    const ModelConfig& model = config.model;
    if (model.family == ModelFamily::Karras) {
        checkEven({{"model.width", model.width},
                   {"model.max_width", model.maxWidth},
                   {"model.head_size", model.headSize},
                   {"model.fourier_size", model.fourierSize}},
                  problems);
        if (model.maxWidth < model.width)
            problems.add(
                "model.max_width",
                fmt::format("{} is below the width of the first stage, {}", model.maxWidth, model.width),
                fmt::format("use {} or more", model.width));
        return;
    }
    const std::size_t stages = model.widthFactors.size();
    if (stages == 0 || stages > 13)
        problems.add("model.width_factors", fmt::format("{} stages are not possible", stages),
                     "give 1 to 13 numbers");
    checkPerStage("model.heads", model.heads.size(), stages, problems);
    checkPerStage("model.head_sizes", model.headSizes.size(), stages, problems);
    checkEven({{model.time == DdpmTime::Sinusoidal ? "model.width" : "model.fourier_size",
                model.time == DdpmTime::Sinusoidal ? model.width : model.fourierSize}},
              problems);
    if (model.variant == DdpmVariant::ClassUnet && model.selfCondition)
        problems.add("model.self_condition", "the layout class_unet does not see its own estimate",
                     "turn it off, or choose the layout unet");
    checkTime(config, problems);
    if (model.norm != DdpmNorm::Group)
        return;
    std::vector<std::int64_t> widths{model.firstWidth};
    for (const std::int64_t factor : model.widthFactors)
        widths.push_back(model.width * factor);
    for (const std::int64_t width : widths)
        if (width % model.groups != 0)
            problems.add("model.groups",
                         fmt::format("{} groups do not divide a width of {}", model.groups, width),
                         "use 1, 2, 4 or 8");
}

void checkProcess(const RunConfig& config, Problems& problems) {
    const auto& [data, model, noise, training, sampling] = config;
    if (noise.process == NoiseProcess::Discrete && noise.shape == NoiseShape::Learned)
        problems.add("noise.schedule", "numbered steps have no learned schedule",
                     "use linear, cosine or sigmoid, or set noise.process to continuous");
    if (noise.process == NoiseProcess::Continuous && noise.shape == NoiseShape::Sigmoid)
        problems.add("noise.schedule", "continuous time has no sigmoid schedule",
                     "use linear, cosine or learned, or set noise.process to discrete");
    const bool plain = noise.head == OutputHead::Plain;
    if (!plain && noise.process != NoiseProcess::Discrete)
        problems.add("noise.output", "only a discrete process learns more than its objective",
                     "set it to plain");
    else if (!plain && model.family == ModelFamily::Karras)
        problems.add("noise.output", "the karras network has as many outputs as inputs",
                     "set it to plain, or model.family to ddpm");
    if (!plain && noise.objective != Objective::Noise)
        problems.add("noise.objective", "this output is learned along with the noise only",
                     "set it to noise, or noise.output to plain");
    if (!plain && noise.minSnr)
        problems.add("noise.min_snr", "this output is learned at all levels alike",
                     "turn it off, or set noise.output to plain");
    const bool quirk = noise.immiscible && noise.immiscibleTarget == Compat::Reference;
    if (quirk && noise.process != NoiseProcess::Discrete)
        problems.add("noise.immiscible_target", "the package has immiscible noise for numbered steps only",
                     "set it to paper");
    if (!plain && model.selfCondition)
        problems.add("model.self_condition", "it does not go together with this output",
                     "turn it off, or set noise.output to plain");
    const double second = training.emaSecondWidth;
    if (training.ema == EmaKind::Power && second > 0 &&
        (second < 0.01 || std::abs(second / training.emaWidth - 1) < 0.2))
        problems.add(
            "training.ema_second_width",
            fmt::format("{} is too near to the first width, {}, or too small", second, training.emaWidth),
            "use 0, or twice the first width");
    if (sampling.emaWidth > 0 && (training.ema != EmaKind::Power || sampling.emaWidth < 0.01))
        problems.add("sampling.ema_width", "the run has no snapshots to make an average of this width from",
                     "set it to 0; runs with training.ema = power have widths from 0.01 on");
    const bool own = sampling.grid == SigmaGrid::Own && noise.process == NoiseProcess::Discrete;
    if (own && sampling.steps > noise.timesteps)
        problems.add(
            "sampling.steps",
            fmt::format("{} steps are more than the process has, {}", sampling.steps, noise.timesteps),
            fmt::format("use {} or fewer", noise.timesteps));
}

void checkContradictions(const RunConfig& config, Problems& problems) {
    const auto& [data, model, noise, training, sampling] = config;
    if (data.low > data.high)
        problems.add("data.low",
                     fmt::format("the window starts at {} and ends before that, at {}", data.low, data.high),
                     "exchange data.low and data.high; make them equal for the data's own range");
    if (data.size.size() > 3)
        problems.add("data.size", fmt::format("{} extents are too many", data.size.size()),
                     "give 1 for signals, 2 for images, 3 for volumes");
    checkModel(config, problems);
    checkProcess(config, problems);
    if (sampling.sigmaMin >= sampling.sigmaMax)
        problems.add("sampling.sigma_min",
                     fmt::format("the smallest noise {} is not below the largest, {}", sampling.sigmaMin,
                                 sampling.sigmaMax),
                     "use for example 0.002 and 80");
    if (sampling.sampler == SamplerKind::Heun && sampling.churnMin > sampling.churnMax)
        problems.add("sampling.churn_min",
                     fmt::format("{} lies above churn_max, {}", sampling.churnMin, sampling.churnMax),
                     "exchange the two");
}

// Says which size would fit, and which `fit` takes the data there.
void checkDivisible(const RunConfig& config, const Shape& size, const Shape& dataSize, Problems& problems) {
    const Shape fitting = nearestDivisible(size, config.model);
    if (fitting == size)
        return;
    std::string remedy = fmt::format("the nearest that fits: data.size = {}", listText(fitting));
    if (!dataSize.empty() && config.data.fit == Fit::Exact) {
        const bool grows =
            !std::equal(fitting.begin(), fitting.end(), dataSize.begin(), dataSize.end(), std::less_equal{});
        remedy += grows ? " with data.fit = pad" : " with data.fit = crop";
    }
    const std::int64_t halvings = mostDownsamples(size, config.model);
    if (halvings > 0)
        remedy += config.model.family == ModelFamily::Karras
                      ? fmt::format("; or model.downsamples = {}", halvings)
                      : fmt::format("; or {} numbers for model.width_factors", halvings + 1);
    problems.add("data.size",
                 fmt::format("{} cannot be halved {} times", toText(size), downsampleCount(config.model)),
                 remedy);
}

void checkAttention(const ModelConfig& model, const Shape& size, Problems& problems) {
    const std::vector<std::int64_t>& wanted = model.attention;
    if (model.family == ModelFamily::Ddpm || wanted.empty() || wanted == std::vector<std::int64_t>{0})
        return;
    const std::vector<std::int64_t> occurring = stageResolutions(size, model);
    for (const std::int64_t resolution : wanted)
        if (std::find(occurring.begin(), occurring.end(), resolution) == occurring.end())
            problems.add("model.attention", fmt::format("no stage has the resolution {}", resolution),
                         fmt::format("choose among {}, or 0 for no attention", listText(occurring)));
}

void checkDownsampleTypes(const ModelConfig& model, const Shape& size, Problems& problems) {
    if (model.downsampleTypes.empty())
        return;
    if (size.size() != 3)
        problems.add("model.downsample_types", "only volumes have down-samplings of different types",
                     "leave it empty");
    else if (std::ssize(model.downsampleTypes) != downsampleCount(model))
        problems.add("model.downsample_types",
                     fmt::format("{} types for {} down-samplings", model.downsampleTypes.size(),
                                 downsampleCount(model)),
                     "give one for each, or none for all");
}

void checkSize(const RunConfig& config, const Shape& size, const Shape& dataSize, Problems& problems) {
    if (size.empty() || size.size() > 3)
        return;
    checkDownsampleTypes(config.model, size, problems);
    checkDivisible(config, size, dataSize, problems);
    if (nearestDivisible(size, config.model) == size)
        checkAttention(config.model, size, problems);
}

std::string spanText(const Shape& from, const Shape& to) {
    return from == to ? toText(from) : toText(from) + " to " + toText(to);
}

void checkFit(const DataConfig& data, const DataFacts& facts, const Shape& size, Problems& problems) {
    const Shape smallest = smallestExtents(facts);
    const Shape largest = largestExtents(facts);
    // Volumes are always learned in patches; of the others, exact means exact.
    const bool exact = data.fit == Fit::Exact && facts.kind != DataKind::Volume;
    if (exact && (smallest != size || largest != size))
        problems.add("data.fit",
                     fmt::format("the items are {}, the network works on {}", spanText(smallest, largest),
                                 toText(size)),
                     "set data.fit to crop or pad");
    // Images are scaled before they are cropped; signals and volumes keep their resolution.
    const bool tooShort =
        !std::equal(size.begin(), size.end(), smallest.begin(), smallest.end(), std::less_equal{});
    if (!exact && data.fit != Fit::Pad && facts.kind != DataKind::Image && tooShort)
        problems.add(
            "data.fit",
            fmt::format("a piece of {} cannot be cut from items of {}", toText(size), toText(smallest)),
            "set data.fit to pad, or make data.size smaller");
}

void checkValues(const DataConfig& data, const DataFacts& facts, Problems& problems) {
    if (!hasFiniteValues(facts))
        problems.add("data.source", "no value is finite; there is nothing to learn", "choose other data");
    else if (facts.min == facts.max)
        problems.add("data.source", fmt::format("every value is {}; there is nothing to learn", facts.min),
                     "choose other data");
    else if (data.low < data.high && (data.high <= facts.min || data.low >= facts.max))
        problems.add("data.low",
                     fmt::format("the window {} to {} holds none of the data, which runs from {} to {}",
                                 data.low, data.high, facts.min, facts.max),
                     fmt::format("use for example {} to {}", facts.percentile005, facts.percentile995));
    if (data.mirror && facts.kind == DataKind::Signal)
        problems.add("data.mirror", "signals cannot be mirrored left to right", "turn data.mirror off");
}

void checkCounts(const RunConfig& config, const DataFacts& facts, const Shape& size, Problems& problems) {
    const bool isKnown = facts.count > 0;  // not so for a run of imported weights
    if (isKnown && config.training.batchSize > facts.count && !givesPieces(facts, size))
        problems.add("training.batch_size",
                     fmt::format("a batch of {} needs more items than the {} there are",
                                 config.training.batchSize, facts.count),
                     fmt::format("use {} or fewer", std::max<std::int64_t>(facts.count, 1)));
    const int classes = classCount(config, facts);
    if (config.sampling.guidance != 1 && classes == 0)
        problems.add("sampling.guidance", "there are no classes to guide by", "set it to 1");
    else if (config.sampling.guidance != 1 && config.training.labelDropout == 0)
        problems.add("sampling.guidance",
                     "guidance compares with the network without a class, which it never learns while "
                     "training.label_dropout is 0",
                     "set it to 1, or train with training.label_dropout = 0.1");
    if (config.sampling.label >= classes && config.sampling.label >= 0)
        problems.add("sampling.label", fmt::format("there is no class {}", config.sampling.label),
                     classes == 0 ? "the data has no classes in use: set it to -1"
                                  : fmt::format("use 0 to {}, or -1 for any", classes - 1));
}

std::vector<Problem> check(const RunConfig& config, const DataFacts* facts) {
    Problems problems;
    checkRanges(config, problems);
    if (!problems.empty())
        return problems.take();  // what follows calculates with the values
    checkContradictions(config, problems);
    const Shape dataSize = facts && !facts->mixedShapes ? spatialExtents(facts->shape) : Shape{};
    const Shape size = config.data.size.empty() && facts ? ownSize(*facts) : Shape(config.data.size);
    const bool rankFits = !facts || std::ssize(size) == spatialRank(facts->kind);
    if (!rankFits)
        problems.add("data.size", fmt::format("{} extents for a {}", size.size(), toText(facts->kind)),
                     fmt::format("give {}", spatialRank(facts->kind)));
    else
        checkSize(config, size, dataSize, problems);
    if (facts) {
        if (rankFits)
            checkFit(config.data, *facts, size, problems);
        checkValues(config.data, *facts, problems);
        checkCounts(config, *facts, size, problems);
    }
    return problems.take();
}

}  // namespace

std::vector<Problem> validate(const RunConfig& config) {
    return check(config, nullptr);
}

std::vector<Problem> validate(const RunConfig& config, const DataFacts& facts) {
    return check(config, &facts);
}

}  // namespace denoscope
