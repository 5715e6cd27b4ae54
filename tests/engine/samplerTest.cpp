// SPDX-License-Identifier: GPL-3.0-or-later
// Noise-level grids, and what the samplers promise besides their order: the same numbers as DDPM, DDIM and
// the Python package's DPM-Solver++ in their own coordinates, the distribution kept by fresh noise, one way
// of calling the model, the noise source and the observer.
#include <QTest>
#include <numeric>

#include "engine/api/Error.h"
#include "engine/core/Noise.h"
#include "engine/samplers/Grids.h"
#include "tests/engine/AllSamplers.h"
#include "tests/engine/GaussianDenoiser.h"
#include "tests/engine/GoldenCase.h"

using namespace denoscope;

namespace {

constexpr int modelSteps = 50;

// abar of a linear beta schedule.
std::vector<double> signalShares() {
    std::vector<double> shares;
    double product = 1;
    for (int t = 0; t < modelSteps; ++t)
        shares.push_back(product *= 1 - (0.002 + (0.4 - 0.002) * t / (modelSteps - 1)));
    return shares;
}

std::vector<double> ownLevels() {
    std::vector<double> levels;
    for (const double share : signalShares())
        levels.push_back(std::sqrt((1 - share) / share));
    return levels;
}

NoiseSource noiseOf(std::uint64_t seed, std::int64_t count, std::vector<int>* asked = nullptr) {
    return [=](int n) {
        if (asked)
            asked->push_back(n);
        return standardNormal({count}, keyOf(seed, Stream::Churn, {static_cast<std::uint64_t>(n)}))
            .to(at::kDouble);
    };
}

// A model that also learned where its variance lies.
class VarianceDenoiser final : public GaussianDenoiser {
public:
    Estimate denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) override {
        return {GaussianDenoiser::denoise(x, sigma, previous).clean, position(x.numel())};
    }
    static at::Tensor position(std::int64_t count) { return at::linspace(-0.2, 1.3, count, at::kDouble); }
};

// x_(t - 1) from x_t by arXiv:2006.11239 eq. 7 with the variance of arXiv:2102.09672 eq. 15, position 0 being
// beta~ (eq. 7) and 1 beta.
at::Tensor ddpmStep(const at::Tensor& x, const at::Tensor& clean, double share, double shareBefore,
                    const at::Tensor& position, const at::Tensor& noise) {
    const double alpha = share / shareBefore, beta = 1 - alpha;
    const at::Tensor mean = clean * (std::sqrt(shareBefore) * beta / (1 - share)) +
                            x * (std::sqrt(alpha) * (1 - shareBefore) / (1 - share));
    const double posterior = beta * (1 - shareBefore) / (1 - share);
    return mean + at::exp((position * std::log(beta) + (1 - position) * std::log(posterior)) / 2) * noise;
}

// arXiv:2010.02502 eq. 12 with eq. 16.
at::Tensor ddimStep(const at::Tensor& x, const at::Tensor& clean, double share, double shareBefore,
                    double eta, const at::Tensor& noise) {
    const double deviation =
        eta * std::sqrt((1 - shareBefore) / (1 - share)) * std::sqrt(1 - share / shareBefore);
    const at::Tensor predictedNoise = (x - clean * std::sqrt(share)) / std::sqrt(1 - share);
    return clean * std::sqrt(shareBefore) +
           predictedNoise * std::sqrt(1 - shareBefore - deviation * deviation) + noise * deviation;
}

at::Tensor cleanOf(const at::Tensor& x, double share) {
    GaussianDenoiser denoiser;
    return denoiser.denoise(x / std::sqrt(share), std::sqrt((1 - share) / share), {}).clean;
}

}  // namespace

class samplerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gridsRunFromTheHighestLevelDown() {
        const auto sigmaOf = [](double t) { return std::sqrt(std::expm1(10 * t * t + 0.1 * t)); };
        const auto check = [](const std::vector<double>& sigmas, int steps, GridEnd end, double from,
                              double to) {
            QCOMPARE(sigmas.size(), static_cast<std::size_t>(steps) + 1);
            QVERIFY(std::abs(sigmas.front() - from) < 1e-9 * from);
            QVERIFY(std::is_sorted(sigmas.rbegin(), sigmas.rend(), std::less_equal<double>()));
            const double lowest = end == GridEnd::Lowest ? sigmas.back() : sigmas[sigmas.size() - 2];
            QVERIFY(std::abs(lowest - (steps == 1 && end == GridEnd::Zero ? from : to)) < 1e-9 * from);
            QVERIFY(end == GridEnd::Lowest || sigmas.back() == 0);
        };
        for (const int steps : {1, 2, 7, 50})
            for (const GridEnd end : {GridEnd::Zero, GridEnd::Lowest}) {
                check(karrasSigmas(steps, 0.002, 80, 7, end), steps, end, 80, 0.002);
                check(exponentialSigmas(steps, 0.002, 80, end), steps, end, 80, 0.002);
                check(uniformTimeSigmas(steps, sigmaOf, 1, 1e-3, end), steps, end, sigmaOf(1), sigmaOf(1e-3));
            }
        const auto lowest = exponentialSigmas(4, 0.01, 100, GridEnd::Lowest);
        for (std::size_t i = 0; i <= 4; ++i)
            QVERIFY(std::abs(lowest[i] - std::pow(10, 2.0 - static_cast<double>(i))) < 1e-9 * lowest[i]);
        QCOMPARE(uniformTimeSigmas(
                     4, [](double t) { return t; }, 4, 1, GridEnd::Zero),
                 (std::vector<double>{4, 3, 2, 1, 0}));
    }

    void karrasSigmasAreThePackages() {
        const GoldenCase golden(DENOSCOPE_TEST_DATA "/goldens/elucidated.safetensors");
        for (const auto& [name, steps] : {std::pair{"sigmas", 8}, std::pair{"sigmas_32", 32}}) {
            const at::Tensor ours = at::tensor(karrasSigmas(steps, 0.002, 80, 7), at::kDouble);
            const at::Tensor theirs = golden.tensor(name).to(at::kDouble);
            QVERIFY(ours.allclose(theirs, 2e-5, 0));
        }
    }

    void ownTimesAreThePackagesPairs() {
        QCOMPARE(ownTimes(10, 50), (std::vector<int>{49, 44, 39, 34, 29, 24, 19, 14, 9, 4, -1}));
        QCOMPARE(ownTimes(3, 10), (std::vector<int>{9, 5, 2, -1}));  // 9, 5.67, 2.33
        QCOMPARE(ownTimes(1, 7), (std::vector<int>{6, -1}));
        std::vector<int> all(51);
        std::iota(all.rbegin(), all.rend(), -1);
        QCOMPARE(ownTimes(50, 50), all);
        const auto times = ownTimes(300, 1000);
        QVERIFY(std::is_sorted(times.rbegin(), times.rend(), std::less_equal<int>()));
        QCOMPARE(ownSigmas(3, {0.1, 0.2, 0.4}), (std::vector<double>{0.4, 0.2, 0.1, 0}));
        QCOMPARE(ownSigmas(1, {0.1, 0.2, 0.4}), (std::vector<double>{0.4, 0}));
        QVERIFY_EXCEPTION_THROWN(ownTimes(0, 10), EngineError);
        QVERIFY_EXCEPTION_THROWN(ownTimes(11, 10), EngineError);
    }

    // DDPM's own loop in its own coordinates, with the posterior's variance and with a learned one.
    void ancestralIsDdpm() {
        constexpr std::int64_t count = 40;
        const auto shares = signalShares();
        const NoiseSource noise = noiseOf(3, count);
        const at::Tensor start = standardNormal({count}, 4).to(at::kDouble);
        for (const bool learned : {false, true}) {
            const at::Tensor position =
                learned ? VarianceDenoiser::position(count) : at::zeros({count}, at::kDouble);
            at::Tensor x = start;
            for (int t = modelSteps - 1; t >= 0; --t) {
                const auto i = static_cast<std::size_t>(t);
                const at::Tensor clean = cleanOf(x, shares[i]);
                x = t == 0
                        ? clean
                        : ddpmStep(x, clean, shares[i], shares[i - 1], position, noise(modelSteps - 1 - t));
            }
            GaussianDenoiser plain;
            VarianceDenoiser withVariance;
            const at::Tensor ours =
                sampleAncestral(learned ? withVariance : plain, start / std::sqrt(shares.back()),
                                ownSigmas(modelSteps, ownLevels()), {}, noise, goOn);
            QVERIFY(largest(ours - x) < 1e-12);
        }
    }

    void ancestralIsDdim() {
        constexpr std::int64_t count = 40;
        const auto shares = signalShares();
        const NoiseSource noise = noiseOf(3, count);
        const at::Tensor start = standardNormal({count}, 4).to(at::kDouble);
        const std::vector<int> times = ownTimes(12, modelSteps);
        for (const double eta : {0.0, 0.4, 1.0}) {
            at::Tensor x = start;
            for (std::size_t i = 0; i + 1 < times.size(); ++i) {
                const double share = shares[static_cast<std::size_t>(times[i])];
                const at::Tensor clean = cleanOf(x, share);
                x = times[i + 1] < 0
                        ? clean
                        : ddimStep(x, clean, share, shares[static_cast<std::size_t>(times[i + 1])], eta,
                                   noise(static_cast<int>(i)));
            }
            VarianceDenoiser denoiser;  // whose variance DDIM leaves aside
            const at::Tensor ours =
                sampleAncestral(denoiser, start / std::sqrt(shares.back()), ownSigmas(12, ownLevels()),
                                {.eta = eta, .learnedVariance = false}, eta > 0 ? noise : noNoise, goOn);
            QVERIFY(largest(ours - x) < 1e-12);
        }
    }

    void etaZeroIsEuler() {
        const at::Tensor start = standardNormal({16}, 4).to(at::kDouble) * 80;
        const auto sigmas = karrasSigmas(12, 0.002, 80, 7);
        GaussianDenoiser denoiser;
        const at::Tensor euler = sampleHeun(denoiser, start, sigmas, {.secondOrder = false}, noNoise, goOn);
        for (const at::Tensor& x :
             {sampleAncestral(denoiser, start, sigmas, {.eta = 0}, noNoise, goOn),
              sampleDpmSolver(denoiser, start, sigmas, {.order = 1}, noNoise, goOn),
              sampleUniPc(denoiser, start, sigmas, {.order = 1, .correct = false}, noNoise, goOn),
              sampleLms(denoiser, start, sigmas, {.order = 1}, noNoise, goOn)})
            QVERIFY(largest(x - euler) < 1e-12);
        // An SDE of order 1 is the ancestral step (arXiv:2211.01095 shows it for DDIM with eta 1).
        const NoiseSource noise = noiseOf(5, 16);
        QVERIFY(largest(sampleDpmSolver(denoiser, start, sigmas, {.order = 1, .eta = 1}, noise, goOn) -
                        sampleAncestral(denoiser, start, sigmas, {}, noise, goOn)) < 1e-12);
    }

    // The package's loop, in its t = -ln sigma and its gamma.
    void dpmSolverIsThePackages() {
        const at::Tensor start = standardNormal({64}, 6) * 80;
        const auto sigmas = karrasSigmas(8, 0.002, 80, 7);
        GaussianDenoiser denoiser;
        at::Tensor x = start, last;
        for (std::size_t i = 0; i < 8; ++i) {
            const at::Tensor now = denoiser.denoise(x, sigmas[i], {}).clean;
            const double t = -std::log(sigmas[i]), h = -std::log(sigmas[i + 1]) - t;
            at::Tensor direction = now;
            if (i > 0 && sigmas[i + 1] > 0) {
                const double gamma = -h / (2 * (t + std::log(sigmas[i - 1])));
                direction = (1 - gamma) * now + gamma * last;
            }
            x = x * (sigmas[i + 1] / sigmas[i]) - std::expm1(-h) * direction;
            last = now;
        }
        QVERIFY(relativeError(sampleDpmSolver(denoiser, start, sigmas, {}, noNoise, goOn), x) < 2e-6);
    }

    void oneStepToZeroIsTheEstimate() {
        const at::Tensor start = standardNormal({16}, 8).to(at::kDouble) * 80;
        GaussianDenoiser denoiser;
        const at::Tensor estimate = denoiser.denoise(start, 80, {}).clean;
        for (const NamedSampler& sampler : allSamplers()) {
            if (sampler.name == "Heun, churned")
                continue;  // asks at another level
            const at::Tensor x = sampler.run(denoiser, start, {80, 0}, noNoise, goOn);
            QVERIFY2(largest(x - estimate) < 1e-12, sampler.name.c_str());
        }
    }

    // Fresh noise of the right amount leaves the distribution what it is.
    void theDistributionIsKept_data() {
        QTest::addColumn<std::size_t>("sampler");
        for (std::size_t i = 0; i < allSamplers().size(); ++i)
            QTest::addRow("%s", allSamplers()[i].name.c_str()) << i;
    }
    void theDistributionIsKept() {
        QFETCH(std::size_t, sampler);
        const NamedSampler method = allSamplers()[sampler];
        constexpr std::int64_t count = 20000;
        const at::Tensor start = standardNormal({count}, 7).to(at::kDouble) * 80;
        std::vector<int> asked;
        GaussianDenoiser denoiser;
        const at::Tensor x =
            method.run(denoiser, start, karrasSigmas(400, 0.002, 80, 7), noiseOf(1, count, &asked), goOn);
        QVERIFY(std::abs(x.mean().item<double>() - GaussianDenoiser::mu) < 0.01);
        const double deviation = x.std().item<double>();
        QVERIFY2(std::abs(deviation - GaussianDenoiser::s) < 0.012, qPrintable(QString::number(deviation)));
        // Steps are told by their index, at most once each; the last draws nothing.
        std::vector<int> steps(399);
        std::iota(steps.begin(), steps.end(), 0);
        if (method.order > 0)
            QVERIFY(asked.empty());
        else if (method.name != "Heun, churned")
            QCOMPARE(asked, steps);
    }

    // A model whose lowest level is not 0 still returns without noise on top.
    void theLastStepDrawsNothing() {
        const at::Tensor start = standardNormal({16}, 8).to(at::kDouble) * 80;
        const auto sigmas = karrasSigmas(6, 0.3, 80, 7, GridEnd::Lowest);
        for (const NamedSampler& sampler : allSamplers()) {
            if (sampler.name == "Heun, churned")
                continue;  // its noise comes before a step, and is removed by it
            std::vector<int> asked;
            GaussianDenoiser denoiser;
            const at::Tensor x = sampler.run(denoiser, start, sigmas, noiseOf(2, 16, &asked), goOn);
            QVERIFY(x.isfinite().all().item<bool>());
            QVERIFY(std::ranges::find(asked, 5) == asked.end());
        }
    }

    void theFactorScalesTheNoise() {
        const at::Tensor start = standardNormal({16}, 8).to(at::kDouble) * 80;
        const auto sigmas = karrasSigmas(6, 0.002, 80, 7);
        GaussianDenoiser denoiser;
        const auto spread = [&](double factor) {  // the sampler is linear in the noise
            return sampleDpmSolver(denoiser, start, sigmas, {.eta = 1, .noise = factor}, noiseOf(2, 16),
                                   goOn) -
                   sampleDpmSolver(denoiser, start, sigmas, {.eta = 1, .noise = 0}, noiseOf(2, 16), goOn);
        };
        QVERIFY(largest(spread(1)) > 0.01);
        QVERIFY(largest(spread(3) - 3 * spread(1)) < 1e-12);
        const auto ancestral = [&](double factor) {
            return sampleAncestral(denoiser, start, sigmas, {.noise = factor}, noiseOf(2, 16), goOn);
        };
        QVERIFY(largest(ancestral(3) - ancestral(0) - 3 * (ancestral(1) - ancestral(0))) < 1e-12);
    }

    // Every sampler gives the model its last estimate, and shows the observer each step.
    void theModelSeesItsLastEstimateAndTheObserverEveryStep() {
        struct Recorder final : GaussianDenoiser {
            Estimate denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) override {
                const bool right = last.defined() ? previous.is_same(last) : !previous.defined();
                inOrder = inOrder && right;
                return {last = GaussianDenoiser::denoise(x, sigma, previous).clean, {}};
            }
            at::Tensor last;
            bool inOrder = true;
        };
        const at::Tensor start = standardNormal({16}, 9) * 80;  // float32
        const auto sigmas = karrasSigmas(10, 0.002, 80, 7);
        const auto noise = [](int) { return at::ones({16}); };
        for (const NamedSampler& sampler : allSamplers()) {
            Recorder denoiser;
            int steps = 0;
            const auto observe = [&](const SamplerStep& step) {
                const bool churned = sampler.name == "Heun, churned";
                return step.step == steps++ && step.denoised.is_same(denoiser.last) && step.x.defined() &&
                       (churned || step.sigma == sigmas[static_cast<std::size_t>(step.step)]);
            };
            const at::Tensor x = sampler.run(denoiser, start, sigmas, noise, observe);
            QVERIFY2(x.defined() && denoiser.inOrder && steps == 10, sampler.name.c_str());
            QCOMPARE(x.scalar_type(), at::kFloat);

            Recorder stopped;
            const auto stop = [](const SamplerStep& step) { return step.step < 4; };
            QVERIFY(!sampler.run(stopped, start, sigmas, noise, stop).defined());
            QCOMPARE(stopped.calls, sampler.name.starts_with("Heun") ? 2 * 4 + 1 : 5);
        }
    }
};

QTEST_GUILESS_MAIN(samplerTest)
#include "samplerTest.moc"
