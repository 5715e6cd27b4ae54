// SPDX-License-Identifier: GPL-3.0-or-later
// The pyramid against plain loops; and what is read of it while another thread builds it.
#include <QTest>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <thread>

#include "widgets/WaveformSummary.h"

using namespace denoscope;

namespace {

using Samples = std::vector<float>;

MinMax loopOver(const Samples& samples, std::int64_t begin, std::int64_t end) {
    MinMax result;
    for (std::int64_t i = begin; i < end; ++i)
        result.add(samples[static_cast<std::size_t>(i)]);
    return result;
}

std::shared_ptr<Samples> noise(std::size_t length, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(3, 10);
    auto samples = std::make_shared<Samples>(length);
    for (float& value : *samples)
        value = normal(random);
    for (std::size_t i = 0; i < length / 1000; ++i)
        (*samples)[random() % length] =
            i % 2 == 0 ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity();
    return samples;
}

}  // namespace

class waveSummaryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsAPlainLoopOverAnyStretch() {
        std::mt19937 random(5);
        for (const std::size_t length : {1UL, 63UL, 64UL, 65UL, 4096UL, 100'000UL, 262'147UL}) {
            const auto samples = noise(length, static_cast<unsigned>(length));
            const WaveformSummary summary(samples, 0, static_cast<std::int64_t>(length));
            QVERIFY(summary.isReady());
            for (int i = 0; i < 300; ++i) {
                auto begin = static_cast<std::int64_t>(random() % (length + 1));
                auto end = static_cast<std::int64_t>(random() % (length + 1));
                if (i % 3 == 0)  // at the edges of blocks
                    begin = begin / 64 * 64, end = end / 4096 * 4096;
                if (begin > end)
                    std::swap(begin, end);
                QCOMPARE(summary.over(begin, end), loopOver(*samples, begin, end));
            }
        }
    }

    void statisticsAreThoseOfTheFiniteValues() {
        const auto samples = noise(50'000, 1);
        const WaveformSummary summary(samples, 0, 50'000);
        for (const auto& [begin, end] :
             {std::pair{0L, 50'000L}, {17L, 30L}, {4095L, 4097L}, {4096L, 12'288L}, {100L, 49'321L}}) {
            double sum = 0, squares = 0;
            std::int64_t finite = 0;
            for (std::int64_t i = begin; i < end; ++i)
                if (const auto value = static_cast<double>((*samples)[static_cast<std::size_t>(i)]);
                    std::isfinite(value)) {
                    sum += value;
                    squares += value * value;
                    ++finite;
                }
            const MinMax extremes = loopOver(*samples, begin, end);
            const auto result = summary.statistics(begin, end);
            QVERIFY(result);
            QCOMPARE(result->count, end - begin);
            QCOMPARE(result->notFinite, end - begin - finite);
            QCOMPARE(result->min, static_cast<double>(extremes.min));
            QCOMPARE(result->max, static_cast<double>(extremes.max));
            QVERIFY(std::abs(result->mean - sum / static_cast<double>(finite)) < 1e-9);
            QVERIFY(std::abs(result->rms - std::sqrt(squares / static_cast<double>(finite))) < 1e-9);
        }
        QCOMPARE(summary.statistics(10, 10)->count, 0);
    }

    void canBeBuiltInPieces() {
        const auto samples = noise(5'000'000, 2);
        WaveformSummary summary(samples, 0, 5'000'000, WaveformSummary::Build::Later);
        QVERIFY(!summary.isReady());
        QVERIFY(!summary.statistics(0, 10));
        QVERIFY(summary.all().empty);
        QCOMPARE(summary.over(4'000'100, 4'000'200),
                 loopOver(*samples, 4'000'100, 4'000'200));  // few: at once
        std::stop_source stop;
        int calls = 0;
        summary.build(stop.get_token(), [&] {
            ++calls;
            stop.request_stop();
        });
        QCOMPARE(calls, 1);
        QVERIFY(!summary.isReady());
        const MinMax part = summary.all();
        QVERIFY(!part.empty);
        summary.build();  // goes on where it was stopped
        QVERIFY(summary.isReady());
        QCOMPARE(summary.all(), loopOver(*samples, 0, 5'000'000));
    }

    // Rises from sample to sample, so whatever is ready has its maximum at its end.
    void isReadWhileItIsBuilt() {
        auto samples = std::make_shared<Samples>(8'000'000);
        std::iota(samples->begin(), samples->end(), 0.F);
        WaveformSummary summary(samples, 0, 8'000'000, WaveformSummary::Build::Later);
        {
            const std::jthread builder([&] { summary.build(); });
            float before = 0;
            while (!summary.isReady()) {
                const MinMax all = summary.all();
                QVERIFY(all.empty || (all.min == 0 && all.max >= before));
                before = all.max;
            }
        }
        QCOMPARE(summary.all().max, 7'999'999.F);
    }
};

QTEST_GUILESS_MAIN(waveSummaryTest)
#include "waveSummaryTest.moc"
