// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/Resample.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <array>

#include "engine/kernels/Layout.h"
#include "engine/kernels/Parallel.h"
#include "engine/kernels/PointwiseLoops.h"

namespace denoscope::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

enum class Resampling { Halve, RepeatTwice, DoubleLinearly };

// A place of the result as a weighted sum of places of the argument.
struct Taps {
    std::array<std::int64_t, 4> places{};
    std::array<float, 4> weights{};
    int count = 0;
};

Taps tapsOf(Resampling kind, std::int64_t to, std::int64_t extent) {
    const std::int64_t half = to / 2;
    switch (kind) {
        case Resampling::Halve:
            return {{2 * to, 2 * to + 1}, {0.5F, 0.5F}, 2};
        case Resampling::RepeatTwice:
            return {{half}, {1}, 1};
        case Resampling::DoubleLinearly:
            break;
    }
    const std::int64_t neighbour = std::clamp<std::int64_t>(to % 2 == 0 ? half - 1 : half + 1, 0, extent - 1);
    return {{half, neighbour}, {0.75F, 0.25F}, 2};
}

// The transposed map: a place of the argument's gradient, from places of the result's, of which there are
// `extent`.
Taps gradientTapsOf(Resampling kind, std::int64_t to, std::int64_t extent) {
    switch (kind) {
        case Resampling::Halve:
            if (to / 2 >= extent)  // the last place of an odd extent went nowhere
                return {};
            return {{to / 2}, {0.5F}, 1};
        case Resampling::RepeatTwice:
            return {{2 * to, 2 * to + 1}, {1, 1}, 2};
        case Resampling::DoubleLinearly:
            break;
    }
    return {{2 * to, 2 * to + 1, std::max<std::int64_t>(2 * to - 1, 0), std::min(2 * to + 2, extent - 1)},
            {0.75F, 0.75F, 0.25F, 0.25F},
            4};
}

// Along `axis` of x (B, C, ...size), which becomes `extent` long.
template <class TapsOf>
at::Tensor resampled(const at::Tensor& x, std::int64_t axis, std::int64_t extent, const TapsOf& taps) {
    Shape shape = x.sizes().vec();
    const std::int64_t before = shape[static_cast<std::size_t>(axis)];
    shape[static_cast<std::size_t>(axis)] = extent;
    const at::Tensor y = emptyChannelsLast(shape, x.scalar_type());
    std::int64_t outer = shape[0], inner = shape[1];
    for (std::int64_t other = 2; other < x.dim(); ++other)
        (other < axis ? outer : inner) *= other == axis ? 1 : x.size(other);
    withValueType(x, [&](auto value) {
        using Value = decltype(value);
        forRows(outer * extent, inner, [&](std::int64_t first, std::int64_t count) {
            for (std::int64_t row = first; row < first + count; ++row) {
                const Taps from = taps(row % extent, before);
                const Value* start = valuesOf<Value>(x) + row / extent * before * inner;
                std::array<const Value*, 4> rows{};
                for (std::size_t tap = 0; tap < static_cast<std::size_t>(from.count); ++tap)
                    rows[tap] = start + from.places[tap] * inner;
                pointwiseLoops<Value>().weightedRows(rows.data(), from.weights.data(), from.count,
                                                     mutableValuesOf<Value>(y) + row * inner, inner);
            }
        });
    });
    return y;
}

class Resample : public torch::autograd::Function<Resample> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& given, std::int64_t axis,
                              std::int64_t kindNumber) {
        const auto kind = static_cast<Resampling>(kindNumber);
        const at::Tensor x = channelsLast(given);
        context->saved_data["axis"] = axis;
        context->saved_data["kind"] = kindNumber;
        context->saved_data["extent"] = x.size(axis);
        return resampled(x, axis, kind == Resampling::Halve ? x.size(axis) / 2 : 2 * x.size(axis),
                         [kind](std::int64_t to, std::int64_t extent) { return tapsOf(kind, to, extent); });
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto kind = static_cast<Resampling>(context->saved_data["kind"].toInt());
        return {resampled(channelsLast(gradients[0]), context->saved_data["axis"].toInt(),
                          context->saved_data["extent"].toInt(),
                          [kind](std::int64_t to, std::int64_t extent) {
                              return gradientTapsOf(kind, to, extent);
                          }),
                at::Tensor(), at::Tensor()};
    }
};

at::Tensor resampledBy(Resampling kind, at::Tensor x, const Shape& factors) {
    for (std::size_t axis = 0; axis < factors.size(); ++axis)
        if (factors[axis] == 2)
            x = Resample::apply(x, static_cast<std::int64_t>(axis) + 2, static_cast<std::int64_t>(kind));
    return x;
}

}  // namespace

at::Tensor halved(const at::Tensor& x, const Shape& factors) {
    return resampledBy(Resampling::Halve, x, factors);
}
at::Tensor doubled(const at::Tensor& x, const Shape& factors, Compat compat) {
    return resampledBy(compat == Compat::Reference ? Resampling::DoubleLinearly : Resampling::RepeatTwice, x,
                       factors);
}

}  // namespace denoscope::kernels
