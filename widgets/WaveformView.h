// SPDX-License-Identifier: GPL-3.0-or-later
// Signals over one shared time axis, their channels in lanes below each other or overlaid in one plot. Fluent
// from all of 10^7 samples to single ones: each pixel column draws the true minimum and maximum of its
// samples. What it needs for that is computed in a thread of its own for long signals, and shown as far as it
// is there. Mouse and keys are those of TimeView; Ctrl+wheel zooms the values, Up/Down scroll where the lanes
// need more height than there is.
#pragma once

#include <QStringList>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "widgets/LatestJob.h"
#include "widgets/TimeView.h"
#include "widgets/WaveformSummary.h"

namespace denoscope {

struct Signal {
    std::shared_ptr<const std::vector<float>> samples;  // (channels, length), row-major
    int channels = 1;
    double sampleRate = 0;  // Hz; 0: unknown, the axis then counts samples
    QString name;
    QString unit{};              // of the values; may be empty
    QStringList channelNames{};  // one per channel, or none
};

enum class LaneLayout { Stacked, Overlaid };
enum class LaneScale { Common, PerLane };

class WaveformView : public TimeView {
    Q_OBJECT

public:
    explicit WaveformView(QWidget* parent = nullptr);
    ~WaveformView() override;

    void setSignals(std::vector<Signal> signalList);  // keeps the zoom when the total duration is the same
    // Drawn behind, lane by lane, in a second colour; the names make the legend. Real data behind generated
    // ones. An empty list: none.
    void setReference(std::vector<Signal> signalList, const QString& name = {},
                      const QString& shownName = {});
    int laneCount() const { return static_cast<int>(m_lanes.size()); }
    QString laneName(int lane) const;
    QString laneUnit(int lane) const;
    bool isSummarizing() const { return m_summaries.isBusy(); }
    void setPlaceholder(const QString& sentence);

    LaneLayout laneLayout() const { return m_layout; }
    void setLaneLayout(LaneLayout layout);
    LaneScale laneScale() const { return m_scale; }
    void setLaneScale(LaneScale scale);
    void setValueRange(double lo, double hi);  // of every lane; until it is called: the range of all values
    void clearValueRange();
    std::pair<double, double> valueRange(int lane) const;  // as drawn

    // Of the samples of a lane within a stretch of time; none while they are still being summarised.
    std::optional<WaveformStatistics> statistics(int lane, TimeRange range) const;
    QRect laneRect(int lane) const;  // where the curve of a lane is drawn, in viewport coordinates

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

Q_SIGNALS:
    void summarized();  // all of the signals are summarised, statistics() has answers
    void laneClicked(int lane);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;
    double shortestRange() const override;
    QString readoutAt(QPointF position) override;
    void leaveReadout() override { m_hoverLane = -1; }
    void zoomValues(double factor, QPointF at) override;
    void fitValues() override;

private:
    struct Lane {
        std::shared_ptr<const std::vector<float>> source;
        int channel = 0;
        std::shared_ptr<WaveformSummary> summary;
        double sampleRate = 0;  // Hz; 0: unknown
        double rate = 1;        // samples per unit of the time axis
        QString name;
        QString unit;
        std::pair<double, double> values{-1, 1};  // at its lower and upper edge
    };
    using Lanes = std::vector<Lane>;

    Lanes lanesOf(const std::vector<Signal>& signalList, const Lanes& known) const;
    void summarize();
    void chooseTimes();
    void chooseValues();
    void updateScrollBar();
    std::int64_t sampleAt(const Lane& lane, double time) const;
    int laneAt(QPointF position) const;
    double yAt(const QRectF& area, const Lane& lane, double value) const;
    QColor laneColor(int lane) const;
    QColor referenceColor() const;
    void paintCurve(QPainter& painter, const Lane& lane, const QRectF& area, const QColor& color) const;
    void paintLane(QPainter& painter, int lane) const;
    void paintOverlaid(QPainter& painter) const;
    void paintEnvelope(QPainter& painter, const Lane& lane, const QRectF& area) const;
    void paintSamples(QPainter& painter, const Lane& lane, const QRectF& area) const;
    void paintValueAxis(QPainter& painter, const Lane& lane, const QRectF& area) const;
    void paintHovered(QPainter& painter) const;
    using Entries = std::vector<std::pair<QString, QColor>>;  // colour not valid: the theme's text
    void paintLabels(QPainter& painter, const QRectF& area, const Entries& entries) const;
    Entries legend() const;

    Lanes m_lanes;
    Lanes m_reference;
    QString m_referenceName;
    QString m_shownName;
    LaneLayout m_layout = LaneLayout::Stacked;
    LaneScale m_scale = LaneScale::Common;
    std::optional<std::pair<double, double>> m_fixedValues;
    double m_valueZoom = 1;  // below 1: the curves are drawn taller than fits
    int m_hoverLane = -1;
    std::int64_t m_hoverSample = -1;
    QString m_placeholder;
    LatestJob m_summaries{this};
};

}  // namespace denoscope
