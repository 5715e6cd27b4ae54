// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/SettingBuilder.h"

namespace denoscope {
namespace {

bool isKarras(const RunConfig& config) {
    return config.model.family == ModelFamily::Karras;
}
bool isDdpm(const RunConfig& config) {
    return !isKarras(config);
}

// As far as it is known: an empty size is that of the data.
bool mayBeVolume(const RunConfig& config) {
    return config.data.size.empty() || config.data.size.size() == 3;
}

void describeKarras(Section<ModelConfig>& section) {
    section
        .add(&ModelConfig::maxWidth, "max_width", "Largest width",
             "The width doubles at every down-sampling up to this.")
        .range(8, 4096)
        .logarithmic()
        .unit("channels")
        .when(isKarras);
    section
        .add(&ModelConfig::downsamples, "downsamples", "Down-samplings",
             "How often the resolution is halved. Enough of them that the coarsest stage sees the whole item "
             "at a "
             "glance (4 to 16 samples across).")
        .range(0, 12)
        .when(isKarras);
    section
        .add(&ModelConfig::blocksPerStage, "blocks_per_stage", "Blocks per stage",
             "Residual blocks at every resolution. More make the network deeper and slower.")
        .range(1, 16)
        .when(isKarras);
    section
        .add(&ModelConfig::attention, "attention", "Attention at",
             "The resolutions (length, or height) whose stages attend: every place then sees every other. "
             "Cheap at "
             "coarse stages, dear at fine ones. 0 alone turns attention off.")
        .range(0, 1 << 20)
        .when(isKarras);
    section.add(&ModelConfig::headSize, "head_size", "Head size", "Channels of one attention head.")
        .range(2, 512)
        .logarithmic()
        .unit("channels")
        .when(isKarras)
        .advanced();
    section
        .add(&ModelConfig::memoryTokens, "memory_tokens", "Memory tokens",
             "Learned key and value pairs that every attention may also look at. 0 turns them off.")
        .range(0, 256)
        .when(isKarras)
        .advanced();
    section
        .add(&ModelConfig::factorizedAttention, "factorized_attention", "Factorised attention",
             "Volumes: attend within each slice, then along the slices, instead of over the whole volume at "
             "once. "
             "Much cheaper and nearly as good.")
        .when([](const RunConfig& config) { return isKarras(config) && mayBeVolume(config); })
        .advanced();
    section
        .add(
            &ModelConfig::compat, "compat", "Formulas",
            "`paper` follows the EDM2 paper to the letter. `reference` computes what the widely used PyTorch "
            "package "
            "does, for weights that come from there: residual branches weighted 0.7 to 0.3 instead of 0.3 "
            "to 0.7, "
            "linear resampling, attention of volumes at the transitions between stages only.")
        .when(isKarras)
        .advanced();
}

void describeDdpm(Section<ModelConfig>& section) {
    section
        .add(&ModelConfig::widthFactors, "width_factors", "Width factors",
             "The width of every stage in units of the width; between stages the item is halved.")
        .range(1, 64)
        .when(isDdpm);
    section
        .add(
            &ModelConfig::variant, "variant", "Layout",
            "Which network of the PyTorch package it is: `unet` lets every stage choose its attention; "
            "`unet1d` "
            "is the "
            "one for signals; `class_unet` the one for classifier-free guidance; `guided_unet` the one for a "
            "classifier. They differ in how they halve, attend and name their weights.")
        .when(isDdpm);
    section
        .add(&ModelConfig::norm, "norm", "Normalisation",
             "`rms`: as in the package's versions 2, with learned memory in the attention; `group`: as in "
             "1.8.")
        .when(isDdpm)
        .advanced();
    section
        .add(&ModelConfig::groups, "groups", "Groups", "Of the group normalisation; must divide every width.")
        .range(1, 512)
        .when([](const RunConfig& config) { return isDdpm(config) && config.model.norm == DdpmNorm::Group; })
        .advanced();
    section
        .add(&ModelConfig::firstWidth, "first_width", "First width",
             "Channels after the first convolution. 0 takes the width.")
        .range(0, 4096)
        .unit("channels")
        .when(isDdpm)
        .advanced();
    const auto choosesAttention = [](const RunConfig& config) {
        return isDdpm(config) && config.model.variant == DdpmVariant::Unet;
    };
    section
        .add(&ModelConfig::fullAttention, "full_attention", "Full attention",
             "Stages, 0 the finest, in which every place sees every other; the rest use cheap linear "
             "attention. Empty: "
             "the coarsest; -1: none.")
        .range(-1, 64)
        .when(choosesAttention)
        .advanced();
    section
        .add(&ModelConfig::heads, "heads", "Heads",
             "Attention heads: of every stage, or one number per stage.")
        .range(1, 256)
        .when(isDdpm)
        .advanced();
    section
        .add(&ModelConfig::headSizes, "head_sizes", "Head sizes",
             "Channels of one head: of every stage, or one number per stage.")
        .range(1, 1024)
        .when(isDdpm)
        .advanced();
    section
        .add(&ModelConfig::time, "time_embedding", "Time embedding",
             "How the network is told the noise level: `sinusoidal` is for numbered steps; `learned` and "
             "`random` features suit continuous time and EDM, where steps have no numbers.")
        .when(isDdpm);
    section
        .add(&ModelConfig::timePeriod, "time_period", "Longest period",
             "Of the sinusoidal embedding, in steps over 2 pi.")
        .range(10, 1e9)
        .logarithmic()
        .when([](const RunConfig& config) {
            return isDdpm(config) && config.model.time == DdpmTime::Sinusoidal;
        })
        .advanced();
}

}  // namespace

void describeModel(std::vector<Setting>& list) {
    Section section(list, "model", &RunConfig::model);
    section.add(&ModelConfig::family, "family", "Network",
                "`karras`: EDM2's magnitude-preserving network, steady and quick to learn; `ddpm`: the "
                "classic UNet, for "
                "models that are to go to or come from the PyTorch package.");
    section
        .add(&ModelConfig::width, "width", "Width",
             "Channels of the first stage. Twice the width costs about four times the time and learns finer "
             "detail.")
        .range(8, 1024)
        .logarithmic()
        .unit("channels");
    describeKarras(section);
    describeDdpm(section);
    section
        .add(
            &ModelConfig::downsampleTypes, "downsample_types", "Down-sample along",
            "Volumes: what each down-sampling halves. `image`: height and width; `frame`: the slices; `all`: "
            "both. One "
            "entry per down-sampling; empty means all. Use `image` first where slices are thick.")
        .when(mayBeVolume)
        .advanced();
    section
        .add(&ModelConfig::fourierSize, "fourier_size", "Noise embedding",
             "Fourier features that tell the network the noise level.")
        .range(2, 1024)
        .logarithmic()
        .when([](const RunConfig& config) {
            return isKarras(config) || config.model.time != DdpmTime::Sinusoidal;
        })
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
}

}  // namespace denoscope
