// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/Arithmetic.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "engine/kernels/ConvolutionPrimitives.h"

namespace denoscope::kernels {
namespace {

DnnlBuffer zeros(const dnnl::memory::desc& desc) {
    DnnlBuffer buffer = dnnlBuffer(desc);
    buffer.owner.zero_();
    return buffer;
}

double forwardSeconds(ConvolutionPrimitives& primitives, const Stopwatch& secondsOf) {
    const auto& about = primitives.forwardAbout();
    const DnnlBuffer x = zeros(about.src_desc()), weight = zeros(about.weights_desc()),
                     y = zeros(about.dst_desc());
    return secondsOf([&] { primitives.forward(x.memory, weight.memory, y.memory); });
}

double inputGradientSeconds(ConvolutionPrimitives& primitives, const Stopwatch& secondsOf) {
    const auto& about = primitives.inputGradientAbout();
    const DnnlBuffer gy = zeros(about.diff_dst_desc()), weight = zeros(about.weights_desc()),
                     gx = zeros(about.diff_src_desc());
    return secondsOf([&] { primitives.inputGradient(gy.memory, weight.memory, gx.memory); });
}

double weightGradientSeconds(ConvolutionPrimitives& primitives, const Stopwatch& secondsOf) {
    const auto& about = primitives.weightGradientAbout();
    const DnnlBuffer x = zeros(about.src_desc()), gy = zeros(about.diff_dst_desc()),
                     gWeight = zeros(about.diff_weights_desc());
    return secondsOf([&] { primitives.weightGradient(x.memory, gy.memory, gWeight.memory); });
}

}  // namespace

ArithmeticLog*& arithmeticLog() {
    thread_local ArithmeticLog* log = nullptr;
    return log;
}

ConvolutionTimes timeConvolution(const ArithmeticLog::Convolution& work, bool gradients,
                                 const Stopwatch& secondsOf) {
    ConvolutionProblem problem{work.input, work.weight, work.bfloat16, at::get_num_threads()};
    ConvolutionPrimitives& last = primitivesFor(problem);
    problem.anyLayout = true;
    ConvolutionPrimitives any(problem);
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
