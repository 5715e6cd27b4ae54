// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of a DdpmUNet as plain numbers: which stages, of what width, at which resolution, attending how.
// The network is built from it and forecasts are computed from it, so the two cannot disagree.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/api/Array.h"
#include "engine/api/Config.h"

namespace denoscope {

enum class DdpmDownsampling { SpaceToDepth, Strided };  // neighbours into channels, or a 4-wide convolution
enum class RmsScale { Channels, LastExtent };           // which number's root RMS norms multiply by
enum class AttentionNames { Plain, Wrapped };           // "downs.0.2.to_qkv", or "downs.0.2.fn.fn.to_qkv"

struct DdpmAttention {
    bool full = false;  // every place sees every place; else linear attention (arXiv:1812.01243)
    std::int64_t heads = 4, headSize = 32;  // their product need not be the width

    bool operator==(const DdpmAttention&) const = default;
};

// One set of choices for every variant that the Python package has under several names (DdpmPresets.h).
struct DdpmOptions {
    Shape size;  // spatial extents: {L}, {H, W} or {D, H, W}
    int channels = 3;
    int classes = 0;           // 0 = unconditional; else with an embedding of "no class" besides
    std::int64_t outputs = 0;  // channels of the output; 0 = `channels`, twice them for a learned variance

    std::int64_t width = 64;      // the unit of widths; the conditioning vector is four times it
    std::int64_t firstWidth = 0;  // of the input convolution and the last block; 0 = `width`
    std::vector<std::int64_t> widthFactors{1, 2, 4, 8};  // one per stage; between stages the item is halved
    std::vector<DownsampleType> downsampleTypes;         // volumes: one per halving; empty = all
    bool selfCondition = false;
    double dropout = 0;  // in the first half of every block

    DdpmTime time = DdpmTime::Sinusoidal;
    std::int64_t fourierSize = 16;  // sines and cosines together, learned or random
    double timePeriod = 10000;      // longest sinusoidal period, in units of 2 pi

    DdpmNorm norm = DdpmNorm::Rms;
    std::int64_t groups = 8;  // of the group norm
    RmsScale rmsScale = RmsScale::Channels;
    DdpmDownsampling downsampling = DdpmDownsampling::SpaceToDepth;

    std::int64_t memoryTokens = 4;  // learned key/value pairs of every attention
    AttentionNames attentionNames = AttentionNames::Plain;
    // Outermost first, the same on the way down and up; one = every stage alike; empty = full at the
    // innermost stage, linear elsewhere, all with the middle's heads.
    std::vector<DdpmAttention> stageAttention;
    DdpmAttention middleAttention{true, 4, 32};  // always full

    int rank() const { return static_cast<int>(size.size()); }
};

// Two residual blocks, an attention and a convolution that leads to the next stage.
struct DdpmStage {
    std::int64_t in = 0;     // channels that each block takes (on the way up: with a skip connection)
    std::int64_t width = 0;  // of blocks and attention
    std::int64_t out = 0;    // after the last convolution
    Shape size;              // extents of its blocks
    Shape factors;           // per axis 1 or 2: what the last convolution halves or doubles
    bool resamples = false;  // false: a plain 3-wide convolution
    DdpmAttention attention;
};

struct DdpmPlan {
    DdpmOptions options;         // nothing left open: outputs, firstWidth and stageAttention are filled in
    std::int64_t embedding = 0;  // width of the time embedding, and of the class embedding
    std::vector<DdpmStage> downs, ups;
    DdpmStage middle;  // block, attention, block; leads to nothing

    // What the blocks are conditioned on: time, then class.
    std::int64_t conditionWidth() const { return embedding * (options.classes > 0 ? 2 : 1); }
};

// Throws EngineError naming the setting when the options contradict each other; for extents that cannot be
// halved so often it names the nearest that can.
DdpmPlan makeDdpmPlan(const DdpmOptions& options);

std::int64_t parameterCount(const DdpmPlan& plan);

// Bytes that a training step holds at one time, per item, as `training` computes it: what the forward keeps,
// or only what its pieces begin with, and what the gradients of one piece take besides. It has no fused
// kernels, and in bfloat16 its norms stay in float32.
double keptBytes(const DdpmPlan& plan, const TrainingConfig& training);

// Multiply-accumulates of one forward, per item.
double macs(const DdpmPlan& plan);

}  // namespace denoscope
