// SPDX-License-Identifier: GPL-3.0-or-later
// Every setting of a run, as plain values. Defaults stand here and nowhere else; labels, ranges, help and the
// file format come from settings() in Settings.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace denoscope {

enum class TakeAs { Own, Slices };  // what of a source is an item
enum class Fit { Exact, Crop, Pad };
enum class ModelFamily { Karras, Ddpm };
enum class DdpmVariant { Unet, Unet1d, ClassUnet, GuidedUnet };
enum class DdpmNorm { Rms, Group };  // after every 3-wide convolution
enum class DdpmTime { Sinusoidal, LearnedFourier, RandomFourier };
enum class Compat { Paper, Reference };
enum class DownsampleType { All, Image, Frame };
enum class OptimizerKind { Adam, AdamW };
enum class EmaKind { HalfLife, Warmup, Power };
enum class Precision { Float32, BFloat16 };
enum class Kernels {
    Fused,
    Plain
};  // plain: LibTorch operation by operation, which the fused ones are tested against
enum class NoiseProcess { Edm, Discrete, Continuous };
enum class Objective { Noise, Clean, Velocity };
enum class NoiseShape { Linear, Cosine, Sigmoid, Learned };
enum class OutputHead { Plain, LearnedVariance, WeightedObjective };
enum class SamplerKind { Heun, Euler, Ancestral, Ddim, Dpmpp2M, Dpmpp2MSde, Dpmpp3MSde, UniPc, Lms };
enum class SigmaGrid { Own, Karras, Exponential, UniformTime };

struct DataConfig {
    std::string source = "demo:shapes";  // a file, a folder, or "demo:beats", "demo:shapes", "demo:heads"
    std::string part;  // which series, array or columns of it (SourcePart::name); empty = the obvious one
    double sampleRate = 0;    // Hz of signals whose file does not say; 0 = what the file says
    TakeAs as = TakeAs::Own;  // Slices: each axial slice of a volume is an image
    std::vector<std::int64_t>
        size;  // spatial extents the network sees: {L}, {H, W} or {D, H, W}; empty = the data's own
    Fit fit = Fit::Exact;      // what to do with items of another size; never squashed
    double low = 0, high = 0;  // the values mapped to -1 and +1 (intensity window); low == high: data range
    bool useLabels = true;     // condition on the class where the data has labels
    bool mirror = false;       // random left-right mirroring (images, volumes)
    std::int64_t cacheMiB = 1024;  // how much decoded data may be kept in memory

    bool operator==(const DataConfig&) const = default;
};

// For any spatial rank: the EDM2 network (Karras et al. 2024, arXiv:2312.02696, figure 21 config G), or the
// DDPM UNet of the Python package (engine/nets/DdpmPlan.h).
struct ModelConfig {
    ModelFamily family = ModelFamily::Karras;
    std::int64_t width = 32;      // channels of the first stage
    std::int64_t maxWidth = 128;  // channels double at each down-sampling up to this
    std::int64_t downsamples = 2;
    std::int64_t blocksPerStage = 2;
    std::vector<std::int64_t> attention{
        8};  // resolutions (L, or H) of the stages that attend; 0 alone = none
    std::int64_t headSize = 32;
    std::int64_t memoryTokens = 4;                // learned key/value pairs of every attention
    std::vector<DownsampleType> downsampleTypes;  // volumes: one per down-sampling; empty = all
    bool factorizedAttention = true;              // volumes: attend in plane, then along slices
    std::int64_t fourierSize = 16;
    double dropout = 0.0;
    bool selfCondition = false;
    Compat compat = Compat::Paper;

    // DDPM
    DdpmVariant variant = DdpmVariant::Unet;  // which of the package's classes it is laid out and named as
    DdpmNorm norm = DdpmNorm::Rms;            // rms: the package's 2.x; group: 1.8.x
    std::int64_t groups = 8;
    std::vector<std::int64_t> widthFactors{1, 2, 4, 8};  // one per stage; between stages the item is halved
    std::int64_t firstWidth = 0;                         // of the input convolution; 0 = width
    std::vector<std::int64_t>
        fullAttention;  // stages (0 the finest) with full attention; empty: the last; -1: none
    std::vector<std::int64_t> heads{4};       // of every stage, or one per stage
    std::vector<std::int64_t> headSizes{32};  // the same; channels of one head
    DdpmTime time = DdpmTime::Sinusoidal;
    double timePeriod = 10000;

    bool operator==(const ModelConfig&) const = default;
};

// How noise is added and what the network is asked for.
struct NoiseConfig {
    NoiseProcess process = NoiseProcess::Edm;

    // EDM (Karras et al. 2022, arXiv:2206.00364): table 1, training noise ln(sigma) ~ N(mean, deviation^2).
    double sigmaData = 0;  // standard deviation of the mapped data; 0 = measure it
    double logMean = -1.2;
    double logDeviation = 1.2;

