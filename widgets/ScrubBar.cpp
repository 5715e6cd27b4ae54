// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ScrubBar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QSlider>
#include <QTimer>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "widgets/Icons.h"

namespace denoscope {

ScrubBar::ScrubBar(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Frames"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(4, 4, 4, 4);
    row->setSpacing(4);
    m_first = addButton(tr("First frame"), tr("Home"));
    m_back = addButton(tr("One frame back"), tr("Left"));
    m_play = addButton(tr("Play"), tr("Space"));
    m_forward = addButton(tr("One frame forward"), tr("Right"));
    m_last = addButton(tr("Last frame"), tr("End"));
    m_first->setIcon(glyphIcon(Glyph::First));
    m_back->setIcon(glyphIcon(Glyph::StepBack));
    m_forward->setIcon(glyphIcon(Glyph::StepForward));
    m_last->setIcon(glyphIcon(Glyph::Last));
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setAccessibleName(tr("Frame"));
    m_slider->setMinimumWidth(48);
    m_label = new QLabel;
    m_label->setTextFormat(Qt::PlainText);
    m_timer = new QTimer(this);
    row->addWidget(m_slider, 1);
    row->addSpacing(4);
    row->addWidget(m_label);

    setFramesPerSecond(15);
    connect(m_first, &QToolButton::clicked, this, [this] { scrubTo(0); });
    connect(m_back, &QToolButton::clicked, this, [this] { scrubTo(m_frame - 1); });
    connect(m_forward, &QToolButton::clicked, this, [this] { scrubTo(m_frame + 1); });
    connect(m_last, &QToolButton::clicked, this, [this] { scrubTo(m_count - 1); });
    connect(m_play, &QToolButton::clicked, this, [this] { isPlaying() ? pause() : play(); });
    connect(m_slider, &QSlider::valueChanged, this, &ScrubBar::scrubTo);
    connect(m_timer, &QTimer::timeout, this, &ScrubBar::advance);
    refresh();
}

QToolButton* ScrubBar::addButton(const QString& name, const QString& shortcut) {
    auto* button = new QToolButton;
    button->setAutoRaise(true);
    button->setAccessibleName(name);
    button->setToolTip(tr("%1 (%2)").arg(name, shortcut));
    button->setFocusPolicy(Qt::StrongFocus);
    layout()->addWidget(button);
    return button;
}

bool ScrubBar::isPlaying() const {
    return m_timer->isActive();
}

void ScrubBar::setFrameText(FrameText text) {
    m_text = std::move(text);
    refresh();
}

void ScrubBar::setFramesPerSecond(double rate) {
    m_timer->setInterval(static_cast<int>(std::lround(1000 / std::clamp(rate, 0.1, 120.0))));
}

void ScrubBar::setLooping(bool on) {
    m_looping = on;
}

void ScrubBar::setFrameCount(int count) {
    m_count = std::max(0, count);
    const bool toLast = isFollowing() || m_frame >= m_count;
    setFrame(toLast ? m_count - 1 : std::max(m_frame, m_count > 0 ? 0 : -1));
    if (m_count == 0)
        pause();
    refresh();
}

void ScrubBar::setFrame(int frame) {
    const int wanted = std::clamp(frame, m_count > 0 ? 0 : -1, m_count - 1);
    if (wanted == m_frame)
        return;
    m_frame = wanted;
    refresh();
    Q_EMIT frameChanged(m_frame);
}

void ScrubBar::followLive(bool on) {
    m_live = on;
    m_following = true;
    if (on) {
        pause();
        setFrame(m_count - 1);
    }
    refresh();
}

void ScrubBar::scrubTo(int frame) {
    if (m_count == 0)
        return;
    setFrame(frame);
    m_following = m_frame == m_count - 1;
    refresh();
}

void ScrubBar::play() {
    if (m_count < 2 || isPlaying())
        return;
    if (m_frame == m_count - 1)
        scrubTo(0);
    m_timer->start();
    refresh();
    Q_EMIT playingChanged(true);
}

void ScrubBar::pause() {
    if (!isPlaying())
        return;
    m_timer->stop();
    refresh();
    Q_EMIT playingChanged(false);
}

void ScrubBar::advance() {
    if (m_frame < m_count - 1)
        scrubTo(m_frame + 1);
    else if (m_looping)
        scrubTo(0);
    else
        pause();
}

void ScrubBar::refresh() {
    const QSignalBlocker quiet(m_slider);
    m_slider->setRange(0, std::max(0, m_count - 1));
    m_slider->setValue(std::max(0, m_frame));
    m_slider->setEnabled(m_count > 1);
    m_first->setEnabled(m_frame > 0);
    m_back->setEnabled(m_frame > 0);
    m_play->setEnabled(m_count > 1);
    m_forward->setEnabled(m_frame < m_count - 1);
    m_last->setEnabled(m_frame < m_count - 1);
    m_play->setIcon(glyphIcon(isPlaying() ? Glyph::Pause : Glyph::Play));
    m_play->setAccessibleName(isPlaying() ? tr("Pause") : tr("Play"));
    if (m_count == 0) {
        m_label->setText(tr("No frames"));
        return;
    }
    // As wide as the longest number, so that the slider does not move while frames go by.
    QString text =
        tr("%1 / %2").arg(m_frame + 1, QString::number(m_count).size(), 10, QChar(0x2007)).arg(m_count);
    if (const QString more = m_text ? m_text(m_frame) : QString(); !more.isEmpty())
        text += QStringLiteral("  ") + more;
    m_label->setText(text);
    m_label->setMinimumWidth(std::max(m_label->minimumWidth(), m_label->sizeHint().width()));
    fitEnds();
}

// Of the buttons to the first and to the last frame, which narrow bars go without: Home and End stay.
int ScrubBar::endsWidth() const {
    return 2 * (m_first->sizeHint().width() + layout()->spacing());
}

QSize ScrubBar::minimumSizeHint() const {
    const QSize all = QWidget::minimumSizeHint();
    return m_first->isHidden() ? all : all - QSize(endsWidth(), 0);
}

void ScrubBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitEnds();
}

void ScrubBar::fitEnds() {
    const bool room = width() >= minimumSizeHint().width() + endsWidth();
    m_first->setVisible(room);
    m_last->setVisible(room);
}

void ScrubBar::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Space:
            return m_play->click();
        case Qt::Key_Left:
            return scrubTo(m_frame - 1);
        case Qt::Key_Right:
            return scrubTo(m_frame + 1);
        case Qt::Key_Home:
            return scrubTo(0);
        case Qt::Key_End:
            return scrubTo(m_count - 1);
        default:
            QWidget::keyPressEvent(event);
    }
}

}  // namespace denoscope
