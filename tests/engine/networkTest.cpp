// SPDX-License-Identifier: GPL-3.0-or-later
// The network and its operations: shapes, magnitudes, conditioning, and gradients against finite differences.
#include <ATen/ATen.h>

#include <QTest>
#include <cmath>

#include "engine/core/Noise.h"
#include "engine/nets/KarrasUNet.h"
#include "engine/nets/Ops.h"
#include "tests/engine/NetworkChecks.h"

using namespace denoscope;

namespace {

KarrasOptions options(const Shape& size) {
    KarrasOptions result;
    result.size = size;
    result.channels = 2;
    result.classes = 3;
    result.model.width = 8;
    result.model.maxWidth = 16;
    result.model.headSize = 8;
    result.model.fourierSize = 8;
    result.model.downsamples = 1;
    result.model.blocksPerStage = 1;
    result.model.selfCondition = true;
    result.model.attention = {size.size() == 3 ? size[1] / 2 : size[0] / 2};
    return result;
}

at::Tensor normal(const Shape& shape, std::uint64_t key) {
    return standardNormal(shape, key);
}

KarrasUNet::Inputs inputsFor(const KarrasPlan& plan, std::int64_t batch) {
    Shape shape{batch, plan.options.channels};
    shape.insert(shape.end(), plan.options.size.begin(), plan.options.size.end());
    return {normal(shape, 1), at::linspace(-1.5, 1, batch), normal(shape, 2),
            at::eye(plan.options.classes).slice(0, 0, batch)};
}

double rms(const at::Tensor& x) {
    return x.square().mean().sqrt().item<double>();
}

// Gains start at zero, which would hide all that lies behind them.
void openGains(const KarrasUNet& network) {
    const at::NoGradGuard noGrad;
    for (const Parameter& parameter : network.parameters())
        if (parameter.value.dim() == 0)
            parameter.value.fill_(0.8);
}

}  // namespace

class networkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsTheShape_data() {
        QTest::addColumn<std::vector<std::int64_t>>("size");
        QTest::addColumn<bool>("reference");
        for (const bool reference : {false, true}) {
            QTest::addRow("signal %d", reference) << std::vector<std::int64_t>{12} << reference;
            QTest::addRow("image %d", reference) << std::vector<std::int64_t>{8, 12} << reference;
            QTest::addRow("volume %d", reference) << std::vector<std::int64_t>{4, 8, 6} << reference;
        }
    }
    void keepsTheShape() {
        QFETCH(std::vector<std::int64_t>, size);
        QFETCH(bool, reference);
        KarrasOptions wanted = options(size);
        wanted.model.compat = reference ? Compat::Reference : Compat::Paper;
        KarrasUNet network(makeKarrasPlan(wanted), 1);
        openGains(network);
        const KarrasUNet::Inputs inputs = inputsFor(network.plan(), 3);
        const at::NoGradGuard noGrad;
        const at::Tensor out = network.forward(inputs, false);
        QCOMPARE(out.sizes().vec(), inputs.x.sizes().vec());
        QVERIFY(at::isfinite(out).all().item<bool>());
    }

    void startsAtZeroFromTheSeedAlone() {
        const KarrasPlan plan = makeKarrasPlan(options({8, 8}));
        KarrasUNet network(plan, 7), same(plan, 7), other(plan, 8);
        const at::NoGradGuard noGrad;
        QCOMPARE(network.forward(inputsFor(plan, 2), true).abs().max().item<double>(), 0.0);
        bool differs = false;
        for (std::size_t i = 0; i < network.parameters().size(); ++i) {
            QVERIFY(network.parameters()[i].value.equal(same.parameters()[i].value));
            differs = differs || !network.parameters()[i].value.equal(other.parameters()[i].value);
        }
        QVERIFY(differs);
    }

    // Unit input leaves every operation with unit root mean square.
    void operationsKeepMagnitudes() {
        const at::Tensor a = normal({4, 32, 16, 16}, 1), b = normal({4, 8, 16, 16}, 2);
        const auto isUnit = [](const at::Tensor& x) { return std::abs(rms(x) - 1) < 0.02; };
        QVERIFY(isUnit(ops::mpSilu(a)));
        QVERIFY(isUnit(ops::mpSum(a, normal({4, 32, 16, 16}, 3), 0.3)));
        QVERIFY(isUnit(ops::mpCat(a, b)));
        const at::Tensor both = ops::mpCat(a, b);  // each side contributes the same whatever its width
        const double left = both.narrow(1, 0, 32).square().sum().item<double>();
        const double right = both.narrow(1, 32, 8).square().sum().item<double>();
        QVERIFY(std::abs(left / right - 1) < 0.05);
        for (const Compat compat : {Compat::Paper, Compat::Reference}) {
            const at::Tensor normed = ops::pixelNorm(a * 5, 1, compat);
            QVERIFY((normed.square().mean(1) - 1).abs().max().item<double>() < 1e-3);
        }
        const at::Tensor weight = ops::normalizeWeight(normal({16, 32, 3, 3}, 4) * 7, Compat::Paper);
        QVERIFY((weight.square().mean({1, 2, 3}) - 1).abs().max().item<double>() < 1e-3);
        QVERIFY(isUnit(ops::convolve(a, weight / std::sqrt(32.0 * 9)).slice(2, 1, 15).slice(3, 1, 15)));
    }

    void resamplingAveragesAndRepeats() {
        const at::Tensor x = at::arange(8, at::kFloat).view({1, 1, 2, 4});
        QVERIFY(ops::downsample(x, {2, 2}).equal(at::tensor({2.5F, 4.5F}).view({1, 1, 1, 2})));
        QVERIFY(ops::downsample(x, {1, 2}).equal(at::tensor({.5F, 2.5F, 4.5F, 6.5F}).view({1, 1, 2, 2})));
        const at::Tensor signal = at::tensor({1.F, 3.F}).view({1, 1, 2});
        QVERIFY(ops::upsample(signal, {2}, Compat::Paper)
                    .equal(at::tensor({1.F, 1.F, 3.F, 3.F}).view({1, 1, 4})));
        QVERIFY(ops::upsample(signal, {2}, Compat::Reference)
                    .allclose(at::tensor({1.F, 1.5F, 2.5F, 3.F}).view({1, 1, 4})));
    }

    // At the start, with its gain opened, the output of a network of any depth has about the magnitude of its
    // input: nothing decays or explodes on the way.
    void keepsMagnitudesThroughItsDepth_data() {
        QTest::addColumn<std::vector<std::int64_t>>("size");
        QTest::newRow("signal") << std::vector<std::int64_t>{64};
        QTest::newRow("image") << std::vector<std::int64_t>{16, 16};
        QTest::newRow("volume") << std::vector<std::int64_t>{8, 16, 16};
    }
    void keepsMagnitudesThroughItsDepth() {
        QFETCH(std::vector<std::int64_t>, size);
        KarrasOptions wanted = options(size);
        wanted.model.downsamples = 2;
        wanted.model.blocksPerStage = 3;
        wanted.model.width = 16;
        wanted.model.maxWidth = 32;
        KarrasUNet network(makeKarrasPlan(wanted), 5);
        const at::NoGradGuard noGrad;
        for (const Parameter& parameter : network.parameters())
            if (parameter.name == "output_block.1.gain")
                parameter.value.fill_(1);
        const double magnitude = rms(network.forward(inputsFor(network.plan(), 3), false));
        QVERIFY2(magnitude > 0.5 && magnitude < 2, qPrintable(QString::number(magnitude)));
    }

    void storedWeightsAreScaledToUnitMagnitude() {
        KarrasUNet network(makeKarrasPlan(options({8, 8})), 1);
        openGains(network);
        const at::NoGradGuard noGrad;
        const KarrasUNet::Inputs inputs = inputsFor(network.plan(), 2);
        for (const Parameter& parameter : network.parameters())
            if (parameter.normalized)
                parameter.value.mul_(3);
        const at::Tensor before = network.forward(inputs, false);
        network.normalizeWeights();
        for (const Parameter& parameter : network.parameters())
            if (parameter.normalized)
                QVERIFY2((parameter.value.flatten(1).square().mean(1) - 1).abs().max().item<double>() < 1e-3,
                         parameter.name.c_str());
        // The network sees directions only, so that it is the same network.
        QVERIFY(network.forward(inputs, false).allclose(before, 1e-3, 1e-3));
    }

    // One loss through a volume network with everything switched on.
    void gradientsEqualFiniteDifferences_data() {
        QTest::addColumn<bool>("reference");
        QTest::newRow("paper") << false;
        QTest::newRow("reference") << true;
    }
    void gradientsEqualFiniteDifferences() {
        QFETCH(bool, reference);
        KarrasOptions wanted = options({4, 4, 4});
        wanted.model.compat = reference ? Compat::Reference : Compat::Paper;
        KarrasUNet network(makeKarrasPlan(wanted), 3);
        openGains(network);
        const auto seen = checks::compareWithFiniteDifferences(network, inputsFor(network.plan(), 2));
        QVERIFY(seen.size() >= 12);
        QVERIFY(seen.contains("attn.0.mem_kv") && seen.contains("attn.1.to_qkv.weight"));
    }

    void dropoutActsInTrainingOnly() {
        KarrasOptions wanted = options({8, 8});
        wanted.model.dropout = 0.5;
        KarrasUNet network(makeKarrasPlan(wanted), 1);
        openGains(network);
        checks::dropoutActsInTrainingOnly(network, inputsFor(network.plan(), 2));
    }

    void conditionsMatter() {
        KarrasUNet network(makeKarrasPlan(options({8, 8})), 1);
        openGains(network);
        const KarrasUNet::Inputs inputs = inputsFor(network.plan(), 2);
        const at::NoGradGuard noGrad;
        const at::Tensor out = network.forward(inputs, false);
        KarrasUNet::Inputs other = inputs;
        other.classes = at::zeros_like(inputs.classes);
        QVERIFY(!network.forward(other, false).allclose(out, 1e-3, 1e-3));
        other.classes = inputs.classes.flip(0);
        QVERIFY(!network.forward(other, false).allclose(out, 1e-3, 1e-3));
        other = inputs;
        other.time = inputs.time + 0.1;
        QVERIFY(!network.forward(other, false).allclose(out, 1e-3, 1e-3));
        other = inputs;
        other.selfCondition = at::Tensor();
        const at::Tensor without = network.forward(other, false);
        QVERIFY(!without.allclose(out, 1e-3, 1e-3));
        other.selfCondition = at::zeros_like(inputs.x);
        QVERIFY(network.forward(other, false).equal(without));
    }

    // Attention in plane and along slices must see other places; without it a far voxel has no influence.
    void attentionReachesEveryPlace() {
        for (const bool attends : {true, false}) {
            KarrasOptions wanted = options({16, 16, 16});
            wanted.model.attention = {attends ? 16 : 0};
            wanted.model.downsamples = 0;
            KarrasUNet network(makeKarrasPlan(wanted), 1);
            openGains(network);
            const at::NoGradGuard noGrad;
            KarrasUNet::Inputs inputs = inputsFor(network.plan(), 1);
            const at::Tensor before = network.forward(inputs, false);
            inputs.x.view({-1})[0].fill_(9);  // the first corner
            const at::Tensor change = (network.forward(inputs, false) - before).abs();
            const bool reached = change.select(2, 15).select(2, 15).select(2, 15).max().item<double>() > 0;
            QCOMPARE(reached, attends);
        }
    }
};

QTEST_GUILESS_MAIN(networkTest)
#include "networkTest.moc"
