// SPDX-License-Identifier: GPL-3.0-or-later
// The text at the beginning of NRRD files, https://teem.sourceforge.net/nrrd/format.html.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/formats/VolumeFile.h"

namespace denoscope {

struct NrrdHeader {
    // Lowered, without blanks ("spacedirections"); comments and key:=value pairs are no fields.
    std::map<std::string, std::string> fields;
    std::vector<std::string> listed;  // the lines behind "data file: LIST"
    std::uint64_t end = 0;            // of the header: where attached values begin

    std::string_view field(const std::string& key) const;  // empty where it is not given
};

// Throws EngineError that names the file and the line.
NrrdHeader parseNrrdHeader(std::string_view text, const std::string& name);

// What the header says of the axes, fastest first.
struct NrrdAxes {
    std::vector<StoredAxis> axes;
    Geometry geometry;
    double timeStep = 0;    // seconds between items; 0 = they are no times
    bool coloured = false;  // the channels are red, green, blue and perhaps alpha
    std::vector<std::string> notes;
};
NrrdAxes axesOf(const NrrdHeader& header, const std::string& name);

}  // namespace denoscope
