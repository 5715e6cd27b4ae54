// SPDX-License-Identifier: GPL-3.0-or-later
// Normal and uniform draws on top of the counter-based keys of Random.h.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "engine/api/Array.h"
#include "engine/core/Random.h"

namespace denoscope {

// Standard normal float32 on the CPU, a pure function of (shape, key).
at::Tensor standardNormal(const Shape& shape, std::uint64_t key);

// Uniform float32 in [0, 1) on the CPU, a pure function of (shape, key).
at::Tensor standardUniform(const Shape& shape, std::uint64_t key);

// (B, ...shape): row b is standardNormal(shape, keys[b]), so an item gets the same noise in any batch.
at::Tensor standardNormalRows(const Shape& shape, const std::vector<std::uint64_t>& keys);

// Standard normal double, a pure function of the key (Box and Muller 1958).
double normalOf(std::uint64_t key);

}  // namespace denoscope
