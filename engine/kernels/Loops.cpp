// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/Arch.h"
#include "engine/kernels/AttentionLoops.h"
#include "engine/kernels/PointLoops.h"
#include "engine/kernels/PointwiseLoops.h"
#include "engine/kernels/UpdateLoops.h"
#include "engine/kernels/WinogradLoops.h"

namespace denoscope::kernels {

#define DENOSCOPE_DECLARE_LOOPS(arch)                        \
    namespace arch {                                         \
    extern const AttentionLoops<float> attentionFloat;       \
    extern const AttentionLoops<BFloat16> attentionBFloat16; \
    extern const PointwiseLoops<float> pointwiseFloat;       \
    extern const PointwiseLoops<BFloat16> pointwiseBFloat16; \
    extern const UpdateLoops updates;                        \
    extern const WinogradLoops winograd;                     \
    extern const PointLoops points;                          \
    }
DENOSCOPE_DECLARE_LOOPS(base)
DENOSCOPE_DECLARE_LOOPS(avx2)
DENOSCOPE_DECLARE_LOOPS(avx512)
namespace avx512 {
extern const AttentionLoops<BFloat16> attentionPairs;  // products in bfloat16, where the processor has them
}

template <>
const PointwiseLoops<float>& pointwiseLoops<float>() {
    static const PointwiseLoops<float>& loops = DENOSCOPE_CHOOSE_LOOPS(pointwiseFloat);
    return loops;
}
template <>
const PointwiseLoops<BFloat16>& pointwiseLoops<BFloat16>() {
    static const PointwiseLoops<BFloat16>& loops = DENOSCOPE_CHOOSE_LOOPS(pointwiseBFloat16);
    return loops;
}
const UpdateLoops& updateLoops() {
    static const UpdateLoops& loops = DENOSCOPE_CHOOSE_LOOPS(updates);
    return loops;
}

const PointLoops& pointLoops() {
    static const PointLoops& loops = DENOSCOPE_CHOOSE_LOOPS(points);
    return loops;
}
const WinogradLoops& winogradLoops() {
    static const WinogradLoops& loops = DENOSCOPE_CHOOSE_LOOPS(winograd);
    return loops;
}

template <>
const AttentionLoops<float>& attentionLoops<float>() {
    static const AttentionLoops<float>& loops = DENOSCOPE_CHOOSE_LOOPS(attentionFloat);
    return loops;
}
template <>
const AttentionLoops<BFloat16>& attentionLoops<BFloat16>() {
#ifdef DENOSCOPE_LOOPS_avx512
    static const bool pairs = multipliesBFloat16();
    if (pairs)
        return avx512::attentionPairs;
#endif
    static const AttentionLoops<BFloat16>& loops = DENOSCOPE_CHOOSE_LOOPS(attentionBFloat16);
    return loops;
}

}  // namespace denoscope::kernels
