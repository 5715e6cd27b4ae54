// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/ItemSampler.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/api/FramePlan.h"
#include "engine/core/Compute.h"
#include "engine/core/Noise.h"
#include "engine/core/Tensors.h"
#include "engine/data/Pieces.h"
#include "engine/data/ValueMap.h"
#include "engine/diffusion/NetworkDenoiser.h"
#include "engine/kernels/Convolution.h"
#include "engine/samplers/Dispatch.h"
#include "engine/samplers/Inpaint.h"
#include "engine/samplers/Interpolate.h"

namespace denoscope {
namespace {

// What all items of a request share, with what was given as the network sees it.
class Request {
public:
    Request(const Model& model, const RunConfig& config, const DataFacts& facts, const Sample& asked)
        : m_model(model),
          m_config(config),
          m_facts(facts),
          m_sampling(asked.sampling),
          m_shape{facts.channels()},
          m_sigmas(sigmaGrid(model.process.schedule(), asked.sampling)) {
        m_shape.insert(m_shape.end(), config.data.size.begin(), config.data.size.end());
        if (asked.inpainting)
            takeKnown(*asked.inpainting);
        if (asked.interpolation)
            takeEnds(*asked.interpolation);
        m_steps = m_known ? stepsAhead(inpaintWalk(static_cast<int>(m_sigmas.size()) - 1, m_inpaint))
                          : static_cast<int>(m_sigmas.size()) - 1;
    }

    const SamplingConfig& sampling() const { return m_sampling; }
    const Shape& shape() const { return m_shape; }
    int steps() const { return m_steps; }  // network calls ahead, for the observer
    double shown(double sigma) const { return m_model.process.visible(sigma); }
    double lastSigma() const { return m_sigmas.back(); }
    ValueMap map() const { return {m_config.data.low, m_config.data.high}; }
    Geometry geometry() const { return networkGeometry(m_facts, m_config.data); }
    bool sharesNoise() const { return m_ends.has_value(); }  // a smooth way has one noise for all its items

    int labelOf(std::int64_t item) const {
        const int classes = m_model.network->classes();
        if (classes == 0)
            return -1;
        if (m_sampling.label >= 0)
            return static_cast<int>(m_sampling.label);
        return m_ends ? m_ends->label : static_cast<int>(item % classes);
    }

    // first: number of the first of x's items. noise: standard normal, one item or one for each.
    at::Tensor start(const at::Tensor& noise, std::int64_t first, std::int64_t count) const {
        if (!m_ends)
            return noise * m_model.process.startDeviation(m_sigmas.front());
        std::vector<at::Tensor> mixes;
        for (std::int64_t item = first; item < first + count; ++item) {
            const double share = m_sampling.count > 1
                                     ? static_cast<double>(item) / static_cast<double>(m_sampling.count - 1)
                                     : 0.5;
            mixes.push_back(interpolated(m_ends->from, m_ends->to, noise, noise, m_sigmas.front(), share));
        }
        return at::cat(mixes);
    }

    at::Tensor run(Denoiser& denoiser, const at::Tensor& start, const NoiseSource& noise,
                   const SamplerObserver& observe) const {
        return m_known ? sampleInpaint(denoiser, start, m_sigmas, *m_known, m_inpaint, noise, observe)
                       : runSampler(denoiser, start, m_sigmas, m_sampling, noise, observe);
    }

private:
    struct Ends {
        at::Tensor from, to;  // (1, C, ...)
        int label = -1;
    };

    static int stepsAhead(const std::vector<int>& walk) {
        int steps = 0;
        for (std::size_t move = 1; move < walk.size(); ++move)
            steps += walk[move] > walk[move - 1] ? 1 : 0;
        return steps;
    }

    void refuseShape(const char* what, const std::string& name, const Shape& shape) const {
        throw EngineError(
            fmt::format("the {} is {}, the samples are {}", what, toText(shape), toText(m_shape)), name,
            "bring it to the size of the run's items");
    }

    at::Tensor mapped(const char* what, const Item& item) const {
        if (item.array->shape != m_shape)
            refuseShape(what, item.name, item.array->shape);
        Array values = *item.array;
        for (float& value : values.values)
            value = map().toNetwork(value);
        return toTensor(values).unsqueeze(0);
    }

    void takeKnown(const Inpainting& inpainting) {
        Shape oneChannel = m_shape;
        oneChannel.front() = 1;
        if (inpainting.mask->shape != m_shape && inpainting.mask->shape != oneChannel)
            refuseShape("mask", inpainting.known.name, inpainting.mask->shape);
        m_known = {mapped("known item", inpainting.known),
                   toTensor(*inpainting.mask).unsqueeze(0).clamp(0, 1)};
        m_inpaint = {static_cast<int>(inpainting.jump), static_cast<int>(inpainting.resamples),
                     ancestralOptions(m_sampling)};
    }

    void takeEnds(const Interpolation& between) {
        const NoiseSchedule& schedule = m_model.process.schedule();
        if (m_known || !(between.sigma > 0) || schedule.within(between.sigma) <= m_sigmas.back())
            throw EngineError(m_known
                                  ? "the way between two items has no known part"
                                  : fmt::format("no item can be denoised from a noise of {}", between.sigma),
                              "interpolation", m_known ? "ask for one of the two" : "raise its noise level");
        m_ends = {mapped("first item", between.from), mapped("second item", between.to),
                  between.from.label == between.to.label ? between.from.label : -1};
        m_sigmas = begunAt(schedule.within(between.sigma), m_sigmas);
    }

