// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/bench/Bench.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "engine/api/Error.h"
#include "engine/bench/BenchPath.h"
#include "engine/bench/Limit.h"
#include "engine/core/TensorMemory.h"

namespace denoscope {
namespace {

using Clock = std::chrono::steady_clock;

// Relative difference between the two paths that rounding explains.
double allowedDifference(Precision precision) {
    return precision == Precision::Float32 ? 1e-4 : 2e-2;
}

double megabytes(std::int64_t bytes) {
    return static_cast<double>(bytes) * 1e-6;
}

// LibTorch as it comes asks the system for every tensor: that is part of the plain path.
class AllocatorScope {
public:
    explicit AllocatorScope(Kernels kernels) : m_before(tensorMemory::pooling()) {
        if (kernels == Kernels::Plain)
            tensorMemory::setPooling(false);
    }
    ~AllocatorScope() { tensorMemory::setPooling(m_before); }
    AllocatorScope(const AllocatorScope&) = delete;
    AllocatorScope& operator=(const AllocatorScope&) = delete;

private:
    bool m_before;
};

class LogScope {
public:
    explicit LogScope(kernels::ArithmeticLog* log) { kernels::arithmeticLog() = log; }
    ~LogScope() { kernels::arithmeticLog() = nullptr; }
    LogScope(const LogScope&) = delete;
    LogScope& operator=(const LogScope&) = delete;
};

std::unique_ptr<BenchPath> makePath(const BenchCase& of, BenchWork work, std::int64_t batch,
                                    Precision precision, Kernels kernels) {
    return work == BenchWork::Train ? trainPath(of, batch, precision, kernels)
                                    : samplePath(of, batch, precision, kernels);
}

// Bytes that a path holds and needs at most, by itself. Whatever it comes to hold, it holds from its first
// use on: what is in use before is not its own.
std::int64_t peakOf(BenchPath& path, std::int64_t before) {
    tensorMemory::resetPeak();
    path.warmUp();
    return tensorMemory::use().peak - before;
}

double recomputingPeak(const BenchCase& of, const BenchOptions& options, std::int64_t batch) {
    const std::int64_t before = tensorMemory::use().inUse;
    const auto path = trainPath(of, batch, options.precision, Kernels::Fused, true);
    path->computed();
    return megabytes(peakOf(*path, before));
}

// A path with what was measured of it.
class Measured {
public:
    Measured(const BenchCase& of, const BenchOptions& options, std::int64_t batch, Kernels kernels)
        : m_kernels(kernels) {
        const AllocatorScope allocator(m_kernels);
        const std::int64_t before = tensorMemory::use().inUse;
        m_path = makePath(of, options.work, batch, options.precision, kernels);
        m_computed = m_path->computed();
        m_peak = peakOf(*m_path, before);
    }

    const Computed& computed() const { return m_computed; }

    // As in the middle of a run: what the caches hold is this path's own. log: of the arithmetic, where it is
    // asked for.
    void time(kernels::ArithmeticLog* log = nullptr) {
        const AllocatorScope allocator(m_kernels);
        m_path->warmUp();
        const LogScope logged(log);
        const auto start = Clock::now();
        m_path->perform();
        m_times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }

    PathResult result(std::int64_t batch) const {
        const Quartiles times = quartilesOf(m_times);
        return {times, static_cast<double>(batch) * 1e3 / times.median, megabytes(m_peak)};
    }

private:
    Kernels m_kernels;
    std::unique_ptr<BenchPath> m_path;
    Computed m_computed;
    std::int64_t m_peak = 0;
    std::vector<double> m_times;
};

// Relative to the largest magnitude; infinite where a number is not finite.
double largestDifference(const std::vector<at::Tensor>& plain, const std::vector<at::Tensor>& fused) {
    double largest = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const double magnitude = plain[i].abs().max().item<double>();
        const double apart = (plain[i] - fused[i]).abs().max().item<double>() / magnitude;
        largest = std::max(largest, std::isfinite(apart) ? apart : std::numeric_limits<double>::infinity());
    }
    return largest;
}

double difference(const Computed& plain, const Computed& fused) {
    constexpr double sensitivity = 5;
    return std::max(largestDifference(plain.values, fused.values),
                    largestDifference(plain.sensitive, fused.sensitive) / sensitivity);
}

// By LibTorch's operations in float32. In bfloat16 these round so often that they are no standard.
Computed exactly(const BenchCase& of, BenchWork work, std::int64_t batch) {
    return makePath(of, work, batch, Precision::Float32, Kernels::Plain)->computed();
}

}  // namespace

Quartiles quartilesOf(std::vector<double> values) {
    std::ranges::sort(values);
    const auto at = [&](double share) {
        const double place = share * static_cast<double>(values.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const std::size_t above = std::min(below + 1, values.size() - 1);
        return std::lerp(values[below], values[above], place - static_cast<double>(below));
    };
    return {at(0.25), at(0.5), at(0.75)};
}

void useEveryCore() {
    at::set_num_threads(std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

std::optional<double> BenchResult::limitFraction() const {
    if (!limit)
        return std::nullopt;
    return limit->milliseconds / fused.milliseconds.median;
}

std::vector<std::int64_t> benchBatches(const BenchCase& of, BenchWork work) {
    return work == BenchWork::Train ? std::vector<std::int64_t>{of.batch} : std::vector<std::int64_t>{1, 16};
}

BenchResult runBench(const BenchCase& of, const BenchOptions& options, std::int64_t batch) {
    BenchResult result;
    result.name = of.name;
    result.options = options;
    result.batch = batch;
    Measured plain(of, options, batch, Kernels::Plain), fused(of, options, batch, Kernels::Fused);
    result.difference = difference(
        options.precision == Precision::Float32 ? plain.computed() : exactly(of, options.work, batch),
        fused.computed());
    if (result.difference > allowedDifference(options.precision))
        throw WorkFailed(fmt::format("the fused path is {:.1e} off the plain one, rounding explains {:.0e}",
                                     result.difference, allowedDifference(options.precision)),
                         "case " + of.name, "train with training.kernels = plain and please report this");
    const bool gradients = options.work == BenchWork::Train;
    if (gradients)
        result.recomputingPeakMegabytes = recomputingPeak(of, options, batch);
    kernels::ArithmeticLog log;
    std::optional<BenchResult::Limit> before;
    for (int pair = 0; pair < options.pairs; ++pair) {
        plain.time();
        fused.time(pair == 0 ? &log : nullptr);
        if (pair == 0)
            before = arithmeticLimit(log, gradients);
    }
    result.plain = plain.result(batch);
    result.fused = fused.result(batch);
    if (before) {  // a machine is not equally fast all the time
        const BenchResult::Limit after = *arithmeticLimit(log, gradients);
        result.limit = {before->gflop, (before->milliseconds + after.milliseconds) / 2};
    }
    return result;
}

}  // namespace denoscope
