// SPDX-License-Identifier: GPL-3.0-or-later
// PGM and PPM, as text (P2, P3) and as bytes (P5, P6), 8 and 16 bit.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/Pictures.h"

namespace denoscope {
namespace {

class Pnm {
public:
    Pnm(std::span<const std::byte> bytes, const std::string& name)
        : m_text(reinterpret_cast<const char*>(bytes.data()), bytes.size()), m_name(name) {
        const char kind = m_text.size() > 1 && m_text[0] == 'P' ? m_text[1] : '?';
        if (kind == '1' || kind == '4')
            refuse("is a bitmap of single bits (PBM)", "convert it to PGM or PNG");
        if (kind != '2' && kind != '3' && kind != '5' && kind != '6')
            refuse("does not begin as a PGM or PPM file does", "check that this is the right file");
        m_plain = kind < '4';
        m_header.channels = kind == '3' || kind == '6' ? 3 : 1;
        m_at = 2;
        m_header.width = next("width", INT32_MAX);
        m_header.height = next("height", INT32_MAX);
        m_most = next("largest value", 65535);
        m_header.bits = m_most > 255 ? 16 : 8;
        if (m_header.width < 1 || m_header.height < 1 || m_most < 1)
            refuse("claims an empty picture", "the file is damaged; export it again");
        if (m_at < m_text.size() && !m_plain)
            ++m_at;  // one blank after the header
        // Both extents are below 2^31. As text every value takes two bytes, the last perhaps one.
        m_count = static_cast<std::size_t>(m_header.channels * m_header.width) *
                  static_cast<std::size_t>(m_header.height);
        const std::size_t left = m_text.size() - m_at, width = m_header.bits == 16 ? 2 : 1;
        if (m_plain ? m_count > left / 2 + 1 : m_count > left / width)
            refuse(fmt::format("claims {} x {} pixels in a file of {} bytes", m_header.width, m_header.height,
                               m_text.size()),
                   "the file is cut short; copy or export it again");
    }

    const ImageHeader& header() const { return m_header; }

    Array read() {
        const auto channels = static_cast<std::size_t>(m_header.channels), pixels = m_count / channels;
        Array image{{m_header.channels, m_header.height, m_header.width}, std::vector<float>(m_count)};
        for (std::size_t i = 0; i < m_count; ++i) {
            const std::int64_t value = m_plain ? next("pixel", m_most) : binary();
            if (value > m_most)
                refuse(fmt::format("has the value {} above its largest, {}", value, m_most),
                       "the file is damaged; export it again");
            image.values[i % channels * pixels + i / channels] = static_cast<float>(value);
        }
        return image;
    }

private:
    [[noreturn]] void refuse(const std::string& what, const std::string& remedy) const {
        throw EngineError(what, m_name, remedy);
    }

    // The next whole number as text, behind blanks and comments.
    std::int64_t next(const char* what, std::int64_t most) {
        constexpr std::string_view blanks = " \t\r\n\v\f";
        while ((m_at = std::min(m_text.find_first_not_of(blanks, m_at), m_text.size())) < m_text.size() &&
               m_text[m_at] == '#')
            m_at = std::min(m_text.find('\n', m_at), m_text.size());
        const std::size_t end = std::min(m_text.find_first_not_of("0123456789", m_at), m_text.size());
        const auto value = parseWhole<std::int64_t>(m_text.substr(m_at, end - m_at));
        if (!value || *value > most)
            refuse(fmt::format("has no {} at byte {}, or an impossible one", what, m_at),
                   "the file is damaged or cut short; copy or export it again");
        m_at = end;
        return *value;
    }

    std::int64_t binary() {
        const auto byte = [&] { return static_cast<unsigned char>(m_text[m_at++]); };
        const std::int64_t first = byte();
        return m_header.bits == 16 ? first << 8 | byte() : first;
    }

    std::string_view m_text;
    const std::string& m_name;
    ImageHeader m_header;
    bool m_plain = false;
    std::size_t m_at = 0, m_count = 0;
    std::int64_t m_most = 0;
};

}  // namespace

ImageHeader inspectPnm(std::span<const std::byte> bytes, const std::string& name) {
    return Pnm(bytes, name).header();
}

Reading readPnm(std::span<const std::byte> bytes, const std::string& name) {
    return {Pnm(bytes, name).read()};
}

}  // namespace denoscope
