// SPDX-License-Identifier: GPL-3.0-or-later
// The classic networks, of both generations: Unet, Unet1D, classifier_free_guidance.Unet,
// guided_diffusion.Unet.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "engine/api/Error.h"
#include "engine/interchange/ArgumentFinder.h"

namespace denoscope {
namespace {

using nlohmann::json;

struct Widths {
    std::vector<std::int64_t> all;  // at the entry of each stage and, last, in the middle
    std::size_t stages() const { return all.size() - 1; }
};

Widths widthsOf(const ArgumentFinder& finder, std::size_t rank) {
    Widths widths;
    for (std::size_t stage = 0; finder.has(fmt::format("downs.{}.0.block1.proj.weight", stage)); ++stage)
        widths.all.push_back(finder.shape(fmt::format("downs.{}.0.block1.proj.weight", stage), rank + 2)[1]);
    widths.all.push_back(finder.shape("mid_block1.block1.proj.weight", rank + 2)[1]);
    return widths;
}

void inferWidths(ArgumentFinder& finder, std::size_t rank, const Widths& widths) {
    const std::int64_t dim = finder.shape("time_mlp.3.weight", 2)[0] / 4;
    const std::int64_t initDim = finder.shape("init_conv.weight", rank + 2)[0];
    finder.certain("dim", dim);
    if (initDim != dim)
        finder.certain("init_dim", initDim);
    else
        finder.settledElsewhere("init_dim", initDim);
    json multiples = json::array();
    for (std::size_t stage = 0; stage < widths.stages(); ++stage) {
        const std::int64_t width = widths.all[stage + 1];
        if (dim == 0 || width % dim != 0)
            throw EngineError(
                fmt::format("the width {} of stage {} is no multiple of {}", width, stage + 1, dim),
                "time_mlp.3.weight", "choose weights of denoising-diffusion-pytorch");
        multiples.push_back(width / dim);
    }
    finder.certain("dim_mults", multiples);
}

// Channels, self-condition and learned variance, of which the first and last layer tell two numbers.
void inferChannels(ArgumentFinder& finder, std::size_t rank, bool canSelfCondition) {
    struct Candidate {
        std::int64_t channels;
        bool selfCondition, learnedVariance;
    };
    const std::int64_t in = finder.shape("init_conv.weight", rank + 2)[1];
    const std::int64_t out = finder.shape("final_conv.weight", rank + 2)[0];
    const json channels = finder.answer("channels"), self = finder.answer("self_condition"),
               learned = finder.answer("learned_variance");
    const auto agrees = [](const json& answer, const json& value) {
        return answer.is_null() || answer == value;
    };
    std::vector<Candidate> all, agreeing;
    for (const bool selfCondition : {false, true})
        for (const bool learnedVariance : {false, true}) {
            const std::int64_t count = selfCondition ? in / 2 : in;
            if ((selfCondition && (in % 2 != 0 || !canSelfCondition)) ||
                out != count * (learnedVariance ? 2 : 1))
                continue;
            all.push_back({count, selfCondition, learnedVariance});
            if (agrees(channels, count) && agrees(self, selfCondition) && agrees(learned, learnedVariance))
                agreeing.push_back(all.back());
        }
    if (all.empty()) {  // the number of outputs was given
        finder.certain("out_dim", out);
        finder.certain("learned_variance", false);
        const json answered =
            in % 2 == 0 && canSelfCondition
                ? finder.ask("self_condition", "Is half of the input the network's own last estimate?", false)
                : json(false);
        if (!answered.is_null())
            finder.certain("channels", answered == true ? in / 2 : in);
        return;
    }
    finder.settledElsewhere("out_dim", out);
    if (agreeing.size() > 1) {
        finder.ask("self_condition",
                   fmt::format(
                       "The network has {} inputs and {} outputs. Has it {} channels with self-condition and "
                       "learned variance (and not {} channels)?",
                       in, out, in / 2, in),
                   false);
        return;
    }
    const Candidate& found = agreeing.empty() ? all.front() : agreeing.front();
    finder.certain("channels", found.channels);
    finder.certain("learned_variance", found.learnedVariance);
    if (canSelfCondition)
        finder.certain("self_condition", found.selfCondition);
}

void inferTime(ArgumentFinder& finder, bool hasTheta) {
    if (!finder.has("time_mlp.0.weights")) {
        if (hasTheta)
            finder.ask("sinusoidal_pos_emb_theta", "Which base has the sinusoidal time embedding?", 10000);
        finder.certain("learned_sinusoidal_cond", false);
        finder.certain("random_fourier_features", false);
        return;
    }
    finder.certain("learned_sinusoidal_dim", 2 * finder.shape("time_mlp.0.weights", 1)[0]);
    const json learned = finder.answer("learned_sinusoidal_cond");
    if (learned == false) {  // then only random ones explain that they are there
        finder.certain("random_fourier_features", true);
        return finder.certain("learned_sinusoidal_cond", false);
    }
    const json random =
        finder.ask("random_fourier_features",
                   "Are the frequencies of the time embedding random and fixed (and not trained)?", false);
    if (random != true ||
        !learned.is_null())  // random ones are fixed even when learned ones are asked for as well
        finder.certain("learned_sinusoidal_cond", true);
}

// Heads and head sizes where only their products are known.
struct HeadProducts {
    std::vector<std::int64_t> products;
    bool isPerStage = false;
};

std::int64_t atStage(const json& value, std::size_t stage) {
    return (value.is_array() ? value.at(stage) : value).get<std::int64_t>();
}

// An integer, or where the class takes one per stage a list of them.
void checkAnswer(const ArgumentFinder& finder, const std::string& argument, const json& answer,
                 const HeadProducts& heads) {
    if (!answer.is_array()) {
        finder.positive(argument, answer);
        return;
    }
    if (!heads.isPerStage || answer.size() != heads.products.size())
        throw EngineError(fmt::format("{} is a list of {} values", argument, answer.size()), argument,
                          heads.isPerStage ? fmt::format("give one value or {}", heads.products.size())
                                           : std::string("give one value"));
    for (const json& value : answer)
        finder.positive(argument, value);
}

json collapsed(const std::vector<std::int64_t>& values) {
    const bool same =
        std::all_of(values.begin(), values.end(), [&](auto value) { return value == values.front(); });
    return same ? json(values.front()) : json(values);
}

void inferHeadsFromProducts(ArgumentFinder& finder, const HeadProducts& heads) {
    constexpr std::int64_t usual = 4;
    json given = finder.answer("attn_heads");
    const json givenSize = finder.answer("attn_dim_head");
    const bool isBySize = given.is_null() && !givenSize.is_null();
    if (isBySize)
        given = givenSize;
    if (given.is_null()) {
        const bool divides = std::all_of(heads.products.begin(), heads.products.end(),
                                         [](std::int64_t product) { return product % usual == 0; });
        finder.ask("attn_heads",
                   fmt::format("How many heads has the attention? Heads x head size is {}.",
                               collapsed(heads.products).dump()),
                   divides ? usual : 1);
        return;
    }
    checkAnswer(finder, isBySize ? "attn_dim_head" : "attn_heads", given, heads);
    std::vector<std::int64_t> others;
    for (std::size_t stage = 0; stage < heads.products.size(); ++stage) {
        if (heads.products[stage] % atStage(given, stage) != 0)
            finder.contradict(isBySize ? "attn_dim_head" : "attn_heads",
                              "a divisor of " + std::to_string(heads.products[stage]));
        others.push_back(heads.products[stage] / atStage(given, stage));
    }
    finder.certain(isBySize ? "attn_dim_head" : "attn_heads", given);
    finder.certain(isBySize ? "attn_heads" : "attn_dim_head", collapsed(others));
}

// Of queries, keys and values, which one layer gives together.
std::int64_t headProduct(const ArgumentFinder& finder, const std::string& layer, std::size_t rank) {
    const std::int64_t outputs = finder.shape(layer, rank + 2)[0];
    if (outputs % 3 != 0)
        throw EngineError(fmt::format("gives {} values, which are no queries, keys and values", outputs),
                          layer, "choose weights of denoising-diffusion-pytorch or of Denoscope");
    return outputs / 3;
}

// Unet's stages each have an attention of their own, linear or full.
void inferStageAttention(ArgumentFinder& finder, std::size_t rank, std::size_t stages) {
    HeadProducts heads{{}, true};
    std::vector<std::int64_t> counts, sizes;
    json full = json::array();
    for (std::size_t stage = 0; stage < stages; ++stage) {
        const std::string attention = fmt::format("downs.{}.2.", stage);
        const bool isFull = finder.has(attention + "to_out.weight");
        full.push_back(isFull);
        heads.products.push_back(headProduct(finder, attention + "to_qkv.weight", rank));
        if (finder.model
                .hasMemoryKeyValues) {  // (2, heads, keys, size), for linear attention (2, heads, size, keys)
            const Shape& memory = finder.shape(attention + "mem_kv", 4);
            counts.push_back(memory[1]);
            sizes.push_back(memory[isFull ? 3 : 2]);
        }
    }
    finder.certain("full_attn", full);
    if (counts.empty()) {
        inferHeadsFromProducts(finder, heads);
        return;
    }
    finder.certain("attn_heads", collapsed(counts));
    finder.certain("attn_dim_head", collapsed(sizes));
}

void inferNorm(ArgumentFinder& finder, const Widths& widths) {
    finder.model.hasGroupNorm = finder.has("mid_block1.block1.norm.weight");
    if (!finder.model.hasGroupNorm)
        return;
    constexpr std::int64_t usual = 8;
    const std::int64_t common = std::accumulate(widths.all.begin(), widths.all.end(), std::int64_t{0},
                                                std::gcd<std::int64_t, std::int64_t>);
    const json groups = finder.ask("resnet_block_groups",
                                   fmt::format("How many groups has the group norm? They divide {}.", common),
                                   std::gcd(common, usual));
    if (!groups.is_null() && common % finder.positive("resnet_block_groups", groups) != 0)
        finder.contradict("resnet_block_groups", fmt::format("a divisor of {}", common));
}

// The classes differ in how attention is wrapped and in what can be chosen.
enum class Kind { Plain, Signal, ClassGuided, ClassifierGuided };

Kind kindOf(const ArgumentFinder& finder, std::size_t rank) {
    return finder.has("classes_emb.weight")              ? Kind::ClassGuided
           : !finder.has("mid_attn.fn.fn.to_qkv.weight") ? Kind::Plain
           : rank == 1                                   ? Kind::Signal
                                                         : Kind::ClassifierGuided;
}

void inferAttention(ArgumentFinder& finder, Kind kind, std::size_t rank, std::size_t stages) {
    // Wrapped attention has 4 heads of 32 on the way down and up, whatever the arguments say, and the
    // classifier-guided network in the middle too.
    if (kind == Kind::Plain)
        inferStageAttention(finder, rank, stages);
    else if (kind != Kind::ClassifierGuided)
        inferHeadsFromProducts(finder, {{headProduct(finder, "mid_attn.fn.fn.to_qkv.weight", rank)}, false});
}

}  // namespace

void inferUnet(ArgumentFinder& finder) {
    const std::size_t rank = finder.shape("init_conv.weight").size() - 2;
    constexpr std::array names{"Unet1D", "Unet", "Unet3D"};
    if (rank < 1 || rank > names.size())
        throw EngineError(fmt::format("has {} dimensions and is no convolution over 1 to 3", rank + 2),
                          "'init_conv.weight'",
                          "choose weights of denoising-diffusion-pytorch or of Denoscope");
    const Kind kind = kindOf(finder, rank);
    finder.model.model = kind == Kind::ClassGuided        ? "classifier_free_guidance.Unet"
                         : kind == Kind::ClassifierGuided ? "guided_diffusion.Unet"
                                                          : names[rank - 1];
    finder.model.hasMemoryKeyValues = finder.has("mid_attn.mem_kv");

    const Widths widths = widthsOf(finder, rank);
    if (widths.stages() == 0)
        throw EngineError("the weights lack a tensor of this network", "'downs.0.0.block1.proj.weight'",
                          "choose weights of denoising-diffusion-pytorch");
    const bool isGuided = kind == Kind::ClassGuided || kind == Kind::ClassifierGuided;
    inferWidths(finder, rank, widths);
    inferChannels(finder, rank, kind != Kind::ClassGuided);
    inferTime(finder, !isGuided);
    inferNorm(finder, widths);
    inferAttention(finder, kind, rank, widths.stages());
    if (kind == Kind::ClassGuided) {
        finder.certain("num_classes", finder.shape("classes_emb.weight", 2)[0]);
        finder.ask("cond_drop_prob", "With which probability is the class dropped in training?", 0.5);
    }
    if (!isGuided && !finder.model.hasGroupNorm)
        finder.ask("dropout", "Which share of the activations is dropped in training?", 0.0);
    if (kind == Kind::Plain)
        finder.passOn({"flash_attn"});
}

}  // namespace denoscope
