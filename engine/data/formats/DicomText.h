// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace denoscope {

// The values of a DICOM text (they are parted by backslashes), without padding and control characters, as
// UTF-8. `charset`: the last value of Specific Character Set (PS3.3 C.12.1.1.2); what it cannot read becomes
// '?'.
std::vector<std::string> dicomTexts(std::string_view bytes, const std::string& charset);

}  // namespace denoscope
