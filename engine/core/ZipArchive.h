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
// more than the file, no member more than `largestRatio` times its stored size (weights hardly shrink; empty
// images shrink as far as deflate can). Reading checks the checksum. Errors are EngineErrors that name the
// file and the member. Not to be used from two threads at once.
class ZipArchive {
public:
    explicit ZipArchive(const std::filesystem::path& path, std::uint64_t largestRatio = 16);
    ~ZipArchive();
    ZipArchive(ZipArchive&&) noexcept;
    ZipArchive& operator=(ZipArchive&&) noexcept;

    const std::map<std::string, ZipMember>& members() const { return m_members; }
    bool has(const std::string& name) const { return m_members.contains(name); }
    std::vector<std::byte> read(const std::string& name) const;
    // The first bytes of a member, at most so many; the checksum is not looked at.
    std::vector<std::byte> readStart(const std::string& name, std::uint64_t most) const;

private:
    struct Handle;
    class Unpacking;
    void listMembers(std::uint64_t fileBytes, std::uint64_t largestRatio);

    std::string m_path;
    std::unique_ptr<Handle> m_handle;
    std::map<std::string, ZipMember> m_members;
};

}  // namespace denoscope
