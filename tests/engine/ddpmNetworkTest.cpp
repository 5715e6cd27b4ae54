// SPDX-License-Identifier: GPL-3.0-or-later
// The DDPM network in all variants: shapes, starts, conditions, ranks against each other, gradients.
#include <QTest>

#include "engine/core/Compute.h"
#include "engine/nets/DdpmUNet.h"
#include "engine/nets/Ops.h"
#include "tests/engine/DdpmVariants.h"
#include "tests/engine/NetworkChecks.h"
#include "tests/engine/NetworkStep.h"

using namespace denoscope;

namespace {

at::Tensor parameterOf(const DdpmUNet& network, const std::string& name) {
    for (const Parameter& parameter : network.parameters())
        if (parameter.name == name)
            return parameter.value;
    return {};
}

// A kernel for one axis more, which comes first: along it, it does what repeated values leave unchanged. In
// the middle alone (on the middle two halved where there are four), or the mean of the places that became
// channels.
at::Tensor lifted(const at::Tensor& weight, const Shape& shape) {
    if (weight.dim() == static_cast<std::int64_t>(shape.size()))
        return weight;
    if (shape[1] != weight.size(1)) {
        // Space to depth: (out, channel, place along the new axis, other places).
        const std::int64_t channels = shape[1] >> (shape.size() - 2);
        const at::Tensor places = weight.reshape({shape[0], channels, 1, -1});
        return (places.expand({-1, -1, 2, -1}) / 2).reshape(shape);
    }
    const at::Tensor result = at::zeros(shape);
    if (shape[2] == 4) {
        result.select(2, 1).copy_(weight / 2);
        result.select(2, 2).copy_(weight / 2);
    } else {
        result.select(2, shape[2] / 2).copy_(weight);
    }
    return result;
}

Network::Inputs lifted(Network::Inputs inputs, std::int64_t copies) {
    for (at::Tensor* tensor : {&inputs.x, &inputs.selfCondition})
        if (tensor->defined()) {
            Shape shape = tensor->sizes().vec();
            shape.insert(shape.begin() + 2, copies);
            *tensor = tensor->unsqueeze(2).expand(shape);
        }
    return inputs;
}

}  // namespace

class DdpmNetworkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsTheShape_data() { variants::addAll(); }
    void keepsTheShape() {
        DdpmUNet network(makeDdpmPlan(variants::fetch()), 1);
        const Network::Inputs inputs = variants::inputsFor(network.plan(), 3);
        Shape expected = inputs.x.sizes().vec();
        expected[1] = network.plan().options.outputs;
        const at::NoGradGuard noGrad;
        const at::Tensor out = network.forward(inputs, false);
        QCOMPARE(out.sizes().vec(), expected);
        QVERIFY(at::isfinite(out).all().item<bool>());
    }

    // In bfloat16 too, forth and back.
    void takesHalfPrecision_data() { variants::addAll(); }
    void takesHalfPrecision() {
        DdpmUNet network(makeDdpmPlan(variants::fetch()), 1);
        const Network::Inputs inputs = variants::inputsFor(network.plan(), 2);
        const at::Tensor exact = network.forward(inputs, false).detach();
        {
            const ComputeScope scope(Precision::BFloat16, Kernels::Plain);
            const at::Tensor out = network.forward(inputs, false);
            const double error = ((out - exact).abs().max() / exact.abs().max()).item<double>();
            QVERIFY2(error > 0 && error < 0.1, qPrintable(QString::number(error)));
            out.to(at::kFloat).square().sum().backward();
        }
        for (const Parameter& parameter : network.parameters())
            if (parameter.trained)
                QVERIFY2(parameter.value.grad().isfinite().all().item<bool>(), parameter.name.c_str());
    }

    void startsFromTheSeedAlone() {
        const DdpmPlan plan = makeDdpmPlan(variants::everything(2));
        const DdpmUNet network(plan, 7), same(plan, 7), other(plan, 8);
        for (std::size_t i = 0; i < network.parameters().size(); ++i) {
            const at::Tensor& value = network.parameters()[i].value;
            QVERIFY(value.equal(same.parameters()[i].value));
            const bool drawn = !network.parameters()[i].name.ends_with(".g");
            QCOMPARE(value.equal(other.parameters()[i].value), !drawn);
        }
    }

    // Uniform within 1 / sqrt(fan in), weights and biases alike; no two tensors the same.
    void startsAsPyTorchDoes() {
        const DdpmUNet network(makeDdpmPlan(variants::everything(2)), 3);
        const at::Tensor weight = parameterOf(network, "time_mlp.3.weight").detach();
        const double bound = 1 / std::sqrt(static_cast<double>(weight.size(1)));
        QVERIFY(weight.abs().max().item<double>() <= bound);
        QVERIFY(weight.abs().max().item<double>() > 0.97 * bound);
        QVERIFY(std::abs(weight.mean().item<double>()) < 0.1 * bound);
        QVERIFY(std::abs(weight.std().item<double>() * std::sqrt(3) / bound - 1) < 0.1);
        const at::Tensor kernel = parameterOf(network, "downs.1.0.block1.proj.weight").detach();
        const at::Tensor bias = parameterOf(network, "downs.1.0.block1.proj.bias").detach();
        const double limit = 1 / std::sqrt(static_cast<double>(kernel.numel() / kernel.size(0)));
        QVERIFY(kernel.abs().max().item<double>() <= limit && bias.abs().max().item<double>() <= limit);
        QVERIFY(!kernel.equal(parameterOf(network, "downs.1.1.block1.proj.weight")));
        QVERIFY((parameterOf(network, "mid_attn.norm.g") == 1).all().item<bool>());
    }

    void groupNormStartsAsIdentity() {
        DdpmOptions wanted = variants::shrunk(packageUnet(PackageGeneration::GroupNorm), 1);
        const DdpmUNet network(makeDdpmPlan(wanted), 3);
        QVERIFY((parameterOf(network, "mid_block1.block1.norm.weight") == 1).all().item<bool>());
        QVERIFY((parameterOf(network, "mid_block1.block1.norm.bias") == 0).all().item<bool>());
    }

    void onlyRandomFrequenciesAreNotTrained() {
        DdpmOptions wanted = variants::everything(1);
        for (const auto time : {DdpmTime::LearnedFourier, DdpmTime::RandomFourier}) {
            wanted.time = time;
            const DdpmUNet network(makeDdpmPlan(wanted), 1);
            for (const Parameter& parameter : network.parameters())
                QCOMPARE(parameter.trained,
                         time == DdpmTime::LearnedFourier || parameter.name != "time_mlp.0.weights");
        }
    }

    // Repeated along a new first axis, an item must come out repeated: the same code serves all ranks.
    // Without memory tokens, which would weigh less among more places.
    void oneRankMoreOnCopiesIsTheSame_data() {
        QTest::addColumn<DdpmOptions>("options");
        for (int rank = 1; rank <= 2; ++rank)
            for (const auto generation : {PackageGeneration::GroupNorm, PackageGeneration::RmsNorm}) {
                const int number = generation == PackageGeneration::GroupNorm ? 1 : 2;
                QTest::addRow("Unet %dD %d", rank, number) << variants::shrunk(packageUnet(generation), rank);
                QTest::addRow("strided %dD %d", rank, number)
                    << variants::shrunk(packageUnet1d(generation), rank);
                QTest::addRow("guided %dD %d", rank, number)
                    << variants::shrunk(packageGuidedUnet(generation), rank);
            }
        QTest::addRow("everything 1D") << variants::everything(1);
        QTest::addRow("everything 2D") << variants::everything(2);
    }
    void oneRankMoreOnCopiesIsTheSame() {
        DdpmOptions wanted = variants::fetch();
        wanted.memoryTokens = 0;
        DdpmUNet flat(makeDdpmPlan(wanted), 5);
        constexpr std::int64_t copies = 4;
        wanted.size.insert(wanted.size.begin(), copies);
        DdpmUNet deep(makeDdpmPlan(wanted), 6);
        const at::NoGradGuard noGrad;
        QCOMPARE(deep.parameters().size(), flat.parameters().size());
        for (const Parameter& parameter : deep.parameters())
            parameter.value.copy_(lifted(parameterOf(flat, parameter.name), parameter.value.sizes().vec()));
        const Network::Inputs inputs = variants::inputsFor(flat.plan(), 3);
        const at::Tensor expected = flat.forward(inputs, false);
        const at::Tensor out = deep.forward(lifted(inputs, copies), false);
        for (std::int64_t slice = 0; slice < copies; ++slice) {
            const double error =
                ((out.select(2, slice) - expected).abs().max() / expected.abs().max()).item<double>();
            QVERIFY2(error < 2e-5, qPrintable(QString::number(error)));
        }
    }

    void gradientsEqualFiniteDifferences_data() {
        QTest::addColumn<DdpmOptions>("options");
        QTest::addRow("everything") << variants::everything(3);
        DdpmOptions group = variants::everything(2);
        group.norm = DdpmNorm::Group;
        group.downsampling = DdpmDownsampling::Strided;
        group.attentionNames = AttentionNames::Wrapped;
        QTest::addRow("group norm, strided, wrapped") << group;
    }
    void gradientsEqualFiniteDifferences() {
        DdpmOptions wanted = variants::fetch();
        wanted.size.assign(wanted.size.size(), 2);
        DdpmUNet network(makeDdpmPlan(wanted), 3);
        Network::Inputs inputs = variants::inputsFor(network.plan(), 3);
        inputs.classes[1].zero_();  // one row without a class
        const auto seen = checks::compareWithFiniteDifferences(network, inputs);
        const bool wrapped = wanted.attentionNames == AttentionNames::Wrapped;
        QVERIFY(seen.size() >= 20);
        QVERIFY(seen.contains(wrapped ? "2.fn.fn.mem_kv" : "2.mem_kv"));
        QVERIFY(seen.contains("null_classes_emb") && seen.contains("weights"));
    }

    void dropoutActsInTrainingOnly() {
        DdpmOptions wanted = variants::everything(2);
        wanted.dropout = 0.5;
        DdpmUNet network(makeDdpmPlan(wanted), 1);
        checks::dropoutActsInTrainingOnly(network, variants::inputsFor(network.plan(), 2));
    }

    void recomputesExactly_data() { variants::addAll(); }
    void recomputesExactly() {
        DdpmOptions options = variants::fetch();
        options.dropout = 0.2;
        DdpmUNet network(makeDdpmPlan(options), 1);
        for (const Precision precision : {Precision::Float32, Precision::BFloat16})
            checks::recomputesExactly(network, variants::inputsFor(network.plan(), 3), precision,
                                      Kernels::Plain);
    }

    void recomputingNeedsLess() {
        DdpmOptions options = variants::everything(2);
        options.size = {64, 64};
        options.width = 16;
        options.widthFactors = {1, 2, 2, 2};
        options.stageAttention.clear();
        DdpmUNet network(makeDdpmPlan(options), 1);
        const Network::Inputs inputs = variants::inputsFor(network.plan(), 4);
        QVERIFY(checks::peakOfStep(network, inputs, Kernels::Plain, true) <
                0.5 * checks::peakOfStep(network, inputs, Kernels::Plain, false));
    }

    void conditionsMatter() {
        DdpmUNet network(makeDdpmPlan(variants::everything(2)), 1);
        QCOMPARE(network.classes(), 3);
        QVERIFY(network.conditionsOnItself());
        const Network::Inputs inputs = variants::inputsFor(network.plan(), 2);
        const at::NoGradGuard noGrad;
        const at::Tensor out = network.forward(inputs, false);
        const auto differs = [&](const Network::Inputs& other) {
            return !network.forward(other, false).allclose(out, 1e-4, 1e-4);
        };
        Network::Inputs other = inputs;
        other.classes = inputs.classes.flip(0);
        QVERIFY(differs(other));
        other = inputs;
        other.time = inputs.time + 0.1;
        QVERIFY(differs(other));
        other = inputs;
        other.selfCondition = at::Tensor();
        QVERIFY(differs(other));
        const at::Tensor without = network.forward(other, false);
        other.selfCondition = at::zeros_like(inputs.x);
        QVERIFY(network.forward(other, false).equal(without));
    }

    // A row of zeros is the learned "no class", whatever the classes are and whatever the neighbours ask for.
    void rowsOfZerosMeanNoClass() {
        DdpmUNet network(makeDdpmPlan(variants::everything(2)), 1);
        Network::Inputs inputs = variants::inputsFor(network.plan(), 2);
        const at::NoGradGuard noGrad;
        const at::Tensor both = network.forward(inputs, false);
        inputs.classes[1].zero_();
        const at::Tensor mixed = network.forward(inputs, false);
        QVERIFY(mixed[0].allclose(both[0], 1e-5, 1e-6));
        QVERIFY(!mixed[1].allclose(both[1], 1e-3, 1e-3));

        const at::Tensor mean = network.forward({inputs.x, inputs.time, inputs.selfCondition, {}}, false);
        QVERIFY(mixed[1].allclose(mean[1], 1e-5, 1e-6));
        parameterOf(network, "classes_emb.weight").fill_(3);
        QVERIFY(network.forward(inputs, false)[1].allclose(mixed[1], 1e-5, 1e-6));
        parameterOf(network, "null_classes_emb").add_(1);
        QVERIFY(!network.forward(inputs, false)[1].allclose(mixed[1], 1e-3, 1e-3));
    }

    void neighboursBecomeChannelsInOrder() {
        const at::Tensor x = at::arange(8, at::kFloat).view({1, 1, 2, 4});
        const at::Tensor expected = at::tensor({0.F, 2.F, 1.F, 3.F, 4.F, 6.F, 5.F, 7.F}).view({1, 4, 1, 2});
        QVERIFY(ops::spaceToDepth(x, {2, 2}).equal(expected));
        QVERIFY(ops::spaceToDepth(x, {1, 2}).equal(
            at::tensor({0.F, 2.F, 4.F, 6.F, 1.F, 3.F, 5.F, 7.F}).view({1, 2, 2, 2})));
        const at::Tensor image = standardNormal({2, 3, 4, 6}, 1);
        QVERIFY(ops::spaceToDepth(image, {2, 2}).equal(at::pixel_unshuffle(image, 2)));
    }

    void rmsNormScalesEveryPlace() {
        const at::Tensor x = standardNormal({2, 16, 5}, 1) * 7;
        const at::Tensor normed = ops::rmsNorm(x, at::ones({1, 16, 1}), 4);
        QVERIFY((normed.square().mean(1) - 1).abs().max().item<double>() < 1e-5);
        QVERIFY(at::isfinite(ops::rmsNorm(at::zeros({1, 4, 2}), at::ones({1, 4, 1}), 2)).all().item<bool>());
    }
};

QTEST_GUILESS_MAIN(DdpmNetworkTest)
#include "ddpmNetworkTest.moc"
