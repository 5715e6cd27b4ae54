// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the members of a zip archive by name. Nothing is unpacked to the disk, so the paths in it are only
// names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace denoscope {

struct ZipMember {
    std::uint64_t index = 0;
    std::uint64_t bytes = 0;  // once unpacked
};

// Opening checks every claim of the directory: no name twice, no encryption, the stored sizes together no
// more than the file, no member more than a few times its stored size. Reading checks the checksum. Errors
// are EngineErrors that name the file and the member. Not to be used from two threads at once.
class ZipArchive {
public:
    explicit ZipArchive(const std::filesystem::path& path);
    ~ZipArchive();
    ZipArchive(ZipArchive&&) noexcept;
    ZipArchive& operator=(ZipArchive&&) noexcept;

    const std::map<std::string, ZipMember>& members() const { return m_members; }
    bool has(const std::string& name) const { return m_members.contains(name); }
    std::vector<std::byte> read(const std::string& name) const;

private:
    struct Handle;
    void listMembers(std::uint64_t fileBytes);

    std::string m_path;
    std::unique_ptr<Handle> m_handle;
    std::map<std::string, ZipMember> m_members;
};

}  // namespace denoscope
