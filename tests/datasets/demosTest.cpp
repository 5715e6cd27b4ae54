// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in sets, and what resolve() makes of them.
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

class demosTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hold_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<int>("rank");
        for (const auto& [source, rank] :
             {std::pair("demo:beats", 1), std::pair("demo:shapes", 2), std::pair("demo:heads", 3)})
            QTest::newRow(source) << source << rank;
    }
    void hold() {
        QFETCH(QString, source);
        QFETCH(int, rank);
        const auto set = openPath(source.toStdString()), again = openPath(source.toStdString());
        const DataFacts& facts = set->facts();
        QCOMPARE(spatialRank(facts.kind), rank);
        QVERIFY(set->size() >= 2000);
        QVERIFY(facts.labels.size() >= 2);
        std::set<std::vector<float>> distinct;
        std::set<int> labels;
        for (std::int64_t i = 0; i < 40; ++i) {
            const Item item = set->read(set->size() - 1 - i);
            QCOMPARE(item.array->shape, facts.shape);
            QCOMPARE(item.array->values, again->read(set->size() - 1 - i).array->values);
            QVERIFY(std::all_of(item.array->values.begin(), item.array->values.end(),
                                [](float v) { return std::isfinite(v); }));
            distinct.insert(item.array->values);
            labels.insert(item.label);
        }
        QCOMPARE(distinct.size(), std::size_t(40));
        QCOMPARE(labels.size(), facts.labels.size());
    }

    void headsAreInHounsfieldUnits() {
        const auto set = openPath("demo:heads");
        QVERIFY(set->facts().min < -990 && set->facts().max > 600);
        double brightest[2] = {-1000,
                               -1000};  // in the middle of the brain: blood is brighter than any tissue
        for (std::int64_t i = 0; i < 40; ++i) {
            const Item item = set->read(i);
            for (int k = 9; k < 14; ++k)
                for (int j = 12; j < 20; ++j)
                    for (int x = 12; x < 20; ++x)
                        brightest[item.label] = std::max<double>(
                            brightest[item.label],
                            item.array->values[static_cast<std::size_t>((k * 32 + j) * 32 + x)]);
        }
        QVERIFY(brightest[0] < 60);
        QVERIFY(brightest[1] > 60);
    }

    void areResolved() {
        RunConfig config;
        config.data.source = "demo:shapes";
        const auto shapes = openDataset(config.data);
        RunConfig resolved = resolve(config, *shapes);
        QCOMPARE(resolved.data.size, (Shape{32, 32}));
        QCOMPARE(resolved.data.low, 0.0);
        QCOMPARE(resolved.data.high, 255.0);
        QVERIFY(resolved.noise.sigmaData > 0.2 && resolved.noise.sigmaData < 0.7);
        QCOMPARE(resolve(resolved, *shapes), resolved);  // nothing is left to fill in

        const auto beats = openPath("demo:beats");
        resolved = resolve({}, *beats);
        QCOMPARE(resolved.data.low, -resolved.data.high);
        QCOMPARE(resolved.data.size, (Shape{512}));
        config.data.low = -7;
        config.data.high = 3;
        config.noise.sigmaData = 0.25;
        resolved = resolve(config, *beats);  // what a person chose stays
        QCOMPARE(resolved.data.low, -7.0);
        QCOMPARE(resolved.data.high, 3.0);
        QCOMPARE(resolved.noise.sigmaData, 0.25);
    }

    void unknownNamesAreRefused() {
        const Error error = errorOf("demo:heads2");
        QVERIFY(isHelpful(error));
        QVERIFY(error.remedy.find("demo:heads") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(demosTest)
#include "demosTest.moc"
