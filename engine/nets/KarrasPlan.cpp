// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/KarrasPlan.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

// The extent that `model.attention` lists: the length of a signal, the height of an image or slice.
std::int64_t attendedExtent(const Shape& size) {
    return size.size() == 3 ? size[1] : size[0];
}

Shape downsampleFactors(const KarrasOptions& options, std::size_t stage) {
    if (options.rank() < 3)
        return Shape(options.size.size(), 2);
    const auto& types = options.model.downsampleTypes;
    const DownsampleType type = types.empty() ? DownsampleType::All : types[stage];
    const std::int64_t slices = type == DownsampleType::Image ? 1 : 2;
    const std::int64_t plane = type == DownsampleType::Frame ? 1 : 2;
    return {slices, plane, plane};
}

Shape divided(const Shape& size, const Shape& factors) {
    Shape result = size;
    for (std::size_t axis = 0; axis < size.size(); ++axis) {
        if (size[axis] % factors[axis] != 0 || size[axis] < factors[axis])
            throw EngineError(fmt::format("{} cannot be halved once more", size[axis]), "data.size",
                              "choose a size that the down-samplings divide, or fewer model.downsamples");
        result[axis] = size[axis] / factors[axis];
    }
    return result;
}

// Lays out one attention. The reference package keeps the head size and rounds the number of heads up (at
// least two), so that heads times size need not equal the width; the paper divides the width evenly.
void planAttention(BlockPlan& block, const KarrasOptions& options) {
    const ModelConfig& model = options.model;
    const bool attends =
        std::ranges::find(model.attention, attendedExtent(block.size)) != model.attention.end();
    if (!attends)
        return;
    if (model.compat == Compat::Reference) {
        block.heads = std::max<std::int64_t>((block.out + model.headSize - 1) / model.headSize, 2);
        block.headSize = model.headSize;
    } else {
        block.heads = std::max<std::int64_t>(block.out / model.headSize, 1);
        while (block.out % block.heads != 0)
            --block.heads;
        block.headSize = block.out / block.heads;
    }
    const bool factorize =
        options.rank() == 3 && model.factorizedAttention &&
        (model.compat == Compat::Paper || block.resamples);  // the package: transitions only
    block.attention = factorize ? AttentionKind::Factorized : AttentionKind::Full;
}

class Planner {
public:
    explicit Planner(KarrasPlan& plan) : m_plan(plan), m_options(plan.options) {}

    BlockPlan block(std::int64_t in, std::int64_t out, const Shape& size, const Shape& factors = {}) const {
        BlockPlan block{in, out, factors, !factors.empty(), size, AttentionKind::None, 0, 0};
        if (factors.empty())
            block.factors = Shape(size.size(), 1);
        planAttention(block, m_options);
        return block;
    }

    // The first stage never attends in the reference package, whatever its resolution.
    BlockPlan firstStageBlock(std::int64_t in, std::int64_t out, const Shape& size) const {
        BlockPlan plain = block(in, out, size);
        if (m_options.model.compat == Compat::Reference)
            plain.attention = AttentionKind::None;
        return plain;
    }

    void run() {
        const ModelConfig& model = m_options.model;
        Shape size = m_options.size;
        std::int64_t width = model.width;
        std::vector<BlockPlan> ups;  // collected innermost last, reversed at the end
        ups.push_back(firstStageBlock(width * 2, width, size));
        for (std::int64_t i = 0; i < m_options.blocksPerStage[0]; ++i) {
            m_plan.downs.push_back(firstStageBlock(width, width, size));
            ups.push_back(firstStageBlock(width * 2, width, size));
        }
        for (std::size_t stage = 0; stage < static_cast<std::size_t>(model.downsamples); ++stage) {
            const std::int64_t out = std::min(model.maxWidth, width * 2);
            const Shape factors = downsampleFactors(m_options, stage);
            const Shape half = divided(size, factors);
            m_plan.downs.push_back(block(width, out, half, factors));
            ups.push_back(block(out, width, size, factors));
            ups.push_back(block(out * 2, out, half));
            for (std::int64_t i = 0; i < m_options.blocksPerStage[stage + 1]; ++i) {
                m_plan.downs.push_back(block(out, out, half));
                ups.push_back(block(out * 2, out, half));
            }
            width = out;
            size = half;
        }
        m_plan.mids = {block(width, width, size), block(width, width, size)};
        m_plan.ups.assign(ups.rbegin(), ups.rend());
    }

private:
    KarrasPlan& m_plan;
    const KarrasOptions& m_options;
};

// What the planning below divides by or counts with.
void checkModel(const ModelConfig& model) {
    for (const auto& [key, value, least] : {std::tuple{"model.width", model.width, 1},
                                            {"model.max_width", model.maxWidth, 1},
                                            {"model.head_size", model.headSize, 1},
                                            {"model.fourier_size", model.fourierSize, 2},
                                            {"model.memory_tokens", model.memoryTokens, 0},
                                            {"model.downsamples", model.downsamples, 0}})
        if (value < least)
            throw EngineError(fmt::format("{} is too small", value), key,
                              fmt::format("use {} or more", least));
}

}  // namespace

KarrasPlan makeKarrasPlan(const KarrasOptions& options) {
    checkModel(options.model);
    KarrasPlan plan;
    plan.options = options;
    auto& blocks = plan.options.blocksPerStage;
    const auto downsamples = static_cast<std::size_t>(options.model.downsamples);
    if (blocks.empty())
        blocks.assign(downsamples + 1, options.model.blocksPerStage);
    if (options.size.empty() || options.size.size() > 3)
        throw EngineError("the network needs 1, 2 or 3 spatial extents", "data.size", "give L, H W or D H W");
    if (blocks.size() != downsamples + 1 || std::ranges::any_of(blocks, [](auto n) { return n < 1; }))
        throw EngineError("every stage needs at least one block", "model.blocks_per_stage", "");
    const auto& types = options.model.downsampleTypes;
    if (options.rank() == 3 && !types.empty() && types.size() != downsamples)
        throw EngineError(fmt::format("{} types for {} down-samplings", types.size(), downsamples),
                          "model.downsample_types", "give one per down-sampling, or none for 'all'");
    plan.embedding = options.model.width * 4;
    Planner(plan).run();
    return plan;
}

}  // namespace denoscope
