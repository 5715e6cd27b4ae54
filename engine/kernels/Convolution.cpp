// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/Convolution.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <map>
#include <optional>

#include "engine/kernels/Layout.h"
#include "engine/kernels/OneDnn.h"
#include "engine/kernels/RowNorm.h"

namespace denoscope::kernels {
namespace {

using dnnl::memory;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

memory::format_tag channelsLastTag(std::size_t rank) {
    return rank == 1   ? memory::format_tag::nwc
           : rank == 2 ? memory::format_tag::nhwc
                       : memory::format_tag::ndhwc;
}
memory::format_tag plainWeightTag(std::size_t rank) {
    return rank == 1   ? memory::format_tag::oiw
           : rank == 2 ? memory::format_tag::oihw
                       : memory::format_tag::oidhw;
}

struct Problem {
    Shape input, weight;
    bool bfloat16 = false;
    int threads = 1;  // which a primitive shares its work among

    auto operator<=>(const Problem&) const = default;
};

// The primitives of one problem. Those of the gradients are made when they are first asked for.
class Primitives {
public:
    explicit Primitives(const Problem& problem) {
        const std::size_t rank = problem.input.size() - 2;
        Shape output = problem.input;
        output[1] = problem.weight[0];
        for (std::size_t axis = 2; axis < problem.weight.size(); ++axis)
            m_padding.push_back((problem.weight[axis] - 1) / 2);
        m_strides.assign(rank, 1);
        const auto type = problem.bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
        m_input = {problem.input, type, channelsLastTag(rank)};
        m_output = {output, type, channelsLastTag(rank)};
        m_weight = {problem.weight, type, memory::format_tag::any};
        m_plainWeight = {problem.weight, memory::data_type::f32, plainWeightTag(rank)};
        m_forwardAbout = dnnl::convolution_forward::primitive_desc(
            {dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, m_input, m_weight,
             m_output, m_strides, m_padding, m_padding},
            dnnlEngine());
        m_forward = dnnl::convolution_forward(m_forwardAbout);
    }

    const memory::desc& input() const { return m_input; }
    const memory::desc& output() const { return m_output; }

    memory::desc forwardWeight() const { return m_forwardAbout.weights_desc(); }
    at::Tensor packForward(const at::Tensor& weight) {
        return packed(weight, forwardWeight(), m_packForward);
    }
    void forward(const memory& x, const memory& weight, const memory& y) {
        m_forward.execute(dnnlStream(), {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_DST, y}});
    }

    memory::desc backwardWeight() { return ofInput().about.weights_desc(); }
    at::Tensor packBackward(const at::Tensor& weight) {
        return packed(weight, backwardWeight(), ofInput().pack);
    }
    void inputGradient(const memory& gy, const memory& weight, const memory& gx) {
        ofInput().primitive.execute(
            dnnlStream(), {{DNNL_ARG_DIFF_DST, gy}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_DIFF_SRC, gx}});
    }

    memory::desc gradientWeight() { return ofWeight().about.diff_weights_desc(); }
    at::Tensor unpackGradient(memory packedGradient) {
        at::Tensor plain = at::empty(m_weight.dims(), at::TensorOptions().dtype(at::kFloat));
        memory to = dnnlMemory(m_plainWeight, plain);
        reorder(packedGradient, to, ofWeight().unpack);
        return plain;
    }
    void weightGradient(const memory& x, const memory& gy, const memory& gWeight) {
        ofWeight().primitive.execute(
            dnnlStream(), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, gy}, {DNNL_ARG_DIFF_WEIGHTS, gWeight}});
    }

private:
    struct OfInput {
        dnnl::convolution_backward_data::primitive_desc about;
        dnnl::convolution_backward_data primitive;
        dnnl::reorder pack{};
    };
    struct OfWeight {
        dnnl::convolution_backward_weights::primitive_desc about;
        dnnl::convolution_backward_weights primitive;
        dnnl::reorder unpack{};
    };

    // `primitive` is made at its first use.
    static void reorder(memory& from, memory& to, dnnl::reorder& primitive) {
        if (!primitive)
            primitive = dnnl::reorder(from, to);
        primitive.execute(dnnlStream(), from, to);
    }
    at::Tensor packed(const at::Tensor& plain, const memory::desc& layout, dnnl::reorder& primitive) const {
        DnnlBuffer buffer = dnnlBuffer(layout);
        memory from = dnnlMemory(m_plainWeight, plain);
        reorder(from, buffer.memory, primitive);
        return buffer.owner;
    }

    OfInput& ofInput() {
        if (!m_ofInput) {
            const dnnl::convolution_backward_data::primitive_desc about(
                {dnnl::algorithm::convolution_direct, m_input, m_weight, m_output, m_strides, m_padding,
                 m_padding},
                dnnlEngine(), m_forwardAbout);
            m_ofInput = {about, dnnl::convolution_backward_data(about), {}};
        }
        return *m_ofInput;
    }
    OfWeight& ofWeight() {
        if (!m_ofWeight) {
            // In float, so that gradients of a bfloat16 step are not rounded before they are summed.
            const memory::desc weight(m_weight.dims(), memory::data_type::f32, memory::format_tag::any);
            const dnnl::convolution_backward_weights::primitive_desc about(
                {dnnl::algorithm::convolution_direct, m_input, weight, m_output, m_strides, m_padding,
                 m_padding},
                dnnlEngine(), m_forwardAbout);
            m_ofWeight = {about, dnnl::convolution_backward_weights(about), {}};
        }
        return *m_ofWeight;
    }

    Shape m_padding, m_strides;
    memory::desc m_input, m_output, m_weight, m_plainWeight;
    dnnl::convolution_forward::primitive_desc m_forwardAbout;
    dnnl::convolution_forward m_forward;
    dnnl::reorder m_packForward;
    std::optional<OfInput> m_ofInput;
    std::optional<OfWeight> m_ofWeight;
};

