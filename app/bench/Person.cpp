// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/Person.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>

#include "ui/CurveBox.h"
#include "ui/DenoisingPanel.h"
#include "ui/MainWindow.h"
#include "ui/TrainingPanel.h"
#include "ui/ViewerPanel.h"
#include "ui/viewers/VolumeViewer.h"
#include "widgets/ScrubBar.h"
#include "widgets/SliceView.h"

namespace denoscope {

namespace {

constexpr int actsPerSecond = 60;

void press(QWidget& widget, Qt::Key key) {
    QKeyEvent down(QEvent::KeyPress, key, Qt::NoModifier), up(QEvent::KeyRelease, key, Qt::NoModifier);
    QApplication::sendEvent(&widget, &down);
    QApplication::sendEvent(&widget, &up);
}

}  // namespace

Person::Person(MainWindow& window) : m_window(window) {
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Person::act);
    m_timer.start(1000 / actsPerSecond);
}

void Person::act() {
    switch (m_turn++ / actsPerSecond % 3) {
        case 0:
            return scrub();
        case 1:
            return slice();
        default:
            return curve();
    }
}

bool Person::sawAll() const {
    return m_frames > 0 && m_slices > 0 && m_points > 0;
}

void Person::scrub() {
    ScrubBar& bar = m_window.denoisingPanel().scrub();
    const int before = bar.frame();
    press(bar, bar.frame() + 1 < bar.frameCount() ? Qt::Key_Right : Qt::Key_Home);
    m_frames += bar.frame() != before ? 1 : 0;
}

void Person::slice() {
    SliceView& slices = m_window.viewerPanel().findChild<VolumeViewer*>()->slices();
    Voxel voxel = slices.cursor3d();
    const Voxel before = voxel;
    auto& along = voxel[static_cast<std::size_t>(m_turn % 3)];
    along = along > 1 ? along - 1 : along + 20;
    slices.setCursor3d(voxel);
    m_slices += slices.cursor3d() != before ? 1 : 0;
}

void Person::curve() {
    constexpr Qt::Key keys[] = {Qt::Key_Plus, Qt::Key_Right, Qt::Key_Minus, Qt::Key_Left};
    QWidget& plot = *m_window.trainingPanel().curve().plot().focusProxy();
    press(plot, keys[m_turn / 4 % 4]);
    const QPointF place(plot.width() * (m_turn % actsPerSecond) / double{actsPerSecond}, plot.height() / 2.0);
    QMouseEvent move(QEvent::MouseMove, place, plot.mapToGlobal(place), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    QApplication::sendEvent(&plot, &move);
    m_points += m_window.trainingPanel().curve().pointCount() > 0 ? 1 : 0;
}

}  // namespace denoscope
