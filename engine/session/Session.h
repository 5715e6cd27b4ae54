// SPDX-License-Identifier: GPL-3.0-or-later
// The engine behind the port: one engine thread that owns all tensors and one data thread that opens data.
#pragma once

#include <memory>

#include "engine/api/EnginePort.h"

namespace denoscope {

// Starts both threads. The destructor trips the stop token (looked at between network calls), writes the last
// checkpoint of a run in training, silences the doorbell and joins.
std::unique_ptr<EnginePort> makeSession();

}  // namespace denoscope
