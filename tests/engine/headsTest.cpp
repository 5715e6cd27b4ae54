// SPDX-License-Identifier: GPL-3.0-or-later
// What a network's outputs mean and how they are scored: the heads of a process, guidance, noise that is
// near.
#include <ATen/ATen.h>

#include <QTest>
#include <algorithm>
#include <cmath>

#include "engine/core/Noise.h"
#include "engine/diffusion/Guidance.h"
#include "engine/diffusion/Heads.h"
#include "engine/diffusion/Loss.h"
#include "engine/diffusion/VariationalBound.h"
#include "tests/engine/GaussianDenoiser.h"

using namespace denoscope;

namespace {

// Says the same whatever it sees.
class FixedNetwork final : public Network {
public:
    explicit FixedNetwork(at::Tensor output) : m_output(std::move(output)) {}
    at::Tensor forward(const Inputs& inputs, bool) override {
        seen = inputs.x;
        return m_output;
    }
    const std::vector<Parameter>& parameters() const override { return m_none; }
    int classes() const override { return 0; }
    bool conditionsOnItself() const override { return false; }

    at::Tensor seen;

private:
    at::Tensor m_output;
    std::vector<Parameter> m_none;
};

NoiseConfig discrete(Objective objective) {
    NoiseConfig noise;
    noise.process = NoiseProcess::Discrete;
    noise.objective = objective;
    noise.timesteps = 100;
    return noise;
}

}  // namespace

class headsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The noise that is added is the near one. What is asked for is the same, or, as in the package, the one
    // that was drawn.
    void immiscibleNoiseIsTheTarget_data() {
        QTest::addColumn<Compat>("compat");
        QTest::newRow("paper") << Compat::Paper;
        QTest::newRow("reference") << Compat::Reference;
    }
    void immiscibleNoiseIsTheTarget() {
        QFETCH(Compat, compat);
        for (const Objective objective : {Objective::Noise, Objective::Clean, Objective::Velocity}) {
            NoiseConfig noise = discrete(objective);
            noise.immiscible = true;
            noise.immiscibleTarget = compat;
            const at::Tensor output = standardNormal({2, 1, 1}, 1);
            auto network = std::make_unique<FixedNetwork>(output);
            const FixedNetwork& asked = *network;
            const Model model{std::move(network), Process(noise, 1)};
            const at::Tensor clean = at::tensor({-0.9F, 0.9F}).view({2, 1, 1});
            const at::Tensor drawn = at::tensor({1.5F, -0.5F}).view({2, 1, 1}), near = drawn.flip(0);
            const at::Tensor times = at::tensor({30.0, 60.0}, at::kDouble);
            const at::Tensor logSnr = model.process.schedule().logSnr(times);
            const Coefficients c = model.process.preconditioning().at(logSnr);
            const at::Tensor loss = losses(model, clean, {times, drawn, {}, false}, {});
            QVERIFY(asked.seen.allclose(perItem(c.in, clean) * clean + perItem(c.inNoise, clean) * near));
            const at::Tensor target = perItem(c.clean, clean) * clean +
                                      perItem(c.noise, clean) * (compat == Compat::Paper ? near : drawn);
            const at::Tensor error = (output - target).square().flatten(1).mean(1);
            QVERIFY(loss.allclose(model.process.lossWeight(logSnr).to(at::kFloat) * error, 1e-4, 1e-6));
        }
    }

    // Every part of the weighted objective's loss counts as the settings say.
    void partsOfTheWeightedObjective() {
        const auto lossWith = [](double noisePart, double cleanPart) {
            NoiseConfig noise = discrete(Objective::Noise);
            noise.head = OutputHead::WeightedObjective;
            noise.noisePartWeight = noisePart;
            noise.cleanPartWeight = cleanPart;
            const Model model{std::make_unique<FixedNetwork>(standardNormal({2, 4, 8}, 1)),
                              Process(noise, 1)};
            return losses(model, standardNormal({2, 1, 8}, 2),
                          {at::tensor({5.0, 50.0}, at::kDouble), standardNormal({2, 1, 8}, 3), {}, false},
                          {});
        };
        const at::Tensor outputs = standardNormal({2, 4, 8}, 1), mix = lossWith(0, 0);
        const auto meanSquare = [](const at::Tensor& x) { return x.square().flatten(1).mean(1); };
        const at::Tensor noiseError = meanSquare(outputs.narrow(1, 0, 1) - standardNormal({2, 1, 8}, 3));
        const at::Tensor cleanError = meanSquare(outputs.narrow(1, 1, 1) - standardNormal({2, 1, 8}, 2));
        QVERIFY(lossWith(2, 0).allclose(mix + 2 * noiseError));
        QVERIFY(lossWith(0, 3).allclose(mix + 3 * cleanError));
    }

    // Whatever the network says of the variance, however far from what makes sense.
    void theBoundsGradientIsFinite() {
        NoiseConfig noise = discrete(Objective::Noise);
        noise.head = OutputHead::LearnedVariance;
        const Process process(noise, 1);
        const at::Tensor clean = standardNormal({4, 1, 8}, 1).clamp(-1, 1);
        const at::Tensor times = at::tensor({0.0, 0.0, 1.0, 99.0}, at::kDouble);
        const at::Tensor logSnr = process.schedule().logSnr(times);
        const at::Tensor x = clean + perItem((logSnr / -2).exp(), clean) * standardNormal({4, 1, 8}, 2);
        for (const float far : {0.F, 1.F, 30.F, -30.F}) {
            at::Tensor raw = standardNormal({4, 2, 8}, 3);
            raw.slice(1, 1).slice(0, 0, 2).add_(far);  // of the first step
            raw.requires_grad_();
            const at::Tensor bound =
                variationalBound(estimateFrom(process, raw, x, logSnr), clean, x, times, process.schedule());
            bound.sum().backward();
            QVERIFY2(raw.grad().isfinite().all().item<bool>(), qPrintable(QString::number(far)));
            QVERIFY(bound.isfinite().all().item<bool>());
        }
    }

    void guidanceAtOneIsTheConditionalModel() {
        const at::Tensor with = standardNormal({3, 2, 8}, 1), without = standardNormal({3, 2, 8}, 2);
        QVERIFY((Guidance{1, 0, 1}.apply(with, without)).allclose(with));
        QVERIFY((Guidance{0, 0, 1}.apply(with, without)).allclose(without, 1e-5, 1e-6));
        QVERIFY((Guidance{3, 0, 1}.apply(with, without)).allclose(3 * with - 2 * without, 1e-5, 1e-5));
        // Without the parallel part the change is orthogonal to the conditional output.
        const at::Tensor change = Guidance{2, 0, 0}.apply(with, without) - with;
        QVERIFY(largest((change * with).flatten(1).sum(1)) < 1e-4);
        // Full rescaling restores the standard deviation of every item.
        const at::Tensor rescaled = Guidance{5, 1, 1}.apply(with, without);
        QVERIFY(rescaled.flatten(1).std(1).allclose(with.flatten(1).std(1), 1e-4, 1e-5));
    }

    // One value, or none but equal ones, has no contrast that could be restored.
    void rescalingLeavesFlatItemsAlone() {
        const at::Tensor one = at::ones({2, 1, 1}), other = at::zeros({2, 1, 1});
        QVERIFY((Guidance{3, 1, 1}.apply(one, other)).equal(3 * one));
        const at::Tensor ramp = at::arange(4, at::kFloat).view({1, 1, 4});
        QVERIFY((Guidance{2, 1, 1}.apply(ramp, 2 * ramp)).equal(at::zeros_like(ramp)));
    }

    // What a network says about its variance, or about how to mix, is not the item's.
    void guidanceLeavesTheVarianceAlone() {
        NoiseConfig noise = discrete(Objective::Noise);
        noise.head = OutputHead::LearnedVariance;
        const Process process(noise, 1);
        const at::Tensor with = standardNormal({3, 4, 8}, 1), without = standardNormal({3, 4, 8}, 2);
        const at::Tensor x = standardNormal({3, 2, 8}, 3), logSnr = at::zeros({1}, at::kDouble);
        const Guidance guidance{3, 0.7, 0.5};
        const Estimate guided = guidedEstimate(process, guidance, with, without, x, logSnr);
        QVERIFY(guided.variance.equal(estimateFrom(process, with, x, logSnr).variance));
        const at::Tensor prediction = guidance.apply(with.narrow(1, 0, 2), without.narrow(1, 0, 2));
        QVERIFY(guided.clean.equal(
            estimateFrom(process, at::cat({prediction, with.narrow(1, 2, 2)}, 1), x, logSnr).clean));

        noise.head = OutputHead::WeightedObjective;
        const Process weighted(noise, 1);
        const at::Tensor a = standardNormal({3, 6, 8}, 4), b = standardNormal({3, 6, 8}, 5);
        QVERIFY(guidedEstimate(weighted, guidance, a, b, x, logSnr)
                    .clean.equal(guidance.apply(estimateFrom(weighted, a, x, logSnr).clean,
                                                estimateFrom(weighted, b, x, logSnr).clean)));
    }

    // Two equal Gaussians at +m and -m; asked for one by its exact classifier, the guided estimate is that
    // one's own.
    void classifierGuidanceFindsTheClass() {
        constexpr double m = 0.8, s = 0.3;
        struct Mixture final : Denoiser {
            Estimate denoise(const at::Tensor& x, double sigma, const at::Tensor&) override {
                const double variance = s * s + sigma * sigma;
                const at::Tensor share = (x * (2 * m / variance)).sigmoid();  // of the class at +m
                const at::Tensor at = (2 * share - 1) * m;
                return {at + (x - at) * (s * s / variance), {}};
            }
        } mixture;
        const LogLikelihood positive = [](const at::Tensor& x, double sigma) {
            return (x * (2 * m / (s * s + sigma * sigma))).sigmoid().log().flatten(1).sum(1);
        };
        ClassifierGuided guided(mixture, positive, 1);
        const at::Tensor x = standardNormal({50, 1, 1}, 4).to(at::kDouble);
        for (const double sigma : {0.2, 1.0, 5.0}) {
            const at::Tensor expected = m + (x - m) * (s * s / (s * s + sigma * sigma));
            QVERIFY(largest(guided.denoise(x, sigma, {}).clean - expected) < 1e-9);
        }
    }
};

QTEST_GUILESS_MAIN(headsTest)
#include "headsTest.moc"
