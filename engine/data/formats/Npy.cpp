// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <string_view>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"

namespace denoscope {
namespace {

constexpr std::string_view mark = "\x93NUMPY";

struct Header {
    std::string descr;
    bool fortran = false;
    Shape shape;
};

[[noreturn]] void failHeader(const std::string& name, const std::string& what) {
    throw EngineError(what, name,
                      "the file is damaged or not an NPY file; save the array again with numpy.save");
}

// The Python dictionary literal {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. Only what
// follows each of the three keys is looked at.
class HeaderText {
public:
    HeaderText(std::string_view text, const std::string& name) : m_text(text), m_name(name) {}

    Header parse() const {
        Header header;
        std::string_view rest = after("descr");
        if (rest.empty() || (rest.front() != '\'' && rest.front() != '"'))
            failHeader(m_name, "holds records or objects instead of plain numbers");
        const std::size_t end = rest.find(rest.front(), 1);
        if (end == std::string_view::npos)
            failHeader(m_name, "has a type that is never closed in its header");
        header.descr = rest.substr(1, end - 1);
        header.fortran = after("fortran_order").starts_with("True");
        header.shape = parseShape(after("shape"));
        return header;
    }

private:
    std::string_view after(const std::string& key) const {
        for (const char quote : {'\'', '"'}) {
            const std::size_t at = m_text.find(quote + key + quote);
            if (at != std::string_view::npos)
                return skip(m_text.substr(at + key.size() + 2), " :");
        }
        failHeader(m_name, fmt::format("has no '{}' in its header", key));
    }

    static std::string_view skip(std::string_view text, std::string_view what) {
        text.remove_prefix(std::min(text.find_first_not_of(what), text.size()));
        return text;
    }

    Shape parseShape(std::string_view text) const {
        Shape shape;
        if (!text.starts_with('('))
            failHeader(m_name, "has no shape in its header");
        for (text = skip(text.substr(1), " ,L"); !text.starts_with(')'); text = skip(text, " ,L")) {
            std::int64_t extent = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), extent);
            if (error != std::errc() || extent < 0 || shape.size() >= 32)
                failHeader(m_name,
                           fmt::format("has an impossible shape in its header: ({}",
                                       text.substr(0, std::min<std::size_t>(40, text.find(')') + 1))));
            shape.push_back(extent);
            text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        }
        return shape;
    }

    std::string_view m_text;
    const std::string& m_name;
};

// "<f4": byte order, kind, bytes.
void parseType(RawArray& raw, const std::string& descr, const std::string& name) {
    const std::string_view text = descr;
    std::string_view rest = text;
    if (!rest.empty() && std::string_view("<>=|").find(rest.front()) != std::string_view::npos) {
        raw.bigEndian = rest.front() == '>';
        rest.remove_prefix(1);
    }
    raw.type = {rest.empty() || rest.front() == '?' ? 'b' : rest.front(), rest == "?" ? 1 : 0};
    if (rest.size() > 1)
        std::from_chars(rest.data() + 1, rest.data() + rest.size(), raw.type.bytes);
    if (!isKnown(raw.type))
        throw EngineError(fmt::format("holds values of type '{}'", descr), name,
                          "convert the array to truth values, integers or real numbers of at most 64 bits");
}

std::uint64_t bytesOf(const StoredArray& array, const std::string& name) {
    const Shape bytes{claimedCount(array.shape, name), array.raw.type.bytes};
    return static_cast<std::uint64_t>(claimedCount(bytes, name));
}

void requireBytes(const StoredArray& array, std::uint64_t size, const std::string& name) {
    const std::uint64_t needed = bytesOf(array, name);
    if (size < array.raw.offset || size - array.raw.offset < needed)
        throw EngineError(fmt::format("has {} bytes where its shape ({}) of {} needs {}", size,
                                      toText(array.shape), toText(array.raw.type), array.raw.offset + needed),
                          name, "the file is cut short; copy or save it again");
}

// numpy.save() called again with the same file puts one array behind the other.
void noteWhatFollows(StoredArray& array, std::uint64_t size, const std::string& name) {
    const std::uint64_t end = array.raw.offset + bytesOf(array, name);
    std::array<char, mark.size()> next{};
    if (size - end >= next.size())
        array.raw.bytes->read(end, std::as_writable_bytes(std::span(next)));
    if (std::string_view(next.data(), next.size()) == mark)
        array.notes.emplace_back(
            "Of the arrays in an NPY file only the first is read; numpy.savez keeps several by name.");
    else if (size > end)
        array.damage.push_back(fmt::format("it holds {} behind its values", counted(size - end, "byte")));
}

void requireMemory(std::uint64_t needed, std::uint64_t limit, const std::string& name,
                   const std::string& why) {
    if (needed > limit)
        throw EngineError(fmt::format("needs {} MiB of memory because it is {}; {} MiB are allowed",
                                      needed >> 20, why, limit >> 20),
                          name, "raise data.cache_mib, or save it uncompressed and in C order");
}

