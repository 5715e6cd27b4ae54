// SPDX-License-Identifier: GPL-3.0-or-later
// The one list of settings.
#include "engine/api/Settings.h"

#include <algorithm>

#include "engine/api/SettingBuilder.h"

namespace denoscope {
namespace {

constexpr double largest = 2147483647;  // what number fields of a form can hold

void describeData(std::vector<Setting>& list) {
    Section section(list, "data", &RunConfig::data);
    section
        .add(&DataConfig::source, "source", "Source",
             "What to learn from: a file, a folder, or a built-in set (demo:beats, demo:shapes, demo:heads).")
        .kind(SettingKind::Path);
    section
        .add(&DataConfig::size, "size", "Size",
             "The extents the network works on: length; height, width; or depth, height, width. Each must be "
             "divisible by 2 for every down-sampling that halves it. Empty takes the data's own size.")
        .range(1, 1 << 20)
        .unit("samples");
    section.add(
        &DataConfig::fit, "fit", "Fit",
        "What happens to items of another size. exact refuses them; crop cuts a piece; pad fills up with "
        "silence or the lowest value. Nothing is ever squashed.");
    section
        .add(
            &DataConfig::low, "low", "Window from",
            "The value that becomes -1. Values below it are clamped, so a narrow window spends the network's "
            "range on what matters, such as soft tissue in CT. Equal to the upper end: the data's own range.")
        .range(-1e30, 1e30);
    section
        .add(&DataConfig::high, "high", "Window to",
             "The value that becomes +1. Values above it are clamped. Equal to the lower end: the data's own "
             "range.")
        .range(-1e30, 1e30);
    section.add(
        &DataConfig::useLabels, "use_labels", "Use labels",
        "Learn each class by itself where the data has labels, so that you can ask for one when sampling.");
    section.add(
        &DataConfig::mirror, "mirror", "Mirror",
        "Show every second item mirrored left to right. Helps small sets of images or volumes; wrong for "
        "digits, letters and everything where left and right differ.");
    section
        .add(&DataConfig::cacheMiB, "cache_mib", "Cache",
             "How much decoded data may stay in memory. Raise it when training waits for data.")
        .range(1, 1 << 20)
        .logarithmic()
        .unit("MiB")
        .advanced();
}

void describeModel(std::vector<Setting>& list) {
    Section section(list, "model", &RunConfig::model);
    section
        .add(&ModelConfig::width, "width", "Width",
             "Channels of the first stage. Twice the width costs about four times the time and learns finer "
             "detail.")
        .range(8, 1024)
        .logarithmic()
        .unit("channels");
    section
        .add(&ModelConfig::maxWidth, "max_width", "Largest width",
             "The width doubles at every down-sampling up to this.")
        .range(8, 4096)
        .logarithmic()
        .unit("channels");
    section
        .add(&ModelConfig::downsamples, "downsamples", "Down-samplings",
             "How often the resolution is halved. Enough of them that the coarsest stage sees the whole item "
             "at "
             "a glance (4 to 16 samples across).")
        .range(0, 12);
    section
        .add(&ModelConfig::blocksPerStage, "blocks_per_stage", "Blocks per stage",
             "Residual blocks at every resolution. More make the network deeper and slower.")
        .range(1, 16);
    section
        .add(&ModelConfig::attention, "attention", "Attention at",
             "The resolutions (length, or height) whose stages attend: every place then sees every other. "
             "Cheap "
             "at coarse stages, dear at fine ones. 0 alone turns attention off.")
        .range(0, 1 << 20);
    section.add(&ModelConfig::headSize, "head_size", "Head size", "Channels of one attention head.")
        .range(2, 512)
        .logarithmic()
        .unit("channels")
        .advanced();
    section
        .add(&ModelConfig::memoryTokens, "memory_tokens", "Memory tokens",
             "Learned key and value pairs that every attention may also look at. 0 turns them off.")
        .range(0, 256)
        .advanced();
    section
        .add(
            &ModelConfig::downsampleTypes, "downsample_types", "Down-sample along",
            "Volumes: what each down-sampling halves. image: height and width; frame: the slices; all: both. "
            "One entry per down-sampling; empty means all. Use image first where slices are thick.")
        .advanced();
    section
        .add(&ModelConfig::factorizedAttention, "factorized_attention", "Factorised attention",
             "Volumes: attend within each slice, then along the slices, instead of over the whole volume at "
             "once. "
             "Much cheaper and nearly as good.")
        .advanced();
    section
        .add(&ModelConfig::fourierSize, "fourier_size", "Noise embedding",
             "Fourier features that tell the network the noise level.")
        .range(2, 1024)
        .logarithmic()
        .advanced();
    section
        .add(&ModelConfig::dropout, "dropout", "Dropout",
             "Share of activations switched off at random while training. Try 0.1 when a small set is "
             "learned by "
             "heart.")
        .range(0, 0.9);
    section
        .add(&ModelConfig::selfCondition, "self_condition", "Self-conditioning",
             "Let the network see its own last estimate. Often sharper, about a quarter slower.")
        .advanced();
    section
        .add(&ModelConfig::compat, "compat", "Formulas",
             "paper follows the EDM2 paper to the letter; reference follows the details of the widely used "
             "PyTorch implementation, for weights that come from there.")
        .advanced();
}

void describeNoise(std::vector<Setting>& list) {
    Section section(list, "noise", &RunConfig::noise);
    section
        .add(&NoiseConfig::sigmaData, "sigma_data", "Spread of the data",
             "Standard deviation of the data after the window has mapped it to -1..1. 0 measures it.")
        .range(0, 100);
    section
        .add(&NoiseConfig::logMean, "log_mean", "Noise centre",
             "Training draws noise levels sigma with ln(sigma) around this. Raise it for large images, lower "
             "it "
             "when fine detail stays noisy.")
        .range(-10, 10);
    section
        .add(&NoiseConfig::logDeviation, "log_deviation", "Noise width",
             "Standard deviation of ln(sigma) in training. Wider covers more levels, each less often.")
        .range(0.01, 10);
}

void describeSchedule(Section<TrainingConfig>& section) {
    section
        .add(&TrainingConfig::steps, "steps", "Steps",
             "Optimiser steps in all. The run can be continued with more at any time.")
        .range(1, 1e8)
        .logarithmic()
        .unit("steps")
        .live();
    section
        .add(&TrainingConfig::batchSize, "batch_size", "Batch size",
             "Items looked at together. Larger is steadier and needs more memory.")
        .range(1, 65536)
        .logarithmic()
        .unit("items");
    section
        .add(&TrainingConfig::accumulation, "accumulation", "Accumulation",
             "Batches averaged into one step: a larger batch in effect, without the memory.")
        .range(1, 4096)
        .logarithmic()
        .unit("batches")
        .advanced();
}

void describeOptimizer(Section<TrainingConfig>& section) {
    section
        .add(&TrainingConfig::optimizer, "optimizer", "Optimiser",
             "adam suits these weight-normalised networks; adamw adds decoupled weight decay.")
        .advanced();
    section
        .add(&TrainingConfig::learningRate, "learning_rate", "Learning rate",
             "Size of a step. Halve it when the loss jumps or grows; the magnitude-preserving network likes "
             "about "
             "0.01.")
        .range(1e-7, 1)
        .logarithmic()
        .live();
    section
        .add(&TrainingConfig::beta1, "beta1", "Beta 1",
             "How long the optimiser's mean of the gradient remembers.")
        .range(0, 0.99999)
        .advanced();
    section
        .add(&TrainingConfig::beta2, "beta2", "Beta 2",
             "How long the optimiser's mean of the squared gradient remembers.")
        .range(0, 0.999999)
        .advanced();
    section.add(&TrainingConfig::epsilon, "epsilon", "Epsilon", "Keeps the optimiser from dividing by zero.")
        .range(1e-16, 1)
        .logarithmic()
        .advanced();
    section
        .add(&TrainingConfig::weightDecay, "weight_decay", "Weight decay",
             "Pulls weights towards zero at every step. Leave 0: these networks normalise their weights "
             "anyway.")
        .range(0, 1)
        .advanced();
    section
        .add(&TrainingConfig::warmupSteps, "warmup_steps", "Warm-up",
             "The learning rate rises from zero over this many steps.")
        .range(0, 1e7)
        .unit("steps");
    section
        .add(&TrainingConfig::decaySteps, "decay_steps", "Decay after",
             "From here on the learning rate falls with the inverse square root of the step. 0 keeps it "
             "constant.")
        .range(0, 1e8)
        .unit("steps");
    section
        .add(&TrainingConfig::clipNorm, "clip_norm", "Clip gradient",
             "Largest norm of the gradient. Set about 1 when single steps spoil the loss; 0 never clips.")
        .range(0, 1e6)
        .live()
        .advanced();
    section
        .add(&TrainingConfig::emaHalfLife, "ema_half_life", "Average over",
             "Samples are drawn from a running average of the weights that forgets half in this many steps. "
             "Longer is smoother and lags further behind.")
        .range(0, 1e7)
        .unit("steps");
    section
        .add(&TrainingConfig::labelDropout, "label_dropout", "Label dropout",
             "Share of items shown without their label, so that the network can also draw from any class.")
        .range(0, 1)
        .advanced();
}

void describeMachine(Section<TrainingConfig>& section) {
    section.add(
        &TrainingConfig::precision, "precision", "Precision",
        "bfloat16 is faster where the processor has it (AMX, recent GPUs) and needs less memory; float32 "
        "runs everywhere and repeats exactly.");
    section.add(&TrainingConfig::seed, "seed", "Seed", "Same seed, same data, same settings: the same run.")
        .range(0, largest);
    section.add(&TrainingConfig::threads, "threads", "Threads", "Compute threads. 0 uses every core.")
        .range(0, 1024)
        .advanced();
    section
        .add(&TrainingConfig::checkpointEvery, "checkpoint_every", "Checkpoint every",
             "How much work a power cut can cost.")
        .range(1, 1e8)
        .logarithmic()
        .unit("steps")
        .live();
    section
        .add(&TrainingConfig::keepCheckpoints, "keep_checkpoints", "Keep checkpoints",
             "Older ones than these are deleted.")
        .range(1, 10000)
        .live()
        .advanced();
    section
        .add(&TrainingConfig::previewEvery, "preview_every", "Preview every",
             "Draw samples from fixed seeds after this many steps. 0 never does.")
        .range(0, 1e8)
        .unit("steps")
        .live();
    section
        .add(&TrainingConfig::previewCount, "preview_count", "Preview items",
             "How many samples a preview draws.")
        .range(1, 64)
        .live();
    section
        .add(&TrainingConfig::previewBudget, "preview_budget", "Preview budget",
             "Previews wait until they stay within this share of the time.")
        .range(0, 100)
        .unit("%")
        .live();
}

void describeTraining(std::vector<Setting>& list) {
    Section section(list, "training", &RunConfig::training);
    describeSchedule(section);
    describeOptimizer(section);
    describeMachine(section);
}

void describeSampling(std::vector<Setting>& list) {
    Section section(list, "sampling", &RunConfig::sampling);
    section
        .add(&SamplingConfig::steps, "steps", "Steps",
             "Denoising steps from pure noise to the result; each costs two network calls. 18 is plenty for "
             "most.")
        .range(1, 10000)
        .logarithmic()
        .unit("steps")
        .live();
    section.add(&SamplingConfig::sigmaMin, "sigma_min", "Smallest noise", "The last noise level before zero.")
        .range(1e-6, 1e4)
        .logarithmic()
        .live()
        .advanced();
    section
        .add(&SamplingConfig::sigmaMax, "sigma_max", "Largest noise",
             "The noise level to start from; far above the spread of the data.")
        .range(1e-5, 1e6)
        .logarithmic()
        .live()
        .advanced();
    section
        .add(&SamplingConfig::rho, "rho", "Rho",
             "How the noise levels are spaced: larger spends more steps at low noise.")
        .range(1, 100)
        .live()
        .advanced();
    section
        .add(
            &SamplingConfig::churn, "churn", "Churn",
            "Fresh noise added along the way. 0 is deterministic; about 40 can mend artefacts when there are "
            "many steps.")
        .range(0, 1000)
        .live()
        .advanced();
    section.add(&SamplingConfig::churnMin, "churn_min", "Churn from", "Noise is added above this level only.")
        .range(0, 1e6)
        .live()
        .advanced();
    section.add(&SamplingConfig::churnMax, "churn_max", "Churn to", "Noise is added below this level only.")
        .range(0, 1e6)
        .live()
        .advanced();
    section
        .add(&SamplingConfig::churnNoise, "churn_noise", "Churn noise",
             "Spread of the added noise; slightly above 1 keeps detail.")
        .range(0.5, 2)
        .live()
        .advanced();
    section.add(&SamplingConfig::count, "count", "Items", "How many items to draw in one go.")
        .range(1, 65536)
        .logarithmic()
        .live();
    section.add(&SamplingConfig::seed, "seed", "Seed", "Same seed, same weights: the same samples.")
        .range(0, largest)
        .live();
    section
        .add(&SamplingConfig::label, "label", "Class",
             "The class to draw, counted from 0; -1 draws from any.")
        .range(-1, 1e6)
        .live();
    section
        .add(&SamplingConfig::useEma, "use_ema", "Averaged weights",
             "Draw from the running average of the weights instead of the last ones. Nearly always better.")
        .live()
        .advanced();
}

std::vector<Setting> describeAll() {
    std::vector<Setting> list;
    describeData(list);
    describeModel(list);
    describeNoise(list);
    describeTraining(list);
    describeSampling(list);
    return list;
}

}  // namespace

const std::vector<Setting>& settings() {
    static const std::vector<Setting> list = describeAll();
    return list;
}

const Setting* findSetting(const std::string& key) {
    const auto& list = settings();
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const Setting& setting) { return setting.key == key; });
    return found == list.end() ? nullptr : &*found;
}

const std::vector<SettingGroup>& settingGroups() {
    static const std::vector<SettingGroup> groups{{"data", "Data"},
                                                  {"model", "Model"},
                                                  {"noise", "Noise"},
                                                  {"training", "Training"},
                                                  {"sampling", "Sampling"}};
    return groups;
}

}  // namespace denoscope
