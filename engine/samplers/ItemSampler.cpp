// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/ItemSampler.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/core/Autocast.h"
#include "engine/core/Noise.h"
#include "engine/core/Tensors.h"
#include "engine/data/ValueMap.h"
#include "engine/diffusion/NetworkDenoiser.h"
#include "engine/samplers/Dispatch.h"
#include "engine/samplers/Inpaint.h"

namespace denoscope {
namespace {

constexpr std::int64_t frameValues = std::int64_t{64}
                                     << 20;  // most float32 values that a request's frames may hold

// One chunk of a request: items [first, first + labels.size()).
class Chunk {
public:
    Chunk(const RunConfig& config, const DataFacts& facts, const SamplingConfig& sampling, std::int64_t first,
          std::vector<int> labels)
        : m_config(config),
          m_facts(facts),
          m_seed(static_cast<std::uint64_t>(sampling.seed)),
          m_first(first),
          m_labels(std::move(labels)),
          m_shape{facts.channels()} {
        m_shape.insert(m_shape.end(), config.data.size.begin(), config.data.size.end());
    }

    // The known item and its mask as the network sees them. Throws EngineError where they are not of the
    // items' shape.
    KnownPart known(const Inpainting& inpainting) const {
        const ValueMap map{m_config.data.low, m_config.data.high};
        Shape oneChannel = m_shape;
        oneChannel.front() = 1;
        const auto refuse = [&](const char* what, const Shape& shape) {
            throw EngineError(
                fmt::format("the {} is {}, the samples are {}", what, toText(shape), toText(m_shape)),
                inpainting.known.name, "bring it to the size of the run's items");
        };
        if (inpainting.known.array->shape != m_shape)
            refuse("known item", inpainting.known.array->shape);
        if (inpainting.mask->shape != m_shape && inpainting.mask->shape != oneChannel)
            refuse("mask", inpainting.mask->shape);
        Array mapped = *inpainting.known.array;
        for (float& value : mapped.values)
            value = map.toNetwork(value);
        return {toTensor(mapped).unsqueeze(0), toTensor(*inpainting.mask).unsqueeze(0).clamp(0, 1)};
    }

    at::Tensor noise(Stream stream, int draw) const {
        std::vector<std::uint64_t> keys;
        for (std::size_t i = 0; i < m_labels.size(); ++i)
            keys.push_back(keyOf(
                m_seed, stream, {static_cast<std::uint64_t>(m_first) + i, static_cast<std::uint64_t>(draw)}));
        return standardNormalRows(m_shape, keys);
    }

    std::vector<Item> items(const at::Tensor& x, std::int64_t most) const {
        const ValueMap map{m_config.data.low, m_config.data.high};
        std::vector<Item> result;
        for (std::int64_t i = 0; i < std::min(most, x.size(0)); ++i) {
            result.push_back({toArray(map.toReal(at::Tensor(x[i]))), m_labels[static_cast<std::size_t>(i)],
                              fmt::format("sample {}", m_first + i + 1), m_facts.geometry});
        }
        return result;
    }

private:
    const RunConfig& m_config;
    const DataFacts& m_facts;
    std::uint64_t m_seed;
    std::int64_t m_first;
    std::vector<int> m_labels;
    Shape m_shape;
};

int labelOf(std::int64_t item, const SamplingConfig& sampling, int classes) {
    if (classes == 0)
        return -1;
    return static_cast<int>(sampling.label >= 0 ? sampling.label : item % classes);
}

int stepsAhead(const std::vector<int>& walk) {
    int steps = 0;
    for (std::size_t move = 1; move < walk.size(); ++move)
        steps += walk[move] > walk[move - 1] ? 1 : 0;
    return steps;
}

Guidance guidanceOf(const SamplingConfig& sampling) {
    return {sampling.guidance, sampling.guidanceRescale, sampling.guidanceParallel};
}

}  // namespace

std::vector<Item> sampleItems(const Model& model, const RunConfig& config, const DataFacts& facts,
                              const SamplingConfig& sampling, const ItemSamplerHooks& hooks,
                              const std::optional<Inpainting>& inpainting) {
    const at::NoGradGuard noGrad;
    const AutocastScope autocast(config.training.precision);
    const int classes = model.network->classes();
    const std::vector<double> sigmas = sigmaGrid(model.process.schedule(), sampling);
    InpaintOptions inpaint;
    if (inpainting)
        inpaint = {static_cast<int>(inpainting->jump), static_cast<int>(inpainting->resamples), 1};
    const int steps = inpainting ? stepsAhead(inpaintWalk(static_cast<int>(sigmas.size()) - 1, inpaint))
                                 : static_cast<int>(sigmas.size()) - 1;
    const std::int64_t itemValues = elementCount(config.data.size) * facts.channels();
    const std::int64_t framedItems =
        std::clamp<std::int64_t>(frameValues / (2 * (steps + 1) * itemValues), 1, itemsAtOnce);
    const std::int64_t chunks = (sampling.count + itemsAtOnce - 1) / itemsAtOnce;

    std::vector<Item> result;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        const std::int64_t first = chunk * itemsAtOnce;
        std::vector<int> labels;
        for (std::int64_t i = first; i < std::min(first + itemsAtOnce, sampling.count); ++i)
            labels.push_back(labelOf(i, sampling, classes));
        const Chunk items(config, facts, sampling, first, labels);
        NetworkDenoiser denoiser(model, {oneHot(labels, classes), guidanceOf(sampling), sampling.clip});

        const auto publish = [&](int index, double sigma, const at::Tensor& x, const at::Tensor& denoised) {
            if (hooks.frame && chunk == 0)
                hooks.frame({0, index, steps + 1, sigma,
                             items.items(x * model.process.visible(sigma), framedItems),
                             items.items(denoised, framedItems)});
            if (hooks.progress)
                hooks.progress(chunk * steps + index, chunks * steps);
        };
        const auto observe = [&](const SamplerStep& at) {
            publish(at.step, at.sigma, at.x, at.denoised);
            return !hooks.keepGoing || hooks.keepGoing();
        };
        const at::Tensor start = items.noise(Stream::Start, 0) * model.process.startDeviation(sigmas.front());
        const auto fresh = [&](int step) { return items.noise(Stream::Churn, step); };
        at::Tensor x = inpainting ? sampleInpaint(denoiser, start, sigmas, items.known(*inpainting), inpaint,
                                                  fresh, observe)
                                  : runSampler(denoiser, start, sigmas, sampling, fresh, observe);
        if (!x.defined())
            return {};
        x = x * model.process.visible(sigmas.back());
        publish(steps, 0, x, x);
        for (Item& item : items.items(x, x.size(0)))
            result.push_back(std::move(item));
    }
    return result;
}

}  // namespace denoscope
