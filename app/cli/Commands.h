// SPDX-License-Identifier: GPL-3.0-or-later
// What each subcommand does. All throw EngineError for input that is wrong before any work was done, and
// WorkFailed for what goes wrong afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/ConfigSource.h"
#include "app/cli/ExitCode.h"
#include "engine/data/export/Convert.h"

namespace denoscope {

struct TrainOptions {
    ConfigSource source;
    std::string run;
    std::optional<std::int64_t> steps;
    bool json = false;
};
ExitCode train(const TrainOptions& options);

struct ResumeOptions {
    std::string run, data;  // data: where it lies now; empty = where it lay
    std::optional<std::int64_t> steps;
    bool json = false;
};
ExitCode resume(const ResumeOptions& options);

struct SampleOptions {
    std::string run, out, label;  // label: a class by name or number; empty = as the run says
    std::optional<std::int64_t> steps, seed, count;
    std::vector<std::string> changes;  // sampling settings, KEY=VALUE
    std::string known, mask;  // data paths: an item to agree with, and where; empty = nothing is given
    std::int64_t jump = 10, resamples = 10;
    std::vector<std::string> between;  // two items to draw the way between: paths or "item:N"; or none
    double sigma = 1;                  // the noise level that it is drawn from
    int framesPerSecond = 10;          // where `out` is a film of the denoising
    bool json = false;
};
ExitCode sample(const SampleOptions& options);

struct EvaluateRequest {
    std::string real, generated;  // data paths
    std::string fit = "exact";    // how real items of another size are brought to that of the generated ones
    std::string inception;        // file of weights; empty = without FID
    std::int64_t count = 1000;    // of each set at most
    std::int64_t seed = 0;
    bool json = false;
};
ExitCode evaluate(const EvaluateRequest& request);

// Computes reference cases again; files that are no cases are named and passed over.
ExitCode parity(const std::vector<std::string>& files, bool json);

struct BenchRequest {
    std::string name = "all", precision = "fp32", work = "train";
    std::optional<std::int64_t> steps;  // how often each way of computing is timed
    bool json = false;
};
ExitCode bench(const BenchRequest& request);

struct ImportOptions {
    std::string file, run, data, shape, diffusion;
    std::vector<std::string> args, diffusionArgs;  // "attn_heads=2", values as JSON or as plain words
    bool ema = false, online = false;              // neither: both
    bool defaults = false, withoutOptimizer = false;
    bool json = false;
};
// Prints what is open and returns badInput where the file and the options leave something so.
ExitCode importWeights(const ImportOptions& options);

struct ExportOptions {
    std::string run, out, layout = "network";
    bool ema = false, online = false;  // neither: ema
    bool json = false;
};
ExitCode exportWeights(const ExportOptions& options);

struct ConvertRequest {
    std::string in, out, part;  // part: DataConfig::part
    ConvertOptions options;
    bool json = false;
};
ExitCode convertData(const ConvertRequest& request);

// part: DataConfig::part
ExitCode showInfo(const std::string& path, const std::string& part, bool json);
ExitCode showDevices(bool json);
enum class SettingsForm { Text, Json, Markdown };
ExitCode showSettings(SettingsForm form);
ExitCode showConfig(const std::string& path, const std::string& preset);

}  // namespace denoscope
