// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/Pointwise.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "engine/kernels/Layout.h"
#include "engine/kernels/Parallel.h"
#include "engine/kernels/PointwiseLoops.h"

namespace denoscope::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

std::int64_t placesOf(const at::Tensor& x) {
    return x.numel() / std::max<std::int64_t>(1, x.size(0) * x.size(1));
}

at::Tensor likeGradient(const at::Tensor& gradient, const at::Tensor& x) {
    return channelsLast(gradient).to(x.scalar_type());
}

// Keys travel as integers of LibTorch's, which are signed.
std::vector<std::int64_t> storedKeys(const std::vector<std::uint64_t>& keys) {
    return {keys.begin(), keys.end()};
}

// A share of 1 drops everything.
DropoutRow dropoutRow(double dropout, std::uint64_t key) {
    const double threshold = std::min(dropout * 0x1.0p32, 0x1.0p32 - 1);
    return {key, static_cast<std::uint32_t>(threshold),
            static_cast<float>(dropout < 1 ? 1 / (1 - dropout) : 0)};
}

constexpr std::int64_t placesPerPiece = 128;
std::int64_t piecesOf(std::int64_t places) {
    return (places + placesPerPiece - 1) / placesPerPiece;
}

// Calls f(piece, item, number of its first place, places) for pieces of all items. The pieces do not depend
// on the number of threads, so that sums over them do not either.
template <class F>
void forPlaces(std::int64_t items, std::int64_t places, const F& f) {
    const std::int64_t pieces = piecesOf(places);
    at::parallel_for(0, items * pieces, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t piece = begin; piece < end; ++piece) {
            const std::int64_t first = piece % pieces * placesPerPiece;
            f(piece, piece / pieces, first, std::min(placesPerPiece, places - first));
        }
    });
}

DropoutRow rowOf(const Activation& activation, std::int64_t item) {
    return activation.keys.empty()
               ? DropoutRow{}
               : dropoutRow(activation.dropout,
                            static_cast<std::uint64_t>(activation.keys[static_cast<std::size_t>(item)]));
}

template <class Value>
void modulate(const Activation& activation, const at::Tensor& y) {
    const at::Tensor& x = activation.x;
    const std::int64_t channels = x.size(1), places = placesOf(x);
    forPlaces(x.size(0), places,
              [&](std::int64_t, std::int64_t item, std::int64_t first, std::int64_t count) {
                  const std::int64_t offset = (item * places + first) * channels;
                  pointwiseLoops<Value>().modulatedSilu(
                      valuesOf<Value>(x) + offset, activation.scale.data_ptr<float>() + item * channels,
                      mutableValuesOf<Value>(y) + offset, first, count, channels, rowOf(activation, item));
              });
}

// The gradient of the scale.
template <class Value>
at::Tensor modulateBackward(const Activation& activation, const at::Tensor& gy, const at::Tensor& gx) {
    const at::Tensor& x = activation.x;
    const std::int64_t channels = x.size(1), places = placesOf(x);
    const at::Tensor partial = at::zeros({x.size(0), piecesOf(places), channels});
    forPlaces(x.size(0), places,
              [&](std::int64_t piece, std::int64_t item, std::int64_t first, std::int64_t count) {
                  const std::int64_t offset = (item * places + first) * channels;
                  pointwiseLoops<Value>().modulatedSiluBackward(
                      valuesOf<Value>(x) + offset, activation.scale.data_ptr<float>() + item * channels,
                      valuesOf<Value>(gy) + offset, mutableValuesOf<Value>(gx) + offset,
                      partial.data_ptr<float>() + piece * channels, first, count, channels,
                      rowOf(activation, item));
              });
    return partial.sum(1);
}

