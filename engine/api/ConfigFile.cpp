// SPDX-License-Identifier: GPL-3.0-or-later
// The config as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "engine/api/Nearest.h"
#include "engine/api/SettingText.h"
#include "engine/api/Settings.h"
#include "engine/api/StrictJson.h"

namespace denoscope {
namespace {

using nlohmann::json;

bool isText(const json& value) {
    return value.is_string();
}

bool isWhole(const json& value) {
    // Unsigned numbers past the signed range would wrap around on reading.
    return value.is_number_integer() &&
           !(value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX});
}

std::optional<SettingValue> valueOf(SettingKind kind, const json& value) {
    switch (kind) {
        case SettingKind::Flag:
            if (value.is_boolean())
                return value.get<bool>();
            break;
        case SettingKind::Integer:
            if (isWhole(value))
                return value.get<std::int64_t>();
            break;
        case SettingKind::Real:
            if (value.is_number())
                return value.get<double>();
            break;
        case SettingKind::Choice:
        case SettingKind::Text:
        case SettingKind::Path:
            if (value.is_string())
                return value.get<std::string>();
            break;
        case SettingKind::IntegerList:
            if (value.is_array() && std::all_of(value.begin(), value.end(), isWhole))
                return value.get<std::vector<std::int64_t>>();
            break;
        case SettingKind::ChoiceList:
            if (value.is_array() && std::all_of(value.begin(), value.end(), isText))
                return value.get<std::vector<std::string>>();
            break;
    }
    return std::nullopt;
}

[[noreturn]] void refuseKey(const std::string& key, const std::string& where) {
    std::vector<std::string> known;
    for (const Setting& setting : settings())
        known.push_back(setting.key);
    for (const SettingGroup& group : settingGroups())
        known.push_back(group.key);
    throw EngineError(fmt::format("unknown key '{}'", key), where,
                      fmt::format("did you mean '{}'?", nearestName(key, known)));
}

// People also write "sampling.steps", as on the command line.
[[noreturn]] void refuseGroup(const std::string& key, const std::string& where) {
    if (const Setting* setting = findSetting(key))
        throw EngineError(fmt::format("'{}' stands outside of its group", key), where,
                          fmt::format(R"(write "{}": {{ "{}": ... }})", setting->group(),
                                      key.substr(setting->group().size() + 1)));
    refuseKey(key, where);
}

void takeOver(RunConfig& config, const std::string& key, const json& value, const std::string& where) {
    const Setting& setting = settingNamed(key, where);
    const std::optional<SettingValue> read = valueOf(setting.kind, value);
    if (!read || !isAllowed(setting, *read))
        throw EngineError(
            fmt::format("{} cannot be {}", key, value.dump(-1, ' ', false, json::error_handler_t::replace)),
            where, "allowed: " + allowedText(setting));
    setting.set(config, *read);
}

json toJson(const SettingValue& value) {
    return std::visit([](const auto& held) { return json(held); }, value);
}

}  // namespace

const Setting& settingNamed(const std::string& key, const std::string& where) {
    const Setting* setting = findSetting(key);
    if (setting == nullptr)
        refuseKey(key, where);
    return *setting;
}

RunConfig parseConfig(const std::string& text, const std::string& where) {
    const json root = parseStrictJson(text, where, JsonComments::Allowed);
    if (!root.is_object())
        throw EngineError("a config is an object of groups", where,
                          R"(write { "data": { ... }, "training": { ... } })");
    RunConfig config;
    for (const auto& [group, members] : root.items()) {
        const auto& groups = settingGroups();
        if (std::none_of(groups.begin(), groups.end(),
                         [&](const SettingGroup& known) { return known.key == group; }))
            refuseGroup(group, where);
        if (!members.is_object())
            throw EngineError(fmt::format("'{}' is a group of settings, not a value", group), where,
                              fmt::format(R"(write "{}": {{ ... }})", group));
        for (const auto& [name, value] : members.items())
            takeOver(config, group + "." + name, value, where);
    }
    return config;
}

std::string formatConfig(const RunConfig& config) {
    std::string text = "{";
    std::string group;
    for (const Setting& setting : settings()) {
        if (setting.group() != group) {
            text += group.empty() ? "\n" : "\n  },\n";
            group = setting.group();
            text += fmt::format("  \"{}\": {{\n", group);
        } else {
            text += ",\n";
        }
        text += fmt::format("    \"{}\": {}", setting.key.substr(group.size() + 1),
                            toJson(setting.get(config)).dump(-1, ' ', false, json::error_handler_t::replace));
    }
    return text + "\n  }\n}\n";
}

std::vector<SettingChange> difference(const RunConfig& before, const RunConfig& after) {
    std::vector<SettingChange> changes;
    for (const Setting& setting : settings()) {
        const SettingValue from = setting.get(before), to = setting.get(after);
        if (from != to)
            changes.push_back({setting.key, toText(from), toText(to)});
    }
    return changes;
}

}  // namespace denoscope
