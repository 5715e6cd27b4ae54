// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the compiled loops this processor can run.
#pragma once

namespace denoscope::kernels {

enum class Arch { Base, Avx2, Avx512 };

inline Arch processorArch() {
#ifdef DENOSCOPE_LOOPS_avx512
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("bmi2"))
        return Arch::Avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
        return Arch::Avx2;
#endif
    return Arch::Base;
}

// One of three objects `name` of the same kind, compiled for each.
#ifdef DENOSCOPE_LOOPS_avx512
#define DENOSCOPE_CHOOSE_LOOPS(name) \
    (processorArch() == Arch::Avx512 ? avx512::name : processorArch() == Arch::Avx2 ? avx2::name : base::name)
#else
#define DENOSCOPE_CHOOSE_LOOPS(name) (base::name)
#endif

}  // namespace denoscope::kernels
