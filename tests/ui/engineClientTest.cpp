// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <optional>
#include <thread>

#include "FakeEngine.h"
#include "MadeData.h"
#include "ui/EngineClient.h"

using namespace denoscope;

class engineClientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasSaidEarlierArrives() {
        FakeEngine engine;
        engine.enter(RunState::Ready);
        EngineClient client(engine);
        QCOMPARE(client.state(), RunState::Empty);  // never from within the constructor
        QTRY_COMPARE(client.state(), RunState::Ready);
    }

    void manyRingsMakeOneDrain() {
        FakeEngine engine;
        EngineClient client(engine);
        QCoreApplication::processEvents();
        const int before = engine.drains();
        int lines = 0;
        connect(&client, &EngineClient::logged, &client, [&] { ++lines; });
        std::thread talker([&] {
            for (int i = 0; i < 1000; ++i)
                engine.say(LogLine{LogLine::Level::Info, "line"});
        });
        talker.join();
        QCOMPARE(lines, 0);  // nothing is delivered outside the event loop of this thread
        QTRY_COMPARE(lines, 1000);
        QCOMPARE(engine.drains(), before + 1);
    }

    void eventsComeInOrderAndBeforeTheCurve() {
        FakeEngine engine;
        EngineClient client(engine);
        QStringList seen;
        connect(&client, &EngineClient::stateChanged, &client,
                [&](RunState state) { seen << toText(state); });
        connect(&client, &EngineClient::runOpened, &client, [&] { seen << "run"; });
        connect(&client, &EngineClient::metricsArrived, &client, [&] { seen << "metrics"; });
        engine.measure(madeMetrics(1, 3));
        engine.enter(RunState::Preparing);
        engine.say(madeRun(DataKind::Image, "/runs/a", 0));
        engine.enter(RunState::Training);
        QTRY_COMPARE(seen, QStringList({"preparing", "run", "training", "metrics"}));
    }

    void isSilentOnceGone() {
        FakeEngine engine;
        {
            EngineClient client(engine);
            engine.enter(RunState::Ready);  // a drain is queued and must die with the client
        }
        QVERIFY(!engine.hasDoorbell());
        QCoreApplication::processEvents();
        QCOMPARE(engine.drains(), 0);
    }
};

QTEST_GUILESS_MAIN(engineClientTest)
#include "engineClientTest.moc"
