// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/NrrdHeader.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/HeaderText.h"

namespace denoscope {
namespace {

[[noreturn]] void failHeader(const std::string& name, const std::string& what) {
    throw EngineError(what, name, "correct the header, or export the file again");
}

std::string withoutBlanks(std::string text) {
    std::erase(text, ' ');
    return text;
}

}  // namespace

std::string_view NrrdHeader::field(const std::string& key) const {
    const auto found = fields.find(key);
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

NrrdHeader parseNrrdHeader(std::string_view text, const std::string& name) {
    NrrdHeader header;
    std::size_t position = 0;
    const auto magic = nextLine(text, position);
    if (!magic || !magic->starts_with("NRRD000") || magic->size() > 16)
        failHeader(name, "does not begin as a NRRD file does");
    while (const auto line = nextLine(text, position)) {
        if (line->empty())
            break;
        const std::size_t colon = line->find(':');
        if (line->starts_with('#') || line->find(":=") != std::string_view::npos)
            continue;
        if (colon == std::string_view::npos || line->substr(colon, 2) != ": ")
            failHeader(name, fmt::format("line {} of the header is no field", lineAt(text, position)));
        const std::string key = withoutBlanks(lowered(line->substr(0, colon)));
        const std::string_view value = trimmed(line->substr(colon + 1));
        if (!header.fields.emplace(key, value).second)
            failHeader(name, fmt::format("line {} of the header repeats a field", lineAt(text, position)));
        if (key == "datafile" && value.starts_with("LIST")) {
            while (const auto file = nextLine(text, position))
                if (!trimmed(*file).empty())
                    header.listed.emplace_back(trimmed(*file));
        }
    }
    header.end = std::min(position, text.size());
    return header;
}

}  // namespace denoscope
