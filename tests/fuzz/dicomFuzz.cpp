// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/api/Error.h"
#include "engine/data/DicomSet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const int file = ::memfd_create("fuzzed", MFD_CLOEXEC);
    if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size))
        std::abort();
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    try {
        denoscope::openDicom({path, false, {{path, "fuzzed", -1}}, {}, {}}, {}, 1 << 22);
    } catch (const denoscope::EngineError& error) {
        if (error.error().what.empty() || error.error().where.empty() || error.error().remedy.empty())
            std::abort();
    }
    ::close(file);
    return 0;
}
