// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Startup.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace denoscope {
namespace {

constexpr const char* restartedMark = "DENOSCOPE_RESTARTED";

bool hasAvx512() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl");
#else
    return false;
#endif
}

// True when the variable was not there and is now.
bool provide(const char* name, const char* value) {
    return std::getenv(name) == nullptr && setenv(name, value, 0) == 0;
}

}  // namespace

void restartWithMathEnvironment(char** argv) {
    if (std::getenv(restartedMark) != nullptr) {
        unsetenv(restartedMark);  // not for programs that this one starts
        return;
    }
    bool changed = provide("OMP_WAIT_POLICY", "passive");
    changed = provide("GOMP_SPINCOUNT", "5000") || changed;
    if (hasAvx512())
        changed = provide("OPENBLAS_CORETYPE", "SkylakeX") || changed;
    std::error_code unknown;  // without the path the program goes on as it is
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", unknown);
    if (changed && !unknown && setenv(restartedMark, "1", 1) == 0)
        execv(self.c_str(), argv);  // by its own name, which process lists show
}

}  // namespace denoscope
