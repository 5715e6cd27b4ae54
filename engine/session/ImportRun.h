// SPDX-License-Identifier: GPL-3.0-or-later
// A run made from weights that were trained elsewhere.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/api/Config.h"
#include "engine/api/Data.h"

namespace denoscope {

enum class TakenWeights { Both, Online, Ema };

struct ImportRequest {
    std::filesystem::path file;  // see WeightsFile.h
    std::filesystem::path run;   // folder to make
    std::string data;       // what to sample and train like; empty: unknown, then `size` says the extents
    Shape size;             // {L}, {H, W} or {D, H, W}; empty: the data's own, or as the arguments say
    std::string diffusion;  // Python class of the process; empty: as the file says
    nlohmann::json args = nlohmann::json::object(),
                   diffusionArgs = nlohmann::json::object();  // what it does not say
    bool takeDefaults = false;                                // for all that stays open
    TakenWeights weights = TakenWeights::Both;
    bool takeOptimizer = true;
};

// Something that neither the file nor the request says.
struct OpenQuestion {
    std::string option;  // "--arg dropout=", "--shape "
    std::string sentence;
    std::string fallback;  // empty: there is none
};

struct ImportReport {
    std::vector<OpenQuestion> open;     // when there are any, nothing was made
    std::vector<OpenQuestion> assumed;  // defaults that were taken
    std::string layout;                 // of the file
    std::string network, process;       // as Python would call them; empty for a file of ours
    std::int64_t parameters = 0, step = 0;
    bool hasOptimizer = false;
    std::vector<std::string> notes;  // sentences
};

// Reads nothing into a network before its arguments agree with the file; the run is made beside its place and
// appears there once it is whole. Throws EngineError naming the tensor or the option, WorkFailed where the
// request was right and writing failed.
ImportReport importRun(const ImportRequest& request);

// Metadata of the safetensors files that exportRun writes, by which importing them needs no arguments.
inline constexpr const char* configKey = "denoscope.config";
inline constexpr const char* factsKey = "denoscope.data";
inline constexpr const char* stepKey = "denoscope.step";

}  // namespace denoscope
