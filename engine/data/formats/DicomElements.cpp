// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/DicomElements.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "engine/data/formats/DicomTags.h"
#include "engine/data/formats/DicomText.h"

namespace denoscope {
namespace {

template <class Stored>
std::vector<double> binaryNumbers(std::string_view bytes, bool bigEndian) {
    const bool swap = bigEndian != (std::endian::native == std::endian::big);
    std::vector<double> numbers;
    for (std::size_t at = 0; at + sizeof(Stored) <= bytes.size(); at += sizeof(Stored)) {
        std::array<char, sizeof(Stored)> one;
        std::memcpy(one.data(), bytes.data() + at, sizeof(Stored));
        if (swap)
            std::reverse(one.begin(), one.end());
        const auto value = static_cast<double>(std::bit_cast<Stored>(one));
        if (!std::isfinite(value))
            break;
        numbers.push_back(value);
    }
    return numbers;
}

std::vector<double> writtenNumbers(const std::vector<std::string>& texts) {
    std::vector<double> numbers;
    for (const std::string& text : texts) {
        const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
        const char* const end = text.data() + text.size();
        double value = 0;
        const auto [stopped, error] = std::from_chars(begin, end, value);
        if (error != std::errc() || stopped != end || !std::isfinite(value))
            break;
        numbers.push_back(value);
    }
    return numbers;
}

}  // namespace

const DicomObject::Value* DicomObject::find(DicomTag tag) const {
    const auto found =
        std::find_if(m_values.begin(), m_values.end(), [&](const Value& v) { return v.tag == tag; });
    return found == m_values.end() || found->bytes.empty() ? nullptr : &*found;
}

std::vector<std::string> DicomObject::texts(DicomTag tag, const std::string& charset) const {
    const Value* const value = find(tag);
    return value ? dicomTexts(value->bytes, charset) : std::vector<std::string>();
}

std::string DicomObject::text(DicomTag tag, const std::string& charset) const {
    const std::vector<std::string> all = texts(tag, charset);
    return all.empty() ? std::string() : all.front();
}

std::vector<double> DicomObject::numbers(DicomTag tag) const {
    const Value* const value = find(tag);
    if (!value)
        return {};
    switch (value->type) {
        case dicomType('U', 'S'):
        case dicomType('O', 'W'):
            return binaryNumbers<std::uint16_t>(value->bytes, value->bigEndian);
        case dicomType('S', 'S'):
            return binaryNumbers<std::int16_t>(value->bytes, value->bigEndian);
        case dicomType('U', 'L'):
            return binaryNumbers<std::uint32_t>(value->bytes, value->bigEndian);
        case dicomType('S', 'L'):
            return binaryNumbers<std::int32_t>(value->bytes, value->bigEndian);
        case dicomType('F', 'L'):
            return binaryNumbers<float>(value->bytes, value->bigEndian);
        case dicomType('F', 'D'):
            return binaryNumbers<double>(value->bytes, value->bigEndian);
        default:
            return writtenNumbers(texts(tag));
    }
}

std::optional<double> DicomObject::number(DicomTag tag) const {
    const std::vector<double> all = numbers(tag);
    return all.empty() ? std::nullopt : std::optional(all.front());
}

std::string_view DicomObject::bytes(DicomTag tag) const {
    const Value* const value = find(tag);
    return value ? std::string_view(value->bytes) : std::string_view();
}

std::span<const DicomObject> DicomObject::items(DicomTag tag) const {
    const auto found = std::find_if(m_sequences.begin(), m_sequences.end(),
                                    [&](const Sequence& sequence) { return sequence.tag == tag; });
    return found == m_sequences.end() ? std::span<const DicomObject>() : found->items;
}

const DicomObject* DicomObject::item(DicomTag tag) const {
    const std::span<const DicomObject> all = items(tag);
    return all.empty() ? nullptr : &all.front();
}

}  // namespace denoscope
