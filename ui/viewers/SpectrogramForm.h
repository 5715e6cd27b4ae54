// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QCheckBox;
class QComboBox;
class QSpinBox;

namespace denoscope {

class SpectrogramView;

// The settings of a spectrogram: channel, window, overlap, decibels, colours, frequency axis. Every change
// shows at once. `view` must outlive it.
class SpectrogramForm : public QWidget {
    Q_OBJECT

public:
    explicit SpectrogramForm(SpectrogramView& view, QWidget* parent = nullptr);

    void setChannels(const QStringList& names);
    void setChannel(int channel);

Q_SIGNALS:
    void channelChosen(int channel);  // by the person

private:
    void applyTransform();

    SpectrogramView& m_view;
    QComboBox* m_channel = nullptr;
    QComboBox* m_length = nullptr;
    QComboBox* m_overlap = nullptr;
    QComboBox* m_window = nullptr;
    QSpinBox* m_decibels = nullptr;
    QComboBox* m_colors = nullptr;
    QCheckBox* m_logarithmic = nullptr;
};

}  // namespace denoscope
