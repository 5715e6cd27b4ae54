// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/ProcessCall.h"

#include <fmt/format.h>

namespace denoscope {
namespace {

using json = nlohmann::ordered_json;

struct NetworkFacts {
    Shape size;
    int channels = 0, classes = 0;
    bool selfCondition = false;
    bool fourier = false;  // learned or random features of time, not fixed sines
    bool guided = false;   // in the class of its own that the package has for classifier-free guidance

    bool signal() const { return size.size() == 1; }
};

NetworkFacts factsOf(const NoiseConfig& noise, const NetworkOptions& options) {
    NetworkFacts facts;
    std::visit(
        [&](const auto& which) {
            facts.size = which.size;
            facts.channels = which.channels;
            facts.classes = which.classes;
        },
        options);
    if (const auto* ddpm = std::get_if<DdpmOptions>(&options)) {
        facts.selfCondition = ddpm->selfCondition;
        facts.fourier = ddpm->time != DdpmTime::Sinusoidal;
        facts.guided =
            facts.classes > 0 && noise.process == NoiseProcess::Discrete && noise.head == OutputHead::Plain;
    } else {
        facts.selfCondition = std::get<KarrasOptions>(options).model.selfCondition;
    }
    return facts;
}

void addDiscrete(const NoiseConfig& noise, const NetworkFacts& network, bool lowIsZero, json& args) {
    args["timesteps"] = noise.timesteps;
    args["beta_schedule"] = noise.shape == NoiseShape::Linear   ? "linear"
                            : noise.shape == NoiseShape::Cosine ? "cosine"
                                                                : "sigmoid";
    args["objective"] = noise.objective == Objective::Noise   ? "pred_noise"
                        : noise.objective == Objective::Clean ? "pred_x0"
                                                              : "pred_v";
    if (!network.guided)  // which always maps 0..1 to -1..1
        args["auto_normalize"] = lowIsZero;
    if (noise.head == OutputHead::LearnedVariance)
        args["vb_loss_weight"] = noise.variationalWeight;
    if (noise.head == OutputHead::WeightedObjective) {
        args["pred_noise_loss_weight"] = noise.noisePartWeight;
        args["pred_x_start_loss_weight"] = noise.cleanPartWeight;
    }
    if (network.signal())
        return;
    args["offset_noise_strength"] = noise.offsetNoise;
    if (!network.guided)
        args["immiscible"] = noise.immiscible;
    if (noise.minSnr) {
        args["min_snr_loss_weight"] = true;
        args["min_snr_gamma"] = noise.minSnrGamma;
    }
}

PackageCall continuousCall(const NoiseConfig& noise) {
    PackageCall call;
    if (noise.objective == Objective::Velocity && noise.shape == NoiseShape::Cosine) {
        call.name = "VParamContinuousTimeGaussianDiffusion";
    } else if (noise.objective == Objective::Noise) {
        call.name = "ContinuousTimeGaussianDiffusion";
        call.args["noise_schedule"] = noise.shape == NoiseShape::Linear   ? "linear"
                                      : noise.shape == NoiseShape::Cosine ? "cosine"
                                                                          : "learned";
        if (noise.shape == NoiseShape::Learned) {
            call.args["learned_schedule_net_hidden_dim"] = noise.learnedWidth;
            call.args["learned_noise_schedule_frac_gradient"] = noise.learnedGradient;
        }
        if (noise.minSnr) {
            call.args["min_snr_loss_weight"] = true;
            call.args["min_snr_gamma"] = noise.minSnrGamma;
        }
    } else {
        refuseWithoutClass("continuous time with this objective and schedule", "noise.objective");
    }
    return call;
}

PackageCall classOf(const NoiseConfig& noise, const NetworkFacts& network) {
    if (noise.process == NoiseProcess::Continuous)
        return continuousCall(noise);
    if (noise.process == NoiseProcess::Edm)
        return {"ElucidatedDiffusion",
                {{"sigma_data", noise.sigmaData}, {"P_mean", noise.logMean}, {"P_std", noise.logDeviation}}};
    return {noise.head == OutputHead::LearnedVariance     ? "LearnedGaussianDiffusion"
            : noise.head == OutputHead::WeightedObjective ? "WeightedObjectiveGaussianDiffusion"
            : network.signal()                            ? "GaussianDiffusion1D"
            : network.guided                              ? "classifier_free_guidance.GaussianDiffusion"
                                                          : "GaussianDiffusion"};
}

}  // namespace

PackageCall processCall(const NoiseConfig& noise, const NetworkOptions& network, bool lowIsZero) {
    const NetworkFacts facts = factsOf(noise, network);
    const bool discrete = noise.process == NoiseProcess::Discrete;
    PackageCall call = classOf(noise, facts);
    if (facts.size.size() == 3 || (facts.signal() && (!discrete || noise.head != OutputHead::Plain)))
        refuseWithoutClass(fmt::format("this process over {} dimensions", facts.size.size()),
                           "noise.process");
    if (facts.signal())
        call.args["seq_length"] = facts.size[0];
    else
        call.args["image_size"] = facts.size[0] == facts.size[1] ? json(facts.size[0]) : json(facts.size);
    if (discrete)
        addDiscrete(noise, facts, lowIsZero, call.args);
    else  // the others ask their network
        call.args["channels"] = facts.channels;
    return call;
}

std::vector<std::string> processObjections(const NoiseConfig& noise, const NetworkOptions& network) {
    const NetworkFacts facts = factsOf(noise, network);
    const std::string name = classOf(noise, facts).name;
    const bool discrete = noise.process == NoiseProcess::Discrete;
    std::vector<std::string> objections;
    const bool asksForSines = discrete && !facts.signal() && facts.fourier,
               asksForFourier = !discrete && !facts.fourier;
    if (asksForSines || asksForFourier)
        objections.push_back(
            fmt::format("{} refuses this kind of time embedding, though it can compute with it: set the "
                        "network's random_or_learned_sinusoidal_cond to {} before.",
                        name, asksForFourier ? "True" : "False"));
    if (facts.selfCondition &&
        (noise.process == NoiseProcess::Continuous || (discrete && noise.head != OutputHead::Plain)))
        objections.push_back(name + " refuses networks with self-condition.");
    if (!facts.signal() && facts.size[0] != facts.size[1] && (!discrete || facts.guided))
        objections.push_back(name + " takes square items only.");
    if (discrete && (facts.signal() || facts.guided) && noise.shape == NoiseShape::Sigmoid)
        objections.push_back(name +
                             " does not know the sigmoid schedule: ask it for beta_schedule='cosine', which "
                             "load_state_dict then replaces by the sigmoid one of this file.");
    if (facts.classes > 0 && !facts.guided)
        objections.push_back(name + " hands its network no classes: use the network by itself.");
    return objections;
}

std::string networkPrefix(const NoiseConfig& noise) {
    return noise.process == NoiseProcess::Edm ? "net." : "model.";
}

}  // namespace denoscope
