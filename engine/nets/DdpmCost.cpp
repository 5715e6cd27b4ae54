// SPDX-License-Identifier: GPL-3.0-or-later
// What a DdpmUNet costs: one walk through its layers counts weights, work and memory together.
#include <algorithm>

#include "engine/nets/DdpmPlan.h"

namespace denoscope {
namespace {

class Counter {
public:
    explicit Counter(const DdpmPlan& plan) : m_plan(plan), m_options(plan.options) {
        conditioning();
        convolution(m_options.channels * (m_options.selfCondition ? 2 : 1), m_options.firstWidth, kernel(7),
                    m_options.size);
        for (const auto* stages : {&plan.downs, &plan.ups})
            for (const DdpmStage& stage : *stages) {
                block(stage.in, stage.width, stage.size);
                block(stage.in, stage.width, stage.size);
                attention(stage);
            }
        for (const DdpmStage& stage : plan.downs)
            leadDown(stage);
        for (const DdpmStage& stage : plan.ups)
            leadUp(stage);
        const DdpmStage& middle = plan.middle;
        block(middle.width, middle.width, middle.size);
        attention(middle);
        block(middle.width, middle.width, middle.size);
        block(m_options.firstWidth * 2, m_options.firstWidth, m_options.size);
        convolution(m_options.firstWidth, m_options.outputs, 1, m_options.size);
    }

    std::int64_t parameters = 0;
    double macs = 0;
    double kept = 0;  // values that the backward pass needs, as LibTorch's graph holds them

    // Three times the largest attention's scores besides, while their gradient is computed.
    double peak() const { return kept + 3 * m_mostScores; }

private:
    std::int64_t kernel(std::int64_t extent) const {
        std::int64_t volume = 1;
        for (int axis = 0; axis < m_options.rank(); ++axis)
            volume *= extent;
        return volume;
    }

    static double places(const Shape& size) { return static_cast<double>(elementCount(size)); }

    // Keeps its input. `size`: of the output.
    void convolution(std::int64_t in, std::int64_t out, std::int64_t kernelVolume, const Shape& size,
                     bool bias = true) {
        const std::int64_t weights = in * out * kernelVolume;
        parameters += weights + (bias ? out : 0);
        macs += static_cast<double>(weights) * places(size);
        kept += static_cast<double>(in) * places(size);
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

    void block(std::int64_t in, std::int64_t out, const Shape& size) {
        const bool group = m_options.norm == DdpmNorm::Group;
        linear(m_plan.conditionWidth(), out * 2);
        convolution(in, out, kernel(3), size);
        convolution(out, out, kernel(3), size);
        parameters += 2 * out * (group ? 2 : 1);
        if (in != out) {
            convolution(in, out, 1, size);
            kept -= static_cast<double>(in) * places(size);  // the same input as the first convolution's
        }
        // Of both halves what norm, scale and SiLU need, and the mask of the dropout.
        const std::int64_t perPlace = (group ? 5 : 7) + (m_options.dropout > 0 ? 2 : 0);
        kept += static_cast<double>(perPlace * out) * places(size);
    }

    void attention(const DdpmStage& stage) {
        const DdpmAttention& attention = stage.attention;
        const std::int64_t hidden = attention.heads * attention.headSize, width = stage.width;
        const double tokens = places(stage.size);
        const double keys = tokens + static_cast<double>(m_options.memoryTokens);
        convolution(width, hidden * 3, 1, stage.size, false);
        convolution(hidden, width, 1, stage.size);
        parameters += width + 2 * hidden * m_options.memoryTokens;
        kept += (2 * static_cast<double>(width) + 3 * static_cast<double>(hidden)) * tokens;
        if (m_options.memoryTokens > 0)
            kept += 2 * static_cast<double>(hidden) * keys;
        if (attention.full) {
            macs += 2 * static_cast<double>(hidden) * tokens * keys;
            const double scores = static_cast<double>(attention.heads) * tokens * keys;
            kept += scores;
            m_mostScores = std::max(m_mostScores, scores);
        } else {
            parameters += width;  // a norm after it
            macs += static_cast<double>(hidden * attention.headSize) * (tokens + keys);
            kept += static_cast<double>(2 * hidden + 2 * width) * tokens;
        }
    }

    void leadDown(const DdpmStage& stage) {
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
    }

    void leadUp(const DdpmStage& stage) {
        Shape doubled = stage.size;
        for (std::size_t axis = 0; axis < doubled.size(); ++axis)
            doubled[axis] *= stage.factors[axis];
        convolution(stage.width, stage.out, kernel(3), doubled);
    }

    const DdpmPlan& m_plan;
    const DdpmOptions& m_options;
    double m_mostScores = 0;
};

}  // namespace

std::int64_t parameterCount(const DdpmPlan& plan) {
    return Counter(plan).parameters;
}

double keptActivations(const DdpmPlan& plan) {
    return Counter(plan).peak();
}

double macs(const DdpmPlan& plan) {
    return Counter(plan).macs;
}

}  // namespace denoscope
