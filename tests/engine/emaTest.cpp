// SPDX-License-Identifier: GPL-3.0-or-later
// The averages of the weights: the package's warm-up and the power function against its numbers and against
// closed forms, and averages reconstructed from snapshots against those that were tracked.
#include <QTemporaryDir>
#include <QTest>

#include "engine/api/Error.h"
#include "engine/core/Noise.h"
#include "engine/core/TensorFile.h"
#include "engine/train/Ema.h"
#include "engine/train/PowerEma.h"
#include "tests/engine/GoldenCase.h"

using namespace denoscope;

namespace {

Parameter trained(const at::Tensor& value) {
    return {"w", value, true, false};
}

GoldenCase golden() {
    return GoldenCase(DENOSCOPE_TEST_DATA "/goldens/ema.safetensors");
}

// The profile's share of step k of t: what is left of (1 - beta_k) after the decays that follow.
double shareOf(std::int64_t k, const PowerProfile& profile) {
    if (k > profile.step)
        return 0;
    const double power = gammaOf(profile.sigmaRel) + 1, t = static_cast<double>(profile.step);
    return std::pow(static_cast<double>(k) / t, power) - std::pow(static_cast<double>(k - 1) / t, power);
}

// |wanted - sum of weights x stored| / |wanted| over all steps, by adding them up.
double errorOf(const std::vector<PowerProfile>& stored, const std::vector<double>& weights,
               const PowerProfile& wanted) {
    double error = 0, whole = 0;
    for (std::int64_t k = 1; k <= wanted.step; ++k) {
        double difference = shareOf(k, wanted);
        whole += difference * difference;
        for (std::size_t i = 0; i < stored.size(); ++i)
            difference -= weights[i] * shareOf(k, stored[i]);
        error += difference * difference;
    }
    return std::sqrt(error / whole);
}

// Weights that wander: the online weights of step t (from 1) of a training run.
std::vector<at::Tensor> wander(int steps) {
    std::vector<at::Tensor> online;
    at::Tensor value = standardNormal({40}, 1);
    for (int t = 0; t < steps; ++t)
        online.push_back(value = value + 0.05 * standardNormal({40}, 100 + static_cast<std::uint64_t>(t)));
    return online;
}

}  // namespace

class emaTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The average after n steps is the sum of (1 - d) d^(n-k) x_k, and the start's share is d^n.
    void theAverageHasAClosedForm() {
        const double decay = 0.8;
        const Parameter average = trained(at::full({3}, 5.0));
        double expected = 5 * std::pow(decay, 6);
        for (int step = 1; step <= 6; ++step) {
            updateEma({average}, {trained(at::full({3}, 1.0 * step * step))}, decay);
            expected += (1 - decay) * std::pow(decay, 6 - step) * step * step;
        }
        QVERIFY((average.value - expected).abs().max().item<double>() < 1e-5);
    }

    void constantsAreNeverAveraged() {
        const Parameter online{"frequencies", standardNormal({4}, 1), false, false};
        const Parameter average{"frequencies", at::zeros({4}), false, false};
        updateEma({average}, {online}, 1);
        QVERIFY(average.value.equal(at::zeros({4})));
        updateEma({average}, {online}, 0.9);
        QVERIFY(average.value.equal(online.value));
        PowerEma power({{"frequencies", at::zeros({4}), false, false}}, {0.1});
        power.update({online}, 1000);
        QVERIFY(power.profiles()[0].average[0].value.equal(online.value));
    }

    void theAverageForgetsHalfInItsHalfLife() {
        QVERIFY(std::abs(std::pow(emaDecay(1'000'000, 100), 100) - 0.5) < 1e-12);
        // While training is young: half in 5 % of the steps so far.
        QVERIFY(std::abs(std::pow(emaDecay(200, 100), 10) - 0.5) < 1e-12);
        QVERIFY(emaDecay(1, 100) < 1e-5);
        QCOMPARE(emaDecay(2000, 100), emaDecay(1'000'000, 100));
        QCOMPARE(emaDecay(500, 0), 0.0);  // no average at all
        for (std::int64_t step = 1; step < 3000; ++step)
            QVERIFY(emaDecay(step, 100) <= emaDecay(step + 1, 100) && emaDecay(step, 100) < 1);
    }

    void warmUpIsThePackages_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<double>("beta");
        QTest::addColumn<int>("every");
        QTest::addColumn<int>("after");
        QTest::addColumn<double>("invGamma");
        QTest::addColumn<double>("power");
        QTest::newRow("the trainer's") << "out.trainer" << 0.995 << 10 << 100 << 1.0 << 2.0 / 3;
        QTest::newRow("every step") << "out.every1" << 0.995 << 1 << 5 << 1.0 << 2.0 / 3;
        QTest::newRow("another power") << "out.power34" << 0.99 << 3 << 100 << 2.0 << 0.75;
    }
    void warmUpIsThePackages() {
        QFETCH(QString, name);
        QFETCH(double, beta);
        QFETCH(int, every);
        QFETCH(int, after);
        QFETCH(double, invGamma);
        QFETCH(double, power);
        const WarmupEma settings{beta, every, after, invGamma, power, 0};
        const at::Tensor online = golden().tensor("in.online");
        const at::Tensor result = at::empty_like(online);
        const Parameter average = trained(at::Tensor(online[0]).clone());
        for (std::int64_t call = 0; call < online.size(0); ++call) {
            updateEma({average}, {trained(online[call])}, warmupDecay(settings, call));
            at::Tensor(result[call]).copy_(average.value);
        }
        const double error = relativeError(result, golden().tensor(name.toStdString()));
        qInfo("%s: %.1e", qPrintable(name), error);
        QVERIFY2(error < 2e-5, qPrintable(QString::number(error)));
    }

    void warmUpStaysWithinItsBounds() {
        const WarmupEma settings{0.9, 1, 2, 1, 1, 0.5};
        QCOMPARE(warmupDecay(settings, 2), 0.0);  // still copies
        QCOMPARE(warmupDecay(settings, 3), 0.5);  // 1 - 1/2
        QVERIFY(std::abs(warmupDecay(settings, 5) - 0.75) < 1e-12);
        QCOMPARE(warmupDecay(settings, 1000), 0.9);
        QCOMPARE(warmupDecay({0.9, 1, 2, 1, 1, 0.6}, 3), 0.6);
        QCOMPARE(warmupDecay({0.9, 10, 2, 1, 1, 0}, 11), 1.0);  // not one of the tenths
    }

    void gammaIsTheCubicsRoot() {
        const at::Tensor table = golden().tensor("gamma_of_sigma_rel");
        for (std::int64_t i = 0; i < table.size(0); ++i) {
            const double expected = table[i][1].item<double>();
            QVERIFY(std::abs(gammaOf(table[i][0].item<double>()) - expected) < 2e-6 * expected);
        }
        for (const double gamma : {1e-6, 0.1, 1.0, 6.94, 30.0, 1e5}) {
            const double width = std::sqrt((gamma + 1) / ((gamma + 2) * (gamma + 2) * (gamma + 3)));
            QVERIFY(std::abs(gammaOf(width) - gamma) < 1e-8 * (1 + gamma));
        }
        for (const double none : {0.0, -0.1, 0.29, 1.0, std::nan("")})
            QVERIFY_EXCEPTION_THROWN(gammaOf(none), EngineError);
    }

    // The standard deviation over time of what the decays leave of each step is sigmaRel times the steps.
    void aProfileHasItsWidth() {
        for (const double sigmaRel : {0.03, 0.1, 0.25}) {
            const PowerProfile profile{sigmaRel, 4000};
            double kept = 1, mean = 0, square = 0;
            for (std::int64_t k = profile.step; k >= 1; --k) {
                const double decay = powerDecay(k, gammaOf(sigmaRel)), share = (1 - decay) * kept;
                QVERIFY(std::abs(share - shareOf(k, profile)) < 1e-12);
                const double time = static_cast<double>(k) / static_cast<double>(profile.step);
                mean += share * time;
                square += share * time * time;
                kept *= decay;
            }
            QCOMPARE(kept, 0.0);  // the first step replaces the start
            QVERIFY(std::abs(std::sqrt(square - mean * mean) - sigmaRel) < 1e-3 * sigmaRel);
        }
    }

    // The package counts the weights it starts from as the first of the average.
    void powerAveragesAreThePackages() {
        const at::Tensor online = golden().tensor("in.online");
        PowerEma power({trained(at::Tensor(online[0]))}, {0.05, 0.1});
        const at::Tensor narrow = at::empty_like(online), wide = at::empty_like(online);
        for (std::int64_t i = 0; i < online.size(0); ++i) {
            power.update({trained(online[i])}, i + 2);
            at::Tensor(narrow[i]).copy_(power.profiles()[0].average[0].value);
            at::Tensor(wide[i]).copy_(power.profiles()[1].average[0].value);
        }
        const double errors[] = {relativeError(narrow, golden().tensor("out.karras_0.05")),
                                 relativeError(wide, golden().tensor("out.karras_0.1"))};
        qInfo("0.05: %.1e, 0.1: %.1e", errors[0], errors[1]);
        QVERIFY(errors[0] < 2e-5 && errors[1] < 2e-5);
    }

    void profilesHaveTheirOwnWeights() {
        const Parameter online = trained(standardNormal({4}, 1).requires_grad_(true));
        PowerEma power({online}, {0.05, 0.1});
        power.update({trained(at::zeros({4}))}, 10);
        const at::Tensor first = power.profiles()[0].average[0].value,
                         second = power.profiles()[1].average[0].value;
        QVERIFY(!first.requires_grad() && !first.equal(second));
        QVERIFY(online.value.equal(standardNormal({4}, 1)));
        QVERIFY_EXCEPTION_THROWN(PowerEma({online}, {0.5}), EngineError);
    }

    void aStoredProfileFitsItself() {
        const std::vector<PowerProfile> stored{{0.05, 500}, {0.1, 500}, {0.05, 1000}, {0.1, 1000}};
        const PostHocFit fit = fitPostHoc(stored, {0.1, 500});
        QVERIFY(fit.error < 1e-7);
        for (std::size_t i = 0; i < stored.size(); ++i)
            QVERIFY(std::abs(fit.weights[i] - (i == 1 ? 1 : 0)) < 1e-9);
    }

    // Least squares: the error is the one that adding up every step finds, and no other weights of the same
    // sum have less.
    void noOtherWeightsFitBetter() {
        std::vector<PowerProfile> stored;
        for (const std::int64_t step : {1000, 2000, 3000, 4000})
            for (const double sigmaRel : {0.05, 0.1})
                stored.push_back({sigmaRel, step});
        const PowerProfile wanted{0.15, 4000};
        const PostHocFit fit = fitPostHoc(stored, wanted);
        const double error = errorOf(stored, fit.weights, wanted);
        QVERIFY2(std::abs(error - fit.error) < 0.02 * error + 1e-4, qPrintable(QString::number(fit.error)));
        for (std::size_t i = 0; i < stored.size(); ++i)
            for (const double nudge : {-0.02, 0.02}) {
                std::vector<double> others = fit.weights;
                others[i] += nudge;
                others[(i + 1) % stored.size()] -= nudge;
                QVERIFY(errorOf(stored, others, wanted) > error);
            }
        QVERIFY(fitPostHoc({stored.begin() + 4, stored.end()}, wanted).error > fit.error);
    }

    // Far from what is stored, too, the weights are those of an average: their sum is 1.
    void weightsSumToOne() {
        std::vector<PowerProfile> stored;
        for (const std::int64_t step : {500, 1000})
            stored.push_back({0.05, step});
        for (const double width : {0.01, 0.03, 0.05, 0.1, 0.2, 0.28}) {
            const PostHocFit fit = fitPostHoc(stored, {width, 1000});
            const double sum = fit.weights[0] + fit.weights[1];
            QVERIFY2(std::abs(sum - 1) < 1e-12, qPrintable(QString::number(width)));
            const double error = errorOf(stored, fit.weights, {width, 1000});
            QVERIFY2(std::abs(error - fit.error) < 0.02 * error + 1e-4, qPrintable(QString::number(error)));
        }
    }

    void widthsOutOfReachAreRefusedWithThoseWithin() {
        const std::vector<PowerProfile> stored{{0.05, 500}, {0.05, 1000}};
        const auto refusal = [&](double width) {
            try {
                refuseFarWidth(stored, {width, 1000}, fitPostHoc(stored, {width, 1000}));
            } catch (const EngineError& error) {
                return QString::fromStdString(toText(error.error()));
            }
            return QString();
        };
        QVERIFY(refusal(0.05).isEmpty() && refusal(0.06).isEmpty());
        QVERIFY2(refusal(0.2).contains("ask for 0.03 to 0.08"), qPrintable(refusal(0.2)));
    }

    void whatCannotBeFittedIsRefused() {
        QVERIFY_EXCEPTION_THROWN(fitPostHoc({}, {0.1, 10}), EngineError);
        QVERIFY_EXCEPTION_THROWN(fitPostHoc({{0.1, 10}, {0.05, 9}}, {0.1, 11}), EngineError);
        QVERIFY_EXCEPTION_THROWN(fitPostHoc({{0.1, 10}, {0.1, 10}}, {0.05, 10}), EngineError);
    }

    // Widths that nothing tracked, from snapshots of two that were, against averages tracked all along.
    void snapshotsGiveAnyProfile() {
        constexpr int steps = 2000;
        const QTemporaryDir folder;
        const auto online = wander(steps);
        const std::vector<double> tracked{0.05, 0.1}, wanted{0.07, 0.15, 0.2};
        PowerEma kept({trained(at::zeros({40}))}, tracked), expected({trained(at::zeros({40}))}, wanted);
        std::vector<std::filesystem::path> files;
        for (int step = 1; step <= steps; ++step) {
            kept.update({trained(online[static_cast<std::size_t>(step) - 1])}, step);
            expected.update({trained(online[static_cast<std::size_t>(step) - 1])}, step);
            for (const PowerEma::Profile& profile : kept.profiles())
                if (step % 125 == 0) {
                    files.emplace_back(
                        folder.filePath(QString("%1-%2").arg(step).arg(profile.sigmaRel)).toStdString());
                    saveEmaSnapshot(profile.average, {profile.sigmaRel, step}, files.back());
                }
        }
        QCOMPARE(profileOfSnapshot(files.back()).step, std::int64_t{steps});
        QCOMPARE(profileOfSnapshot(files.back()).sigmaRel, 0.1);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const Parameter into = trained(at::zeros({40}));
            const PostHocFit fit = reconstructEma(files, {wanted[i], steps}, {into});
            const at::Tensor truth = expected.profiles()[i].average[0].value;
            // Against how far the averages are from the last weights, not from 0.
            const double distance = (truth - online.back()).norm().item<double>();
            const double error = (into.value - truth).norm().item<double>() / distance;
            qInfo("sigma_rel %.2f: weights off by %.1e, profile by %.1e", wanted[i], error, fit.error);
            QVERIFY(error < 5e-3);
        }
    }

    void badSnapshotsAreRefused() {
        const QTemporaryDir folder;
        const auto path = [&](const char* name) {
            return std::filesystem::path(folder.filePath(name).toStdString());
        };
        const Parameter weight = trained(at::ones({4}));
        saveEmaSnapshot({weight}, {0.1, 10}, path("good"));
        saveTensors({{"w", at::ones({4})}}, path("plain"));
        saveTensors({{"w", at::ones({4})}}, path("odd"), {{"sigma_rel", "0.1x"}, {"step", "10"}});
        saveTensors({{"w", at::ones({4})}}, path("early"), {{"sigma_rel", "0.05"}, {"step", "-3"}});
        saveEmaSnapshot({trained(at::ones({5}))}, {0.05, 10}, path("other"));
        for (const char* name : {"plain", "odd", "early", "other", "none"})
            QVERIFY_EXCEPTION_THROWN(reconstructEma({path("good"), path(name)}, {0.1, 10}, {weight}),
                                     EngineError);
        reconstructEma({path("good")}, {0.1, 10}, {weight});
        QVERIFY(weight.value.allclose(at::ones({4})));
    }
};

QTEST_GUILESS_MAIN(emaTest)
#include "emaTest.moc"
