// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/KarrasUNet.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <optional>

#include "engine/core/Compute.h"
#include "engine/nets/KarrasBlocks.h"
#include "engine/nets/Ops.h"
#include "engine/nets/Recompute.h"

namespace denoscope {
namespace {

std::vector<KarrasBlock> makeBlocks(Parameters& parameters, const KarrasPlan& plan, const char* prefix,
                                    const std::vector<BlockPlan>& blocks, KarrasBlock::Side side) {
    std::vector<KarrasBlock> result;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        result.emplace_back(parameters, fmt::format("{}.{}", prefix, i), plan, blocks[i], side);
    return result;
}

Shape convolutionShape(const KarrasPlan& plan, std::int64_t out, std::int64_t in) {
    Shape shape{out, in};
    shape.resize(2 + plan.options.size.size(), 3);
    return shape;
}

std::int64_t inputChannels(const KarrasPlan& plan) {
    return plan.options.channels * (plan.options.model.selfCondition ? 2 : 1);
}

// Fused kernels choose their types themselves: activations in the scope's precision, the embedding in
// float32.
class NoAutocast {
public:
    NoAutocast() {
        if (fusedKernels())
            m_guard.emplace(c10::autocast_dispatch_keyset);
    }

private:
    std::optional<c10::impl::ExcludeDispatchKeyGuard> m_guard;
};

// A channel of ones before the others stands in for the missing biases.
at::Tensor withOnes(const at::Tensor& x) {
    return at::cat({at::ones_like(x.narrow(1, 0, 1)), x}, 1);
}

}  // namespace

struct KarrasUNet::Layers {
    KarrasPlan plan;
    Parameters parameters;
    MpWeight input, output, toTime, toClass;
    at::Tensor outputGain, frequencies;
    std::vector<KarrasBlock> downs, mids, ups;

    Layers(const KarrasPlan& karrasPlan, std::uint64_t seed) : plan(karrasPlan), parameters(seed) {
        const KarrasOptions& options = plan.options;
        const std::int64_t width = options.model.width;
        const Compat compat = options.model.compat;
        const Shape inputShape = convolutionShape(plan, width, inputChannels(plan) + 1);
        // The reference package leaves the channel of ones out of the fan-in.
        const std::int64_t perChannel = elementCount(inputShape) / (inputShape[0] * inputShape[1]);
        const std::int64_t fanIn = (compat == Compat::Paper ? inputShape[1] : inputShape[1] - 1) * perChannel;
        input = MpWeight(parameters, "input_block.weight", inputShape, compat, fanIn);
        frequencies = parameters.constantNormal("to_time_emb.0.weights", {options.model.fourierSize / 2});
        toTime =
            MpWeight(parameters, "to_time_emb.1.weight", {plan.embedding, options.model.fourierSize}, compat);
        if (options.classes > 0)
            toClass = MpWeight(parameters, "to_class_emb.weight", {plan.embedding, options.classes}, compat);
        downs = makeBlocks(parameters, plan, "downs", plan.downs, KarrasBlock::Side::Encoder);
        mids = makeBlocks(parameters, plan, "mids", plan.mids, KarrasBlock::Side::Decoder);
        ups = makeBlocks(parameters, plan, "ups", plan.ups, KarrasBlock::Side::Decoder);
        output = MpWeight(parameters, "output_block.0.weight",
                          convolutionShape(plan, options.channels, width), compat);
        outputGain = parameters.zeroScalar("output_block.1.gain");
    }

    at::Tensor embed(const Inputs& inputs) const {
        const at::Tensor angles =
            inputs.time.unsqueeze(1) * frequencies.unsqueeze(0) * (2 * std::numbers::pi);
        at::Tensor embedding = toTime.apply(at::cat({angles.sin(), angles.cos()}, 1) * std::numbers::sqrt2);
        if (toClass.exists() && inputs.classes.defined()) {
            const double root = std::sqrt(static_cast<double>(plan.options.classes));
            embedding =
                ops::mpSum(embedding, toClass.apply(inputs.classes * root), plan.options.classBalance);
        }
        return ops::mpSilu(embedding);
    }
};

KarrasUNet::KarrasUNet(const KarrasPlan& plan, std::uint64_t seed)
    : m_layers(std::make_unique<Layers>(plan, seed)) {}
KarrasUNet::~KarrasUNet() = default;
KarrasUNet::KarrasUNet(KarrasUNet&&) noexcept = default;
KarrasUNet& KarrasUNet::operator=(KarrasUNet&&) noexcept = default;

const KarrasPlan& KarrasUNet::plan() const {
    return m_layers->plan;
}
const std::vector<Parameter>& KarrasUNet::parameters() const {
    return m_layers->parameters.all();
}

int KarrasUNet::classes() const {
    return plan().options.classes;
}
bool KarrasUNet::conditionsOnItself() const {
    return plan().options.model.selfCondition;
}

void KarrasUNet::normalizeWeights() {
    const at::NoGradGuard noGrad;
    for (const Parameter& parameter : parameters())
        if (parameter.normalized)
            ops::normalizeInPlace(parameter.value, plan().options.model.compat);
}

at::Tensor KarrasUNet::forward(const Inputs& inputs, bool training) {
    const Layers& layers = *m_layers;
    const NoAutocast noAutocast;
    const at::Tensor embedding = layers.embed(inputs);

    at::Tensor x = inputs.x;
    if (layers.plan.options.model.selfCondition)
        x = at::cat({inputs.selfCondition.defined() ? inputs.selfCondition : at::zeros_like(x), x}, 1);
    x = withOnes(x);
    if (fusedKernels() && computePrecision() == Precision::BFloat16)
        x = x.to(at::kBFloat16);
    x = layers.input.convolve(x);

    const auto through = [&](const KarrasBlock& block, const at::Tensor& skip) {
        const double balance = layers.plan.options.skipBalance;
        const NetworkPiece piece = [&block, balance, training](const at::Tensor& input,
                                                               const at::Tensor& other,
                                                               const at::Tensor& condition) {
            const NoAutocast stillNone;  // recomputed when this forward is long over
            return block.forward(other.defined() ? ops::mpCat(input, other, balance) : input, condition,
                                 training);
        };
        return throughPiece(piece, x, skip, embedding);
    };
    std::vector<at::Tensor> skips{x};
    for (const KarrasBlock& block : layers.downs)
        skips.push_back(x = through(block, {}));
    for (const KarrasBlock& block : layers.mids)
        x = through(block, {});
    for (const KarrasBlock& block : layers.ups) {
        at::Tensor skip;
        if (block.takesSkip()) {
            skip = std::move(skips.back());
            skips.pop_back();
        }
        x = through(block, skip);
    }
    return layers.output.convolve(x) * layers.outputGain;
}

}  // namespace denoscope
