// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

[[noreturn]] void failShort(const std::string& name, std::uint64_t end) {
    throw EngineError(fmt::format("ends before byte {}, which its header promises", end), name,
                      "the file is cut short or damaged; copy or export it again");
}

[[noreturn]] void failOpening(const std::filesystem::path& path) {
    throw EngineError("cannot be opened: " + std::generic_category().message(errno), path.string(),
                      "check the path and your rights to it");
}

class FileSource : public ByteSource {
public:
    explicit FileSource(const std::filesystem::path& path)
        : m_name(path.string()), m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (m_descriptor < 0)
            failOpening(path);
    }
    ~FileSource() override { ::close(m_descriptor); }
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;

    void read(std::uint64_t offset, std::span<std::byte> target) const override {
        const std::uint64_t end = offset + target.size();
        while (!target.empty()) {
            const ssize_t got =
                ::pread(m_descriptor, target.data(), target.size(), static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                throw EngineError("cannot be read: " + std::generic_category().message(errno), m_name,
                                  "check the disk");
            if (got == 0)
                failShort(m_name, end);
            target = target.subspan(static_cast<std::size_t>(got));
            offset += static_cast<std::uint64_t>(got);
        }
    }

private:
    std::string m_name;
    int m_descriptor;
};

template <class Value>
class MemorySource : public ByteSource {
public:
    MemorySource(std::vector<Value> values, std::string name)
        : m_values(std::move(values)), m_name(std::move(name)) {}

    void read(std::uint64_t offset, std::span<std::byte> target) const override {
        const std::span<const std::byte> bytes = std::as_bytes(std::span(m_values));
        if (offset > bytes.size() || target.size() > bytes.size() - offset)
            failShort(m_name, offset + target.size());
        if (!target.empty())
            std::memcpy(target.data(), bytes.data() + offset, target.size());
    }

private:
    std::vector<Value> m_values;
    std::string m_name;
};

}  // namespace

std::uint64_t fileSize(const std::filesystem::path& path) {
    std::error_code reason;
    const std::uintmax_t size = std::filesystem::file_size(path, reason);
    if (reason)
        throw EngineError("cannot be read: " + reason.message(), path.string(),
                          "check the path and your rights to it");
    return size;
}

ByteSourcePtr openBytes(const std::filesystem::path& path) {
    return std::make_shared<FileSource>(path);
}

ByteSourcePtr bytesInMemory(std::vector<std::byte> bytes, std::string name) {
    return std::make_shared<MemorySource<std::byte>>(std::move(bytes), std::move(name));
}

ByteSourcePtr valuesInMemory(std::vector<float> values, std::string name) {
    return std::make_shared<MemorySource<float>>(std::move(values), std::move(name));
}

bool isGzip(const std::filesystem::path& path) {
    if (fileSize(path) < 2)
        return false;
    std::array<std::byte, 2> magic{};
    openBytes(path)->read(0, magic);
    return magic[0] == std::byte{0x1f} && magic[1] == std::byte{0x8b};
}

}  // namespace denoscope
