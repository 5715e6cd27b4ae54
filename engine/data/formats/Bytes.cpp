// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <mutex>
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

class GzipSource : public ByteSource {
public:
    explicit GzipSource(const std::filesystem::path& path)
        : m_name(path.string()), m_file(::gzopen(path.c_str(), "rb")) {
        if (!m_file)
            failOpening(path);
    }
    ~GzipSource() override { ::gzclose(m_file); }
    GzipSource(const GzipSource&) = delete;
    GzipSource& operator=(const GzipSource&) = delete;

    void read(std::uint64_t offset, std::span<std::byte> target) const override {
        const std::lock_guard lock(m_mutex);
        const std::uint64_t end = offset + target.size();
        if (offset > static_cast<std::uint64_t>(std::numeric_limits<z_off_t>::max()) ||
            ::gzseek(m_file, static_cast<z_off_t>(offset), SEEK_SET) < 0)
            failShort(m_name, end);
        while (!target.empty()) {
            const auto want = static_cast<unsigned>(std::min<std::size_t>(target.size(), 1U << 30));
            const int got = ::gzread(m_file, target.data(), want);
            if (got <= 0)
                failShort(m_name, end);
            target = target.subspan(static_cast<std::size_t>(got));
        }
    }

private:
    std::string m_name;
    mutable std::mutex m_mutex;  // the position belongs to one reader at a time
    gzFile m_file;
};

class MemorySource : public ByteSource {
public:
    MemorySource(std::vector<std::byte> bytes, std::string name)
        : m_bytes(std::move(bytes)), m_name(std::move(name)) {}

    void read(std::uint64_t offset, std::span<std::byte> target) const override {
        if (offset > m_bytes.size() || target.size() > m_bytes.size() - offset)
            failShort(m_name, offset + target.size());
        if (!target.empty())
            std::memcpy(target.data(), m_bytes.data() + offset, target.size());
    }

private:
    std::vector<std::byte> m_bytes;
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

ByteSourcePtr openGzip(const std::filesystem::path& path) {
    return std::make_shared<GzipSource>(path);
}

ByteSourcePtr bytesInMemory(std::vector<std::byte> bytes, std::string name) {
    return std::make_shared<MemorySource>(std::move(bytes), std::move(name));
}

bool isGzip(const std::filesystem::path& path) {
    if (fileSize(path) < 2)
        return false;
    std::array<std::byte, 2> magic{};
    openBytes(path)->read(0, magic);
    return magic[0] == std::byte{0x1f} && magic[1] == std::byte{0x8b};
}

}  // namespace denoscope
