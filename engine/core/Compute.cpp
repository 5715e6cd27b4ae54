// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Compute.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace denoscope {
namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
bool isEnabled() {
    return at::autocast::is_autocast_enabled(at::kCPU);
}
void setEnabled(bool on) {
    at::autocast::set_autocast_enabled(at::kCPU, on);
    at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
}
#else
bool isEnabled() {
    return at::autocast::is_cpu_enabled();
}
void setEnabled(bool on) {
    at::autocast::set_cpu_enabled(on);
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
}
#endif

struct Choice {
    Precision precision = Precision::Float32;
    Kernels kernels = Kernels::Plain;
    bool recompute = false;
};
thread_local Choice current;

}  // namespace

ComputeScope::ComputeScope(Precision precision, Kernels kernels, bool recompute)
    : m_precisionBefore(current.precision),
      m_kernelsBefore(current.kernels),
      m_recomputeBefore(current.recompute),
      m_autocastBefore(isEnabled()) {
    current = {precision, kernels, recompute};
    setEnabled(precision == Precision::BFloat16);
    at::autocast::increment_nesting();
}

ComputeScope::~ComputeScope() {
    if (at::autocast::decrement_nesting() == 0)
        at::autocast::clear_cache();
    setEnabled(m_autocastBefore);
    current = {m_precisionBefore, m_kernelsBefore, m_recomputeBefore};
}

Precision computePrecision() {
    return current.precision;
}
bool fusedKernels() {
    return current.kernels == Kernels::Fused;
}

bool recomputes() {
    return current.recompute;
}

}  // namespace denoscope
