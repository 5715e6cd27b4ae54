// SPDX-License-Identifier: GPL-3.0-or-later
// Inside CurvePlot: what it is made of. Kept out of its header so that its users do not read QCustomPlot.
#pragma once

#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <deque>

#include "widgets/CurvePlot.h"
#include "widgets/CurveSeries.h"
#include "widgets/PlotItems.h"
#include "widgets/Smoothing.h"

namespace denoscope {

struct CurvePlot::Parts {
    struct Curve {
        QString name;
        QColor hint;
        CurveSeries points;
        QCPGraph* raw = nullptr;
        QCPGraph* smooth = nullptr;
        std::size_t fed = 0;   // points that the graphs have
        Smoother smoother{0};  // after those points
        double stride = 1;     // its spacing along x, in that of the densest curve
        bool visible = true;
    };
    struct Nearest {
        const Curve* curve = nullptr;
        std::size_t index = 0;
    };

    QCustomPlot* plot = nullptr;
    NotFiniteMarks* marks = nullptr;
    EventMarks* events = nullptr;
    QCPItemTracer* crosshair = nullptr;
    QCPItemTracer* dot = nullptr;
    QCPItemText* readout = nullptr;
    PlotSentence* placeholder = nullptr;
    QToolButton* logX = nullptr;
    QToolButton* logY = nullptr;
    QToolButton* fit = nullptr;
    QSlider* smoothing = nullptr;
    QLabel* smoothingText = nullptr;
    QLabel* note = nullptr;
    std::deque<Curve> curves;
    double weight = 0;
    bool isLogX = false;
    bool isLogY = false;
    bool follows = true;
    bool fitting = false;  // the ranges are being changed by us, not by the person

    void createPlot(CurvePlot* owner);
    void createItems();
    void setScale(QCPAxis* axis, bool logarithmic);
    void chooseTicks(QCPAxis* axis) const;
    void refeedAll();
    void feedNew(Curve& changed);
    double strideOf(const Curve& curve) const;
    void feed(Curve& curve);
    void fitRanges();
    void zoom(double factor);
    void pan(double right, double up);
    void restrictZoom(const QPointF& position);
    Nearest nearest(const QPointF& position) const;
    QString showNearest(const QPointF& position);  // the readout's text; empty: nothing near
    void hideReadout();
    void updateNote();
    bool isEmpty() const;
};

}  // namespace denoscope
