// SPDX-License-Identifier: GPL-3.0-or-later
// What a SliceView says in words of a place: value, overlay, voxel, millimetres, window.
#include <QFontMetrics>
#include <QLabel>
#include <QStringList>
#include <algorithm>
#include <cmath>

#include "widgets/SlicePane.h"
#include "widgets/SliceView.h"

namespace denoscope {

namespace {

constexpr auto separator = " · ";
constexpr qsizetype mostLines = 3;

// "12.5 HU"; of red, green and blue all three, of other channels with the name of the one that is shown.
QString valueAt(const Volume& volume, const Voxel& voxel) {
    QStringList values;
    for (std::size_t channel = 0; channel < (volume.isColored() ? 3U : 1U); ++channel)
        values << QString::number(static_cast<double>(volume.at(voxel, channel)), 'g', 5);
    if (volume.channels > 1 && !volume.isColored())
        values.front().prepend(channelName(volume, volume.channel.value_or(0)) + QLatin1Char(' '));
    return (values.join(QStringLiteral(", ")) + QLatin1Char(' ') + volume.unit).trimmed();
}

QString indicesOf(const Volume& volume, const Voxel& voxel) {
    if (volume.depth == 1)
        return SliceView::tr("pixel %1, %2").arg(voxel[0]).arg(voxel[1]);
    return SliceView::tr("voxel %1, %2, %3").arg(voxel[0]).arg(voxel[1]).arg(voxel[2]);
}

// In the patient, or from the first pixel on; empty where distances are unknown.
QString lengthsOf(const Volume& volume, const Point& place) {
    const auto number = [](double mm) { return QString::number(mm, 'f', 1); };
    if (volume.place == Volume::Place::Unknown)
        return {};
    if (volume.place == Volume::Place::Distances)
        return SliceView::tr("%1, %2 mm")
            .arg(number(place[0] * volume.spacing[0]), number(place[1] * volume.spacing[1]));
    const Point mm = transformed(gridAffine(volume), place);
    QStringList sides;
    for (std::size_t axis = 0; axis < 3; ++axis)
        sides << QStringLiteral("%1 %2")
                     .arg(QLatin1Char((mm[axis] < 0 ? "LPI" : "RAS")[axis]))
                     .arg(number(std::abs(mm[axis])));
    return SliceView::tr("%1 mm").arg(sides.join(QStringLiteral(", ")));
}

QString overlayAt(const Volume& overlay, const Point& mm) {
    const Voxel there = nearestVoxel(transformed(inverseOf(gridAffine(overlay)), mm));
    const Voxel shape{overlay.width, overlay.height, overlay.depth};
    for (std::size_t axis = 0; axis < 3; ++axis)
        if (there[axis] < 0 || there[axis] >= shape[axis])
            return SliceView::tr("outside of the overlay");
    return SliceView::tr("overlay %1").arg(valueAt(overlay, there));
}

}  // namespace

QString channelName(const Volume& volume, int channel) {
    const QString name = volume.channelNames.value(channel);
    return name.isEmpty() ? SliceView::tr("channel %1").arg(channel + 1) : name;
}

// What matters most comes first: it is the last to give way where there is no room.
QStringList SliceView::readoutParts() const {
    if (!hasVoxels())
        return {};
    const Volume& volume = *m_scene.volume;
    const Point place = m_pointer.value_or(m_scene.cursor);
    const Voxel voxel = nearestVoxel(place);
    QStringList parts{valueAt(volume, voxel)};
    if (m_scene.overlay)
        parts << overlayAt(*m_scene.overlay, transformed(gridAffine(volume), place));
    parts << indicesOf(volume, voxel);
    if (const QString lengths = lengthsOf(volume, place); !lengths.isEmpty())
        parts << lengths;
    parts << tr("window %1 ± %2").arg(window().center, 0, 'g', 4).arg(window().width / 2, 0, 'g', 4);
    return parts;
}

QString SliceView::readout() const {
    return readoutParts().join(separator);
}

// As many parts to a line as fit; a line that is too long by itself, and what the last has no room for, ends
// in dots.
QStringList SliceView::readoutLines() const {
    const QFontMetrics metrics = fontMetrics();
    const int room = m_readoutLabel->width();
    QStringList lines;
    for (const QString& part : readoutParts()) {
        const QString longer = lines.isEmpty() ? part : lines.back() + separator + part;
        if (lines.isEmpty() || (lines.size() < mostLines && metrics.horizontalAdvance(longer) > room))
            lines << part;
        else
            lines.back() = longer;
    }
    for (QString& line : lines)
        line = metrics.elidedText(line, Qt::ElideRight, room);
    return lines;
}

void SliceView::updateReadout() {
    const QStringList lines = readoutLines();
    if (lines.size() > m_readoutLineCount)
        return arrange();  // and back here
    const QString text = readout();
    m_readoutLabel->setText(lines.join(QLatin1Char('\n')));
    m_readoutLabel->setToolTip(text);
    m_panes[0]->setAccessibleDescription(text);
}

// The lines that the place of now needs. Other places may need more, for which the panes make room; they get
// it back only when they are arranged anew, so that nothing jumps to and fro under the mouse.
int SliceView::readoutHeight() {
    m_readoutLineCount = std::max(1, static_cast<int>(readoutLines().size()));
    return m_readoutLineCount * fontMetrics().height() + 8;
}

}  // namespace denoscope
