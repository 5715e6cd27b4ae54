// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/LinearSolve.h"

#include <cmath>
#include <cstddef>
#include <utility>

namespace denoscope {

std::optional<std::vector<double>> solveLinear(std::vector<double> matrix, std::vector<double> b) {
    const std::size_t n = b.size();
    const auto at = [&](std::size_t row, std::size_t column) -> double& { return matrix[row * n + column]; };
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t pivot = i;
        for (std::size_t row = i + 1; row < n; ++row)
            if (std::abs(at(row, i)) > std::abs(at(pivot, i)))
                pivot = row;
        if (!(std::abs(at(pivot, i)) > 0))
            return std::nullopt;
        for (std::size_t column = i; column < n; ++column)
            std::swap(at(i, column), at(pivot, column));
        std::swap(b[i], b[pivot]);
        for (std::size_t row = i + 1; row < n; ++row) {
            const double factor = at(row, i) / at(i, i);
            for (std::size_t column = i; column < n; ++column)
                at(row, column) -= factor * at(i, column);
            b[row] -= factor * b[i];
        }
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t column = i + 1; column < n; ++column)
            b[i] -= at(i, column) * b[column];
        b[i] /= at(i, i);
    }
    return b;
}

}  // namespace denoscope
