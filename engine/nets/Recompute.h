// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

namespace denoscope {

// A piece of a network: (x, skip, embedding) -> result. `skip` may be undefined.
using NetworkPiece = std::function<at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&)>;

// The same result and gradients as piece(x, skip, embedding), without what the piece would keep for them: the
// gradients begin with computing it once more (Chen et al. 2016, arXiv:1604.06174), with the same dropout and
// the same ComputeScope. Gradients of the parameters that the piece uses are accumulated as usual. The piece,
// and what it refers to, must live until then.
at::Tensor recomputed(NetworkPiece piece, const at::Tensor& x, const at::Tensor& skip,
                      const at::Tensor& embedding);

}  // namespace denoscope
