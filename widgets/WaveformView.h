// SPDX-License-Identifier: GPL-3.0-or-later
// Signals as stacked lanes, one per channel, over one shared time axis. Fluent from all of 10^7 samples to
// single ones: each pixel column draws the true minimum and maximum of its samples. Wheel zooms at the
// cursor, drag or Shift+wheel pans, double click or Home fits; Up/Down scroll where the lanes need more
// height than there is.
#pragma once

#include <QAbstractScrollArea>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "widgets/TimeRange.h"

namespace denoscope {

class WaveformSummary;

struct Signal {
    std::shared_ptr<const std::vector<float>> samples;  // (channels, length), row-major
    int channels = 1;
    double sampleRate = 0;  // Hz; 0: unknown, the axis then counts samples
    QString name;
};

class WaveformView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit WaveformView(QWidget* parent = nullptr);
    ~WaveformView() override;

    void setSignals(std::vector<Signal> signalList);  // keeps the zoom when the total duration is the same
    int laneCount() const { return static_cast<int>(m_lanes.size()); }
    void setPlaceholder(const QString& sentence);

    void setValueRange(double lo, double hi);  // of every lane; until it is called: the range of all values
    void clearValueRange();

    TimeRange visibleRange() const { return m_visible; }  // in seconds, or in samples where a rate is unknown
    void setVisibleRange(TimeRange range);
    QString readout() const { return m_readout; }
    QRect laneRect(int lane) const;  // where the curve of a lane is drawn, in viewport coordinates

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

public Q_SLOTS:
    void fitAll();

Q_SIGNALS:
    void visibleRangeChanged();
    void readoutChanged(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct Lane {
        std::shared_ptr<const std::vector<float>> source;
        int channel = 0;
        std::shared_ptr<const WaveformSummary> summary;
        double rate = 1;  // samples per unit of the time axis
        QString name;
    };
    void addLanes(const Signal& signal, const std::vector<Lane>& known);
    void chooseValues();
    QRect plotRect() const;
    void updateScrollBar();
    void updateReadout();
    double shortestRange() const;
    double timeAt(double x) const;
    double xAt(double time) const;
    double yAt(const QRectF& lane, double value) const;
    QString timeText(double time) const;
    void paintLane(QPainter& painter, int lane) const;
    void paintEnvelope(QPainter& painter, const Lane& lane, const QRectF& area) const;
    void paintSamples(QPainter& painter, const Lane& lane, const QRectF& area) const;
    void paintValueAxis(QPainter& painter, const QRectF& area) const;
    void paintTimeAxis(QPainter& painter) const;
    void paintReadout(QPainter& painter) const;

    std::vector<Lane> m_lanes;
    bool m_inSeconds = true;  // false as soon as one rate is unknown
    TimeRange m_whole;
    TimeRange m_visible;
    std::pair<double, double> m_values{-1, 1};
    std::optional<std::pair<double, double>> m_fixedValues;
    std::optional<QPointF> m_dragFrom;
    std::optional<QPointF> m_hover;
    int m_hoverLane = -1;
    std::int64_t m_hoverSample = -1;
    QString m_placeholder;
    QString m_readout;
};

}  // namespace denoscope
