// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>

#include "engine/api/Error.h"
#include "engine/bench/BenchPath.h"
#include "engine/core/Tensors.h"
#include "engine/samplers/ItemSampler.h"

namespace denoscope {
namespace {

// A request as a person makes it.
class SamplePath final : public BenchPath {
public:
    SamplePath(const BenchCase& of, std::int64_t batch, Precision precision, Kernels kernels)
        : m_config(configOf(of, precision, kernels)), m_model{benchNetwork(of), Process(m_config.noise, 1)} {
        m_facts.kind = static_cast<DataKind>(of.size.size() - 1);
        m_facts.shape = {planOf(of).options.channels};
        m_facts.shape.insert(m_facts.shape.end(), of.size.begin(), of.size.end());
        m_config.sampling.count = batch;
    }

    Computed computed() override { return {draw(2), {}}; }
    void warmUp() override { draw(2); }
    void perform() override { draw(m_config.sampling.steps); }

private:
    static RunConfig configOf(const BenchCase& of, Precision precision, Kernels kernels) {
        RunConfig config;
        config.data.size = of.size;
        config.data.low = -1;
        config.data.high = 1;
        config.noise.sigmaData = 0.5;
        config.training.precision = precision;
        config.training.kernels = kernels;
        config.sampling.sampler = SamplerKind::Heun;
        config.sampling.steps = 18;
        return config;
    }

    std::vector<at::Tensor> draw(std::int64_t steps) const {
        Sample request{m_config.sampling};
        request.sampling.steps = steps;
        std::vector<at::Tensor> items;
        for (const Item& item : sampleItems(m_model, m_config, m_facts, request, {})) {
            items.push_back(toTensor(*item.array));
            if (!at::isfinite(items.back()).all().item<bool>())
                throw WorkFailed("a sample is not finite", "bench", "please report this");
        }
        return items;
    }

    RunConfig m_config;
    Model m_model;
    DataFacts m_facts;
};

}  // namespace

std::unique_ptr<BenchPath> samplePath(const BenchCase& of, std::int64_t batch, Precision precision,
                                      Kernels kernels) {
    return std::make_unique<SamplePath>(of, batch, precision, kernels);
}

}  // namespace denoscope
