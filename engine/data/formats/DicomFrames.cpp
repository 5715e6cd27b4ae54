// SPDX-License-Identifier: GPL-3.0-or-later
// Where the frames of a file lie and what their values mean: from the file's own elements, and in enhanced
// files from what all frames share and what each has of its own (PS3.3 C.7.6.16).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/data/formats/DicomImage.h"
#include "engine/data/formats/DicomTags.h"

namespace denoscope {
namespace {

using Vector = std::array<double, 3>;

// Seconds of the day of "hhmmss.ffffff", which may follow a date of eight digits.
double clockOf(std::string text, bool dated) {
    if (dated)
        text.erase(0, 8);
    const auto part = [&](std::size_t at) {
        const bool digits = text.size() >= at + 2 && std::isdigit(static_cast<unsigned char>(text[at])) &&
                            std::isdigit(static_cast<unsigned char>(text[at + 1]));
        return digits ? (text[at] - '0') * 10 + (text[at + 1] - '0') : 0;
    };
    double fraction = 0, weight = 0.1;
    for (std::size_t at = 7; at < text.size() && text[6] == '.' && text[at] >= '0' && text[at] <= '9'; ++at) {
        fraction += (text[at] - '0') * weight;
        weight /= 10;
    }
    return part(0) * 3600 + part(2) * 60 + part(4) + fraction;
}

class Frames {
public:
    Frames(const DicomObject& object, std::int64_t count, std::vector<std::string>& notes)
        : m_object(object), m_count(count), m_notes(notes) {}

    std::vector<DicomFrame> all() {
        DicomFrame common;
        apply(m_object, common);
        if (const DicomObject* const detector = m_object.item(dicom::detectorInformation))
            apply(*detector, common);
        if (const DicomObject* const shared = m_object.item(dicom::sharedGroups))
            applyGroups(*shared, common);
        const std::span<const DicomObject> own = m_object.items(dicom::frameGroups);
        std::vector<DicomFrame> frames(static_cast<std::size_t>(m_count), common);
        for (std::size_t i = 0; i < std::min(own.size(), frames.size()); ++i)
            applyGroups(own[i], frames[i]);
        if (own.size() < frames.size() && m_count > 1 && !spread(frames))
            for (DicomFrame& frame : frames)
                frame.positioned = false;  // a film: all frames claim the place of the first
        for (std::size_t i = 0; m_count > 1 && i < frames.size(); ++i)
            frames[i].order.instance = static_cast<double>(i);
        return frames;
    }

private:
    // Elements that stand in the file itself or in one of the groups of a frame.
    void apply(const DicomObject& from, DicomFrame& frame) {
        place(from, frame);
        spacing(from, frame);
        scale(from, frame);
        const auto set = [&](DicomTag tag, double& value) { value = from.number(tag).value_or(value); };
        DicomOrder& order = frame.order;
        set(dicom::temporalPosition, order.time);
        set(dicom::temporalIndex, order.time);
        set(dicom::acquisitionNumber, order.acquisition);
        set(dicom::echoTime, order.echo);
        set(dicom::effectiveEchoTime, order.echo);
        set(dicom::diffusionValue, order.diffusion);
        set(dicom::triggerTime, order.trigger);
        set(dicom::triggerDelay, order.trigger);
        set(dicom::instanceNumber, order.instance);
        if (from.has(dicom::acquisitionTime))
            order.clock = clockOf(from.text(dicom::acquisitionTime), false);
        for (const DicomTag tag : {dicom::acquisitionDateTime, dicom::frameDateTime})
            if (from.text(tag).size() > 8)
                order.clock = clockOf(from.text(tag), true);
        if (from.has(dicom::stackId))
            frame.stack = from.text(dicom::stackId);
    }

    void applyGroups(const DicomObject& groups, DicomFrame& frame) {
        for (const DicomTag group :
             {dicom::planePosition, dicom::planeOrientation, dicom::pixelMeasures, dicom::valueTransformation,
              dicom::frameContent, dicom::echoSequence, dicom::diffusionSequence, dicom::cardiacSequence})
            if (const DicomObject* const item = groups.item(group))
                apply(*item, frame);
        for (const DicomTag group : {dicom::frameTypeMr, dicom::frameTypeCt})
            if (const DicomObject* const item = groups.item(group))
                for (const std::string& word : item->texts(dicom::frameType))
                    frame.stack += "\\" + word;
    }

