// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "engine/core/Machine.h"

using namespace denoscope;

class machineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsItself() {
        QVERIFY(!devices().empty());
        QCOMPARE(devices()[0].name, std::string("cpu"));
        QVERIFY(mathLibrary().matmulGflops > 0);
    }

    void whatItCannotDoIsToldAndDoneOtherwise() {
        RunConfig config;
        QVERIFY(!beyondMachine(config.training, false));
        QVERIFY(withinMachine(config, false) == config);
        config.training.precision = Precision::BFloat16;
        QVERIFY(!beyondMachine(config.training, true));
        QVERIFY(withinMachine(config, true) == config);
        const auto told = beyondMachine(config.training, false);
        QVERIFY(told);
        QCOMPARE(told->where, std::string("training.precision"));
        QVERIFY(!told->what.empty() && !told->remedy.empty());
        RunConfig expected = config;
        expected.training.precision = Precision::Float32;
        QVERIFY(withinMachine(config, false) == expected);
    }
};

QTEST_GUILESS_MAIN(machineTest)
#include "machineTest.moc"
