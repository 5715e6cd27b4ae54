// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/DdpmBlocks.h"

#include <ATen/ATen.h>

#include <cmath>

#include "engine/nets/Ops.h"

namespace denoscope {
namespace {

// (B, C) -> (B, C, 1, ...) so that it acts on every place of x.
at::Tensor everywhere(at::Tensor values, const at::Tensor& x) {
    while (values.dim() < x.dim())
        values = values.unsqueeze(-1);
    return values;
}

}  // namespace

Shape kernelShape(const DdpmPlan& plan, std::int64_t out, std::int64_t in, std::int64_t extent) {
    Shape shape{out, in};
    shape.resize(2 + plan.options.size.size(), extent);
    return shape;
}

AffineMap::AffineMap(Parameters& parameters, const std::string& name, const Shape& shape, bool bias) {
    // PyTorch's kaiming_uniform with a = sqrt(5) comes to the same bound for weight and bias.
    const std::int64_t fanIn = elementCount(shape) / shape[0];
    const double bound = 1 / std::sqrt(static_cast<double>(fanIn));
    m_weight = parameters.uniform(name + ".weight", shape, bound);
    if (bias)
        m_bias = parameters.uniform(name + ".bias", {shape[0]}, bound);
}

at::Tensor AffineMap::convolve(const at::Tensor& x, const Shape& stride) const {
    return ops::convolve(x, m_weight, m_bias, stride);
}
at::Tensor AffineMap::apply(const at::Tensor& x) const {
    return at::linear(x, m_weight, m_bias);
}

RmsNorm::RmsNorm(Parameters& parameters, const std::string& name, const DdpmPlan& plan, std::int64_t width)
    : m_gain(parameters.filled(name + ".g", kernelShape(plan, 1, width, 1), 1)),
      m_scale(plan.options.rmsScale) {}

at::Tensor RmsNorm::forward(const at::Tensor& x) const {
    const std::int64_t number = m_scale == RmsScale::Channels ? x.size(1) : x.size(-1);
    return ops::rmsNorm(x, m_gain, std::sqrt(static_cast<double>(number)));
}

BlockNorm::BlockNorm(Parameters& parameters, const std::string& name, const DdpmPlan& plan,
                     std::int64_t width)
    : m_groups(plan.options.groups) {
    if (plan.options.norm == DdpmNorm::Rms) {
        m_rms = RmsNorm(parameters, name, plan, width);
        return;
    }
    m_weight = parameters.filled(name + ".weight", {width}, 1);
    m_bias = parameters.filled(name + ".bias", {width}, 0);
}

at::Tensor BlockNorm::forward(const at::Tensor& x) const {
    if (m_rms.exists())
        return m_rms.forward(x);
    // LibTorch 1.13 takes no bfloat16 next to float32 weights here.
    return at::group_norm(x.to(m_weight.scalar_type()), m_groups, m_weight, m_bias, 1e-5);
}

DdpmBlock::DdpmBlock(Parameters& parameters, const std::string& name, const DdpmPlan& plan, std::int64_t in,
                     std::int64_t out)
    : m_dropout(plan.options.dropout),
      m_toScaleShift(parameters, name + ".mlp.1", {2 * out, plan.conditionWidth()}),
      m_first(parameters, name + ".block1.proj", kernelShape(plan, out, in, 3)),
      m_firstNorm(parameters, name + ".block1.norm", plan, out),
      m_second(parameters, name + ".block2.proj", kernelShape(plan, out, out, 3)),
      m_secondNorm(parameters, name + ".block2.norm", plan, out),
      m_projects(in != out) {
    if (m_projects)
        m_project = AffineMap(parameters, name + ".res_conv", kernelShape(plan, out, in, 1));
}

at::Tensor DdpmBlock::forward(const at::Tensor& x, const at::Tensor& condition, bool training) const {
    const auto scaleShift = everywhere(m_toScaleShift.apply(condition), x).chunk(2, 1);
    at::Tensor branch = m_firstNorm.forward(m_first.convolve(x)) * (scaleShift[0] + 1) + scaleShift[1];
    branch = at::silu(branch);
    if (training && m_dropout > 0)
        branch = ops::dropout(branch, m_dropout);
    branch = at::silu(m_secondNorm.forward(m_second.convolve(branch)));
    return branch + (m_projects ? m_project.convolve(x) : x);
}

DdpmAttentionLayer::DdpmAttentionLayer(Parameters& parameters, const std::string& name, const DdpmPlan& plan,
                                       const DdpmStage& stage)
    : m_plan(stage.attention) {
    const std::int64_t heads = m_plan.heads, size = m_plan.headSize, hidden = heads * size;
    const std::int64_t memory = plan.options.memoryTokens;
    const bool wrapped = plan.options.attentionNames == AttentionNames::Wrapped;
    const std::string inner = wrapped ? name + ".fn.fn" : name;
    if (memory > 0)
        m_memory = parameters.normal(
            inner + ".mem_kv", m_plan.full ? Shape{2, heads, memory, size} : Shape{2, heads, size, memory},
            false);
    if (!wrapped)
        m_norm = RmsNorm(parameters, name + ".norm", plan, stage.width);
    m_toQkv = AffineMap(parameters, inner + ".to_qkv", kernelShape(plan, 3 * hidden, stage.width, 1), false);
    m_toOut = AffineMap(parameters, inner + (m_plan.full ? ".to_out" : ".to_out.0"),
                        kernelShape(plan, stage.width, hidden, 1));
    if (!m_plan.full)
        m_outNorm = RmsNorm(parameters, inner + ".to_out.1", plan, stage.width);
    if (wrapped)
        m_norm = RmsNorm(parameters, name + ".fn.norm", plan, stage.width);
}

at::Tensor DdpmAttentionLayer::withMemory(const at::Tensor& tokens, std::int64_t which) const {
    if (!m_memory.defined())
        return tokens;
    const at::Tensor memory = m_plan.full ? m_memory[which].transpose(-2, -1) : m_memory[which];
    return at::cat(
        {memory.to(tokens.scalar_type()).unsqueeze(0).expand({tokens.size(0), -1, -1, -1}), tokens}, -1);
}

at::Tensor DdpmAttentionLayer::attendFully(const at::Tensor& q, const at::Tensor& k,
                                           const at::Tensor& v) const {
    const double scale = 1 / std::sqrt(static_cast<double>(m_plan.headSize));
    const at::Tensor weights = (at::matmul(q.transpose(-2, -1), k) * scale).softmax(-1);
    return at::matmul(v, weights.transpose(-2, -1));
}

// Softmax of queries over features and of keys over places, after which keys and values are summed up first
// (Shen et al. 2018, arXiv:1812.01243).
at::Tensor DdpmAttentionLayer::attendLinearly(const at::Tensor& q, const at::Tensor& k,
                                              const at::Tensor& v) const {
    const double scale = 1 / std::sqrt(static_cast<double>(m_plan.headSize));
    const at::Tensor context = at::matmul(v, k.softmax(-1).transpose(-2, -1));
    return at::matmul(context, q.softmax(-2) * scale);
}

at::Tensor DdpmAttentionLayer::forward(const at::Tensor& x) const {
    const at::Tensor qkv = m_toQkv.convolve(m_norm.forward(x));
    const at::Tensor split = qkv.reshape({x.size(0), 3, m_plan.heads, m_plan.headSize, -1});
    const at::Tensor q = split.select(1, 0);
    const at::Tensor k = withMemory(split.select(1, 1), 0), v = withMemory(split.select(1, 2), 1);
    Shape shape = x.sizes().vec();
    shape[1] = m_plan.heads * m_plan.headSize;
    const at::Tensor attended = m_plan.full ? attendFully(q, k, v) : attendLinearly(q, k, v);
    const at::Tensor out = m_toOut.convolve(attended.reshape(shape));
    return x + (m_outNorm.exists() ? m_outNorm.forward(out) : out);
}

}  // namespace denoscope
