// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/DicomStack.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/data/formats/DicomGeometry.h"
#include "engine/data/formats/DicomPixels.h"

namespace denoscope {
namespace {

bool isNear(const auto& a, const auto& b, double tolerance) {
    return std::equal(a.begin(), a.end(), b.begin(),
                      [&](double x, double y) { return std::abs(x - y) <= tolerance; });
}

bool belongTogether(const DicomFrameRef& a, const DicomFrameRef& b) {
    const DicomImage &first = *a.image, &second = *b.image;
    const DicomFrame &one = a.frame(), &other = b.frame();
    const auto size = [](const DicomImage& image) {
        return std::tuple(image.samples.rows, image.samples.columns, image.channels(), image.dtype());
    };
    return first.series == second.series && first.modality == second.modality &&
           first.localizer == second.localizer && size(first) == size(second) &&
           one.placed() == other.placed() && one.stack == other.stack &&
           isNear(one.orientation, other.orientation, 1e-3) && isNear(one.spacing, other.spacing, 1e-4);
}

}  // namespace

void describeValues(const DicomImage& image, ItemHeader& header) {
    const DicomFrame& frame = image.frames.front();
    header.dtype = image.dtype();
    header.notes = image.notes;
    header.details.unit = image.unit;
    header.details.windows = image.windows;
    header.windowed = !image.content.pixels.encapsulated;
    if (image.channels() == 3)
        return;
    header.details.slope = frame.slope;
    header.details.intercept = frame.intercept;
    if (!isTurnedOver(image)) {
        if (image.samples.colour == DicomColour::GreyInverted)
            header.notes.emplace_back("The lowest values are meant to be shown white (MONOCHROME1).");
        return;
    }
    header.notes.emplace_back(
        "The lowest values were meant to be white (MONOCHROME1); they are turned over, so that more is "
        "brighter.");
    const double sum = turnedOverSum(image, frame);
    header.details.slope = -frame.slope;
    header.details.intercept = sum - frame.intercept;
    for (ValueWindow& window : header.details.windows)
        std::tie(window.low, window.high) = std::pair(sum - window.high, sum - window.low);
}

bool DicomStack::isVolume() const {
    const DicomFrame& one = frames.front().frame();
    return one.placed() && std::any_of(frames.begin(), frames.end(), [&](const DicomFrameRef& other) {
               return !isNear(one.position, other.frame().position, 1e-3);
           });
}

std::int64_t DicomStack::pixels() const {
    return first().samples.rows * first().samples.columns * static_cast<std::int64_t>(frames.size());
}

std::vector<DicomStack> stacksOf(const std::vector<DicomImagePtr>& images) {
    std::vector<DicomFrameRef> frames;
    for (const DicomImagePtr& image : images)
        for (std::size_t i = 0; i < image->frames.size(); ++i)
            frames.push_back({image, static_cast<std::int64_t>(i)});
    const auto order = [](const DicomFrameRef& ref) {
        return std::tie(ref.image->seriesNumber, ref.image->series, ref.frame().order.instance,
                        ref.image->instance);
    };
    std::stable_sort(frames.begin(), frames.end(),
                     [&](const DicomFrameRef& a, const DicomFrameRef& b) { return order(a) < order(b); });
    std::vector<DicomStack> stacks;
    std::size_t seriesBegin = 0;  // the first stack of the series at hand
    for (const DicomFrameRef& ref : frames) {
        if (stacks.empty() || stacks.back().first().series != ref.image->series)
            seriesBegin = stacks.size();
        const auto home =
            std::find_if(stacks.begin() + static_cast<std::ptrdiff_t>(seriesBegin), stacks.end(),
                         [&](const DicomStack& stack) { return belongTogether(stack.frames.front(), ref); });
        if (home == stacks.end())
            stacks.push_back({{ref}});
        else
            home->frames.push_back(ref);
    }
    return stacks;
}

ItemHeader picturesOf(const DicomImage& image) {
    ItemHeader header;
    header.kind = DataKind::Image;
    header.count = static_cast<std::int64_t>(image.frames.size());
    header.shape = {image.channels(), image.samples.rows, image.samples.columns};
    describeValues(image, header);
    header.details.timeStep = image.frameTime;
    const DicomFrame& frame = image.frames.front();
    header.geometry = frame.placed() ? sliceGeometry(frame, image.thickness) : Geometry();
    header.geometry.spacing = {frame.spacing[1], frame.spacing[0], image.thickness > 0 ? image.thickness : 1};
    if (!frame.placed())
        for (std::size_t axis = 0; axis < 3; ++axis)
            header.geometry.affine[axis * 5] = header.geometry.spacing[axis];
    return header;
}

}  // namespace denoscope
