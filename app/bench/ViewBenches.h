// SPDX-License-Identifier: GPL-3.0-or-later
// One function per view, each in its own file; main.cpp calls them all, or those whose names it is given.
#pragma once

namespace denoscope {

void benchGrids();
void benchSlices();
void benchWaveform();

}  // namespace denoscope
