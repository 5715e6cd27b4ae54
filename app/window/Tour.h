// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QObject>

#include "ui/MainWindow.h"

namespace denoscope {

// The demo without a person: waits until something is learned, presses Sample, saves window.png, loss.png,
// samples.png and denoising.png, and reports. Follows the window's own signals; clocks are only for giving
// up.
class Tour : public QObject {
    Q_OBJECT

public:
    Tour(MainWindow& window, const QDir& folder, std::int64_t steps);

Q_SIGNALS:
    void done(bool success, const QString& report);

private:
    void look();
    void sample();
    void save();
    void giveUp(const QString& reason);

    MainWindow& m_window;
    QDir m_folder;
    std::int64_t m_steps;
    bool m_late = false;  // the time for training is over: go on with what is learned
    bool m_sampling = false;
    bool m_finished = false;
};

}  // namespace denoscope
