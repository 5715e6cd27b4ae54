// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>

#include "engine/api/Error.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void failWriting(const fs::path& path, std::error_code reason) {
    const std::string remedy = reason == std::errc::no_space_on_device
                                   ? "free some space or choose another folder"
                                   : "check the folder's existence, your rights to it and its free space";
    throw EngineError("cannot be written: " + reason.message(), path.string(), remedy);
}

std::error_code lastError() {
    return {errno, std::generic_category()};
}

// Streams report failure without a reason; where the system kept none, this one is the usual.
std::error_code lastErrorOr(std::errc fallback) {
    return errno != 0 ? lastError() : std::make_error_code(fallback);
}

// Files and folders alike: a rename may survive a power cut only if what it renames has reached the disk.
void flushToDisk(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        failWriting(path, lastError());
    const int result = ::fsync(descriptor);
    const std::error_code reason = lastError();
    ::close(descriptor);
    // Some file systems cannot flush folders and say EINVAL; nothing better can be done there.
    if (result != 0 && reason != std::errc::invalid_argument)
        failWriting(path, reason);
}

fs::path parentOf(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// Unique among threads and processes, hidden, and on the same file system as the target.
fs::path temporaryBeside(const fs::path& path) {
    static std::atomic<unsigned> counter{0};
    const std::string name = fmt::format(".{}.tmp-{}-{}", path.filename().string(), ::getpid(), counter++);
    return parentOf(path) / name;
}

struct TemporaryFile {
    fs::path path;
    ~TemporaryFile() {
        std::error_code ignored;  // gone already when the rename succeeded
        fs::remove(path, ignored);
    }
};

void moveOnto(const fs::path& from, const fs::path& to) {
    std::error_code reason;
    fs::rename(from, to, reason);
    if (reason)
        failWriting(to, reason);
}

// A folder cannot be renamed onto a full one. Most file systems can exchange the two in one step, so that a
// kill at any moment leaves one of them there; elsewhere the older one steps aside first.
void replaceFolder(const fs::path& temporary, const fs::path& target) {
    if (!fs::exists(target))
        return moveOnto(temporary, target);
    fs::path older = temporary;
    if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0) {
        older = temporaryBeside(target);
        moveOnto(target, older);
        moveOnto(temporary, target);
    }
    std::error_code ignored;  // the new one is in place; what is left of the older one is only room
    fs::remove_all(older, ignored);
}

}  // namespace

void writeFileAtomically(const fs::path& path, const std::function<void(std::ostream&)>& write) {
    const TemporaryFile temporary{temporaryBeside(path)};
    errno = 0;
    std::ofstream stream(temporary.path, std::ios::binary | std::ios::trunc);
    if (!stream)
        failWriting(path, lastErrorOr(std::errc::permission_denied));
    write(stream);
    stream.close();
    if (!stream)
        failWriting(path, lastErrorOr(std::errc::io_error));
    flushToDisk(temporary.path);
    moveOnto(temporary.path, path);
    flushToDisk(parentOf(path));
}

void writeFileAtomically(const fs::path& path, std::string_view bytes) {
    writeFileAtomically(path, [bytes](std::ostream& stream) {
        stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    });
}

void publishFolder(const fs::path& temporary, const fs::path& target) {
    std::error_code reason;
    for (fs::recursive_directory_iterator entry(temporary, reason), end; !reason && entry != end;
         entry.increment(reason))
        if (entry->is_regular_file() || entry->is_directory())
            flushToDisk(entry->path());
    if (reason)
        failWriting(temporary, reason);
    flushToDisk(temporary);
    replaceFolder(temporary, target);
    flushToDisk(parentOf(target));
}

std::string readFile(const fs::path& path, std::size_t limit) {
    std::error_code reason;
    const fs::file_status status = fs::status(path, reason);
    if (!fs::exists(status))
        throw EngineError("does not exist", path.string(), "check the path");
    if (!fs::is_regular_file(status))
        throw EngineError("is not a file", path.string(), "name a file");
    const std::uintmax_t size = fs::file_size(path, reason);
    if (reason)
        throw EngineError("cannot be read: " + reason.message(), path.string(), "check your rights to it");
    if (size > limit)
        throw EngineError(
            fmt::format("has {} bytes, more than the {} that such a file may have", size, limit),
            path.string(), "check that this is the right file");
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (!stream || !stream.read(bytes.data(), static_cast<std::streamsize>(size)))
        throw EngineError("cannot be read: " + lastErrorOr(std::errc::io_error).message(), path.string(),
                          "check your rights to it and the disk");
    return bytes;
}

}  // namespace denoscope
