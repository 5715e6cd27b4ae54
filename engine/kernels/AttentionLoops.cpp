// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/AttentionLoops.h"

#include "engine/kernels/AttentionGradient.h"

namespace denoscope::kernels::DENOSCOPE_ARCH {
namespace {

template <class Lanes, class Value>
constexpr AttentionLoops<Value> loops{prepareKeys<Lanes, Value>, forwardBlock<Lanes, Value>,
                                      backwardBlock<Lanes, Value>, keyGradient<Value>, memoryGradient};

}  // namespace

extern const AttentionLoops<float> attentionFloat;
extern const AttentionLoops<BFloat16> attentionBFloat16;
const AttentionLoops<float> attentionFloat = loops<FloatLanes, float>;
const AttentionLoops<BFloat16> attentionBFloat16 = loops<FloatLanes, BFloat16>;

}  // namespace denoscope::kernels::DENOSCOPE_ARCH