class Activate : public torch::autograd::Function<Activate> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& scale,
                              bool modulated, double dropout, const std::vector<std::int64_t>& keys) {
        keepNumbers(*context, modulated, dropout, keys);
        context->save_for_backward({x, scale});
        return keptActivation(*context, x, scale).result();
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const Activation::Gradients result =
            keptActivation(*context, saved[0], saved[1]).gradients(gradients[0]);
        return {result.x, result.scale, at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

// factor x, of any layout that `y` shares.
template <class Value>
void scaleInto(const at::Tensor& x, const at::Tensor& y, double factor) {
    forRows(x.numel(), 1, [&](std::int64_t first, std::int64_t count) {
        pointwiseLoops<Value>().scaledRows(valuesOf<Value>(x) + first, 0, mutableValuesOf<Value>(y) + first,
                                           0, 1, count, static_cast<float>(factor));
    });
}

class WeightedSum : public torch::autograd::Function<WeightedSum> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& givenA, double ca,
                              const at::Tensor& givenB, double cb) {
        const at::Tensor a = channelsLast(givenA), b = channelsLast(givenB),
                         y = emptyChannelsLast(a.sizes(), a.scalar_type());
        withValueType(a, [&](auto value) {
            using Value = decltype(value);
            forRows(a.numel(), 1, [&](std::int64_t first, std::int64_t count) {
                pointwiseLoops<Value>().pair(valuesOf<Value>(a) + first, static_cast<float>(ca),
                                             valuesOf<Value>(b) + first, static_cast<float>(cb),
                                             mutableValuesOf<Value>(y) + first, count);
            });
        });
        context->saved_data["ca"] = ca;
        context->saved_data["cb"] = cb;
        return y;
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const at::Tensor gy = channelsLast(gradients[0]);
        const auto scaled = [&](const char* factor) {
            const at::Tensor g = emptyChannelsLast(gy.sizes(), gy.scalar_type());
            withValueType(gy, [&](auto value) {
                scaleInto<decltype(value)>(gy, g, context->saved_data[factor].toDouble());
            });
            return g;
        };
        return {context->needs_input_grad(0) ? scaled("ca") : at::Tensor(), at::Tensor(),
                context->needs_input_grad(1) ? scaled("cb") : at::Tensor(), at::Tensor()};
    }
};

class WeightedCat : public torch::autograd::Function<WeightedCat> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& givenA, double ca,
                              const at::Tensor& givenB, double cb) {
        const at::Tensor a = channelsLast(givenA), b = channelsLast(givenB);
        Shape shape = a.sizes().vec();
        shape[1] += b.size(1);
        const at::Tensor y = emptyChannelsLast(shape, a.scalar_type());
        copyChannels(a, 0, a.size(1), y, 0, ca);
        copyChannels(b, 0, b.size(1), y, a.size(1), cb);
        context->saved_data["ca"] = ca;
        context->saved_data["cb"] = cb;
        context->saved_data["channels"] = a.size(1);
        return y;
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const at::Tensor gy = channelsLast(gradients[0]);
        const std::int64_t split = context->saved_data["channels"].toInt();
        const auto part = [&](std::int64_t from, std::int64_t channels, const char* factor) {
            Shape shape = gy.sizes().vec();
            shape[1] = channels;
            at::Tensor g = emptyChannelsLast(shape, gy.scalar_type());
            copyChannels(gy, from, channels, g, 0, context->saved_data[factor].toDouble());
            return g;
        };
        return {context->needs_input_grad(0) ? part(0, split, "ca") : at::Tensor(), at::Tensor(),
                context->needs_input_grad(1) ? part(split, gy.size(1) - split, "cb") : at::Tensor(),
                at::Tensor()};
    }

private:
    // factor times channels [from, from + count) of x, into those from `to` on of y.
    static void copyChannels(const at::Tensor& x, std::int64_t from, std::int64_t count, const at::Tensor& y,
                             std::int64_t to, double factor) {
        const std::int64_t places = x.size(0) * placesOf(x);
        withValueType(x, [&](auto value) {
            using Value = decltype(value);
            forRows(places, count, [&](std::int64_t first, std::int64_t rows) {
                pointwiseLoops<Value>().scaledRows(valuesOf<Value>(x) + first * x.size(1) + from, x.size(1),
                                                   mutableValuesOf<Value>(y) + first * y.size(1) + to,
                                                   y.size(1), rows, count, static_cast<float>(factor));
            });
        });
    }
};

}  // namespace

