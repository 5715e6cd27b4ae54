// SPDX-License-Identifier: GPL-3.0-or-later
// The watch that measures blocks of the window's event loop, on a clock that the tests turn.
#include <QTest>
#include <QTimer>

#include "app/bench/LoopWatch.h"

using namespace denoscope;

class loopWatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_now = 0;
        m_watch.begin();
    }

    void whatIsDeliveredBetweenTwoSleepsIsOneStretch() {
        deliver(10);
        deliver(95);
        m_watch.sleeps();
        m_now += 1000;  // asleep
        deliver(20);
        m_watch.sleeps();
        m_watch.sleeps();  // nothing was delivered
        const LoopWatch::Summary summary = m_watch.summary();
        QCOMPARE(summary.stretches, 2);
        QCOMPARE(summary.longest, 105.0);
        QCOMPARE(summary.over100, 1);
        QCOMPARE(summary.over16, 2);
        QCOMPARE(summary.busyShare, 125.0 / 1125);
    }

    void sixteenIsNotOverSixteen() {
        for (int i = 0; i < 99; ++i) {
            deliver(16);
            m_watch.sleeps();
        }
        QCOMPARE(m_watch.summary().over16, 0);
        deliver(17);
        m_watch.sleeps();
        QCOMPARE(m_watch.summary().over16, 1);
        QCOMPARE(m_watch.summary().percentile99, 16.0);
        deliver(18);
        m_watch.sleeps();
        QCOMPARE(m_watch.summary().percentile99, 17.0);
    }

    void theEventThatTookTheTimeIsNamed() {
        m_watch.enter("Window", QEvent::UpdateRequest);
        m_now += 5;
        m_watch.enter("Plot", QEvent::Paint);
        m_now += 40;
        m_watch.leave();
        m_now += 3;
        m_watch.leave();
        deliver(30);
        m_watch.sleeps();
        deliver(60);  // longer, but in a shorter stretch
        m_watch.sleeps();
        QCOMPARE(m_watch.summary().worst, QString("Paint to Plot, 40.0 ms"));
    }

    void beginForgetsTheEventInHand() {
        m_watch.enter("Button", QEvent::MouseButtonPress);
        m_now += 500;
        m_watch.begin();
        m_watch.leave();
        m_watch.sleeps();
        QCOMPARE(m_watch.summary().stretches, 0);
    }

    // The application hears of a block that a timer of Qt causes, and of where the loop slept.
    void theApplicationTellsItsWatch() {
        auto& application = *qobject_cast<WatchedApplication*>(qApp);
        application.watch().begin();
        QObject receiver;
        QMetaObject::invokeMethod(
            &receiver, [] { QTest::qSleep(120); }, Qt::QueuedConnection);
        QEventLoop loop;
        QTimer looks;
        connect(&looks, &QTimer::timeout, &loop, [&] {
            if (application.watch().summary().over100 > 0)  // it has slept since
                loop.quit();
        });
        looks.start(5);
        loop.exec();
        const LoopWatch::Summary summary = application.watch().summary();
        QVERIFY(summary.longest >= 120);
        QVERIFY2(summary.worst.startsWith("MetaCall to QObject"), qPrintable(summary.worst));
    }

private:
    void deliver(double milliseconds) {
        m_watch.enter("Receiver", QEvent::Timer);
        m_now += milliseconds;
        m_watch.leave();
    }

    double m_now = 0;
    LoopWatch m_watch{[this] { return m_now; }};
};

int main(int argc, char** argv) {
    WatchedApplication application(argc, argv);
    loopWatchTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "loopWatchTest.moc"
