// SPDX-License-Identifier: GPL-3.0-or-later
// EDM's preconditioning and loss, and the samplers against a Gaussian whose exact denoiser is known.
#include <ATen/ATen.h>

#include <QTest>
#include <cmath>

#include "engine/core/Noise.h"
#include "engine/samplers/Grids.h"
#include "engine/samplers/Heun.h"
#include "tests/engine/GaussianDenoiser.h"

using namespace denoscope;

class heunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
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

QTEST_GUILESS_MAIN(heunTest)
#include "heunTest.moc"
