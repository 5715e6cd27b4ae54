// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/NpyWriter.h"

#include <fmt/format.h>

#include <bit>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/export/Numbers.h"

namespace denoscope {
namespace {

// NPY version 1.0; the header is padded so that the values begin at a multiple of 64 bytes.
std::string headerOf(const Shape& shape, ScalarType type) {
    std::string extents;
    for (const std::int64_t extent : shape)
        extents += fmt::format("{}, ", extent);
    const char order = type.bytes == 1 ? '|' : std::endian::native == std::endian::big ? '>' : '<';
    std::string text = fmt::format("{{'descr': '{}{}{}', 'fortran_order': False, 'shape': ({}), }}", order,
                                   type.kind, type.bytes, extents);
    text.append(63 - (text.size() + 10) % 64, ' ').push_back('\n');
    std::string header("\x93NUMPY\x01\x00", 8);
    header.push_back(static_cast<char>(text.size() & 0xff));
    header.push_back(static_cast<char>(text.size() >> 8));
    return header + text;
}

}  // namespace

void writeNpy(const ItemSource& items, bool single, const std::string& path) {
    const Shape first = items.item(0).array->shape;
    Shape all = first;
    if (!single)
        all.insert(all.begin(), items.count);
    writeFileAtomically(path, [&](std::ostream& stream) {
        stream << headerOf(all, items.type);
        std::string bytes;
        for (std::int64_t i = 0; i < items.count; ++i) {
            const ArrayPtr array = items.item(i).array;
            if (array->shape != first)
                throw EngineError(fmt::format("items of {} and {} do not fit into one file", toText(first),
                                              toText(array->shape)),
                                  path, "write items of one size");
            bytes.clear();
            appendAs(items.type, array->values, bytes);
            stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        }
    });
}

}  // namespace denoscope
