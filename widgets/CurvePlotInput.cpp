// SPDX-License-Identifier: GPL-3.0-or-later
// What mouse and keyboard do in a CurvePlot.
#include <QKeyEvent>

#include "widgets/CurvePlotParts.h"
#include "widgets/Painting.h"

namespace denoscope {

bool CurvePlot::eventFilter(QObject* watched, QEvent* event) {
    QCustomPlot* plot = m_parts->plot;
    const auto done = [&] {
        plot->replot(QCustomPlot::rpQueuedReplot);
        return true;
    };
    switch (event->type()) {
        case QEvent::KeyPress:
            switch (static_cast<QKeyEvent*>(event)->key()) {
                case Qt::Key_Left:
                    m_parts->pan(-0.1, 0);
                    return done();
                case Qt::Key_Right:
                    m_parts->pan(0.1, 0);
                    return done();
                case Qt::Key_Up:
                    m_parts->pan(0, 0.1);
                    return done();
                case Qt::Key_Down:
                    m_parts->pan(0, -0.1);
                    return done();
                case Qt::Key_Plus:
                case Qt::Key_Equal:
                    m_parts->zoom(0.8);
                    return done();
                case Qt::Key_Minus:
                    m_parts->zoom(1.25);
                    return done();
                case Qt::Key_Home:
                case Qt::Key_0:
                    fitAll();
                    return true;
                default:
                    break;
            }
            break;
        case QEvent::MouseButtonPress:
        case QEvent::Wheel:
            m_parts->restrictZoom(static_cast<QSinglePointEvent*>(event)->position());
            break;
        case QEvent::MouseButtonDblClick:
            fitAll();
            return true;
        case QEvent::MouseMove:
            Q_EMIT readoutChanged(m_parts->showNearest(static_cast<QMouseEvent*>(event)->position()));
            break;
        case QEvent::Leave:
            m_parts->hideReadout();
            Q_EMIT readoutChanged({});
            break;
        case QEvent::FocusIn:
        case QEvent::FocusOut:
            update();
            break;
        case QEvent::Show:
        case QEvent::Resize:  // QCustomPlot asks for the screen's ratio once, before it is on a screen
            if (plot->bufferDevicePixelRatio() != plot->devicePixelRatioF())
                plot->setBufferDevicePixelRatio(plot->devicePixelRatioF());
            break;
        default:
            break;
    }
    return QWidget::eventFilter(watched, event);
}

void CurvePlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_parts->plot->hasFocus())
        paintFocusFrame(painter, m_parts->plot->geometry().adjusted(-2, -2, 2, 2));
}

}  // namespace denoscope
