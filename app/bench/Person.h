// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

namespace denoscope {

class MainWindow;

// Somebody who never rests: 60 times a second, a second each in turn, goes through the frames of a denoising,
// through the slices of the volume in the viewer, and zooms, pans and reads the curve. Expects all three to
// be there.
class Person : public QObject {
    Q_OBJECT

public:
    explicit Person(MainWindow& window);

    bool sawAll() const;  // that frames, slices and curve have moved

private:
    void act();
    void scrub();
    void slice();
    void curve();

    MainWindow& m_window;
    QTimer m_timer;
    int m_turn = 0;
    int m_frames = 0, m_slices = 0, m_points = 0;  // changes seen
};

}  // namespace denoscope
