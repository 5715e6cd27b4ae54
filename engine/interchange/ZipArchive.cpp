// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/ZipArchive.h"

#include <fmt/format.h>
#include <zip.h>

#include <limits>
#include <system_error>

#include "engine/api/Error.h"
#include "engine/interchange/Printable.h"

namespace denoscope {
namespace {

namespace fs = std::filesystem;

// PyTorch stores its members as they are; archives packed again by hand shrink weights hardly and text a few
// times.
constexpr std::uint64_t largestRatio = 16;
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

ZipArchive::ZipArchive(const fs::path& path) : m_path(path.string()) {
    std::error_code error;
    const std::uint64_t fileBytes = fs::file_size(path, error);
    if (error)
        throw EngineError("cannot be opened: " + error.message(), m_path,
                          "check the path and your rights to it");
    m_handle = std::make_unique<Handle>(m_path);
    listMembers(fileBytes);
}

ZipArchive::~ZipArchive() = default;
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive& ZipArchive::operator=(ZipArchive&&) noexcept = default;

void ZipArchive::listMembers(std::uint64_t fileBytes) {
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

std::vector<std::byte> ZipArchive::read(const std::string& name) const {
    const std::string where = fmt::format("{}, member {}", m_path, inQuotes(name));
    const auto found = m_members.find(name);
    if (found == m_members.end())
        refuse("is missing", where);
    const std::unique_ptr<zip_file_t, CloseFile> file(
        zip_fopen_index(m_handle->archive, found->second.index, 0));
    if (!file)
        refuse(std::string("cannot be read: ") + zip_strerror(m_handle->archive), where);
    std::vector<std::byte> bytes(found->second.bytes);
    std::uint64_t filled = 0;
    while (filled < bytes.size()) {
        const zip_int64_t got = zip_fread(file.get(), bytes.data() + filled, bytes.size() - filled);
        if (got <= 0)
            refuse(fmt::format("ends or fails at byte {} of {}: {}", filled, bytes.size(),
                               zip_file_strerror(file.get())),
                   where);
        filled += static_cast<std::uint64_t>(got);
    }
    std::byte beyond;  // the checksum is looked at when the end is met
    const zip_int64_t rest = zip_fread(file.get(), &beyond, 1);
    if (rest != 0)
        refuse(rest > 0 ? std::string("is longer than the directory says")
                        : std::string("is damaged: ") + zip_file_strerror(file.get()),
               where);
    return bytes;
}

}  // namespace denoscope
