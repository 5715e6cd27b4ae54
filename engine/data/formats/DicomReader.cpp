// SPDX-License-Identifier: GPL-3.0-or-later
// Walks the data elements of a file in the three uncompressed encodings (PS3.5 7 and annex A), or inflated.
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/api/Error.h"
#include "engine/data/formats/DicomElements.h"
#include "engine/data/formats/DicomTags.h"

namespace denoscope {
namespace {

constexpr std::uint32_t undefinedLength = 0xFFFFFFFF;
constexpr DicomTag itemBegin = 0xFFFEE000, itemEnd = 0xFFFEE00D, sequenceEnd = 0xFFFEE0DD;
constexpr std::uint64_t mostKept = 1 << 18;  // bytes of a value; the colours of a palette take 128 KiB
constexpr int mostNested = 32;
constexpr std::size_t mostItems = 500'000;  // kept ones, in a file
constexpr std::size_t mostFragments = 4'000'000;

[[noreturn]] void failDicom(const std::string& name, const std::string& what) {
    throw EngineError(what, name, "the file is damaged; copy or export it again");
}

std::string tagText(DicomTag tag) {
    return fmt::format("({:04x},{:04x})", tag >> 16, tag & 0xFFFF);
}

struct Encoding {
    bool explicitTypes = true, bigEndian = false;
};

bool isType(std::uint16_t type) {
    const int first = type >> 8, second = type & 0xFF;
    return first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z';
}

bool hasLongLength(std::uint16_t type) {
    constexpr std::array longOnes{dicomType('O', 'B'), dicomType('O', 'D'), dicomType('O', 'F'),
                                  dicomType('O', 'L'), dicomType('O', 'V'), dicomType('O', 'W'),
                                  dicomType('S', 'Q'), dicomType('S', 'V'), dicomType('U', 'C'),
                                  dicomType('U', 'N'), dicomType('U', 'R'), dicomType('U', 'T'),
                                  dicomType('U', 'V')};
    return std::find(longOnes.begin(), longOnes.end(), type) != longOnes.end();
}

const dicom::Known* knownOf(DicomTag tag) {
    const auto found =
        std::lower_bound(dicom::known.begin(), dicom::known.end(), tag,
                         [](const dicom::Known& known, DicomTag wanted) { return known.tag < wanted; });
    return found != dicom::known.end() && found->tag == tag ? &*found : nullptr;
}
static_assert(std::is_sorted(dicom::known.begin(), dicom::known.end(),
                             [](const dicom::Known& a, const dicom::Known& b) { return a.tag < b.tag; }));

bool isPixels(DicomTag tag) {
    return tag == dicom::pixels || tag == dicom::floatPixels || tag == dicom::doublePixels;
}

}  // namespace

class DicomWalk {
public:
    DicomWalk(const ByteSource& bytes, std::uint64_t size, const std::string& name)
        : m_bytes(bytes), m_size(size), m_name(name) {}

    std::uint64_t at() const { return m_at; }
    void moveTo(std::uint64_t at) { m_at = at; }

    // The elements up to `end`, to the end of an item of undefined length, or to the pixels at depth 0.
    void elements(DicomObject* target, std::uint64_t end, Encoding encoding, int depth,
                  DicomPixelData* pixels) {
        if (depth > mostNested)
            failDicom(m_name, "nests its sequences too deeply");
        while (m_at < end && end - m_at >= 8) {
            const Head head = next(encoding, end);
            if (head.tag == itemEnd)
                return;
            if (pixels && isPixels(head.tag))
                return readPixels(head, end, encoding, *pixels);
            if (head.tag >> 16 == 0xFFFE && head.length == 0)
                continue;  // a mark that some writers leave behind
            if (head.length != undefinedLength && head.length > end - m_at)
                failDicom(m_name, fmt::format("claims {} bytes for element {}; there is room for {}",
                                              head.length, tagText(head.tag), end - m_at));
            element(target, head, end, encoding, depth);
        }
        m_at = std::max(m_at, end);
    }

    // The transfer syntax of the file's own header, which begins at byte m_at. Empty where there is none.
    std::string fileHeader() {
        DicomObject header;
        while (m_size - m_at >= 8 && word(m_at, false) == 2) {
            const Head head = next({}, m_size);
            if (head.length > m_size - m_at)
                failDicom(m_name, fmt::format("claims {} bytes for element {}; there is room for {}",
                                              head.length, tagText(head.tag), m_size - m_at));
            element(&header, head, m_size, {}, 0);
        }
        return header.text(dicom::transferSyntax);
    }

    bool looksExplicit() {
        if (m_size - m_at < 6)
            return true;
        std::array<std::byte, 6> start;
        look(m_at, start);
        return isType(dicomType(static_cast<char>(start[4]), static_cast<char>(start[5])));
    }

private:
    struct Head {
        DicomTag tag;
        std::uint16_t type;
        std::uint64_t length;
    };

