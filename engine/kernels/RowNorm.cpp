// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/RowNorm.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "engine/kernels/Layout.h"
#include "engine/kernels/Parallel.h"

namespace denoscope::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

std::int64_t rowLength(const at::Tensor& x) {
    return x.size(0) > 0 ? x.numel() / x.size(0) : 0;
}

class ChannelNorm : public torch::autograd::Function<ChannelNorm> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& given, bool paper) {
        const at::Tensor x = channelsLast(given);
        const std::int64_t length = x.size(1), rows = length > 0 ? x.numel() / length : 0;
        const NormRule rule = normRule(length, paper ? Compat::Paper : Compat::Reference);
        const at::Tensor y = emptyChannelsLast(x.sizes(), x.scalar_type());
        const at::Tensor norms = at::empty({rows});
        withValueType(x, [&](auto value) {
            using Value = decltype(value);
            forRows(rows, length, [&](std::int64_t first, std::int64_t count) {
                pointwiseLoops<Value>().normRows(valuesOf<Value>(x) + first * length,
                                                 mutableValuesOf<Value>(y) + first * length,
                                                 norms.data_ptr<float>() + first, count, length, rule);
            });
        });
        context->save_for_backward({y, norms});
        context->saved_data["paper"] = paper;
        return y;
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &y = saved[0], &norms = saved[1], gy = channelsLast(gradients[0]);
        const std::int64_t length = y.size(1), rows = norms.size(0);
        const NormRule rule =
            normRule(length, context->saved_data["paper"].toBool() ? Compat::Paper : Compat::Reference);
        const at::Tensor gx = emptyChannelsLast(y.sizes(), y.scalar_type());
        withValueType(y, [&](auto value) {
            using Value = decltype(value);
            forRows(rows, length, [&](std::int64_t first, std::int64_t count) {
                pointwiseLoops<Value>().normRowsBackward(
                    valuesOf<Value>(y) + first * length, valuesOf<Value>(gy) + first * length,
                    norms.data_ptr<float>() + first, mutableValuesOf<Value>(gx) + first * length, count,
                    length, rule);
            });
        });
        return {gx, at::Tensor()};
    }
};

// Calls f(offset of the first element, first row, rows) for rows of (out, ...).
template <class F>
void forWeightRows(const at::Tensor& x, const F& f) {
    const std::int64_t length = rowLength(x);
    forRows(x.size(0), length,
            [&](std::int64_t first, std::int64_t count) { f(first * length, first, count); });
}

void normRowsInto(const at::Tensor& x, const NormedRows& result, const NormRule& rule) {
    forWeightRows(x, [&](std::int64_t offset, std::int64_t first, std::int64_t count) {
        pointwiseLoops<float>().normRows(valuesOf<float>(x) + offset,
                                         mutableValuesOf<float>(result.rows) + offset,
                                         result.norms.data_ptr<float>() + first, count, rowLength(x), rule);
    });
}

}  // namespace

NormRule normRule(std::int64_t length, Compat compat, double scale) {
    return {compat == Compat::Paper, static_cast<float>(std::sqrt(static_cast<double>(length))),
            static_cast<float>(scale)};
}

at::Tensor channelNorm(const at::Tensor& x, Compat compat) {
    return ChannelNorm::apply(x, compat == Compat::Paper);
}

NormRule rowRule(const at::Tensor& weight, Compat compat, double scale) {
    return normRule(rowLength(weight), compat, scale);
}

NormedRows normedRows(const at::Tensor& x, const NormRule& rule) {
    const NormedRows result{at::empty(x.sizes(), x.options()), at::empty({x.size(0)})};
    normRowsInto(x, result, rule);
    return result;
}

void normRowsInPlace(const at::Tensor& x, const NormRule& rule) {
    normRowsInto(x, {x, at::empty({x.size(0)})}, rule);
    markChanged(x);
}

void toGradientOfInput(const at::Tensor& x, const at::Tensor& norms, const at::Tensor& gradient,
                       const NormRule& rule) {
    forWeightRows(x, [&](std::int64_t offset, std::int64_t first, std::int64_t count) {
        float* const rows = mutableValuesOf<float>(gradient) + offset;
        pointwiseLoops<float>().normRowsBackwardFromInput(valuesOf<float>(x) + offset, rows,
                                                          norms.data_ptr<float>() + first, rows, count,
                                                          rowLength(x), rule);
    });
}

}  // namespace denoscope::kernels
