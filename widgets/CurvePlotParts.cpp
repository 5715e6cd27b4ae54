// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/CurvePlotParts.h"

#include <algorithm>
#include <cmath>
#include <typeinfo>

#include "widgets/AxisTicks.h"

namespace denoscope {

namespace {

constexpr double xMargin = 0.01;
constexpr double yMargin = 0.06;
constexpr std::size_t fewPoints = 24;  // shown as dots, too: a single point has no line

class RoundTicker : public QCPAxisTicker {
protected:
    QVector<double> createTickVector(double, const QCPRange& range) override {
        const std::vector<double> ticks = logTicks(range.lower, range.upper);
        return {ticks.begin(), ticks.end()};
    }
};

template <typename Ticker>
void giveTicker(QCPAxis* axis) {
    if (const QCPAxisTicker& now = *axis->ticker(); typeid(now) != typeid(Ticker))
        axis->setTicker(QSharedPointer<QCPAxisTicker>(new Ticker));
}

}  // namespace

void CurvePlot::Parts::createPlot(CurvePlot* owner) {
    plot = new QCustomPlot(owner);
    plot->setFocusPolicy(Qt::StrongFocus);
    plot->setMouseTracking(true);
    plot->setMinimumSize(160, 100);
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->axisRect()->setRangeZoomFactor(0.85);
    // Wide pens are 30 to 100 times slower without the first hint.
    plot->setPlottingHints(QCP::phFastPolylines | QCP::phCacheLabels);
    plot->axisRect()->setupFullAxesBox();
    plot->xAxis2->setTicks(false);
    plot->yAxis2->setTicks(false);
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
        axis->setNumberFormat(QStringLiteral("gb"));
        axis->setNumberPrecision(5);
        QObject::connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), owner, [this, axis] {
            chooseTicks(axis);
            follows = follows && fitting;
        });
    }
    plot->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignRight);
    createItems();
}

void CurvePlot::Parts::createItems() {
    plot->layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);  // the crosshair repaints alone
    marks = new NotFiniteMarks(plot);
    events = new EventMarks(plot);
    crosshair = new QCPItemTracer(plot);
    crosshair->setStyle(QCPItemTracer::tsCrosshair);
    dot = new QCPItemTracer(plot);
    dot->setStyle(QCPItemTracer::tsCircle);
    dot->setSize(8);
    readout = new QCPItemText(plot);
    readout->position->setType(QCPItemPosition::ptAxisRectRatio);
    readout->position->setCoords(0, 0);
    readout->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    readout->setTextAlignment(Qt::AlignLeft);
    readout->setPadding({6, 3, 6, 3});
    for (QCPAbstractItem* item : std::initializer_list<QCPAbstractItem*>{crosshair, dot, readout}) {
        item->setLayer(QStringLiteral("overlay"));
        item->setSelectable(false);
        item->setVisible(false);
    }
    placeholder = new PlotSentence(plot);
}

void CurvePlot::Parts::setScale(QCPAxis* axis, bool logarithmic) {
    fitting = true;
    axis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    fitting = false;
    follows = true;  // the old range says little on the other scale
    refeedAll();
}

void CurvePlot::Parts::chooseTicks(QCPAxis* axis) const {
    const QCPRange range = axis->range();
    if (axis->scaleType() != QCPAxis::stLogarithmic)
        giveTicker<QCPAxisTicker>(axis);
    else if (range.upper > range.lower * 30)
        giveTicker<QCPAxisTickerLog>(axis);
    else
        giveTicker<RoundTicker>(axis);
}

void CurvePlot::Parts::refeedAll() {
    marks->clear();
    for (Curve& curve : curves) {
        curve.raw->data()->clear();
        curve.smooth->data()->clear();
        curve.fed = 0;
        curve.stride = strideOf(curve);
        curve.smoother = Smoother(std::pow(weight, curve.stride));
        feed(curve);
    }
}

