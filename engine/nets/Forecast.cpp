// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/Forecast.h"

#include <fmt/format.h>
#include <algorithm>
#include <fstream>
#include <string>

#include "engine/nets/NetworkPlan.h"

namespace denoscope {
namespace {

// What LibTorch and its libraries occupy before the first tensor.
constexpr std::int64_t programBytes = std::int64_t{300} << 20;

// What can be had without swapping: free memory and the caches that the system would give up.
std::int64_t availableMemory() {
    std::ifstream file("/proc/meminfo");
    std::string key, unit;
    std::int64_t kibibytes = 0;
    while (file >> key >> kibibytes && std::getline(file, unit))
        if (key == "MemAvailable:")
            return kibibytes << 10;
    return 0;
}

std::int64_t bytesOf(double values) {
    constexpr double bytesPerValue = 4, most = 9e18;  // just below what 64 bits hold
    return programBytes + static_cast<std::int64_t>(std::min(values * bytesPerValue, most));
}

double gibibytes(std::int64_t bytes) {
    return static_cast<double>(bytes) / (1 << 30);
}

}  // namespace

Forecast forecast(const RunConfig& config, int channels, int classes) {
    const NetworkPlan plan = makeNetworkPlan(networkOptions(config, channels, classes));
    Forecast result;
    result.parameters = parameterCount(plan);
    result.macs = macs(plan);
    const auto parameters = static_cast<double>(result.parameters);
    const double kept = keptActivations(plan);
    // Weights, gradients, two Adam moments, the average, and the normalised copies that the graph holds.
    result.trainingBytes = bytesOf(parameters * 7 + kept * static_cast<double>(config.training.batchSize));
    // Without gradients little more than the skip connections is kept: about an eighth.
    result.samplingBytes = bytesOf(
        parameters * 2 + kept / 8 * static_cast<double>(std::min(config.sampling.count, itemsAtOnce)));
    result.availableBytes = availableMemory();
    return result;
}

std::optional<Error> refusal(const Forecast& forecast, Activity activity) {
    const bool trains = activity == Activity::Training;
    const std::int64_t needed = trains ? forecast.trainingBytes : forecast.samplingBytes;
    if (forecast.availableBytes == 0 || needed <= forecast.availableBytes)
        return std::nullopt;
    return Error{
        fmt::format("{} would need about {:.1f} GiB and {:.1f} GiB are free",
                    trains ? "training" : "sampling", gibibytes(needed), gibibytes(forecast.availableBytes)),
        "memory",
        trains ? "make training.batch_size, data.size or model.width smaller"
               : "make sampling.count smaller or close other programs"};
}

}  // namespace denoscope
