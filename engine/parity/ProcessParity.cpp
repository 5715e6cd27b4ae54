// SPDX-License-Identifier: GPL-3.0-or-later
// Processes: losses, log-SNR, trajectories and samples, from the noise that the case recorded.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <charconv>

#include "engine/api/Error.h"
#include "engine/diffusion/Loss.h"
#include "engine/diffusion/NetworkDenoiser.h"
#include "engine/diffusion/PackageProcess.h"
#include "engine/parity/ReferenceCase.h"
#include "engine/samplers/Ancestral.h"
#include "engine/samplers/Dispatch.h"
#include "engine/samplers/DpmSolver.h"
#include "engine/samplers/Heun.h"
#include "engine/samplers/Interpolate.h"

namespace denoscope {
namespace {

bool goOn(const SamplerStep&) {
    return true;
}

class ProcessCheck {
public:
    explicit ProcessCheck(ReferenceCase& reference)
        : m_reference(reference),
          m_asked(packageProcess(reference.meta("diffusion").get<std::string>(),
                                 reference.meta("diffusion_args"))),
          m_images(reference.take("in.image_0_1")),
          m_normalizes(reference.meta("diffusion_args").value("auto_normalize", true)),
          m_model{buildNetwork(reference, extents(), reference.takeWeights()), Process(m_asked.noise, 0)} {}

    Comparisons run() {
        checkLogSnr();
        checkLosses();
        checkTrajectories();
        checkInterpolation();
        checkSample();
        checkElucidated();
        return std::move(m_results);
    }

private:
    Shape extents() const {
        if (m_images.dim() < 3)
            throw EngineError("'in.image_0_1' has no spatial extents", m_reference.path().string(), "");
        return m_images.sizes().slice(2).vec();
    }
    at::Tensor toModel(const at::Tensor& images) const { return m_normalizes ? images * 2 - 1 : images; }
    at::Tensor fromModel(const at::Tensor& x) const { return m_normalizes ? (x + 1) / 2 : x; }
    void add(const std::string& output, const at::Tensor& actual, double tolerance) {
        m_results.push_back(compare(output, actual, m_reference.take(output), tolerance));
    }

    void checkLogSnr() {
        if (!m_reference.has("log_snr.t"))
            return;
        add("log_snr", m_model.process.schedule().logSnr(m_reference.take("log_snr.t").to(at::kDouble)),
            forwardTolerance);
    }

    LossDraws takeDraws(const std::string& noise, bool conditionsOnItself) {
        LossDraws draws;
        const Shape shape = m_images.sizes().vec(), batch{shape.front()};
        draws.times =
            m_reference.take(m_reference.has("in.sigma") ? "in.sigma" : "in.t", batch).to(at::kDouble);
        const bool numbered = m_reference.has(noise + ".0");
        draws.noise = m_reference.take(numbered ? noise + ".0" : noise, shape);
        if (m_reference.has(noise + ".1"))
            draws.offset = m_reference.take(noise + ".1", {shape[0], shape[1]});
        draws.conditionsOnItself = conditionsOnItself;
        return draws;
    }

    void checkLosses() {
        const at::NoGradGuard noGrad;
        for (const bool self : {false, true}) {
            const std::string output = self ? "out.loss_per_item_selfcond" : "out.loss_per_item";
            if (m_reference.has(output))
                add(output,
                    losses(m_model, toModel(m_images),
                           takeDraws(self ? "noise.loss_selfcond" : "noise.loss", self), {}),
                    forwardTolerance);
        }
    }

    // All images of a recorded run, x of the process itself, the first one its pure noise: (B, steps + 1, C,
    // ...).
    at::Tensor trajectory(const std::string& noiseName, int steps, double eta) {
        const at::Tensor noise = m_reference.take(noiseName);
        const std::vector<double> sigmas = m_model.process.schedule().ownSigmas(steps);
        expectRows(noiseName, noise, static_cast<std::int64_t>(sigmas.size()) - 1);
        NetworkDenoiser denoiser(m_model, {{}, {}, true});
        std::vector<at::Tensor> images;
        const auto observe = [&](const SamplerStep& at) {
            images.push_back(at.x * m_model.process.visible(at.sigma));
            return true;
        };
        AncestralOptions options;
        options.eta = eta;
        options.learnedVariance = steps == m_asked.noise.timesteps;
        const at::Tensor start = noise[0] * m_model.process.startDeviation(sigmas.front());
        const auto fresh = [&](int step) { return noise[step + 1]; };
        images.push_back(sampleAncestral(denoiser, start, sigmas, options, fresh, observe));
        return fromModel(at::stack(images, 1));
    }

    void expectRows(const std::string& name, const at::Tensor& noise, std::int64_t rows) const {
        if (noise.dim() < 1 || noise.size(0) < rows)
            throw EngineError(fmt::format("'{}' holds {} draws, {} are needed", name, noise.size(0), rows),
                              m_reference.path().string(), "");
    }

    void checkTrajectories() {
        const auto all = static_cast<int>(m_asked.noise.timesteps);
        if (m_reference.has("out.ddpm.trajectory"))
            add("out.ddpm.trajectory", trajectory("noise.ddpm", all, 1), gradientTolerance);
        if (!m_reference.hasMeta("ddim"))
            return;
        const nlohmann::json& ddim = m_reference.meta("ddim");
        for (const nlohmann::json& eta : ddim.at("etas")) {
            const std::string name = "ddim_eta" + eta.dump();
            add("out." + name + ".trajectory",
                trajectory("noise." + name, ddim.at("sampling_timesteps").get<int>(), eta.get<double>()),
                gradientTolerance);
        }
    }

