// SPDX-License-Identifier: GPL-3.0-or-later
// What a DdpmUNet costs: one walk through its layers counts weights, work and memory together.
#include <algorithm>

#include "engine/nets/DdpmPlan.h"

namespace denoscope {
namespace {

class Counter {
public:
    explicit Counter(const DdpmPlan& plan, const TrainingConfig& training = {})
        : m_plan(plan),
          m_options(plan.options),
          m_recompute(training.recompute),
          m_half(training.precision == Precision::BFloat16) {
        conditioning();
        convolution(m_options.channels * (m_options.selfCondition ? 2 : 1), m_options.firstWidth, kernel(7),
                    m_options.size);
        for (const DdpmStage& stage : plan.downs) {
            insideOf(stage);
            piece(stage.width, stage.size, [&] { return leadDown(stage); });
        }
        for (const DdpmStage& stage : plan.ups) {
            insideOf(stage);
            piece(stage.width, stage.size, [&] { return leadUp(stage); });
        }
        insideOf(plan.middle);
        const std::int64_t first = m_options.firstWidth;
        piece(first, m_options.size, [&] { return block(first * 2, first, m_options.size); });
        convolution(first, m_options.outputs, 1, m_options.size);
    }

    std::int64_t parameters = 0;
    double macs = 0;
    double kept = 0;     // float32 values that the backward pass needs, as LibTorch's graph holds them
    double passing = 0;  // and what the gradients of one piece need besides, at most

private:
    std::int64_t kernel(std::int64_t extent) const {
        std::int64_t volume = 1;
        for (int axis = 0; axis < m_options.rank(); ++axis)
            volume *= extent;
        return volume;
    }

    // Of what convolutions and attentions keep, as float32 values: they compute in bfloat16.
    double share() const { return m_half ? 0.5 : 1; }

    static double places(const Shape& size) { return static_cast<double>(elementCount(size)); }

    // A piece of the network that takes x of so many channels, as DdpmUNet parts it. count() adds all that is
    // kept of it and returns what its gradients take besides.
    template <class F>
    void piece(std::int64_t in, const Shape& size, const F& count) {
        const double before = kept;
        double besides = count();
        if (m_recompute) {
            besides += kept - before;
            kept = before + static_cast<double>(in) * places(size);
        }
        passing = std::max(passing, besides);
    }

    void insideOf(const DdpmStage& stage) {
        for (int time = 0; time < 2; ++time)
            piece(stage.width, stage.size, [&] { return block(stage.in, stage.width, stage.size); });
        piece(stage.width, stage.size, [&] { return attention(stage); });
    }

    // Keeps its input. `size`: of the output.
    void convolution(std::int64_t in, std::int64_t out, std::int64_t kernelVolume, const Shape& size,
                     bool bias = true) {
        const std::int64_t weights = in * out * kernelVolume;
        parameters += weights + (bias ? out : 0);
        macs += static_cast<double>(weights) * places(size);
        kept += share() * static_cast<double>(in) * places(size);
    }

    void linear(std::int64_t in, std::int64_t out) {
        parameters += in * out + out;
        macs += static_cast<double>(in * out);
    }

    void conditioning() {
        const bool sinusoidal = m_options.time == DdpmTime::Sinusoidal;
        parameters += sinusoidal ? 0 : m_options.fourierSize / 2;
        linear(sinusoidal ? m_options.width : m_options.fourierSize + 1, m_plan.embedding);
        linear(m_plan.embedding, m_plan.embedding);
        if (m_options.classes == 0)
            return;
        parameters += (m_options.classes + 1) * m_options.width;
        linear(m_options.width, m_plan.embedding);
        linear(m_plan.embedding, m_plan.embedding);
    }

    double block(std::int64_t in, std::int64_t out, const Shape& size) {
        const bool group = m_options.norm == DdpmNorm::Group;
        linear(m_plan.conditionWidth(), out * 2);
        convolution(in, out, kernel(3), size);
        convolution(out, out, kernel(3), size);
        parameters += 2 * out * (group ? 2 : 1);
        if (in != out) {
            convolution(in, out, 1, size);
            // The same input as the first convolution's.
            kept -= share() * static_cast<double>(in) * places(size);
        }
        // Of both halves what norm, scale and SiLU need, and the mask of the dropout. In bfloat16 most of it
        // stays in float32: how much, and what lives beside it, was measured (tests/engine/ddpmPlanTest.cpp).
        const double ofNorms = group ? (m_half ? 4.5 : 5) : (m_half ? 5 : 7);
        const double output = static_cast<double>(out) * places(size);
        kept += (ofNorms + (m_options.dropout > 0 ? 1 : 0)) * output;
        return 5 * output;
    }

    double attention(const DdpmStage& stage) {
        const DdpmAttention& attention = stage.attention;
        const std::int64_t hidden = attention.heads * attention.headSize, width = stage.width;
        const double tokens = places(stage.size);
        const double keys = tokens + static_cast<double>(m_options.memoryTokens);
        convolution(width, hidden * 3, 1, stage.size, false);
        convolution(hidden, width, 1, stage.size);
        parameters += width + 2 * hidden * m_options.memoryTokens;
        double held = (2 * static_cast<double>(width) + 3 * static_cast<double>(hidden)) * tokens;
        if (m_options.memoryTokens > 0)
            held += 2 * static_cast<double>(hidden) * keys;
        const double scores = attention.full ? static_cast<double>(attention.heads) * tokens * keys : 0;
        if (attention.full) {
            macs += 2 * static_cast<double>(hidden) * tokens * keys;
            held += scores;
        } else {
            parameters += width;  // a norm after it
            macs += static_cast<double>(hidden * attention.headSize) * (tokens + keys);
            held += static_cast<double>(2 * hidden + 2 * width) * tokens;
        }
        kept += share() * held;
        return 3 * share() * scores;
    }

    double leadDown(const DdpmStage& stage) {
        const std::int64_t volume = elementCount(stage.factors);
        Shape halved = stage.size;
        std::int64_t strided = 1;
        for (std::size_t axis = 0; axis < halved.size(); ++axis) {
            halved[axis] /= stage.factors[axis];
            strided *= stage.factors[axis] + 2;  // 4 wide along what is halved, else 3
        }
        if (stage.resamples && m_options.downsampling == DdpmDownsampling::SpaceToDepth)
            convolution(stage.width * volume, stage.out, 1, halved);
        else
            convolution(stage.width, stage.out, strided, halved);
        return 0;
    }

    double leadUp(const DdpmStage& stage) {
        Shape doubled = stage.size;
        for (std::size_t axis = 0; axis < doubled.size(); ++axis)
            doubled[axis] *= stage.factors[axis];
        convolution(stage.width, stage.out, kernel(3), doubled);
        return 0;
    }

    const DdpmPlan& m_plan;
    const DdpmOptions& m_options;
    bool m_recompute, m_half;
};

}  // namespace

std::int64_t parameterCount(const DdpmPlan& plan) {
    return Counter(plan).parameters;
}

double keptBytes(const DdpmPlan& plan, const TrainingConfig& training) {
    constexpr double bytesOfFloat = 4;
    const Counter counter(plan, training);
    return bytesOfFloat * (counter.kept + counter.passing);
}

double macs(const DdpmPlan& plan) {
    return Counter(plan).macs;
}

}  // namespace denoscope
