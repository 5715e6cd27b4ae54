// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

namespace denoscope {

// q(x_{t-1} | x_t, x_0) = N(clean x_0 + noisy x_t, variance): arXiv:2006.11239 eq. 6, 7.
template <class Value>
struct Posterior {
    Value clean, noisy, variance;
};

// Value: a number or a tensor of them. alphaBar: of step t; before: of step t - 1; beta = 1 - alphaBar /
// before.
template <class Value>
Posterior<Value> posteriorOf(const Value& alphaBar, const Value& before, const Value& beta) {
    using std::sqrt;  // of a tensor: found beside it
    const Value rest = 1 - alphaBar;
    return {beta * sqrt(before) / rest, (1 - before) * sqrt(1 - beta) / rest, beta * (1 - before) / rest};
}

}  // namespace denoscope