    void look(std::uint64_t at, std::span<std::byte> target) {
        if (at < m_bufferAt || at + target.size() > m_bufferAt + m_buffer.size()) {
            m_buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(1 << 14, m_size - at)));
            m_bufferAt = at;
            m_bytes.read(at, m_buffer);
        }
        if (at + target.size() > m_bufferAt + m_buffer.size())
            failDicom(m_name, "ends within an element");
        std::memcpy(target.data(), m_buffer.data() + (at - m_bufferAt), target.size());
    }

    std::uint32_t word(std::uint64_t at, bool bigEndian) {
        std::array<std::byte, 2> b;
        look(at, b);
        return std::to_integer<std::uint32_t>(b[bigEndian ? 0 : 1]) << 8 |
               std::to_integer<std::uint32_t>(b[bigEndian ? 1 : 0]);
    }
    std::uint32_t longWord(std::uint64_t at, bool bigEndian) {
        const std::uint32_t first = word(at, bigEndian), second = word(at + 2, bigEndian);
        return bigEndian ? first << 16 | second : second << 16 | first;
    }

    // What stands before an element's value; at least 8 bytes are left.
    Head next(Encoding encoding, std::uint64_t end) {
        Head head{word(m_at, encoding.bigEndian) << 16 | word(m_at + 2, encoding.bigEndian), 0, 0};
        std::array<std::byte, 2> letters;
        look(m_at + 4, letters);
        head.type = dicomType(static_cast<char>(letters[0]), static_cast<char>(letters[1]));
        // Marks have no type; and some writers change to implicit types half way.
        if (!encoding.explicitTypes || head.tag >> 16 == 0xFFFE || !isType(head.type)) {
            head.type = 0;
            head.length = longWord(m_at + 4, encoding.bigEndian);
            m_at += 8;
        } else if (!hasLongLength(head.type)) {
            head.length = word(m_at + 6, encoding.bigEndian);
            m_at += 8;
        } else {
            if (end - m_at < 12)
                failDicom(m_name, "ends within element " + tagText(head.tag));
            head.length = longWord(m_at + 8, encoding.bigEndian);
            m_at += 12;
        }
        return head;
    }

    void element(DicomObject* target, const Head& head, std::uint64_t end, Encoding encoding, int depth) {
        const dicom::Known* const known = target ? knownOf(head.tag) : nullptr;
        const bool undefined = head.length == undefinedLength;
        const bool wantsItems = known && known->type == dicomType('S', 'Q');
        if (head.type == dicomType('U', 'N'))  // whoever did not know the type copied it as it was
            encoding = {false, false};
        if (undefined || wantsItems) {
            std::vector<DicomObject>* items = nullptr;
            if (wantsItems)
                items = &target->m_sequences.emplace_back(DicomObject::Sequence{head.tag, {}}).items;
            sequence(items, undefined ? end : m_at + head.length, encoding, depth);
            return;
        }
        if (known && head.length <= mostKept) {
            const bool typed = head.type != 0 && head.type != dicomType('U', 'N');
            std::string value(static_cast<std::size_t>(head.length), '\0');
            m_bytes.read(m_at, std::as_writable_bytes(std::span(value)));
            target->m_values.push_back(
                {head.tag, typed ? head.type : known->type, encoding.bigEndian, std::move(value)});
        }
        m_at += head.length;
    }

    void sequence(std::vector<DicomObject>* items, std::uint64_t end, Encoding encoding, int depth) {
        while (m_at < end && end - m_at >= 8) {
            const Head head = next(encoding, end);
            if (head.tag == sequenceEnd)
                return;
            if (head.tag != itemBegin)
                failDicom(m_name,
                          fmt::format("has element {} where a sequence needs an item", tagText(head.tag)));
            const bool undefined = head.length == undefinedLength;
            if (!undefined && head.length > end - m_at)
                failDicom(m_name, fmt::format("claims {} bytes for an item; there is room for {}",
                                              head.length, end - m_at));
            const std::uint64_t itemStop = undefined ? end : m_at + head.length;
            if (items && ++m_items > mostItems)
                failDicom(m_name, fmt::format("holds more than {} items", mostItems));
            DicomObject* const item = items ? &items->emplace_back() : nullptr;
            if (item || undefined)
                elements(item, itemStop, encoding, depth + 1, nullptr);
            if (!undefined)
                m_at = itemStop;
        }
        m_at = std::max(m_at, end);
    }

    void readPixels(const Head& head, std::uint64_t end, Encoding encoding, DicomPixelData& pixels) {
        pixels.tag = head.tag;
        pixels.bigEndian = encoding.bigEndian;
        pixels.words = head.type == dicomType('O', 'W') || head.type == 0;
        pixels.offset = m_at;
        pixels.length = head.length;
        pixels.encapsulated = head.length == undefinedLength;
        if (pixels.encapsulated)
            return readFragments(end, encoding, pixels);
        if (head.length > end - m_at)
            failDicom(m_name, fmt::format("is cut short: {} bytes of pixels are promised, {} are there",
                                          head.length, end - m_at));
    }

    // PS3.5 A.4: the first item is the table of the frames.
    void readFragments(std::uint64_t end, Encoding encoding, DicomPixelData& pixels) {
        for (bool first = true; m_at < end && end - m_at >= 8; first = false) {
            const Head head = next(encoding, end);
            if (head.tag == sequenceEnd)
                return;
            if (head.tag != itemBegin || head.length > end - m_at)
                failDicom(m_name, fmt::format("is cut short or damaged after {} fragments of its pixels",
                                              pixels.fragments.size()));
            if (first) {
                for (std::uint64_t i = 0; i + 4 <= head.length; i += 4)
                    pixels.table.push_back(longWord(m_at + i, false));
                pixels.offset = m_at + head.length;
            } else {
                pixels.fragments.push_back({m_at, head.length});
            }
            if (pixels.fragments.size() > mostFragments)
                failDicom(m_name, fmt::format("holds its pixels in more than {} fragments", mostFragments));
            m_at += head.length;
        }
    }

    const ByteSource& m_bytes;
    std::uint64_t m_size, m_at = 0;
    const std::string& m_name;
    std::size_t m_items = 0;
    std::vector<std::byte> m_buffer;
    std::uint64_t m_bufferAt = 0;
};

