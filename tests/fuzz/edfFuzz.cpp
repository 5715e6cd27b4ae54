// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/api/Error.h"
#include "engine/data/formats/Recording.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace denoscope;
    if (size == 0)
        return 0;  // memcpy() wants addresses
    try {
        std::vector<std::byte> bytes(size);
        std::memcpy(bytes.data(), data, size);
        const Recording recording = openEdf(bytesInMemory(std::move(bytes), "fuzz"), size, "fuzz");
        std::vector<float> first(1);
        for (const RecordedChannel& channel : recording.recorded)
            readChannel(recording.sources[channel.source], channel.place, 0, first);
    } catch (const EngineError&) {  // a refusal is as good as an answer
    }
    return 0;
}
