// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ConfigSource.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "engine/api/Error.h"
#include "engine/api/Nearest.h"
#include "engine/api/Settings.h"
#include "engine/core/Files.h"

namespace denoscope {
namespace {

constexpr std::size_t largestConfigFile = std::size_t{4} << 20;

RunConfig configOfFile(const std::string& file) {
    RunConfig config = parseConfig(readFile(file, largestConfigFile), file);
    config.data.source = absoluteSource(config.data.source);
    return config;
}

}  // namespace

std::string absoluteSource(const std::string& source) {
    if (source.empty() || source.starts_with("demo:"))
        return source;
    return std::filesystem::absolute(source).lexically_normal().string();
}

RunConfig recommendedConfig(const DataFacts& facts, const std::string& preset) {
    if (preset.empty())
        return recommend(facts);
    std::vector<std::string> known;
    for (const Preset& candidate : presets()) {
        if (candidate.key == preset)
            return candidate.make(facts);
        known.push_back(candidate.key);
    }
    throw EngineError(fmt::format("there is no preset '{}'", preset), "--preset",
                      fmt::format("did you mean '{}'?", nearestName(preset, known)));
}

RunConfig makeConfig(const ConfigSource& source, const std::function<DataFacts(const DataConfig&)>& look) {
    const auto given = std::ranges::count_if(std::vector{&source.file, &source.demo, &source.data},
                                             [](const std::string* text) { return !text->empty(); });
    if (given != 1)
        throw EngineError(
            given == 0 ? "nothing says what to train on" : "several things say what to train on", "train",
            "give one of CONFIG, --demo NAME and --data PATH");
    if (!source.file.empty() && !source.preset.empty())
        throw EngineError("a config file needs no preset", "--preset",
                          "leave it out, or use --data or --demo");
    RunConfig config;
    if (!source.file.empty()) {
        config = configOfFile(source.file);
    } else {
        RunConfig asked;  // what --set says of the data counts for looking at it too
        for (const std::string& change : source.changes)
            applyChange(asked, change);
        DataConfig data = asked.data;
        data.source = source.demo.empty() ? absoluteSource(source.data) : "demo:" + source.demo;
        config = recommendedConfig(look(data), source.preset);
        config.data.source = data.source;
    }
    for (const std::string& change : source.changes)
        applyChange(config, change);
    return config;
}

void applyChange(RunConfig& config, const std::string& change) {
    const std::size_t equals = change.find('=');
    const Setting& setting = settingNamed(change.substr(0, equals), "--set");
    if (equals == std::string::npos)
        throw EngineError(
            fmt::format("'{}' has no value", change), "--set",
            fmt::format("write for example --set {}={}", setting.key, toText(setting.get(config))));
    setting.set(config, parseSetting(setting, change.substr(equals + 1)));
    config.data.source = absoluteSource(config.data.source);
}

}  // namespace denoscope