// Making primitives takes longer than a small convolution. Bounded, for sizes may change for ever.
Primitives& primitivesFor(const Problem& problem) {
    constexpr std::size_t most = 512;
    thread_local std::map<Problem, Primitives> known;
    const auto found = known.find(problem);
    if (found != known.end())
        return found->second;
    if (known.size() >= most)
        known.clear();
    return known.try_emplace(problem, problem).first->second;
}

Problem problemOf(const at::Tensor& x, const at::Tensor& weight) {
    return {x.sizes().vec(), weight.sizes().vec(), x.scalar_type() == at::kBFloat16, at::get_num_threads()};
}

void logConvolution(const Problem& problem, bool inputGradient) {
    if (ArithmeticLog* log = arithmeticLog())
        log->convolutions.push_back({problem.input, problem.weight, problem.bfloat16, inputGradient});
}

at::Tensor forwardConvolution(const Problem& problem, const at::Tensor& x, const at::Tensor& packed) {
    Primitives& primitives = primitivesFor(problem);
    Shape shape = x.sizes().vec();
    shape[1] = problem.weight[0];
    at::Tensor y = emptyChannelsLast(shape, x.scalar_type());
    primitives.forward(dnnlMemory(primitives.input(), x), dnnlMemory(primitives.forwardWeight(), packed),
                       dnnlMemory(primitives.output(), y));
    return y;
}

NormRule unitRule(const at::Tensor& raw, bool paper, double scale) {
    return normRule(raw.numel() / raw.size(0), paper ? Compat::Paper : Compat::Reference, scale);
}

// A convolution with the unit weight made from `raw`, and its gradients.
struct UnitResult {
    at::Tensor y, norms;
};
UnitResult unitForward(const at::Tensor& x, const at::Tensor& raw, const NormRule& rule) {
    const NormedRows unit = normedRows(raw, rule);
    const Problem problem = problemOf(x, raw);
    return {forwardConvolution(problem, x, primitivesFor(problem).packForward(unit.rows)), unit.norms};
}

at::Tensor unitInputGradient(const at::Tensor& gy, Primitives& primitives, at::IntArrayRef shape,
                             const at::Tensor& raw, const NormRule& rule) {
    at::Tensor gx = emptyChannelsLast(shape, gy.scalar_type());
    const at::Tensor packed = primitives.packBackward(normedRows(raw, rule).rows);
    primitives.inputGradient(dnnlMemory(primitives.output(), gy),
                             dnnlMemory(primitives.backwardWeight(), packed),
                             dnnlMemory(primitives.input(), gx));
    return gx;
}

at::Tensor unitWeightGradient(const at::Tensor& x, const at::Tensor& gy, Primitives& primitives,
                              const at::Tensor& raw, const at::Tensor& norms, const NormRule& rule) {
    const DnnlBuffer packed = dnnlBuffer(primitives.gradientWeight());
    primitives.weightGradient(dnnlMemory(primitives.input(), x), dnnlMemory(primitives.output(), gy),
                              packed.memory);
    return normedRowsGradient(raw, norms, primitives.unpackGradient(packed.memory), rule);
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
        logConvolution(problemOf(x, raw), x.requires_grad());
        const UnitResult result = unitForward(x, raw, unitRule(raw, paper, scale));
        context->save_for_backward({x, raw, result.norms});
        return result.y;
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], raw = saved[1], norms = saved[2];
        const at::Tensor gy = channelsLast(gradients[0]).to(x.scalar_type());
        const NormRule rule = keptRule(*context, raw);
        Primitives& primitives = primitivesFor(problemOf(x, raw));
        const bool input = context->needs_input_grad(0), weight = context->needs_input_grad(1);
        return {input ? unitInputGradient(gy, primitives, x.sizes(), raw, rule) : at::Tensor(),
                weight ? unitWeightGradient(x, gy, primitives, raw, norms, rule) : at::Tensor(), at::Tensor(),
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
        logConvolution(problemOf(x, raw), true);
        const UnitResult result =
            unitForward(keptActivation(*context, x, modulation).result(), raw, unitRule(raw, paper, scale));
        context->save_for_backward({x, modulation, raw, result.norms});
        return result.y;
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], raw = saved[2], norms = saved[3];
        const Activation activation = keptActivation(*context, x, saved[1]);
        const at::Tensor gy = channelsLast(gradients[0]).to(x.scalar_type());
        const NormRule rule = keptRule(*context, raw);
        Primitives& primitives = primitivesFor(problemOf(x, raw));
        const at::Tensor gRaw = unitWeightGradient(activation.result(), gy, primitives, raw, norms, rule);
        const Activation::Gradients result =
            activation.gradients(unitInputGradient(gy, primitives, x.sizes(), raw, rule));
        return {result.x,     result.scale, gRaw,         at::Tensor(),
                at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

class UnitLinear : public torch::autograd::Function<UnitLinear> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& raw,
                              bool paper, double scale) {
        const NormedRows unit = normedRows(raw, unitRule(raw, paper, scale));
        context->save_for_backward({x, raw, unit.norms, unit.rows});
        keepRule(*context, paper, scale);
        const c10::impl::ExcludeDispatchKeyGuard noAutocast(c10::autocast_dispatch_keyset);
        return at::mm(x, unit.rows.t());
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], raw = saved[1], norms = saved[2], rows = saved[3], gy = gradients[0];
        const NormRule rule = keptRule(*context, raw);
        const c10::impl::ExcludeDispatchKeyGuard noAutocast(c10::autocast_dispatch_keyset);
        return {context->needs_input_grad(0) ? at::mm(gy, rows) : at::Tensor(),
                normedRowsGradient(raw, norms, at::mm(gy.t(), x), rule), at::Tensor(), at::Tensor()};
    }
};

}  // namespace

