// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/ArgumentFinder.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/api/Nearest.h"
#include "engine/core/Printable.h"

namespace denoscope {
namespace {

constexpr const char* remedy = "choose weights of a network of denoising-diffusion-pytorch or of Denoscope";
constexpr std::int64_t widest = 1 << 24;  // no layer is wider: products of such extents cannot overflow

}  // namespace

ArgumentFinder::ArgumentFinder(const std::map<std::string, Shape>& shapes, const nlohmann::json& answers)
    : m_shapes(shapes), m_answers(answers) {
    if (!answers.is_object())
        throw EngineError("the answers are no object of arguments", "", "give them as argument and value");
}

bool ArgumentFinder::hasAnyEndingIn(std::string_view ending) const {
    return std::any_of(m_shapes.begin(), m_shapes.end(),
                       [&](const auto& entry) { return entry.first.ends_with(ending); });
}

const Shape& ArgumentFinder::shape(const std::string& name) const {
    const auto found = m_shapes.find(name);
    if (found == m_shapes.end())
        throw EngineError("the weights lack a tensor of this network", inQuotes(name), remedy);
    for (const std::int64_t extent : found->second)
        if (extent < 1 || extent > widest)
            throw EngineError(fmt::format("the shape {} is none of a layer", toText(found->second)),
                              inQuotes(name), remedy);
    return found->second;
}

const Shape& ArgumentFinder::shape(const std::string& name, std::size_t dimensions) const {
    const Shape& found = shape(name);
    if (found.size() != dimensions)
        throw EngineError(fmt::format("has {} dimensions where {} belong", found.size(), dimensions),
                          inQuotes(name), remedy);
    return found;
}

void ArgumentFinder::contradict(const std::string& argument, const nlohmann::json& told) const {
    throw EngineError(fmt::format("{} is given as {} where the weights say {}", argument,
                                  m_answers.at(argument).dump(), told.dump()),
                      argument, "leave it out");
}

void ArgumentFinder::certain(const std::string& argument, const nlohmann::json& value) {
    if (const nlohmann::json given = answer(argument); !given.is_null() && given != value)
        contradict(argument, value);
    model.args[argument] = value;
}

nlohmann::json ArgumentFinder::ask(const std::string& argument, const std::string& sentence,
                                   const nlohmann::json& fallback) {
    nlohmann::json given = answer(argument);
    if (given.is_null()) {
        model.questions.push_back({argument, sentence, fallback});
        return given;
    }
    if ((fallback.is_number() && !given.is_number()) || (fallback.is_boolean() && !given.is_boolean()))
        throw EngineError(fmt::format("{} is given as {}", argument, given.dump()), argument,
                          fallback.is_number() ? "give a number" : "give true or false");
    model.args[argument] = given;
    return given;
}

nlohmann::json ArgumentFinder::answer(const std::string& argument) {
    m_known.insert(argument);
    return m_answers.contains(argument) ? m_answers.at(argument) : nlohmann::json();
}

std::int64_t ArgumentFinder::positive(const std::string& argument, const nlohmann::json& value) const {
    if (!value.is_number_integer() || value.get<std::int64_t>() < 1 || value.get<std::int64_t>() > widest)
        throw EngineError(
            fmt::format("{} is {} and no whole number from 1 to {}", argument, value.dump(), widest),
            argument, "give a whole number");
    return value.get<std::int64_t>();
}

void ArgumentFinder::settledElsewhere(const std::string& argument, const nlohmann::json& value) {
    if (!answer(argument).is_null())
        certain(argument, value);
}

void ArgumentFinder::passOn(std::initializer_list<const char*> arguments) {
    for (const char* argument : arguments)
        if (const nlohmann::json given = answer(argument); !given.is_null())
            model.args[argument] = given;
}

InferredModel ArgumentFinder::finish() {
    for (const auto& [argument, value] : m_answers.items())
        if (!m_known.contains(argument))
            throw EngineError(
                fmt::format("{} has no argument {}", model.model, inQuotes(argument)), argument,
                "did you mean " + inQuotes(nearestName(argument, {m_known.begin(), m_known.end()})) + "?");
    return std::move(model);
}

}  // namespace denoscope
