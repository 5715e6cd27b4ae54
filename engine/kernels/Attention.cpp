// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/Attention.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

#include <algorithm>
#include <cmath>

#include "engine/kernels/Arithmetic.h"
#include "engine/kernels/AttentionLoops.h"
#include "engine/kernels/Layout.h"
#include "engine/kernels/Parallel.h"
#include "engine/kernels/RowNorm.h"

namespace denoscope::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

AttentionShape shapeOf(const at::Tensor& qkv, const at::Tensor& memory, Compat compat) {
    AttentionShape shape{};
    shape.groups = qkv.size(0);
    shape.tokens = qkv.size(1);
    shape.heads = memory.size(1);
    shape.memory = memory.size(2);
    shape.size = memory.size(3);
    shape.keys = shape.memory + shape.tokens;
    shape.paddedKeys = roundUp(shape.keys, 2);
    shape.paddedSize = roundUp(shape.size, 16);
    shape.rule = normRule(shape.size, compat);
    shape.temperature = 1 / std::sqrt(static_cast<float>(shape.size));
    return shape;
}

// How the queries of a head part into blocks, and these into parts that sum the gradient of the keys apart,
// so that one head can occupy several threads. By the number of tokens alone: a result must not depend on
// threads.
struct Division {
    std::int64_t rows, blocks, blocksPerPart, parts;

    explicit Division(const AttentionShape& shape) {
        constexpr std::int64_t tokensPerPart = 512, mostParts = 8;
        blocks = divideUp(shape.tokens, attentionRows);
        rows = roundUp(divideUp(shape.tokens, blocks), 16);
        blocks = divideUp(shape.tokens, rows);
        blocksPerPart = divideUp(blocks, std::min(mostParts, divideUp(shape.tokens, tokensPerPart)));
        parts = divideUp(blocks, blocksPerPart);
    }
    QueryBlock block(const AttentionShape& shape, std::int64_t head, std::int64_t number) const {
        return {head, number * rows, std::min(rows, shape.tokens - number * rows)};
    }
};

// What a block needs in between, of each thread's own.
at::Tensor scratchFor(const AttentionShape& shape) {
    return emptyFloats({attentionScratch(shape.paddedSize)});
}

template <class Value>
at::Tensor preparedKeys(const AttentionShape& shape, const Value* qkv, const float* memory) {
    constexpr std::int64_t keysPerTask = 256;
    const at::Tensor prepared =
        emptyFloats({shape.groups * shape.heads, 2 * shape.paddedKeys * shape.paddedSize});
    const std::int64_t tasks = divideUp(shape.paddedKeys, keysPerTask);
    at::parallel_for(0, shape.groups * shape.heads * tasks, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t task = begin; task < end; ++task) {
            const std::int64_t head = task / tasks, first = task % tasks * keysPerTask;
            attentionLoops<Value>().prepareKeys(shape, qkv, memory, head, first,
                                                std::min(keysPerTask, shape.paddedKeys - first),
                                                prepared.data_ptr<float>() + head * prepared.size(1));
        }
    });
    return prepared;
}

struct Attended {
    at::Tensor out, logSums;
};

template <class Value>
Attended attend(const AttentionShape& shape, const at::Tensor& qkv, const at::Tensor& memory) {
    Attended result{at::empty({shape.groups, shape.tokens, shape.heads * shape.size}, qkv.options()),
                    emptyFloats({shape.groups * shape.heads, shape.tokens})};
    const Value* values = valuesOf<Value>(qkv);
    const at::Tensor prepared = preparedKeys(shape, values, memory.data_ptr<float>());
    const Division division(shape);
    at::parallel_for(
        0, shape.groups * shape.heads * division.blocks, 1, [&](std::int64_t begin, std::int64_t end) {
            const at::Tensor scratch = scratchFor(shape);
            for (std::int64_t task = begin; task < end; ++task) {
                const std::int64_t head = task / division.blocks;
                attentionLoops<Value>().forwardBlock(
                    shape, values, prepared.data_ptr<float>() + head * prepared.size(1),
                    division.block(shape, head, task % division.blocks), scratch.data_ptr<float>(),
                    mutableValuesOf<Value>(result.out), result.logSums.data_ptr<float>());
            }
        });
    return result;
}

// What a query block's gradient is made from.
struct Passed {
    at::Tensor qkv, memory, out, logSums, gOut;
};

// The gradients of keys and values of each head in parts, and those of the queries in gQkv.
template <class Value>
at::Tensor gradientInParts(const AttentionShape& shape, const Division& division, const Passed& passed,
                           const at::Tensor& gQkv) {
    const at::Tensor gKeys =
        emptyFloats({shape.groups * shape.heads, division.parts, 2 * shape.paddedKeys * shape.paddedSize});
    const Value* values = valuesOf<Value>(passed.qkv);
    const at::Tensor prepared = preparedKeys(shape, values, passed.memory.data_ptr<float>());
    const std::int64_t parts = division.parts;
    at::parallel_for(0, shape.groups * shape.heads * parts, 1, [&](std::int64_t begin, std::int64_t end) {
        const at::Tensor scratch = scratchFor(shape);
        for (std::int64_t task = begin; task < end; ++task) {
            const std::int64_t head = task / parts, first = task % parts * division.blocksPerPart;
            const std::int64_t last = std::min(first + division.blocksPerPart, division.blocks);
            float* part = gKeys.data_ptr<float>() + task * gKeys.size(2);
            std::fill_n(part, gKeys.size(2), 0.0F);
            for (std::int64_t block = first; block < last; ++block)
                attentionLoops<Value>().backwardBlock(
                    shape, values, prepared.data_ptr<float>() + head * prepared.size(1),
                    division.block(shape, head, block), scratch.data_ptr<float>(),
                    valuesOf<Value>(passed.out), valuesOf<Value>(passed.gOut),
                    passed.logSums.data_ptr<float>(), part, mutableValuesOf<Value>(gQkv));
        }
    });
    return gKeys;
}

