// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/ZipArchive.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <system_error>

#include "engine/api/Error.h"
#include "engine/core/Printable.h"

namespace denoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t smallMember = 4096;  // where ratios say nothing

[[noreturn]] void refuse(const std::string& what, const std::string& where) {
    throw EngineError(what, where, "the archive is damaged or made to harm; copy or save it again");
}

std::string reasonOf(int code) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    return reason;
}

struct CloseFile {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};

}  // namespace

struct ZipArchive::Handle {
    explicit Handle(const std::string& path) {
        int code = 0;
        archive = zip_open(path.c_str(), ZIP_RDONLY, &code);
        if (!archive)
            refuse("cannot be read as a zip archive: " + reasonOf(code), path);
    }
    ~Handle() { zip_discard(archive); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    zip_t* archive = nullptr;
};

ZipArchive::ZipArchive(const fs::path& path, std::uint64_t largestRatio) : m_path(path.string()) {
    std::error_code error;
    const std::uint64_t fileBytes = fs::file_size(path, error);
    if (error)
        throw EngineError("cannot be opened: " + error.message(), m_path,
                          "check the path and your rights to it");
    m_handle = std::make_unique<Handle>(m_path);
    listMembers(fileBytes, largestRatio);
}

ZipArchive::~ZipArchive() = default;
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive& ZipArchive::operator=(ZipArchive&&) noexcept = default;

void ZipArchive::listMembers(std::uint64_t fileBytes, std::uint64_t largestRatio) {
    const auto count = static_cast<std::uint64_t>(zip_get_num_entries(m_handle->archive, 0));
    std::uint64_t left = fileBytes;
    for (std::uint64_t index = 0; index < count; ++index) {
        zip_stat_t status;
        zip_stat_init(&status);
        constexpr zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                                        ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
        if (zip_stat_index(m_handle->archive, index, 0, &status) != 0 || (status.valid & needed) != needed)
            refuse(fmt::format("the directory says too little about member {}", index), m_path);
        const std::string where = fmt::format("{}, member {}", m_path, inQuotes(status.name));
        if (status.encryption_method != ZIP_EM_NONE)
            refuse("is encrypted", where);
        if (status.comp_method != ZIP_CM_STORE && status.comp_method != ZIP_CM_DEFLATE)
            refuse(fmt::format("is packed in a way that is not read (method {})", status.comp_method), where);
        if (status.comp_method == ZIP_CM_STORE && status.size != status.comp_size)
            refuse(
                fmt::format("is stored as it is, yet claims {} bytes of {}", status.size, status.comp_size),
                where);
        // Members that lie over each other would let a small file claim any amount of data.
        if (status.comp_size > left)
            refuse(fmt::format("claims more bytes than the file's {} hold", fileBytes), where);
        left -= status.comp_size;
        if (status.size > smallMember && status.size / largestRatio > status.comp_size)
            refuse(fmt::format("claims to unpack {} bytes to {}", status.comp_size, status.size), where);
        if (!m_members.try_emplace(status.name, ZipMember{index, status.size}).second)
            refuse("stands twice in the archive", where);
    }
}

// One member, unpacked from its beginning on.
class ZipArchive::Unpacking {
public:
    Unpacking(const ZipArchive& archive, const std::string& name)
        : m_where(fmt::format("{}, member {}", archive.m_path, inQuotes(name))) {
        const auto found = archive.m_members.find(name);
        if (found == archive.m_members.end())
            refuse("is missing", m_where);
        m_size = found->second.bytes;
        m_file.reset(zip_fopen_index(archive.m_handle->archive, found->second.index, 0));
        if (!m_file)
            refuse(std::string("cannot be read: ") + zip_strerror(archive.m_handle->archive), m_where);
    }

    std::uint64_t size() const { return m_size; }

    std::vector<std::byte> next(std::uint64_t count) {
        std::vector<std::byte> bytes(count);
        std::uint64_t filled = 0;
        while (filled < count) {
            const zip_int64_t got = zip_fread(m_file.get(), bytes.data() + filled, count - filled);
            if (got <= 0)
                refuse(fmt::format("ends or fails at byte {} of {}: {}", filled, m_size,
                                   zip_file_strerror(m_file.get())),
                       m_where);
            filled += static_cast<std::uint64_t>(got);
        }
        return bytes;
    }

    // The checksum is looked at when the end is met.
    void requireEnd() {
        std::byte beyond;
        const zip_int64_t rest = zip_fread(m_file.get(), &beyond, 1);
        if (rest != 0)
            refuse(rest > 0 ? std::string("is longer than the directory says")
                            : std::string("is damaged: ") + zip_file_strerror(m_file.get()),
                   m_where);
    }

private:
    std::string m_where;
    std::uint64_t m_size = 0;
    std::unique_ptr<zip_file_t, CloseFile> m_file;
};

std::vector<std::byte> ZipArchive::read(const std::string& name) const {
    Unpacking member(*this, name);
    std::vector<std::byte> bytes = member.next(member.size());
    member.requireEnd();
    return bytes;
}

std::vector<std::byte> ZipArchive::readStart(const std::string& name, std::uint64_t most) const {
    Unpacking member(*this, name);
    return member.next(std::min(most, member.size()));
}

}  // namespace denoscope
