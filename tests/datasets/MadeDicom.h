// SPDX-License-Identifier: GPL-3.0-or-later
// DICOM files made element by element, and compressed by GDCM where that is asked for.
#pragma once

#include <QDir>
#include <map>

#include "tests/datasets/MadeFiles.h"

namespace denoscope {

enum class MadeEncoding { Explicit, Implicit, BigEndian };

// A data set: that of a file, or an item of a sequence.
class MadeDicom {
public:
    MadeDicom& text(std::uint32_t tag, const char* type, const QByteArray& value) {
        const QByteArray padding(value.size() % 2, qstrcmp(type, "UI") == 0 ? '\0' : ' ');
        m_elements[tag] = {type, {value + padding, value + padding}};
        return *this;
    }
    MadeDicom& word(std::uint32_t tag, std::uint16_t value) {
        return words<std::uint16_t>(tag, "US", {value});
    }
    template <class T>
    MadeDicom& words(std::uint32_t tag, const char* type, const std::vector<T>& values) {
        m_elements[tag] = {type, {bytesOf(values), bytesOf(values, true)}};
        return *this;
    }
    MadeDicom& items(std::uint32_t tag, const std::vector<MadeDicom>& items) {
        m_sequences[tag] = items;
        return *this;
    }
    MadeDicom& without(std::uint32_t tag) {
        m_elements.erase(tag);
        return *this;
    }

    // Rows, columns and grey values.
    template <class T>
    MadeDicom& pixels(std::uint16_t rows, std::uint16_t columns, const std::vector<T>& values) {
        word(0x00280002, 1)
            .text(0x00280004, "CS", "MONOCHROME2")
            .word(0x00280010, rows)
            .word(0x00280011, columns);
        word(0x00280100, 8 * sizeof(T)).word(0x00280101, 8 * sizeof(T)).word(0x00280102, 8 * sizeof(T) - 1);
        word(0x00280103, std::is_signed_v<T>);
        return words(0x7FE00010, sizeof(T) == 1 ? "OB" : "OW", values);
    }
    // Fragments of compressed pixels in their place.
    MadeDicom& fragments(const std::vector<QByteArray>& fragments) {
        QByteArray all("\xFE\xFF\x00\xE0\0\0\0\0", 8);
        for (const QByteArray& fragment : fragments) {
            const QByteArray even = fragment + QByteArray(fragment.size() % 2, '\0');
            all += QByteArray("\xFE\xFF\x00\xE0", 4) +
                   bytesOf<std::uint32_t>({static_cast<std::uint32_t>(even.size())}) + even;
        }
        m_fragments = all + QByteArray("\xFE\xFF\xDD\xE0\0\0\0\0", 8);
        return without(0x7FE00010);
    }

    QByteArray dataSet(MadeEncoding encoding = MadeEncoding::Explicit) const {
        QByteArray bytes;
        const bool big = encoding == MadeEncoding::BigEndian;
        std::map<std::uint32_t, QByteArray> ordered;
        for (const auto& [tag, element] : m_elements)
            ordered[tag] =
                head(tag, element.type, static_cast<std::uint32_t>(element.value[big].size()), encoding) +
                element.value[big];
        for (const auto& [tag, items] : m_sequences) {  // of undefined length, their items of a defined one
            QByteArray& target = ordered[tag] = head(tag, "SQ", 0xFFFFFFFF, encoding);
            for (const MadeDicom& item : items) {
                const QByteArray inside = item.dataSet(encoding);
                target += mark(0xFFFEE000, static_cast<std::uint32_t>(inside.size()), big) + inside;
            }
            target += mark(0xFFFEE0DD, 0, big);
        }
        for (const auto& [tag, element] : ordered)
            bytes += element;
        return m_fragments.isEmpty() ? bytes
                                     : bytes + head(0x7FE00010, "OB", 0xFFFFFFFF, encoding) + m_fragments;
    }

    QByteArray file(MadeEncoding encoding = MadeEncoding::Explicit, QByteArray syntax = {}) const {
        if (syntax.isEmpty())
            syntax = encoding == MadeEncoding::Explicit   ? "1.2.840.10008.1.2.1"
                     : encoding == MadeEncoding::Implicit ? "1.2.840.10008.1.2"
                                                          : "1.2.840.10008.1.2.2";
        return QByteArray(128, '\0') + "DICM" + MadeDicom().text(0x00020010, "UI", syntax).dataSet() +
               dataSet(encoding);
    }

private:
    struct Element {
        QByteArray type;
        QByteArray value[2];  // little, big endian
    };
    static QByteArray mark(std::uint32_t tag, std::uint32_t length, bool big) {
        return bytesOf<std::uint16_t>(
                   {static_cast<std::uint16_t>(tag >> 16), static_cast<std::uint16_t>(tag)}, big) +
               bytesOf<std::uint32_t>({length}, big);
    }
    static QByteArray head(std::uint32_t tag, const QByteArray& type, std::uint32_t length,
                           MadeEncoding encoding) {
        const bool big = encoding == MadeEncoding::BigEndian;
        const QByteArray start = mark(tag, length, big);
        if (encoding == MadeEncoding::Implicit)
            return start;
        if (type == "SQ" || type == "OB" || type == "OW" || type == "UN" || type == "OF")
            return start.left(4) + type + QByteArray(2, '\0') + start.mid(4);
        return start.left(4) + type + bytesOf<std::uint16_t>({static_cast<std::uint16_t>(length)}, big);
    }

    std::map<std::uint32_t, Element> m_elements;
    std::map<std::uint32_t, std::vector<MadeDicom>> m_sequences;
    QByteArray m_fragments;
};

// A slice of a series; its name, its identity and its number say nothing of its place.
inline MadeDicom madeSlice(int number, const QByteArray& position, const std::vector<std::int16_t>& values) {
    MadeDicom slice;
    slice.text(0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        .text(0x00080018, "UI", "1.2.3." + QByteArray::number(number))
        .text(0x00080060, "CS", "MR")
        .text(0x0008103E, "LO", "made series")
        .text(0x00100010, "PN", "Secret^Patient")
        .text(0x00100020, "LO", "SECRET-ID")
        .text(0x0020000E, "UI", "1.2.3.4")
        .text(0x00200011, "IS", "3")
        .text(0x00200013, "IS", QByteArray::number(1000 - number))
        .text(0x00200032, "DS", position)
        .text(0x00200037, "DS", "1\\0\\0\\0\\1\\0")
        .text(0x00280030, "DS", "2\\0.5")  // between rows, between columns
        .pixels<std::int16_t>(2, 3, values);
    return slice;
}

inline std::vector<std::int16_t> madeValues(int slice) {
    std::vector<std::int16_t> values;
    for (int i = 0; i < 6; ++i)
        values.push_back(static_cast<std::int16_t>(100 * slice + i));
    return values;
}

inline std::shared_ptr<const Dataset> openPart(const std::string& path, const std::string& part) {
    DataConfig config;
    config.source = path;
    config.part = part;
    return openDataset(config);
}

inline bool isNoted(const Dataset& set, const char* words) {
    return std::any_of(set.facts().notes.begin(), set.facts().notes.end(),
                       [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

}  // namespace denoscope