    const Model& m_model;
    const RunConfig& m_config;
    const DataFacts& m_facts;
    const SamplingConfig& m_sampling;
    Shape m_shape;
    std::vector<double> m_sigmas;
    std::optional<KnownPart> m_known;
    InpaintOptions m_inpaint;
    std::optional<Ends> m_ends;
    int m_steps = 0;
};

// Items [first, first + size) of a request.
class Chunk {
public:
    Chunk(const Request& request, std::int64_t first)
        : m_request(request), m_map(request.map()), m_first(first) {
        const std::int64_t end = std::min(first + itemsAtOnce, request.sampling().count);
        for (std::int64_t item = first; item < end; ++item)
            m_labels.push_back(request.labelOf(item));
    }

    const std::vector<int>& labels() const { return m_labels; }
    std::int64_t size() const { return std::ssize(m_labels); }

    at::Tensor noise(Stream stream, int draw) const {
        std::vector<std::uint64_t> keys;
        const auto seed = static_cast<std::uint64_t>(m_request.sampling().seed);
        for (std::size_t i = 0; i < m_labels.size(); ++i)
            keys.push_back(keyOf(seed, stream,
                                 {m_request.sharesNoise() ? 0 : static_cast<std::uint64_t>(m_first) + i,
                                  static_cast<std::uint64_t>(draw)}));
        return standardNormalRows(m_request.shape(), keys);
    }

    at::Tensor start() const {
        const at::Tensor drawn = noise(Stream::Start, 0);
        return m_request.start(m_request.sharesNoise() ? drawn.narrow(0, 0, 1) : drawn, m_first, size());
    }

    std::vector<Item> items(const at::Tensor& x, std::int64_t most) const {
        std::vector<Item> result;
        for (std::int64_t i = 0; i < std::min(most, x.size(0)); ++i)
            result.push_back({toArray(m_map.toReal(at::Tensor(x[i]))), m_labels[static_cast<std::size_t>(i)],
                              fmt::format("sample {}", m_first + i + 1), m_request.geometry()});
        return result;
    }

private:
    const Request& m_request;
    ValueMap m_map;
    std::int64_t m_first;
    std::vector<int> m_labels;
};

// Publishes what happens on the way of one chunk.
class Report {
public:
    Report(const Request& request, const Chunk& chunk, const ItemSamplerHooks& hooks, std::int64_t number)
        : m_request(request),
          m_chunk(chunk),
          m_hooks(hooks),
          m_number(number),
          m_plan(framePlan(request.steps(), request.sampling().count, elementCount(request.shape()))) {}

    bool step(const SamplerStep& at) const {
        if (at.step % m_plan.stride == 0)
            frame(at.step / m_plan.stride, at.sigma, at.x * m_request.shown(at.sigma), at.denoised);
        progress(at.step);
        return !m_hooks.keepGoing || m_hooks.keepGoing();
    }
    void end(const at::Tensor& x) const {
        frame(m_plan.frames - 1, 0, x, x);
        progress(m_request.steps());
    }

private:
    void frame(std::int64_t index, double sigma, const at::Tensor& x, const at::Tensor& denoised) const {
        if (!m_hooks.frame || m_number > 0 || m_plan.items == 0)
            return;
        m_hooks.frame({0, static_cast<int>(index), static_cast<int>(m_plan.frames), sigma,
                       m_chunk.items(x, m_plan.items), m_chunk.items(denoised, m_plan.items)});
    }
    void progress(int step) const {
        if (m_hooks.progress)
            m_hooks.progress(m_number * m_request.steps() + step, chunksOf(m_request) * m_request.steps());
    }
    static std::int64_t chunksOf(const Request& request) {
        return (request.sampling().count + itemsAtOnce - 1) / itemsAtOnce;
    }

    const Request& m_request;
    const Chunk& m_chunk;
    const ItemSamplerHooks& m_hooks;
    std::int64_t m_number;
    FramePlan m_plan;
};

}  // namespace

std::vector<Item> sampleItems(const Model& model, const RunConfig& config, const DataFacts& facts,
                              const Sample& asked, const ItemSamplerHooks& hooks) {
    const at::NoGradGuard noGrad;
    const ComputeScope compute(config.training);
    const kernels::KeepPackedWeights keep;
    const SamplingConfig& sampling = asked.sampling;
    const Request request(model, config, facts, asked);
    const Guidance guidance{sampling.guidance, sampling.guidanceRescale, sampling.guidanceParallel};
    std::vector<Item> result;
    for (std::int64_t first = 0; first < sampling.count; first += itemsAtOnce) {
        const Chunk chunk(request, first);
        const Report report(request, chunk, hooks, first / itemsAtOnce);
        NetworkDenoiser denoiser(model,
                                 {oneHot(chunk.labels(), model.network->classes()), guidance, sampling.clip});
        at::Tensor x = request.run(
            denoiser, chunk.start(), [&](int step) { return chunk.noise(Stream::Churn, step); },
            [&](const SamplerStep& at) { return report.step(at); });
        if (!x.defined())
            return {};
        x = x * request.shown(request.lastSigma());
        report.end(x);
        for (Item& item : chunk.items(x, x.size(0)))
            result.push_back(std::move(item));
    }
    return result;
}

}  // namespace denoscope
