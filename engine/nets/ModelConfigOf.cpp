// SPDX-License-Identifier: GPL-3.0-or-later
// From options back to settings: the inverse of networkOptions.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/api/DownsamplePlan.h"
#include "engine/api/Error.h"
#include "engine/nets/DdpmPresets.h"
#include "engine/nets/NetworkPlan.h"

namespace denoscope {
namespace {

[[noreturn]] void refuse(const char* argument, const std::string& what) {
    throw EngineError(what, argument, "only the package itself runs this network");
}

DdpmVariant variantOf(const DdpmOptions& options) {
    const auto layout = [](const DdpmOptions& which) {
        return std::tuple(which.rmsScale, which.downsampling, which.attentionNames, which.memoryTokens);
    };
    // With classes, Unet1D and classifier_free_guidance.Unet are laid out alike.
    const bool classes = options.classes > 0 && !options.selfCondition;
    for (const DdpmVariant variant :
         {DdpmVariant::Unet, classes ? DdpmVariant::ClassUnet : DdpmVariant::Unet1d, DdpmVariant::GuidedUnet})
        if (layout(packageVariant(variant, options.norm)) == layout(options))
            return variant;
    refuse("model", "the layout is that of no class of the package");
}

std::vector<std::int64_t> collapsed(std::vector<std::int64_t> values) {
    if (std::ranges::count(values, values.front()) == std::ssize(values))
        values.resize(1);
    return values;
}

void takeStageAttention(const DdpmOptions& options, ModelConfig& model) {
    std::vector<std::int64_t> heads, sizes, full;
    const std::vector<DdpmAttention>& attention = options.stageAttention;
    for (std::size_t stage = 0; stage < attention.size(); ++stage) {
        heads.push_back(attention[stage].heads);
        sizes.push_back(attention[stage].headSize);
        if (attention[stage].full)
            full.push_back(static_cast<std::int64_t>(stage));
    }
    if (options.middleAttention != DdpmAttention{true, heads.back(), sizes.back()})
        refuse("attn_heads", "the middle has other heads than the coarsest stage");
    model.heads = collapsed(heads);
    model.headSizes = collapsed(sizes);
    const bool onlyLast = full.size() == 1 && full.front() + 1 == std::ssize(attention);
    model.fullAttention = onlyLast       ? std::vector<std::int64_t>{}
                          : full.empty() ? std::vector<std::int64_t>{-1}
                                         : full;
}

// Of the classes whose stages have no choice.
void takeMiddleAttention(const DdpmOptions& options, ModelConfig& model) {
    const auto isUsual = [](const DdpmAttention& attention) { return attention == DdpmAttention{}; };
    if (!std::ranges::all_of(options.stageAttention, isUsual))
        refuse("attn_heads", "stages of this class attend linearly with 4 heads of 32");
    if (model.variant == DdpmVariant::GuidedUnet) {
        if (options.middleAttention != DdpmAttention{true, 4, 32})
            refuse("attn_heads", "the middle of this class attends with 4 heads of 32");
        return;
    }
    model.heads = {options.middleAttention.heads};
    model.headSizes = {options.middleAttention.headSize};
}

ModelConfig ddpmConfigOf(const DdpmOptions& options) {
    ModelConfig model;
    model.family = ModelFamily::Ddpm;
    model.variant = variantOf(options);
    model.norm = options.norm;
    model.groups = options.groups;
    model.width = options.width;
    model.firstWidth = options.firstWidth == options.width ? 0 : options.firstWidth;
    model.widthFactors = options.widthFactors;
    model.downsampleTypes = options.downsampleTypes;
    model.selfCondition = options.selfCondition;
    model.dropout = options.dropout;
    model.time = options.time;
    model.fourierSize = options.fourierSize;
    model.timePeriod = options.timePeriod;
    const DdpmOptions filled = makeDdpmPlan(options).options;
    if (model.variant == DdpmVariant::Unet)
        takeStageAttention(filled, model);
    else
        takeMiddleAttention(filled, model);
    return model;
}

void expectShare(const char* argument, double given, double only) {
    if (std::abs(given - only) > 1e-9)
        refuse(argument, fmt::format("{} is not possible, only {}", given, only));
}

ModelConfig karrasConfigOf(const KarrasOptions& options) {
    ModelConfig model = options.model;
    model.family = ModelFamily::Karras;
    if (!options.blocksPerStage.empty()) {
        if (collapsed(options.blocksPerStage).size() != 1)
            refuse("num_blocks_per_stage", "the stages have different numbers of blocks");
        model.blocksPerStage = options.blocksPerStage.front();
    }
    expectShare("mp_cat_t", options.skipBalance, 0.5);
    expectShare("mp_add_emb_t", options.classBalance, 0.5);
    if (options.attentionBalance)  // share of what attention adds: the paper's 0.3, the package's 0.7
        expectShare("attn_res_mp_add_t", 1 - *options.attentionBalance,
                    model.compat == Compat::Paper ? 0.7 : 0.3);
    // The package passes over resolutions that never occur, our settings refuse them.
    const std::vector<std::int64_t> occurring = stageResolutions(options.size, model);
    std::erase_if(model.attention,
                  [&](std::int64_t resolution) { return std::ranges::count(occurring, resolution) == 0; });
    if (model.attention.empty())
        model.attention = {0};
    return model;
}

}  // namespace

ModelConfig modelConfigOf(const NetworkOptions& options) {
    if (const auto* ddpm = std::get_if<DdpmOptions>(&options))
        return ddpmConfigOf(*ddpm);
    return karrasConfigOf(std::get<KarrasOptions>(options));
}

OutputHead outputHeadOf(const NetworkOptions& options) {
    const auto* ddpm = std::get_if<DdpmOptions>(&options);
    if (!ddpm || ddpm->outputs == 0 || ddpm->outputs == ddpm->channels)
        return OutputHead::Plain;
    if (ddpm->outputs == 2 * ddpm->channels)
        return OutputHead::LearnedVariance;
    if (ddpm->outputs == 2 * ddpm->channels + 2)
        return OutputHead::WeightedObjective;
    refuse("out_dim",
           fmt::format("no process has {} outputs for {} channels", ddpm->outputs, ddpm->channels));
}

}  // namespace denoscope
