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

// Of a pass with arguments of zeros, which lie as it describes them.
template <class Pass>
double passSeconds(const Pass& pass, const Stopwatch& secondsOf) {
    std::vector<DnnlBuffer> buffers;
    std::unordered_map<int, dnnl::memory> arguments;
    for (const int argument : {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_DIFF_SRC,
                               DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST}) {
        const dnnl::memory::desc desc = pass.about.query_md(dnnl::query::exec_arg_md, argument);
        if (desc.get_size() > 0)
            arguments.emplace(argument, buffers.emplace_back(zeros(desc)).memory);
    }
    return secondsOf([&] { pass.execute(arguments); });
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
    const auto better = [&](const auto& passOf) {
        return std::min(passSeconds(passOf(last), secondsOf), passSeconds(passOf(any), secondsOf));
    };
    ConvolutionTimes times;
    times.forward = better([](DirectConvolution & direct) -> auto& { return direct.ofForward(); });
    if (gradients)
        times.weightGradient = better([](DirectConvolution & direct) -> auto& { return direct.ofWeight(); });
    if (gradients && work.inputGradient)
        times.inputGradient = better([](DirectConvolution & direct) -> auto& { return direct.ofInput(); });
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
