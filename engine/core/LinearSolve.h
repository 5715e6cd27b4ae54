// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

namespace denoscope {

// The x of A x = b by elimination with row pivoting, in double: for the small systems that yield a method's
// weights. matrix: n x n, row by row. Nothing when A is singular.
std::optional<std::vector<double>> solveLinear(std::vector<double> matrix, std::vector<double> b);

}  // namespace denoscope
