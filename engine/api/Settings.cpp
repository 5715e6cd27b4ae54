// SPDX-License-Identifier: GPL-3.0-or-later
// The one list of settings.
#include "engine/api/Settings.h"

#include <algorithm>

#include "engine/api/SettingBuilder.h"

namespace denoscope {
namespace {

std::vector<Setting> describeAll() {
    std::vector<Setting> list;
    describeData(list);
    describeModel(list);
    describeNoise(list);
    describeTraining(list);
    describeSampling(list);
    return list;
}

}  // namespace

const std::vector<Setting>& settings() {
    static const std::vector<Setting> list = describeAll();
    return list;
}

const Setting* findSetting(const std::string& key) {
    const auto& list = settings();
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const Setting& setting) { return setting.key == key; });
    return found == list.end() ? nullptr : &*found;
}

const std::vector<SettingGroup>& settingGroups() {
    static const std::vector<SettingGroup> groups{{"data", "Data"},
                                                  {"model", "Model"},
                                                  {"noise", "Noise"},
                                                  {"training", "Training"},
                                                  {"sampling", "Sampling"}};
    return groups;
}

}  // namespace denoscope
