// SPDX-License-Identifier: GPL-3.0-or-later
// The safetensors format: 8-byte little-endian header length, JSON header, raw little-endian data.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/api/Array.h"

namespace denoscope {

struct StoredTensor {
    std::string dtype;  // "F32", "F16", "BF16", "F64", "I64", "I32", "I16", "I8", "U8", "BOOL"
    Shape shape;
    std::span<const std::byte> bytes;
};

// A file opened for reading (memory-mapped; the views live as long as this object). Every claim of the header
// is checked against the file's size before use: lengths, offsets, gaps, overlaps, duplicate names. Throws
// EngineError naming the tensor or byte position.
class SafetensorsFile {
public:
    explicit SafetensorsFile(const std::filesystem::path& path);
    ~SafetensorsFile();
    SafetensorsFile(SafetensorsFile&&) noexcept;
    SafetensorsFile& operator=(SafetensorsFile&&) noexcept;

    const std::map<std::string, StoredTensor>& tensors() const;
    const std::map<std::string, std::string>& metadata() const;
    // Throws EngineError naming the tensor and the nearest name there is.
    const StoredTensor& at(const std::string& name) const;

private:
    struct Mapping;
    std::unique_ptr<Mapping> m_mapping;
};

// Written atomically, tensors in name order, data aligned to 8 bytes.
void writeSafetensors(const std::filesystem::path& path, const std::map<std::string, StoredTensor>& tensors,
                      const std::map<std::string, std::string>& metadata);

}  // namespace denoscope
