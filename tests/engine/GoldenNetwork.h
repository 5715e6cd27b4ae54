// SPDX-License-Identifier: GPL-3.0-or-later
// Checks of a network against the numbers of the Python package: forward, training forward, gradients,
// rewritten weights and the output after an Adam step. To be called from Qt tests.
#pragma once

#include <ATen/core/grad_mode.h>

#include <QDir>
#include <QTest>

#include "engine/nets/Network.h"
#include "engine/train/Adam.h"
#include "tests/engine/GoldenCase.h"

namespace denoscope::golden {

constexpr double forwardTolerance = 2e-5, gradientTolerance = 2e-4;

// A column `path` with every case that fits one of the patterns: of the repository, and where present all of
// the shared ones.
inline void addCases(const QStringList& patterns) {
    QTest::addColumn<QString>("path");
    int shared = 0;
    for (const char* folder : {DENOSCOPE_TEST_DATA "/goldens", DENOSCOPE_SHARED "/goldens"})
        for (const QFileInfo& file : QDir(folder).entryInfoList(patterns)) {
            const bool isShared = QString(folder).startsWith(DENOSCOPE_SHARED);
            shared += isShared ? 1 : 0;
            QTest::addRow("%s %s", isShared ? "shared" : "own", qPrintable(file.baseName()))
                << file.absoluteFilePath();
        }
    if (shared == 0)
        qInfo("the shared reference cases are absent: only the ones of the repository run");
}

inline void compare(const std::string& what, const at::Tensor& actual, const at::Tensor& expected,
                    double tolerance) {
    QCOMPARE(actual.sizes().vec(), expected.sizes().vec());
    const double error = relativeError(actual, expected);
    QVERIFY2(error <= tolerance, qPrintable(QString("%1: relative error %2").arg(what.c_str()).arg(error)));
}

inline std::map<std::string, Parameter> byName(const Network& network) {
    std::map<std::string, Parameter> result;
    for (const Parameter& parameter : network.parameters())
        result.emplace(parameter.name, parameter);
    return result;
}

// The state dict and the network must have the same names and shapes.
inline void loadWeights(const GoldenCase& golden, const Network& network) {
    std::size_t inFile = 0;
    for (const auto& [name, stored] : golden.tensors())
        inFile += name.starts_with("weights.") ? 1 : 0;
    QCOMPARE(network.parameters().size(), inFile);
    for (const Parameter& parameter : network.parameters()) {
        const at::NoGradGuard noGrad;
        QVERIFY2(golden.has("weights." + parameter.name), parameter.name.c_str());
        const at::Tensor weight = golden.tensor("weights." + parameter.name);
        QCOMPARE(weight.sizes().vec(), parameter.value.sizes().vec());
        parameter.value.copy_(weight);
    }
}

inline Network::Inputs inputsOf(const GoldenCase& golden, int classes) {
    Network::Inputs inputs{golden.tensor("in.x"), golden.tensor("in.time"), {}, {}};
    for (const char* name : {"in.self_cond", "in.x_self_cond"})
        if (golden.has(name))
            inputs.selfCondition = golden.tensor(name);
    for (const char* name : {"in.class_labels", "in.classes"})
        if (golden.has(name))
            inputs.classes = at::one_hot(golden.tensor(name), classes).to(at::kFloat);
    return inputs;
}

inline void compareGradients(const GoldenCase& golden, const std::map<std::string, Parameter>& parameters) {
    for (const auto& [name, stored] : golden.tensors())
        if (name.starts_with("grad."))
            compare(name, parameters.at(name.substr(5)).value.grad(), golden.tensor(name), gradientTolerance);
    const at::Tensor norms = golden.tensor("grad_norms");
    const auto names = golden.meta().at("grad_norm_names").get<std::vector<std::string>>();
    QCOMPARE(norms.numel(), static_cast<std::int64_t>(names.size()));
    const double largest = norms.abs().max().item<double>();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const double expected = norms[static_cast<std::int64_t>(i)].item<double>();
        const double actual = parameters.at(names[i]).value.grad().norm().item<double>();
        QVERIFY2(std::abs(actual - expected) <= gradientTolerance * largest, names[i].c_str());
    }
}

inline void compareAdamStep(const GoldenCase& golden, Network& network, const Network::Inputs& inputs) {
    std::vector<Parameter> trained;
    for (const Parameter& parameter : network.parameters())
        if (parameter.trained)
            trained.push_back(parameter);
    Adam adam(trained);
    TrainingConfig training;
    training.beta1 = 0.9;
    training.beta2 = 0.99;
    adam.step(training, 1e-2);
    // The cases keep these weights by reference: they hold what the training forward rewrote and Adam then
    // moved.
    const auto parameters = byName(network);
    for (const auto& [name, stored] : golden.tensors())
        if (name.starts_with("weights_after."))
            compare(name, parameters.at(name.substr(14)).value, golden.tensor(name), gradientTolerance);
    const at::NoGradGuard noGrad;
    compare("after Adam", network.forward(inputs, false), golden.tensor("out.eval_after_adam_1e-2"),
            gradientTolerance);
}

// Everything that a case of the kind "Networks" holds.
inline void compareNetwork(const GoldenCase& golden, Network& network) {
    loadWeights(golden, network);
    const Network::Inputs inputs = inputsOf(golden, network.classes());
    {
        const at::NoGradGuard noGrad;
        compare("eval", network.forward(inputs, false), golden.tensor("out.eval"), forwardTolerance);
    }
    network.normalizeWeights();
    const at::Tensor out = network.forward(inputs, true);
    compare("train", out, golden.tensor("out.train"), forwardTolerance);
    const at::Tensor loss = at::mse_loss(out, golden.tensor("in.target"));
    compare("loss", loss.reshape({1}), golden.tensor("out.train_loss"), forwardTolerance);
    loss.backward();
    compareGradients(golden, byName(network));
    compareAdamStep(golden, network, inputs);
}

}  // namespace denoscope::golden
