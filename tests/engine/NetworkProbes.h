// SPDX-License-Identifier: GPL-3.0-or-later
// What LibTorch itself reports about a piece of work, to hold our own arithmetic against.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/ivalue.h>
#include <ATen/record_function.h>
#include <c10/core/Allocator.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string_view>

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

struct LiveBytes final : c10::MemoryReportingInfoBase {
    void reportMemoryUsage(void*, std::int64_t size, std::int64_t, std::int64_t, c10::Device) override {
        bytes += size;
        peak = std::max(peak, bytes);
    }
    bool memoryProfilingEnabled() const override { return true; }

    std::int64_t bytes = 0, peak = 0;
};

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

// The float32 values that one item more makes live at one time. `work` is given the size of its batch; the
// batches are large enough for items to outweigh what is made once.
inline double valuesPerItem(const std::function<void(std::int64_t)>& work) {
    const auto peakOf = [&](std::int64_t batch) {
        const auto live = std::make_shared<detail::LiveBytes>();
        const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, live);
        work(batch);
        return static_cast<double>(live->peak);
    };
    return (peakOf(12) - peakOf(6)) / 6 / sizeof(float);
}

}  // namespace denoscope::probes
