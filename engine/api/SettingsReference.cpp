// SPDX-License-Identifier: GPL-3.0-or-later
// The settings as Markdown.
#include <fmt/format.h>

#include "engine/api/SettingText.h"
#include "engine/api/Settings.h"

namespace denoscope {
namespace {

std::string defaultText(const Setting& setting) {
    const std::string text = toText(setting.get(RunConfig{}));
    return text.empty() ? "(empty)" : text;
}

std::string row(const Setting& setting) {
    const std::string unit = setting.unit.empty() ? "" : ", in " + setting.unit;
    return fmt::format("| `{}` | {} | {}{} | {} | {}. {} |\n", setting.key, defaultText(setting),
                       allowedText(setting), unit, setting.applies == Applies::Live ? "live" : "new run",
                       setting.label, setting.help);
}

}  // namespace

std::string settingsReference() {
    std::string text =
        "# Settings\n\n"
        "Every setting of a run, as it stands in a config file (JSON, `//` comments allowed), on the command "
        "line\n"
        "(`--set training.steps=5000`) and in the window. Settings that are left out keep their defaults. "
        "\"live\"\n"
        "settings may be changed while a run trains; the others shape a new run.\n\n"
        "This page is made by `denoscope-cli settings --markdown`.\n";
    for (const SettingGroup& group : settingGroups()) {
        text += fmt::format(
            "\n## {}\n\n| Key | Default | Allowed | Applies | What it does |\n|---|---|---|---|---|\n",
            group.title);
        for (const Setting& setting : settings())
            if (setting.group() == group.key)
                text += row(setting);
    }
    return text;
}

}  // namespace denoscope
