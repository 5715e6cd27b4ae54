// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Npy.h"
#include "tests/fuzz/Fuzzed.h"

using namespace denoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return readFuzzed([&] {
        const StoredArray array = openNpy(Fuzzed{data, size}.source(), size, "fuzzed", 1 << 24);
        std::vector<float> values(static_cast<std::size_t>(elementCount(array.shape)));
        readRun(array.raw, 0, values);
    });
}
