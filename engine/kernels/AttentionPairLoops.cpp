// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of AttentionLoops.cpp with products in bfloat16, for processors that have an instruction for
// them.
#ifdef __AVX512F__
#pragma GCC target("avx512bf16")
#define DENOSCOPE_PAIRS

#include "engine/kernels/AttentionGradient.h"

namespace denoscope::kernels::DENOSCOPE_ARCH {

extern const AttentionLoops<BFloat16> attentionPairs;
const AttentionLoops<BFloat16> attentionPairs{
    prepareKeys<PairLanes, BFloat16>, forwardBlock<PairLanes, BFloat16>, backwardBlock<PairLanes, BFloat16>,
    keyGradient<BFloat16>, memoryGradient};

}  // namespace denoscope::kernels::DENOSCOPE_ARCH
#endif
