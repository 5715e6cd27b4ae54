// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>

namespace denoscope::kernels {

// Whether it says that there was no memory, in oneDNN's way (of its scratch memory, whoever called it) or in
// the standard library's.
bool isLackOfMemory(const std::exception& error);

}  // namespace denoscope::kernels
