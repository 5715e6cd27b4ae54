// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/DdpmUNet.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <optional>

#include "engine/nets/DdpmBlocks.h"
#include "engine/nets/Ops.h"
#include "engine/nets/Recompute.h"

namespace denoscope {
namespace {

enum class Way { Down, Up };

struct StageLayers {
    DdpmStage plan;
    DdpmBlock first, second;
    DdpmAttentionLayer attention;
    AffineMap lead;  // to the next stage
};

// Where something without weights resamples before the convolution, the package numbers the two.
bool resamplesFirst(const DdpmPlan& plan, const DdpmStage& stage, Way way) {
    return stage.resamples && (way == Way::Up || plan.options.downsampling == DdpmDownsampling::SpaceToDepth);
}

Shape leadShape(const DdpmPlan& plan, const DdpmStage& stage, Way way) {
    if (way == Way::Up || !stage.resamples)
        return kernelShape(plan, stage.out, stage.width, 3);
    if (plan.options.downsampling == DdpmDownsampling::SpaceToDepth)
        return kernelShape(plan, stage.out, stage.width * elementCount(stage.factors), 1);
    Shape shape{stage.out, stage.width};
    for (const std::int64_t factor : stage.factors)
        shape.push_back(factor + 2);  // 4 wide where it halves, else 3
    return shape;
}

StageLayers makeStage(Parameters& parameters, const std::string& name, const DdpmPlan& plan,
                      const DdpmStage& stage, Way way) {
    // In braces: made in this order.
    return {
        stage,
        {parameters, name + ".0", plan, stage.in, stage.width},
        {parameters, name + ".1", plan, stage.in, stage.width},
        {parameters, name + ".2", plan, stage},
        {parameters, name + (resamplesFirst(plan, stage, way) ? ".3.1" : ".3"), leadShape(plan, stage, way)}};
}

std::vector<StageLayers> makeStages(Parameters& parameters, const char* prefix, const DdpmPlan& plan,
                                    const std::vector<DdpmStage>& stages, Way way) {
    std::vector<StageLayers> result;
    for (std::size_t i = 0; i < stages.size(); ++i)
        result.push_back(makeStage(parameters, fmt::format("{}.{}", prefix, i), plan, stages[i], way));
    return result;
}

// sin and cos of time at geometrically falling frequencies (Vaswani et al. 2017, section 3.5).
at::Tensor sinusoidal(const at::Tensor& time, std::int64_t width, double period) {
    const std::int64_t half = width / 2;
    const double step = std::log(period) / static_cast<double>(half - 1);
    const at::Tensor frequencies = (at::arange(half, time.options()) * -step).exp();
    const at::Tensor angles = time.unsqueeze(1) * frequencies.unsqueeze(0);
    return at::cat({angles.sin(), angles.cos()}, 1);
}

// Time itself beside its Fourier features.
at::Tensor fourier(const at::Tensor& time, const at::Tensor& frequencies) {
    const at::Tensor column = time.unsqueeze(1);
    const at::Tensor angles = column * frequencies.unsqueeze(0) * (2 * std::numbers::pi);
    return at::cat({column, angles.sin(), angles.cos()}, 1);
}

// The way of x through the network, in pieces that may be computed again for the gradients. What the pieces
// refer to belongs to the network.
struct Passage {
    at::Tensor x, condition;
    bool training;

    void block(const DdpmBlock& of, const at::Tensor& skip = {}) {
        const auto piece = [&of, training = training](const at::Tensor& input, const at::Tensor& other,
                                                      const at::Tensor& about) {
            return of.forward(other.defined() ? at::cat({input, other}, 1) : input, about, training);
        };
        x = throughPiece(piece, x, skip, condition);
    }
    void attention(const DdpmAttentionLayer& of) {
        layer([&of](const at::Tensor& input) { return of.forward(input); });
    }
    template <class F>
    void layer(const F& f) {
        const auto piece = [f](const at::Tensor& input, const at::Tensor&, const at::Tensor&) {
            return f(input);
        };
        x = throughPiece(piece, x, {}, condition);
    }
};

}  // namespace

struct DdpmUNet::Layers {
    DdpmPlan plan;
    Parameters parameters;
    at::Tensor noClass, frequencies, classTable;
    AffineMap input, toTime, timeOut, toClass, classOut, output;
    std::vector<StageLayers> downs, ups;
    std::optional<DdpmBlock> middleFirst, middleSecond, last;  // always there once made
    std::optional<DdpmAttentionLayer> middleAttention;

    Layers(const DdpmPlan& ddpmPlan, std::uint64_t seed) : plan(ddpmPlan), parameters(seed) {
        const DdpmOptions& options = plan.options;
        if (options.classes > 0)
            noClass = parameters.normal("null_classes_emb", {options.width}, false);
        const std::int64_t inputs = options.channels * (options.selfCondition ? 2 : 1);
        input = AffineMap(parameters, "init_conv", kernelShape(plan, options.firstWidth, inputs, 7));
        makeConditioning(options);
        downs = makeStages(parameters, "downs", plan, plan.downs, Way::Down);
        ups = makeStages(parameters, "ups", plan, plan.ups, Way::Up);
        const std::int64_t width = plan.middle.width, first = options.firstWidth;
        middleFirst.emplace(parameters, "mid_block1", plan, width, width);
        middleAttention.emplace(parameters, "mid_attn", plan, plan.middle);
        middleSecond.emplace(parameters, "mid_block2", plan, width, width);
        last.emplace(parameters, "final_res_block", plan, first * 2, first);
        output = AffineMap(parameters, "final_conv", kernelShape(plan, options.outputs, first, 1));
    }

