// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/bench/Limit.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>
#include <vector>

namespace denoscope {
namespace {

using kernels::ArithmeticLog;
using kernels::ConvolutionTimes;
using kernels::Product;

double multiplyAdds(const ArithmeticLog::Convolution& work) {
    Shape places = work.input;
    places[1] = 1;
    return static_cast<double>(elementCount(places)) * static_cast<double>(elementCount(work.weight));
}

// Of f(), after one call that is not timed.
double medianSeconds(const std::function<void()>& f) {
    using Clock = std::chrono::steady_clock;
    constexpr int repeats = 7;
    std::vector<double> seconds;
    f();
    for (int i = 0; i < repeats; ++i) {
        const auto start = Clock::now();
        f();
        seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    }
    return quartilesOf(seconds).median;
}

BenchResult::Limit limitOf(const ArithmeticLog::Convolution& work, bool gradients) {
    const ConvolutionTimes times = kernels::timeConvolution(work, gradients, medianSeconds);
    const int passes = !gradients ? 1 : work.inputGradient ? 3 : 2;
    return {2e-9 * multiplyAdds(work) * passes,
            1e3 * (times.forward + times.weightGradient + times.inputGradient)};
}

// The whole product at once, or a part that stays in the caches, as often as it fits.
double bestSecondsOf(const Product& whole) {
    const Product part{std::min<std::int64_t>(whole.count, 2), std::min<std::int64_t>(whole.rows, 128),
                       whole.inner, std::min<std::int64_t>(whole.columns, 512), whole.bfloat16};
    const auto values = [](const Product& product) {
        return static_cast<double>(product.count * product.rows) * static_cast<double>(product.columns);
    };
    return std::min(kernels::timeProduct(whole, medianSeconds),
                    kernels::timeProduct(part, medianSeconds) * values(whole) / values(part));
}

BenchResult::Limit limitOf(const ArithmeticLog::Attention& work, bool gradients) {
    const Product scores{work.groups, work.queries, work.headSize, work.keys, work.bfloat16},
        attended{work.groups, work.queries, work.keys, work.headSize, work.bfloat16},
        gathered{work.groups, work.keys, work.queries, work.headSize, work.bfloat16};
    // Gradients: of weights as the scores, of queries as what is attended, of keys and values gathered.
    const double each =
        static_cast<double>(work.groups * work.queries) * static_cast<double>(work.keys * work.headSize);
    double seconds = bestSecondsOf(scores) + bestSecondsOf(attended);
    if (gradients)
        seconds = 2 * (seconds + bestSecondsOf(gathered));
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
