// SPDX-License-Identifier: GPL-3.0-or-later
// The data elements of a DICOM file (PS3.5, PS3.10) that this program uses, and where its pixels lie. Every
// length is checked against the file before anything is allocated, and nothing of the patient (group 0010) is
// ever kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/formats/Bytes.h"

namespace denoscope {

using DicomTag = std::uint32_t;  // group << 16 | element

// One data set: that of the file, or that of an item of a sequence.
class DicomObject {
public:
    bool has(DicomTag tag) const { return find(tag) != nullptr; }  // and is not empty
    // The values of a text, without the padding; as UTF-8 where `charset` names its encoding.
    std::vector<std::string> texts(DicomTag tag, const std::string& charset = {}) const;
    std::string text(DicomTag tag, const std::string& charset = {}) const;  // the first, or nothing
    // Of any numeric or number-as-text type; what cannot be read as a finite number ends the list.
    std::vector<double> numbers(DicomTag tag) const;
    std::optional<double> number(DicomTag tag) const;  // the first
    std::string_view bytes(DicomTag tag) const;
    std::span<const DicomObject> items(DicomTag tag) const;
    const DicomObject* item(DicomTag tag) const;  // the first, or nullptr

private:
    friend class DicomWalk;
    struct Value {
        DicomTag tag;
        std::uint16_t type;  // the two letters of the VR
        bool bigEndian;
        std::string bytes;
    };
    struct Sequence {
        DicomTag tag;
        std::vector<DicomObject> items;
    };
    const Value* find(DicomTag tag) const;

    std::vector<Value> m_values;
    std::vector<Sequence> m_sequences;
};

struct DicomFragment {
    std::uint64_t offset, length;
};

struct DicomPixelData {
    DicomTag tag = 0;  // 0: the file has none
    bool bigEndian = false;
    bool words = false;  // stored as 16-bit words (OW)
    std::uint64_t offset = 0, length = 0;
    bool encapsulated = false;
    std::vector<DicomFragment> fragments;  // encapsulated
    std::vector<std::uint32_t> table;      // where frames begin, counted from the first fragment's item
};

struct DicomContent {
    DicomObject object;
    std::string syntax;   // UID of the transfer syntax
    ByteSourcePtr bytes;  // what the offsets count in: the file, or its inflated data set
    DicomPixelData pixels;
};

// By content: "DICM" at byte 128.
bool isDicom(const std::filesystem::path& path);
// Also a start as old files without that mark have it, which other binary files may have by chance.
bool mayBeDicom(const std::filesystem::path& path);

// Reads up to the pixels. Throws EngineError for a damaged file.
DicomContent readDicom(const std::filesystem::path& path);

}  // namespace denoscope
