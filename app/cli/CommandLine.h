// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of the command line share.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "app/cli/ExitCode.h"

namespace denoscope {

inline constexpr const char* exitCodes =
    "Exit codes:\n"
    "  0    done\n"
    "  1    something failed while working; what was trained up to the last checkpoint is kept\n"
    "  2    the input or the command line was wrong; nothing was changed\n"
    "  130  interrupted (Ctrl-C or SIGTERM); a checkpoint was written, 'resume' goes on from there";
inline constexpr const char* jsonHelp = "One JSON object a line on stdout";

inline std::string withExitCodes(const std::string& text, const char* codes = exitCodes) {
    return text + "\n\n" + codes;
}

// What the command line asked for: set by whichever subcommand was parsed.
using Action = std::function<ExitCode()>;

// --fps
void addRate(CLI::App& command, int& framesPerSecond);

void addBench(CLI::App& app, Action& action);

// The commands that look at data: convert, evaluate, info, devices, settings, config.
void addEvaluate(CLI::App& app, Action& action);
void addConvert(CLI::App& app, Action& action);
void addLooks(CLI::App& app, Action& action);

}  // namespace denoscope