    // Discrete steps (Ho et al. 2020, arXiv:2006.11239) and continuous time (Kingma et al. 2021,
    // arXiv:2107.00630).
    Objective objective = Objective::Velocity;
    NoiseShape shape = NoiseShape::Cosine;  // sigmoid: discrete only; learned: continuous only
    std::int64_t timesteps = 1000;          // discrete
    OutputHead head = OutputHead::Plain;    // discrete
    double variationalWeight = 0.001;       // of the bound that teaches the variance (arXiv:2102.09672)
    // Weighted objective: what the errors of its two parts count beside that of the mix.
    double noisePartWeight = 0.1, cleanPartWeight = 0.1;
    std::int64_t learnedWidth = 1024;  // learned schedule: units of its hidden layer
    double learnedGradient = 1;        // and the share of the gradient that reaches it
    bool minSnr = false;               // arXiv:2303.09556
    double minSnrGamma = 5;
    double offsetNoise = 0;   // strength of the noise that whole channels share
    bool immiscible = false;  // pair each item with a near noise of its batch (arXiv:2406.12303)
    // Paper: the near noise is also what is to be predicted. Reference: the package's target is the noise
    // that was drawn for the item, which is another item's by then.
    Compat immiscibleTarget = Compat::Paper;

    bool operator==(const NoiseConfig&) const = default;
};

struct TrainingConfig {
    std::int64_t steps = 2000;
    std::int64_t batchSize = 16;
    std::int64_t accumulation = 1;  // batches whose gradients are averaged into one step
    std::int64_t microBatch = 0;    // items of a batch that are computed at once; 0 = all
    OptimizerKind optimizer = OptimizerKind::Adam;
    double learningRate = 1e-2;  // EDM2's reference rate; suits magnitude-preserving networks
    double beta1 = 0.9, beta2 = 0.99, epsilon = 1e-8;
    double weightDecay = 0;
    std::int64_t warmupSteps = 100;
    std::int64_t decaySteps = 2000;   // t_ref of the inverse-square-root decay (EDM2 eq. 67); 0 = constant
    double clipNorm = 0;              // clip the gradient's norm; 0 = never
    EmaKind ema = EmaKind::HalfLife;  // how the weights are averaged that samples are drawn from
    double emaHalfLife = 100;         // half_life: in steps; the average forgets half in this many
    double emaBeta = 0.995;           // warmup (the Python package): share kept at an update, once warm
    std::int64_t emaEvery = 10;       // warmup: steps from one update to the next
    double emaWidth = 0.05;           // power (EDM2): width of the average as a share of the training so far
    double emaSecondWidth = 0.1;      // power: of a second average, for reconstruction; 0 = none
    std::int64_t emaSnapshotEvery =
        100;                             // power: steps between the snapshots that other widths are made from
    std::int64_t emaKeepSnapshots = 24;  // power: steps whose snapshots are kept
    double labelDropout = 0.1;           // share of items trained without their label
    Precision precision = Precision::Float32;
    Kernels kernels = Kernels::Fused;
    bool recompute = false;  // keep only what blocks begin with and compute the rest again for the gradients
    std::int64_t seed = 1;
    std::int64_t threads = 0;            // compute threads; 0 = every core
    std::int64_t checkpointEvery = 500;  // steps
    std::int64_t keepCheckpoints = 3;
    std::int64_t previewEvery = 100;  // steps; 0 = never
    std::int64_t previewCount = 16;
    double previewBudget = 5;  // percent of the time that previews may take

    bool operator==(const TrainingConfig&) const = default;
};

// A request for more items than this draws them so many at a time.
inline constexpr std::int64_t itemsAtOnce = 16;

struct SamplingConfig {
    SamplerKind sampler = SamplerKind::Heun;
    SigmaGrid grid = SigmaGrid::Own;
    std::int64_t steps = 18;
    double sigmaMin = 0.002;  // the ends of the grid, within what the process knows
    double sigmaMax = 80;
    double rho = 7;
    double eta = 1;    // fresh noise of ancestral and SDE samplers; 1 = all, 0 = deterministic
    double churn = 0;  // S_churn of Heun's sampler; 0 = deterministic
    double churnMin = 0.05, churnMax = 50, churnNoise = 1.003;
    std::int64_t order = 3;       // of UniPC and LMS
    bool clip = false;            // keep every estimate of the clean item within the window
    double guidance = 1;          // towards the class asked for (arXiv:2207.12598); 1 = as trained
    double guidanceRescale = 0;   // phi of arXiv:2305.08891 section 3.4
    double guidanceParallel = 1;  // share kept of the guidance that only scales the output (arXiv:2410.02416)
    std::int64_t count = 16;
    std::int64_t seed = 1;
    std::int64_t label = -1;  // class to draw; -1 = any
    bool useEma = true;       // draw from the averaged weights
    double emaWidth = 0;  // of an average made afterwards from snapshots (EDM2); 0 = the one that was trained

    bool operator==(const SamplingConfig&) const = default;
};

struct RunConfig {
    DataConfig data;
    ModelConfig model;
    NoiseConfig noise;
    TrainingConfig training;
    SamplingConfig sampling;

    bool operator==(const RunConfig&) const = default;
};

}  // namespace denoscope
