// SPDX-License-Identifier: GPL-3.0-or-later
// One description per setting. The file format, strict reading, validation, the forms, the command line and
// the reference in docs/ are all made from this list.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "engine/api/Config.h"
#include "engine/api/Data.h"
#include "engine/api/Error.h"

namespace denoscope {

enum class SettingKind { Flag, Integer, Real, Choice, Text, Path, IntegerList, ChoiceList };
enum class Scale { Linear, Logarithmic };
enum class Applies { NewRun, Live };  // Live: may change while a run trains

using SettingValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>,
                                  std::vector<std::string>>;

struct Setting {
    std::string key;    // "training.learning_rate": group, dot, snake_case name
    std::string label;  // "Learning rate"
    std::string unit;   // "steps", "MiB", "%"; may be empty
    std::string help;   // one or two sentences, for tooltips, --help and docs; choices stand in `backquotes`
    SettingKind kind = SettingKind::Real;
    double min = 0, max = 0;  // inclusive; for Integer, Real and the members of IntegerList
    Scale scale = Scale::Linear;
    std::vector<std::string> choices;       // Choice and ChoiceList
    std::vector<std::string> choiceLabels;  // beside the choices: how people read them; files keep the keys
    Applies applies = Applies::NewRun;
    bool advanced = false;  // shown after "More"
    std::function<bool(const RunConfig&)>
        relevant;  // whether it means anything beside the others; empty: always
    std::function<SettingValue(const RunConfig&)> get;
    std::function<void(RunConfig&, const SettingValue&)> set;

    std::string group() const { return key.substr(0, key.find('.')); }
    bool isRelevant(const RunConfig& config) const { return !relevant || relevant(config); }
};

// All of them, in the order in which forms show them. Thread-safe.
const std::vector<Setting>& settings();
const Setting* findSetting(const std::string& key);
// As findSetting, but an unknown key throws EngineError with `where` and the nearest known key.
const Setting& settingNamed(const std::string& key, const std::string& where);

// Group keys in order ("data", "model", "noise", "training", "sampling") with their titles.
struct SettingGroup {
    std::string key, title;
};
const std::vector<SettingGroup>& settingGroups();

// A value as text and back; locale-proof. parse throws EngineError naming key, value and what is allowed.
std::string toText(const SettingValue& value);
SettingValue parseSetting(const Setting& setting, const std::string& text);

// For the window: choices by their labels, in a value ("DPM-Solver++ 2M") and in the help.
std::string labelText(const Setting& setting, const SettingValue& value);
std::string labelledHelp(const Setting& setting);

struct Problem {
    std::string key;  // the setting to mark in the form; may be empty
    Error error;
};

// Everything wrong with the values alone (ranges, contradictions) and, when facts are given, with their fit
// to the data (a size that the down-samplings cannot divide: the nearest that fits is named; mixed sizes;
// ...).
std::vector<Problem> validate(const RunConfig& config);
std::vector<Problem> validate(const RunConfig& config, const DataFacts& facts);

// JSON text: {"data": {...}, "model": {...}, ...}; // and /* */ comments allowed, missing keys keep their
// defaults. An unknown key, a wrong type or a value out of range throws EngineError with the key and the
// nearest known one. `where` names the file in messages.
RunConfig parseConfig(const std::string& json, const std::string& where);
std::string formatConfig(const RunConfig& config);

struct SettingChange {
    std::string key, before, after;
};
std::vector<SettingChange> difference(const RunConfig& before, const RunConfig& after);

// A starting point that fits the data: size, fit, window, widths, attention, batch. Pure.
RunConfig recommend(const DataFacts& facts);

struct Preset {
    std::string key, title, description;
    std::function<RunConfig(const DataFacts&)> make;
    std::function<bool(const DataFacts&)> suits;  // whether to offer it
    bool named = false;                           // a network known by its name
};
// "quick", "balanced", "thorough": the same recommendation at three sizes; then networks by their names.
const std::vector<Preset>& presets();

// The settings reference as Markdown (docs/settings.md is this text; a test compares).
std::string settingsReference();

}  // namespace denoscope
