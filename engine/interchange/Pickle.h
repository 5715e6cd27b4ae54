// SPDX-License-Identifier: GPL-3.0-or-later
// Python's pickle format, protocols 2 to 5, as far as files of weights need it.
#pragma once

#include <string>
#include <vector>

#include "engine/interchange/PickleValue.h"

namespace denoscope {

// Interprets dicts, lists, tuples, sets, text, bytes, numbers, truth values, None and PyTorch's descriptions
// of tensors. Python's format can name any function to be called: nothing is ever called here, and every name
// but those of PickleCalls.h is refused. Throws EngineError naming the opcode or function and its byte;
// `where` says which file. Takes at most a few times the memory of the pickle itself.
PickleDocument readPickle(std::vector<std::byte> bytes, const std::string& where);

}  // namespace denoscope
