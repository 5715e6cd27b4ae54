// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Recording.h"
#include "tests/fuzz/Fuzzed.h"

using namespace denoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return readFuzzed([&] { parseWfdbHeader(Fuzzed{data, size}.text(), "fuzzed"); });
}