// Column-major to row-major, as float32 in memory.
StoredArray transposed(const StoredArray& array, std::uint64_t limit, const std::string& name) {
    const auto count = static_cast<std::uint64_t>(elementCount(array.shape));
    requireMemory(2 * count * sizeof(float), limit, name, "stored in Fortran order");
    std::vector<float> columns(count), rows(count);
    readRun(array.raw, 0, columns);
    Shape index(array.shape.size(), 0);  // of the next value in column-major order
    for (const float value : columns) {
        std::int64_t place = 0;
        for (std::size_t axis = 0; axis < index.size(); ++axis)
            place = place * array.shape[axis] + index[axis];
        rows[static_cast<std::size_t>(place)] = value;
        for (std::size_t axis = 0; axis < index.size() && ++index[axis] == array.shape[axis]; ++axis)
            index[axis] = 0;
    }
    StoredArray result = storedValues(std::move(rows), array.shape, name);
    result.type = array.type;
    result.notes = array.notes;
    result.damage = array.damage;
    return result;
}

}  // namespace

StoredArray inspectNpy(ByteSourcePtr bytes, std::uint64_t size, const std::string& name) {
    StoredArray array;
    array.raw.bytes = std::move(bytes);
    std::array<unsigned char, 12> start{};
    if (size < start.size())
        failHeader(name, "is too short for an NPY file");
    array.raw.bytes->read(0, std::as_writable_bytes(std::span(start)));
    if (std::memcmp(start.data(), mark.data(), mark.size()) != 0 || start[6] < 1 || start[6] > 3)
        failHeader(name, "does not begin as an NPY file does");
    const bool wide = start[6] > 1;  // the header's length: 2 bytes in version 1, 4 since
    const std::uint64_t length = start[8] | start[9] << 8 |
                                 (wide ? std::uint64_t{start[10]} << 16 | std::uint64_t{start[11]} << 24 : 0);
    const std::uint64_t begin = wide ? 12 : 10;
    if (length > size - begin || length > (1 << 20))
        failHeader(name, fmt::format("claims a header of {} bytes in a file of {}", length, size));
    std::string text(length, '\0');
    array.raw.bytes->read(begin, std::as_writable_bytes(std::span(text)));
    const Header header = HeaderText(text, name).parse();
    parseType(array.raw, header.descr, name);
    array.type = array.raw.type;
    array.raw.offset = begin + length;
    array.shape = header.shape;
    array.fortran = header.fortran && array.shape.size() > 1;
    requireBytes(array, size, name);
    return array;
}

StoredArray openNpy(ByteSourcePtr bytes, std::uint64_t size, const std::string& name, std::uint64_t limit) {
    StoredArray array = inspectNpy(std::move(bytes), size, name);
    noteWhatFollows(array, size, name);
    return array.fortran ? transposed(array, limit, name) : array;
}

StoredArray openNpy(const std::filesystem::path& path, std::uint64_t limit) {
    return openNpy(openBytes(path), fileSize(path), path.string(), limit);
}

StoredArray inspectIdx(ByteSourcePtr bytes, std::uint64_t size, const std::string& name) {
    StoredArray array;
    array.raw.bytes = std::move(bytes);
    array.raw.bigEndian = true;
    std::array<unsigned char, 4> magic{};
    array.raw.bytes->read(0, std::as_writable_bytes(std::span(magic)));
    constexpr std::array<std::pair<int, ScalarType>, 6> types{
        {{8, {'u', 1}}, {9, {'i', 1}}, {11, {'i', 2}}, {12, {'i', 4}}, {13, {'f', 4}}, {14, {'f', 8}}}};
    const auto known =
        std::find_if(types.begin(), types.end(), [&](const auto& type) { return type.first == magic[2]; });
    if (magic[0] != 0 || magic[1] != 0 || known == types.end() || magic[3] < 1 || magic[3] > 5)
        throw EngineError("does not begin as an IDX file does", name, "check that this is the right file");
    array.raw.type = array.type = known->second;
    array.raw.offset = 4 + 4 * std::uint64_t{magic[3]};
    for (std::uint64_t axis = 0; axis < magic[3]; ++axis) {
        std::array<unsigned char, 4> b{};
        array.raw.bytes->read(4 + 4 * axis, std::as_writable_bytes(std::span(b)));
        array.shape.push_back(std::int64_t{b[0]} << 24 | b[1] << 16 | b[2] << 8 | b[3]);
    }
    requireBytes(array, size, name);
    return array;
}

StoredArray openIdx(const std::filesystem::path& path, std::uint64_t limit) {
    const std::string name = path.string();
    const std::uint64_t size = fileSize(path);
    if (!isGzip(path)) {
        StoredArray array = inspectIdx(openBytes(path), size, name);
        noteWhatFollows(array, size, name);
        return array;
    }
    StoredArray array = inspectIdx(openGzip(path), largestInflated(size), name);
    const std::uint64_t needed = bytesOf(array, name);
    requireMemory(needed, limit, name, "compressed");
    std::vector<std::byte> bytes(needed);
    array.raw.bytes->read(array.raw.offset, bytes);
    array.raw.bytes = bytesInMemory(std::move(bytes), name);
    array.raw.offset = 0;
    return array;
}

StoredArray storedValues(std::vector<float> values, Shape shape, const std::string& name) {
    StoredArray array;
    array.raw.bytes = valuesInMemory(std::move(values), name);
    array.raw.type = array.type = {'f', 4};
    array.raw.bigEndian = std::endian::native == std::endian::big;
    array.shape = std::move(shape);
    return array;
}

}  // namespace denoscope
