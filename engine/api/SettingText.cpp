// SPDX-License-Identifier: GPL-3.0-or-later
// Setting values as text, and what a setting allows.
#include "engine/api/SettingText.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/api/Nearest.h"
#include "engine/api/SettingBuilder.h"

namespace denoscope {
namespace {

[[noreturn]] void refuse(const Setting& setting, const std::string& shown) {
    throw EngineError(fmt::format("'{}' is not possible", shown), setting.key,
                      "allowed: " + allowedText(setting));
}

template <class Number>
Number parseNumber(const Setting& setting, std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        refuse(setting, std::string(text));
    return number;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "32, 64", "[32 64]", "32 x 64": what people write.
std::vector<std::string> parts(std::string_view text, std::string_view separators) {
    std::vector<std::string> result;
    while (true) {
        const std::size_t start = text.find_first_not_of(separators);
        if (start == std::string_view::npos)
            return result;
        text.remove_prefix(start);
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        result.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

bool parseFlag(const Setting& setting, std::string_view text) {
    if (text == "true" || text == "on" || text == "yes" || text == "1")
        return true;
    if (text == "false" || text == "off" || text == "no" || text == "0")
        return false;
    refuse(setting, std::string(text));
}

SettingValue parseUnchecked(const Setting& setting, std::string_view text) {
    switch (setting.kind) {
        case SettingKind::Flag:
            return parseFlag(setting, text);
        case SettingKind::Integer:
            return parseNumber<std::int64_t>(setting, text);
        case SettingKind::Real:
            return parseNumber<double>(setting, text);
        case SettingKind::Choice:
        case SettingKind::Text:
        case SettingKind::Path:
            return std::string(text);
        case SettingKind::IntegerList: {
            std::vector<std::int64_t> numbers;
            for (const std::string& part : parts(text, " ,;x[]"))
                numbers.push_back(parseNumber<std::int64_t>(setting, part));
            return numbers;
        }
        case SettingKind::ChoiceList:
            return parts(text, " ,;[]");
    }
    return {};
}

const char* typeName(SettingKind kind) {
    switch (kind) {
        case SettingKind::Flag:
            return "true or false";
        case SettingKind::Integer:
            return "a whole number";
        case SettingKind::Real:
            return "a number";
        case SettingKind::Choice:
            return "one of";
        case SettingKind::Text:
            return "text";
        case SettingKind::Path:
            return "a path";
        case SettingKind::IntegerList:
            return "whole numbers";
        case SettingKind::ChoiceList:
            return "any of";
    }
    return "";
}

bool inRange(const Setting& setting, double value) {
    return std::isfinite(value) && value >= setting.min && value <= setting.max;
}

bool isChoice(const Setting& setting, const std::string& value) {
    return std::find(setting.choices.begin(), setting.choices.end(), value) != setting.choices.end();
}

}  // namespace

std::string allowedText(const Setting& setting) {
    const std::string type = typeName(setting.kind);
    switch (setting.kind) {
        case SettingKind::Integer:
        case SettingKind::Real:
        case SettingKind::IntegerList:
            return fmt::format("{} from {} to {}", type, setting.min, setting.max);
        case SettingKind::Choice:
        case SettingKind::ChoiceList:
            return fmt::format("{} {}", type, fmt::join(setting.choices, ", "));
        default:
            return type;
    }
}

bool isAllowed(const Setting& setting, const SettingValue& value) {
    switch (setting.kind) {
        case SettingKind::Integer:
            return inRange(setting, static_cast<double>(std::get<std::int64_t>(value)));
        case SettingKind::Real:
            return inRange(setting, std::get<double>(value));
        case SettingKind::IntegerList: {
            const auto& numbers = std::get<std::vector<std::int64_t>>(value);
            return std::all_of(numbers.begin(), numbers.end(), [&](std::int64_t number) {
                return inRange(setting, static_cast<double>(number));
            });
        }
        case SettingKind::Choice:
            return isChoice(setting, std::get<std::string>(value));
        case SettingKind::ChoiceList: {
            const auto& names = std::get<std::vector<std::string>>(value);
            return std::all_of(names.begin(), names.end(),
                               [&](const std::string& name) { return isChoice(setting, name); });
        }
        default:
            return true;
    }
}

void refuseType(const std::string& key, const SettingValue& value) {
    const Setting* setting = findSetting(key);
    throw EngineError(fmt::format("'{}' is of the wrong type", toText(value)), key,
                      "allowed: " + (setting ? allowedText(*setting) : ""));
}

std::size_t choiceIndex(const std::string& key, const std::string& name,
                        std::span<const std::string_view> choices) {
    const auto found = std::find(choices.begin(), choices.end(), name);
    if (found == choices.end())
        throw EngineError(
            fmt::format("'{}' is not possible", name), key,
            fmt::format("did you mean '{}'? allowed: {}", nearestName(name, {choices.begin(), choices.end()}),
                        fmt::join(choices, ", ")));
    return static_cast<std::size_t>(found - choices.begin());
}

std::string toText(const SettingValue& value) {
    struct Writer {
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
        std::string operator()(double number) const { return fmt::format("{}", number); }
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(const std::vector<std::int64_t>& numbers) const {
            return fmt::format("{}", fmt::join(numbers, ", "));
        }
        std::string operator()(const std::vector<std::string>& names) const {
            return fmt::format("{}", fmt::join(names, ", "));
        }
    };
    return std::visit(Writer{}, value);
}

std::string labelText(const Setting& setting, const SettingValue& value) {
    const auto labelOf = [&](const std::string& choice) {
        const auto found = std::ranges::find(setting.choices, choice);
        return found == setting.choices.end()
                   ? choice
                   : setting.choiceLabels[static_cast<std::size_t>(found - setting.choices.begin())];
    };
    if (const auto* choice = std::get_if<std::string>(&value))
        return labelOf(*choice);
    if (const auto* names = std::get_if<std::vector<std::string>>(&value)) {
        std::vector<std::string> labels(names->size());
        std::ranges::transform(*names, labels.begin(), labelOf);
        return toText(labels);
    }
    return toText(value);
}

std::string labelledHelp(const Setting& setting) {
    std::string text;
    std::string_view rest = setting.help;
    while (!rest.empty()) {
        const std::size_t open = rest.find('`');
        const std::size_t close = rest.find('`', std::min(open, rest.size() - 1) + 1);
        if (close == std::string_view::npos)
            return text.append(rest);
        text += rest.substr(0, open);
        text += labelText(setting, std::string(rest.substr(open + 1, close - open - 1)));
        rest.remove_prefix(close + 1);
    }
    return text;
}

SettingValue parseSetting(const Setting& setting, const std::string& text) {
    const bool verbatim = setting.kind == SettingKind::Text || setting.kind == SettingKind::Path;
    SettingValue value = parseUnchecked(setting, verbatim ? std::string_view(text) : trimmed(text));
    if (!isAllowed(setting, value))
        refuse(setting, text);
    return value;
}

}  // namespace denoscope
