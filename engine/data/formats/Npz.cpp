// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Npz.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/api/Error.h"
#include "engine/core/Printable.h"

namespace denoscope {
namespace {

constexpr std::string_view ending = ".npy";
constexpr std::uint64_t deflateRatio = largestInflated(1);
constexpr std::uint64_t longestHeader = (1 << 20) + 12;  // as openNpy() allows

std::string nameAs(const NpzArray& array, const ArrayLayout& layout) {
    return fmt::format("{} as {}", array.name, partName(layout));
}

std::int64_t sizeOf(const NpzArray& array) {
    return elementCount(array.shape);
}

}  // namespace

NpzFile::NpzFile(const std::filesystem::path& path) : m_path(path.string()), m_archive(path, deflateRatio) {
    for (const auto& [name, member] : m_archive.members()) {
        if (!name.ends_with(ending))
            continue;
        const std::string where = fmt::format("{}, member {}", m_path, inQuotes(name));
        try {
            const StoredArray array = inspectNpy(
                bytesInMemory(m_archive.readStart(name, longestHeader), where), member.bytes, where);
            m_arrays.push_back({name.substr(0, name.size() - ending.size()), array.shape, array.type});
        } catch (const EngineError&) {  // texts and objects; a damaged one is missed only if it is asked for
        }
    }
    if (m_arrays.empty())
        throw EngineError("holds no array of numbers", m_path,
                          "save truth values, integers or real numbers with numpy.savez");
}

const NpzArray* NpzFile::find(const std::string& name) const {
    const auto found = std::ranges::find(m_arrays, name, &NpzArray::name);
    return found == m_arrays.end() ? nullptr : &*found;
}

std::vector<NpzPart> NpzFile::readings(const NpzLayouts& layouts) const {
    std::vector<NpzPart> readings;
    for (const NpzArray& array : m_arrays) {
        std::vector<ArrayLayout> ways;
        try {
            ways = layouts(array);
        } catch (const EngineError&) {  // single numbers, for one
        }
        for (const ArrayLayout& way : ways)
            readings.push_back(
                {&way == &ways.front() ? array.name : nameAs(array, way), &array, way, ways.size() > 1});
    }
    return readings;
}

NpzPart NpzFile::choose(const std::string& part, const NpzLayouts& layouts) const {
    const NpzArray* named = part.empty() ? &*std::ranges::max_element(m_arrays, {}, sizeOf) : find(part);
    if (named) {
        const std::vector<ArrayLayout> ways = layouts(*named);
        return {named->name, named, ways.front(), ways.size() > 1};
    }
    std::string names;
    for (const NpzPart& reading : readings(layouts)) {
        if (part == reading.name || part == nameAs(*reading.array, reading.layout))
            return reading;
        names += (names.empty() ? "" : ", ") + printable(reading.name);
    }
    throw EngineError(fmt::format("has no array of numbers named {}", inQuotes(part)), m_path,
                      "set data.part to one of: " + names);
}

std::vector<SourcePart> NpzFile::parts(const NpzLayouts& layouts) const {
    std::vector<SourcePart> parts;
    for (const NpzPart& reading : readings(layouts))
        parts.push_back({reading.name, fmt::format("{}, {}", toText(reading.array->type),
                                                   reading.choice ? toText(reading.layout)
                                                                  : toText(reading.array->shape))});
    return parts.size() > 1 ? parts : std::vector<SourcePart>{};
}

const NpzArray* NpzFile::labelsFor(const NpzArray& array, std::int64_t count) const {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 10> pairs{{{"images", "labels"},
                                                                                   {"image", "label"},
                                                                                   {"imgs", "labels"},
                                                                                   {"signals", "labels"},
                                                                                   {"volumes", "labels"},
                                                                                   {"data", "labels"},
                                                                                   {"data", "target"},
                                                                                   {"x", "y"},
                                                                                   {"X", "y"},
                                                                                   {"X", "Y"}}};
    std::vector<std::string> names;
    for (const auto& [from, to] : pairs)
        if (const std::size_t at = array.name.find(from); at != std::string::npos)
            names.push_back(std::string(array.name).replace(at, from.size(), to));
    names.insert(names.end(), {"labels", "label", "targets", "target", "y"});
    for (const std::string& name : names) {
        const NpzArray* labels = find(name);
        if (labels && labels != &array && elementCount(labels->shape) == count)
            return labels;
    }
    return nullptr;
}

StoredArray NpzFile::open(const NpzArray& array, std::uint64_t limit) const {
    const std::string member = array.name + std::string(ending);
    const std::string where = fmt::format("{}, member {}", m_path, inQuotes(member));
    const std::uint64_t size = m_archive.members().at(member).bytes;
    if (size > limit)
        throw EngineError(
            fmt::format("needs {} MiB once unpacked; {} MiB are allowed", size >> 20, limit >> 20), where,
            "raise data.cache_mib, or save the array as NPY, which is read piece by piece");
    return openNpy(bytesInMemory(m_archive.read(member), where), size, where, limit);
}

}  // namespace denoscope
