// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "widgets/SliceGeometry.h"
#include "widgets/WindowLevel.h"

namespace denoscope {

// A volume, or a picture as one of depth 1, as the views take it. The values are shared with whoever made
// them, never copied.
struct Volume {
    // What is known of where the voxels lie: all of it, only how far apart (a picture with its rows from top
    // to bottom), or nothing.
    enum class Place { Patient, Distances, Unknown };

    int depth = 0, height = 0, width = 0;
    int channels = 1;
    std::optional<int> channel;  // the one that is shown; none: three are red, green and blue, else the first
    QStringList channelNames;    // one for each, or none
    std::shared_ptr<const std::vector<float>> samples;  // (C, D, H, W)
    std::array<double, 3> spacing{1, 1, 1};             // mm along W, H, D
    // Voxel (i = W, j = H, k = D) -> RAS+ mm, row-major; of no meaning unless the place is Patient.
    Affine affine = identityAffine();
    Place place = Place::Patient;
    QString name;
    QString unit;  // of the values, e.g. "HU"; may be empty
    // What red, green and blue are drawn on where nobody chose: all that their type holds, as with pictures.
    // None: what most of the values lie in.
    std::optional<WindowLevel> colorWindow;
    // What each of other channels is drawn on where nobody chose; none: what most of its values lie in.
    std::vector<WindowLevel> channelWindows;

    std::size_t voxels() const {
        return static_cast<std::size_t>(depth) * static_cast<std::size_t>(height) *
               static_cast<std::size_t>(width);
    }
    bool isFlat() const { return depth == 1 || height == 1 || width == 1; }  // a picture
    QString lengthUnit() const {
        return place == Place::Unknown ? QStringLiteral("px") : QStringLiteral("mm");
    }
    // Whether there are as many values as the extents promise.
    bool isWhole() const {
        return depth > 0 && height > 0 && width > 0 && samples &&
               samples->size() == voxels() * static_cast<std::size_t>(channels) && channel.value_or(0) >= 0 &&
               channel.value_or(0) < channels;
    }
    std::size_t offset(const Voxel& voxel) const {
        return (static_cast<std::size_t>(voxel[2]) * static_cast<std::size_t>(height) +
                static_cast<std::size_t>(voxel[1])) *
                   static_cast<std::size_t>(width) +
               static_cast<std::size_t>(voxel[0]);
    }
    bool isColored() const { return channels == 3 && !channel; }
    // The values of the channels that are shown, one channel after the other.
    std::span<const float> shown() const {
        const auto first = static_cast<std::size_t>(channel.value_or(0));
        return std::span(*samples).subspan(first * voxels(), (isColored() ? 3 : 1) * voxels());
    }
    float at(const Voxel& voxel, std::size_t shownChannel = 0) const {
        return shown()[shownChannel * voxels() + offset(voxel)];
    }
};

// Of the channels that are shown; `automatic` is what is drawn where nobody chose.
inline ValueWindows windowsOf(const Volume& volume) {
    ValueWindows windows = windowsOf(volume.shown());
    const auto channel = static_cast<std::size_t>(volume.channel.value_or(0));
    if (volume.isColored())
        windows.automatic = volume.colorWindow.value_or(windows.automatic);
    else if (channel < volume.channelWindows.size())
        windows.automatic = volume.channelWindows[channel];
    return windows;
}

}  // namespace denoscope
