// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Processor.h"

namespace denoscope {

#if defined(__x86_64__)
#define DENOSCOPE_PROCESSOR_HAS(feature) (__builtin_cpu_supports(feature) != 0)
#else
#define DENOSCOPE_PROCESSOR_HAS(feature) false
#endif

Processor processor() {
    return DENOSCOPE_PROCESSOR_HAS("x86-64-v4")   ? Processor::Avx512
           : DENOSCOPE_PROCESSOR_HAS("x86-64-v3") ? Processor::Avx2
                                                  : Processor::Base;
}

bool multipliesBFloat16() {
    return processor() == Processor::Avx512 && DENOSCOPE_PROCESSOR_HAS("avx512bf16");
}

bool multipliesMatrices() {
    return processor() == Processor::Avx512 && DENOSCOPE_PROCESSOR_HAS("amx-bf16");
}

}  // namespace denoscope
