// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings and other signals: their channels over time, the spectrogram of one of them, a selection with
// its statistics, and playback. Keys: those of TimeView, and Space plays.
#pragma once

#include <QWidget>
#include <vector>

#include "engine/api/Data.h"
#include "widgets/WaveformPlayer.h"

class QActionGroup;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QMenu;
class QToolButton;

namespace denoscope {

class SpectrogramForm;
class SpectrogramView;
class WaveformView;

class SignalViewer : public QWidget {
    Q_OBJECT

public:
    explicit SignalViewer(QWidget* parent = nullptr);
    ~SignalViewer() override;

    // Items of shape (C, L) of one source; shares their samples. Others are left out.
    void setItems(const std::vector<Item>& items, const DataFacts& facts);
    // Drawn behind the shown items, item by item; `name` and `shownName` make the legend. No items: nothing
    // behind.
    void setReference(const std::vector<Item>& items, const QString& name, const QString& shownName);
    void setPlaceholder(const QString& sentence);

    int itemCount() const { return static_cast<int>(m_signals.size()); }
    int shownItem() const { return m_shown; }  // -1: all of them
    int activeLane() const { return m_lane; }  // of the spectrogram and of playback
    WaveformView& waveform() { return *m_waveform; }
    SpectrogramView& spectrogram() { return *m_spectrogram; }
    QString statisticsText() const;
    bool canPlay() const;

public Q_SLOTS:
    void showItem(int index);
    void setActiveLane(int lane);
    void setSpectrogramVisible(bool visible);
    void togglePlaying();

Q_SIGNALS:
    void shownItemChanged(int index);
    void readoutChanged(const QString& text);
    void failed(const QString& sentence);  // of playback

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct LaneSource {
        std::size_t item = 0;
        int channel = 0;
    };
    void buildBar(QHBoxLayout& bar);
    QMenu* buildLanesMenu();
    void link();
    void showSignals();
    void feedSpectrogram();
    void refreshStatistics();
    void askForDevice();
    void refreshPlay();
    QString laneName(int lane) const;
    QString laneStatistics(int lane) const;
    LaneSource sourceOf(int lane) const;

    std::vector<Signal> m_signals;
    std::vector<Signal> m_references;
    bool m_scaleChosen = false;  // by the person; else it follows the values
    QString m_referenceName;
    QString m_referencedName;  // what the shown ones are called beside the reference
    int m_shown = -1;
    int m_lane = 0;
    WaveformView* m_waveform = nullptr;
    SpectrogramView* m_spectrogram = nullptr;
    SpectrogramForm* m_form = nullptr;
    QComboBox* m_items = nullptr;
    QActionGroup* m_timeFormats = nullptr;
    QActionGroup* m_scales = nullptr;
    QToolButton* m_spectrogramButton = nullptr;
    QToolButton* m_zoomButton = nullptr;
    QToolButton* m_playButton = nullptr;
    QToolButton* m_loopButton = nullptr;
    QLabel* m_statistics = nullptr;
    WaveformPlayer m_player;
    bool m_askedForDevice = false;  // the sound system
    bool m_deviceKnown = false;     // it has answered
};

}  // namespace denoscope
