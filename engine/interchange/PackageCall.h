// SPDX-License-Identifier: GPL-3.0-or-later
// What to write in Python to get a network as ours: class and keyword arguments.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "engine/nets/NetworkPlan.h"

namespace denoscope {

struct PackageCall {
    std::string name;
    nlohmann::ordered_json args = nlohmann::ordered_json::object();
};

// "Unet(dim=64, dim_mults=(1, 2))"
std::string toText(const PackageCall& call);

// A network with the same names, shapes and numbers; in the paper's form (Compat::Paper) with the same names
// only. Throws EngineError with the reason where the package has none.
PackageCall networkCall(const NetworkOptions& options);

// Throws EngineError. where: the setting that the package has no class for.
[[noreturn]] void refuseWithoutClass(const std::string& what, const char* where);

}  // namespace denoscope