struct Gradients {
    at::Tensor qkv, memory;
};

template <class Value>
Gradients gradients(const AttentionShape& shape, const Passed& passed) {
    Gradients result{at::empty_like(passed.qkv), at::empty_like(passed.memory)};
    const Division division(shape);
    const at::Tensor gKeys = gradientInParts<Value>(shape, division, passed, result.qkv);
    constexpr std::int64_t tokensPerTask = 256;
    const std::int64_t tasks = divideUp(shape.tokens, tokensPerTask);
    at::parallel_for(0, shape.groups * shape.heads * tasks, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t task = begin; task < end; ++task) {
            const std::int64_t head = task / tasks, first = task % tasks * tokensPerTask;
            attentionLoops<Value>().keyGradient(shape, valuesOf<Value>(passed.qkv), head, first,
                                                std::min(tokensPerTask, shape.tokens - first),
                                                gKeys.data_ptr<float>() + head * gKeys.stride(0),
                                                division.parts, mutableValuesOf<Value>(result.qkv));
        }
    });
    for (std::int64_t head = 0; head < shape.heads; ++head)
        attentionLoops<Value>().memoryGradient(shape, passed.memory.data_ptr<float>(), head,
                                               gKeys.data_ptr<float>(), division.parts,
                                               result.memory.data_ptr<float>());
    return result;
}

bool isEmpty(const AttentionShape& shape) {
    return shape.groups == 0 || shape.tokens == 0 || shape.heads == 0;
}

Attended attendAs(const AttentionShape& shape, const at::Tensor& qkv, const at::Tensor& memory) {
    if (isEmpty(shape))
        return {at::empty({shape.groups, shape.tokens, shape.heads * shape.size}, qkv.options()),
                emptyFloats({0})};
    return withValueType(qkv, [&](auto value) { return attend<decltype(value)>(shape, qkv, memory); });
}

struct Remake : torch::CustomClassHolder {
    std::function<at::Tensor(const at::Tensor&)> function;
};

class UnitAttention : public torch::autograd::Function<UnitAttention> {
public:
    // from: what is kept of qkv, which is of no use here to the graph.
    static at::Tensor forward(AutogradContext* context, const at::Tensor& qkv, const at::Tensor& memory,
                              const at::Tensor& from, const c10::intrusive_ptr<Remake>& remake, bool paper) {
        const AttentionShape shape = shapeOf(qkv, memory, paper ? Compat::Paper : Compat::Reference);
        const Attended attended = attendAs(shape, qkv, memory);
        context->save_for_backward({from, memory, attended.out, attended.logSums});
        context->saved_data["remake"] = c10::IValue::make_capsule(remake);
        context->saved_data["paper"] = paper;
        return attended.out;
    }
    static tensor_list backward(AutogradContext* context, tensor_list gOut) {
        const auto saved = context->get_saved_variables();
        const auto remake =
            c10::static_intrusive_pointer_cast<Remake>(context->saved_data["remake"].toCapsule());
        const Passed passed{remake->function ? remake->function(saved[0]).contiguous() : saved[0], saved[1],
                            saved[2], saved[3], gOut[0].to(saved[2].scalar_type()).contiguous()};
        const Compat compat = context->saved_data["paper"].toBool() ? Compat::Paper : Compat::Reference;
        const AttentionShape shape = shapeOf(passed.qkv, passed.memory, compat);
        const Gradients result = isEmpty(shape)
                                     ? Gradients{at::zeros_like(passed.qkv), at::zeros_like(passed.memory)}
                                     : withValueType(passed.qkv, [&](auto value) {
                                           return gradients<decltype(value)>(shape, passed);
                                       });
        return {result.qkv, result.memory, {}, {}, {}};
    }
};

}  // namespace

bool canAttend(std::int64_t headSize) {
    return headSize > 0 && headSize <= attentionLargestSize;
}

at::Tensor unitAttention(const at::Tensor& qkv, const at::Tensor& memory, std::int64_t heads,
                         std::int64_t headSize, Compat compat, const QkvSource& source) {
    TORCH_CHECK(qkv.dim() == 3 && qkv.size(2) == 3 * heads * headSize && canAttend(headSize) &&
                    memory.dim() == 4 && memory.size(0) == 2 && memory.size(1) == heads &&
                    memory.size(3) == headSize && memory.scalar_type() == at::kFloat &&
                    (qkv.scalar_type() == at::kFloat || qkv.scalar_type() == at::kBFloat16),
                "unitAttention: queries, keys and values ", qkv.sizes(), " do not fit memory ",
                memory.sizes());
    if (ArithmeticLog* log = arithmeticLog())
        log->attentions.push_back({qkv.size(0) * heads, qkv.size(1), qkv.size(1) + memory.size(2), headSize,
                                   qkv.scalar_type() == at::kBFloat16});
    const at::Tensor rows = qkv.contiguous(), tokens = memory.contiguous();
    if (at::GradMode::is_enabled() && (qkv.requires_grad() || memory.requires_grad())) {
        auto remake = c10::make_intrusive<Remake>();
        remake->function = source.remake;
        return UnitAttention::apply(rows, tokens, source.remake ? source.from : rows, remake,
                                    compat == Compat::Paper);
    }
    return attendAs(shapeOf(rows, tokens, compat), rows, tokens).out;
}

}  // namespace denoscope::kernels
