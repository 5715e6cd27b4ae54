// SPDX-License-Identifier: GPL-3.0-or-later
// KarrasUnet, KarrasUnet1D and KarrasUnet3D.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/api/Error.h"
#include "engine/interchange/ArgumentFinder.h"

namespace denoscope {
namespace {

using nlohmann::json;

// What the encoders tell: how many blocks, how wide, with attention or not, by resolution.
struct Stage {
    std::int64_t blocks = 0;  // beside the block that changes the resolution
    std::int64_t width = 0;
    bool hasAttention = false;
};

struct Encoders {
    std::vector<Stage> stages;  // the first at full resolution
    std::int64_t headSize = 0;  // 0 without any attention
};

std::string attentionAt(const ArgumentFinder& finder, const std::string& block) {
    for (const char* place : {"attn.mem_kv", "attn.0.mem_kv"})
        if (finder.has(block + place))
            return block + place;
    return {};
}

Encoders encodersOf(const ArgumentFinder& finder, std::size_t rank) {
    Encoders encoders;
    encoders.stages.push_back({0, finder.shape("input_block.weight", rank + 2)[0], false});
    for (std::size_t place = 0;; ++place) {
        const std::string block = fmt::format("downs.{}.", place);
        if (!finder.has(block + "block1.1.weight"))
            break;
        if (finder.has(block + "downsample_conv.weight")) {
            const std::string attention = attentionAt(finder, block);
            encoders.stages.push_back(
                {0, finder.shape(block + "downsample_conv.weight", rank + 2)[0], !attention.empty()});
            if (!attention.empty())
                encoders.headSize = finder.shape(attention, 4)[3];
        } else {
            ++encoders.stages.back().blocks;
        }
    }
    // Blocks at full resolution never have attention, but the decoder that comes back to it has: it is
    // followed by those decoders and one more.
    std::int64_t decoders = 0;
    while (finder.has(fmt::format("ups.{}.block1.1.weight", decoders)))
        ++decoders;
    const std::int64_t back = decoders - (encoders.stages.front().blocks + 2);
    const std::string attention =
        back >= 0 ? attentionAt(finder, fmt::format("ups.{}.", back)) : std::string();
    if (!attention.empty()) {
        encoders.stages.front().hasAttention = true;
        encoders.headSize = finder.shape(attention, 4)[3];
    }
    return encoders;
}

void inferBlocks(ArgumentFinder& finder, const Encoders& encoders) {
    std::vector<std::int64_t> blocks;
    for (const Stage& stage : encoders.stages)
        blocks.push_back(stage.blocks);
    const bool same =
        std::all_of(blocks.begin(), blocks.end(), [&](auto count) { return count == blocks.front(); });
    // The package gives the first stage as many as the second when one is left out.
    if (!same && blocks[0] == blocks[1])
        blocks.erase(blocks.begin());
    finder.certain("num_downsamples", encoders.stages.size() - 1);
    finder.certain("num_blocks_per_stage", same ? json(blocks.front()) : json(blocks));
}

// Widths double up to the largest one; where they never met it, any larger one makes the same network.
void inferLargestWidth(ArgumentFinder& finder, const Encoders& encoders) {
    std::int64_t widest = 0;
    bool isMet = false;
    for (std::size_t stage = 0; stage < encoders.stages.size(); ++stage) {
        widest = std::max(widest, encoders.stages[stage].width);
        isMet = isMet || (stage > 0 && encoders.stages[stage].width != 2 * encoders.stages[stage - 1].width);
    }
    const json given = finder.answer("dim_max");
    if (!isMet && !given.is_null() && finder.positive("dim_max", given) >= widest)
        finder.model.args["dim_max"] = given;
    else
        finder.certain("dim_max", widest);
}

std::vector<std::string> downsampleTypes(ArgumentFinder& finder, std::size_t downsamples) {
    const json given =
        finder.ask("downsample_types", "What does each downsampling halve: \"image\", \"frame\" or \"all\"?",
                   json(std::vector<std::string>(downsamples, "all")));
    std::vector<std::string> types;
    for (const json& type : given.is_null()     ? json::array()
                            : given.is_string() ? json::array({given})
                                                : given) {
        if (!type.is_string() || (type != "image" && type != "frame" && type != "all"))
            throw EngineError(fmt::format("{} is no kind of downsampling", type.dump()), "downsample_types",
                              "give \"image\", \"frame\" or \"all\"");
        types.push_back(type);
    }
    if (given.is_string())
        types.resize(downsamples, types.front());
    if (!given.is_null() && types.size() != downsamples)
        throw EngineError(fmt::format("{} kinds of downsampling are given for {}", types.size(), downsamples),
                          "downsample_types", "give one for each");
    return types;
}

using AttentionAt = std::map<std::int64_t, bool, std::greater<>>;  // by resolution

// In any order, and with resolutions that never occur.
bool meansTheSame(const json& given, const AttentionAt& attention) {
    const json list = given.is_number() ? json::array({given}) : given;
    return list.is_array() && std::all_of(attention.begin(), attention.end(), [&](const auto& entry) {
               return entry.second == (std::find(list.begin(), list.end(), json(entry.first)) != list.end());
           });
}

// Attention stands at resolutions, which only the size of the input makes known.
void inferAttention(ArgumentFinder& finder, const Encoders& encoders, std::size_t rank) {
    const std::size_t downsamples = encoders.stages.size() - 1;
    const std::string argument = rank == 1 ? "seq_len" : "image_size";
    const json size =
        finder.ask(argument,
                   rank == 1 ? "Which length have the signals that the network was made for?"
                             : "Which height and width have the images that the network was made for?",
                   nullptr);
    std::vector<std::string> types(downsamples, "all");
    if (rank == 3) {
        if (const json frames =
                finder.ask("frames", "How many frames or slices was the network made for?", nullptr);
            !frames.is_null())
            finder.positive("frames", frames);
        types = downsampleTypes(finder, downsamples);
    }
    if (encoders.headSize > 0)
        finder.certain("attn_dim_head", encoders.headSize);
    else
        finder.passOn({"attn_dim_head"});
    if (size.is_null() || types.size() != downsamples)
        return finder.passOn({"attn_res"});  // looked at once the rest is known
    AttentionAt attention;
    std::int64_t resolution = finder.positive(argument, size);
    for (std::size_t stage = 0; stage <= downsamples; ++stage) {
        if (stage > 0 && types[stage - 1] != "frame")
            resolution /= 2;
        const bool isHere = encoders.stages[stage].hasAttention;
        if (attention.try_emplace(resolution, isHere).first->second != isHere)
            throw EngineError(
                fmt::format("the weights have attention in one stage of resolution {} and not in another",
                            resolution),
                "downsample_types", "check which downsamplings halve the image");
    }
    json resolutions = json::array();
    for (const auto& [value, isHere] : attention)
        if (isHere)
            resolutions.push_back(value);
    if (meansTheSame(finder.answer("attn_res"), attention))
        finder.passOn({"attn_res"});
    else
        finder.certain("attn_res", resolutions);
}

// Numbers that leave no trace in the weights.
void askForConstants(ArgumentFinder& finder, bool hasClasses, bool hasAttention) {
    finder.ask("mp_cat_t", "Which share has the skip connection where it is joined (mp_cat_t)?", 0.5);
    if (hasClasses)
        finder.ask("mp_add_emb_t", "Which share has the class in the embedding (mp_add_emb_t)?", 0.5);
    if (hasAttention)
        finder.ask("attn_res_mp_add_t", "Which share has the residual around attention (attn_res_mp_add_t)?",
                   0.3);
    finder.ask("dropout", "Which share of the activations is dropped in training?", 0.1);
    finder.passOn({"mp_add_emb_t", "attn_res_mp_add_t", "resnet_mp_add_t", "attn_flash"});
}

}  // namespace

void inferKarras(ArgumentFinder& finder) {
    const std::size_t rank = finder.shape("input_block.weight").size() - 2;
    constexpr std::array names{"KarrasUnet1D", "KarrasUnet", "KarrasUnet3D"};
    if (rank < 1 || rank > names.size())
        throw EngineError(fmt::format("has {} dimensions and is no convolution over 1 to 3", rank + 2),
                          "'input_block.weight'",
                          "choose weights of denoising-diffusion-pytorch or of Denoscope");
    finder.model.model = names[rank - 1];
    const Encoders encoders = encodersOf(finder, rank);
    if (encoders.stages.size() < 2)
        throw EngineError("the weights have no downsampling", "'downs'", "choose weights of a KarrasUnet");

    // The input block sees a channel of ones beside the image and, with self-condition, the image twice.
    const std::int64_t channels = finder.shape("output_block.0.weight", rank + 2)[0];
    const std::int64_t inputs = finder.shape("input_block.weight", rank + 2)[1] - 1;
    if (inputs != channels && inputs != 2 * channels)
        throw EngineError(fmt::format("takes {} channels where the network gives {}", inputs, channels),
                          "'input_block.weight'", "choose weights of a KarrasUnet");
    finder.certain("dim", encoders.stages.front().width);
    finder.certain("channels", channels);
    finder.certain("self_condition", inputs == 2 * channels);
    finder.certain("fourier_dim", finder.shape("to_time_emb.1.weight", 2)[1]);
    inferLargestWidth(finder, encoders);
    inferBlocks(finder, encoders);

    const bool hasClasses = finder.has("to_class_emb.weight");
    if (hasClasses)
        finder.certain("num_classes", finder.shape("to_class_emb.weight", 2)[1]);
    if (rank == 3)
        finder.certain("factorize_space_time_attn", finder.hasAnyEndingIn(".attn.0.mem_kv"));
    inferAttention(finder, encoders, rank);
    askForConstants(finder, hasClasses, encoders.headSize > 0);
}

}  // namespace denoscope
