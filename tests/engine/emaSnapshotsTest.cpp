// SPDX-License-Identifier: GPL-3.0-or-later
// The folder of stored averages: what is in it, what goes, what is kept.
#include <ATen/ATen.h>

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fstream>
#include <numeric>

#include "engine/train/EmaSnapshots.h"
#include "engine/train/PowerEma.h"

using namespace denoscope;

namespace {

std::vector<std::int64_t> stepsIn(const EmaSnapshots& snapshots, std::int64_t upTo = 1000000000) {
    std::vector<std::int64_t> steps;
    for (const EmaSnapshots::Entry& entry : snapshots.upTo(upTo))
        steps.push_back(entry.profile.step);
    return steps;
}

}  // namespace

class emaSnapshotsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // By their names alone: what the files hold is not looked at.
    void namesTellTheProfiles() {
        const QTemporaryDir folder;
        const EmaSnapshots snapshots(folder.path().toStdString());
        for (const char* name :
             {"step-00000200-width-0.1.safetensors", "step-00000100-width-0.05.safetensors",
              "step-123456789-width-0.25.safetensors",  // more digits than were foreseen
              "step-00000300-width-0.1.safetensors.part", "step-1-width-x.safetensors",
              "step--5-width-0.1.safetensors", "notes.txt"})
            std::ofstream(folder.filePath(name).toStdString()) << "not opened";
        QCOMPARE(stepsIn(snapshots), (std::vector<std::int64_t>{100, 200, 123456789}));
        QCOMPARE(stepsIn(snapshots, 200), (std::vector<std::int64_t>{100, 200}));
        QCOMPARE(snapshots.upTo(100).front().profile.sigmaRel, 0.05);
        QVERIFY(EmaSnapshots(folder.filePath("none").toStdString()).upTo(5).empty());
    }

    void stepsThatWereTakenBackGo() {
        const QTemporaryDir folder;
        const EmaSnapshots snapshots(folder.path().toStdString());
        const Parameter weight{"w", at::ones({2})};
        for (const std::int64_t step : {10, 20, 30})
            for (const double width : {0.05, 0.1})
                snapshots.save({weight}, {width, step});
        snapshots.dropAfter(20);
        QCOMPARE(stepsIn(snapshots), (std::vector<std::int64_t>{10, 10, 20, 20}));
        QCOMPARE(profileOfSnapshot(snapshots.upTo(20).back().path).sigmaRel, 0.1);
        snapshots.thinOut(100);
        QCOMPARE(snapshots.upTo(20).size(), std::size_t{4});
    }

    // Saved one after the other, as training does it: the ends stay, gaps widen with age.
    void olderOnesAreThinnedOut() {
        std::vector<std::int64_t> steps;
        for (std::int64_t step = 100; step <= 100000; step += 100) {
            steps.push_back(step);
            steps = spared(steps, 24);
        }
        QCOMPARE(steps.size(), std::size_t{24});
        QCOMPARE(steps.front(), std::int64_t{100});
        QCOMPARE(steps.back(), std::int64_t{100000});
        for (std::size_t i = 2; i < steps.size(); ++i) {
            const double gap = static_cast<double>(steps[i] - steps[i - 1]);
            QVERIFY2(gap <= std::max(0.7 * static_cast<double>(100000 - steps[i - 1]), 100.0),
                     qPrintable(QString("%1 to %2").arg(steps[i - 1]).arg(steps[i])));
        }
        QVERIFY(spared({1, 2, 3}, 3) == (std::vector<std::int64_t>{1, 2, 3}));
        QVERIFY(spared({1, 2, 3}, 0) == (std::vector<std::int64_t>{1, 3}));
    }

    // What is left still gives widths that nobody tracked.
    void thinnedProfilesStillFit() {
        std::vector<std::int64_t> steps;
        for (std::int64_t step = 100; step <= 20000; step += 100) {
            steps.push_back(step);
            steps = spared(steps, 24);
        }
        std::vector<PowerProfile> stored;
        for (const std::int64_t step : steps)
            for (const double width : {0.05, 0.1})
                stored.push_back({width, step});
        for (const double width : {0.04, 0.07, 0.15, 0.2}) {
            const double error = fitPostHoc(stored, {width, 20000}).error;
            qInfo("%.2f: %.1f %% off", width, 100 * error);
            QVERIFY(error < 0.1);
        }
    }
};

QTEST_GUILESS_MAIN(emaSnapshotsTest)
#include "emaSnapshotsTest.moc"
