// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace denoscope {

// Held by the one process that writes a run; the system releases it when that process ends, however it ends.
// The file stays: deleting it would let two processes lock two different files of that name.
class FolderLock {
public:
    FolderLock() = default;  // holds nothing
    // Throws EngineError when another process (named where known) holds it.
    explicit FolderLock(const std::filesystem::path& file);
    ~FolderLock();
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&& other) noexcept;

private:
    int m_descriptor = -1;
};

}  // namespace denoscope
