// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWindow;

namespace denoscope {

// Says once that a window has been painted for the first time.
class FirstFrame : public QObject {
    Q_OBJECT

public:
    explicit FirstFrame(QWindow& window);

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void painted();
};

// Since the kernel started this process, to within a hundredth of a second; what was run before an exec
// counts.
double secondsSinceStart();

}  // namespace denoscope
