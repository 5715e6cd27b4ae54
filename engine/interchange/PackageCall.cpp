// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/PackageCall.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

using json = nlohmann::ordered_json;

const char* ddpmClass(const DdpmOptions& options, DdpmVariant variant) {
    const bool classes = options.classes > 0;
    if (variant == DdpmVariant::Unet1d && options.rank() == 1 && !classes)
        return "Unet1D";
    if (variant == DdpmVariant::Unet && options.rank() == 2 && !classes)
        return "Unet";
    if (variant == DdpmVariant::ClassUnet && options.rank() == 2 && classes)
        return "classifier_free_guidance.Unet";
    if (variant == DdpmVariant::GuidedUnet && options.rank() == 2 && !classes)
        return "guided_diffusion.Unet";
    const char* layout = variant == DdpmVariant::Unet        ? "unet"
                         : variant == DdpmVariant::Unet1d    ? "unet1d"
                         : variant == DdpmVariant::ClassUnet ? "class_unet"
                                                             : "guided_unet";
    refuseWithoutClass(fmt::format("the layout {} over {} dimensions {} classes", layout, options.rank(),
                                   classes ? "with" : "without"),
                       "model.variant");
}

json oneOrAll(const std::vector<std::int64_t>& values) {
    return values.size() == 1 ? json(values.front()) : json(values);
}

void addTime(const DdpmOptions& options, bool choosesPeriod, json& args) {
    if (options.time == DdpmTime::Sinusoidal) {
        if (choosesPeriod)
            args["sinusoidal_pos_emb_theta"] = options.timePeriod;
        return;
    }
    args[options.time == DdpmTime::LearnedFourier ? "learned_sinusoidal_cond" : "random_fourier_features"] =
        true;
    args["learned_sinusoidal_dim"] = options.fourierSize;
}

void addAttention(const ModelConfig& model, std::size_t stages, json& args) {
    if (model.variant == DdpmVariant::GuidedUnet)
        return;
    args["attn_heads"] = oneOrAll(model.heads);
    args["attn_dim_head"] = oneOrAll(model.headSizes);
    if (model.variant != DdpmVariant::Unet)
        return;
    std::vector<bool> full(stages, false);
    if (model.fullAttention.empty())
        full.back() = true;
    for (const std::int64_t stage : model.fullAttention)
        if (stage >= 0 && stage < static_cast<std::int64_t>(stages))
            full[static_cast<std::size_t>(stage)] = true;
    args["full_attn"] = full;
}

PackageCall ddpmCall(const DdpmOptions& options) {
    const ModelConfig model = modelConfigOf(options);
    PackageCall call{ddpmClass(options, model.variant)};
    json& args = call.args;
    args["dim"] = options.width;
    if (model.firstWidth != 0)
        args["init_dim"] = model.firstWidth;
    args["dim_mults"] = options.widthFactors;
    args["channels"] = options.channels;
    const OutputHead head = outputHeadOf(options);
    if (head == OutputHead::LearnedVariance)
        args["learned_variance"] = true;
    else if (head == OutputHead::WeightedObjective)
        args["out_dim"] = options.outputs;
    if (options.classes > 0)
        args["num_classes"] = options.classes;
    else
        args["self_condition"] = options.selfCondition;
    const bool plain = model.variant == DdpmVariant::Unet || model.variant == DdpmVariant::Unet1d;
    addTime(options, plain, args);
    if (options.norm == DdpmNorm::Group)
        args["resnet_block_groups"] = options.groups;
    else if (plain)
        args["dropout"] = options.dropout;
    addAttention(model, options.widthFactors.size(), args);
    return call;
}

void addVolume(const KarrasOptions& options, json& args) {
    json types = json::array();
    for (const DownsampleType type : options.model.downsampleTypes)
        types.push_back(type == DownsampleType::Image   ? "image"
                        : type == DownsampleType::Frame ? "frame"
                                                        : "all");
    args["frames"] = options.size[0];
    if (!types.empty())
        args["downsample_types"] = types;
    args["factorize_space_time_attn"] = options.model.factorizedAttention;
}

PackageCall karrasCall(const KarrasOptions& options) {
    const ModelConfig model = modelConfigOf(options);
    if (model.memoryTokens != 4)
        refuseWithoutClass(fmt::format("{} memory tokens, only for 4", model.memoryTokens),
                           "model.memory_tokens");
    const int rank = options.rank();
    PackageCall call{rank == 1 ? "KarrasUnet1D" : rank == 2 ? "KarrasUnet" : "KarrasUnet3D"};
    json& args = call.args;
    args[rank == 1 ? "seq_len" : "image_size"] = options.size[rank == 3 ? 1 : 0];
    args["dim"] = model.width;
    args["dim_max"] = model.maxWidth;
    args["num_downsamples"] = model.downsamples;
    args["num_blocks_per_stage"] = model.blocksPerStage;
    args["channels"] = options.channels;
    if (options.classes > 0)
        args["num_classes"] = options.classes;
    args["attn_res"] = model.attention;
    args["attn_dim_head"] = model.headSize;
    args["fourier_dim"] = model.fourierSize;
    args["dropout"] = model.dropout;
    args["self_condition"] = model.selfCondition;
    if (rank == 3)
        addVolume(options, args);
    return call;
}

// As Python writes it.
std::string pythonValue(const nlohmann::ordered_json& value) {
    if (value.is_boolean())
        return value.get<bool>() ? "True" : "False";
    if (value.is_string())
        return "'" + value.get<std::string>() + "'";
    if (!value.is_array())
        return value.dump();
    std::vector<std::string> parts;
    for (const auto& part : value)
        parts.push_back(pythonValue(part));
    return fmt::format("({}{})", fmt::join(parts, ", "), parts.size() == 1 ? "," : "");
}

}  // namespace

void refuseWithoutClass(const std::string& what, const char* where) {
    throw EngineError("the package has no class for " + what, where,
                      "the weights stand as they are in the run's checkpoints folder");
}

std::string toText(const PackageCall& call) {
    std::vector<std::string> parts;
    for (const auto& [name, value] : call.args.items())
        parts.push_back(name + "=" + pythonValue(value));
    return fmt::format("{}({})", call.name, fmt::join(parts, ", "));
}

PackageCall networkCall(const NetworkOptions& options) {
    if (const auto* ddpm = std::get_if<DdpmOptions>(&options))
        return ddpmCall(*ddpm);
    return karrasCall(std::get<KarrasOptions>(options));
}

}  // namespace denoscope
