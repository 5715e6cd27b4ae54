// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Machine.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "engine/core/Processor.h"
#include "engine/core/SystemMemory.h"

namespace denoscope {
namespace {

// The value of the first line of a /proc file that begins with `key`.
std::string procValue(const char* file, const std::string& key) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);)
        if (line.starts_with(key))
            return line.substr(std::min(line.find(':') + 2, line.size()));
    return {};
}

const char* vectorUnits() {
    if (multipliesMatrices())
        return "AMX";
    switch (processor()) {
        case Processor::Avx512:
            return "AVX-512";
        case Processor::Avx2:
            return "AVX2";
        case Processor::Base:
            break;
    }
    return "no wide vectors";
}

constexpr const char* referenceLibrary = "reference BLAS";

// The library that answers matrix products, told by a symbol that only it exports.
std::string loadedMathLibrary() {
    if (at::hasMKL())
        return "MKL";
    if (dlsym(RTLD_DEFAULT, "openblas_get_config") != nullptr)
        return "OpenBLAS";
    return referenceLibrary;
}

}  // namespace

std::vector<DeviceInfo> devices() {
    const std::string model = procValue("/proc/cpuinfo", "model name");
    std::vector<DeviceInfo> found{{"cpu",
                                   fmt::format("{}, {} threads, {}", model.empty() ? "processor" : model,
                                               std::thread::hardware_concurrency(), vectorUnits()),
                                   systemMemory().total}};
    for (std::size_t i = 0; i < static_cast<std::size_t>(torch::cuda::device_count()); ++i)
        found.push_back(
            {fmt::format("cuda:{}", i), "NVIDIA GPU, not used: the engine computes on the processor", 0});
    return found;
}

MathLibrary mathLibrary() {
    constexpr std::int64_t n = 512;
    MathLibrary library{loadedMathLibrary(), 0, false};
    library.reference = library.name == referenceLibrary;
    const at::NoGradGuard noGrad;
    const at::Tensor a = at::ones({n, n}), b = at::ones({n, n});
    at::mm(a, b);  // warms the threads
    const auto start = std::chrono::steady_clock::now();
    at::mm(a, b);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    library.matmulGflops = 2.0 * n * n * n / seconds * 1e-9;
    return library;
}

std::string slowMathWarning() {
    if (loadedMathLibrary() != referenceLibrary)
        return {};  // at the start of every session: without measuring
    return fmt::format(
        "matrix products run on the reference BLAS ({:.1f} GFLOP/s): training will be several times slower; "
        "install libopenblas0-openmp",
        mathLibrary().matmulGflops);
}

bool hasBFloat16() {
    return processor() == Processor::Avx512;
}

std::optional<Error> beyondMachine(const TrainingConfig& training, bool bfloat16) {
    if (training.precision != Precision::BFloat16 || bfloat16)
        return std::nullopt;
    return Error{"this processor computes bfloat16 number by number, many times slower than float32",
                 "training.precision", "set it to float32"};
}

RunConfig withinMachine(RunConfig config, bool bfloat16) {
    if (beyondMachine(config.training, bfloat16))
        config.training.precision = Precision::Float32;
    return config;
}

std::string torchVersion() {
    return TORCH_VERSION;
}

}  // namespace denoscope
