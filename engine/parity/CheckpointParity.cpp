// SPDX-License-Identifier: GPL-3.0-or-later
// Trainers' checkpoints: the outputs of the online and of the averaged network.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "engine/api/Error.h"
#include "engine/interchange/WeightsFile.h"
#include "engine/parity/ReferenceCase.h"

namespace denoscope {

Comparisons checkCheckpoint(ReferenceCase& reference) {
    const at::NoGradGuard noGrad;
    // Only a name: a case cannot point elsewhere.
    const auto name = std::filesystem::path(reference.meta("checkpoint").get<std::string>()).filename();
    WeightsFile file = readWeights(reference.path().parent_path() / name);
    Comparisons results;
    const at::Tensor x = reference.take("in.x"), time = reference.take("in.time", {x.size(0)}).to(at::kFloat);
    for (const auto& [output, choice] :
         {std::pair{"out.online", WeightsChoice::Online}, std::pair{"out.ema", WeightsChoice::Ema}}) {
        if (!reference.has(output))
            continue;
        const auto network = buildNetwork(reference, x.sizes().slice(2).vec(), file.network(choice));
        results.push_back(compare(output, network->forward({x, time, {}, {}}, false), reference.take(output),
                                  forwardTolerance));
    }
    if (reference.hasMeta("step"))
        results.push_back(compare("step", at::full({1}, file.facts().step.value_or(-1), at::kDouble),
                                  at::full({1}, reference.meta("step").get<double>(), at::kDouble), 0));
    return results;
}

}  // namespace denoscope
