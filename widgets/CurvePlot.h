// SPDX-License-Identifier: GPL-3.0-or-later
// Live curves. Every value given is kept and its extremes are always drawn; values that are not finite are
// marked at the lower edge; on a logarithmic axis values that have no logarithm are counted in a note instead
// of being bent into one. Wheel zooms at the cursor (over an axis: that axis only), drag pans, double click
// or Home fits all; until the person zooms, the view follows the data.
#pragma once

#include <QColor>
#include <QWidget>
#include <memory>
#include <span>
#include <vector>

class QMouseEvent;

namespace denoscope {

struct CurveMark {
    double x = 0;
    QString text;  // a few words
};

class CurvePlot : public QWidget {
    Q_OBJECT

public:
    explicit CurvePlot(QWidget* parent = nullptr);
    ~CurvePlot() override;

    int addSeries(const QString& name,
                  const QColor& hint = {});  // without a hint: the theme's colour for its index
    int seriesCount() const;
    void append(int series, std::span<const double> x, std::span<const double> y);     // equal lengths
    void setSeries(int series, std::span<const double> x, std::span<const double> y);  // replaces its points
    void setSeriesVisible(int series, bool visible);
    void setMarks(const std::vector<CurveMark>& marks);  // rising x: where something happened
    void clearData();                                    // keeps the series
    void clear();                                        // removes the series

    void setXLabel(const QString& label);
    void setYLabel(const QString& label);
    void setPlaceholder(const QString& sentence);  // shown while there are no points

    bool logX() const;
    bool logY() const;
    double smoothing() const;
    bool followsData() const;  // false from the first zoom or pan until the next fit

    bool savePng(const QString& path) const;  // false where the file could not be written
    bool saveSvg(const QString& path) const;

public Q_SLOTS:
    void setLogX(bool on);
    void setLogY(bool on);
    void setSmoothing(double weight);  // 0 (none) .. 1 (running mean)
    void fitAll();

Q_SIGNALS:
    void logXChanged(bool on);
    void logYChanged(bool on);
    void smoothingChanged(double weight);
    void readoutChanged(const QString& text);  // the point under the mouse; empty when there is none

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;  // the focus frame around the plot

private:
    struct Parts;
    void buildToolBar();
    void restyle();
    void refresh();
    void replot();

    std::unique_ptr<Parts> m_parts;
};

}  // namespace denoscope
