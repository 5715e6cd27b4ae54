// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/api/Error.h"
#include "engine/data/formats/Recording.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace denoscope;
    try {
        parseWfdbHeader({reinterpret_cast<const char*>(data), size}, "fuzz");
    } catch (const EngineError&) {  // a refusal is as good as an answer
    }
    return 0;
}
