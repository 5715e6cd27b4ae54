// SPDX-License-Identifier: GPL-3.0-or-later
// Whole networks with fused kernels, and with recomputation, against the plain operations.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <QTest>
#include <numeric>

#include "engine/core/Compute.h"
#include "engine/core/Noise.h"
#include "engine/kernels/Convolution.h"
#include "engine/nets/MakeNetwork.h"
#include "engine/nets/NetworkPlan.h"
#include "tests/engine/NetworkStep.h"
#include "tests/engine/TinyRun.h"

using namespace denoscope;
using checks::largestNorm;
using checks::Step;
using checks::stepOf;

namespace {

constexpr int channels = 2, classes = 3;

RunConfig configOf(DataKind kind, Compat compat) {
    RunConfig config = tinyConfig(kind);
    config.model.compat = compat;
    config.model.factorizedAttention = kind == DataKind::Volume;
    config.model.dropout = 0.2;
    return config;
}

// Gains start at 0 and would hide all that lies before them.
std::unique_ptr<Network> networkOf(const RunConfig& config) {
    std::unique_ptr<Network> network =
        makeNetwork(makeNetworkPlan(networkOptions(config, channels, classes)), 3);
    const at::NoGradGuard noGrad;
    for (const Parameter& parameter : network->parameters())
        if (parameter.value.dim() == 0)
            parameter.value.fill_(0.7);
    return network;
}

Network::Inputs inputsOf(const RunConfig& config, std::int64_t batch) {
    Shape shape{batch, channels};
    shape.insert(shape.end(), config.data.size.begin(), config.data.size.end());
    std::vector<std::uint64_t> keys(static_cast<std::size_t>(batch));
    std::iota(keys.begin(), keys.end(), 1);
    Network::Inputs inputs;
    inputs.x = standardNormalRows(Shape(shape.begin() + 1, shape.end()), keys);
    inputs.time = standardNormal({batch}, 5);
    inputs.classes = at::zeros({batch, classes});
    inputs.classes.select(1, 1).fill_(1);
    return inputs;
}

double relative(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).norm().item<double>() / (b.norm().item<double>() + 1e-12);
}

}  // namespace

class FusedNetworkTest : public QObject {
    Q_OBJECT

    static void addKinds() {
        QTest::addColumn<DataKind>("kind");
        QTest::addColumn<Compat>("compat");
        for (const DataKind kind : {DataKind::Signal, DataKind::Image, DataKind::Volume})
            for (const Compat compat : {Compat::Paper, Compat::Reference})
                QTest::addRow("%s %s", toText(kind), compat == Compat::Paper ? "paper" : "reference")
                    << kind << compat;
    }

private Q_SLOTS:
    void init() { at::set_num_threads(2); }

    void computesTheSame_data() { addKinds(); }
    void computesTheSame() {
        QFETCH(DataKind, kind);
        QFETCH(Compat, compat);
        const RunConfig config = configOf(kind, compat);
        const auto network = networkOf(config);
        const Network::Inputs inputs = inputsOf(config, 3);
        const Step plain = stepOf(*network, inputs, ComputeScope(Precision::Float32, Kernels::Plain));
        QVERIFY(plain.gradients.size() > 20);
        for (const bool recompute : {false, true})
            for (const Precision precision : {Precision::Float32, Precision::BFloat16}) {
                const Step fused =
                    stepOf(*network, inputs, ComputeScope(precision, Kernels::Fused, recompute));
                const double allowed = precision == Precision::Float32 ? 2e-5 : 5e-2;
                QVERIFY2(relative(fused.output, plain.output) < allowed,
                         qPrintable(QString::number(relative(fused.output, plain.output))));
                QCOMPARE(fused.gradients.size(), plain.gradients.size());
                // Gradients of single gains are sums in which almost everything cancels.
                const double floor =
                    largestNorm(plain.gradients) / (precision == Precision::Float32 ? 50 : 4);
                for (const auto& [name, gradient] : plain.gradients) {
                    const double error = (fused.gradients.at(name) - gradient).norm().item<double>();
                    QVERIFY2(
                        error < 4 * allowed * (gradient.norm().item<double>() + floor),
                        qPrintable(QStringLiteral("%1: %2").arg(QString::fromStdString(name)).arg(error)));
                }
            }
    }

