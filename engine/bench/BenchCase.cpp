// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/bench/BenchCase.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/api/Error.h"
#include "engine/nets/PackageArguments.h"

namespace denoscope {

const std::vector<BenchCase>& benchCases() {
    static const std::vector<BenchCase> cases{
        {"1d",
         "KarrasUnet1D",
         R"({"seq_len": 512, "dim": 64, "dim_max": 128, "channels": 1, "num_downsamples": 3,
             "num_blocks_per_stage": 2, "attn_res": [64], "dropout": 0.1})",
         {512},
         8},
        {"2d",
         "KarrasUnet",
         R"({"image_size": 32, "dim": 64, "dim_max": 128, "channels": 3, "num_downsamples": 2,
             "num_blocks_per_stage": 2, "attn_res": [16, 8], "dropout": 0.1})",
         {32, 32},
         8},
        {"3d",
         "KarrasUnet3D",
         R"({"image_size": 32, "frames": 16, "dim": 32, "dim_max": 64, "channels": 1, "num_downsamples": 2,
             "num_blocks_per_stage": 1, "downsample_types": ["all", "image"], "attn_dim_head": 32,
             "dropout": 0.1})",
         {16, 32, 32},
         2}};
    return cases;
}

std::vector<BenchCase> benchCasesNamed(const std::string& name) {
    if (name == "all")
        return benchCases();
    const auto found = std::ranges::find(benchCases(), name, &BenchCase::name);
    if (found == benchCases().end())
        throw EngineError(fmt::format("there is no case '{}'", name), "--case", "use 1d, 2d, 3d or all");
    return {*found};
}

KarrasPlan planOf(const BenchCase& of) {
    const NetworkOptions options =
        packageOptions(of.model, nlohmann::json::parse(of.arguments), PackageGeneration::RmsNorm, of.size);
    return makeKarrasPlan(std::get<KarrasOptions>(options));
}

}  // namespace denoscope
