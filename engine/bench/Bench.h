// SPDX-License-Identifier: GPL-3.0-or-later
// The plain path of computing (LibTorch, operation by operation) and the fused one side by side, in one
// process, on two copies of the same state, in alternation: what else the machine does meets both alike.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/api/Config.h"
#include "engine/bench/BenchCase.h"

namespace denoscope {

enum class BenchWork { Train, Sample };

struct BenchOptions {
    Precision precision = Precision::Float32;
    BenchWork work = BenchWork::Train;
    int pairs = 10;  // how often each path is timed, after one time that is not
};

struct Quartiles {
    double low = 0, median = 0, high = 0;
};
// Linear between order statistics. values: at least one.
Quartiles quartilesOf(std::vector<double> values);

struct PathResult {
    Quartiles milliseconds;       // of a training step, or of a request for `batch` samples
    double samplesPerSecond = 0;  // by the median
    double peakMegabytes = 0;     // 10^6 bytes, of tensors, at most at one time: all that the path holds and
                                  // what it needs for one step or request
};

struct BenchResult {
    std::string name;
    BenchOptions options;
    std::int64_t batch = 0;
    PathResult plain, fused;
    std::optional<double> recomputingPeakMegabytes;  // of a fused step with training.recompute
    // Largest between what the fused path computes and what the plain one does in float32, relative to the
    // largest magnitude; of the norm of the gradient a fifth of that.
    double difference = 0;
    // What the convolutions and the matrix products of attention take alone.
    struct Limit {
        double gflop = 0;
        double milliseconds = 0;
    };
    std::optional<Limit> limit;

    double speedup() const { return plain.milliseconds.median / fused.milliseconds.median; }
    std::optional<double> limitFraction() const;
};

// LibTorch's threads, as training sets them: one for each core. At first it has only one.
void useEveryCore();

// Trains `of` on one batch of noise, or draws `batch` samples from it; uses as many threads as LibTorch is
// set to. Throws WorkFailed where the fused path does not compute what the plain one does in float32: the
// times would mean nothing.
BenchResult runBench(const BenchCase& of, const BenchOptions& options, std::int64_t batch);

// Batches that a kind of work is measured with: that of the case, or 1 and 16 samples.
std::vector<std::int64_t> benchBatches(const BenchCase& of, BenchWork work);

}  // namespace denoscope
