// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/Arithmetic.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "engine/kernels/DirectConvolution.h"

namespace denoscope::kernels {
namespace {

DnnlBuffer zeros(const dnnl::memory::desc& desc) {
    DnnlBuffer buffer = dnnlBuffer(desc);
    buffer.owner.zero_();
    return buffer;
}

// Of a pass with arguments of zeros, which lie as it is described.
template <class Pass>
double passSeconds(const Pass& pass, const std::unordered_map<int, dnnl::memory::desc>& described,
                   const Stopwatch& secondsOf) {
    std::vector<DnnlBuffer> buffers;
    std::unordered_map<int, dnnl::memory> arguments;
    for (const auto& [argument, desc] : described)
        arguments.emplace(argument, buffers.emplace_back(zeros(desc)).memory);
    return secondsOf([&] { pass.execute(arguments); });
}

double forwardSeconds(DirectConvolution& direct, const Stopwatch& secondsOf) {
    const auto& pass = direct.ofForward();
    return passSeconds(pass,
                       {{DNNL_ARG_SRC, pass.about.src_desc()},
                        {DNNL_ARG_WEIGHTS, pass.about.weights_desc()},
                        {DNNL_ARG_DST, pass.about.dst_desc()}},
                       secondsOf);
}

double inputGradientSeconds(DirectConvolution& direct, const Stopwatch& secondsOf) {
    const auto& pass = direct.ofInput();
    return passSeconds(pass,
                       {{DNNL_ARG_DIFF_DST, pass.about.diff_dst_desc()},
                        {DNNL_ARG_WEIGHTS, pass.about.weights_desc()},
                        {DNNL_ARG_DIFF_SRC, pass.about.diff_src_desc()}},
                       secondsOf);
}

double weightGradientSeconds(DirectConvolution& direct, const Stopwatch& secondsOf) {
    const auto& pass = direct.ofWeight();
    return passSeconds(pass,
                       {{DNNL_ARG_SRC, pass.about.src_desc()},
                        {DNNL_ARG_DIFF_DST, pass.about.diff_dst_desc()},
                        {DNNL_ARG_DIFF_WEIGHTS, pass.about.diff_weights_desc()}},
                       secondsOf);
}

}  // namespace

ArithmeticLog*& arithmeticLog() {
    thread_local ArithmeticLog* log = nullptr;
    return log;
}

ConvolutionTimes timeConvolution(const ArithmeticLog::Convolution& work, bool gradients,
                                 const Stopwatch& secondsOf) {
    const ConvolutionProblem problem{work.input, work.weight, work.bfloat16, at::get_num_threads()};
    DirectConvolution last(problem), any(problem, ActivationLayout::Any);
    const auto better = [&](const auto& seconds) {
        return std::min(seconds(last, secondsOf), seconds(any, secondsOf));
    };
    ConvolutionTimes times;
    times.forward = better(forwardSeconds);
    if (gradients)
        times.weightGradient = better(weightGradientSeconds);
    if (gradients && work.inputGradient)
        times.inputGradient = better(inputGradientSeconds);
    return times;
}

double timeProduct(const Product& product, const Stopwatch& secondsOf) {
    using dnnl::memory;
    const auto type = product.bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
    const auto about =
        productAbout({{product.count, product.rows, product.inner}, type, memory::format_tag::abc},
                     {{product.count, product.inner, product.columns}, type, memory::format_tag::any},
                     {{product.count, product.rows, product.columns}, type, memory::format_tag::abc});
    const dnnl::matmul multiply(about);
    const DnnlBuffer left = zeros(about.src_desc()), right = zeros(about.weights_desc()),
                     result = zeros(about.dst_desc());
    return secondsOf([&] {
        multiply.execute(
            dnnlStream(),
            {{DNNL_ARG_SRC, left.memory}, {DNNL_ARG_WEIGHTS, right.memory}, {DNNL_ARG_DST, result.memory}});
    });
}

}  // namespace denoscope::kernels
