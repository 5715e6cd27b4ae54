// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace denoscope {

enum ExitCode { succeeded = 0, failedWorking = 1, badInput = 2, interrupted = 130 };

}  // namespace denoscope
