// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/api/OwnSize.h"
#include "engine/api/OwnWindow.h"
#include "engine/core/Random.h"
#include "engine/data/Dataset.h"
#include "engine/data/ValueMap.h"

namespace denoscope {
namespace {

double measureSigma(const Dataset& dataset, const DataConfig& data) {
    constexpr std::int64_t looks = 256;
    const ValueMap map{data.low, data.high};
    double sum = 0, squares = 0, count = 0;
    for (std::int64_t look = 0; look < looks; ++look) {
        const std::int64_t index =
            dataset.size() >= looks ? look * dataset.size() / looks : look % dataset.size();
        const Item item = dataset.draw(index, data.size, data.fit,
                                       keyOf(0, Stream::Crop, {static_cast<std::uint64_t>(look)}));
        for (const float value : item.array->values) {
            const double mapped = map.toNetwork(value);
            sum += mapped;
            squares += mapped * mapped;
        }
        count += static_cast<double>(item.array->values.size());
    }
    const double mean = sum / count;
    // Nearly constant data would otherwise make the preconditioning divide by nothing.
    return std::max(0.05, std::sqrt(std::max(0.0, squares / count - mean * mean)));
}

}  // namespace

RunConfig resolve(RunConfig config, const Dataset& dataset) {
    if (config.data.size.empty())
        config.data.size = ownSize(dataset.facts());
    if (config.data.low == config.data.high)
        std::tie(config.data.low, config.data.high) = ownWindow(dataset.facts());
    if (config.noise.sigmaData <= 0)
        config.noise.sigmaData = measureSigma(dataset, config.data);
    return config;
}

}  // namespace denoscope
