// SPDX-License-Identifier: GPL-3.0-or-later
// Keyword arguments of a Python call, as they stand in a JSON object.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/api/Error.h"

namespace denoscope {

inline bool isA(const nlohmann::json& value, bool) {
    return value.is_boolean();
}
inline bool isA(const nlohmann::json& value, std::int64_t) {
    return value.is_number_integer();
}
inline bool isA(const nlohmann::json& value, double) {
    return value.is_number();
}
inline bool isA(const nlohmann::json& value, const std::string&) {
    return value.is_string();
}

// Keyword arguments that are taken one by one; what is left over was not meant for this class.
class KeywordArguments {
public:
    KeywordArguments(const std::string& model, const nlohmann::json& arguments)
        : m_model(model), m_arguments(arguments) {
        if (!arguments.is_object())
            throw EngineError("the arguments are no object", model, "give {\"dim\": 64, ...}");
    }

    // Python's None is the same as leaving the argument out.
    template <typename T>
    std::optional<T> find(const std::string& name) {
        const nlohmann::json* value = take(name);
        return value == nullptr ? std::nullopt : std::optional(convert<T>(name, *value));
    }

    template <typename T>
    T get(const std::string& name, T fallback) {
        return find<T>(name).value_or(std::move(fallback));
    }

    std::int64_t required(const std::string& name) {
        if (const auto value = find<std::int64_t>(name))
            return *value;
        throw EngineError("a required argument is missing", where(name), "");
    }

    // One value for all, or one per stage.
    template <typename T>
    std::vector<T> list(const std::string& name, std::vector<T> fallback) {
        const nlohmann::json* value = take(name);
        if (value == nullptr)
            return fallback;
        if (!value->is_array())
            return {convert<T>(name, *value)};
        std::vector<T> values;
        for (const nlohmann::json& entry : *value)
            values.push_back(convert<T>(name, entry));
        return values;
    }

    // Known, but to be had with one value only.
    template <typename T>
    void expect(const std::string& name, const T& only) {
        if (get<T>(name, only) != only)
            throw EngineError(fmt::format("only {} is possible here", only), where(name), "");
    }

    // Known, and without influence on what is computed.
    void ignore(const std::string& name) { take(name); }

    int count(const std::string& name, int fallback) {
        const std::int64_t value = get<std::int64_t>(name, fallback);
        if (value < 0 || value > (1 << 20))
            throw EngineError(fmt::format("{} is not possible", value), where(name), "");
        return static_cast<int>(value);
    }

    bool isList(const std::string& name) const {
        const auto found = m_arguments.find(name);
        return found != m_arguments.end() && found->is_array();
    }

    std::string where(const std::string& name) const { return m_model + "." + name; }

    void refuseTheRest() const {
        for (const auto& [name, value] : m_arguments.items())
            if (!m_taken.contains(name))
                throw EngineError(fmt::format("'{}' is no argument of this class", name), m_model,
                                  fmt::format("it takes: {}", fmt::join(m_taken, ", ")));
    }

private:
    const nlohmann::json* take(const std::string& name) {
        m_taken.insert(name);
        const auto found = m_arguments.find(name);
        return found == m_arguments.end() || found->is_null() ? nullptr : &*found;
    }

    template <typename T>
    T convert(const std::string& name, const nlohmann::json& value) const {
        if (!isA(value, T{}))
            throw EngineError(fmt::format("{} is of the wrong type", value.dump()), where(name), "");
        return value.get<T>();
    }

    std::string m_model;
    const nlohmann::json& m_arguments;
    std::set<std::string> m_taken;
};

}  // namespace denoscope
