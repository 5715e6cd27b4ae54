// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of a run as a file that the Python package takes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace denoscope {

enum class ExportLayout {
    Network,  // what load_state_dict of the network takes
    Trainer   // what load_state_dict of the diffusion class around it takes: "model." and the schedule's
              // buffers
};

struct ExportRequest {
    std::filesystem::path run, out;  // out: a safetensors file
    bool ema = true;                 // the averaged weights, or the online ones
    ExportLayout layout = ExportLayout::Network;
};

struct ExportReport {
    std::string network, process;  // the Python calls that make what the file fits
    std::int64_t step = 0, tensors = 0;
    std::vector<std::string> warnings;  // sentences
};

// The last checkpoint. Throws EngineError for a network or process that the package has no class for,
// WorkFailed where the file cannot be written.
ExportReport exportRun(const ExportRequest& request);

}  // namespace denoscope