    void recomputesExactly_data() { addKinds(); }
    void recomputesExactly() {
        QFETCH(DataKind, kind);
        QFETCH(Compat, compat);
        const RunConfig config = configOf(kind, compat);
        const auto network = networkOf(config);
        for (const Kernels kernels : {Kernels::Plain, Kernels::Fused})
            checks::recomputesExactly(*network, inputsOf(config, 3), Precision::Float32, kernels);
    }

    // With enough channels for Winograd's convolutions.
    void recomputesWiderNetworksExactly() {
        RunConfig config = configOf(DataKind::Image, Compat::Paper);
        config.data.size = {16, 16};
        config.model.width = config.model.maxWidth = 48;
        const auto network = networkOf(config);
        checks::recomputesExactly(*network, inputsOf(config, 2), Precision::Float32, Kernels::Fused);
    }

    void recomputingNeedsLess() {
        RunConfig config = configOf(DataKind::Image, Compat::Paper);
        config.data.size = {64, 64};
        config.model.blocksPerStage = 4;
        const auto network = networkOf(config);
        const Network::Inputs inputs = inputsOf(config, 4);
        QVERIFY(checks::peakOfStep(*network, inputs, Kernels::Fused, true) <
                0.6 * checks::peakOfStep(*network, inputs, Kernels::Fused, false));
    }

    // Where weights are most of a network, the first computation must not leave packed ones behind.
    void recomputingKeepsLess() {
        RunConfig config = configOf(DataKind::Image, Compat::Paper);
        config.model.width = config.model.maxWidth = 96;
        const auto network = networkOf(config);
        const Network::Inputs inputs = inputsOf(config, 1);
        const auto keptBytes = [&](bool recompute) {
            const ComputeScope scope(Precision::Float32, Kernels::Fused, recompute);
            const std::int64_t before = tensorMemory::use().inUse;
            const at::Tensor output = network->forward(inputs, true);
            return tensorMemory::use().inUse - before;
        };
        QCOMPARE_LT(keptBytes(true), keptBytes(false));
    }

    // Packed weights are kept while a request is sampled; a step between has to be noticed.
    void samplesFromTheWeightsOfNow() {
        const kernels::KeepPackedWeights keep;
        const TinyRun run(configOf(DataKind::Image, Compat::Paper));
        const auto state = run.state();
        Trainer trainer = run.trainer(*state);
        Network::Inputs inputs;
        inputs.x = standardNormal({2, run.dataset->facts().channels(), 8, 8}, 4);
        inputs.time = standardNormal({2}, 5);
        const auto outputOf = [&](const Model& model, Kernels kernels) {
            const at::NoGradGuard noGrad;
            const ComputeScope scope(Precision::Float32, kernels);
            return model.network->forward(inputs, false);
        };
        for (int step = 0; step < 3; ++step) {
            train(trainer, 1);
            for (const Model* model : {&state->online, &state->average})
                QVERIFY(relative(outputOf(*model, Kernels::Fused), outputOf(*model, Kernels::Plain)) < 2e-5);
        }
    }

    void keepsWeightsForARequestAlone() {
        const RunConfig config = configOf(DataKind::Image, Compat::Paper);
        const auto network = networkOf(config);
        const Network::Inputs inputs = inputsOf(config, 1);
        const at::NoGradGuard noGrad;
        const ComputeScope scope(Precision::Float32, Kernels::Fused);
        const auto use = [&] {
            network->forward(inputs, false);
            return tensorMemory::use().inUse;
        };
        const std::int64_t before = use();
        {
            const kernels::KeepPackedWeights keep;
            QVERIFY(use() > before);
        }
        QCOMPARE(use(), before);
    }

    // An item's samples must not depend on what is drawn beside it.
    void itemsDoNotMeet() {
        const RunConfig config = configOf(DataKind::Image, Compat::Paper);
        const auto network = networkOf(config);
        const at::NoGradGuard noGrad;
        const ComputeScope scope(Precision::Float32, Kernels::Fused);
        const at::Tensor three = network->forward(inputsOf(config, 3), false);
        const at::Tensor one = network->forward(inputsOf(config, 1), false);
        QVERIFY(relative(three.narrow(0, 0, 1), one) < 1e-5);
    }
};

QTEST_GUILESS_MAIN(FusedNetworkTest)
#include "fusedNetworkTest.moc"