    void makeConditioning(const DdpmOptions& options) {
        std::int64_t features = options.width;
        if (options.time != DdpmTime::Sinusoidal) {
            features = options.fourierSize + 1;
            const Shape half{options.fourierSize / 2};
            frequencies = options.time == DdpmTime::RandomFourier
                              ? parameters.constantNormal("time_mlp.0.weights", half)
                              : parameters.normal("time_mlp.0.weights", half, false);
        }
        toTime = AffineMap(parameters, "time_mlp.1", {plan.embedding, features});
        timeOut = AffineMap(parameters, "time_mlp.3", {plan.embedding, plan.embedding});
        if (options.classes == 0)
            return;
        classTable = parameters.normal("classes_emb.weight", {options.classes, options.width}, false);
        toClass = AffineMap(parameters, "classes_mlp.0", {plan.embedding, options.width});
        classOut = AffineMap(parameters, "classes_mlp.2", {plan.embedding, plan.embedding});
    }

    at::Tensor embedTime(const at::Tensor& time) const {
        const DdpmOptions& options = plan.options;
        const at::Tensor features = frequencies.defined()
                                        ? fourier(time, frequencies)
                                        : sinusoidal(time, options.width, options.timePeriod);
        return timeOut.apply(at::gelu(toTime.apply(features)));
    }

    at::Tensor embedClass(const Inputs& inputs) const {
        at::Tensor rows = noClass.unsqueeze(0).expand({inputs.x.size(0), -1});
        if (inputs.classes.defined())
            rows = at::matmul(inputs.classes, classTable) + (1 - inputs.classes.sum(1, true)) * noClass;
        return classOut.apply(at::gelu(toClass.apply(rows)));
    }

    // (B, condition width): what every block begins with applied once.
    at::Tensor condition(const Inputs& inputs) const {
        const at::Tensor time = embedTime(inputs.time);
        return at::silu(classTable.defined() ? at::cat({time, embedClass(inputs)}, 1) : time);
    }

    at::Tensor leadDown(const StageLayers& stage, const at::Tensor& x) const {
        if (!stage.plan.resamples)
            return stage.lead.convolve(x);
        if (plan.options.downsampling == DdpmDownsampling::Strided)
            return stage.lead.convolve(x, stage.plan.factors);
        return stage.lead.convolve(ops::spaceToDepth(x, stage.plan.factors));
    }

    at::Tensor leadUp(const StageLayers& stage, const at::Tensor& x) const {
        if (!stage.plan.resamples)
            return stage.lead.convolve(x);
        // Compat::Paper: values are repeated.
        return stage.lead.convolve(ops::upsample(x, stage.plan.factors, Compat::Paper));
    }
};

DdpmUNet::DdpmUNet(const DdpmPlan& plan, std::uint64_t seed)
    : m_layers(std::make_unique<Layers>(plan, seed)) {}
DdpmUNet::~DdpmUNet() = default;
DdpmUNet::DdpmUNet(DdpmUNet&&) noexcept = default;
DdpmUNet& DdpmUNet::operator=(DdpmUNet&&) noexcept = default;

const DdpmPlan& DdpmUNet::plan() const {
    return m_layers->plan;
}
const std::vector<Parameter>& DdpmUNet::parameters() const {
    return m_layers->parameters.all();
}

int DdpmUNet::classes() const {
    return plan().options.classes;
}
bool DdpmUNet::conditionsOnItself() const {
    return plan().options.selfCondition;
}

at::Tensor DdpmUNet::forward(const Inputs& inputs, bool training) {
    const Layers& layers = *m_layers;
    at::Tensor x = inputs.x;
    if (layers.plan.options.selfCondition)
        x = at::cat({inputs.selfCondition.defined() ? inputs.selfCondition : at::zeros_like(x), x}, 1);
    const at::Tensor start = layers.input.convolve(x);
    Passage passage{start, layers.condition(inputs), training};

    std::vector<at::Tensor> skips;
    for (const StageLayers& stage : layers.downs) {
        passage.block(stage.first);
        skips.push_back(passage.x);
        passage.block(stage.second);
        passage.attention(stage.attention);
        skips.push_back(passage.x);
        passage.layer([&](const at::Tensor& input) { return layers.leadDown(stage, input); });
    }
    passage.block(*layers.middleFirst);
    passage.attention(*layers.middleAttention);
    passage.block(*layers.middleSecond);

    const auto taken = [&] {
        at::Tensor skip = std::move(skips.back());
        skips.pop_back();
        return skip;
    };
    for (const StageLayers& stage : layers.ups) {
        passage.block(stage.first, taken());
        passage.block(stage.second, taken());
        passage.attention(stage.attention);
        passage.layer([&](const at::Tensor& input) { return layers.leadUp(stage, input); });
    }
    passage.block(*layers.last, start);
    return layers.output.convolve(passage.x);
}

}  // namespace denoscope
