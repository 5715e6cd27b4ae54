// SPDX-License-Identifier: GPL-3.0-or-later
// The named tensors of a network, flat, under the names that the Python package gives them
// ("downs.0.block1.1.weight").
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "engine/api/Array.h"

namespace denoscope {

struct Parameter {
    std::string name;
    at::Tensor value;
    bool trained = true;      // false: constants such as Fourier frequencies; no gradient, never averaged
    bool normalized = false;  // kept at unit magnitude per output (EDM2 algorithm 1)
};

// Fills tensors with a start that depends on (seed, order of creation) alone, not on any global generator.
class Parameters {
public:
    explicit Parameters(std::uint64_t seed) : m_seed(seed) {}

    // Standard normal. The returned handle shares storage with the entry, here and below.
    at::Tensor normal(const std::string& name, const Shape& shape, bool normalized);
    // Uniform in [-bound, bound). PyTorch starts weights and biases so, with bound = 1 / sqrt(fan in).
    at::Tensor uniform(const std::string& name, const Shape& shape, double bound);
    at::Tensor filled(const std::string& name, const Shape& shape, double value);
    at::Tensor constantNormal(const std::string& name, const Shape& shape);
    at::Tensor zeroScalar(const std::string& name);

    const std::vector<Parameter>& all() const { return m_all; }

private:
    at::Tensor add(const std::string& name, at::Tensor value, bool trained, bool normalized);

    std::uint64_t m_seed;
    std::vector<Parameter> m_all;
};

}  // namespace denoscope
