// SPDX-License-Identifier: GPL-3.0-or-later
// The memory that there is for this program: the machine's, or less where its control group (cgroup v2: a
// container, a batch job, a systemd unit) is given less.
#pragma once

#include <cstdint>
#include <filesystem>

namespace denoscope {

struct SystemMemory {
    std::int64_t total = 0;  // bytes; 0 = unknown
    // Can be had without swapping: what is free, and the caches of files that the system would give up.
    std::int64_t available = 0;
};

// Where the system tells it.
struct MemoryFiles {
    std::filesystem::path machine = "/proc/meminfo", membership = "/proc/self/cgroup",
                          groups = "/sys/fs/cgroup";
};

// Cheap enough to call at every keystroke.
SystemMemory systemMemory(const MemoryFiles& files = {});

}  // namespace denoscope
