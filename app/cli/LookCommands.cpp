// SPDX-License-Identifier: GPL-3.0-or-later
// info, devices, settings, config: everything that only looks.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "engine/api/FactsFile.h"
#include "engine/api/Orientation.h"
#include "engine/api/Settings.h"
#include "engine/core/Machine.h"
#include "engine/data/Dataset.h"

namespace denoscope {
namespace {

using nlohmann::ordered_json;

DataFacts factsOf(const std::string& path, const std::string& part = {}) {
    DataConfig config;
    config.source = absoluteSource(path);
    config.part = part;
    return openDataset(config)->facts();
}

void row(const char* name, const std::string& value) {
    fmt::print("{:<12}{}\n", name, value);
}

void printGeometry(const DataFacts& facts) {
    const Geometry& geometry = facts.geometry;
    if (facts.kind == DataKind::Signal)
        row("rate", geometry.sampleRate > 0 ? fmt::format("{} Hz", geometry.sampleRate) : "unknown");
    if (facts.kind != DataKind::Volume)
        return;
    row("spacing", fmt::format("{:.6g} mm", fmt::join(geometry.spacing, " x ")));
    row("orientation", orientationLetters(geometry));
    for (std::size_t i = 0; i < 3; ++i)
        row(i == 0 ? "affine" : "",
            fmt::format("{:>10.4f} {:>10.4f} {:>10.4f} {:>10.4f}", geometry.affine[i * 4],
                        geometry.affine[i * 4 + 1], geometry.affine[i * 4 + 2], geometry.affine[i * 4 + 3]));
}

void printDetails(const SourceDetails& details) {
    if (details.slope != 1 || details.intercept != 0)
        row("scaling", fmt::format("{} x stored {} {}", details.slope, details.intercept < 0 ? '-' : '+',
                                   std::abs(details.intercept)));
    if (details.timeStep > 0)
        row("time step", fmt::format("{} s", details.timeStep));
    if (!details.unit.empty())
        row("unit", details.unit);
    if (!details.channelNames.empty())
        row("names", fmt::format("{}", fmt::join(details.channelNames, ", ")));
    for (const ValueWindow& window : details.windows)
        row("window", fmt::format("{}: {} to {}", window.name, window.low, window.high));
    for (const SourcePart& part : details.parts)
        row(part.name == details.part ? "part in use" : "part",
            fmt::format("{}: {}", part.name, part.description));
}

// Integers with all their digits; the largest of 32 bits, which are rounded up in floating point, as they
// are.
std::string extremeText(double value, const DataFacts& facts) {
    const bool asStored = facts.details.slope == 1 && facts.details.intercept == 0;
    if (asStored && facts.dtype == "uint32")
        value = std::min<double>(value, std::numeric_limits<std::uint32_t>::max());
    if (asStored && facts.dtype == "int32")
        value = std::min<double>(value, std::numeric_limits<std::int32_t>::max());
    return asStored && facts.dtype.find("int") != std::string::npos && std::abs(value) < 1e15
               ? fmt::format("{:.15g}", value)
               : fmt::format("{:.6g}", value);
}

void printFacts(const DataFacts& facts) {
    row("kind", toText(facts.kind));
    row("format", facts.format);
    row("count", fmt::format("{}", facts.count));
    row("shape", facts.mixedShapes
                     ? fmt::format("{} to {}", toText(facts.smallestShape), toText(facts.largestShape))
                     : toText(facts.shape));
    row("channels", fmt::format("{}", facts.channels()));
    row("dtype", facts.dtype);
    printGeometry(facts);
    printDetails(facts.details);
    const char* sampled = facts.statisticsSampled ? " (of a sample of the values)" : "";
    row("min", extremeText(facts.min, facts) + sampled);
    row("max", extremeText(facts.max, facts) + sampled);
    row("mean", fmt::format("{:.6g}{}", facts.mean, sampled));
    row("deviation", fmt::format("{:.6g}{}", facts.standardDeviation, sampled));
    if (!facts.labels.empty())
        row("labels", fmt::format("{} ({})", facts.labels.size(), fmt::join(facts.labels, ", ")));
    for (const std::string& note : facts.notes)
        row("note", note);
}

void printSetting(const Setting& setting) {
    const std::string unit = setting.unit.empty() ? "" : " " + setting.unit;
    fmt::print("{:<30} {}{}\n    {}: {}\n", setting.key, toText(setting.get(RunConfig{})), unit,
               setting.label, setting.help);
}

}  // namespace

ExitCode showInfo(const std::string& path, const std::string& part, bool json) {
    const DataFacts facts = factsOf(path, part);
    if (json)
        fmt::print("{}\n", formatFacts(facts));
    else
        printFacts(facts);
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
    RunConfig config = recommendedConfig(factsOf(path), preset);
    config.data.source = absoluteSource(path);
    fmt::print("{}", formatConfig(config));
    return succeeded;
}

}  // namespace denoscope
