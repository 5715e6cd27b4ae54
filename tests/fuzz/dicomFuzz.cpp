// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/DicomSet.h"
#include "tests/fuzz/Fuzzed.h"

using namespace denoscope;

// GDCM and OpenJPEG keep what they had of a picture that they give up.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libgdcm\nleak:libopenjp2";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    DataConfig config;
    config.cacheMiB = 4;
    return readFuzzedFile({data, size}, [&](const std::string& path) {
        openDicom({path, false, {{path, "fuzzed", -1}}, {}, {}}, {config});
    });
}
