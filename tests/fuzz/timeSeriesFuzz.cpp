// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/SignalTable.h"
#include "tests/fuzz/Fuzzed.h"

using namespace denoscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    DataConfig config;
    config.cacheMiB = 16;
    return readFuzzed([&] { parseTimeSeries(Fuzzed{data, size}.text(), "fuzzed", config); });
}
