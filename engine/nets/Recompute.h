// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

namespace denoscope {

// A piece of a network: (x, skip, embedding) -> result. `skip` may be undefined.
using NetworkPiece = std::function<at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&)>;

// piece(x, skip, embedding). Where this thread's ComputeScope asks for it, and there is a graph, the same
// without what the piece would keep for the gradients: they begin with computing it once more (Chen et al.
// 2016, arXiv:1604.06174), with the same dropout and the same ComputeScope. Gradients of the parameters that
// the piece uses are accumulated as usual. The piece, and what it refers to, must live until then.
at::Tensor throughPiece(const NetworkPiece& piece, const at::Tensor& x, const at::Tensor& skip,
                        const at::Tensor& embedding);

}  // namespace denoscope
