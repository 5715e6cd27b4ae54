// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the programs that LibTorch and Qt are linked with: shared libraries of our own
// (denoscope_add_module() in app/CMakeLists.txt), loaded when the environment is ready for it.
#pragma once

#include <string>

namespace denoscope {

// Of a module in `file`, which is looked for on the program's run path unless it names a folder; it stays
// loaded. Throws EngineError where there is no such module or symbol.
void* symbolOf(const std::string& file, const char* symbol);

}  // namespace denoscope
