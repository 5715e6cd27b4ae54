// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/api/Error.h"
#include "engine/data/formats/Npy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace denoscope;
    if (size == 0)
        return 0;  // memcpy() wants addresses
    try {
        std::vector<std::byte> bytes(size);
        std::memcpy(bytes.data(), data, size);
        const StoredArray array = openNpy(bytesInMemory(std::move(bytes), "fuzz"), size, "fuzz", 1 << 24);
        std::vector<float> values(static_cast<std::size_t>(elementCount(array.shape)));
        readRun(array.raw, 0, values);
    } catch (const EngineError&) {  // a refusal is as good as an answer
    }
    return 0;
}