    // The package noises both items to step t, mixes them, and takes the mix for one of step t - 1.
    void checkInterpolation() {
        if (!m_reference.hasMeta("interp"))
            return;
        const nlohmann::json& asked = m_reference.meta("interp");
        const auto t = asked.at("t").get<int>();
        const auto share = asked.at("lam").get<double>();
        const at::Tensor a = m_reference.take("in.interp.x1"),
                         b = m_reference.take("in.interp.x2", a.sizes().vec());
        const at::Tensor noise = m_reference.take("noise.interp");
        expectRows("noise.interp", noise, t + 1);
        const NoiseSchedule& schedule = m_model.process.schedule();
        const double there = schedule.sigmaAt(t);
        const at::Tensor mixed = interpolated(a, b, noise[0], noise[1], there, share);
        std::vector<double> sigmas;
        for (int step = t - 1; step >= 0; --step)
            sigmas.push_back(schedule.sigmaAt(step));
        sigmas.push_back(0);
        const double relabelled = m_model.process.visible(there) / m_model.process.visible(sigmas.front());
        NetworkDenoiser denoiser(m_model, {{}, {}, true});
        const auto fresh = [&](int step) { return noise[step + 2]; };
        add("out.interp", sampleAncestral(denoiser, mixed * relabelled, sigmas, {}, fresh, goOn),
            gradientTolerance);
    }

    void checkSample() {
        if (!m_reference.has("out.sample"))
            return;
        const at::Tensor noise = m_reference.take("noise.sample");
        const std::vector<double> sigmas = sigmaGrid(m_model.process.schedule(), m_asked.sampling);
        expectRows("noise.sample", noise, static_cast<std::int64_t>(sigmas.size()) - 1);
        NetworkDenoiser denoiser(m_model, {{}, {}, m_asked.sampling.clip});
        const auto fresh = [&](int step) { return noise[step + 1]; };
        const at::Tensor x = sampleAncestral(
            denoiser, noise[0] * m_model.process.startDeviation(sigmas.front()), sigmas, {}, fresh, goOn);
        add("out.sample", fromModel((x * m_model.process.visible(sigmas.back())).clamp(-1, 1)),
            gradientTolerance);
    }

    void checkElucidated() {
        if (m_reference.meta("diffusion") != "ElucidatedDiffusion")
            return;
        SamplingConfig sampling = m_asked.sampling;
        for (const std::string& name : m_reference.startingWith("sigmas")) {
            if (name != "sigmas")
                sampling.steps = stepsIn(name);
            add(name, at::tensor(sigmaGrid(m_model.process.schedule(), sampling)), forwardTolerance);
            sampling.steps = m_asked.sampling.steps;
        }
        if (m_reference.has("out.denoised"))
            add("out.denoised", denoised(), forwardTolerance);
        for (const char* name : {"heun_stochastic", "heun_deterministic", "dpmpp_2m"})
            if (m_reference.has(std::string("out.") + name))
                add(std::string("out.") + name, elucidatedSample(name), gradientTolerance);
    }

    // "sigmas_32": the grid of 32 steps.
    std::int64_t stepsIn(const std::string& name) const {
        std::int64_t steps = 0;
        const char* end = name.data() + name.size();
        const auto read = std::from_chars(name.data() + std::string("sigmas_").size(), end, steps);
        if (read.ec != std::errc() || read.ptr != end || steps < 1)
            throw EngineError("'" + name + "' ends in no number of steps", m_reference.path().string(), "");
        return steps;
    }

    at::Tensor denoised() {
        const at::Tensor x = m_reference.take("in.x"), sigma = m_reference.take("in.sigma", {x.size(0)});
        NetworkDenoiser denoiser(m_model, {});
        std::vector<at::Tensor> rows;
        for (std::int64_t i = 0; i < x.size(0); ++i)
            rows.push_back(denoiser.denoise(x.narrow(0, i, 1), sigma[i].item<double>(), {}).clean);
        return at::cat(rows);
    }

    at::Tensor elucidatedSample(const std::string& name) {
        const at::Tensor noise = m_reference.take("noise." + name);
        const bool solver = name == "dpmpp_2m";
        const SamplingConfig& s = m_asked.sampling;
        const std::vector<double> sigmas = sigmaGrid(m_model.process.schedule(), s);
        expectRows("noise." + name, noise, solver ? 1 : s.steps + 1);
        NetworkDenoiser denoiser(m_model, {{}, {}, !solver});
        const auto fresh = [&](int step) { return noise[step + 1]; };
        const at::Tensor start = noise[0] * sigmas.front();
        at::Tensor x;
        if (solver) {
            x = sampleDpmSolver(denoiser, start, sigmas, {}, fresh, goOn);
        } else {
            const double churn = name == "heun_stochastic" ? s.churn : 0;
            x = sampleHeun(denoiser, start, sigmas, {true, churn, s.churnMin, s.churnMax, s.churnNoise},
                           fresh, goOn);
        }
        return fromModel(x.clamp(-1, 1));
    }

    ReferenceCase& m_reference;
    PackageProcess m_asked;
    at::Tensor m_images;
    bool m_normalizes;
    Model m_model;
    Comparisons m_results;
};

}  // namespace

Comparisons checkProcess(ReferenceCase& reference) {
    return ProcessCheck(reference).run();
}

}  // namespace denoscope
