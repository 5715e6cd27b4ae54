// SPDX-License-Identifier: GPL-3.0-or-later
// What a KarrasUNet costs: weights, work and memory, counted from its plan.
#include <algorithm>
#include <cmath>

#include "engine/nets/KarrasPlan.h"

namespace denoscope {
namespace {

constexpr double bytesOfFloat = 4, bytesOfBFloat16 = 2;

std::int64_t kernelVolume(const KarrasPlan& plan, std::int64_t extent) {
    std::int64_t volume = 1;
    for (int axis = 0; axis < plan.options.rank(); ++axis)
        volume *= extent;
    return volume;
}

std::int64_t attentionCount(const BlockPlan& block) {
    return block.attention == AttentionKind::None ? 0 : block.attention == AttentionKind::Full ? 1 : 2;
}

// Of the convolutions, all of which act at the block's resolution.
std::int64_t convolutionWeights(const KarrasPlan& plan, const BlockPlan& block, bool encoder) {
    const std::int64_t kernel = kernelVolume(plan, 3);
    const std::int64_t firstIn = encoder && block.resamples ? block.out : block.in;
    std::int64_t count = firstIn * block.out * kernel + block.out * block.out * kernel;
    if (encoder ? block.resamples : block.in != block.out)
        count += block.in * block.out;
    return count + attentionCount(block) * 4 * block.heads * block.headSize * block.out;
}

std::int64_t blockParameters(const KarrasPlan& plan, const BlockPlan& block, bool encoder) {
    const std::int64_t memory = plan.options.model.memoryTokens * block.heads * block.headSize;
    return convolutionWeights(plan, block, encoder) + plan.embedding * block.out + 1 +
           attentionCount(block) * 2 * memory;
}

// Scores of one attention: per head, tokens x (tokens + memory), for every group of tokens that attend
// together.
double attentionScores(const KarrasPlan& plan, const BlockPlan& block) {
    const auto tokens = static_cast<double>(elementCount(block.size));
    const auto memory = static_cast<double>(plan.options.model.memoryTokens);
    const auto heads = static_cast<double>(block.heads);
    if (block.attention == AttentionKind::Full)
        return heads * tokens * (tokens + memory);
    const auto slices = static_cast<double>(block.size[0]);
    return heads * tokens * ((tokens / slices + memory) + (slices + memory));
}

double blockMacs(const KarrasPlan& plan, const BlockPlan& block, bool encoder) {
    double count = static_cast<double>(convolutionWeights(plan, block, encoder)) *
                   static_cast<double>(elementCount(block.size));
    if (block.attention != AttentionKind::None)
        count += 2 * attentionScores(plan, block) * static_cast<double>(block.headSize);
    return count + static_cast<double>(plan.embedding * block.out);
}

double placesOf(const BlockPlan& block) {
    return static_cast<double>(elementCount(block.size));
}
double outputOf(const BlockPlan& block) {
    return static_cast<double>(block.out) * placesOf(block);
}

// Values that LibTorch's graph holds of a block, counted from it: the inputs of SiLU, convolution, scaling,
// pixel norm and clip, and the mask of the dropout.
double keptPlain(const KarrasPlan& plan, const BlockPlan& block) {
    const ModelConfig& model = plan.options.model;
    const int outputs = 4 + (model.compat == Compat::Paper ? 1 : 0) + (model.dropout > 0 ? 1 : 0);
    const std::int64_t attended = attentionCount(block) * (10 * block.heads * block.headSize + 2 * block.out);
    return placesOf(block) * static_cast<double>(2 * block.in + outputs * block.out + attended) +
           attentionScores(plan, block);
}

// Fused kernels keep what convolutions and attentions begin with, and make the rest again.
double keptFused(const KarrasPlan& plan, const BlockPlan& block, bool encoder) {
    const std::int64_t hidden = block.heads * block.headSize;
    std::int64_t perPlace = encoder ? (block.resamples ? block.in : 0) + 2 * block.out : block.in + block.out;
    if (plan.options.model.compat == Compat::Paper)
        perPlace += block.out;  // before it is clipped
    // Of an attention its input, and what was attended to.
    perPlace += attentionCount(block) * (block.out + hidden);
    if (block.attention == AttentionKind::Factorized)
        perPlace += hidden;  // in another order for the convolution
    return placesOf(block) * static_cast<double>(perPlace);
}

// Besides, while its gradients are computed. How many tensors of a block's size live at one time then was
// measured (tests/engine/planTest.cpp).
double passingPlain(const KarrasPlan& plan, const BlockPlan& block) {
    return std::max(6 * outputOf(block), 2 * attentionScores(plan, block));
}
double passingFused(const BlockPlan& block) {
    return 8 * outputOf(block);
}

// Bytes of the same for a fused attention, which prepares keys, and sums their gradients, in float32 and in
// parts of 512 tokens (engine/kernels/Attention.cpp).
double passingAttention(const KarrasPlan& plan, const BlockPlan& block, double valueBytes) {
    if (block.attention == AttentionKind::None)
        return 0;
    const double places = placesOf(block);
    double tokens = places;  // that attend together
    if (block.attention == AttentionKind::Factorized) {
        const auto slices = static_cast<double>(block.size[0]);
        tokens = std::max(places / slices, slices);
    }
    const double parts = std::clamp(std::ceil(tokens / 512), 1.0, 8.0);
    const std::int64_t hidden = block.heads * block.headSize,
                       padded = block.heads * ((block.headSize + 15) / 16 * 16);
    const double keys = places + places / tokens * static_cast<double>(plan.options.model.memoryTokens);
    return valueBytes * places * static_cast<double>(4 * hidden + 2 * block.out) +
           bytesOfFloat * (2 + 2 * parts) * static_cast<double>(padded) * keys;
}

// Calls f(block, whether it is the encoder's) for every block.
template <class F>
void forBlocks(const KarrasPlan& plan, const F& f) {
    for (const BlockPlan& block : plan.downs)
        f(block, true);
    for (const auto* blocks : {&plan.mids, &plan.ups})
        for (const BlockPlan& block : *blocks)
            f(block, false);
}

}  // namespace

std::int64_t parameterCount(const KarrasPlan& plan) {
    const KarrasOptions& options = plan.options;
    const std::int64_t kernel = kernelVolume(plan, 3);
    const std::int64_t inputs = options.channels * (options.model.selfCondition ? 2 : 1) + 1;
    std::int64_t count = inputs * options.model.width * kernel;
    count += options.model.width * options.channels * kernel + 1;
    count += options.model.fourierSize / 2 + options.model.fourierSize * plan.embedding;
    count += options.classes * plan.embedding;
    forBlocks(plan,
              [&](const BlockPlan& block, bool encoder) { count += blockParameters(plan, block, encoder); });
    return count;
}

double macs(const KarrasPlan& plan) {
    const KarrasOptions& options = plan.options;
    const std::int64_t inputs = options.channels * (options.model.selfCondition ? 2 : 1) + 1;
    const std::int64_t ends = (inputs + options.channels) * options.model.width *
                              kernelVolume(plan, 3);  // first and last convolution
    double count = static_cast<double>(ends) * static_cast<double>(elementCount(options.size));
    count += static_cast<double>((options.model.fourierSize + options.classes) * plan.embedding);
    forBlocks(plan, [&](const BlockPlan& block, bool encoder) { count += blockMacs(plan, block, encoder); });
    return count;
}

double keptBytes(const KarrasPlan& plan, const TrainingConfig& training) {
    const double valueBytes = training.precision == Precision::BFloat16 ? bytesOfBFloat16 : bytesOfFloat;
    const bool fused = training.kernels == Kernels::Fused;
    double kept = 0, most = 0;
    forBlocks(plan, [&](const BlockPlan& block, bool encoder) {
        const double whole = valueBytes * (fused ? keptFused(plan, block, encoder) : keptPlain(plan, block));
        double passing = valueBytes * (fused ? passingFused(block) : passingPlain(plan, block));
        if (fused)
            passing = std::max(passing, passingAttention(plan, block, valueBytes));
        kept += training.recompute ? valueBytes * outputOf(block) : whole;
        most = std::max(most, passing + (training.recompute ? whole : 0));
    });
    return kept + most;
}

}  // namespace denoscope
