// SPDX-License-Identifier: GPL-3.0-or-later
// The pieces that a KarrasUNet is made of. Each is built from its plan and keeps handles into Parameters.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "engine/kernels/Convolution.h"
#include "engine/nets/KarrasPlan.h"
#include "engine/nets/Parameters.h"

namespace denoscope {

// A bias-free convolution or linear map whose weight is normalised at every use (EDM2 algorithm 1).
class MpWeight {
public:
    MpWeight() = default;
    // shape: (out, in, k...) or (out, in). fanIn differs from in x k... only where the reference package
    // miscounts.
    MpWeight(Parameters& parameters, const std::string& name, const Shape& shape, Compat compat,
             std::int64_t fanIn = 0);

    bool exists() const { return m_weight.defined(); }
    at::Tensor convolve(const at::Tensor& x) const;      // x: (B, in, ...)
    at::Tensor convolveSilu(const at::Tensor& x) const;  // of ops::mpSilu(x)
    // Of ops::modulatedSilu(x, scale, dropout, training).
    at::Tensor convolveModulated(const at::Tensor& x, const at::Tensor& scale, double dropout,
                                 bool training) const;
    // Of fused kernels: what convolve(x) gave, once more (kernels::UnitWeight).
    at::Tensor convolveAgain(const at::Tensor& x) const { return m_fused.convolveAgain(x); }
    at::Tensor apply(const at::Tensor& x) const;  // x: (B, in)

private:
    at::Tensor scaled() const;

    at::Tensor m_weight;
    double m_root = 1;  // sqrt(fan in)
    Compat m_compat = Compat::Paper;
    kernels::UnitWeight m_fused;
};

// Which tokens see each other in one attention.
enum class TokenGroups { All, InPlane, AlongSlices };

// Multi-head attention with unit-magnitude queries, keys and values and learned memory tokens, added to its
// input.
class MpAttention {
public:
    MpAttention(Parameters& parameters, const std::string& name, const KarrasPlan& plan,
                const BlockPlan& block, TokenGroups groups);

    at::Tensor forward(const at::Tensor& x) const;

private:
    at::Tensor attend(const at::Tensor& x) const;  // (B, C, ...) -> (groups, tokens, hidden)

    TokenGroups m_groups;
    std::int64_t m_heads, m_headSize;
    double m_balance;  // of the sum (input, attended)
    Compat m_compat;
    at::Tensor m_memory;  // (2, heads, memory tokens, head size): keys and values
    MpWeight m_toQkv, m_toOut;
};

// One residual block of the encoder or decoder: resample, convolve twice under the conditioning, sum, attend.
class KarrasBlock {
public:
    enum class Side { Encoder, Decoder };

    KarrasBlock(Parameters& parameters, const std::string& name, const KarrasPlan& plan,
                const BlockPlan& block, Side side);

    bool takesSkip() const { return m_side == Side::Decoder && !m_plan.resamples; }
    at::Tensor forward(at::Tensor x, const at::Tensor& embedding, bool training) const;

private:
    BlockPlan m_plan;
    Side m_side;
    double m_dropout, m_balance;
    Compat m_compat;
    MpWeight m_toEmbedding, m_first, m_second;
    MpWeight m_project;  // 1x1: the encoder's after down-sampling, the decoder's on the residual path
    at::Tensor m_gain;   // of the conditioning
    std::vector<MpAttention> m_attentions;
};

}  // namespace denoscope
