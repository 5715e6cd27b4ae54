// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace denoscope {

// The math libraries read the environment once, when they are loaded. This puts there what they need and the
// person has not set; a program calls it first and loads them afterwards (app/Program.cpp).
// - OMP_WAIT_POLICY=passive: otherwise idle OpenMP threads spin without end, and a busy machine trains up to
//   eight times slower (a window being drawn is enough);
// - GOMP_SPINCOUNT=5000: but for some microseconds they do spin, for between two operations of a network they
//   would otherwise fall asleep and be woken thousands of times a step, which doubled its time.
void provideMathEnvironment();

}  // namespace denoscope
