// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic of previews, speed and remaining time.
#include <QTest>
#include <cmath>

#include "engine/session/PreviewBudget.h"
#include "engine/session/Throughput.h"

using namespace denoscope;

class budgetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void previewsFallDueEveryFewSteps() {
        PreviewBudget budget;
        QVERIFY(!budget.allows(1, 10, 5));
        QVERIFY(budget.allows(10, 10, 5));  // the first one always
        QVERIFY(budget.allows(11, 10, 5));  // and it stays due until it is drawn
        budget.addPreview(0.001);
        QVERIFY(!budget.allows(12, 10, 5));
        PreviewBudget none;
        QVERIFY(!none.allows(10, 0, 100));
    }

    void previewsStayWithinTheirShare_data() {
        QTest::addColumn<double>("cost");
        QTest::addColumn<double>("percent");
        QTest::newRow("cheap") << 0.1 << 5.0;
        QTest::newRow("as dear as 50 steps") << 50.0 << 5.0;
        QTest::newRow("half of the time") << 50.0 << 50.0;
    }
    void previewsStayWithinTheirShare() {
        QFETCH(double, cost);
        QFETCH(double, percent);
        PreviewBudget budget;
        int drawn = 0;
        constexpr int steps = 20000;
        for (int step = 1; step <= steps; ++step) {
            budget.addTraining(1);
            if (!budget.allows(step, 10, percent))
                continue;
            budget.addPreview(cost);
            ++drawn;
            if (drawn > 1)
                QVERIFY(budget.share() <= percent / 100 + 1e-12);
        }
        const double share = drawn * cost / (steps + drawn * cost);
        QVERIFY(std::abs(budget.share() - share) < 1e-9);
        // As many as were asked for, or as the budget pays for.
        const double affordable = percent / 100 * steps / (1 - percent / 100) / cost;
        QVERIFY(drawn <= steps / 10 && drawn >= std::min(steps / 10.0, affordable) - 12);
    }

    void speedIsTheMeanOfTheLastSteps() {
        Throughput throughput;
        QCOMPARE(throughput.secondsPerStep(), 0.0);
        QCOMPARE(throughput.itemsPerSecond(8), 0.0);
        QVERIFY(throughput.secondsLeft(10, 0) < 0);  // not known yet
        throughput.addStep(2);
        QVERIFY(std::abs(throughput.secondsPerStep() - 2) < 1e-12);  // no bias at the start
        throughput.addStep(4);
        QVERIFY(std::abs(throughput.secondsPerStep() - (0.95 * 2 + 4) / 1.95) < 1e-12);
        for (int i = 0; i < 500; ++i)
            throughput.addStep(0.5);
        QVERIFY(std::abs(throughput.secondsPerStep() - 0.5) < 1e-9);
        QVERIFY(std::abs(throughput.itemsPerSecond(8) - 16) < 1e-6);
        QVERIFY(std::abs(throughput.secondsLeft(100, 0) - 50) < 1e-6);
        QVERIFY(std::abs(throughput.secondsLeft(100, 0.2) - 62.5) < 1e-6);
        QVERIFY(throughput.secondsLeft(100, 1) < 0);
    }
};

QTEST_GUILESS_MAIN(budgetTest)
#include "budgetTest.moc"
