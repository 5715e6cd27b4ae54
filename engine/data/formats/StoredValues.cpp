// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/StoredValues.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void failStored(const fs::path& file, const std::string& what) {
    throw EngineError(what, file.string(),
                      "the file is damaged or not the one meant; copy or export it again");
}

// The byte behind `lines` lines.
std::uint64_t afterLines(const fs::path& file, std::uint64_t start, std::int64_t lines) {
    const ByteSourcePtr bytes = openBytes(file);
    const std::uint64_t size = fileSize(file);
    std::array<std::byte, 1 << 14> part{};
    while (lines > 0) {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(part.size(), size - std::min(size, start)));
        if (count == 0)
            failStored(file, "has fewer lines than its header says are to be left out");
        bytes->read(start, std::span(part).first(count));
        std::size_t used = 0;
        while (used < count && lines > 0)
            if (part[used++] == std::byte{'\n'})
                --lines;
        start += used;
    }
    return start;
}

// What gzip writes last: the length before compression, modulo 2^32.
std::uint64_t lengthInTrailer(const fs::path& file) {
    const std::uint64_t size = fileSize(file);
    if (size < 18)
        failStored(file, "is too short for a gzip file");
    std::array<unsigned char, 4> b{};
    openBytes(file)->read(size - 4, std::as_writable_bytes(std::span(b)));
    return b[0] | b[1] << 8 | b[2] << 16 | std::uint64_t{b[3]} << 24;
}

// One file's part of the values: `bytes` of them, from `offset` on.
struct Part {
    ByteSourcePtr source;
    std::uint64_t offset = 0;
};

Part openPart(const StoredValues& stored, const fs::path& file, std::uint64_t bytes) {
    const std::uint64_t size = fileSize(file), start = afterLines(file, stored.start, stored.lineSkip);
    const bool deflated = stored.encoding == Encoding::Deflated;
    if (stored.byteSkip < -1)
        failStored(file, fmt::format("has an impossible number of bytes to leave out, {}", stored.byteSkip));
    const auto skip = static_cast<std::uint64_t>(std::max<std::int64_t>(0, stored.byteSkip));
    const std::uint64_t room = start > size ? 0 : deflated ? largestInflated(size - start) : size - start;
    if (skip > room || bytes > room - skip)
        failStored(file, fmt::format("its header promises {} bytes of values; there is room for {}", bytes,
                                     room - std::min(skip, room)));
    if (stored.byteSkip >= 0)
        return deflated ? Part{openGzip(file, start), skip} : Part{openBytes(file), start + skip};
    const std::uint64_t end = deflated ? lengthInTrailer(file) : size;
    if (end < bytes)
        failStored(file,
                   fmt::format("its header promises {} bytes of values; there is room for {}", bytes, end));
    return {deflated ? openGzip(file, start) : openBytes(file), end - bytes};
}

// Parts of equal length, opened when they are needed: there may be more than a process may have open.
class PartsSource : public ByteSource {
public:
    PartsSource(StoredValues stored, std::uint64_t bytesEach)
        : m_stored(std::move(stored)), m_each(bytesEach) {
        for (const fs::path& file : m_stored.files)
            openPart(m_stored, file, m_each);  // throws where one is too short
    }

    void read(std::uint64_t offset, std::span<std::byte> target) const override {
        while (!target.empty()) {
            const std::uint64_t within = offset % m_each;
            const auto count =
                static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), m_each - within));
            const Part part = partAt(offset / m_each);
            part.source->read(part.offset + within, target.first(count));
            target = target.subspan(count);
            offset += count;
        }
    }

private:
    Part partAt(std::uint64_t index) const {
        const std::lock_guard lock(m_mutex);
        if (!m_last.source || m_lastIndex != index) {
            m_last = openPart(m_stored, m_stored.files.at(static_cast<std::size_t>(index)), m_each);
            m_lastIndex = index;
        }
        return m_last;
    }

    StoredValues m_stored;
    std::uint64_t m_each;
    mutable std::mutex m_mutex;  // guards the two below
    mutable Part m_last;
    mutable std::uint64_t m_lastIndex = 0;
};

