// SPDX-License-Identifier: GPL-3.0-or-later
// The output of a network and all gradients of a made-up loss, to compare ways of computing them. To be
// called from Qt tests.
#pragma once

#include <ATen/ATen.h>

#include <QTest>
#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "engine/core/Compute.h"
#include "engine/core/Dropout.h"
#include "engine/core/TensorMemory.h"
#include "engine/nets/Network.h"

namespace denoscope::checks {

struct Step {
    at::Tensor output;
    std::map<std::string, at::Tensor> gradients;
};

// The scope lives until the gradients are there.
inline Step stepOf(Network& network, const Network::Inputs& inputs, const ComputeScope&) {
    for (const Parameter& parameter : network.parameters())
        parameter.value.mutable_grad().reset();
    std::vector<std::uint64_t> keys(static_cast<std::size_t>(inputs.x.size(0)));
    std::iota(keys.begin(), keys.end(), 11);
    const DropoutScope dropout(keys);
    Step step;
    step.output = network.forward(inputs, true).to(at::kFloat);
    const at::Tensor weights = at::arange(step.output.numel(), at::kFloat).sin().view(step.output.sizes());
    (step.output * weights).sum().backward();
    for (const Parameter& parameter : network.parameters())
        if (parameter.value.grad().defined())
            step.gradients[parameter.name] = parameter.value.grad().clone();
    return step;
}

inline double largestNorm(const std::map<std::string, at::Tensor>& gradients) {
    double largest = 0;
    for (const auto& [name, gradient] : gradients)
        largest = std::max(largest, gradient.norm().item<double>());
    return largest;
}

// The second computation drops the same and rounds the same; only the order differs in which the gradients of
// one tensor are added.
inline void recomputesExactly(Network& network, const Network::Inputs& inputs, Precision precision,
                              Kernels kernels) {
    const Step kept = stepOf(network, inputs, ComputeScope(precision, kernels));
    const Step again = stepOf(network, inputs, ComputeScope(precision, kernels, true));
    QVERIFY(at::equal(kept.output, again.output));
    QCOMPARE(again.gradients.size(), kept.gradients.size());
    const double allowed = (precision == Precision::BFloat16 ? 1e-2 : 1e-6) * largestNorm(kept.gradients);
    for (const auto& [name, gradient] : kept.gradients) {
        const double error = (again.gradients.at(name) - gradient).norm().item<double>();
        QVERIFY2(error < allowed,
                 qPrintable(QString("%1: %2, allowed %3").arg(name.c_str()).arg(error).arg(allowed)));
    }
}

// Bytes that a step takes beside what the network holds.
inline double peakOfStep(Network& network, const Network::Inputs& inputs, Kernels kernels, bool recompute) {
    stepOf(network, inputs, ComputeScope(Precision::Float32, kernels, recompute));
    const std::int64_t before = tensorMemory::use().inUse;
    tensorMemory::resetPeak();
    stepOf(network, inputs, ComputeScope(Precision::Float32, kernels, recompute));
    return static_cast<double>(tensorMemory::use().peak - before);
}

}  // namespace denoscope::checks
