// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "engine/api/Error.h"
#include "engine/data/formats/Format.h"

namespace denoscope {

// What a file of these bytes ends in: its items, or an EngineError that says what is wrong.
inline int readAsFile(std::unique_ptr<Format> (*make)(), const std::uint8_t* data, std::size_t size) {
    constexpr std::int64_t mostValues = 1 << 16;
    const int file = ::memfd_create("fuzzed", MFD_CLOEXEC);
    if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size))
        std::abort();
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    try {
        const auto format = make();
        const ItemHeader header = format->inspect(path);
        const Shape extents(header.shape.begin() + 1, header.shape.end());
        if (elementCount(header.shape) <= mostValues)
            format->read(path, header.count - 1, Shape(extents.size(), 0), extents);
    } catch (const EngineError& error) {
        if (error.error().what.empty() || error.error().where.empty() || error.error().remedy.empty()) {
            std::fprintf(stderr, "an error that does not help: %s\n", error.what());
            std::abort();
        }
    }
    ::close(file);
    return 0;
}

}  // namespace denoscope
