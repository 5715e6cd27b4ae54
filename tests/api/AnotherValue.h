// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

#include "engine/api/Settings.h"

namespace denoscope {

// A value that is allowed and not the default.
inline SettingValue anotherValue(const Setting& setting) {
    const SettingValue value = setting.get(RunConfig{});
    switch (setting.kind) {
        case SettingKind::Flag:
            return !std::get<bool>(value);
        case SettingKind::Integer:
            return std::get<std::int64_t>(value) +
                   (std::get<std::int64_t>(value) + 1 <= setting.max ? 1 : -1);
        case SettingKind::Real:
            return std::lerp(std::get<double>(value),
                             std::get<double>(value) < setting.max ? setting.max : setting.min, 1e-3);
        case SettingKind::Choice:
            return setting.choices.back() == std::get<std::string>(value) ? setting.choices.front()
                                                                          : setting.choices.back();
        case SettingKind::IntegerList:
            return std::vector<std::int64_t>{24, 32, 32};
        case SettingKind::ChoiceList:
            return std::vector<std::string>{setting.choices.back(), setting.choices.front()};
        case SettingKind::Text:
        case SettingKind::Path:
            break;
    }
    return std::string("another");
}

}  // namespace denoscope
