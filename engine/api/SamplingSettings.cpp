// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "engine/api/SettingBuilder.h"

namespace denoscope {
namespace {

bool isSampler(const RunConfig& config, std::initializer_list<SamplerKind> kinds) {
    return std::ranges::find(kinds, config.sampling.sampler) != kinds.end();
}
bool churns(const RunConfig& config) {
    return isSampler(config, {SamplerKind::Heun});
}
bool asksForClasses(const RunConfig& config) {
    return config.data.useLabels;
}
// The grid of numbered steps and of continuous time has its ends from the process.
bool setsEnds(const RunConfig& config) {
    return config.sampling.grid != SigmaGrid::Own || config.noise.process == NoiseProcess::Edm;
}
// The spacing that rho bends: its own grid, which is also that of EDM.
bool spacedByRho(const RunConfig& config) {
    return config.sampling.grid == SigmaGrid::Karras ||
           (config.sampling.grid == SigmaGrid::Own && setsEnds(config));
}
bool isGuided(const RunConfig& config) {
    return asksForClasses(config) && config.sampling.guidance != 1;
}

void describeGuidance(Section<SamplingConfig>& section) {
    section
        .add(&SamplingConfig::guidance, "guidance", "Guidance",
             "How strongly samples are pushed towards their class. 1 is as learned; 1.5 to 4 makes them "
             "clearer and "
             "less varied, and costs a second network call a step.")
        .range(0, 100)
        .when(asksForClasses)
        .live();
    section
        .add(&SamplingConfig::guidanceRescale, "guidance_rescale", "Guidance rescale",
             "Brings the contrast back that strong guidance exaggerates: 0 leaves it, 1 restores it in full.")
        .range(0, 1)
        .when(isGuided)
        .live()
        .advanced();
    section
        .add(
            &SamplingConfig::guidanceParallel, "guidance_parallel", "Guidance parallel",
            "Share kept of the push that only scales the output. 1 is plain guidance; 0 avoids overexposure.")
        .range(0, 1)
        .when(isGuided)
        .live()
        .advanced();
}

void describeSampler(Section<SamplingConfig>& section) {
    section
        .add(
            &SamplingConfig::sampler, "sampler", "Sampler",
            "How the noise is taken away. `heun`: accurate, two network calls a step; `dpmpp_2m`, `unipc` "
            "and "
            "`lms`: one "
            "call, good with 10 to 30 steps; `ddim`: one call, for models of discrete steps; `ancestral` and "
            "the SDE ones add fresh noise on the way (`ancestral` over all steps is DDPM's own). Filling in "
            "around a known part always takes ancestral steps.")
        .live();
    section
        .add(&SamplingConfig::grid, "grid", "Noise levels",
             "Where the steps lie. `own`: as the process was made for (`karras` for EDM); `karras` spends "
             "more of "
             "them at "
             "low noise; `exponential` spaces them evenly in ln(sigma); `uniform_time` evenly in the "
             "process's "
             "time.")
        .live();
    section
        .add(&SamplingConfig::steps, "steps", "Steps",
             "Denoising steps from pure noise to the result. 18 is plenty for `heun`, 30 for most others, "
             "`ancestral` "
             "wants all of its process.")
        .range(1, 100000)
        .logarithmic()
        .unit("steps")
        .live();
    section
        .add(&SamplingConfig::eta, "eta", "Fresh noise",
             "Share of the noise that ancestral and SDE samplers add again at each step. 0 is deterministic "
             "(DDIM), 1 is DDPM. Ancestral steps of a model that learned its variance scale that variance by "
             "the square of this, however few the steps.")
        .range(0, 1)
        .when([](const RunConfig& config) {
            return isSampler(config,
                             {SamplerKind::Ancestral, SamplerKind::Dpmpp2MSde, SamplerKind::Dpmpp3MSde});
        })
        .live();
    section.add(&SamplingConfig::order, "order", "Order", "How many past steps UniPC and LMS look back on.")
        .range(1, 4)
        .when([](const RunConfig& config) {
            return isSampler(config, {SamplerKind::UniPc, SamplerKind::Lms});
        })
        .live()
        .advanced();
    section
        .add(&SamplingConfig::clip, "clip", "Clip",
             "Keep every estimate within the window of the data, as DDPM's samplers do.")
        .live()
        .advanced();
}

}  // namespace

void describeSampling(std::vector<Setting>& list) {
    Section section(list, "sampling", &RunConfig::sampling);
    describeSampler(section);
    describeGuidance(section);
    section.add(&SamplingConfig::sigmaMin, "sigma_min", "Smallest noise", "The last noise level before zero.")
        .range(1e-6, 1e4)
        .logarithmic()
        .when(setsEnds)
        .live()
        .advanced();
    section
        .add(&SamplingConfig::sigmaMax, "sigma_max", "Largest noise",
             "The noise level to start from; far above the spread of the data.")
        .range(1e-5, 1e6)
        .logarithmic()
        .when(setsEnds)
        .live()
        .advanced();
    section
        .add(&SamplingConfig::rho, "rho", "Rho",
             "How the noise levels are spaced: larger spends more steps at low noise.")
        .range(1, 100)
        .when(spacedByRho)
        .live()
        .advanced();
    section
        .add(
            &SamplingConfig::churn, "churn", "Churn",
            "Fresh noise added along the way. 0 is deterministic; about 40 can mend artefacts when there are "
            "many steps.")
        .range(0, 1000)
        .when(churns)
        .live()
        .advanced();
    section.add(&SamplingConfig::churnMin, "churn_min", "Churn from", "Noise is added above this level only.")
        .range(0, 1e6)
        .when(churns)
        .live()
        .advanced();
    section.add(&SamplingConfig::churnMax, "churn_max", "Churn to", "Noise is added below this level only.")
        .range(0, 1e6)
        .when(churns)
        .live()
        .advanced();
    section
        .add(&SamplingConfig::churnNoise, "churn_noise", "Churn noise",
             "Spread of the added noise; slightly above 1 keeps detail.")
        .range(0.5, 2)
        .when(churns)
        .live()
        .advanced();
    section.add(&SamplingConfig::count, "count", "Items", "How many items to draw in one go.")
        .range(1, 65536)
        .logarithmic()
        .live();
    section.add(&SamplingConfig::seed, "seed", "Seed", "Same seed, same weights: the same samples.")
        .range(0, largestWhole)
        .live();
    section
        .add(&SamplingConfig::label, "label", "Class",
             "The class to draw, counted from 0; -1 draws from any.")
        .range(-1, 1e6)
        .when(asksForClasses)
        .live();
    section
        .add(&SamplingConfig::useEma, "use_ema", "Averaged weights",
             "Draw from the running average of the weights instead of the last ones. Nearly always better.")
        .live()
        .advanced();
    section
        .add(&SamplingConfig::emaWidth, "ema_width", "Average width",
             "Width (sigma_rel) of an average that is made for this request from the run's snapshots. 0 "
             "takes the average as it was trained. Most exact near the widths that were trained; the log "
             "says by how much it is off.")
        .range(0, 0.28)
        .when([](const RunConfig& config) {
            return config.sampling.useEma && config.training.ema == EmaKind::Power;
        })
        .live()
        .advanced();
}

}  // namespace denoscope
