// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/bench/FreeConvolution.h"

#include "engine/kernels/OneDnn.h"

namespace denoscope {
namespace {

using dnnl::memory;
using kernels::DnnlBuffer;

memory::desc anyLayout(const Shape& shape, memory::data_type type) {
    return {shape, type, memory::format_tag::any};
}

DnnlBuffer zeros(const memory::desc& desc) {
    DnnlBuffer buffer = kernels::dnnlBuffer(desc);
    buffer.owner.zero_();
    return buffer;
}

// What all three passes share.
struct Convolution {
    explicit Convolution(const kernels::ArithmeticLog::Convolution& work)
        : strides(work.input.size() - 2, 1) {
        Shape output = work.input;
        output[1] = work.weight[0];
        for (std::size_t axis = 2; axis < work.weight.size(); ++axis)
            padding.push_back((work.weight[axis] - 1) / 2);
        const auto type = work.bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
        x = anyLayout(work.input, type);
        y = anyLayout(output, type);
        weight = anyLayout(work.weight, type);
        weightSum = anyLayout(work.weight, memory::data_type::f32);
        forward = {{dnnl::prop_kind::forward_training, algorithm, x, weight, y, strides, padding, padding},
                   kernels::dnnlEngine()};
    }

    static constexpr auto algorithm = dnnl::algorithm::convolution_direct;
    memory::dims strides, padding;
    memory::desc x, y, weight, weightSum;
    dnnl::convolution_forward::primitive_desc forward;
};

double forwardSeconds(const Convolution& of, int repeats) {
    const dnnl::convolution_forward pass(of.forward);
    const DnnlBuffer x = zeros(of.forward.src_desc()), weight = zeros(of.forward.weights_desc()),
                     y = zeros(of.forward.dst_desc());
    return medianSeconds(repeats, [&] {
        pass.execute(kernels::dnnlStream(),
                     {{DNNL_ARG_SRC, x.memory}, {DNNL_ARG_WEIGHTS, weight.memory}, {DNNL_ARG_DST, y.memory}});
    });
}

double inputGradientSeconds(const Convolution& of, int repeats) {
    const dnnl::convolution_backward_data::primitive_desc about(
        {of.algorithm, of.x, of.weight, of.y, of.strides, of.padding, of.padding}, kernels::dnnlEngine(),
        of.forward);
    const dnnl::convolution_backward_data pass(about);
    const DnnlBuffer gx = zeros(about.diff_src_desc()), weight = zeros(about.weights_desc()),
                     gy = zeros(about.diff_dst_desc());
    return medianSeconds(repeats, [&] {
        pass.execute(kernels::dnnlStream(), {{DNNL_ARG_DIFF_SRC, gx.memory},
                                             {DNNL_ARG_WEIGHTS, weight.memory},
                                             {DNNL_ARG_DIFF_DST, gy.memory}});
    });
}

double weightGradientSeconds(const Convolution& of, int repeats) {
    const dnnl::convolution_backward_weights::primitive_desc about(
        {of.algorithm, of.x, of.weightSum, of.y, of.strides, of.padding, of.padding}, kernels::dnnlEngine(),
        of.forward);
    const dnnl::convolution_backward_weights pass(about);
    const DnnlBuffer x = zeros(about.src_desc()), gWeight = zeros(about.diff_weights_desc()),
                     gy = zeros(about.diff_dst_desc());
    return medianSeconds(repeats, [&] {
        pass.execute(kernels::dnnlStream(), {{DNNL_ARG_SRC, x.memory},
                                             {DNNL_ARG_DIFF_WEIGHTS, gWeight.memory},
                                             {DNNL_ARG_DIFF_DST, gy.memory}});
    });
}

}  // namespace

kernels::ConvolutionTimes timeFreely(const kernels::ArithmeticLog::Convolution& work, int repeats) {
    const Convolution convolution(work);
    kernels::ConvolutionTimes times;
    times.forward = forwardSeconds(convolution, repeats);
    if (work.inputGradient)
        times.inputGradient = inputGradientSeconds(convolution, repeats);
    times.weightGradient = weightGradientSeconds(convolution, repeats);
    return times;
}

}  // namespace denoscope
