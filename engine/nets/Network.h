// SPDX-License-Identifier: GPL-3.0-or-later
// What every network offers: a raw output for a noisy input. Which noise process it serves, and how its
// output is to be read, is not its business (engine/diffusion).
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/nets/Parameters.h"

namespace denoscope {

// Lives on one thread.
class Network {
public:
    struct Inputs {
        at::Tensor x;              // (B, C, ...size)
        at::Tensor time;           // (B): noise conditioning, in the units that the process gives it
        at::Tensor selfCondition;  // (B, C, ...size), or undefined for zeros
        at::Tensor
            classes;  // (B, classes) one-hot rows, all zero for "no class"; undefined when unconditional
    };

    virtual ~Network() = default;

    // (B, outputs, ...size). Training applies dropout, drawn as the thread's DropoutScope says.
    virtual at::Tensor forward(const Inputs& inputs, bool training) = 0;

    // Called once after every optimiser step, so that all steps begin (and all interrupted steps end) with
    // the same weights. Networks that keep their weights' magnitude fixed do it here.
    virtual void normalizeWeights() {}

    virtual const std::vector<Parameter>& parameters() const = 0;

    virtual int classes() const = 0;              // 0 = unconditional
    virtual bool conditionsOnItself() const = 0;  // takes Inputs::selfCondition
};

}  // namespace denoscope
