// SPDX-License-Identifier: GPL-3.0-or-later
// When a window is said to be on the screen, and how long the process has been running.
#include <QFile>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>
#include <QWindow>

#include "app/window/FirstFrame.h"

using namespace denoscope;

namespace {

class Painted : public QWidget {
public:
    int paintings = 0;

protected:
    void paintEvent(QPaintEvent*) override { ++paintings; }
};

}  // namespace

class firstFrameTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysOnceThatTheWidgetsHavePainted() {
        Painted widget;
        widget.show();
        const FirstFrame first(*widget.windowHandle());
        int painted = 0, before = 0;
        connect(&first, &FirstFrame::painted, &widget, [&] {
            ++painted;
            before = widget.paintings;
        });
        QTRY_COMPARE(painted, 1);
        QVERIFY(before > 0);
        const int paintings = widget.paintings;
        widget.hide();
        widget.show();
        QTRY_VERIFY(widget.paintings > paintings);  // exposed again
        QCoreApplication::processEvents();
        QCOMPARE(painted, 1);
    }

    void saysNothingOfAHiddenWindow() {
        QWindow window;
        window.create();
        const FirstFrame first(window);
        const QSignalSpy painted(&first, &FirstFrame::painted);
        QExposeEvent hidden{QRegion()};
        QCoreApplication::sendEvent(&window, &hidden);
        QCoreApplication::processEvents();
        QCOMPARE(painted.count(), 0);
        window.show();
        QTRY_COMPARE(painted.count(), 1);
    }

    void theProcessGetsOlder() {
        QFile uptime("/proc/uptime");
        if (!uptime.open(QIODevice::ReadOnly))
            QSKIP("this system does not say how long it has been running");
        const double first = secondsSinceStart(), second = secondsSinceStart();
        QVERIFY(first > 0 && second >= first);
        QVERIFY(second <= uptime.readAll().split(' ').front().toDouble() + 1);
    }
};

QTEST_MAIN(firstFrameTest)
#include "firstFrameTest.moc"
