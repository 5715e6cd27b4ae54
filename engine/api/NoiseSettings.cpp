// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/SettingBuilder.h"

namespace denoscope {
namespace {

bool usesEdm(const RunConfig& config) {
    return config.noise.process == NoiseProcess::Edm;
}
bool usesSteps(const RunConfig& config) {
    return config.noise.process == NoiseProcess::Discrete;
}
bool usesObjective(const RunConfig& config) {
    return !usesEdm(config);
}

void describeEdm(Section<NoiseConfig>& section) {
    section
        .add(&NoiseConfig::sigmaData, "sigma_data", "Spread of the data",
             "Standard deviation of the data after the window has mapped it to -1..1. 0 measures it.")
        .range(0, 100)
        .when(usesEdm);
    section
        .add(&NoiseConfig::logMean, "log_mean", "Noise centre",
             "Training draws noise levels sigma with ln(sigma) around this. Raise it for large images, lower "
             "it "
             "when fine detail stays noisy.")
        .range(-10, 10)
        .when(usesEdm);
    section
        .add(&NoiseConfig::logDeviation, "log_deviation", "Noise width",
             "Standard deviation of ln(sigma) in training. Wider covers more levels, each less often.")
        .range(0.01, 10)
        .when(usesEdm);
}

bool learnsOneThing(const RunConfig& config) {
    return usesObjective(config) && config.noise.head == OutputHead::Plain;
}
std::function<bool(const RunConfig&)> learns(OutputHead head) {
    return [head](const RunConfig& config) { return usesSteps(config) && config.noise.head == head; };
}
bool learnsSchedule(const RunConfig& config) {
    return config.noise.process == NoiseProcess::Continuous && config.noise.shape == NoiseShape::Learned;
}

void describeHead(Section<NoiseConfig>& section) {
    section
        .add(&NoiseConfig::head, "output", "Output",
             "What else the network learns: `plain` nothing; `learned_variance` the noise of each sampling "
             "step, better likelihoods with few steps; `weighted_objective` noise and clean item at once and "
             "how to mix them. The last two predict `noise` and weigh all levels alike, as in the package.")
        .when(usesSteps)
        .advanced();
    section
        .add(&NoiseConfig::variationalWeight, "variational_weight", "Bound weight",
             "How much the variational bound counts that teaches the variance.")
        .range(0, 1000)
        .when(learns(OutputHead::LearnedVariance))
        .advanced();
    section
        .add(&NoiseConfig::noisePartWeight, "noise_part_weight", "Noise weight",
             "How much the error of the predicted noise counts beside that of the mix.")
        .range(0, 1000)
        .when(learns(OutputHead::WeightedObjective))
        .advanced();
    section
        .add(&NoiseConfig::cleanPartWeight, "clean_part_weight", "Clean weight",
             "How much the error of the predicted clean item counts beside that of the mix.")
        .range(0, 1000)
        .when(learns(OutputHead::WeightedObjective))
        .advanced();
}

void describeLearnedSchedule(Section<NoiseConfig>& section) {
    section
        .add(&NoiseConfig::learnedWidth, "schedule_width", "Schedule width",
             "Units of the small network that the learned schedule is.")
        .range(1, 65536)
        .logarithmic()
        .unit("units")
        .when(learnsSchedule)
        .advanced();
    section
        .add(&NoiseConfig::learnedGradient, "schedule_gradient", "Schedule gradient",
             "Share of the gradient that reaches the schedule: below 1 it changes more slowly than the "
             "network; 0 leaves it as it starts.")
        .range(0, 1)
        .when(learnsSchedule)
        .advanced();
}

void describeObjective(Section<NoiseConfig>& section) {
    section
        .add(&NoiseConfig::objective, "objective", "Predict",
             "What the network is asked for. `noise`: the noise that was added; `x0`: the item without it; "
             "`v`: a mix of both that is steady at every level.")
        .when(learnsOneThing);
    section
        .add(&NoiseConfig::shape, "schedule", "Schedule",
             "How the noise grows over time. `cosine` destroys slowly and suits most; `linear` is the first "
             "DDPM's; "
             "`sigmoid` suits large images (discrete only); `learned` fits itself to the data (continuous "
             "only).")
        .when(usesObjective);
    section
        .add(&NoiseConfig::timesteps, "timesteps", "Time steps",
             "Noise levels between clean and pure noise; 1000 is customary.")
        .range(2, 100000)
        .logarithmic()
        .unit("steps")
        .when(usesSteps);
    section
        .add(&NoiseConfig::minSnr, "min_snr", "Min-SNR weights",
             "Count the easy, nearly clean levels less. Usually learns faster.")
        .when(learnsOneThing);
    section
        .add(&NoiseConfig::minSnrGamma, "min_snr_gamma", "Min-SNR limit",
             "The signal-to-noise ratio above which levels count less.")
        .range(0.01, 1e6)
        .logarithmic()
        .when([](const RunConfig& config) { return learnsOneThing(config) && config.noise.minSnr; })
        .advanced();
}

}  // namespace

void describeNoise(std::vector<Setting>& list) {
    Section section(list, "noise", &RunConfig::noise);
    section.add(
        &NoiseConfig::process, "process", "Process",
        "How noise is added. `edm`: any level, the network's input and output scaled to unit size, for the "
        "Karras network; `discrete`: the numbered steps of DDPM; `continuous`: time from 0 to 1.");
    describeEdm(section);
    describeObjective(section);
    describeLearnedSchedule(section);
    describeHead(section);
    section
        .add(&NoiseConfig::offsetNoise, "offset_noise", "Offset noise",
             "Strength of noise that whole channels share. About 0.1 lets a model reach very dark and very "
             "bright "
             "items.")
        .range(0, 10)
        .advanced();
    section
        .add(&NoiseConfig::immiscible, "immiscible", "Immiscible noise",
             "Train every item with a noise of its batch that lies near it. Can learn faster; results then "
             "depend on the batch size.")
        .advanced();
    section
        .add(&NoiseConfig::immiscibleTarget, "immiscible_target", "Immiscible target",
             "`paper`: the near noise is added and is what the network is to tell, as in the paper. "
             "`reference`: the PyTorch package adds the near noise but asks for the one that was drawn "
             "first, which by then is another item's; only for comparing with it, and for weights that it "
             "trained so.")
        .when([](const RunConfig& config) { return usesSteps(config) && config.noise.immiscible; })
        .advanced();
}

}  // namespace denoscope