// One smoothing for all curves must look back equally far along x: a validation loss with a point for every
// hundred of the training loss would otherwise lag behind by a hundred times as many steps.
double CurvePlot::Parts::strideOf(const Curve& curve) const {
    const auto spacing = [](const Curve& c) {
        const std::size_t gaps = c.points.size() > 1 ? c.points.size() - 1 : 0;
        return gaps > 0 ? (c.points.xExtent().high - c.points.xExtent().low) / static_cast<double>(gaps)
                        : 0.0;
    };
    double densest = spacing(curve);
    for (const Curve& other : curves)
        if (other.points.size() >= curve.points.size() && spacing(other) > 0)
            densest = std::min(densest, spacing(other));
    return densest > 0 ? spacing(curve) / densest : 1.0;
}

void CurvePlot::Parts::feedNew(Curve& changed) {
    const bool moved = weight > 0 && std::any_of(curves.begin(), curves.end(), [this](const Curve& curve) {
                           return std::abs(strideOf(curve) / curve.stride - 1) > 0.25;
                       });
    if (moved)
        refeedAll();
    else
        feed(changed);
}

// Gives the graphs the points they do not have yet, as they fall on the present axes.
void CurvePlot::Parts::feed(Curve& curve) {
    constexpr double gap = std::numeric_limits<double>::quiet_NaN();
    const auto xs = curve.points.x();
    const auto ys = curve.points.y();
    const auto onAxis = [this](double y) { return std::isfinite(y) && (!isLogY || y > 0) ? y : gap; };
    QVector<QCPGraphData> raw;
    QVector<QCPGraphData> smooth;
    for (std::size_t i = curve.fed; i < xs.size(); ++i) {
        const double smoothed = curve.smoother.next(ys[i]);  // points left of a log axis count for it, too
        if (isLogX && xs[i] <= 0)
            continue;
        raw.append({xs[i], onAxis(ys[i])});
        if (std::isfinite(ys[i]))
            smooth.append({xs[i], onAxis(smoothed)});
        else if (curve.visible)
            marks->add(xs[i]);
    }
    curve.fed = xs.size();
    curve.raw->data()->add(raw, true);
    curve.smooth->data()->add(smooth, true);
    const bool few = curve.points.size() <= fewPoints;
    curve.raw->setScatterStyle(few ? QCPScatterStyle(QCPScatterStyle::ssDisc, 5) : QCPScatterStyle());
}

void CurvePlot::Parts::fitRanges() {
    Extent x;
    Extent y;
    for (const Curve& curve : curves) {
        if (!curve.visible)
            continue;
        x.add(curve.points.xExtent());
        y.add(curve.points.yExtent());
    }
    const auto [left, right] = x.axisRange(isLogX, xMargin);
    const auto [bottom, top] = y.axisRange(isLogY, yMargin);
    fitting = true;
    plot->xAxis->setRange(left, right);
    plot->yAxis->setRange(bottom, top);
    fitting = false;
}

void CurvePlot::Parts::zoom(double factor) {
    plot->xAxis->scaleRange(factor);
    plot->yAxis->scaleRange(factor);
}

void CurvePlot::Parts::pan(double right, double up) {
    const auto move = [](QCPAxis* axis, double share) {
        const QCPRange range = axis->range();
        if (axis->scaleType() == QCPAxis::stLogarithmic) {
            const double times = std::pow(range.upper / range.lower, share);
            axis->setRange(range.lower * times, range.upper * times);
        } else {
            axis->moveRange(range.size() * share);
        }
    };
    if (right != 0)
        move(plot->xAxis, right);
    if (up != 0)
        move(plot->yAxis, up);
}

