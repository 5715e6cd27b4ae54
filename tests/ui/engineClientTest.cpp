// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <optional>
#include <thread>

#include "FakeEngine.h"
#include "MadeData.h"
#include "ui/EngineClient.h"
#include "ui/LivePace.h"

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

    // However it is held back: all rows, in their order, and none after the event that followed it.
    void whatCameBeforeAnEventIsShownBeforeIt() {
        FakeEngine engine;
        EngineClient client(engine);
        std::vector<std::int64_t> steps;
        std::int64_t atLine = 0;
        connect(&client, &EngineClient::metricsArrived, &client, [&](const std::vector<MetricRow>& rows) {
            for (const MetricRow& row : rows)
                steps.push_back(row.step);
        });
        connect(&client, &EngineClient::logged, &client,
                [&] { atLine = static_cast<std::int64_t>(steps.size()); });
        for (int i = 1; i <= 50; ++i) {
            engine.measure(madeMetrics(i, i));
            QCoreApplication::processEvents();
        }
        engine.say(LogLine{LogLine::Level::Info, "line"});
        QTRY_COMPARE(atLine, 50);
        for (std::size_t i = 0; i < steps.size(); ++i)
            QCOMPARE(steps[i], static_cast<std::int64_t>(i) + 1);
    }

    void nothingIsShownToNobody() {
        FakeEngine engine;
        EngineClient client(engine);
        int shown = 0, lines = 0;
        connect(&client, &EngineClient::statusArrived, &client, [&] { ++shown; });
        connect(&client, &EngineClient::logged, &client, [&] { ++lines; });
        client.setWatched(false);
        engine.status({});
        const int before = engine.drains();
        QTRY_COMPARE(engine.drains(), before + 1);
        QCOMPARE(shown, 0);
        client.setWatched(true);
        QCOMPARE(shown, 1);
        client.setWatched(false);
        engine.status({});
        engine.say(LogLine{LogLine::Level::Info, "line"});  // is told at once, and with it what was held
        QTRY_COMPARE(lines, 1);
        QCOMPARE(shown, 2);
    }

    void theDearerTheSeldomer() {
        LivePace pace;
        QCOMPARE(pace.wait(100, 5), 0.0);
        pace.shown(100, 5);
        QCOMPARE(pace.wait(100, 5), LivePace::soonest);
        QCOMPARE(pace.wait(100, 5.002), 0.002 / LivePace::share);
        QCOMPARE(pace.wait(100.5, 5.002), 0.0);
        QCOMPARE(pace.wait(100, 7), LivePace::latest);
        pace.shown(101, 7);
        QCOMPARE(pace.wait(101.01, 7), 101 + LivePace::soonest - 101.01);
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
