// SPDX-License-Identifier: GPL-3.0-or-later
// What a setting allows. Private to engine/api.
#pragma once

#include <string>

#include "engine/api/Settings.h"

namespace denoscope {

// "a whole number from 1 to 65536", "one of adam, adamw".
std::string allowedText(const Setting& setting);

// Whether a value of the setting's own type lies in its range or among its choices.
bool isAllowed(const Setting& setting, const SettingValue& value);

}  // namespace denoscope
