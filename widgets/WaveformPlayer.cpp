// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/WaveformPlayer.h"

#include <QAudioDevice>
#include <QAudioSink>
#include <QMediaDevices>
#include <QTimer>
#include <algorithm>

namespace denoscope {

struct WaveformPlayer::Sink {
    QMediaDevices devices;
    QTimer tick;
    SoundStretch stretch;
    std::unique_ptr<WaveformSound> sound;
    std::unique_ptr<QAudioSink> sink;  // after the sound it reads: goes first
};

WaveformPlayer::WaveformPlayer(QObject* parent) : QObject(parent) {}

WaveformPlayer::~WaveformPlayer() {
    if (m_sink && m_sink->sink) {
        m_sink->sink->disconnect(this);
        m_sink->sink->stop();
    }
}

bool WaveformPlayer::hasDevice() {
    if (!m_sink) {
        m_sink = std::make_unique<Sink>();
        m_sink->tick.setInterval(33);
        connect(&m_sink->tick, &QTimer::timeout, this, &WaveformPlayer::report);
        connect(&m_sink->devices, &QMediaDevices::audioOutputsChanged, this, &WaveformPlayer::devicesChanged);
    }
    return !QMediaDevices::defaultAudioOutput().isNull();
}

bool WaveformPlayer::isPlaying() const {
    return m_sink && m_sink->sink;
}

bool WaveformPlayer::play(const Signal& signal, int channel, const SoundStretch& stretch) {
    stop();
    if (!hasDevice()) {
        Q_EMIT failed(tr("There is no audio device to play on."));
        return false;
    }
    if (!signal.samples || signal.samples->empty() || !(signal.sampleRate > 0) ||
        !(stretch.range.length() > 0))
        return false;
    const QAudioDevice device = QMediaDevices::defaultAudioOutput();
    QAudioFormat format = device.preferredFormat();
    format.setSampleFormat(QAudioFormat::Float);
    if (!device.isFormatSupported(format))
        format.setSampleFormat(QAudioFormat::Int16);
    const SoundFormat wanted{std::max(1, format.sampleRate()), std::max(1, format.channelCount()),
                             format.sampleFormat() == QAudioFormat::Float};
    m_sink->stretch = stretch;
    m_sink->sound = std::make_unique<WaveformSound>(signal, channel, stretch, wanted);
    m_sink->sink = std::make_unique<QAudioSink>(device, format);
    m_sink->sink->setBufferSize(
        format.bytesForDuration(200'000));  // microseconds: the cursor is that far off at most
    connect(m_sink->sink.get(), &QAudioSink::stateChanged, this, &WaveformPlayer::report,
            Qt::QueuedConnection);
    m_sink->sink->start(m_sink->sound.get());
    m_sink->tick.start();
    Q_EMIT playingChanged(true);
    return true;
}

void WaveformPlayer::stop() {
    if (!isPlaying())
        return;
    m_sink->tick.stop();
    m_sink->sink->disconnect(this);
    m_sink->sink->stop();
    m_sink->sink.reset();
    m_sink->sound.reset();
    Q_EMIT playingChanged(false);
}

// Where it is; and whether it has come to its end, one way or the other.
void WaveformPlayer::report() {
    if (!isPlaying())
        return;
    // By the clock: what the device has taken moves in steps of its buffer, which may be as long as seconds.
    const double elapsed = static_cast<double>(m_sink->sink->elapsedUSecs()) / 1e6;
    Q_EMIT positionChanged(m_sink->stretch.timeAfter(elapsed));
    if (!isPlaying())  // whoever listened has stopped it
        return;
    const QAudio::Error error = m_sink->sink->error();
    const bool broken = error == QAudio::OpenError || error == QAudio::IOError || error == QAudio::FatalError;
    // Everything was taken from us a buffer's length before it has been heard.
    const bool heard = elapsed >= m_sink->stretch.range.end - m_sink->stretch.start;
    const QAudio::State state = m_sink->sink->state();
    if (broken) {
        stop();
        Q_EMIT failed(
            tr("The audio device could not play this. Choose another one in the system's sound settings."));
    } else if (state == QAudio::StoppedState ||
               (state == QAudio::IdleState && m_sink->sound->bytesAvailable() == 0 && heard)) {
        Q_EMIT positionChanged(m_sink->stretch.timeAfter(1e18));
        stop();
    }
}

}  // namespace denoscope
