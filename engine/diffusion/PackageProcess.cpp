// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/PackageProcess.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "engine/api/Error.h"
#include "engine/nets/KeywordArguments.h"

namespace denoscope {
namespace {

template <class Enum>
Enum choice(KeywordArguments& arguments, const std::string& name, const std::string& fallback,
            const std::vector<std::pair<std::string, Enum>>& choices) {
    const auto given = arguments.get(name, fallback);
    for (const auto& [text, value] : choices)
        if (given == text)
            return value;
    throw EngineError(fmt::format("'{}' is not possible", given), arguments.where(name), "");
}

// Not what is computed, but for which data.
void ignoreShape(KeywordArguments& arguments) {
    for (const char* name :
         {"image_size", "seq_length", "channels", "self_condition", "auto_normalize", "channel_first"})
        arguments.ignore(name);
}

void takeDiscrete(KeywordArguments& arguments, const std::string& diffusion, PackageProcess& process) {
    const bool signal = diffusion == "GaussianDiffusion1D";
    const bool learned = diffusion == "LearnedGaussianDiffusion";
    NoiseConfig& noise = process.noise;
    noise.process = NoiseProcess::Discrete;
    noise.timesteps = arguments.get<std::int64_t>("timesteps", 1000);
    noise.objective = choice<Objective>(
        arguments, "objective", signal ? "pred_noise" : "pred_v",
        {{"pred_noise", Objective::Noise}, {"pred_x0", Objective::Clean}, {"pred_v", Objective::Velocity}});
    noise.shape = choice<NoiseShape>(
        arguments, "beta_schedule", signal ? "cosine" : "sigmoid",
        {{"linear", NoiseShape::Linear}, {"cosine", NoiseShape::Cosine}, {"sigmoid", NoiseShape::Sigmoid}});
    noise.offsetNoise = arguments.get("offset_noise_strength", 0.0);
    noise.minSnr = arguments.get("min_snr_loss_weight", false);
    noise.minSnrGamma = arguments.get("min_snr_gamma", noise.minSnrGamma);
    noise.immiscible = arguments.get("immiscible", false);
    if (noise.immiscible)
        noise.immiscibleTarget = Compat::Reference;
    if (learned || diffusion == "WeightedObjectiveGaussianDiffusion") {
        // Whatever objective is named: these two train on the noise, unweighted, and with nothing added to
        // it.
        noise.head = learned ? OutputHead::LearnedVariance : OutputHead::WeightedObjective;
        noise.objective = Objective::Noise;
        noise.minSnr = false;
        noise.offsetNoise = 0;
        if (learned) {
            noise.variationalWeight = arguments.get("vb_loss_weight", noise.variationalWeight);
        } else {
            noise.noisePartWeight = arguments.get("pred_noise_loss_weight", noise.noisePartWeight);
            noise.cleanPartWeight = arguments.get("pred_x_start_loss_weight", noise.cleanPartWeight);
        }
    }
    SamplingConfig& sampling = process.sampling;
    sampling.sampler = SamplerKind::Ancestral;
    sampling.steps = arguments.get("sampling_timesteps", noise.timesteps);
    // With fewer steps the package takes its DDIM, which fails for a learned variance (it misses an import).
    // Here such steps are ancestral all the same: the variance that was learned, scaled by eta^2.
    sampling.eta = sampling.steps < noise.timesteps ? arguments.get("ddim_sampling_eta", 0.0) : 1;
    arguments.ignore("ddim_sampling_eta");
    sampling.clip = true;
}

void takeContinuous(KeywordArguments& arguments, bool velocity, PackageProcess& process) {
    NoiseConfig& noise = process.noise;
    noise.process = NoiseProcess::Continuous;
    noise.objective = velocity ? Objective::Velocity : Objective::Noise;
    noise.shape = velocity ? NoiseShape::Cosine
                           : choice<NoiseShape>(arguments, "noise_schedule", "linear",
                                                {{"linear", NoiseShape::Linear},
                                                 {"cosine", NoiseShape::Cosine},
                                                 {"learned", NoiseShape::Learned}});
    if (!velocity) {
        noise.minSnr = arguments.get("min_snr_loss_weight", false);
        noise.minSnrGamma = arguments.get("min_snr_gamma", noise.minSnrGamma);
        noise.learnedWidth = arguments.get("learned_schedule_net_hidden_dim", noise.learnedWidth);
        if (noise.learnedWidth < 1 || noise.learnedWidth > 1 << 20)
            throw EngineError(fmt::format("{} is not possible", noise.learnedWidth),
                              arguments.where("learned_schedule_net_hidden_dim"), "");
        noise.learnedGradient = arguments.get("learned_noise_schedule_frac_gradient", noise.learnedGradient);
    }
    process.sampling.sampler = SamplerKind::Ancestral;
    process.sampling.steps = arguments.get<std::int64_t>("num_sample_steps", 500);
    process.sampling.clip = arguments.get("clip_sample_denoised", true);
}

void takeElucidated(KeywordArguments& arguments, PackageProcess& process) {
    process.noise.sigmaData = arguments.get("sigma_data", 0.5);
    process.noise.logMean = arguments.get("P_mean", -1.2);
    process.noise.logDeviation = arguments.get("P_std", 1.2);
    SamplingConfig& sampling = process.sampling;
    sampling.steps = arguments.get<std::int64_t>("num_sample_steps", 32);
    sampling.sigmaMin = arguments.get("sigma_min", 0.002);
    sampling.sigmaMax = arguments.get("sigma_max", 80.0);
    sampling.rho = arguments.get("rho", 7.0);
    sampling.churn = arguments.get("S_churn", 80.0);
    sampling.churnMin = arguments.get("S_tmin", 0.05);
    sampling.churnMax = arguments.get("S_tmax", 50.0);
    sampling.churnNoise = arguments.get("S_noise", 1.003);
    sampling.clip = true;
}

}  // namespace

PackageProcess packageProcess(const std::string& diffusion, const nlohmann::json& given) {
    KeywordArguments arguments(diffusion, given);
    PackageProcess process;
    ignoreShape(arguments);
    if (diffusion == "GaussianDiffusion" || diffusion == "GaussianDiffusion1D" ||
        diffusion == "LearnedGaussianDiffusion" || diffusion == "WeightedObjectiveGaussianDiffusion")
        takeDiscrete(arguments, diffusion, process);
    else if (diffusion == "ContinuousTimeGaussianDiffusion")
        takeContinuous(arguments, false, process);
    else if (diffusion == "VParamContinuousTimeGaussianDiffusion")
        takeContinuous(arguments, true, process);
    else if (diffusion == "ElucidatedDiffusion")
        takeElucidated(arguments, process);
    else
        throw EngineError(fmt::format("'{}' is no process that is known here", diffusion), "diffusion", "");
    arguments.refuseTheRest();
    return process;
}

}  // namespace denoscope
