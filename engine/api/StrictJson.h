// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace denoscope {

enum class JsonComments { Refused, Allowed };

// Throws EngineError with `where`, line and column for a syntax error, and for a key that stands twice in one
// object (which JSON readers would silently resolve to one of the two).
nlohmann::json parseStrictJson(std::string_view text, const std::string& where,
                               JsonComments comments = JsonComments::Refused);

// What the JSON library says is wrong, without its identifiers.
std::string reasonOf(const nlohmann::json::exception& error);

}  // namespace denoscope