at::Tensor Activation::result() const {
    const at::Tensor y = emptyChannelsLast(x.sizes(), x.scalar_type());
    withValueType(x, [&](auto value) {
        using Value = decltype(value);
        if (scale.defined())
            return modulate<Value>(*this, y);
        forRows(x.numel(), 1, [&](std::int64_t first, std::int64_t count) {
            pointwiseLoops<Value>().silu(valuesOf<Value>(x) + first, mutableValuesOf<Value>(y) + first,
                                         count);
        });
    });
    return y;
}

Activation::Gradients Activation::gradients(const at::Tensor& ofResult) const {
    const at::Tensor gy = likeGradient(ofResult, x);
    Gradients result{emptyChannelsLast(x.sizes(), x.scalar_type()), {}};
    withValueType(x, [&](auto value) {
        using Value = decltype(value);
        if (scale.defined()) {
            result.scale = modulateBackward<Value>(*this, gy, result.x);
            return;
        }
        forRows(x.numel(), 1, [&](std::int64_t first, std::int64_t count) {
            pointwiseLoops<Value>().siluBackward(valuesOf<Value>(x) + first, valuesOf<Value>(gy) + first,
                                                 mutableValuesOf<Value>(result.x) + first, count);
        });
    });
    return result;
}

Activation siluOf(const at::Tensor& x) {
    return {channelsLast(x), {}, 0, {}};
}

Activation modulatedSiluOf(const at::Tensor& x, const at::Tensor& scale, double dropout,
                           const std::vector<std::uint64_t>& keys) {
    TORCH_CHECK(scale.sizes() == x.sizes().slice(0, 2) && scale.scalar_type() == at::kFloat, "a scale of ",
                scale.sizes(), " for ", x.sizes());
    return {channelsLast(x), scale.contiguous(), dropout, storedKeys(keys)};
}

at::Tensor activated(const Activation& activation) {
    return Activate::apply(activation.x, scaleOrNothing(activation), activation.scale.defined(),
                           activation.dropout, activation.keys);
}

at::Tensor scaleOrNothing(const Activation& activation) {
    return activation.scale.defined() ? activation.scale : at::empty({0});
}

void keepNumbers(AutogradContext& context, bool modulated, double dropout,
                 const std::vector<std::int64_t>& keys) {
    context.saved_data["modulated"] = modulated;
    context.saved_data["dropout"] = dropout;
    context.saved_data["keys"] = keys;
}

Activation keptActivation(AutogradContext& context, const at::Tensor& x, const at::Tensor& scale) {
    return {x, context.saved_data["modulated"].toBool() ? scale : at::Tensor(),
            context.saved_data["dropout"].toDouble(), context.saved_data["keys"].toIntVector()};
}

at::Tensor dropoutMask(const Shape& shape, double dropout, const std::vector<std::uint64_t>& keys) {
    const at::Tensor mask = emptyChannelsLast(shape, at::kFloat);
    const std::int64_t elements = mask.numel() / std::max<std::int64_t>(1, mask.size(0));
    at::parallel_for(0, mask.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t item = begin; item < end; ++item)
            pointwiseLoops<float>().dropoutMask(mask.data_ptr<float>() + item * elements, 0, elements,
                                                dropoutRow(dropout, keys[static_cast<std::size_t>(item)]));
    });
    return mask;
}

at::Tensor weightedSum(const at::Tensor& a, double ca, const at::Tensor& b, double cb) {
    TORCH_CHECK(a.sizes() == b.sizes() && a.scalar_type() == b.scalar_type(), "a sum of ", a.sizes(), " and ",
                b.sizes());
    return WeightedSum::apply(a, ca, b, cb);
}

at::Tensor weightedCat(const at::Tensor& a, double ca, const at::Tensor& b, double cb) {
    TORCH_CHECK(a.size(0) == b.size(0) && a.sizes().slice(2) == b.sizes().slice(2) &&
                    a.scalar_type() == b.scalar_type(),
                "the channels of ", a.sizes(), " and ", b.sizes());
    return WeightedCat::apply(a, ca, b, cb);
}

}  // namespace denoscope::kernels
