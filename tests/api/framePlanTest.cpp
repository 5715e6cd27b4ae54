// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "engine/api/FramePlan.h"

using namespace denoscope;

class FramePlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void smallItemsAreAllShown() {
        const FramePlan plan = framePlan(18, 64, 3 * 64 * 64);
        QCOMPARE(plan.items, itemsAtOnce);
        QCOMPARE(plan.stride, std::int64_t{1});
        QCOMPARE(plan.frames, std::int64_t{19});
        QCOMPARE(framePlan(18, 5, 3 * 64 * 64).items, std::int64_t{5});
    }

    // First items are given up, then steps, then all of it; what is planned always fits.
    void nothingIsKeptThatDoesNotFit() {
        std::int64_t before = itemsAtOnce + 1;
        for (std::int64_t values = 1; values < std::int64_t{1} << 40; values = values * 3 / 2 + 1)
            for (const std::int64_t steps : {1, 2, 18, 250, 100000}) {
                const FramePlan plan = framePlan(steps, 100, values);
                QVERIFY(plan.items * plan.frames <= mostFrameValues / (2 * values));
                if (steps == 18) {
                    QVERIFY(plan.items <= before);
                    before = plan.items;
                }
                if (plan.items == 0)
                    continue;
                // Steps 0, stride, 2 stride ... below `steps`, then the result.
                QVERIFY((plan.frames - 2) * plan.stride < steps && (plan.frames - 1) * plan.stride >= steps);
                QVERIFY(plan.stride == 1 || plan.items == 1);
            }
        QCOMPARE(framePlan(18, 1, mostFrameValues / 2).items, std::int64_t{0});
        QCOMPARE(framePlan(18, 1, mostFrameValues / 4).frames, std::int64_t{2});  // noise and result
    }
};

QTEST_GUILESS_MAIN(FramePlanTest)
#include "framePlanTest.moc"
