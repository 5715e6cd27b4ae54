// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/Fuzzed.h"

using namespace denoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return readFuzzedItems(niftiFormat, {data, size});
}
