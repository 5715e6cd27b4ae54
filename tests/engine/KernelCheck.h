// SPDX-License-Identifier: GPL-3.0-or-later
// Fused operations against the plain ones: what they make of the same numbers, and all gradients. To be
// called from Qt tests.
#pragma once

#include <ATen/ATen.h>

#include <QTest>
#include <cmath>
#include <functional>
#include <vector>

#include "engine/core/Compute.h"
#include "tests/engine/Difference.h"

namespace denoscope::checks {

using Operation = std::function<at::Tensor(const std::vector<at::Tensor>&)>;

struct Outcome {
    at::Tensor result;
    std::vector<at::Tensor> gradients;
};

inline Outcome run(const Operation& operation, const std::vector<at::Tensor>& inputs, Kernels kernels,
                   at::ScalarType type) {
    std::vector<at::Tensor> leaves, used;
    for (const at::Tensor& input : inputs) {
        leaves.push_back(input.clone().set_requires_grad(true));
        used.push_back(input.dim() > 2 && type == at::kBFloat16 ? leaves.back().to(type) : leaves.back());
    }
    const ComputeScope scope(Precision::Float32, kernels);
    Outcome outcome;
    outcome.result = operation(used);
    // A weight for every element, so that no gradient can hide in a sum.
    const at::Tensor weights =
        at::arange(outcome.result.numel(), at::kFloat).sin().view(outcome.result.sizes());
    (outcome.result.to(at::kFloat) * weights).sum().backward();
    for (const at::Tensor& leaf : leaves)
        outcome.gradients.push_back(leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf));
    return outcome;
}

inline void compare(const Operation& operation, const std::vector<at::Tensor>& inputs) {
    const Outcome plain = run(operation, inputs, Kernels::Plain, at::kFloat);
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        const double allowed = type == at::kFloat ? 5e-5 : 4e-2;
        const Outcome fused = run(operation, inputs, Kernels::Fused, type);
        QVERIFY2(difference(fused.result, plain.result) < allowed,
                 qPrintable(QString::number(difference(fused.result, plain.result))));
        for (std::size_t i = 0; i < inputs.size(); ++i)
            QVERIFY2(difference(fused.gradients[i], plain.gradients[i]) < allowed,
                     qPrintable(QStringLiteral("gradient %1: %2")
                                    .arg(i)
                                    .arg(difference(fused.gradients[i], plain.gradients[i]))));
    }
}

inline at::Tensor random(const Shape& shape) {
    return at::randn(shape, at::TensorOptions().dtype(at::kFloat));
}

}  // namespace denoscope::checks
