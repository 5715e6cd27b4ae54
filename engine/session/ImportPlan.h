// SPDX-License-Identifier: GPL-3.0-or-later
// What a file of weights is about to become. Inside of ImportRun.h.
#pragma once

#include "engine/interchange/InferProcess.h"
#include "engine/interchange/WeightsFile.h"
#include "engine/session/ImportRun.h"

namespace denoscope {

struct ImportPlan {
    RunConfig config;
    DataFacts facts;
    std::int64_t step = 0;
};

// Fills report.open (and then returns half a plan) or gives a plan whose config is valid for its facts.
ImportPlan planImport(const WeightsFile& file, const ProcessTraces& traces, WeightsChoice choice,
                      const ImportRequest& request, ImportReport& report);

}  // namespace denoscope
