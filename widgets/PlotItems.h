// SPDX-License-Identifier: GPL-3.0-or-later
// What a plot shows beside its lines: points that a line cannot show, events, a sentence while it is empty.
#pragma once

#include <QString>
#include <utility>
#include <vector>

#include "widgets/CurvePlot.h"
#include "widgets/QCustomPlotHeader.h"

namespace denoscope {

// Small triangles on the lower edge of the plot where values were not finite. QCustomPlot's adaptive sampling
// may drop a NaN that shares its pixel with other points; these are drawn whatever the zoom.
class NotFiniteMarks : public QCPAbstractItem {
public:
    explicit NotFiniteMarks(QCustomPlot* plot) : QCPAbstractItem(plot) { setSelectable(false); }

    void setColor(const QColor& color) { m_color = color; }
    void clear() { m_x.clear(); }
    void add(double x) { m_x.push_back(x); }

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override;

private:
    std::vector<double> m_x;
    QColor m_color;
};

// Dashed lines from top to bottom, each with words beside it, where something happened.
class EventMarks : public QCPAbstractItem {
public:
    explicit EventMarks(QCustomPlot* plot) : QCPAbstractItem(plot) { setSelectable(false); }

    void setColor(const QColor& color) { m_color = color; }
    void setMarks(std::vector<CurveMark> marks) { m_marks = std::move(marks); }

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override;

private:
    std::vector<CurveMark> m_marks;
    QColor m_color;
};

// A sentence in the middle, in as many lines as the width asks for.
class PlotSentence : public QCPAbstractItem {
public:
    explicit PlotSentence(QCustomPlot* plot) : QCPAbstractItem(plot) { setSelectable(false); }

    void setColor(const QColor& color) { m_color = color; }
    void setText(const QString& text) { m_text = text; }

    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override;

private:
    QString m_text;
    QColor m_color;
};

}  // namespace denoscope
