// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "engine/api/Array.h"
#include "engine/api/Data.h"
#include "engine/api/Error.h"

namespace denoscope {

std::string toText(const Error& error) {
    std::string text = error.where.empty() ? error.what : error.where + ": " + error.what;
    return error.remedy.empty() ? text : text + " (" + error.remedy + ")";
}

std::int64_t elementCount(const Shape& shape) {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) {
        if (extent < 0 || (extent > 0 && count > std::numeric_limits<std::int64_t>::max() / extent))
            throw EngineError("the shape " + toText(shape) + " is impossible", "", "the file is damaged");
        count *= extent;
    }
    return count;
}

std::string toText(const Shape& shape) {
    return fmt::format("{}", fmt::join(shape, " x "));
}

const char* toText(DataKind kind) {
    switch (kind) {
        case DataKind::Signal:
            return "signal";
        case DataKind::Image:
            return "image";
        case DataKind::Volume:
            return "volume";
    }
    return "";
}

}  // namespace denoscope
