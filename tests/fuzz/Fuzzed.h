// SPDX-License-Identifier: GPL-3.0-or-later
// What the fuzz targets share. Whatever the bytes are, a reader answers or refuses in a way that helps.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/Error.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/Format.h"

namespace denoscope {

// The arbitrary bytes in the forms that readers take.
struct Fuzzed {
    const std::uint8_t* data;
    std::size_t size;

    std::span<const std::byte> bytes() const { return std::as_bytes(std::span(data, size)); }
    std::string_view text() const { return {reinterpret_cast<const char*>(data), size}; }
    ByteSourcePtr source() const { return bytesInMemory({bytes().begin(), bytes().end()}, "fuzzed"); }
};

// What LLVMFuzzerTestOneInput() returns. A refusal is as good as an answer.
template <class Read>
int readFuzzed(const Read& read) {
    try {
        read();
    } catch (const EngineError& error) {
        if (error.error().what.empty() || error.error().where.empty() || error.error().remedy.empty()) {
            std::fprintf(stderr, "an error that does not help: %s\n", error.what());
            std::abort();
        }
    }
    return 0;
}

// The same of a file that holds the bytes, in memory: read(path).
template <class Read>
int readFuzzedFile(const Fuzzed& fuzzed, const Read& read) {
    const int file = ::memfd_create("fuzzed", MFD_CLOEXEC);
    if (file < 0 || ::write(file, fuzzed.data, fuzzed.size) != static_cast<ssize_t>(fuzzed.size))
        std::abort();
    const int result = readFuzzed([&] { read("/proc/self/fd/" + std::to_string(file)); });
    ::close(file);
    return result;
}

// Its last item, where that is not large.
inline int readFuzzedItems(std::unique_ptr<Format> (*make)(), const Fuzzed& fuzzed) {
    constexpr std::int64_t mostValues = 1 << 16;
    return readFuzzedFile(fuzzed, [&](const std::string& path) {
        const auto format = make();
        const ItemHeader header = format->inspect(path);
        const Shape extents(header.shape.begin() + 1, header.shape.end());
        if (elementCount(header.shape) <= mostValues)
            format->read(path, header.count - 1, Shape(extents.size(), 0), extents);
    });
}

}  // namespace denoscope
