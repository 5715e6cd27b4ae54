// SPDX-License-Identifier: GPL-3.0-or-later
// What a SliceView says in words of a place: value, voxel, millimetres, window, overlay.
#include <QStringList>
#include <cmath>

#include "widgets/SliceView.h"

namespace denoscope {

namespace {

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

QString SliceView::readout() const {
    if (!hasVoxels())
        return {};
    const Volume& volume = *m_scene.volume;
    const Point place = m_pointer.value_or(m_scene.cursor);
    const Voxel voxel = nearestVoxel(place);
    QStringList parts{valueAt(volume, voxel), indicesOf(volume, voxel)};
    if (const QString lengths = lengthsOf(volume, place); !lengths.isEmpty())
        parts << lengths;
    parts << tr("window %1 ± %2").arg(window().center, 0, 'g', 4).arg(window().width / 2, 0, 'g', 4);
    if (m_scene.overlay)
        parts << overlayAt(*m_scene.overlay, transformed(gridAffine(volume), place));
    return parts.join(QStringLiteral(" · "));
}

}  // namespace denoscope
