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

const NpzArray& NpzFile::choose(const std::string& part) const {
    if (part.empty())
        return *std::ranges::max_element(m_arrays, {},
                                         [](const NpzArray& array) { return elementCount(array.shape); });
    if (const NpzArray* array = find(part))
        return *array;
    std::string names;
    for (const NpzArray& array : m_arrays)
        names += (names.empty() ? "" : ", ") + printable(array.name);
    throw EngineError(fmt::format("has no array of numbers named {}", inQuotes(part)), m_path,
                      "set data.part to one of: " + names);
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

StoredArray openNpz(const std::filesystem::path& path, const std::string& part, std::uint64_t limit) {
    const NpzFile file(path);
    return file.open(file.choose(part), limit);
}

}  // namespace denoscope
