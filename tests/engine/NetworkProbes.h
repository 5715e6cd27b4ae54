// SPDX-License-Identifier: GPL-3.0-or-later
// What is counted while a piece of work is done, to hold our own arithmetic against.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <ATen/record_function.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "engine/core/Compute.h"
#include "engine/core/TensorMemory.h"
#include "engine/nets/Network.h"

namespace denoscope::probes {

namespace detail {

// Counts what convolutions and matrix products multiply; what a convolution does inside is not counted again.
struct MacCounter {
    double count = 0;
    int insideConvolution = 0;
};
inline thread_local MacCounter macCounter;

inline bool isConvolution(const at::RecordFunction& function) {
    return std::string_view(function.name()) == "aten::convolution";
}

inline std::unique_ptr<at::ObserverContext> beginOperation(const at::RecordFunction& function) {
    macCounter.insideConvolution += isConvolution(function) ? 1 : 0;
    return nullptr;
}

inline void endOperation(const at::RecordFunction& function, at::ObserverContext*) {
    const auto tensor = [&](std::size_t i) { return function.inputs()[i].toTensor(); };
    const std::string_view name = function.name();
    if (isConvolution(function)) {
        const at::Tensor weight = tensor(1);
        const std::int64_t perOutput = weight.numel() / weight.size(0);
        macCounter.count += static_cast<double>(function.outputs().front().toTensor().numel()) *
                            static_cast<double>(perOutput);
        --macCounter.insideConvolution;
    } else if (macCounter.insideConvolution == 0 &&
               (name == "aten::mm" || name == "aten::bmm" || name == "aten::addmm")) {
        const std::size_t first = name == "aten::addmm" ? 1 : 0;
        macCounter.count +=
            static_cast<double>(tensor(first).numel()) * static_cast<double>(tensor(first + 1).size(-1));
    }
}

}  // namespace detail

// Multiply-accumulates of convolutions and matrix products on this thread.
inline double countMacs(const std::function<void()>& work) {
    detail::macCounter = {};
    const auto handle =
        at::addThreadLocalCallback(at::RecordFunctionCallback(detail::beginOperation, detail::endOperation)
                                       .needsInputs(true)
                                       .needsOutputs(true)
                                       .scopes({at::RecordScope::FUNCTION}));
    work();
    at::removeCallback(handle);
    return detail::macCounter.count;
}

// The bytes that one item more makes live at one time. `work` is given the size of its batch; the batches are
// large enough for items to outweigh what is made once.
inline double bytesPerItem(const std::function<void(std::int64_t)>& work) {
    const auto peakOf = [&](std::int64_t batch) {
        const std::int64_t before = tensorMemory::use().inUse;
        tensorMemory::resetPeak();
        work(batch);
        return static_cast<double>(tensorMemory::use().peak - before);
    };
    peakOf(1);  // what stays: gradients, packed weights
    return (peakOf(12) - peakOf(6)) / 6;
}

// The same of a step of training.
inline double trainingBytesPerItem(Network& network,
                                   const std::function<Network::Inputs(std::int64_t)>& inputs,
                                   const TrainingConfig& training) {
    return bytesPerItem([&](std::int64_t batch) {
        at::Tensor loss;
        {
            const ComputeScope compute(training);
            loss = network.forward(inputs(batch), true).to(at::kFloat).square().sum();
        }
        loss.backward();
    });
}

inline double samplingBytesPerItem(Network& network,
                                   const std::function<Network::Inputs(std::int64_t)>& inputs,
                                   const TrainingConfig& training) {
    const at::NoGradGuard noGrad;
    return bytesPerItem([&](std::int64_t batch) {
        const ComputeScope compute(training);
        network.forward(inputs(batch), false);
    });
}

}  // namespace denoscope::probes
