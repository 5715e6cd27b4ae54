// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Recording.h"
#include "tests/fuzz/Fuzzed.h"

using namespace denoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return readFuzzed([&] {
        const Recording recording = openEdf(Fuzzed{data, size}.source(), size, "fuzzed");
        std::vector<float> first(1);
        for (const RecordedChannel& channel : recording.recorded)
            readChannel(recording.sources[channel.source], channel.place, 0, first);
    });
}
