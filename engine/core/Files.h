// SPDX-License-Identifier: GPL-3.0-or-later
// Crash-safe writing: to a temporary name beside the target, flushed to the disk, then renamed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace denoscope {

// Errors (no room, no right) throw EngineError with the path; the target is then unchanged.
void writeFileAtomically(const std::filesystem::path& path, std::string_view bytes);
void writeFileAtomically(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write);

// Makes a finished temporary folder the target in one step (files and folders flushed first).
void publishFolder(const std::filesystem::path& temporary, const std::filesystem::path& target);

// The whole file; throws EngineError when it is missing, unreadable or larger than `limit` bytes.
std::string readFile(const std::filesystem::path& path, std::size_t limit);

}  // namespace denoscope
