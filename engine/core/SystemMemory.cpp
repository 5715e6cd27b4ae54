// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/SystemMemory.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace denoscope {
namespace {

namespace fs = std::filesystem;

// The number behind `key` in a file of lines "key number ...".
std::optional<std::int64_t> numberOf(const fs::path& file, std::string_view key) {
    std::ifstream stream(file);
    std::string word, rest;
    for (std::int64_t number = 0; stream >> word >> number; std::getline(stream, rest))
        if (word == key)
            return number;
    return std::nullopt;
}

// Of a file that is one number. Nothing where it is a word ("max": no limit) or not there.
std::optional<std::int64_t> numberIn(const fs::path& file) {
    std::ifstream stream(file);
    std::int64_t number = 0;
    return stream >> number ? std::optional(number) : std::nullopt;
}

SystemMemory ofMachine(const fs::path& file) {
    constexpr std::int64_t kibibyte = 1024;
    return {numberOf(file, "MemTotal:").value_or(0) * kibibyte,
            numberOf(file, "MemAvailable:").value_or(0) * kibibyte};
}

// This program's group, below the root of groups. The root where there is no second version of them.
fs::path groupOf(const fs::path& membership) {
    constexpr std::string_view secondVersion = "0::/";
    std::ifstream stream(membership);
    for (std::string line; std::getline(stream, line);)
        if (line.starts_with(secondVersion))
            return line.substr(secondVersion.size());
    return {};
}

std::int64_t lesser(std::int64_t a, std::int64_t b) {
    return a == 0 ? b : std::min(a, b);  // 0 = unknown
}

// What the limit of one group leaves.
void lower(SystemMemory& memory, const fs::path& group) {
    const std::optional<std::int64_t> limit = numberIn(group / "memory.max");
    if (!limit)
        return;
    const fs::path statistics = group / "memory.stat";
    const std::int64_t files =
        numberOf(statistics, "active_file").value_or(0) + numberOf(statistics, "inactive_file").value_or(0);
    const std::int64_t held =
        std::max<std::int64_t>(numberIn(group / "memory.current").value_or(0) - files, 0);
    memory.total = lesser(memory.total, *limit);
    // Not 0, which would mean unknown.
    memory.available = lesser(memory.available, std::max<std::int64_t>(*limit - held, 1));
}

}  // namespace

SystemMemory systemMemory(const MemoryFiles& files) {
    SystemMemory memory = ofMachine(files.machine);
    // The limits of all groups around it hold too.
    for (fs::path group = groupOf(files.membership); !group.empty(); group = group.parent_path())
        lower(memory, files.groups / group);
    lower(memory, files.groups);
    return memory;
}

}  // namespace denoscope
