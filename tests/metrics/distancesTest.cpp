// SPDX-License-Identifier: GPL-3.0-or-later
// Every distance against cases whose answer is known on paper.
#include <ATen/ATen.h>

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "engine/api/Error.h"
#include "engine/core/Noise.h"
#include "engine/metrics/Autocorrelation.h"
#include "engine/metrics/KernelMmd.h"
#include "engine/metrics/RadialSpectrum.h"
#include "engine/metrics/SlicedWasserstein.h"
#include "engine/metrics/SpectrumDistance.h"

using namespace denoscope;

namespace {

bool close(double actual, double expected, double tolerance) {
    const bool fine = std::abs(actual - expected) <= tolerance;
    if (!fine)
        qWarning("%.12g should be %.12g", actual, expected);
    return fine;
}

double at1(const at::Tensor& row, std::int64_t column) {
    return row[column].item<double>();
}

Picks range(std::int64_t first, std::int64_t count) {
    Picks picks(static_cast<std::size_t>(count));
    std::iota(picks.begin(), picks.end(), first);
    return picks;
}

at::Tensor sine(std::int64_t length, double cycles, double phase) {
    const at::Tensor time = at::arange(length, at::kDouble) / static_cast<double>(length);
    return (time * (2 * std::numbers::pi * cycles) + phase).sin().view({1, 1, length});
}

}  // namespace

class distancesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // ---- sliced Wasserstein --------------------------------------------------------------------------
    void wassersteinOfAShiftIsTheShift() {
        const at::Tensor column = standardNormal({50, 1}, 1).to(at::kDouble);
        QVERIFY(close(slicedWasserstein(column, column + 2.5), 2.5, 1e-12));
        QVERIFY(close(slicedWasserstein(column, column.flip(0)), 0, 1e-12));
        QVERIFY(close(slicedWasserstein(column * 3, column * 3 - 7.5), 7.5, 1e-12));
        const at::Tensor two = at::cat({column, column}, 1);
        const at::Tensor shift = at::tensor({3.0, 4.0}, at::kDouble);
        QVERIFY(close(slicedWasserstein(two, two + shift), std::sqrt(12.5), 1e-12));
    }

    void wassersteinOfUnequalCountsIsExact() {
        // {0} against {1, 2, 3}: every unit of mass travels from 0; (1 + 4 + 9) / 3.
        const at::Tensor zero = at::zeros({1, 1}, at::kDouble);
        const at::Tensor three = at::tensor({3.0, 1.0, 2.0}, at::kDouble).view({3, 1});
        QVERIFY(close(slicedWasserstein(zero, three), std::sqrt(14.0 / 3), 1e-12));
        // {0, 1} against {0, 0.5, 1}: thirds 0-0, 0-0.5 (a sixth), 1-0.5 (a sixth), 1-1.
        const at::Tensor a = at::tensor({0.0, 1.0}, at::kDouble).view({2, 1});
        const at::Tensor b = at::tensor({0.0, 0.5, 1.0}, at::kDouble).view({3, 1});
        QVERIFY(close(slicedWasserstein(a, b), std::sqrt(2 * 0.25 / 6), 1e-12));
        // Each item twice is the same distribution.
        QVERIFY(close(slicedWasserstein(b, b.repeat({2, 1})), 0, 1e-12));
    }

    void projectionsAreUnitDirectionsFromTheSeed() {
        const at::Tensor unit = projected(at::eye(40), 64, 3);  // (40, 64): the directions themselves
        QVERIFY(at::allclose(unit.square().sum(0), at::ones({64}, at::kDouble), 1e-5, 1e-5));
        QVERIFY(at::equal(projected(at::eye(40), 64, 3), unit));
        QVERIFY(at::equal(projected(at::eye(40), 20, 3), unit.slice(1, 0, 20)));
        QVERIFY(!at::allclose(projected(at::eye(40), 64, 4), unit));
        // A shift of every value by s gives s on the mean over directions.
        const at::Tensor rows = standardNormal({200, 400}, 5);
        const double apart = slicedWasserstein(projected(rows, 512, 0), projected(rows + 3, 512, 0));
        QVERIFY(close(apart, 3, 0.3));
    }

    // ---- kernels -------------------------------------------------------------------------------------
    void mmdEqualsItsDefinition() {
        const at::Tensor rows = standardNormal({9, 4}, 1).to(at::kDouble);
        double within = 0, others = 0, across = 0;
        const auto k = [&](int i, int j) {
            return std::pow(at::dot(rows[i], rows[j]).item<double>() / 4 + 1, 3);
        };
        for (int i = 0; i < 9; ++i)
            for (int j = 0; j < 9; ++j) {
                if (i < 5 && j < 5 && i != j)
                    within += k(i, j) / (5 * 4);
                if (i >= 5 && j >= 5 && i != j)
                    others += k(i, j) / (4 * 3);
                if (i < 5 && j >= 5)
                    across += k(i, j) / (5 * 4);
            }
        const double expected = within + others - 2 * across;
        QVERIFY(close(mmdSquared(cubicKernel(rows), range(0, 5), range(5, 4)), expected, 1e-10));
    }

    void gaussianKernelTakesTheMedianDistance() {
        const at::Tensor kernel =
            gaussianKernel(at::tensor({0.0, 1.0, 3.0}).view({3, 1}));  // 1, 2 and 3 apart
        QVERIFY(close(kernel[0][1].item<double>(), std::exp(-1.0 / 8), 1e-9));
        QVERIFY(close(kernel[2][0].item<double>(), std::exp(-9.0 / 8), 1e-9));
        QVERIFY(close(kernel[2][2].item<double>(), 1, 1e-12));
        const at::Tensor rows = standardNormal({20, 30}, 2);
        QVERIFY(at::allclose(gaussianKernel(rows * 1000 + 5), gaussianKernel(rows), 1e-3, 1e-4));
        QVERIFY(at::equal(gaussianKernel(at::full({4, 10}, 0.3)), at::ones({4, 4}, at::kDouble)));
        const at::Tensor mostlyEqual = at::tensor({0.1, 0.1, 0.1, 0.1, 5.0}).view({5, 1});
        QVERIFY(gaussianKernel(mostlyEqual)[0][4].item<double>() < 0.9);
    }

    void mmdIsZeroInExpectationForOneDistribution() {
        double sum = 0, squares = 0, apart = 0;
        constexpr int trials = 100;
        for (int trial = 0; trial < trials; ++trial) {
            at::Tensor rows = standardNormal({40, 8}, mix64(static_cast<std::uint64_t>(trial)));
            const double same = mmdSquared(gaussianKernel(rows), range(0, 20), range(20, 20));
            sum += same;
            squares += same * same;
            rows.slice(0, 20).add_(1);
            apart += mmdSquared(gaussianKernel(rows), range(0, 20), range(20, 20)) / trials;
        }
        const double mean = sum / trials, error = std::sqrt(squares) / trials;
        qInfo("same: %.5f +- %.5f, shifted: %.5f", mean, error, apart);
        QVERIFY(std::abs(mean) < 3 * error);
        QVERIFY(apart > 20 * error);
    }

    void anItemDrawnTwiceIsNoPair() {
        const at::Tensor kernel = cubicKernel(standardNormal({6, 4}, 3));
        const double once = mmdSquared(kernel, range(0, 3), range(3, 3));
        QVERIFY(close(mmdSquared(kernel, {0, 1, 2, 0, 1, 2}, {5, 4, 3}), once, 1e-10));
        QVERIFY_EXCEPTION_THROWN(mmdSquared(kernel, {0}, {3, 4}), EngineError);
        QVERIFY_EXCEPTION_THROWN(mmdSquared(kernel, {0, 1}, {3, 3}), EngineError);
    }

    // ---- spectra -------------------------------------------------------------------------------------
    void whiteNoiseIsFlatAtEveryRank() {
        for (const Shape& shape : {Shape{200, 2, 64}, Shape{30, 2, 32, 32}, Shape{40, 2, 16, 16, 12}}) {
            const at::Tensor noise = 3 * standardNormal(shape, 11);
            const at::Tensor mean = at::pow(10, radialLogSpectra(noise) / 10).mean(0);
            QCOMPARE(mean.size(0), *std::max_element(shape.begin() + 2, shape.end()) / 2);
            QVERIFY(at::allclose(mean, at::full_like(mean, 9.0), 0.25, 0));
        }
        const at::Tensor welch = welchSpectra(3 * standardNormal({50, 2, 1000}, 12), 128).mean(0);
        QCOMPARE(welch.size(0), std::int64_t{64});
        QVERIFY(at::allclose(welch.slice(0, 1, 63), at::full({62}, 9.0, at::kDouble), 0.15, 0));
        QVERIFY(close(at1(welch, 0), 9 * 5.0 / 6, 0.8));  // the mean that was taken off leaks into it
    }

    void aWavePeaksAtItsFrequency() {
        const at::Tensor wave = sine(64, 10, 0.4);
        QCOMPARE(radialLogSpectra(wave)[0].argmax().item<std::int64_t>(), std::int64_t{9});  // 10 cycles
        // The same wave along either side of a picture lands on the same ring.
        const at::Tensor picture = wave.view({1, 1, 1, 64}).expand({1, 1, 64, 64});
        const at::Tensor rows = radialLogSpectra(picture),
                         columns = radialLogSpectra(picture.transpose(2, 3));
        QCOMPARE(rows[0].argmax().item<std::int64_t>(), std::int64_t{9});
        QVERIFY(at::allclose(rows, columns, 1e-9, 1e-6));
        // 3 x 4 makes 5.
        const at::Tensor oblique = sine(64, 3, 0).view({1, 1, 64, 1}) * sine(64, 4, 0).view({1, 1, 1, 64});
        QCOMPARE(radialLogSpectra(oblique)[0].argmax().item<std::int64_t>(), std::int64_t{4});
        // 1/16 cycles a sample are the 16th of 256.
        QCOMPARE(welchSpectra(sine(2048, 128, 1), 256)[0].argmax().item<std::int64_t>(), std::int64_t{15});
    }

    void spectraHaveTheScaleOfTheirVariance() {
        // Parseval: the powers of all frequencies but 0 add up to L times the variance.
        const at::Tensor signal = standardNormal({1, 1, 65}, 13);  // odd: no frequency stands alone
        const at::Tensor power = at::pow(10, radialLogSpectra(signal) / 10);
        QCOMPARE(power.size(1), std::int64_t{32});
        const double variance = signal.to(at::kDouble).var(false).item<double>();
        QVERIFY(close(2 * power.sum().item<double>() / 65, variance, 1e-6));
    }

    void spectrumDistancesAreInDecibels() {
        const at::Tensor noise = standardNormal({20, 1, 16, 16}, 14);
        const at::Tensor quiet = radialLogSpectra(noise), loud = radialLogSpectra(noise * 10);
        QVERIFY(close(radialSpectrumDistance(quiet, loud), 20, 1e-4));
        QVERIFY(close(radialSpectrumDistance(quiet, quiet.flip(0)), 0, 1e-9));
        const at::Tensor signals = standardNormal({20, 1, 300}, 15);
        QVERIFY(close(spectrumDistance(welchSpectra(signals, 64), welchSpectra(signals * 10, 64)), 20, 1e-4));
        // Silence is -100 dB, not infinitely far away.
        const at::Tensor silence = welchSpectra(at::zeros({2, 1, 300}), 64);
        const double far = spectrumDistance(welchSpectra(signals, 64), silence);
        QVERIFY(far > 90 && far < 110);
        QCOMPARE(welchSegment(1000), std::int64_t{256});
        QCOMPARE(welchSegment(100), std::int64_t{64});
    }

    // ---- autocorrelation -----------------------------------------------------------------------------
    void aPeriodicSignalRepeatsAfterItsPeriod() {
        const at::Tensor row = autocorrelations(sine(400, 20, 0.3), 100)[0];  // period 20
        QCOMPARE(row.slice(0, 10).argmax().item<std::int64_t>() + 11, std::int64_t{20});
        QVERIFY(close(at1(row, 19), 0.95, 0.01));  // 380 of 400 samples overlap
        QVERIFY(close(at1(row, 9), -0.975, 0.01));
        const at::Tensor noise = autocorrelations(standardNormal({50, 1, 400}, 16), 100).mean(0);
        QVERIFY(noise.abs().max().item<double>() < 0.05);
    }

    void autocorrelationEqualsItsDefinition() {
        const at::Tensor signal = standardNormal({1, 2, 7}, 17).to(at::kDouble);
        const at::Tensor x = signal[0] - signal[0].mean(1, true);
        const at::Tensor row = autocorrelations(signal * 5 - 2, 3)[0];
        for (int lag = 1; lag <= 3; ++lag) {
            const at::Tensor products = x.slice(1, 0, 7 - lag) * x.slice(1, lag);
            QVERIFY(close(at1(row, lag - 1), (products.sum() / x.square().sum()).item<double>(), 1e-9));
        }
        QVERIFY(at::equal(autocorrelations(at::full({1, 2, 9}, 0.1), 4), at::zeros({1, 4}, at::kDouble)));
        const at::Tensor other = autocorrelations(sine(100, 5, 0), 3);
        QVERIFY(close(autocorrelationDistance(other, other - 0.5), 0.5, 1e-12));
    }
};

QTEST_GUILESS_MAIN(distancesTest)
#include "distancesTest.moc"
