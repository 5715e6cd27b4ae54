// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/Convolution.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <unordered_map>

#include "engine/kernels/Arithmetic.h"
#include "engine/kernels/ConvolutionAlgorithm.h"
#include "engine/kernels/Layout.h"

namespace denoscope::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

ConvolutionAlgorithm& algorithmOf(const at::Tensor& x, const at::Tensor& weight) {
    return algorithmFor(
        {x.sizes().vec(), weight.sizes().vec(), x.scalar_type() == at::kBFloat16, at::get_num_threads()});
}

void logConvolution(const at::Tensor& x, const at::Tensor& weight, bool inputGradient) {
    if (ArithmeticLog* log = arithmeticLog())
        log->convolutions.push_back(
            {x.sizes().vec(), weight.sizes().vec(), x.scalar_type() == at::kBFloat16, inputGradient});
}

NormRule unitRule(const at::Tensor& raw, bool paper, double scale) {
    return rowRule(raw, paper ? Compat::Paper : Compat::Reference, scale);
}

// A convolution with the unit weight made from `raw`, and its gradients.
struct UnitResult {
    at::Tensor y, norms;
};
UnitResult unitForward(const at::Tensor& x, const at::Tensor& raw, const NormRule& rule) {
    const NormedRows unit = normedRows(raw, rule);
    ConvolutionAlgorithm& algorithm = algorithmOf(x, raw);
    return {algorithm.forward(x, algorithm.packForward(unit.rows)), unit.norms};
}

at::Tensor unitInputGradient(const at::Tensor& gy, ConvolutionAlgorithm& algorithm, const at::Tensor& raw,
                             const NormRule& rule) {
    return algorithm.inputGradient(gy, algorithm.packInputGradient(normedRows(raw, rule).rows));
}

at::Tensor unitWeightGradient(const at::Tensor& x, const at::Tensor& gy, ConvolutionAlgorithm& algorithm,
                              const at::Tensor& raw, const at::Tensor& norms, const NormRule& rule) {
    at::Tensor gradient = algorithm.weightGradient(x, gy);
    toGradientOfInput(raw, norms, gradient, rule);
    return gradient;
}

void keepRule(AutogradContext& context, bool paper, double scale) {
    context.saved_data["paper"] = paper;
    context.saved_data["scale"] = scale;
}
NormRule keptRule(AutogradContext& context, const at::Tensor& raw) {
    return unitRule(raw, context.saved_data["paper"].toBool(), context.saved_data["scale"].toDouble());
}

class UnitConvolution : public torch::autograd::Function<UnitConvolution> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& raw,
                              bool paper, double scale) {
        keepRule(*context, paper, scale);
        logConvolution(x, raw, x.requires_grad());
        const UnitResult result = unitForward(x, raw, unitRule(raw, paper, scale));
        context->save_for_backward({x, raw, result.norms});
        return result.y;
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &raw = saved[1], &norms = saved[2];
        const at::Tensor gy = channelsLast(gradients[0]).to(x.scalar_type());
        const NormRule rule = keptRule(*context, raw);
        ConvolutionAlgorithm& algorithm = algorithmOf(x, raw);
        const bool input = context->needs_input_grad(0), weight = context->needs_input_grad(1);
        return {input ? unitInputGradient(gy, algorithm, raw, rule) : at::Tensor(),
                weight ? unitWeightGradient(x, gy, algorithm, raw, norms, rule) : at::Tensor(), at::Tensor(),
                at::Tensor()};
    }
};

