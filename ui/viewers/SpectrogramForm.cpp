// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/SpectrogramForm.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QSignalBlocker>
#include <QSpinBox>

#include "widgets/ColorMap.h"
#include "widgets/SpectrogramView.h"

namespace denoscope {

namespace {

void select(QComboBox& box, const QVariant& data) {
    box.setCurrentIndex(box.findData(data));
}

}  // namespace

SpectrogramForm::SpectrogramForm(SpectrogramView& view, QWidget* parent)
    : QWidget(parent),
      m_view(view),
      m_channel(new QComboBox(this)),
      m_length(new QComboBox(this)),
      m_overlap(new QComboBox(this)),
      m_window(new QComboBox(this)),
      m_decibels(new QSpinBox(this)),
      m_colors(new QComboBox(this)),
      m_logarithmic(new QCheckBox(tr("Logarithmic frequency axis"), this)) {
    for (int length = 64; length <= 8192; length *= 2)
        m_length->addItem(tr("%1 samples").arg(length), length);
    for (const int percent : {0, 50, 75, 90})
        m_overlap->addItem(tr("%1 %").arg(percent), percent);
    m_window->addItem(tr("Hann"), static_cast<int>(WindowKind::Hann));
    m_window->addItem(tr("Hamming"), static_cast<int>(WindowKind::Hamming));
    m_window->addItem(tr("Blackman"), static_cast<int>(WindowKind::Blackman));
    m_window->addItem(tr("Rectangular"), static_cast<int>(WindowKind::Rectangular));
    m_decibels->setRange(10, 200);
    m_decibels->setSingleStep(10);
    m_decibels->setSuffix(tr(" dB"));
    for (const ColorMapKind kind : colorMaps())
        m_colors->addItem(colorMapName(kind), static_cast<int>(kind));
    m_length->setToolTip(tr("Long windows tell close frequencies apart, short ones close moments."));
    m_overlap->setToolTip(tr("How much of a window the next one has in common with it"));
    m_window->setToolTip(tr("How the samples of a window are weighted before the transform"));
    m_decibels->setToolTip(tr("From the loudest value seen down to the lowest colour"));

    select(*m_length, view.settings().windowLength);
    select(*m_overlap, qRound(view.settings().overlap * 100));
    select(*m_window, static_cast<int>(view.settings().window));
    m_decibels->setValue(qRound(view.decibelRange()));
    select(*m_colors, static_cast<int>(view.colorMap()));
    m_logarithmic->setChecked(view.logFrequency());

    auto* form = new QFormLayout(this);
    form->addRow(tr("Channel"), m_channel);
    form->addRow(tr("Window length"), m_length);
    form->addRow(tr("Overlap"), m_overlap);
    form->addRow(tr("Window"), m_window);
    form->addRow(tr("Range"), m_decibels);
    form->addRow(tr("Colours"), m_colors);
    form->addRow(m_logarithmic);

    connect(m_channel, &QComboBox::activated, this, &SpectrogramForm::channelChosen);
    for (QComboBox* box : {m_length, m_overlap, m_window})
        connect(box, &QComboBox::currentIndexChanged, this, &SpectrogramForm::applyTransform);
    connect(m_decibels, &QSpinBox::valueChanged, this, [this](int value) { m_view.setDecibelRange(value); });
    connect(m_colors, &QComboBox::currentIndexChanged, this,
            [this] { m_view.setColorMap(static_cast<ColorMapKind>(m_colors->currentData().toInt())); });
    connect(m_logarithmic, &QCheckBox::toggled, this, [this](bool on) { m_view.setLogFrequency(on); });
}

void SpectrogramForm::setChannels(const QStringList& names) {
    const QSignalBlocker blocker(m_channel);
    m_channel->clear();
    m_channel->addItems(names);
    m_channel->setEnabled(names.size() > 1);
}

void SpectrogramForm::setChannel(int channel) {
    m_channel->setCurrentIndex(channel);
}

void SpectrogramForm::applyTransform() {
    m_view.setSettings({m_length->currentData().toInt(), m_overlap->currentData().toInt() / 100.0,
                        static_cast<WindowKind>(m_window->currentData().toInt())});
}

}  // namespace denoscope
