// SPDX-License-Identifier: GPL-3.0-or-later
// One way of computing, with a state of its own.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/bench/Bench.h"
#include "engine/nets/Network.h"

namespace denoscope {

// What a path computes, which the other one has to compute as well.
struct Computed {
    std::vector<at::Tensor> values;     // the loss, or samples
    std::vector<at::Tensor> sensitive;  // what rounding changes several times as much: norm of the gradient
};

class BenchPath {
public:
    virtual ~BenchPath() = default;

    // From the state as it was made, which is left so.
    virtual Computed computed() = 0;
    // Does what perform() does once, or enough of it to reach its peak of memory.
    virtual void warmUp() = 0;
    // What is timed. Throws WorkFailed where its numbers are not finite.
    virtual void perform() = 0;
};

// Throws as makeKarrasPlan does. recompute: as training.recompute.
std::unique_ptr<BenchPath> trainPath(const BenchCase& of, std::int64_t batch, Precision precision,
                                     Kernels kernels, bool recompute = false);
std::unique_ptr<BenchPath> samplePath(const BenchCase& of, std::int64_t batch, Precision precision,
                                      Kernels kernels);

// The network of a case, always with the same weights. Its gains, which start at 0 and would hide all that
// lies before them from losses and gradients, are 0.5.
std::unique_ptr<Network> benchNetwork(const BenchCase& of);

}  // namespace denoscope
