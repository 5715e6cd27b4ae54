// SPDX-License-Identifier: GPL-3.0-or-later
// info, devices, settings, config: everything that only looks.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "app/cli/FactsText.h"
#include "engine/api/FactsFile.h"
#include "engine/api/Settings.h"
#include "engine/core/Machine.h"
#include "engine/data/Dataset.h"

namespace denoscope {
namespace {

using nlohmann::ordered_json;

DataFacts factsOf(const std::string& path, const std::string& part, Purpose purpose) {
    DataConfig config;
    config.source = absoluteSource(path);
    config.part = part;
    return openDataset(config, purpose)->facts();
}

void row(const char* name, const std::string& value) {
    fmt::print("{:<12}{}\n", name, value);
}

void printSetting(const Setting& setting) {
    const std::string unit = setting.unit.empty() ? "" : " " + setting.unit;
    fmt::print("{:<30} {}{}\n    {}: {}\n", setting.key, toText(setting.get(RunConfig{})), unit,
               setting.label, setting.help);
}

}  // namespace

ExitCode showInfo(const std::string& path, const std::string& part, bool json) {
    const DataFacts facts = factsOf(path, part, Purpose::Looking);
    if (json)
        fmt::print("{}\n", factsForReading(facts));
    else
        fmt::print("{}", factsText(facts));
    return succeeded;
}

ExitCode showDevices(bool json) {
    const MathLibrary math = mathLibrary();
    const std::string warning = slowMathWarning();
    if (json) {
        ordered_json root;
        root["devices"] = ordered_json::array();
        for (const DeviceInfo& device : devices())
            root["devices"].push_back({{"name", device.name},
                                       {"description", device.description},
                                       {"memory_bytes", device.memoryBytes}});
        root["math"] = {{"name", math.name}, {"gflops", math.matmulGflops}, {"reference", math.reference}};
        root["libtorch"] = torchVersion();
        root["warning"] = warning;
        fmt::print("{}\n", root.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
        return succeeded;
    }
    for (const DeviceInfo& device : devices())
        row(device.name.c_str(), device.memoryBytes > 0
                                     ? fmt::format("{}, {:.1f} GiB", device.description,
                                                   static_cast<double>(device.memoryBytes) / (1 << 30))
                                     : device.description);
    row("math", fmt::format("{}, {:.0f} GFLOP/s", math.name, math.matmulGflops));
    row("LibTorch", torchVersion());
    if (!warning.empty())
        fmt::print(stderr, "warning: {}\n", warning);
    return succeeded;
}

ExitCode showSettings(SettingsForm form) {
    if (form == SettingsForm::Json)
        fmt::print("{}", formatConfig(RunConfig{}));
    else if (form == SettingsForm::Markdown)
        fmt::print("{}", settingsReference());
    else
        for (const Setting& setting : settings())
            printSetting(setting);
    return succeeded;
}

ExitCode showConfig(const std::string& path, const std::string& preset) {
    RunConfig config = recommendedConfig(factsOf(path, {}, Purpose::Training), preset);
    config.data.source = absoluteSource(path);
    fmt::print("{}", formatConfig(config));
    return succeeded;
}

}  // namespace denoscope
