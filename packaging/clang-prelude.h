// SPDX-License-Identifier: GPL-3.0-or-later
// Included before every file by packaging/lint, never by the build. clang refuses LibTorch 1.13's headers in
// C++20: libstdc++'s constexpr vector makes it look into c10::IValue while that type is incomplete (GCC does
// not mind). A vector that is not constexpr lets it read on.
#pragma once

#include <string>

#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR
#define __fill_a1 __fill_a1_renamed  // declared constexpr before, so it cannot be redeclared without
#include <vector>
#undef __fill_a1
#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR constexpr
