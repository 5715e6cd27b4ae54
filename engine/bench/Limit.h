// SPDX-License-Identifier: GPL-3.0-or-later
// What the convolutions and the matrix products of attention would take alone: each with its operands at hand
// and in the layout that suits it best, and nothing in between.
#pragma once

#include <optional>

#include "engine/bench/Bench.h"
#include "engine/kernels/Arithmetic.h"

namespace denoscope {

// Times each distinct one in `log` by itself and sums over all. gradients: with those of both operands, as a
// training step needs them. Nothing where nothing was logged.
std::optional<BenchResult::Limit> arithmeticLimit(const kernels::ArithmeticLog& log, bool gradients);

}  // namespace denoscope
