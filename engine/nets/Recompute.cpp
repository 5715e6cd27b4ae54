// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/Recompute.h"

#include <ATen/ATen.h>
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

// What the second computation needs beside its tensors.
struct Again : torch::CustomClassHolder {
    NetworkPiece piece;
    Precision precision = Precision::Float32;
    Kernels kernels = Kernels::Plain;
    DropoutState dropout;
    bool hasSkip = false;

    // skip: anything where there is none.
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& skip, const at::Tensor& embedding) const {
        return piece(x, hasSkip ? skip : at::Tensor(), embedding);
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
        const at::AutoGradMode withGraph(true);
        const ComputeScope compute(again->precision, again->kernels);
        const DropoutScope dropout(again->dropout);
        const at::Tensor x = asLeaf(saved[0]), skip = asLeaf(saved[1]), embedding = asLeaf(saved[2]);
        torch::autograd::backward({(*again)(x, skip, embedding)}, {gradients[0]});
        return {at::Tensor(), x.grad(), skip.grad(), embedding.grad()};
    }
};

}  // namespace

at::Tensor recomputed(NetworkPiece piece, const at::Tensor& x, const at::Tensor& skip,
                      const at::Tensor& embedding) {
    auto again = c10::make_intrusive<Again>();
    again->piece = std::move(piece);
    again->precision = computePrecision();
    again->kernels = fusedKernels() ? Kernels::Fused : Kernels::Plain;
    again->dropout = dropoutState();
    again->hasSkip = skip.defined();
    // LibTorch's functions take no undefined tensors.
    return Recomputed::apply(again, x, skip.defined() ? skip : at::empty({0}), embedding);
}

}  // namespace denoscope
