// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/PackageArguments.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/api/Error.h"
#include "engine/nets/KeywordArguments.h"

namespace denoscope {
namespace {

using nlohmann::json;

// Entry i of a list that may hold one value for all.
template <typename T>
T entry(const std::vector<T>& list, std::size_t i) {
    return list.size() == 1 ? list.front() : list.at(i);
}

// Left out means the innermost stage alone. So does a single False for 2.x, while for 1.8.x it means no
// stage.
std::vector<bool> fullAttention(KeywordArguments& arguments, PackageGeneration generation,
                                std::size_t stages) {
    const std::vector<bool> given = arguments.list<bool>("full_attn", {});
    const bool one = given.size() == 1 && !arguments.isList("full_attn");
    if (one && (given.front() || generation == PackageGeneration::GroupNorm))
        return std::vector<bool>(stages, given.front());
    if (!one && !given.empty())
        return given;
    std::vector<bool> innermost(stages, false);
    if (stages > 0)
        innermost.back() = true;
    return innermost;
}

// The heads of every stage; the middle has the last one's.
void takeStageAttention(KeywordArguments& arguments, PackageGeneration generation, DdpmOptions& options) {
    const std::size_t stages = options.widthFactors.size();
    const std::vector<bool> full = fullAttention(arguments, generation, stages);
    const auto heads = arguments.list<std::int64_t>("attn_heads", {4});
    const auto sizes = arguments.list<std::int64_t>("attn_dim_head", {32});
    for (const auto& [name, size] :
         {std::pair{"full_attn", full.size()}, std::pair{"attn_heads", heads.size()},
          std::pair{"attn_dim_head", sizes.size()}})
        if (size != stages && (size != 1 || arguments.isList(name)))
            throw EngineError(fmt::format("{} values for {} stages", size, stages), arguments.where(name),
                              "give one, or one per stage");
    for (std::size_t i = 0; i < stages; ++i)
        options.stageAttention.push_back({entry(full, i), entry(heads, i), entry(sizes, i)});
    options.middleAttention = {true, heads.back(), sizes.back()};
}

void takeTime(KeywordArguments& arguments, DdpmOptions& options) {
    const bool learned = arguments.get("learned_sinusoidal_cond", false);
    if (arguments.get("random_fourier_features", false))
        options.time = DdpmTime::RandomFourier;
    else if (learned)
        options.time = DdpmTime::LearnedFourier;
    options.fourierSize = arguments.get("learned_sinusoidal_dim", options.fourierSize);
}

void takeOutputs(KeywordArguments& arguments, DdpmOptions& options) {
    const bool learnedVariance = arguments.get("learned_variance", false);
    options.outputs =
        arguments.get<std::int64_t>("out_dim", std::int64_t{options.channels} * (learnedVariance ? 2 : 1));
}

DdpmOptions ddpmOptions(const std::string& model, const json& given, PackageGeneration generation) {
    const bool stages = model == "Unet" || model == "repaint.Unet", signal = model == "Unet1D";
    const bool classes = model == "classifier_free_guidance.Unet", guided = model == "guided_diffusion.Unet";
    KeywordArguments arguments(model, given);
    DdpmOptions options = stages    ? packageUnet(generation)
                          : signal  ? packageUnet1d(generation)
                          : classes ? packageClassUnet(generation)
                                    : packageGuidedUnet(generation);
    options.width = arguments.required("dim");
    options.firstWidth = arguments.get("init_dim", options.width);
    options.widthFactors = arguments.list("dim_mults", options.widthFactors);
    options.channels = arguments.count("channels", options.channels);
    takeOutputs(arguments, options);
    takeTime(arguments, options);
    if (generation == PackageGeneration::GroupNorm)
        options.groups = arguments.get("resnet_block_groups", options.groups);
    if (classes) {
        arguments.required("num_classes");
        options.classes = arguments.count("num_classes", 0);
        arguments.ignore("cond_drop_prob");
    } else {
        options.selfCondition = arguments.get("self_condition", false);
    }
    if (stages || signal)
        options.timePeriod = arguments.get("sinusoidal_pos_emb_theta", options.timePeriod);
    if (generation == PackageGeneration::RmsNorm && (model == "Unet" || signal))
        options.dropout = arguments.get("dropout", 0.0);
    if (stages) {
        takeStageAttention(arguments, generation, options);
        arguments.ignore("flash_attn");
    } else if (!guided) {
        options.middleAttention = {true, arguments.get<std::int64_t>("attn_heads", 4),
                                   arguments.get<std::int64_t>("attn_dim_head", 32)};
    }
    arguments.refuseTheRest();
    return options;
}

std::vector<std::int64_t> blocksPerStage(KeywordArguments& arguments, std::size_t downsamples) {
    auto blocks = arguments.list<std::int64_t>("num_blocks_per_stage", {4});
    if (blocks.size() == 1)
        blocks.assign(downsamples + 1, blocks.front());
    else if (blocks.size() == downsamples)  // the first stage has as many blocks as the second
        blocks.insert(blocks.begin(), blocks.front());
    return blocks;
}

std::vector<DownsampleType> downsampleTypes(KeywordArguments& arguments, std::size_t downsamples) {
    std::vector<DownsampleType> types;
    for (const std::string& name : arguments.list<std::string>("downsample_types", {})) {
        if (name != "all" && name != "image" && name != "frame")
            throw EngineError(fmt::format("'{}' is no type of down-sampling", name),
                              arguments.where("downsample_types"), "use all, image or frame");
        types.push_back(name == "image"   ? DownsampleType::Image
                        : name == "frame" ? DownsampleType::Frame
                                          : DownsampleType::All);
    }
    if (types.size() == 1)
        types.resize(downsamples, types.front());
    return types;
}

KarrasOptions karrasOptions(const std::string& model, const json& given) {
    KeywordArguments arguments(model, given);
    KarrasOptions options;
    ModelConfig& config = options.model;
    config.compat = Compat::Reference;
    config.width = arguments.get<std::int64_t>("dim", 192);
    config.maxWidth = arguments.get<std::int64_t>("dim_max", 768);
    options.channels = arguments.count("channels", 4);
    options.classes = arguments.count("num_classes", 0);
    config.downsamples = arguments.count("num_downsamples", 3);
    const auto downsamples = static_cast<std::size_t>(config.downsamples);
    options.blocksPerStage = blocksPerStage(arguments, downsamples);
    config.attention = arguments.list<std::int64_t>("attn_res", {16, 8});
    config.fourierSize = arguments.get<std::int64_t>("fourier_dim", 16);
    config.headSize = arguments.get<std::int64_t>("attn_dim_head", 64);
    config.dropout = arguments.get("dropout", 0.1);
    config.selfCondition = arguments.get("self_condition", false);
    options.skipBalance = arguments.get("mp_cat_t", 0.5);
    options.classBalance = arguments.get("mp_add_emb_t", 0.5);
    options.attentionBalance = 1 - arguments.get("attn_res_mp_add_t", 0.3);
    arguments.ignore("resnet_mp_add_t");  // the package does not pass it on
    arguments.ignore("attn_flash");
    if (model == "KarrasUnet1D") {
        options.size = {arguments.required("seq_len")};
    } else {
        const std::int64_t side = arguments.required("image_size");
        options.size = {side, side};
    }
    if (model == "KarrasUnet3D") {
        options.size.insert(options.size.begin(), arguments.required("frames"));
        config.downsampleTypes = downsampleTypes(arguments, downsamples);
        config.factorizedAttention = arguments.get("factorize_space_time_attn", false);
    }
    arguments.refuseTheRest();
    return options;
}

}  // namespace

PackageGeneration generationOf(const std::string& reference) {
    const std::string package = "denoising-diffusion-pytorch ";
    if (!reference.starts_with(package))
        throw EngineError(fmt::format("'{}' is not the package that is known here", reference), "reference",
                          "denoising-diffusion-pytorch and its version are expected");
    return reference.starts_with(package + "1.") ? PackageGeneration::GroupNorm : PackageGeneration::RmsNorm;
}

std::variant<DdpmOptions, KarrasOptions> packageOptions(const std::string& model, const json& arguments,
                                                        PackageGeneration generation, const Shape& size) {
    static const std::set<std::string> ddpm{"Unet", "Unet1D", "classifier_free_guidance.Unet",
                                            "guided_diffusion.Unet", "repaint.Unet"};
    static const std::set<std::string> karras{"KarrasUnet", "KarrasUnet1D", "KarrasUnet3D"};
    if (ddpm.contains(model)) {
        DdpmOptions options = ddpmOptions(model, arguments, generation);
        options.size = size;
        return options;
    }
    if (!karras.contains(model))
        throw EngineError(fmt::format("'{}' is no network that is known here", model), "model",
                          fmt::format("known are {} and {}", fmt::join(ddpm, ", "), fmt::join(karras, ", ")));
    const KarrasOptions options = karrasOptions(model, arguments);
    if (options.size != size)
        throw EngineError(
            fmt::format("the network is for {}, the data are {}", toText(options.size), toText(size)), model,
            "make the two agree");
    return options;
}

}  // namespace denoscope
