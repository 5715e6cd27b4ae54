// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Autocast.h"

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

}  // namespace

AutocastScope::AutocastScope(Precision precision) : m_active(precision == Precision::BFloat16) {
    if (!m_active)
        return;
    m_before = isEnabled();
    setEnabled(true);
    at::autocast::increment_nesting();
}

AutocastScope::~AutocastScope() {
    if (!m_active)
        return;
    if (at::autocast::decrement_nesting() == 0)
        at::autocast::clear_cache();
    setEnabled(m_before);
}

}  // namespace denoscope
