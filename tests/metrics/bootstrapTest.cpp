// SPDX-License-Identifier: GPL-3.0-or-later
// Intervals that hold what they promise, and are the same every time.
#include <QtTest>
#include <cmath>

#include "engine/api/Error.h"
#include "engine/data/demos/Draws.h"
#include "engine/metrics/Bootstrap.h"

using namespace denoscope;

namespace {

double meanOf(const std::vector<double>& values, const Picks& picks) {
    double sum = 0;
    for (const std::int64_t pick : picks)
        sum += values.at(static_cast<std::size_t>(pick));
    return sum / static_cast<double>(picks.size());
}

// `real` draws around 0 and as many around `shift`.
std::vector<double> twoSets(int each, double shift, std::uint64_t key) {
    Draws draws(key);
    std::vector<double> values;
    for (int i = 0; i < 2 * each; ++i)
        values.push_back(draws.normal() + (i < each ? 0 : shift));
    return values;
}

Measured counts(std::int64_t real, std::int64_t generated) {
    Measured about;
    about.name = "difference of means";
    about.realCount = real;
    about.generatedCount = generated;
    return about;
}

// A distance that its own bias dominates: variances add to it as the sets get smaller.
double squaredDistance(const std::vector<double>& values, const Picks& left, const Picks& right) {
    const double apart = meanOf(values, left) - meanOf(values, right);
    return apart * apart;
}

}  // namespace

class bootstrapTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void intervalsCoverTheTruthAsOftenAsTheyShould() {
        constexpr int trials = 400, each = 40;
        int covered = 0;
        for (int trial = 0; trial < trials; ++trial) {
            const std::vector<double> values = twoSets(each, 0.5, mix64(static_cast<std::uint64_t>(trial)));
            const Measured result = measured(counts(each, each),
                                             [&](const Picks& left, const Picks& right) {
                                                 return meanOf(values, right) - meanOf(values, left);
                                             },
                                             {static_cast<std::uint64_t>(trial), 200});
            covered += result.low <= 0.5 && 0.5 <= result.high;
        }
        qInfo("%d of %d intervals cover the truth", covered, trials);
        QVERIFY(covered >= 0.91 * trials && covered <= 0.98 * trials);  // 95 %, less a little at n = 40
    }

    void intervalsAreAroundTheValueAndNarrowWithMoreItems() {
        double before = 1e9;
        for (const int each : {10, 100, 1000}) {
            const std::vector<double> values = twoSets(each, 1, 3);
            const Measured result = measured(
                counts(each, each),
                [&](const Picks& left, const Picks& right) { return squaredDistance(values, left, right); },
                {1, 200, 0});
            QVERIFY(result.low >= 0 && result.low <= result.value && result.value <= result.high);
            QVERIFY(result.high - result.low < before);
            before = result.high - result.low;
        }
    }

    void theFloorIsWhatEqualSetsGive() {
        constexpr int each = 200;
        const std::vector<double> values = twoSets(each, 2, 4);
        const auto distance = [&](const Picks& left, const Picks& right) {
            for (const std::int64_t pick : left)  // halves do not overlap
                if (std::ranges::count(right, pick) > 0)
                    qFatal("an item on both sides");
            return std::sqrt(squaredDistance(values, left, right));
        };
        const Measured result = measured(counts(each, each), distance, {5, 20, 0});
        QVERIFY(result.floor.has_value());
        QVERIFY(*result.floor > 0 && *result.floor < 0.4);  // about sqrt(2 / 100) * 0.8
        QVERIFY(result.value > 1.5);
        QVERIFY(!measured(counts(3, each), distance, {5, 20, 0}).floor.has_value());
    }

    void theSameSeedGivesTheSameInterval() {
        const std::vector<double> values = twoSets(20, 1, 6);
        const auto with = [&](std::uint64_t seed) {
            return measured(
                counts(20, 20),
                [&](const Picks& left, const Picks& right) { return squaredDistance(values, left, right); },
                {seed, 50});
        };
        const Measured one = with(7), again = with(7), other = with(8);
        QCOMPARE(one.low, again.low);
        QCOMPARE(one.high, again.high);
        QCOMPARE(*one.floor, *again.floor);
        QVERIFY(one.low != other.low && one.high != other.high);
        QCOMPARE(one.value, other.value);
    }

    void everyResampleHoldsTwoDifferentItems() {
        const auto spread = [](const Picks& left, const Picks& right) {
            return left[0] != left[1] && right[0] != right[1] ? 1.0 : 0.0;
        };
        const Measured result = measured(counts(2, 2), spread, {9, 100});
        QCOMPARE(result.value, 1.0);
        QCOMPARE(result.low, 1.0);
    }

    void tooLittleIsRefused() {
        const auto distance = [](const Picks&, const Picks&) { return 0.0; };
        QVERIFY_EXCEPTION_THROWN(measured(counts(1, 5), distance, {}), EngineError);
        QVERIFY_EXCEPTION_THROWN(measured(counts(5, 0), distance, {}), EngineError);
        QVERIFY_EXCEPTION_THROWN(measured(counts(5, 5), distance, {0, 1}), EngineError);
    }
};

QTEST_GUILESS_MAIN(bootstrapTest)
#include "bootstrapTest.moc"
