// SPDX-License-Identifier: GPL-3.0-or-later
// What one DICOM file says of its pictures, before they are read. Nothing in here tells who the patient is.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/Data.h"
#include "engine/data/formats/DicomElements.h"

namespace denoscope {

enum class DicomColour { Grey, GreyInverted, Rgb, Ybr, Ybr422, Palette };

// How the samples of a frame are stored.
struct DicomSamples {
    std::int64_t rows = 0, columns = 0;
    int channels = 1;  // as stored; a palette has one
    int bitsAllocated = 16, bitsStored = 16, highBit = 15;
    bool isSigned = false, floating = false;
    bool planar = false;  // all red samples of a frame, then all green, then all blue
    DicomColour colour = DicomColour::Grey;
};

struct DicomPalette {
    std::int64_t first = 0;  // the stored value that the first entry belongs to
    std::array<std::vector<std::uint8_t>, 3> tables;
};

// What tells frames at one place apart, in this order.
struct DicomOrder {
    double time = 0, acquisition = 0, echo = 0, diffusion = 0, trigger = 0, clock = 0, instance = 0;

    auto operator<=>(const DicomOrder&) const = default;
};

struct DicomFrame {
    bool positioned = false, oriented = false;
    std::array<double, 3> position{};     // LPS mm, centre of the first pixel
    std::array<double, 6> orientation{};  // unit vectors along a row and down a column
    std::array<double, 2> spacing{1, 1};  // mm between rows, between columns
    double slope = 1, intercept = 0;      // value = slope * stored + intercept
    DicomOrder order;                     // trigger in ms, clock in seconds of the day
    std::string stack;                    // frames of another one belong elsewhere

    bool placed() const { return positioned && oriented; }
    bool operator==(const DicomFrame&) const = default;
};

struct DicomImage {
    std::filesystem::path path;
    DicomContent content;  // without its elements
    DicomSamples samples;
    DicomPalette palette;
    std::vector<DicomFrame> frames;
    std::string instance, series, modality, description;
    std::int64_t seriesNumber = -1;  // -1: none
    bool localizer = false;
    double thickness = 0;           // mm of a slice; 0 = unknown
    double temporalResolution = 0;  // seconds from one time point to the next; 0 = unknown
    double frameTime = 0;           // seconds from one frame to the next; 0 = unknown
    std::string unit;
    std::vector<ValueWindow> windows;
    std::vector<std::string> notes;

    int channels() const { return samples.channels == 3 || samples.colour == DicomColour::Palette ? 3 : 1; }
    std::string dtype() const;
};
using DicomImagePtr = std::shared_ptr<const DicomImage>;

// Throws EngineError, e.g. for a file without pixels, with more pixels than it can hold, or in an encoding
// that cannot be read. Nothing is decoded.
DicomImagePtr inspectDicom(const std::filesystem::path& path);

// The frames of a file whose elements are at hand; as many as it says.
std::vector<DicomFrame> dicomFrames(const DicomObject& object, std::int64_t count,
                                    std::vector<std::string>& notes);

}  // namespace denoscope
