// SPDX-License-Identifier: GPL-3.0-or-later
// The engine names arguments, tensors and settings where something is wrong; whoever imports knows options
// and the file. Inside of ImportRun.h.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/api/Settings.h"
#include "engine/session/ImportRun.h"

namespace denoscope {

// As --shape takes it: "64x64".
std::string optionText(const Shape& size);

class ImportErrors {
public:
    explicit ImportErrors(const ImportRequest& request) : m_request(request) {}

    // What `call` returns. What it throws names `option` ("--arg") with the argument, or the file with the
    // tensor.
    template <typename Call>
    auto named(const char* option, Call call) const {
        try {
            return call();
        } catch (const EngineError& error) {
            throw EngineError(translated(error.error(), option));
        } catch (const nlohmann::json::exception& error) {
            throw EngineError(ofJson(error, option));
        }
    }

    // Throws the first problem of a config that was made for this request.
    void refuse(const std::vector<Problem>& problems, const RunConfig& config) const;

private:
    Error translated(Error error, const std::string& option) const;
    Error ofSize(Error error) const;
    static Error ofJson(const nlohmann::json::exception& error, const std::string& option);
    const ImportRequest& m_request;
};

}  // namespace denoscope
