// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/InceptionFile.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <vector>

#include "engine/api/Error.h"
#include "engine/core/Tensors.h"
#include "engine/interchange/WeightsFile.h"
#include "engine/metrics/InceptionPlan.h"

namespace denoscope {

Inception readInception(const std::filesystem::path& path) {
    WeightsFile file = readWeights(path);
    const TensorMap stored = file.network(WeightsChoice::Online);
    std::map<std::string, at::Tensor> weights;
    for (const auto& [name, shape] : inceptionShapes()) {
        const auto found = stored.find(name);
        if (found == stored.end())
            continue;  // Inception names it
        weights[name] = at::empty(shape, at::kFloat);
        copyStored(found->second, name, weights[name]);
    }
    try {
        return Inception(weights);
    } catch (const EngineError& error) {
        const auto& [what, tensor, remedy] = error.error();
        throw EngineError(what, fmt::format("{}, '{}'", path.string(), tensor), remedy);
    }
}

at::Tensor inceptionFeatures(const Inception& inception, const at::Tensor& images, double black,
                             double white) {
    constexpr std::int64_t atOnce = 8;  // 299 x 299 each: some 200 MB of activations
    std::vector<at::Tensor> parts;
    for (const at::Tensor& some : images.split(atOnce))
        parts.push_back(inception.features(((some - black) * (2 / (white - black)) - 1).clamp(-1, 1)));
    return at::cat(parts);
}

}  // namespace denoscope
