// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a stretch of a signal on the default audio device. Nothing of the sound system is touched before the
// first question or play(), so that a program which only looks at pictures never waits for it. UI thread
// only.
#pragma once

#include <QObject>
#include <memory>

#include "widgets/WaveformSound.h"

namespace denoscope {

class WaveformPlayer : public QObject {
    Q_OBJECT

public:
    explicit WaveformPlayer(QObject* parent = nullptr);
    ~WaveformPlayer() override;  // stops

    bool hasDevice();  // may change: devicesChanged()
    bool isPlaying() const;
    // False where there is no device, or nothing to play; failed() says why.
    bool play(const Signal& signal, int channel, const SoundStretch& stretch);
    void stop();

Q_SIGNALS:
    void devicesChanged();
    void playingChanged(bool playing);
    void positionChanged(double seconds);  // about 30 times a second
    void failed(const QString& sentence);

private:
    struct Sink;
    void report();

    std::unique_ptr<Sink> m_sink;
};

}  // namespace denoscope
