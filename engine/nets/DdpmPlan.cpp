// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/DdpmPlan.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/api/DownsamplePlan.h"
#include "engine/api/Error.h"

namespace denoscope {
namespace {

// Far more than any machine trains; keeps the arithmetic of hostile options within 64 bits.
constexpr std::int64_t widest = std::int64_t{1} << 20, mostStages = 24, longest = std::int64_t{1} << 30;

void checkRange(std::int64_t value, std::int64_t least, std::int64_t most, const char* key) {
    if (value < least || value > most)
        throw EngineError(fmt::format("{} is not possible", value), key,
                          fmt::format("use {} to {}", least, most));
}

void checkAttention(const DdpmAttention& attention) {
    checkRange(attention.heads, 1, widest, "model.heads");
    checkRange(attention.headSize, 1, widest / attention.heads, "model.head_size");
}

void checkNumbers(const DdpmOptions& options) {
    for (const auto& [key, value, least] :
         {std::tuple{"model.width", options.width, 1}, std::tuple{"model.first_width", options.firstWidth, 0},
          std::tuple{"model.outputs", options.outputs, 0}, std::tuple{"model.groups", options.groups, 1},
          std::tuple{"model.memory_tokens", options.memoryTokens, 0},
          std::tuple{"model.fourier_size", options.fourierSize, 2}})
        checkRange(value, least, widest, key);
    checkRange(options.channels, 1, widest, "channels");
    checkRange(options.classes, 0, widest, "classes");
    checkRange(static_cast<std::int64_t>(options.widthFactors.size()), 1, mostStages, "model.width_factors");
    for (const std::int64_t factor : options.widthFactors)
        checkRange(factor, 1, widest / options.width, "model.width_factors");
    if (!(options.dropout >= 0 && options.dropout <= 1))
        throw EngineError(fmt::format("{} is no probability", options.dropout), "model.dropout",
                          "use 0 to 1");
    checkAttention(options.middleAttention);
    for (const DdpmAttention& attention : options.stageAttention)
        checkAttention(attention);
}

void checkTime(const DdpmOptions& options) {
    if (options.time != DdpmTime::Sinusoidal) {
        if (options.fourierSize % 2 != 0)
            throw EngineError(
                fmt::format("{} features are not pairs of sine and cosine", options.fourierSize),
                "model.fourier_size", "use an even number");
        return;
    }
    // The frequencies run from 1 to 1 / period in width / 2 steps, which takes two of them.
    if (options.width % 2 != 0 || options.width < 4)
        throw EngineError(fmt::format("a sinusoidal time embedding cannot be {} wide", options.width),
                          "model.width", "use an even width of 4 or more, or Fourier features for the time");
    if (!(options.timePeriod > 0 && options.timePeriod < 1e30))
        throw EngineError(fmt::format("{} is no period", options.timePeriod), "model.time_period",
                          "use a positive number, usually 10000");
}

void checkSize(const DdpmOptions& options, const ModelConfig& ladder) {
    if (options.size.empty() || options.size.size() > 3)
        throw EngineError("the network needs 1, 2 or 3 spatial extents", "data.size", "give L, H W or D H W");
    for (const std::int64_t extent : options.size)
        checkRange(extent, 1, longest, "data.size");
    const auto& types = options.downsampleTypes;
    if (!types.empty() && (options.rank() != 3 || types.size() + 1 != options.widthFactors.size()))
        throw EngineError(fmt::format("{} types for {} halvings of {} axes", types.size(),
                                      options.widthFactors.size() - 1, options.rank()),
                          "model.downsample_types", "give one per halving of a volume, or none for 'all'");
    const Shape fitting = nearestDivisible(options.size, ladder);
    if (fitting != options.size)
        throw EngineError(
            fmt::format("{} cannot be halved {} times", toText(options.size), ladder.downsamples),
            "data.size",
            fmt::format("the nearest size that can is {}; or use fewer model.width_factors",
                        toText(fitting)));
}

// Group norms act in blocks alone, whose widths these are.
void checkGroups(const DdpmPlan& plan) {
    const std::int64_t groups = plan.options.groups;
    const auto check = [&](std::int64_t width) {
        if (plan.options.norm == DdpmNorm::Group && width % groups != 0)
            throw EngineError(fmt::format("a width of {} does not divide into {} groups", width, groups),
                              "model.groups", "choose groups that divide every width");
    };
    check(plan.options.firstWidth);
    check(plan.middle.width);
    for (const auto* stages : {&plan.downs, &plan.ups})
        for (const DdpmStage& stage : *stages)
            check(stage.width);
}

void resolve(DdpmOptions& options) {
    if (options.firstWidth == 0)
        options.firstWidth = options.width;
    if (options.outputs == 0)
        options.outputs = options.channels;
    options.middleAttention.full = true;
    if (options.stageAttention.empty()) {
        const DdpmAttention& middle = options.middleAttention;
        options.stageAttention.assign(options.widthFactors.size(), {false, middle.heads, middle.headSize});
        options.stageAttention.back().full = true;
    }
    if (options.stageAttention.size() == 1)
        options.stageAttention.resize(options.widthFactors.size(), options.stageAttention.front());
    if (options.stageAttention.size() != options.widthFactors.size())
        throw EngineError(fmt::format("{} attentions for {} stages", options.stageAttention.size(),
                                      options.widthFactors.size()),
                          "model.stage_attention", "give one per stage, one for all, or none");
}

// What the shared arithmetic of halvings asks for.
ModelConfig halvings(const DdpmOptions& options) {
    ModelConfig ladder;
    ladder.downsamples = static_cast<std::int64_t>(options.widthFactors.size()) - 1;
    ladder.downsampleTypes = options.downsampleTypes;
    return ladder;
}

// The factors between two neighbouring extents.
Shape ratio(const Shape& larger, const Shape& smaller) {
    Shape factors = larger;
    for (std::size_t axis = 0; axis < larger.size(); ++axis)
        factors[axis] /= smaller[axis];
    return factors;
}

void layOut(DdpmPlan& plan, const std::vector<Shape>& sizes) {
    const DdpmOptions& options = plan.options;
    const Shape ones(options.size.size(), 1);
    std::int64_t narrow = options.firstWidth;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const std::int64_t wide = options.width * options.widthFactors[i];
        const bool halves = i + 1 < sizes.size(), doubles = i > 0;
        const DdpmAttention& attention = options.stageAttention[i];
        plan.downs.push_back({narrow, narrow, wide, sizes[i], halves ? ratio(sizes[i], sizes[i + 1]) : ones,
                              halves, attention});
        plan.ups.push_back({wide + narrow, wide, narrow, sizes[i],
                            doubles ? ratio(sizes[i - 1], sizes[i]) : ones, doubles, attention});
        narrow = wide;
    }
    std::ranges::reverse(plan.ups);
    plan.middle = {narrow, narrow, narrow, sizes.back(), ones, false, options.middleAttention};
}

}  // namespace

DdpmPlan makeDdpmPlan(const DdpmOptions& options) {
    checkNumbers(options);
    checkTime(options);
    const ModelConfig ladder = halvings(options);
    checkSize(options, ladder);
    DdpmPlan plan;
    plan.options = options;
    resolve(plan.options);
    plan.embedding = options.width * 4;
    layOut(plan, stageSizes(options.size, ladder));
    checkGroups(plan);
    return plan;
}

}  // namespace denoscope
