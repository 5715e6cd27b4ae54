// SPDX-License-Identifier: GPL-3.0-or-later
// How fast each deterministic sampler approaches the exact probability flow of Gaussian data as the steps
// grow, on each kind of grid.
#include <QTest>

#include "engine/core/Noise.h"
#include "engine/samplers/Grids.h"
#include "tests/engine/AllSamplers.h"
#include "tests/engine/GaussianDenoiser.h"

using namespace denoscope;

namespace {

// Not to 0: a step to 0 returns the estimate, which is of order 1 whatever the sampler.
constexpr double highest = 4, lowest = 0.5;

struct Grid {
    const char* name;
    std::function<std::vector<double>(int)> make;
};

std::vector<Grid> grids() {
    // Time of a variance-preserving process with a linear beta (arXiv:2011.13456 eq. 33): its own grid.
    const auto sigmaOf = [](double t) { return std::sqrt(std::expm1(19.9 * t * t / 2 + 0.1 * t)); };
    const auto timeOf = [](double sigma) {
        return (std::sqrt(0.01 + 2 * 19.9 * std::log1p(sigma * sigma)) - 0.1) / 19.9;
    };
    return {{"Karras", [](int n) { return karrasSigmas(n, lowest, highest, 7, GridEnd::Lowest); }},
            {"exponential", [](int n) { return exponentialSigmas(n, lowest, highest, GridEnd::Lowest); }},
            {"uniform, sigma = t",
             [](int n) {
                 return uniformTimeSigmas(
                     n, [](double t) { return t; }, highest, lowest, GridEnd::Lowest);
             }},
            {"uniform, linear beta", [=](int n) {
                 return uniformTimeSigmas(n, sigmaOf, timeOf(highest), timeOf(lowest), GridEnd::Lowest);
             }}};
}

// Multistep methods begin with steps of lower order, whose error would be all that shows. Steps in front that
// shrink as h^(order / (k + 1)), for the k-th of them has a local error of h^(k + 1), hide it.
std::vector<double> eased(const std::vector<double>& sigmas, int order) {
    const double steps = static_cast<double>(sigmas.size()) - 1;
    std::vector<double> result{sigmas.front()};
    for (int k = 1; k < order - 1; ++k)
        result.push_back(result.back() -
                         (sigmas[0] - sigmas[1]) * std::pow(steps, 1 - static_cast<double>(order) / (k + 1)));
    result.insert(result.end(), sigmas.begin() + 1, sigmas.end());
    return result;
}

// The order measured from 128 to 256 steps, and the error after 256.
std::pair<double, double> orderOf(const NamedSampler& method, const Grid& grid, int easing) {
    const at::Tensor start = standardNormal({64}, 5).to(at::kDouble) * highest;
    const at::Tensor expected = GaussianDenoiser::exact(start, highest, lowest);
    const auto errorAfter = [&](int steps) {
        GaussianDenoiser denoiser;
        const std::vector<double> sigmas = eased(grid.make(steps), easing);
        return largest(method.run(denoiser, start, sigmas, noNoise, goOn) - expected);
    };
    const double error = errorAfter(256);
    return {std::log2(errorAfter(128) / error), error};
}

}  // namespace

class samplerOrderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void convergesWithItsOrder_data() {
        QTest::addColumn<std::size_t>("sampler");
        QTest::addColumn<std::size_t>("grid");
        const std::vector<NamedSampler> samplers = allSamplers();
        for (std::size_t i = 0; i < samplers.size(); ++i)
            for (std::size_t g = 0; samplers[i].order > 0 && g < grids().size(); ++g)
                QTest::addRow("%s, %s", samplers[i].name.c_str(), grids()[g].name) << i << g;
    }
    void convergesWithItsOrder() {
        QFETCH(std::size_t, sampler);
        QFETCH(std::size_t, grid);
        const NamedSampler method = allSamplers()[sampler];
        const auto [measured, error] = orderOf(method, grids()[grid], method.order);
        qInfo("order %.2f (error %.1e)", measured, error);
        QVERIFY2(std::abs(measured - method.order) < 0.4, qPrintable(QString::number(measured)));
        QVERIFY(error < 0.01);
    }

    // Half of the second derivative's term leaves an error of the second order.
    void kDiffusionsThirdOrderIsTheSecond() {
        const NamedSampler method =
            named("", 2, sampleDpmSolver, DpmSolverOptions{.order = 3, .fullCurvature = false});
        for (std::size_t grid = 0; grid < 2; ++grid)
            QVERIFY(std::abs(orderOf(method, grids()[grid], 3).first - 2) < 0.15);
    }

    // More than the fifth while the errors of that order are below those of the next.
    void theFourthOrderIsCorrectedToTheFifth() {
        for (const Grid& grid : grids()) {
            const auto [measured, error] =
                orderOf(named("", 5, sampleUniPc, UniPcOptions{.order = 4}), grid, 5);
            QVERIFY2(measured > 4.6 && measured < 6.4, qPrintable(QString::number(measured)));
            QVERIFY2(error < 1e-8, qPrintable(QString::number(error)));
        }
    }

    void asksOnceAStep() {
        for (const NamedSampler& method : allSamplers()) {
            GaussianDenoiser denoiser;
            const at::Tensor start = at::ones({2}, at::kDouble);
            method.run(
                denoiser, start, karrasSigmas(9, 0.1, 4, 7), [&](int) { return at::ones_like(start); }, goOn);
            QCOMPARE(denoiser.calls, method.name.starts_with("Heun") ? 17 : 9);
        }
    }
};

QTEST_GUILESS_MAIN(samplerOrderTest)
#include "samplerOrderTest.moc"
