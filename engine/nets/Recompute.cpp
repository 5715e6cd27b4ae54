// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/Recompute.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

#include "engine/core/Compute.h"
#include "engine/core/Dropout.h"

namespace denoscope {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// Autocast remembers weights that it has cast until the outermost scope ends: without their graph after the
// first computation, which the second must not find.
class NoRememberedCasts {
public:
    NoRememberedCasts() : m_before(at::autocast::is_autocast_cache_enabled()) {
        at::autocast::set_autocast_cache_enabled(false);
    }
    ~NoRememberedCasts() { at::autocast::set_autocast_cache_enabled(m_before); }
    NoRememberedCasts(const NoRememberedCasts&) = delete;
    NoRememberedCasts& operator=(const NoRememberedCasts&) = delete;

private:
    bool m_before;
};

// What the second computation needs beside its tensors.
struct Again : torch::CustomClassHolder {
    NetworkPiece piece;
    Precision precision = Precision::Float32;
    Kernels kernels = Kernels::Plain;
    DropoutState dropout;
    bool hasSkip = false;

    // skip: anything where there is none.
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& skip, const at::Tensor& embedding) const {
        const NoRememberedCasts noCasts;
        return piece(x, hasSkip ? skip : at::Tensor(), embedding);
    }

    // The second time. Gradients are computed outside of the scopes, as those of any step.
    at::Tensor withGraph(const at::Tensor& x, const at::Tensor& skip, const at::Tensor& embedding) const {
        const at::AutoGradMode graph(true);
        const ComputeScope compute(precision, kernels);
        const DropoutScope dropped(dropout);
        return (*this)(x, skip, embedding);
    }
};

at::Tensor asLeaf(const at::Tensor& tensor) {
    return tensor.detach().set_requires_grad(true);
}

class Recomputed : public torch::autograd::Function<Recomputed> {
public:
    static at::Tensor forward(AutogradContext* context, const c10::intrusive_ptr<Again>& again,
                              const at::Tensor& x, const at::Tensor& skip, const at::Tensor& embedding) {
        context->save_for_backward({x, skip, embedding});
        context->saved_data["again"] = c10::IValue::make_capsule(again);
        return (*again)(x, skip, embedding);  // the graph is off in here
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const auto again =
            c10::static_intrusive_pointer_cast<Again>(context->saved_data["again"].toCapsule());
        const at::Tensor x = asLeaf(saved[0]), skip = asLeaf(saved[1]), embedding = asLeaf(saved[2]);
        torch::autograd::backward({again->withGraph(x, skip, embedding)}, {gradients[0]});
        return {at::Tensor(), x.grad(), skip.grad(), embedding.grad()};
    }
};

}  // namespace

at::Tensor throughPiece(const NetworkPiece& piece, const at::Tensor& x, const at::Tensor& skip,
                        const at::Tensor& embedding) {
    if (!recomputes() || !at::GradMode::is_enabled())
        return piece(x, skip, embedding);
    auto again = c10::make_intrusive<Again>();
    again->piece = piece;
    again->precision = computePrecision();
    again->kernels = fusedKernels() ? Kernels::Fused : Kernels::Plain;
    again->dropout = dropoutState();
    again->hasSkip = skip.defined();
    // LibTorch's functions take no undefined tensors.
    return Recomputed::apply(again, x, skip.defined() ? skip : at::empty({0}), embedding);
}

}  // namespace denoscope
