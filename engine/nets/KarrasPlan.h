// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of a KarrasUNet as plain numbers: which blocks, of what width, at which resolution, attending
// how. The network is built from it and the forecast of memory is computed from it, so the two cannot
// disagree.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/api/Array.h"
#include "engine/api/Config.h"

namespace denoscope {

struct KarrasOptions {
    ModelConfig model;
    Shape size;  // spatial extents: {L}, {H, W} or {D, H, W}
    int channels = 1;
    int classes = 0;  // 0 = unconditional
    std::vector<std::int64_t>
        blocksPerStage;  // one for each of the downsamples + 1 stages; empty = model.blocksPerStage

    double skipBalance = 0.5;   // share of the skip in concatenations
    double classBalance = 0.5;  // share of the class in the conditioning vector
    std::optional<double>
        attentionBalance{};  // share of what attention adds to its input; empty = as model.compat has it

    int rank() const { return static_cast<int>(size.size()); }
};

enum class AttentionKind { None, Full, Factorized };  // Factorized: in plane, then along slices

struct BlockPlan {
    std::int64_t in = 0, out = 0;
    Shape factors;  // per spatial axis 1 or 2; all 1 where the block does not resample
    bool resamples = false;
    Shape size;  // spatial extents that its convolutions see
    AttentionKind attention = AttentionKind::None;
    std::int64_t heads = 0, headSize = 0;
};

struct KarrasPlan {
    KarrasOptions options;
    std::int64_t embedding = 0;    // width of the conditioning vector
    std::vector<BlockPlan> downs;  // encoder blocks; each leaves a skip connection (as does the input block)
    std::vector<BlockPlan> mids;
    std::vector<BlockPlan> ups;  // decoder blocks; those that do not resample take a skip (in counts both)
};

// Throws EngineError naming the setting when the options contradict each other or a down-sampling does not
// divide.
KarrasPlan makeKarrasPlan(const KarrasOptions& options);

std::int64_t parameterCount(const KarrasPlan& plan);

// Bytes that a training step holds at one time, per item, as `training` computes it (precision, kernels,
// recomputation): what the forward keeps, or only what its blocks begin with, and what the gradients of one
// block take besides. A double, for what is asked may be far more than any machine has.
double keptBytes(const KarrasPlan& plan, const TrainingConfig& training);

// Multiply-accumulates of one forward, per item.
double macs(const KarrasPlan& plan);

}  // namespace denoscope
