// SPDX-License-Identifier: GPL-3.0-or-later
// Where the config of a new run comes from.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/api/Config.h"
#include "engine/api/Data.h"

namespace denoscope {

struct ConfigSource {
    std::string file;                  // a JSON config, or one of the next two
    std::string demo;                  // "shapes"
    std::string data;                  // a path, or "demo:shapes"
    std::string preset;                // with demo or data; empty = the recommendation
    std::vector<std::string> changes;  // "training.steps=500", applied last
};

// "demo:..." stays; a path becomes absolute, so that the run can be resumed from anywhere.
std::string absoluteSource(const std::string& source);

// The recommended config (of that preset, where not empty) for data that was looked at.
RunConfig recommendedConfig(const DataFacts& facts, const std::string& preset);

// `look` opens data, as the changes say (data.cache_mib), to recommend a config for it. Throws EngineError
// for contradicting or missing sources, unknown presets and keys, and values that are not allowed.
RunConfig makeConfig(const ConfigSource& source, const std::function<DataFacts(const DataConfig&)>& look);

// "training.steps=500"
void applyChange(RunConfig& config, const std::string& change);

}  // namespace denoscope
