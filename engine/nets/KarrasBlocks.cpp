// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/KarrasBlocks.h"

#include <ATen/ATen.h>

#include <cmath>

#include "engine/core/Compute.h"
#include "engine/kernels/Attention.h"
#include "engine/nets/Ops.h"

namespace denoscope {
namespace {

// Share of the input in "input + branch" sums. EDM2 section 2.5 found a branch share of 0.3; the reference
// package has the two the other way round.
double inputShare(Compat compat) {
    return compat == Compat::Paper ? 0.7 : 0.3;
}

// EDM2 clips activations so that float16 cannot overflow; the reference package does not.
constexpr double activationLimit = 256;

Shape kernelShape(const KarrasPlan& plan, std::int64_t out, std::int64_t in, std::int64_t extent) {
    Shape shape{out, in};
    shape.resize(2 + static_cast<std::size_t>(plan.options.rank()), extent);
    return shape;
}

// The tokens that attend together, one after another: (B, C, ...size) -> (groups, tokens, C).
at::Tensor gather(const at::Tensor& x, TokenGroups groups) {
    const at::Tensor places = x.movedim(1, -1);  // (B, ...size, C)
    if (groups == TokenGroups::All)
        return places.flatten(1, -2);
    if (groups == TokenGroups::InPlane)
        return places.flatten(0, 1).flatten(1, 2);
    return places.permute({0, 2, 3, 1, 4}).flatten(0, 2);
}

// The inverse of gather, at the extents of `like` with as many channels as `tokens` has.
at::Tensor scatter(const at::Tensor& tokens, const at::Tensor& like, TokenGroups groups) {
    Shape shape = like.sizes().vec();
    shape.erase(shape.begin() + 1);
    shape.push_back(tokens.size(2));
    if (groups != TokenGroups::AlongSlices)
        return tokens.reshape(shape).movedim(-1, 1);
    return tokens.view({shape[0], shape[2], shape[3], shape[1], shape[4]}).permute({0, 4, 3, 1, 2});
}

}  // namespace

MpWeight::MpWeight(Parameters& parameters, const std::string& name, const Shape& shape, Compat compat,
                   std::int64_t fanIn)
    : m_weight(parameters.normal(name, shape, true)),
      m_root(std::sqrt(static_cast<double>(fanIn > 0 ? fanIn : elementCount(shape) / shape[0]))),
      m_compat(compat),
      m_fused(m_weight, m_root, compat) {}

at::Tensor MpWeight::scaled() const {
    return ops::normalizeWeight(m_weight, m_compat) / m_root;
}
at::Tensor MpWeight::convolve(const at::Tensor& x) const {
    return ops::fused(x) ? m_fused.convolve(x) : ops::convolve(x, scaled());
}
at::Tensor MpWeight::convolveSilu(const at::Tensor& x) const {
    return ops::fused(x) ? m_fused.convolve(kernels::siluOf(x)) : convolve(ops::mpSilu(x));
}
at::Tensor MpWeight::convolveModulated(const at::Tensor& x, const at::Tensor& scale, double dropout,
                                       bool training) const {
    if (ops::fused(x))
        return m_fused.convolve(ops::modulation(x, scale, dropout, training));
    return convolve(ops::modulatedSilu(x, scale, dropout, training));
}
at::Tensor MpWeight::apply(const at::Tensor& x) const {
    return fusedKernels() && x.scalar_type() == at::kFloat ? m_fused.apply(x) : at::linear(x, scaled());
}

MpAttention::MpAttention(Parameters& parameters, const std::string& name, const KarrasPlan& plan,
                         const BlockPlan& block, TokenGroups groups)
    : m_groups(groups),
      m_heads(block.heads),
      m_headSize(block.headSize),
      m_balance(plan.options.attentionBalance.value_or(1 - inputShare(plan.options.model.compat))),
      m_compat(plan.options.model.compat) {
    const std::int64_t hidden = m_heads * m_headSize, memory = plan.options.model.memoryTokens;
    m_memory = parameters.normal(name + ".mem_kv", {2, m_heads, memory, m_headSize}, false);
    m_toQkv =
        MpWeight(parameters, name + ".to_qkv.weight", kernelShape(plan, 3 * hidden, block.out, 1), m_compat);
    m_toOut =
        MpWeight(parameters, name + ".to_out.weight", kernelShape(plan, block.out, hidden, 1), m_compat);
}

at::Tensor MpAttention::attend(const at::Tensor& x) const {
    const at::Tensor qkv = gather(m_toQkv.convolve(x), m_groups);
    if (ops::fused(qkv) && kernels::canAttend(m_headSize)) {
        const auto remake = [toQkv = m_toQkv, groups = m_groups](const at::Tensor& from) {
            return gather(toQkv.convolveAgain(from), groups);
        };
        return kernels::unitAttention(qkv, m_memory, m_heads, m_headSize, m_compat, {x, remake});
    }
    const std::int64_t groups = qkv.size(0), tokens = qkv.size(1);
    // (3, groups, heads, tokens, head size)
    const at::Tensor split = qkv.reshape({groups, tokens, 3, m_heads, m_headSize}).permute({2, 0, 3, 1, 4});
    const auto withMemory = [&](std::int64_t which) {
        const at::Tensor memory = m_memory[which].unsqueeze(0).expand({groups, -1, -1, -1});
        return ops::pixelNorm(at::cat({memory.to(split.scalar_type()), split[which + 1]}, 2), -1, m_compat);
    };
    const at::Tensor q = ops::pixelNorm(split[0], -1, m_compat), k = withMemory(0), v = withMemory(1);
    const at::Tensor scores = at::matmul(q, k.transpose(-2, -1)) / std::sqrt(static_cast<double>(m_headSize));
    return at::matmul(scores.softmax(-1), v).transpose(1, 2).flatten(2);
}

at::Tensor MpAttention::forward(const at::Tensor& x) const {
    const at::Tensor attended = scatter(attend(x), x, m_groups);
    return ops::mpSum(x, m_toOut.convolve(attended), m_balance);
}

KarrasBlock::KarrasBlock(Parameters& parameters, const std::string& name, const KarrasPlan& plan,
                         const BlockPlan& block, Side side)
    : m_plan(block),
      m_side(side),
      m_dropout(plan.options.model.dropout),
      m_balance(1 - inputShare(plan.options.model.compat)),
      m_compat(plan.options.model.compat) {
    const bool halves = side == Side::Encoder && block.resamples;
    if (halves)
        m_project = MpWeight(parameters, name + ".downsample_conv.weight",
                             kernelShape(plan, block.out, block.in, 1), m_compat);
    m_toEmbedding = MpWeight(parameters, name + ".to_emb.0.weight", {block.out, plan.embedding}, m_compat);
    m_gain = parameters.zeroScalar(name + ".to_emb.1.gain");
    m_first = MpWeight(parameters, name + ".block1.1.weight",
                       kernelShape(plan, block.out, halves ? block.out : block.in, 3), m_compat);
    m_second =
        MpWeight(parameters, name + ".block2.2.weight", kernelShape(plan, block.out, block.out, 3), m_compat);
    if (side == Side::Decoder && block.in != block.out)
        m_project = MpWeight(parameters, name + ".res_conv.weight", kernelShape(plan, block.out, block.in, 1),
                             m_compat);
    if (block.attention == AttentionKind::Full)
        m_attentions.emplace_back(parameters, name + ".attn", plan, block, TokenGroups::All);
    if (block.attention == AttentionKind::Factorized) {
        m_attentions.emplace_back(parameters, name + ".attn.0", plan, block, TokenGroups::InPlane);
        m_attentions.emplace_back(parameters, name + ".attn.1", plan, block, TokenGroups::AlongSlices);
    }
}

at::Tensor KarrasBlock::forward(at::Tensor x, const at::Tensor& embedding, bool training) const {
    if (m_plan.resamples)
        x = m_side == Side::Encoder ? ops::downsample(x, m_plan.factors)
                                    : ops::upsample(x, m_plan.factors, m_compat);
    at::Tensor input = m_side == Side::Encoder || !m_project.exists() ? x : m_project.convolve(x);
    if (m_side == Side::Encoder)
        x = input = ops::pixelNorm(m_project.exists() ? m_project.convolve(x) : x, 1, m_compat);

    const at::Tensor scale = m_toEmbedding.apply(embedding) * m_gain + 1;
    const at::Tensor branch = m_first.convolveSilu(x);
    x = ops::mpSum(input, m_second.convolveModulated(branch, scale, m_dropout, training), m_balance);

    for (const MpAttention& attention : m_attentions)
        x = attention.forward(x);
    return m_compat == Compat::Paper ? x.clamp(-activationLimit, activationLimit) : x;
}

}  // namespace denoscope
