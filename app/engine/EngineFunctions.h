// SPDX-License-Identifier: GPL-3.0-or-later
// What the window gets out of denoscope-engine.so, which has all that computes and all that writes files:
// LibTorch and FFmpeg take half a second to load, for which a window need not wait (app/engine/LateEngine.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/EnginePort.h"

namespace denoscope {

struct EngineFunctions {
    const char* version;  // of the program that both are part of
    std::unique_ptr<EnginePort> (*makeSession)();
    std::vector<std::string> (*writeItemsOrFilm)(const std::vector<Item>& items, const std::string& path,
                                                 double low, double high);
    void (*writeFilm)(const std::vector<std::vector<Item>>& frames, const std::string& path, double low,
                      double high, int framesPerSecond);
};

// The module's one symbol, a function () -> const EngineFunctions*.
inline constexpr const char* engineSymbol = "denoscopeEngine";
inline constexpr const char* engineFile = "denoscope-engine.so";

}  // namespace denoscope
