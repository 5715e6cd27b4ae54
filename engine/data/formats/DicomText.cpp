// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/DicomText.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace denoscope {
namespace {

struct Charset {
    std::string_view dicom;
    const char* name;  // iconv's
};
constexpr std::array charsets{Charset{"ISO_IR 100", "ISO-8859-1"},
                              Charset{"ISO_IR 101", "ISO-8859-2"},
                              Charset{"ISO_IR 109", "ISO-8859-3"},
                              Charset{"ISO_IR 110", "ISO-8859-4"},
                              Charset{"ISO_IR 144", "ISO-8859-5"},
                              Charset{"ISO_IR 127", "ISO-8859-6"},
                              Charset{"ISO_IR 126", "ISO-8859-7"},
                              Charset{"ISO_IR 138", "ISO-8859-8"},
                              Charset{"ISO_IR 148", "ISO-8859-9"},
                              Charset{"ISO_IR 203", "ISO-8859-15"},
                              Charset{"ISO_IR 166", "TIS-620"},
                              Charset{"ISO_IR 13", "SHIFT_JIS"},
                              Charset{"ISO_IR 192", "UTF-8"},
                              Charset{"GB18030", "GB18030"},
                              Charset{"GBK", "GBK"},
                              Charset{"ISO 2022 IR 100", "ISO-8859-1"},
                              Charset{"ISO 2022 IR 101", "ISO-8859-2"},
                              Charset{"ISO 2022 IR 144", "ISO-8859-5"},
                              Charset{"ISO 2022 IR 87", "ISO-2022-JP"},
                              Charset{"ISO 2022 IR 13", "ISO-2022-JP"},
                              Charset{"ISO 2022 IR 159", "ISO-2022-JP-2"}};

class Converter {
public:
    explicit Converter(const char* from) : m_handle(::iconv_open("UTF-8", from)) {}
    ~Converter() {
        if (m_handle != none())
            ::iconv_close(m_handle);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    std::string convert(std::string_view bytes) const {
        if (m_handle == none())  // this system does not know the character set
            return std::string(bytes.size(), '?');
        std::string copy(bytes), result(bytes.size() * 4 + 4, '\0');
        char* source = copy.data();
        char* target = result.data();
        std::size_t left = copy.size(), room = result.size();
        while (left > 0 && ::iconv(m_handle, &source, &left, &target, &room) == std::size_t(-1)) {
            if (errno == E2BIG || left == 0 || room == 0)
                break;
            *target++ = '?';
            --room;
            ++source;
            --left;
        }
        result.resize(result.size() - room);
        return result;
    }

private:
    // NOLINTNEXTLINE(performance-no-int-to-ptr): what iconv_open() returns where it fails
    static iconv_t none() { return reinterpret_cast<iconv_t>(-1); }

    iconv_t m_handle;
};

std::string asUtf8(std::string_view bytes, const std::string& charset) {
    if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c < '\x7f'; }))
        return std::string(bytes);
    const auto known = std::find_if(charsets.begin(), charsets.end(),
                                    [&](const Charset& candidate) { return candidate.dicom == charset; });
    return Converter(known == charsets.end() ? "US-ASCII" : known->name).convert(bytes);
}

std::string trimmed(std::string text) {
    std::erase_if(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? std::string()
                                      : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::vector<std::string> dicomTexts(std::string_view bytes, const std::string& charset) {
    std::vector<std::string> texts;
    for (std::size_t begin = 0; begin <= bytes.size();) {
        const std::size_t end = std::min(bytes.find('\\', begin), bytes.size());
        texts.push_back(trimmed(asUtf8(bytes.substr(begin, end - begin), charset)));
        begin = end + 1;
    }
    return texts;
}

}  // namespace denoscope
