// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/Parameters.h"

#include <ATen/ATen.h>

#include "engine/core/Noise.h"

namespace denoscope {

at::Tensor Parameters::add(const std::string& name, at::Tensor value, bool trained, bool normalized) {
    value.requires_grad_(trained);
    m_all.push_back({name, value, trained, normalized});
    return value;
}

at::Tensor Parameters::normal(const std::string& name, const Shape& shape, bool normalized) {
    return add(name, standardNormal(shape, keyOf(m_seed, Stream::Weights, {m_all.size()})), true, normalized);
}

at::Tensor Parameters::constantNormal(const std::string& name, const Shape& shape) {
    return add(name, standardNormal(shape, keyOf(m_seed, Stream::Weights, {m_all.size()})), false, false);
}

at::Tensor Parameters::uniform(const std::string& name, const Shape& shape, double bound) {
    const std::uint64_t key = keyOf(m_seed, Stream::Weights, {m_all.size()});
    return add(name, standardUniform(shape, key) * (2 * bound) - bound, true, false);
}

at::Tensor Parameters::filled(const std::string& name, const Shape& shape, double value) {
    return add(name, at::full(shape, value, at::kFloat), true, false);
}

at::Tensor Parameters::zeroScalar(const std::string& name) {
    return add(name, at::zeros({}), true, false);
}

}  // namespace denoscope
