// SPDX-License-Identifier: GPL-3.0-or-later
// One function per view, each in its own file; main.cpp calls them all, or those whose names it is given. The
// last two are of the whole window and only called by name.
#pragma once

namespace denoscope {

void benchGrids();
void benchSlices();
void benchWaveform();

void benchTraining();
void benchStart();

}  // namespace denoscope