// All of a text file behind what is left out; it fits into memory where the values would.
std::string textOf(const StoredValues& stored, const fs::path& file) {
    const std::uint64_t size = fileSize(file), start = afterLines(file, stored.start, stored.lineSkip);
    const auto skip = static_cast<std::uint64_t>(std::max<std::int64_t>(0, stored.byteSkip));
    if (stored.byteSkip < 0 || start > size || skip > size - start)
        failStored(file, "has an impossible position of the values in its header");
    std::string text(static_cast<std::size_t>(size - start - skip), '\0');
    openBytes(file)->read(start + skip, std::as_writable_bytes(std::span(text)));
    return text;
}

void appendNumbers(std::string_view text, std::uint64_t count, const fs::path& file,
                   std::vector<std::byte>& bytes) {
    constexpr std::string_view between = " \t\r\n\v\f,";
    if (count > text.size() / 2 + 1)
        failStored(file, fmt::format("its header promises {} numbers; there is room for {}", count,
                                     text.size() / 2 + 1));
    for (std::size_t place = 0; count > 0; --count) {
        place = std::min(text.find_first_not_of(between, place), text.size());
        const std::size_t end = std::min(text.find_first_of(between, place), text.size());
        const auto number = parseNumber(text.substr(place, end - place));
        if (!number)
            failStored(file, fmt::format("says '{}' where a number has to stand",
                                         shownName(text.substr(place, end - place))));
        const auto value = static_cast<float>(*number);
        const auto stored = std::as_bytes(std::span(&value, 1));
        bytes.insert(bytes.end(), stored.begin(), stored.end());
        place = end;
    }
}

void appendHex(std::string_view text, std::uint64_t count, const fs::path& file,
               std::vector<std::byte>& bytes) {
    if (count > text.size() / 2)
        failStored(file, fmt::format("its header promises {} bytes of values; there is room for {}", count,
                                     text.size() / 2));
    std::string digits;
    for (const char c : text) {
        if (std::string_view(" \t\r\n\v\f").find(c) != std::string_view::npos)
            continue;
        digits += c;
        if (digits.size() < 2)
            continue;
        unsigned value = 0;
        if (std::from_chars(digits.data(), digits.data() + 2, value, 16).ptr != digits.data() + 2)
            failStored(file, fmt::format("says '{}' where hexadecimal digits have to stand", digits));
        bytes.push_back(static_cast<std::byte>(value));
        digits.clear();
        if (--count == 0)
            return;
    }
    failStored(file, "ends before its last hexadecimal digit");
}

}  // namespace

RawArray openValues(const StoredValues& stored, std::uint64_t count) {
    if (count % stored.files.size() != 0)
        throw EngineError(
            fmt::format("{} values cannot be spread evenly over {} files", count, stored.files.size()),
            stored.files.front().string(), "correct the list of files in the header");
    const std::uint64_t each = count / stored.files.size(),
                        width = static_cast<std::uint64_t>(stored.type.bytes);
    RawArray raw{nullptr, 0, stored.type, stored.bigEndian, 1, 0};
    if (stored.encoding == Encoding::Text || stored.encoding == Encoding::Hex) {
        std::vector<std::byte> bytes;
        for (const fs::path& file : stored.files)
            if (stored.encoding == Encoding::Hex)
                appendHex(textOf(stored, file), each * width, file, bytes);
            else
                appendNumbers(textOf(stored, file), each, file, bytes);
        if (stored.encoding == Encoding::Text)
            raw = {nullptr, 0, {'f', 4}, std::endian::native == std::endian::big, 1, 0};
        raw.bytes = bytesInMemory(std::move(bytes), stored.files.front().string());
    } else if (stored.files.size() == 1) {
        const Part part = openPart(stored, stored.files.front(), each * width);
        raw.bytes = part.source;
        raw.offset = part.offset;
    } else {
        raw.bytes = std::make_shared<PartsSource>(stored, each * width);
    }
    return raw;
}

std::uint64_t surplusBytes(const StoredValues& stored, std::uint64_t count) {
    const bool gzip = stored.encoding == Encoding::Deflated && stored.start == 0;
    if (stored.files.size() != 1 || stored.byteSkip < 0 || stored.lineSkip > 0)
        return 0;
    const fs::path& file = stored.files.front();
    const std::uint64_t used =
        count * static_cast<std::uint64_t>(stored.type.bytes) + static_cast<std::uint64_t>(stored.byteSkip);
    const std::uint64_t held = stored.encoding == Encoding::Raw ? fileSize(file) - stored.start
                               : gzip && isGzip(file)           ? lengthInTrailer(file)
                                                                : 0;
    return held > used ? held - used : 0;
}

}  // namespace denoscope
