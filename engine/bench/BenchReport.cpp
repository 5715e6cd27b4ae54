// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/bench/BenchReport.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/core/Machine.h"

namespace denoscope {
namespace {

using nlohmann::ordered_json;

// To so many decimals: further ones are noise.
double rounded(double value, int decimals) {
    const double scale = std::pow(10, decimals);
    return std::round(value * scale) / scale;
}

const char* nameOf(Precision precision) {
    return precision == Precision::Float32 ? "fp32" : "bf16";
}

void addPath(ordered_json& line, const std::string& path, const PathResult& result) {
    line[path + "_ms"] = rounded(result.milliseconds.median, 3);
    line[path + "_ms_low"] = rounded(result.milliseconds.low, 3);
    line[path + "_ms_high"] = rounded(result.milliseconds.high, 3);
    line["samples_per_s_" + path] = rounded(result.samplesPerSecond, 4);
    line["peak_mb_" + path] = rounded(result.peakMegabytes, 3);
}

std::string timesText(const Quartiles& times) {
    const int decimals = times.median < 1000 ? 1 : 0;
    return fmt::format("{:.{}f} ({:.{}f} .. {:.{}f})", times.median, decimals, times.low, decimals,
                       times.high, decimals);
}

std::string peaksText(const BenchResult& result) {
    const std::string two =
        fmt::format("{:.0f} > {:.0f}", result.plain.peakMegabytes, result.fused.peakMegabytes);
    return result.recomputingPeakMegabytes ? fmt::format("{} > {:.0f}", two, *result.recomputingPeakMegabytes)
                                           : two;
}

}  // namespace

std::string benchMachine() {
    return fmt::format("{}; LibTorch {}, {}, {} compute threads", devices().front().description,
                       torchVersion(), mathLibrary().name, at::get_num_threads());
}

std::string benchHead(BenchWork work) {
    return fmt::format("{:<5}{:<6}{:>5}  {:<28}{:<28}{:>8}  {:>15}  {:>9}  {:>9}  {:>15}\n", "case", "type",
                       "batch", work == BenchWork::Train ? "plain, ms a step" : "plain, ms a request",
                       "fused", "faster", "samples/s", "limit, ms", "reached", "peak, MB");
}

std::string benchRow(const BenchResult& result) {
    const PathResult &plain = result.plain, &fused = result.fused;
    return fmt::format("{:<5}{:<6}{:>5}  {:<28}{:<28}{:>8}  {:>15}  {:>9}  {:>9}  {:>15}\n", result.name,
                       nameOf(result.options.precision), result.batch, timesText(plain.milliseconds),
                       timesText(fused.milliseconds), fmt::format("{:.2f} x", result.speedup()),
                       fmt::format("{:.3g} > {:.3g}", plain.samplesPerSecond, fused.samplesPerSecond),
                       result.limit ? fmt::format("{:.1f}", result.limit->milliseconds) : "-",
                       result.limit ? fmt::format("{:.0f} %", 100 * *result.limitFraction()) : "-",
                       peaksText(result));
}

std::string benchJson(const BenchResult& result) {
    ordered_json line{{"case", result.name},
                      {"work", result.options.work == BenchWork::Train ? "train" : "sample"},
                      {"precision", nameOf(result.options.precision)},
                      {"batch", result.batch},
                      {"pairs", result.options.pairs}};
    addPath(line, "plain", result.plain);
    addPath(line, "fused", result.fused);
    line["peak_mb_recompute"] = result.recomputingPeakMegabytes
                                    ? ordered_json(rounded(*result.recomputingPeakMegabytes, 3))
                                    : ordered_json();
    line["speedup"] = rounded(result.speedup(), 4);
    line["gflop"] = result.limit ? ordered_json(rounded(result.limit->gflop, 4)) : ordered_json();
    line["limit_ms"] = result.limit ? ordered_json(rounded(result.limit->milliseconds, 3)) : ordered_json();
    line["limit_fraction"] =
        result.limit ? ordered_json(rounded(*result.limitFraction(), 4)) : ordered_json();
    line["difference"] = result.difference;
    return line.dump();
}

}  // namespace denoscope
