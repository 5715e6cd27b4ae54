// SPDX-License-Identifier: GPL-3.0-or-later
// RePaint and interpolation against a Gaussian whose conditional distribution is known.
#include <ATen/ATen.h>

#include <QTest>
#include <cmath>

#include "engine/core/Noise.h"
#include "engine/samplers/Inpaint.h"
#include "engine/samplers/Interpolate.h"
#include "tests/engine/GaussianDenoiser.h"

using namespace denoscope;

namespace {

// Pairs of values with unit variance and correlation rho: E[clean | x] is linear in x, S (S + sigma^2)^-1 x.
class PairDenoiser final : public Denoiser {
public:
    static constexpr double rho = 0.9;

    Estimate denoise(const at::Tensor& x, double sigma, const at::Tensor&) override {
        // In the eigenvectors (1, 1) and (1, -1) with the variances 1 + rho and 1 - rho.
        const at::Tensor a = x.select(2, 0), b = x.select(2, 1);
        const auto shrunk = [&](const at::Tensor& part, double variance) {
            return part * (variance / (variance + sigma * sigma));
        };
        const at::Tensor sum = shrunk(a + b, 1 + rho) / 2, difference = shrunk(a - b, 1 - rho) / 2;
        return {at::stack({sum + difference, sum - difference}, 2), {}};
    }
};

NoiseSource noiseLike(const at::Tensor& x) {
    return [shape = x.sizes().vec()](int n) {
        return standardNormal(shape, mix64(static_cast<std::uint64_t>(n))).to(at::kDouble);
    };
}

}  // namespace

class InpaintTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void walksEveryStretchAgain() {
        QCOMPARE(inpaintWalk(4, {10, 10, {}}), (std::vector<int>{0, 1, 2, 3, 4}));
        QCOMPARE(inpaintWalk(4, {2, 1, {}}), (std::vector<int>{0, 1, 2, 3, 4}));
        QCOMPARE(inpaintWalk(5, {2, 2, {}}), (std::vector<int>{0, 1, 2, 3, 1, 2, 3, 4, 5, 3, 4, 5}));
        const std::vector<int> walk = inpaintWalk(250, {10, 10, {}});  // the paper's own numbers
        QCOMPARE(walk.front(), 0);
        QCOMPARE(walk.back(), 250);
        std::int64_t back = 0;
        for (std::size_t i = 1; i < walk.size(); ++i) {
            QVERIFY(walk[i] == walk[i - 1] + 1 || walk[i] == walk[i - 1] - 10);
            back += walk[i] < walk[i - 1] ? 1 : 0;
        }
        QCOMPARE(back, std::int64_t{24 * 9});
    }

    // Given the first value of a pair, the second is N(rho first, 1 - rho^2).
    void drawsFromTheConditionalDistribution() {
        constexpr std::int64_t count = 4000;
        constexpr double first = 1.5;
        const at::Tensor start = standardNormal({count, 1, 2}, 1).to(at::kDouble) * 20;
        const KnownPart known{at::full({1, 1, 2}, first, at::kDouble),
                              at::tensor(std::vector<double>{1, 0}, at::kDouble).view({1, 1, 2})};
        const std::vector<double> sigmas = karrasSigmas(60, 0.01, 20, 7);
        PairDenoiser denoiser;
        const auto drawn = [&](int resamples) {
            return sampleInpaint(denoiser, start, sigmas, known, {5, resamples, {}}, noiseLike(start), goOn);
        };
        const at::Tensor x = drawn(10);
        QVERIFY(largest(x.select(2, 0) - first) < 1e-12);
        const double mean = x.select(2, 1).mean().item<double>(),
                     deviation = x.select(2, 1).std().item<double>();
        const double expected = std::sqrt(1 - PairDenoiser::rho * PairDenoiser::rho);
        QVERIFY2(std::abs(mean - PairDenoiser::rho * first) < 0.06, qPrintable(QString::number(mean)));
        QVERIFY2(std::abs(deviation - expected) < 0.06, qPrintable(QString::number(deviation)));
        // Without going back the drawn part has not come to terms with the known one.
        const double naive = drawn(1).select(2, 1).mean().item<double>();
        QVERIFY2(std::abs(naive - PairDenoiser::rho * first) > std::abs(mean - PairDenoiser::rho * first),
                 qPrintable(QString::number(naive)));
    }

    void everythingKnownIsReturned() {
        const at::Tensor clean = standardNormal({3, 1, 4}, 2).to(at::kDouble);
        GaussianDenoiser denoiser;
        const at::Tensor x = sampleInpaint(denoiser, standardNormal({3, 1, 4}, 3).to(at::kDouble) * 20,
                                           karrasSigmas(20, 0.01, 20, 7), {clean, at::ones({1}, at::kDouble)},
                                           {}, noiseLike(clean), goOn);
        QVERIFY(x.equal(clean));
    }

    // Continuous processes end above 0; what is known is returned as it is all the same.
    void nothingIsAddedInTheLastStep() {
        const at::Tensor clean = standardNormal({3, 1, 4}, 2).to(at::kDouble);
        GaussianDenoiser denoiser;
        std::vector<double> sigmas = karrasSigmas(20, 0.01, 20, 7);
        sigmas.pop_back();
        const at::Tensor x =
            sampleInpaint(denoiser, standardNormal({3, 1, 4}, 3).to(at::kDouble) * 20, sigmas,
                          {clean, at::ones({1}, at::kDouble)}, {}, noiseLike(clean), goOn);
        QVERIFY(x.equal(clean));
    }

    void theObserverEndsIt() {
        GaussianDenoiser denoiser;
        const at::Tensor start = standardNormal({3, 1, 4}, 3).to(at::kDouble) * 20;
        int seen = 0;
        const at::Tensor x = sampleInpaint(
            denoiser, start, karrasSigmas(20, 0.01, 20, 7), {start, at::zeros({1}, at::kDouble)}, {5, 3, {}},
            noiseLike(start), [&](const SamplerStep& step) { return step.step == seen && ++seen < 9; });
        QVERIFY(!x.defined());
        QCOMPARE(seen, 9);
    }

    void interpolationEndsAtTheItems() {
        const at::Tensor a = at::full({1, 1, 4}, 1.0), b = at::full({1, 1, 4}, -1.0);
        const at::Tensor n = standardNormal({1, 1, 4}, 1), m = standardNormal({1, 1, 4}, 2);
        QVERIFY(interpolated(a, b, n, m, 0.5, 0).allclose(a + 0.5 * n));
        QVERIFY(interpolated(a, b, n, m, 0.5, 1).allclose(b + 0.5 * m));
        QVERIFY(interpolated(a, b, n, n, 0.5, 0.25).allclose(0.75 * a + 0.25 * b + 0.5 * n));
    }
};

QTEST_GUILESS_MAIN(InpaintTest)
#include "inpaintTest.moc"
