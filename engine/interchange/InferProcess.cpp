// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/InferProcess.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "engine/api/Error.h"
#include "engine/api/Nearest.h"
#include "engine/core/Printable.h"
#include "engine/interchange/ArgumentFinder.h"
#include "engine/interchange/ScheduleBuffers.h"

namespace denoscope {
namespace {

using nlohmann::json;

const std::vector<std::string> knownClasses{"GaussianDiffusion",
                                            "GaussianDiffusion1D",
                                            "LearnedGaussianDiffusion",
                                            "WeightedObjectiveGaussianDiffusion",
                                            "ContinuousTimeGaussianDiffusion",
                                            "VParamContinuousTimeGaussianDiffusion",
                                            "ElucidatedDiffusion"};
const std::set<std::string> discreteClasses{"GaussianDiffusion", "GaussianDiffusion1D",
                                            "LearnedGaussianDiffusion", "WeightedObjectiveGaussianDiffusion"};

template <typename Value>
std::vector<double> decoded(const StoredTensor& stored) {
    std::vector<double> values;
    for (std::size_t at = 0; at < stored.bytes.size(); at += sizeof(Value)) {
        Value value = 0;
        std::memcpy(&value, stored.bytes.subspan(at).data(), sizeof(Value));
        values.push_back(value);
    }
    return values;
}

// Empty where there is no such buffer.
std::vector<double> buffer(const ProcessTraces& traces, const std::string& name) {
    const auto found = traces.schedule.find(name);
    if (found == traces.schedule.end())
        return {};
    const StoredTensor& stored = found->second;
    if (stored.shape.size() != 1 || (stored.dtype != "F32" && stored.dtype != "F64"))
        throw EngineError(
            fmt::format("is {} of type {} and no list of float32 values", toText(stored.shape), stored.dtype),
            "'" + name + "'", "in Python: save the model in float32");
    const std::vector<double> values =
        stored.dtype == "F32" ? decoded<float>(stored) : decoded<double>(stored);
    for (const double value : values)
        if (!std::isfinite(value))
            throw EngineError("holds a value that is not finite", "'" + name + "'", "take an undamaged file");
    return values;
}

bool isSignal(const InferredModel& network) {
    return network.model.ends_with("1D");
}

// By the kind of its outputs.
std::string discreteClassOf(const InferredModel& network) {
    const json& args = network.args;
    const std::int64_t channels = args.value("channels", std::int64_t{0});
    if (args.value("learned_variance", false))
        return "LearnedGaussianDiffusion";
    if (args.contains("out_dim") && args["out_dim"] == 2 * channels + 2)
        return "WeightedObjectiveGaussianDiffusion";
    return isSignal(network) ? "GaussianDiffusion1D" : "GaussianDiffusion";
}

// The class, or what it most likely is with isCertain unset.
struct ClassGuess {
    std::string name;
    bool isCertain = true;
};
ClassGuess classOf(const InferredModel& network, const ProcessTraces& traces, const std::string& given) {
    if (!traces.schedule.empty()) {
        if (!given.empty() && !discreteClasses.contains(given))
            throw EngineError(
                fmt::format("is given as {} where the file has the buffers of numbered steps", given),
                "diffusion", "leave it out");
        return {given.empty() ? discreteClassOf(network) : given};
    }
    if (!given.empty())
        return {given};
    if (traces.prefix.ends_with("net."))
        return {"ElucidatedDiffusion"};
    if (traces.learnedWidth > 0)
        return {"ContinuousTimeGaussianDiffusion"};
    if (!traces.prefix.empty())  // a trainer's, and only continuous time has no buffers
        return {"ContinuousTimeGaussianDiffusion", false};
    return {network.model.starts_with("Karras") ? "ElucidatedDiffusion" : discreteClassOf(network), false};
}

// Nothing where the file does not tell it.
std::optional<BetaSchedule> inferSchedule(ArgumentFinder& finder, const ProcessTraces& traces, bool signal) {
    const std::vector<double> given = buffer(traces, "betas");
    if (given.empty()) {
        finder.ask("timesteps", "How many time steps has the process?", 1000);
        finder.ask("beta_schedule", "Which schedule have its betas: \"linear\", \"cosine\" or \"sigmoid\"?",
                   signal ? "cosine" : "sigmoid");
        return std::nullopt;
    }
    const std::optional<NoiseShape> shape = shapeOfBetas(given);
    if (!shape)
        throw EngineError("its schedule is neither linear nor cosine nor sigmoid", "'betas'",
                          "only the package itself runs this process");
    finder.certain("timesteps", given.size());
    finder.certain("beta_schedule", *shape == NoiseShape::Linear   ? "linear"
                                    : *shape == NoiseShape::Cosine ? "cosine"
                                                                   : "sigmoid");
    return BetaSchedule(betas(*shape, std::ssize(given)));  // float64 again
}

void inferObjective(ArgumentFinder& finder, const std::optional<BetaSchedule>& schedule,
                    const std::vector<double>& weights, bool signal) {
    const auto traces = schedule ? tracesOfLoss(*schedule, weights) : std::nullopt;
    if (!traces) {
        finder.ask("objective", "What does the network predict: \"pred_noise\", \"pred_x0\" or \"pred_v\"?",
                   signal ? "pred_noise" : "pred_v");
        finder.passOn({"min_snr_loss_weight", "min_snr_gamma"});
        return;
    }
    finder.certain("objective", traces->objective == Objective::Noise   ? "pred_noise"
                                : traces->objective == Objective::Clean ? "pred_x0"
                                                                        : "pred_v");
    if (!traces->minSnrGamma) {
        finder.passOn({"min_snr_loss_weight", "min_snr_gamma"});
        return;
    }
    finder.certain("min_snr_loss_weight", true);
    finder.certain("min_snr_gamma", *traces->minSnrGamma);
}

void inferDiscrete(ArgumentFinder& finder, const ProcessTraces& traces) {
    const std::string& diffusion = finder.model.model;
    const bool signal = diffusion == "GaussianDiffusion1D";
    const std::optional<BetaSchedule> schedule = inferSchedule(finder, traces, signal);
    if (diffusion == "LearnedGaussianDiffusion")
        finder.ask("vb_loss_weight", "Which weight has the variational bound in the loss?", 0.001);
    if (diffusion == "WeightedObjectiveGaussianDiffusion")
        finder.passOn({"pred_noise_loss_weight", "pred_x_start_loss_weight"});
    const bool choosesObjective = signal || diffusion == "GaussianDiffusion";
    if (choosesObjective)
        inferObjective(finder, schedule, buffer(traces, "loss_weight"), signal);
    else
        finder.passOn({"objective", "min_snr_loss_weight", "min_snr_gamma"});
    if (choosesObjective && !signal) {
        finder.ask("offset_noise_strength", "How strong is the noise that whole channels share in training?",
                   0.0);
        finder.ask("immiscible", "Is every item trained with a noise of its batch that lies near?", false);
    }
    finder.passOn(
        {"offset_noise_strength", "immiscible", "sampling_timesteps", "ddim_sampling_eta", "channel_first"});
}

void inferContinuous(ArgumentFinder& finder, std::int64_t learnedWidth) {
    if (finder.model.model == "ContinuousTimeGaussianDiffusion") {
        if (learnedWidth > 0) {
            finder.certain("noise_schedule", "learned");
            finder.certain("learned_schedule_net_hidden_dim", learnedWidth);
        } else {
            finder.ask("noise_schedule", "Which schedule has the noise: \"linear\" or \"cosine\"?", "linear");
        }
        finder.ask("min_snr_loss_weight", "Are the nearly clean levels weighted less (min-SNR)?", false);
        finder.passOn({"min_snr_gamma", "learned_noise_schedule_frac_gradient"});
    }
    finder.passOn({"num_sample_steps", "clip_sample_denoised"});
}

void inferElucidated(ArgumentFinder& finder) {
    finder.ask("sigma_data", "Which standard deviation has the data, mapped to -1..1?", 0.5);
    finder.ask("P_mean", "Around which ln(sigma) are the noise levels of training drawn?", -1.2);
    finder.ask("P_std", "With which standard deviation?", 1.2);
    finder.passOn(
        {"num_sample_steps", "sigma_min", "sigma_max", "rho", "S_churn", "S_tmin", "S_tmax", "S_noise"});
}

}  // namespace

std::int64_t learnedWidthOf(const TensorMap& others) {
    const auto hidden = others.find("log_snr.net.2.fn.0.net.weight");
    return hidden != others.end() && !hidden->second.shape.empty() ? hidden->second.shape.front() : 0;
}

InferredProcess inferProcess(const InferredModel& network, const ProcessTraces& traces,
                             const std::string& diffusion, const json& answers) {
    if (!diffusion.empty() && std::ranges::find(knownClasses, diffusion) == knownClasses.end())
        throw EngineError(fmt::format("{} is no process that is known here", inQuotes(diffusion)),
                          "diffusion",
                          fmt::format("did you mean {}? Others: {}", nearestName(diffusion, knownClasses),
                                      fmt::join(knownClasses, ", ")));
    const ClassGuess guess = classOf(network, traces, diffusion);
    InferredProcess result;
    result.diffusion = guess.name;
    if (!guess.isCertain) {
        result.questions.push_back(
            {"diffusion", "In which diffusion class was the network trained?", guess.name});
        return result;  // its arguments depend on that
    }
    const std::map<std::string, Shape> noShapes;
    ArgumentFinder finder(noShapes, answers);
    finder.model.model = guess.name;
    if (discreteClasses.contains(guess.name))
        inferDiscrete(finder, traces);
    else if (guess.name == "ElucidatedDiffusion")
        inferElucidated(finder);
    else
        inferContinuous(finder, traces.learnedWidth);
    if (discreteClasses.contains(guess.name))
        finder.ask("auto_normalize",
                   "Did the data run from 0 to 1, to be mapped to -1..1 by the class itself?", true);
    finder.passOn({"image_size", "seq_length", "channels", "self_condition"});
    InferredModel inferred = finder.finish();
    result.args = std::move(inferred.args);
    result.questions = std::move(inferred.questions);
    return result;
}

}  // namespace denoscope