    void place(const DicomObject& from, DicomFrame& frame) {
        const std::vector<double> position = from.numbers(dicom::position),
                                  orientation = from.numbers(dicom::orientation);
        if (position.size() == 3) {
            std::copy(position.begin(), position.end(), frame.position.begin());
            frame.positioned = true;
        }
        if (orientation.size() == 6 && straightened(orientation, frame.orientation))
            frame.oriented = true;
    }

    // Written with few digits, the two directions are neither quite of unit length nor quite perpendicular.
    bool straightened(const std::vector<double>& written, std::array<double, 6>& result) {
        const double row = std::hypot(written[0], written[1], written[2]);
        const double column = std::hypot(written[3], written[4], written[5]);
        double dot = 0;
        for (std::size_t axis = 0; axis < 3; ++axis)
            dot += written[axis] * written[axis + 3];
        if (!(row > 0.9 && row < 1.1 && column > 0.9 && column < 1.1 && std::abs(dot) < 0.01)) {
            addNote("The orientation in the header is impossible and is not used.");
            return false;
        }
        for (std::size_t axis = 0; axis < 3; ++axis) {
            result[axis] = written[axis] / row;
            result[axis + 3] = written[axis + 3] / column;
        }
        return true;
    }

    void spacing(const DicomObject& from, DicomFrame& frame) {
        for (const DicomTag tag : {dicom::imagerPixelSpacing, dicom::pixelSpacing}) {
            const std::vector<double> numbers = from.numbers(tag);
            if (numbers.size() != 2)
                continue;
            if (numbers[0] > 0 && numbers[1] > 0)
                frame.spacing = {numbers[0], numbers[1]};
            else
                addNote("A pixel size is impossible; 1 mm is assumed.");
        }
    }

    void scale(const DicomObject& from, DicomFrame& frame) {
        if (!from.has(dicom::slope) && !from.has(dicom::intercept)) {
            frame.slope = from.number(dicom::doseScaling).value_or(frame.slope);
            return;
        }
        const std::optional<double> slope = from.number(dicom::slope),
                                    intercept = from.number(dicom::intercept);
        if ((from.has(dicom::slope) && (!slope || *slope == 0)) ||
            (from.has(dicom::intercept) && !intercept)) {
            addNote("The scaling in the header is not a number; the stored values are used as they are.");
            return;
        }
        frame.slope = slope.value_or(1);
        frame.intercept = intercept.value_or(0);
    }

    // Slices of one file that differ by a step along the normal: a dose grid, or a reconstruction of nuclear
    // medicine.
    bool spread(std::vector<DicomFrame>& frames) const {
        if (!frames.front().placed())
            return false;
        std::vector<double> offsets = m_object.numbers(dicom::gridOffsets);
        const double step = m_object.number(dicom::spacingBetweenSlices).value_or(0);
        if (offsets.size() != frames.size() && step != 0 && m_object.text(dicom::modality) != "MR") {
            offsets.clear();
            for (std::size_t i = 0; i < frames.size(); ++i)
                offsets.push_back(step * static_cast<double>(i));
        }
        if (offsets.size() != frames.size())
            return false;
        const std::array<double, 6>& o = frames.front().orientation;
        const Vector normal{o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3]};
        for (std::size_t i = 0; i < frames.size(); ++i)
            for (std::size_t axis = 0; axis < 3; ++axis)
                frames[i].position[axis] += normal[axis] * (offsets[i] - offsets[0]);
        return true;
    }

    void addNote(const char* note) {
        if (std::find(m_notes.begin(), m_notes.end(), note) == m_notes.end())
            m_notes.emplace_back(note);
    }

    const DicomObject& m_object;
    std::int64_t m_count;
    std::vector<std::string>& m_notes;
};

}  // namespace

std::vector<DicomFrame> dicomFrames(const DicomObject& object, std::int64_t count,
                                    std::vector<std::string>& notes) {
    return Frames(object, count, notes).all();
}

}  // namespace denoscope