namespace {

constexpr std::string_view deflated = "1.2.840.10008.1.2.1.99";

// All of a deflated data set (PS3.5 A.5), which has neither a size nor a header of zlib's.
std::vector<std::byte> inflated(const ByteSource& bytes, std::uint64_t from, std::uint64_t size,
                                const std::string& name) {
    constexpr std::size_t most = std::size_t{1} << 30;
    std::vector<std::byte> packed(static_cast<std::size_t>(size - from)), data;
    bytes.read(from, packed);
    z_stream stream{};
    if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        failDicom(name, "cannot be inflated");
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    int state = Z_OK;
    std::vector<std::byte> chunk(1 << 16);
    while (state == Z_OK && data.size() < most) {
        stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
        stream.avail_out = static_cast<uInt>(chunk.size());
        state = ::inflate(&stream, Z_NO_FLUSH);
        data.insert(data.end(), chunk.begin(), chunk.end() - stream.avail_out);
    }
    ::inflateEnd(&stream);
    if (state != Z_STREAM_END)
        failDicom(name, data.size() < most ? "its compressed data set is damaged or cut short"
                                           : "its compressed data set is larger than 1 GiB");
    return data;
}

Encoding encodingOf(const std::string& syntax, DicomWalk& walk) {
    if (syntax.empty() || syntax == "1.2.840.10008.1.2")  // some say so and are not
        return {walk.looksExplicit(), false};
    return {true, syntax == "1.2.840.10008.1.2.2"};
}

// How many bytes stand before the first element: 132 with the mark, otherwise none.
std::optional<std::uint64_t> preambleOf(const ByteSource& bytes, std::uint64_t size) {
    std::array<char, 132> start{};
    const auto there = static_cast<std::size_t>(std::min<std::uint64_t>(size, start.size()));
    bytes.read(0, std::as_writable_bytes(std::span(start.data(), there)));
    if (there == start.size() && std::memcmp(start.data() + 128, "DICM", 4) == 0)
        return 132;
    // Old files begin with an element of group 2 or 8, whose number is small and whose length is moderate.
    const bool group = (start[0] == 2 || start[0] == 8) && start[1] == 0;
    const bool type = isType(dicomType(start[4], start[5]));
    const bool length = start[6] == 0 && start[7] == 0 && start[5] == 0;
    if (there == start.size() && group && start[3] == 0 && (type || length))
        return 0;
    return std::nullopt;
}

// Nothing for what cannot be opened, and for what is no file to read twice.
std::optional<std::uint64_t> preambleOf(const std::filesystem::path& path) {
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(path, unknown))
        return std::nullopt;
    try {
        return preambleOf(*openBytes(path), fileSize(path));
    } catch (const EngineError&) {
        return std::nullopt;
    }
}

}  // namespace

bool isDicom(const std::filesystem::path& path) {
    return preambleOf(path) == 132;
}

bool mayBeDicom(const std::filesystem::path& path) {
    return preambleOf(path).has_value();
}

DicomContent readDicom(const std::filesystem::path& path) {
    const std::string name = path.string();
    DicomContent content;
    content.bytes = openBytes(path);
    std::uint64_t size = fileSize(path);
    const std::optional<std::uint64_t> preamble = preambleOf(*content.bytes, size);
    if (!preamble)
        throw EngineError("does not begin as a DICOM file does", name,
                          "check that it is what its name says; copy or export it again");
    auto walk = std::make_unique<DicomWalk>(*content.bytes, size, name);
    walk->moveTo(*preamble);
    content.syntax = walk->fileHeader();
    if (content.syntax == deflated) {
        std::vector<std::byte> data = inflated(*content.bytes, walk->at(), size, name);
        size = data.size();
        content.bytes = bytesInMemory(std::move(data), name);
        walk = std::make_unique<DicomWalk>(*content.bytes, size, name);
    }
    const Encoding encoding = encodingOf(content.syntax, *walk);
    if (content.syntax.empty())
        content.syntax = encoding.explicitTypes ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2";
    walk->elements(&content.object, size, encoding, 0, &content.pixels);
    return content;
}

}  // namespace denoscope
