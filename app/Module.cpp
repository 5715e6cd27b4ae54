// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Module.h"

#include <dlfcn.h>

#include "engine/api/Error.h"

namespace denoscope {

void* symbolOf(const std::string& file, const char* symbol) {
    // For all to see, as libraries that a program is linked with: some load others that rely on it. And never
    // unloaded, for LibTorch and OpenMP leave threads and destructors behind.
    void* library = dlopen(file.c_str(), RTLD_LAZY | RTLD_GLOBAL | RTLD_NODELETE);
    void* found = library != nullptr ? dlsym(library, symbol) : nullptr;
    if (found == nullptr)
        throw EngineError(std::string("a part of denoscope cannot be loaded: ") + dlerror(), file,
                          "install denoscope again: its parts belong together");
    return found;
}

}  // namespace denoscope
