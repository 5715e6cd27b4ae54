// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/FirstFrame.h"

#include <unistd.h>
#include <ctime>

#include <QFile>
#include <QTimer>
#include <QWindow>

namespace denoscope {

FirstFrame::FirstFrame(QWindow& window) : QObject(&window) {
    window.installEventFilter(this);
}

bool FirstFrame::eventFilter(QObject* watched, QEvent* event) {
    auto* window = qobject_cast<QWindow*>(watched);
    if (event->type() == QEvent::Expose && window != nullptr && window->isExposed()) {
        window->removeEventFilter(this);
        // The widgets paint while they handle this event: after it.
        QTimer::singleShot(0, this, &FirstFrame::painted);
    }
    return QObject::eventFilter(watched, event);
}

double secondsSinceStart() {
    QFile file(QStringLiteral("/proc/self/stat"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    // proc(5): the program's name in brackets is field 2, the start in clock ticks since boot field 22.
    const QByteArray stat = file.readAll();
    const QByteArray ticks = stat.mid(stat.lastIndexOf(')') + 2).split(' ').value(22 - 3);
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec) -
           ticks.toDouble() / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace denoscope
