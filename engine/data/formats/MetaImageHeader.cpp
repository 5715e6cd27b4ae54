// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/MetaImageHeader.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/HeaderText.h"

namespace denoscope {

std::string_view MetaImageHeader::field(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names)
        if (const auto found = fields.find(name); found != fields.end())
            return found->second;
    return {};
}

bool MetaImageHeader::isTrue(std::initializer_list<std::string_view> names) const {
    const std::string value = lowered(field(names));
    return value.starts_with('t') || value == "1";
}

MetaImageHeader parseMetaImageHeader(std::string_view text, const std::string& name) {
    constexpr std::string_view last = "elementdatafile";
    const auto fail = [&](const std::string& what) {
        throw EngineError(what, name, "correct the header, or export the file again");
    };
    MetaImageHeader header;
    std::size_t position = 0;
    while (!header.fields.contains(last)) {
        const auto line = nextLine(text, position);
        if (!line)
            fail("ends before its field 'ElementDataFile'");
        if (trimmed(*line).empty())
            continue;
        const std::size_t equals = line->find('=');
        if (equals == std::string_view::npos)
            fail(fmt::format("line {} of the header is no field", lineAt(text, position)));
        const std::string key = lowered(trimmed(line->substr(0, equals)));
        if (!header.fields.emplace(key, trimmed(line->substr(equals + 1))).second && key != "comment")
            fail(fmt::format("line {} of the header repeats a field", lineAt(text, position)));
    }
    header.end = std::min(position, text.size());
    if (header.field({last}).starts_with("LIST"))
        while (const auto file = nextLine(text, position))
            if (!trimmed(*file).empty())
                header.listed.emplace_back(trimmed(*file));
    return header;
}

}  // namespace denoscope