// The convolution of an activation's result, which is made twice instead of kept.
class ActivatedConvolution : public torch::autograd::Function<ActivatedConvolution> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& modulation,
                              const at::Tensor& raw, bool modulated, double dropout,
                              const std::vector<std::int64_t>& keys, bool paper, double scale) {
        keepNumbers(*context, modulated, dropout, keys);
        keepRule(*context, paper, scale);
        logConvolution(x, raw, true);
        const UnitResult result =
            unitForward(keptActivation(*context, x, modulation).result(), raw, unitRule(raw, paper, scale));
        context->save_for_backward({x, modulation, raw, result.norms});
        return result.y;
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &raw = saved[2], &norms = saved[3];
        const Activation activation = keptActivation(*context, x, saved[1]);
        const at::Tensor gy = channelsLast(gradients[0]).to(x.scalar_type());
        const NormRule rule = keptRule(*context, raw);
        ConvolutionAlgorithm& algorithm = algorithmOf(x, raw);
        const at::Tensor gRaw = unitWeightGradient(activation.result(), gy, algorithm, raw, norms, rule);
        const Activation::Gradients result =
            activation.gradients(unitInputGradient(gy, algorithm, raw, rule));
        return {result.x,     result.scale, gRaw,         at::Tensor(),
                at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

class UnitLinear : public torch::autograd::Function<UnitLinear> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& raw,
                              bool paper, double scale) {
        const NormedRows unit = normedRows(raw, unitRule(raw, paper, scale));
        context->save_for_backward({x, raw, unit.norms});
        keepRule(*context, paper, scale);
        const c10::impl::ExcludeDispatchKeyGuard noAutocast(c10::autocast_dispatch_keyset);
        return at::mm(x, unit.rows.t());
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &raw = saved[1], &norms = saved[2], &gy = gradients[0];
        const NormRule rule = keptRule(*context, raw);
        const c10::impl::ExcludeDispatchKeyGuard noAutocast(c10::autocast_dispatch_keyset);
        const at::Tensor gRaw = at::mm(gy.t(), x);
        toGradientOfInput(raw, norms, gRaw, rule);
        return {context->needs_input_grad(0) ? at::mm(gy, normedRows(raw, rule).rows) : at::Tensor(), gRaw,
                at::Tensor(), at::Tensor()};
    }
};

}  // namespace

struct KeepPackedWeights::Kept {
    struct Weight {
        at::Tensor raw;  // whose place in memory no other tensor shall take
        std::int64_t version = -1;
        dnnl::memory::desc layout;
        at::Tensor packed;
    };
    std::unordered_map<const void*, Weight> weights;

    // pack(): if it is not there.
    template <class Pack>
    at::Tensor packed(const at::Tensor& raw, const dnnl::memory::desc& layout, const Pack& pack) {
        Weight& weight = weights[raw.unsafeGetTensorImpl()];
        const std::int64_t version = raw._version();
        if (weight.version != version || weight.layout != layout)
            weight = {raw, version, layout, pack()};
        return weight.packed;
    }
};

KeepPackedWeights::KeepPackedWeights() : m_kept(std::make_unique<Kept>()), m_before(innermost()) {
    innermost() = m_kept.get();
}
KeepPackedWeights::~KeepPackedWeights() {
    innermost() = m_before;
}
KeepPackedWeights::Kept*& KeepPackedWeights::innermost() {
    thread_local Kept* kept = nullptr;
    return kept;
}

UnitWeight::UnitWeight(at::Tensor raw, double root, Compat compat)
    : m_raw(std::move(raw)), m_rule(rowRule(m_raw, compat, 1 / root)) {}

at::Tensor UnitWeight::convolve(const at::Tensor& given) const {
    const at::Tensor x = channelsLast(given);
    if (!at::GradMode::is_enabled())
        return convolveOnly(x);
    return UnitConvolution::apply(x, m_raw, m_rule.paper, static_cast<double>(m_rule.scale));
}

at::Tensor UnitWeight::convolve(const Activation& activation) const {
    if (!at::GradMode::is_enabled())
        return convolveOnly(activation.result());
    return ActivatedConvolution::apply(activation.x, scaleOrNothing(activation), m_raw,
                                       activation.scale.defined(), activation.dropout, activation.keys,
                                       m_rule.paper, static_cast<double>(m_rule.scale));
}

at::Tensor UnitWeight::convolveAgain(const at::Tensor& x) const {
    return unitForward(channelsLast(x), m_raw, m_rule).y;
}

at::Tensor UnitWeight::convolveOnly(const at::Tensor& x) const {
    logConvolution(x, m_raw, false);
    KeepPackedWeights::Kept* const kept = KeepPackedWeights::innermost();
    if (kept == nullptr)
        return unitForward(x, m_raw, m_rule).y;
    ConvolutionAlgorithm& algorithm = algorithmOf(x, m_raw);
    return algorithm.forward(x, kept->packed(m_raw, algorithm.forwardWeight(), [&] {
        return algorithm.packForward(normedRows(m_raw, m_rule).rows);
    }));
}

at::Tensor UnitWeight::apply(const at::Tensor& x) const {
    if (at::GradMode::is_enabled())
        return UnitLinear::apply(x, m_raw, m_rule.paper, static_cast<double>(m_rule.scale));
    const auto rows = [&] { return normedRows(m_raw, m_rule).rows; };
    KeepPackedWeights::Kept* const kept = KeepPackedWeights::innermost();
    return at::mm(x, (kept == nullptr ? rows() : kept->packed(m_raw, {}, rows)).t());
}

}  // namespace denoscope::kernels
