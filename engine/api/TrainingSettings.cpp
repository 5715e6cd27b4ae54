// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/SettingBuilder.h"

namespace denoscope {
namespace {

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
    section
        .add(&TrainingConfig::microBatch, "micro_batch", "Micro-batch",
             "Items of a batch computed at once. Fewer need less memory and change nothing else. 0 takes the "
             "whole "
             "batch. Halved by itself where memory runs out.")
        .range(0, 65536)
        .unit("items")
        .live()
        .advanced();
}

void describeOptimizer(Section<TrainingConfig>& section) {
    section
        .add(&TrainingConfig::optimizer, "optimizer", "Optimiser",
             "`adam` suits these weight-normalised networks; `adamw` adds decoupled weight decay.")
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
        .add(&TrainingConfig::labelDropout, "label_dropout", "Label dropout",
             "Share of items shown without their label, so that the network can also draw from any class. "
             "Guidance needs it above 0.")
        .range(0, 1)
        .when([](const RunConfig& config) { return config.data.useLabels; })
        .advanced();
}

std::function<bool(const RunConfig&)> averagesBy(EmaKind kind) {
    return [kind](const RunConfig& config) { return config.training.ema == kind; };
}

void describeAverage(Section<TrainingConfig>& section) {
    section
        .add(&TrainingConfig::ema, "ema", "Average by",
             "Samples are drawn from an average of the weights. half_life forgets half in so many steps; "
             "warmup is "
             "the PyTorch package's; power (EDM2) is as wide as a share of the training so far, and other "
             "widths can "
             "be made afterwards from its snapshots.")
        .advanced();
    section
        .add(&TrainingConfig::emaHalfLife, "ema_half_life", "Average over",
             "The average forgets half in this many steps. Longer is smoother and lags further behind.")
        .range(0, 1e7)
        .unit("steps")
        .when(averagesBy(EmaKind::HalfLife));
    section
        .add(&TrainingConfig::emaBeta, "ema_beta", "Average keeps",
             "Share of the average that one update keeps, once it is warm.")
        .range(0, 0.999999)
        .when(averagesBy(EmaKind::Warmup));
    section.add(&TrainingConfig::emaEvery, "ema_every", "Average every", "Steps from one update to the next.")
        .range(1, 1e6)
        .unit("steps")
        .when(averagesBy(EmaKind::Warmup))
        .advanced();
    section
        .add(&TrainingConfig::emaWidth, "ema_width", "Average width",
             "Standard deviation of the average over time as a share of the training so far (sigma_rel). "
             "Wider is "
             "smoother.")
        .range(0.01, 0.28)
        .when(averagesBy(EmaKind::Power));
    section
        .add(&TrainingConfig::emaSecondWidth, "ema_second_width", "Second width",
             "Width of a second average: with two of them other widths can be made afterwards. 0 keeps one.")
        .range(0, 0.28)
        .when(averagesBy(EmaKind::Power))
        .advanced();
    section
        .add(&TrainingConfig::emaSnapshotEvery, "ema_snapshot_every", "Snapshot every",
             "How often the averages are stored. Each snapshot is as large as the weights. 0 stores none.")
        .range(0, 1e8)
        .unit("steps")
        .when(averagesBy(EmaKind::Power))
        .live()
        .advanced();
    section
        .add(&TrainingConfig::emaKeepSnapshots, "ema_keep_snapshots", "Keep snapshots",
             "Of how many steps. Older ones are thinned out: the longer ago, the wider apart, which hardly "
             "costs an average of another width any accuracy.")
        .range(2, 10000)
        .logarithmic()
        .unit("steps")
        .when(averagesBy(EmaKind::Power))
        .live()
        .advanced();
}

void describeMachine(Section<TrainingConfig>& section) {
    section.add(&TrainingConfig::precision, "precision", "Precision",
                "bfloat16 is faster where the processor has it (AVX-512, AMX) and needs less memory; float32 "
                "runs everywhere and repeats exactly.");
    section
        .add(
            &TrainingConfig::kernels, "kernels", "Kernels",
            "`fused`: several operations in one pass over memory. `plain`: LibTorch's operations one by one, "
            "slower; for comparison.")
        .live()
        .advanced();
    section
        .add(&TrainingConfig::recompute, "recompute", "Recompute",
             "Keep only what the network's blocks begin with and compute the rest again for the gradients. "
             "Less memory for about a third more time.")
        .live()
        .advanced();
    section.add(&TrainingConfig::seed, "seed", "Seed", "Same seed, same data, same settings: the same run.")
        .range(0, largestWhole);
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

}  // namespace

void describeTraining(std::vector<Setting>& list) {
    Section section(list, "training", &RunConfig::training);
    describeSchedule(section);
    describeOptimizer(section);
    describeAverage(section);
    describeMachine(section);
}

}  // namespace denoscope
