// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/bench/Limit.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/bench/FreeConvolution.h"
#include "engine/kernels/OneDnn.h"

namespace denoscope {
namespace {

using kernels::ArithmeticLog;
using kernels::ConvolutionTimes;

constexpr int repeats = 7;

double multiplyAdds(const ArithmeticLog::Convolution& work) {
    Shape places = work.input;
    places[1] = 1;
    return static_cast<double>(elementCount(places)) * static_cast<double>(elementCount(work.weight));
}

BenchResult::Limit limitOf(const ArithmeticLog::Convolution& work, bool gradients) {
    const ConvolutionTimes last = kernels::timeConvolution(
                               work, [](const auto&pass) { return medianSeconds(repeats, pass); }),
                           free = timeFreely(work, repeats);
    double seconds = std::min(last.forward, free.forward);
    int passes = 1;
    if (gradients) {
        seconds += std::min(last.weightGradient, free.weightGradient);
        ++passes;
    }
    if (gradients && work.inputGradient) {
        seconds += std::min(last.inputGradient, free.inputGradient);
        ++passes;
    }
    return {2e-9 * multiplyAdds(work) * passes, 1e3 * seconds};
}

// (count, rows, inner) times (count, inner, columns).
struct Product {
    std::int64_t count, rows, inner, columns;
};

double secondsOf(const Product& product, bool bfloat16) {
    using dnnl::memory;
    const auto type = bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
    const memory::desc left({product.count, product.rows, product.inner}, type, memory::format_tag::abc),
        right({product.count, product.inner, product.columns}, type, memory::format_tag::any),
        result({product.count, product.rows, product.columns}, type, memory::format_tag::abc);
    const dnnl::matmul::primitive_desc about(dnnl::matmul::desc(left, right, result), kernels::dnnlEngine());
    const dnnl::matmul multiply(about);
    const kernels::DnnlBuffer a = kernels::dnnlBuffer(left), b = kernels::dnnlBuffer(about.weights_desc()),
                              c = kernels::dnnlBuffer(result);
    for (const kernels::DnnlBuffer* buffer : {&a, &b})
        buffer->owner.zero_();
    return medianSeconds(repeats, [&] {
        multiply.execute(kernels::dnnlStream(),
                         {{DNNL_ARG_SRC, a.memory}, {DNNL_ARG_WEIGHTS, b.memory}, {DNNL_ARG_DST, c.memory}});
    });
}

// The whole product at once, or a part that stays in the caches, as often as it fits.
double bestSecondsOf(const Product& whole, bool bfloat16) {
    const Product part{std::min<std::int64_t>(whole.count, 2), std::min<std::int64_t>(whole.rows, 128),
                       whole.inner, std::min<std::int64_t>(whole.columns, 512)};
    const auto values = [](const Product& product) {
        return static_cast<double>(product.count * product.rows) * static_cast<double>(product.columns);
    };
    return std::min(secondsOf(whole, bfloat16), secondsOf(part, bfloat16) * values(whole) / values(part));
}

BenchResult::Limit limitOf(const ArithmeticLog::Attention& work, bool gradients) {
    const Product scores{work.groups, work.queries, work.headSize, work.keys},
        attended{work.groups, work.queries, work.keys, work.headSize},
        gathered{work.groups, work.keys, work.queries, work.headSize};
    // Gradients: of weights as the scores, of queries as what is attended, of keys and values gathered.
    const double each =
        static_cast<double>(work.groups * work.queries) * static_cast<double>(work.keys * work.headSize);
    double seconds = bestSecondsOf(scores, work.bfloat16) + bestSecondsOf(attended, work.bfloat16);
    if (gradients)
        seconds = 2 * (seconds + bestSecondsOf(gathered, work.bfloat16));
    return {2e-9 * each * (gradients ? 6 : 2), 1e3 * seconds};
}

auto keyOf(const ArithmeticLog::Convolution& work) {
    return std::tuple(work.input, work.weight, work.bfloat16, work.inputGradient);
}
auto keyOf(const ArithmeticLog::Attention& work) {
    return std::tuple(work.groups, work.queries, work.keys, work.headSize, work.bfloat16);
}

template <class Work>
void add(BenchResult::Limit& sum, const std::vector<Work>& works, bool gradients) {
    std::map<decltype(keyOf(works.front())), BenchResult::Limit> known;
    for (const Work& work : works) {
        auto found = known.find(keyOf(work));
        if (found == known.end())
            found = known.emplace(keyOf(work), limitOf(work, gradients)).first;
        sum.gflop += found->second.gflop;
        sum.milliseconds += found->second.milliseconds;
    }
}

}  // namespace

std::optional<BenchResult::Limit> arithmeticLimit(const ArithmeticLog& log, bool gradients) {
    if (log.convolutions.empty() && log.attentions.empty())
        return std::nullopt;
    BenchResult::Limit sum;
    add(sum, log.convolutions, gradients);
    add(sum, log.attentions, gradients);
    return sum;
}

}  // namespace denoscope
