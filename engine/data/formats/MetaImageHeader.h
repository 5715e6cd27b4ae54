// SPDX-License-Identifier: GPL-3.0-or-later
// The text at the beginning of MetaImage files, https://itk.org/Wiki/ITK/MetaIO/Documentation.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace denoscope {

struct MetaImageHeader {
    std::map<std::string, std::string, std::less<>> fields;  // lowered: "elementspacing"
    std::vector<std::string> listed;                         // the lines behind "ElementDataFile = LIST"
    std::uint64_t end = 0;                                   // of the header: where LOCAL values begin

    // The first of the names that is given; empty where none is.
    std::string_view field(std::initializer_list<std::string_view> names) const;
    bool isTrue(std::initializer_list<std::string_view> names) const;
};

// Throws EngineError that names the file and the line.
MetaImageHeader parseMetaImageHeader(std::string_view text, const std::string& name);

}  // namespace denoscope
