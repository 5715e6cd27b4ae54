// SPDX-License-Identifier: GPL-3.0-or-later
// The spectrogram of one channel, of what is visible: computed in a thread of its own, the newest request
// only; until it is there, what was computed before is shown at its place. Mouse and keys are those of
// TimeView; Ctrl+wheel zooms the frequencies.
#pragma once

#include <QImage>
#include <memory>
#include <optional>

#include "widgets/LatestJob.h"
#include "widgets/Spectrogram.h"
#include "widgets/TimeView.h"
#include "widgets/WaveformView.h"

namespace denoscope {

class ColorMapBar;

class SpectrogramView : public TimeView {
    Q_OBJECT

public:
    explicit SpectrogramView(QWidget* parent = nullptr);
    ~SpectrogramView() override;

    // One row of `signal`; `whole`: the time axis where it is longer than the signal. No samples: nothing is
    // shown.
    void setSignal(const Signal& signal, int channel, std::optional<TimeRange> whole = std::nullopt);
    void setPlaceholder(const QString& sentence);

    const SpectrogramSettings& settings() const { return m_settings; }
    void setSettings(const SpectrogramSettings& settings);
    double decibelRange() const { return m_decibels; }
    void setDecibelRange(double decibels);  // from the loudest value seen down to the lowest colour
    ColorMapKind colorMap() const { return m_colors; }
    void setColorMap(ColorMapKind kind);
    bool logFrequency() const { return m_logFrequency; }
    void setLogFrequency(bool on);

    bool isComputing() const { return m_job.isBusy(); }
    std::shared_ptr<const Spectrogram> spectrogram() const { return m_spectrogram; }  // null: none yet
    // In Hz, or in cycles per sample where the rate is unknown.
    double frequencyAt(double y) const;
    double yOf(double frequency) const;
    int marginNeeded() const;  // right of the plot, for the colour bar

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

Q_SIGNALS:
    void computed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    double shortestRange() const override;
    QString readoutAt(QPointF position) override;
    void zoomValues(double factor, QPointF at) override;
    void fitValues() override;

private:
    double rate() const;  // samples per unit of the time axis
    SpectrogramFrame frame() const;
    std::span<const float> row() const;
    void forget();
    void request();
    void paintPicture(QPainter& painter);
    void paintFrequencyAxis(QPainter& painter) const;
    void placeBar();

    Signal m_signal;
    int m_channel = 0;
    SpectrogramSettings m_settings;
    double m_decibels = 80;
    ColorMapKind m_colors = ColorMapKind::Dusk;
    bool m_logFrequency = false;
    TimeRange m_shares{0, 1};  // of the whole frequency axis, as it is drawn
    double m_loudest = -200;   // decibels, of this signal with these settings so far
    std::shared_ptr<const Spectrogram> m_spectrogram;
    TimeRange m_asked{0, 0};  // samples of the newest request; empty: none
    bool m_askedAll = false;  // every transform of them, none put together
    QImage m_picture;         // of m_pictured
    SpectrogramFrame m_pictured;
    QString m_placeholder;
    ColorMapBar* m_bar = nullptr;
    LatestJob m_job{this};
};

}  // namespace denoscope
