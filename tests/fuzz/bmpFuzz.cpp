// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/api/Error.h"
#include "engine/data/formats/Pictures.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace denoscope;
    try {
        readBmp(std::as_bytes(std::span(data, size)), "fuzz");
    } catch (const EngineError&) {  // a refusal is as good as an answer
    }
    return 0;
}
