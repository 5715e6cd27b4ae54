// SPDX-License-Identifier: GPL-3.0-or-later
// How every layer says that something is wrong: what happened, where, and what the person can do about it.
#pragma once

#include <stdexcept>
#include <string>

namespace denoscope {

struct Error {
    std::string what;    // one sentence, e.g. "unknown key 'learning_rat'"
    std::string where;   // a path, a key, a byte position, a step; may be empty
    std::string remedy;  // what to do, e.g. "did you mean 'training.learning_rate'?"; may be empty

    bool operator==(const Error&) const = default;
};

// One line for terminals and logs: "where: what (remedy)".
std::string toText(const Error& error);

// Thrown inside the engine for everything a person can mend; caught once, at the top of a thread or of
// main().
class EngineError : public std::runtime_error {
public:
    explicit EngineError(Error error) : std::runtime_error(toText(error)), m_error(std::move(error)) {}
    EngineError(std::string what, std::string where, std::string remedy)
        : EngineError(Error{std::move(what), std::move(where), std::move(remedy)}) {}

    const Error& error() const { return m_error; }

private:
    Error m_error;
};

// The input was right and the work failed all the same: a full disk, say.
class WorkFailed : public EngineError {
public:
    using EngineError::EngineError;
};

}  // namespace denoscope
