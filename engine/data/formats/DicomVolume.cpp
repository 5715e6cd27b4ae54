// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "engine/api/Counted.h"
#include "engine/data/formats/DicomGeometry.h"
#include "engine/data/formats/DicomStack.h"

namespace denoscope {
namespace {

using Frames = std::vector<DicomFrameRef>;

constexpr double samePlace = 1e-3;  // mm

// By place along the normal; frames of one place in the order of time.
std::vector<Frames> placesOf(Frames frames, std::vector<std::string>& notes) {
    const std::array<double, 3> normal = sliceNormal(frames.front().frame());
    const auto along = [&](const DicomFrameRef& ref) { return positionAlong(normal, ref.frame()); };
    std::stable_sort(frames.begin(), frames.end(),
                     [&](const DicomFrameRef& a, const DicomFrameRef& b) { return along(a) < along(b); });
    std::vector<Frames> places;
    std::set<std::pair<std::string, std::int64_t>> seen;
    std::size_t copies = 0;
    for (const DicomFrameRef& ref : frames) {
        if (!ref.image->instance.empty() && !seen.insert({ref.image->instance, ref.index}).second) {
            ++copies;
            continue;
        }
        if (places.empty() || along(ref) - along(places.back().front()) > samePlace)
            places.emplace_back();
        places.back().push_back(ref);
    }
    for (Frames& place : places)
        std::stable_sort(place.begin(), place.end(), [](const DicomFrameRef& a, const DicomFrameRef& b) {
            return a.frame().order < b.frame().order;
        });
    if (copies > 0)
        notes.push_back(fmt::format("{} there more than once and used once.",
                                    copies == 1 ? "A slice is" : fmt::format("{} slices are", copies)));
    return places;
}

// Frames with the same value of the first element of their order that never has the same value twice at a
// place.
std::optional<std::map<double, Frames>> partsOf(const std::vector<Frames>& places) {
    for (double DicomOrder::*key : {&DicomOrder::time, &DicomOrder::acquisition, &DicomOrder::echo,
                                    &DicomOrder::diffusion, &DicomOrder::trigger}) {
        std::map<double, Frames> parts;
        bool unique = true;
        for (const Frames& place : places) {
            std::set<double> here;
            for (const DicomFrameRef& ref : place) {
                unique = unique && here.insert(ref.frame().order.*key).second;
                parts[ref.frame().order.*key].push_back(ref);
            }
        }
        if (unique)
            return parts;
    }
    return std::nullopt;
}

std::vector<Frames> ranked(const std::vector<Frames>& places, std::size_t count) {
    std::vector<Frames> items(count);
    for (const Frames& place : places)
        for (std::size_t i = 0; i < count; ++i)
            items[i].push_back(place[i]);
    return items;
}

// Where places hold different numbers of frames: the items that are complete, or the largest where none is.
std::vector<Frames> completeItems(const std::vector<Frames>& places, std::size_t least,
                                  std::vector<std::string>& notes) {
    const std::optional<std::map<double, Frames>> parts = partsOf(places);
    if (!parts) {
        notes.push_back(
            fmt::format("Some places have more slices than others; the first {} of each are used.", least));
        return ranked(places, least);
    }
    std::vector<Frames> complete;
    const Frames* largest = nullptr;
    for (const auto& [value, frames] : *parts) {
        if (frames.size() == places.size())
            complete.push_back(frames);
        if (!largest || frames.size() > largest->size())
            largest = &frames;
    }
    if (complete.empty())
        complete.push_back(*largest);
    notes.push_back(fmt::format("{} of {} passes over the same slices are incomplete and are left out.",
                                parts->size() - complete.size(), parts->size()));
    return complete;
}

std::vector<Frames> itemsOf(const DicomStack& stack, std::vector<std::string>& notes) {
    const std::vector<Frames> places = placesOf(stack.frames, notes);
    const auto [least, most] = std::minmax_element(
        places.begin(), places.end(), [](const Frames& a, const Frames& b) { return a.size() < b.size(); });
    return least->size() == most->size() ? ranked(places, most->size())
                                         : completeItems(places, least->size(), notes);
}

// The usual step of something that grows from item to item; 0 where it does not.
double stepOf(const std::vector<Frames>& items, double DicomOrder::*key) {
    std::vector<double> steps;
    for (std::size_t i = 1; i < items.size(); ++i)
        steps.push_back(items[i].front().frame().order.*key - items[i - 1].front().frame().order.*key);
    if (steps.empty() || *std::min_element(steps.begin(), steps.end()) <= 0)
        return 0;
    std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2),
                     steps.end());
    return steps[steps.size() / 2];
}

// Seconds between items that are time points.
double timeStepOf(const std::vector<Frames>& items) {
    if (const double trigger = stepOf(items, &DicomOrder::trigger); trigger > 0)
        return trigger / 1000;
    const double resolution = items.front().front().image->temporalResolution;
    if (stepOf(items, &DicomOrder::time) > 0 && resolution > 0)
        return resolution;
    const bool alike = std::all_of(items.begin(), items.end(), [&](const Frames& item) {
        const DicomOrder &here = item.front().frame().order, &first = items.front().front().frame().order;
        return here.echo == first.echo && here.diffusion == first.diffusion;
    });
    return alike ? stepOf(items, &DicomOrder::clock) : 0;
}

// What single files say, each once; and where they scale their values differently.
void gatherNotes(const std::vector<Frames>& items, ItemHeader& header) {
    std::set<std::string> seen(header.notes.begin(), header.notes.end());
    const DicomFrame& first = items.front().front().frame();
    bool scaledAlike = true;
    for (const Frames& item : items)
        for (const DicomFrameRef& ref : item) {
            scaledAlike =
                scaledAlike && ref.frame().slope == first.slope && ref.frame().intercept == first.intercept;
            header.windowed = header.windowed && !ref.image->content.pixels.encapsulated;
            for (const std::string& note : ref.image->notes)
                if (seen.insert(note).second)
                    header.notes.push_back(note);
        }
    if (!scaledAlike)
        header.notes.emplace_back(
            "Slope and intercept differ between slices; each slice is scaled by its own.");
}

}  // namespace

DicomVolume volumeOf(const DicomStack& stack) {
    DicomVolume volume;
    std::vector<std::string> notes;
    volume.items = itemsOf(stack, notes);
    const Frames& slices = volume.items.front();
    ItemHeader& header = volume.header;
    header.kind = DataKind::Volume;
    header.count = static_cast<std::int64_t>(volume.items.size());
    describeValues(*slices.front().image, header);
    const DicomSamples& samples = slices.front().image->samples;
    header.shape = {slices.front().image->channels(), static_cast<std::int64_t>(slices.size()), samples.rows,
                    samples.columns};
    std::vector<const DicomFrame*> frames;
    for (const DicomFrameRef& slice : slices)
        frames.push_back(&slice.frame());
    header.geometry = slices.size() > 1 ? stackGeometry(frames, notes)
                                        : sliceGeometry(*frames.front(), slices.front().image->thickness);
    header.details.timeStep = timeStepOf(volume.items);
    header.notes.insert(header.notes.end(), notes.begin(), notes.end());
    gatherNotes(volume.items, header);
    return volume;
}

}  // namespace denoscope
