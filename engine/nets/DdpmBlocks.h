// SPDX-License-Identifier: GPL-3.0-or-later
// The pieces that a DdpmUNet is made of. Each is built from its plan and keeps handles into Parameters; the
// order in which they are made is the order in which the Python package lists them.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "engine/nets/DdpmPlan.h"
#include "engine/nets/Parameters.h"

namespace denoscope {

// (out, in, extent, extent ...), as many extents as the plan has axes.
Shape kernelShape(const DdpmPlan& plan, std::int64_t out, std::int64_t in, std::int64_t extent);

// A convolution or linear map, started as PyTorch starts it.
class AffineMap {
public:
    AffineMap() = default;
    // shape: (out, in, k...) or (out, in).
    AffineMap(Parameters& parameters, const std::string& name, const Shape& shape, bool bias = true);

    at::Tensor convolve(const at::Tensor& x, const Shape& stride = {}) const;  // x: (B, in, ...)
    at::Tensor apply(const at::Tensor& x) const;                               // x: (B, in)

private:
    at::Tensor m_weight, m_bias;
};

// Root mean square norm over the channels.
class RmsNorm {
public:
    RmsNorm() = default;
    RmsNorm(Parameters& parameters, const std::string& name, const DdpmPlan& plan, std::int64_t width);

    bool exists() const { return m_gain.defined(); }
    at::Tensor forward(const at::Tensor& x) const;

private:
    at::Tensor m_gain;
    RmsScale m_scale = RmsScale::Channels;
};

// The norm of the blocks: root mean square, or over groups of channels.
class BlockNorm {
public:
    BlockNorm(Parameters& parameters, const std::string& name, const DdpmPlan& plan, std::int64_t width);

    at::Tensor forward(const at::Tensor& x) const;

private:
    RmsNorm m_rms;
    std::int64_t m_groups;
    at::Tensor m_weight, m_bias;  // of the group norm
};

// Two convolutions with a skip; the first is scaled and shifted by the condition.
class DdpmBlock {
public:
    DdpmBlock(Parameters& parameters, const std::string& name, const DdpmPlan& plan, std::int64_t in,
              std::int64_t out);

    // condition: (B, condition width), SiLU already applied.
    at::Tensor forward(const at::Tensor& x, const at::Tensor& condition, bool training) const;

private:
    double m_dropout;
    AffineMap m_toScaleShift, m_first;
    BlockNorm m_firstNorm;
    AffineMap m_second;
    BlockNorm m_secondNorm;
    bool m_projects;
    AffineMap m_project;  // 1x1 on the skip where widths differ
};

// Multi-head attention behind a norm, added to its input.
class DdpmAttentionLayer {
public:
    DdpmAttentionLayer(Parameters& parameters, const std::string& name, const DdpmPlan& plan,
                       const DdpmStage& stage);

    at::Tensor forward(const at::Tensor& x) const;

private:
    // (B, heads, head size, tokens or keys) each -> (B, heads, head size, tokens)
    at::Tensor attendFully(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) const;
    at::Tensor attendLinearly(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) const;
    at::Tensor withMemory(const at::Tensor& tokens, std::int64_t which) const;

    DdpmAttention m_plan;
    at::Tensor m_memory;  // keys and values: (2, heads, memory, head size) if full, else (2, heads, head
                          // size, memory)
    RmsNorm m_norm, m_outNorm;  // the latter after linear attention alone
    AffineMap m_toQkv, m_toOut;
};

}  // namespace denoscope
