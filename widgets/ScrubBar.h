// SPDX-License-Identifier: GPL-3.0-or-later
// Goes through recorded frames: slider, play and pause, single steps, a label. Keys: Space plays, Left and
// Right step, Home and End jump.
#pragma once

#include <QWidget>
#include <functional>

class QLabel;
class QSlider;
class QTimer;
class QToolButton;

namespace denoscope {

class ScrubBar : public QWidget {
    Q_OBJECT

public:
    using FrameText = std::function<QString(int frame)>;

    explicit ScrubBar(QWidget* parent = nullptr);

    int frameCount() const { return m_count; }
    int frame() const { return m_frame; }  // -1 when there are none
    bool isPlaying() const;
    bool isFollowing() const { return m_live && m_following; }

    void setFrameText(FrameText text);  // what follows "12 / 50", e.g. the noise level; may be empty
    void setFramesPerSecond(double rate);
    void setLooping(bool on);

    QSize minimumSizeHint() const override;  // without the buttons that only the keys are left for

public Q_SLOTS:
    void setFrameCount(int count);
    void setFrame(int frame);
    // While frames are being recorded: stay at the newest, unless the person went back; going to the last one
    // resumes.
    void followLive(bool on);
    void play();
    void pause();

Q_SIGNALS:
    void frameChanged(int frame);
    void playingChanged(bool playing);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QToolButton* addButton(const QString& name, const QString& shortcut);
    void scrubTo(int frame);  // by the person
    void advance();
    void refresh();
    int endsWidth() const;
    void fitEnds();

    QToolButton* m_first = nullptr;
    QToolButton* m_back = nullptr;
    QToolButton* m_play = nullptr;
    QToolButton* m_forward = nullptr;
    QToolButton* m_last = nullptr;
    QSlider* m_slider = nullptr;
    QLabel* m_label = nullptr;
    QTimer* m_timer = nullptr;
    FrameText m_text;
    int m_count = 0;
    int m_frame = -1;
    bool m_live = false;
    bool m_following = true;
    bool m_looping = false;
};

}  // namespace denoscope
