// SPDX-License-Identifier: GPL-3.0-or-later
// Collects the arguments of a model while its shapes are looked at. Inside of InferArguments.h.
#pragma once

#include <initializer_list>
#include <set>
#include <string>

#include "engine/interchange/InferArguments.h"

namespace denoscope {

class ArgumentFinder {
public:
    ArgumentFinder(const std::map<std::string, Shape>& shapes, const nlohmann::json& answers);

    bool has(const std::string& name) const { return m_shapes.contains(name); }
    bool hasAnyEndingIn(std::string_view ending) const;
    // Throws EngineError naming the tensor that is missing or has another number of dimensions or an empty
    // one.
    const Shape& shape(const std::string& name, std::size_t dimensions) const;
    const Shape& shape(const std::string& name) const;

    // Told by the weights; an answer that says otherwise is refused.
    void certain(const std::string& argument, const nlohmann::json& value);
    // The answer, or null after noting the question.
    nlohmann::json ask(const std::string& argument, const std::string& sentence,
                       const nlohmann::json& fallback);
    // The answer if there is one, without asking.
    nlohmann::json answer(const std::string& argument);
    // A whole number of at least 1, or refusal.
    std::int64_t positive(const std::string& argument, const nlohmann::json& value) const;
    // An argument that is best left out, since others imply it; checked and taken over where it is answered.
    void settledElsewhere(const std::string& argument, const nlohmann::json& value);
    // Arguments that change no number: taken over when answered, never asked for.
    void passOn(std::initializer_list<const char*> arguments);
    [[noreturn]] void contradict(const std::string& argument, const nlohmann::json& told) const;

    // Checks that every answer was of use.
    InferredModel finish();
    InferredModel model;

private:
    const std::map<std::string, Shape>& m_shapes;
    const nlohmann::json& m_answers;
    std::set<std::string> m_known;
};

void inferUnet(ArgumentFinder& finder);
void inferKarras(ArgumentFinder& finder);

}  // namespace denoscope
