// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/Error.h"

namespace denoscope {

// The weights cannot be trained on as they are: training has to go back to a checkpoint.
class Spoiled : public EngineError {
public:
    using EngineError::EngineError;
};

// The numbers of a step went astray; whatever led there is in the weights already.
class NotFinite : public Spoiled {
public:
    using Spoiled::Spoiled;
};

}  // namespace denoscope