struct UnitWeight::Packed {
    std::int64_t version = -1;
    memory::desc layout;
    at::Tensor weight;  // of convolutions as oneDNN wants it, of linear maps as it is
};

UnitWeight::UnitWeight(at::Tensor raw, double root, Compat compat)
    : m_raw(std::move(raw)),
      m_rule(normRule(m_raw.numel() / m_raw.size(0), compat, 1 / root)),
      m_packed(std::make_shared<Packed>()) {}

at::Tensor UnitWeight::convolve(const at::Tensor& given) const {
    const at::Tensor x = channelsLast(given);
    if (!at::GradMode::is_enabled())
        return convolveOnly(x);
    *m_packed = {};  // training is about to change the weight
    return UnitConvolution::apply(x, m_raw, m_rule.paper, static_cast<double>(m_rule.scale));
}

at::Tensor UnitWeight::convolve(const Activation& activation) const {
    if (!at::GradMode::is_enabled())
        return convolveOnly(activation.result());
    *m_packed = {};
    return ActivatedConvolution::apply(activation.x, scaleOrNothing(activation), m_raw,
                                       activation.scale.defined(), activation.dropout, activation.keys,
                                       m_rule.paper, static_cast<double>(m_rule.scale));
}

at::Tensor UnitWeight::convolveOnly(const at::Tensor& x) const {
    const Problem problem = problemOf(x, m_raw);
    logConvolution(problem, false);
    Primitives& primitives = primitivesFor(problem);
    const std::int64_t version = m_raw._version();
    if (m_packed->version != version || m_packed->layout != primitives.forwardWeight()) {
        const at::Tensor unit = normedRows(m_raw, m_rule).rows;
        *m_packed = {version, primitives.forwardWeight(), primitives.packForward(unit)};
    }
    return forwardConvolution(problem, x, m_packed->weight);
}

at::Tensor UnitWeight::apply(const at::Tensor& x) const {
    if (at::GradMode::is_enabled())
        return UnitLinear::apply(x, m_raw, m_rule.paper, static_cast<double>(m_rule.scale));
    if (m_packed->version != m_raw._version())
        *m_packed = {m_raw._version(), {}, normedRows(m_raw, m_rule).rows};
    return at::mm(x, m_packed->weight.t());
}

ArithmeticLog*& arithmeticLog() {
    thread_local ArithmeticLog* log = nullptr;
    return log;
}

ConvolutionTimes timeConvolution(const ArithmeticLog::Convolution& work, const Stopwatch& secondsOf) {
    Primitives& primitives = primitivesFor({work.input, work.weight, work.bfloat16, at::get_num_threads()});
    const DnnlBuffer x = dnnlBuffer(primitives.input()), y = dnnlBuffer(primitives.output()),
                     forward = dnnlBuffer(primitives.forwardWeight()),
                     backward = dnnlBuffer(primitives.backwardWeight()),
                     gradient = dnnlBuffer(primitives.gradientWeight());
    for (const DnnlBuffer* buffer : {&x, &y, &forward, &backward})
        buffer->owner.zero_();
    ConvolutionTimes times;
    times.forward = secondsOf([&] { primitives.forward(x.memory, forward.memory, y.memory); });
    if (work.inputGradient)
        times.inputGradient =
            secondsOf([&] { primitives.inputGradient(y.memory, backward.memory, x.memory); });
    times.weightGradient = secondsOf([&] { primitives.weightGradient(x.memory, y.memory, gradient.memory); });
    return times;
}

}  // namespace denoscope::kernels
