// SPDX-License-Identifier: GPL-3.0-or-later
// EDM's preconditioning and loss, and the samplers against a Gaussian whose exact denoiser is known.
#include <ATen/ATen.h>

#include <QTest>
#include <cmath>

#include "engine/core/Noise.h"
#include "engine/diffusion/EdmDenoiser.h"
#include "engine/samplers/Grids.h"
#include "engine/samplers/Heun.h"
#include "tests/engine/GaussianDenoiser.h"

using namespace denoscope;

namespace {

const std::vector<double> someSigmas{0.002, 0.05, 0.5, 1.0, 7.0, 80.0};

at::Tensor levels() {
    return at::tensor(someSigmas, at::kDouble);
}

KarrasOptions tinyNetwork() {
    KarrasOptions options;
    options.size = {8, 8};
    options.model.width = 8;
    options.model.downsamples = 1;
    options.model.fourierSize = 8;
    options.model.attention = {0};
    return options;
}

}  // namespace

class edmTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Table 1 of the paper, by its requirements: unit input, unit target, and a weight that undoes c_out.
    void preconditioningKeepsUnitVariance() {
        for (const double dataSigma : {0.25, 0.5, 2.0}) {
            const Preconditioning c{dataSigma};
            const at::Tensor sigma = levels(), squares = sigma * sigma,
                             data = at::full_like(sigma, dataSigma * dataSigma);
            QVERIFY(largest(c.in(sigma).square() * (squares + data) - 1) < 1e-12);
            QVERIFY(largest(c.weight(sigma) * c.out(sigma).square() - 1) < 1e-12);
            // Var[(y - c_skip (y + n)) / c_out]: what the network must predict.
            const at::Tensor skip = c.skip(sigma);
            const at::Tensor target =
                ((1 - skip).square() * data + skip.square() * squares) / c.out(sigma).square();
            QVERIFY(largest(target - 1) < 1e-9);
            QVERIFY(largest(c.noise(sigma) - sigma.log() / 4) < 1e-12);
        }
    }

    void withoutNoiseTheEstimateIsTheInput() {
        const Preconditioning c{0.5};
        const at::Tensor none = at::zeros({1}, at::kDouble);
        QCOMPARE(c.skip(none).item<double>(), 1.0);
        QCOMPARE(c.out(none).item<double>(), 0.0);
        QVERIFY(std::isfinite(c.noise(none).item<double>()));
    }

    // The network's output is zero at the start, so that D = c_skip x and the weighted loss is one at every
    // level.
    void lossStartsAtOneForEverySigma() {
        KarrasUNet network(makeKarrasPlan(tinyNetwork()), 1);
        constexpr std::int64_t batch = 512;
        const double dataSigma = 0.5;
        const at::Tensor clean = standardNormal({batch, 1, 8, 8}, 1) * dataSigma;
        const at::Tensor noise = standardNormal({batch, 1, 8, 8}, 2);
        const at::NoGradGuard noGrad;
        for (const double sigma : someSigmas) {
            const at::Tensor loss =
                edmLoss(network, {dataSigma}, clean, noise, at::full({batch}, sigma, at::kFloat), {});
            QCOMPARE(loss.sizes().vec(), Shape{batch});
            const double mean = loss.mean().item<double>();
            QVERIFY2(std::abs(mean - 1) < 0.03, qPrintable(QString("sigma %1: %2").arg(sigma).arg(mean)));
        }
    }

    // The loss in terms of what the network is asked for: |F - (clean - c_skip noisy) / c_out|^2.
    void lossIsThatOfTheEffectiveTarget() {
        KarrasUNet network(makeKarrasPlan(tinyNetwork()), 1);
        const at::NoGradGuard noGrad;
        for (const Parameter& parameter : network.parameters())
            if (parameter.value.dim() == 0)
                parameter.value.fill_(0.5);
        const Preconditioning c{0.6};
        const at::Tensor clean = standardNormal({3, 1, 8, 8}, 1), noise = standardNormal({3, 1, 8, 8}, 2);
        const at::Tensor sigma = at::tensor({0.1F, 1.F, 10.F});
        const auto wide = [](const at::Tensor& values) { return values.view({3, 1, 1, 1}); };
        const at::Tensor noisy = clean + wide(sigma) * noise;
        const at::Tensor raw = network.forward({noisy * wide(c.in(sigma)), c.noise(sigma), {}, {}}, false);
        const at::Tensor target = (clean - wide(c.skip(sigma)) * noisy) / wide(c.out(sigma));
        const at::Tensor expected = (raw - target).square().mean({1, 2, 3});
        QVERIFY(edmLoss(network, c, clean, noise, sigma, {}).allclose(expected, 1e-3, 1e-4));
    }

    void oneHotRowsMayBeEmpty() {
        QVERIFY(!oneHot({1, 2}, 0).defined());
        const at::Tensor rows = oneHot({2, -1, 0}, 3);
        QVERIFY(rows.equal(at::tensor({0.F, 0.F, 1.F, 0.F, 0.F, 0.F, 1.F, 0.F, 0.F}).view({3, 3})));
    }

    void sigmasFollowEquationFive() {
        const auto sigmas = karrasSigmas(18, 0.002, 80, 7);
        QCOMPARE(sigmas.size(), std::size_t{19});
        QVERIFY(std::abs(sigmas.front() - 80) < 1e-9);
        QVERIFY(std::abs(sigmas[17] - 0.002) < 1e-12);
        QCOMPARE(sigmas.back(), 0.0);
        for (std::size_t i = 1; i < sigmas.size(); ++i)
            QVERIFY(sigmas[i] < sigmas[i - 1]);
        // Equal steps in sigma^(1 / rho).
        for (std::size_t i = 1; i < 17; ++i) {
            const auto root = [&](std::size_t j) { return std::pow(sigmas[j], 1.0 / 7); };
            QVERIFY(std::abs(root(i - 1) - 2 * root(i) + root(i + 1)) < 1e-12);
        }
        QCOMPARE(karrasSigmas(1, 0.002, 80, 7), (std::vector<double>{80, 0}));
    }

    void endsAtTheData() {
        const at::Tensor start = standardNormal({20000}, 6).to(at::kDouble) * 80;
        GaussianDenoiser denoiser;
        const at::Tensor x = sampleHeun(denoiser, start, karrasSigmas(64, 0.002, 80, 7), {}, noNoise, goOn);
        QVERIFY(std::abs(x.mean().item<double>() - GaussianDenoiser::mu) < 0.01);
        QVERIFY(std::abs(x.std().item<double>() - GaussianDenoiser::s) < 0.01);
        QCOMPARE(denoiser.calls, 2 * 64 - 1);  // the last step to 0 is Euler's
    }

    // Fresh noise of the paper's amount leaves the distribution what it was.
    void churnKeepsTheDistribution() {
        constexpr std::int64_t count = 40000;
        const at::Tensor start = standardNormal({count}, 7).to(at::kDouble) * 80;
        int draws = 0, lastStep = -1;
        const NoiseSource noise = [&](int n) {
            if (n <= lastStep || n >= 100)
                qFatal("a draw belongs to a step, and there is one a step");
            lastStep = n;
            ++draws;
            return standardNormal({count}, keyOf(1, Stream::Churn, {static_cast<std::uint64_t>(n)}))
                .to(at::kDouble);
        };
        HeunOptions options;
        options.churn = 40;
        options.churnMin = 0.05;
        options.churnMax = 50;
        const auto sigmas = karrasSigmas(100, 0.002, 80, 7);
        std::vector<double> seen;
        GaussianDenoiser denoiser;
        const at::Tensor x =
            sampleHeun(denoiser, start, sigmas, options, noise, [&](const SamplerStep& step) {
                seen.push_back(step.sigma);
                return true;
            });
        QVERIFY(std::abs(x.mean().item<double>() - GaussianDenoiser::mu) < 0.01);
        QVERIFY(std::abs(x.std().item<double>() - GaussianDenoiser::s) < 0.012);
        int inside = 0;
        for (std::size_t i = 0; i < 100; ++i) {
            const bool churned = sigmas[i] >= 0.05 && sigmas[i] <= 50;
            inside += churned ? 1 : 0;
            QVERIFY(std::abs(seen[i] - sigmas[i] * (churned ? 1.4 : 1)) < 1e-9 * seen[i]);  // 40 / 100
        }
        QCOMPARE(draws, inside);
    }

    void churnIsLimitedAndChangesTheResult() {
        const at::Tensor start = standardNormal({16}, 8).to(at::kDouble) * 80;
        const auto sigmas = karrasSigmas(4, 0.002, 80, 7);
        std::vector<double> seen;
        HeunOptions options;
        options.churn = 1e6;
        GaussianDenoiser denoiser;
        sampleHeun(
            denoiser, start, sigmas, options, [](int) { return at::zeros({16}, at::kDouble); },
            [&](const SamplerStep& step) {
                seen.push_back(step.sigma);
                return true;
            });
        QVERIFY(std::abs(seen[0] - 80 * std::sqrt(2.0)) < 1e-9);  // gamma is at most sqrt(2) - 1
    }

    void theObserverSeesEveryStepAndMayEndIt() {
        const at::Tensor start = standardNormal({16}, 9).to(at::kDouble) * 80;
        const auto sigmas = karrasSigmas(10, 0.002, 80, 7);
        GaussianDenoiser denoiser;
        int steps = 0;
        const at::Tensor x = sampleHeun(denoiser, start, sigmas, {}, noNoise, [&](const SamplerStep& step) {
            if (step.step != steps++ || step.sigma != sigmas[static_cast<std::size_t>(step.step)])
                qFatal("a step was skipped");
            const at::Tensor expected = GaussianDenoiser().denoise(step.x, step.sigma, {}).clean;
            return step.denoised.equal(expected) && step.step < 4;
        });
        QVERIFY(!x.defined());
        QCOMPARE(steps, 5);
        QCOMPARE(denoiser.calls, 2 * 4 + 1);
    }
};

QTEST_GUILESS_MAIN(edmTest)
#include "edmTest.moc"
