// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Noise.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <numbers>

namespace denoscope {

at::Tensor standardNormal(const Shape& shape, std::uint64_t key) {
    return at::randn(shape, at::detail::createCPUGenerator(key), at::TensorOptions().dtype(at::kFloat));
}

at::Tensor standardUniform(const Shape& shape, std::uint64_t key) {
    return at::rand(shape, at::detail::createCPUGenerator(key), at::TensorOptions().dtype(at::kFloat));
}

at::Tensor standardNormalRows(const Shape& shape, const std::vector<std::uint64_t>& keys) {
    std::vector<at::Tensor> rows;
    rows.reserve(keys.size());
    for (const std::uint64_t key : keys)
        rows.push_back(standardNormal(shape, key));
    return at::stack(rows);
}

double normalOf(std::uint64_t key) {
    const double u = 1.0 - unitOf(key);  // (0, 1]: the logarithm stays finite
    const double v = unitOf(mix64(key));
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

}  // namespace denoscope
