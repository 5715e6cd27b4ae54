// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/StrictJson.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

using nlohmann::json;

constexpr int deepest = 16;  // far beyond our formats; bounds what a hostile file makes us allocate

// "line 3, column 7" of a 1-based byte position.
std::string position(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, byte == 0 ? 0 : std::min(byte - 1, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t lineStart = before.rfind('\n');
    const std::size_t column = before.size() - (lineStart == std::string_view::npos ? 0 : lineStart + 1) + 1;
    return fmt::format("line {}, column {}", line, column);
}

// The library's text is "[json...] parse error at line 1, column 2: syntax error ..."; the last part is for
// people.
std::string syntaxReason(std::string_view message) {
    const std::size_t start = message.find(": ", message.find("column"));
    return std::string(start == std::string_view::npos ? message : message.substr(start + 2));
}

}  // namespace

json parseStrictJson(std::string_view text, const std::string& where, JsonComments comments) {
    std::vector<std::set<std::string>> keysOfOpenObjects;
    const auto check = [&](int depth, json::parse_event_t event, json& parsed) {
        if (depth > deepest)
            throw EngineError(fmt::format("is nested more than {} levels deep", deepest), where,
                              "check that this is the right file");
        if (event == json::parse_event_t::object_start)
            keysOfOpenObjects.emplace_back();
        else if (event == json::parse_event_t::object_end)
            keysOfOpenObjects.pop_back();
        else if (event == json::parse_event_t::key &&
                 !keysOfOpenObjects.back().insert(parsed.get<std::string>()).second)
            throw EngineError(fmt::format("the key '{}' stands there twice", parsed.get<std::string>()),
                              where, "keep one of the two");
        return true;
    };
    try {
        return json::parse(text.begin(), text.end(), check, true, comments == JsonComments::Allowed);
    } catch (const json::parse_error& error) {
        throw EngineError("not valid JSON: " + syntaxReason(error.what()),
                          where + ", " + position(text, error.byte), "correct the file at that place");
    } catch (const json::exception& error) {
        throw EngineError("not valid JSON: " + reasonOf(error), where, "correct the file");
    }
}

std::string reasonOf(const json::exception& error) {
    const std::string message = error.what();  // "[json.exception.type_error.302] type must be ..."
    const std::size_t end = message.find("] ");
    return message.starts_with('[') && end != std::string::npos ? message.substr(end + 2) : message;
}

}  // namespace denoscope
