// SPDX-License-Identifier: GPL-3.0-or-later
// What the panes of a SliceView show, apart from where on the screen they show it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "widgets/SliceMeasure.h"
#include "widgets/SliceRender.h"

namespace denoscope {

enum class SliceTool {
    Crosshair,
    Window,
    Pan,
    Ruler,
    Ellipse,
    Rectangle,
    Turn
};  // what the left button does

// What a measuring tool draws; none of the others draws anything.
constexpr std::optional<Measurement::Shape> shapeOf(SliceTool tool) {
    switch (tool) {
        case SliceTool::Ruler:
            return Measurement::Shape::Ruler;
        case SliceTool::Ellipse:
            return Measurement::Shape::Ellipse;
        case SliceTool::Rectangle:
            return Measurement::Shape::Rectangle;
        default:
            return std::nullopt;
    }
}

// "FLAIR", or "channel 2" where it has no name.
QString channelName(const Volume& volume, int channel);

struct SliceScene {
    std::shared_ptr<const Volume> volume;   // whole, or none
    std::shared_ptr<const Volume> overlay;  // on a grid of its own; whole, or none
    SliceColors colors;
    OverlayLook overlayLook;
    Slab slab;
    QQuaternion rotation;      // of all planes; identity: along the voxel axes
    bool radiological = true;  // the patient's right is on the left
    bool interpolated = true;
    bool crosshairShown = true;
    Point cursor{};  // in voxel coordinates, within the volume
    std::vector<Measurement> measurements;
    SliceTool tool = SliceTool::Crosshair;
};

}  // namespace denoscope
