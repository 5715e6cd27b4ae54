// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/FuzzedFormat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return denoscope::readAsFile(denoscope::niftiFormat, data, size);
}