void CurvePlot::Parts::restrictZoom(const QPointF& position) {
    const QRect inner = plot->axisRect()->rect();
    QList<QCPAxis*> axes{plot->xAxis, plot->yAxis};
    if (position.y() > inner.bottom())
        axes = {plot->xAxis};
    else if (position.x() < inner.left())
        axes = {plot->yAxis};
    plot->axisRect()->setRangeZoomAxes(axes);
    plot->axisRect()->setRangeDragAxes(axes);
}

CurvePlot::Parts::Nearest CurvePlot::Parts::nearest(const QPointF& position) const {
    constexpr double reach = 24;  // pixels left and right of the mouse
    const auto [low, high] = std::minmax(
        {plot->xAxis->pixelToCoord(position.x() - reach), plot->xAxis->pixelToCoord(position.x() + reach)});
    Nearest best;
    double bestDistance = std::numeric_limits<double>::infinity();
    for (const Curve& curve : curves) {
        if (!curve.visible)
            continue;
        const auto [first, last] = curve.points.within(low, high);
        const std::size_t stride = std::max<std::size_t>(1, (last - first) / 20'000);
        for (std::size_t i = first; i < last; i += stride) {
            const double value = curve.points.y()[i];
            if (!std::isfinite(value) || (isLogY && value <= 0))
                continue;
            const double distance = std::hypot(plot->xAxis->coordToPixel(curve.points.x()[i]) - position.x(),
                                               plot->yAxis->coordToPixel(value) - position.y());
            if (distance < bestDistance) {
                bestDistance = distance;
                best = {&curve, i};
            }
        }
    }
    return best;
}

QString CurvePlot::Parts::showNearest(const QPointF& position) {
    const Nearest found =
        plot->axisRect()->rect().contains(position.toPoint()) ? nearest(position) : Nearest{};
    if (!found.curve) {
        hideReadout();
        return {};
    }
    const double x = found.curve->points.x()[found.index];
    const double y = found.curve->points.y()[found.index];
    const auto number = [](double value) { return QString::number(value, 'g', 7); };
    QString text = QStringLiteral("%1  %2, %3").arg(found.curve->name, number(x), number(y));
    if (weight > 0) {
        const auto data = found.curve->smooth->data()->findBegin(x, false);
        if (data != found.curve->smooth->data()->constEnd())
            text += CurvePlot::tr("  smoothed %1").arg(number(data->value));
    }
    for (QCPItemTracer* item : {crosshair, dot})
        item->position->setCoords(x, y);
    dot->setPen(QPen(found.curve->smooth->pen().color(), 2));
    readout->setText(text);
    for (QCPAbstractItem* item : std::initializer_list<QCPAbstractItem*>{crosshair, dot, readout})
        item->setVisible(true);
    plot->layer(QStringLiteral("overlay"))->replot();
    return text;
}

void CurvePlot::Parts::hideReadout() {
    if (!readout->visible())
        return;
    for (QCPAbstractItem* item : std::initializer_list<QCPAbstractItem*>{crosshair, dot, readout})
        item->setVisible(false);
    plot->layer(QStringLiteral("overlay"))->replot();
}

void CurvePlot::Parts::updateNote() {
    std::size_t notFinite = 0;
    std::size_t notOnLog = 0;
    for (const Curve& curve : curves) {
        notFinite += curve.points.notFinite();
        notOnLog += (isLogX ? curve.points.notOnLogX() : 0) + (isLogY ? curve.points.notOnLogY() : 0);
    }
    QStringList sentences;
    if (notFinite > 0)
        sentences << CurvePlot::tr("%L1 not finite").arg(notFinite);
    if (notOnLog > 0)
        sentences << CurvePlot::tr("%L1 not above zero, not shown").arg(notOnLog);
    note->setText(sentences.join(QStringLiteral(" · ")));
    note->setToolTip(note->text());
    note->setVisible(!sentences.isEmpty());
}

bool CurvePlot::Parts::isEmpty() const {
    return std::all_of(curves.begin(), curves.end(),
                       [](const Curve& curve) { return curve.points.size() == 0; });
}

}  // namespace denoscope
