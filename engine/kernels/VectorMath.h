// SPDX-License-Identifier: GPL-3.0-or-later
// Scalar functions without branches, which compilers turn into vector code. For *Loops.cpp alone.
#pragma once

#include <cstdint>

#include "engine/kernels/BFloat16.h"

namespace denoscope::kernels::DENOSCOPE_ARCH {
namespace {  // a file may be compiled for more than its siblings

// e^x in float for x in -87 .. 88: 2^n times a polynomial in the rest (range reduction by ln 2 in two parts;
// coefficients of the Taylor series to the sixth order, enough within |rest| <= ln 2 / 2). Relative error
// below 2e-7. A NaN that arithmetic made stays one.
inline float expWithin(float x) {
    const float shifted = x * 1.44269504F + 12582912.0F;  // 1.5 * 2^23: rounds to a whole number
    const float whole = shifted - 12582912.0F;
    const float rest = (x - whole * 0.693359375F) + whole * 2.12194440e-4F;
    float power = 1.0F / 720;
    power = power * rest + 1.0F / 120;
    power = power * rest + 1.0F / 24;
    power = power * rest + 1.0F / 6;
    power = power * rest + 0.5F;
    power = power * rest + 1.0F;
    power = power * rest + 1.0F;
    const std::uint32_t exponent = __builtin_bit_cast(std::uint32_t, shifted) << 23;
    return __builtin_bit_cast(float, __builtin_bit_cast(std::uint32_t, power) + exponent);
}

// Beyond these ends it stays at their values.
inline float expOf(float x) {
    return expWithin(x < -87.0F ? -87.0F : x > 88.0F ? 88.0F : x);
}

inline float sigmoidOf(float x) {
    return 1.0F / (1.0F + expOf(-x));
}

inline float toFloat(float value) {
    return value;
}
inline float toFloat(BFloat16 value) {
    return __builtin_bit_cast(float, static_cast<std::uint32_t>(value.bits) << 16);
}
inline void assign(float& to, float value) {
    to = value;
}
// Two rounds of a finaliser that mixes 32 bits well (Wellons 2018, "lowbias32"), so that neither neighbours
// nor keys that differ in one bit resemble each other.
inline std::uint32_t mixed(std::uint32_t x) {
    x = (x ^ (x >> 16)) * 0x7feb352dU;
    x = (x ^ (x >> 15)) * 0x846ca68bU;
    return x ^ (x >> 16);
}
// Whether dropout takes this element of an item: a function of the two alone, so that a mask needs no memory.
inline bool dropped(std::uint64_t key, std::uint32_t element, std::uint32_t threshold) {
    const std::uint32_t first = mixed(element + static_cast<std::uint32_t>(key));
    return mixed(first ^ static_cast<std::uint32_t>(key >> 32)) < threshold;
}

// As many floats as fit into a register.
#if defined(__AVX512F__)
constexpr int vectorLanes = 16;
#elif defined(__AVX2__)
constexpr int vectorLanes = 8;
#else
constexpr int vectorLanes = 4;
#endif
using Floats = float __attribute__((vector_size(vectorLanes * 4)));
// Where they lie among others. Not for variables, which compilers move as whole aligned registers.
using FloatsInMemory = float __attribute__((vector_size(vectorLanes * 4), aligned(4), may_alias));

inline Floats floatsAt(const float* values) {
    return *reinterpret_cast<const FloatsInMemory*>(values);
}
inline void store(float* to, const Floats& values) {
    *reinterpret_cast<FloatsInMemory*>(to) = values;
}
inline Floats floatsAt(const BFloat16* values) {
    using Halves = std::uint16_t __attribute__((vector_size(vectorLanes * 2), aligned(2), may_alias));
    using Words = std::uint32_t __attribute__((vector_size(vectorLanes * 4)));
    return __builtin_bit_cast(Floats, __builtin_convertvector(*reinterpret_cast<const Halves*>(values), Words)
                                          << 16);
}

// Half and half: what compilers make of a reduction adds one after another, which takes longer than a short
// row.
inline float sumOf(const Floats& values) {
    float sums[vectorLanes];
    __builtin_memcpy(sums, &values, sizeof sums);
#pragma GCC unroll 4
    for (int half = vectorLanes / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i)
            sums[i] += sums[i + half];
    return sums[0];
}

// Rounded to nearest even.
inline void assign(BFloat16& to, float value) {
    const auto bits = __builtin_bit_cast(std::uint32_t, value);
    const std::uint32_t rounded = (bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16;
    to.bits = static_cast<std::uint16_t>(value != value ? 0x7fc0U : rounded);
}

}  // namespace
}  // namespace denoscope::kernels::DENOSCOPE_ARCH
