// SPDX-License-Identifier: GPL-3.0-or-later
// What this processor can do; found out when the program runs, and nowhere else.
#pragma once

namespace denoscope {

// Ever wider vectors; each can do what those before it can. Avx2 and Avx512 are all of x86-64-v3 and v4.
enum class Processor { Base, Avx2, Avx512 };

Processor processor();

// Beside Avx512: products of bfloat16 numbers, and of matrices of them (AMX).
bool multipliesBFloat16();
bool multipliesMatrices();

}  // namespace denoscope
