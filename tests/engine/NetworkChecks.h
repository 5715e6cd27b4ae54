// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold for every network: gradients against finite differences, dropout in training alone. To be
// called from Qt tests.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>

#include "engine/core/Dropout.h"
#include "engine/core/Noise.h"
#include "engine/nets/Network.h"

namespace denoscope::checks {

inline void toDouble(const Network& network) {
    for (const Parameter& parameter : network.parameters())
        parameter.value.set_data(parameter.value.detach().to(at::kDouble));
}

inline Network::Inputs toDouble(Network::Inputs inputs) {
    for (at::Tensor* tensor : {&inputs.x, &inputs.time, &inputs.selfCondition, &inputs.classes})
        if (tensor->defined())
            *tensor = tensor->to(at::kDouble);
    return inputs;
}

// "downs.0.block1.1.weight" -> "block1.1.weight": the kinds that a network repeats.
inline std::string kindOf(const std::string& name) {
    const auto digit = name.find_first_of("0123456789");
    return digit == std::string::npos ? name : name.substr(std::min(name.find('.', digit) + 1, name.size()));
}

inline double centralDifference(const at::Tensor& value, std::int64_t entry,
                                const std::function<at::Tensor()>& loss) {
    const at::NoGradGuard noGrad;
    constexpr double h = 1e-5;
    const at::Tensor place = value.detach().view({-1})[entry];
    const double at = place.item<double>();
    place.fill_(at + h);
    const double above = loss().item<double>();
    place.fill_(at - h);
    const double below = loss().item<double>();
    place.fill_(at);
    return (above - below) / (2 * h);
}

// Turns the network into double precision, in which central differences of step h err by h^2, far below what
// a wrong gradient would. Checks an entry of two parameters of every kind and gives back the kinds.
inline std::map<std::string, int> compareWithFiniteDifferences(Network& network,
                                                               const Network::Inputs& floatInputs) {
    toDouble(network);
    const Network::Inputs inputs = toDouble(floatInputs);
    const at::Tensor target = standardNormal(network.forward(inputs, true).sizes().vec(), 9).to(at::kDouble);
    const auto loss = [&] { return (network.forward(inputs, true) - target).square().sum(); };
    loss().backward();

    std::map<std::string, int> seen;
    for (const Parameter& parameter : network.parameters()) {
        if (!parameter.trained || seen[kindOf(parameter.name)]++ > 1)
            continue;
        const std::int64_t entry = parameter.value.numel() / 2;
        const double expected = centralDifference(parameter.value, entry, loss);
        const double actual = parameter.value.grad().view({-1})[entry].item<double>();
        [&] {
            QVERIFY2(std::abs(actual - expected) <= 1e-5 * (1 + std::abs(expected)),
                     qPrintable(QString("%1[%2]: %3, not %4")
                                    .arg(parameter.name.c_str())
                                    .arg(entry)
                                    .arg(actual, 0, 'g', 12)
                                    .arg(expected, 0, 'g', 12)));
        }();
    }
    return seen;
}

// inputs: for a network with dropout.
inline void dropoutActsInTrainingOnly(Network& network, const Network::Inputs& inputs) {
    const at::NoGradGuard noGrad;
    const auto forward = [&](std::uint64_t seed, bool training) {
        const DropoutScope dropout(itemKeys(seed, Stream::Dropout, 0, inputs.x.size(0)));
        return network.forward(inputs, training);
    };
    QVERIFY(forward(1, false).equal(forward(2, false)));
    QVERIFY(forward(1, true).equal(forward(1, true)));
    QVERIFY(!forward(1, true).equal(forward(2, true)));
    QVERIFY(!forward(1, true).equal(forward(1, false)));
}

}  // namespace denoscope::checks
