// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes at a position, whether they lie in a file, in a compressed file or in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace denoscope {

// Reading past the end throws EngineError: the source is cut short. Safe to use from several threads at once.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    virtual void read(std::uint64_t offset, std::span<std::byte> target) const = 0;
};
using ByteSourcePtr = std::shared_ptr<const ByteSource>;

std::uint64_t fileSize(const std::filesystem::path& path);  // throws EngineError where there is no such file
ByteSourcePtr openBytes(const std::filesystem::path& path);
// Inflates the gzip or zlib streams that begin at byte `start` of the file, on the fly. Ascending offsets
// cost nothing extra, others at most 8 MiB of decompression.
ByteSourcePtr openGzip(const std::filesystem::path& path, std::uint64_t start = 0);
ByteSourcePtr bytesInMemory(std::vector<std::byte> bytes, std::string name);
ByteSourcePtr valuesInMemory(std::vector<float> values, std::string name);  // in the machine's byte order
bool isGzip(const std::filesystem::path& path);

// The most that `compressed` bytes of deflate can hold (its best ratio is 1032 to 1).
constexpr std::uint64_t largestInflated(std::uint64_t compressed) {
    return compressed * 1032;
}

}  // namespace denoscope
