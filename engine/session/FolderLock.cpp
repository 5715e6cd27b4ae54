// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/FolderLock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

// The lock file holds the number of the process that took it last.
std::string holder(int descriptor) {
    std::array<char, 24> bytes{};
    const ssize_t count = ::pread(descriptor, bytes.data(), bytes.size(), 0);
    std::string digits;
    for (ssize_t i = 0;
         i < count && std::isdigit(static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)])); ++i)
        digits += bytes[static_cast<std::size_t>(i)];
    return digits.empty() ? "another process" : "process " + digits;
}

void writeOwner(int descriptor) {
    const std::string text = fmt::format("{}\n", ::getpid());
    // Only for the message to others; the lock itself does not need it.
    if (::ftruncate(descriptor, 0) == 0) [[maybe_unused]]
        const ssize_t written = ::pwrite(descriptor, text.data(), text.size(), 0);
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& file)
    : m_descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    const auto fail = [&](const std::string& what, const std::string& remedy) {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        throw EngineError(what, file.parent_path().string(), remedy);
    };
    if (m_descriptor < 0)
        fail("cannot be opened for writing: " + std::generic_category().message(errno),
             "check your rights to the folder");
    if (::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            fail("is being written by " + holder(m_descriptor), "stop that one first");
        fail("cannot be locked: " + std::generic_category().message(errno),
             "keep runs on a file system that supports locks");
    }
    writeOwner(m_descriptor);
}

FolderLock::~FolderLock() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

}  // namespace denoscope
