// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the list of settings from member pointers. Private to engine/api.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/api/Settings.h"

namespace denoscope {

// The names of an enum's values, in order: choiceNames<Fit> = {"exact", "crop", "pad"}.
template <class Enum>
inline constexpr std::array<std::string_view, 0> choiceNames{};
template <>
inline constexpr std::array<std::string_view, 2> choiceNames<TakeAs>{"own", "slices"};
template <>
inline constexpr std::array<std::string_view, 3> choiceNames<Fit>{"exact", "crop", "pad"};
template <>
inline constexpr std::array<std::string_view, 2> choiceNames<Compat>{"paper", "reference"};
template <>
inline constexpr std::array<std::string_view, 3> choiceNames<DownsampleType>{"all", "image", "frame"};
template <>
inline constexpr std::array<std::string_view, 2> choiceNames<OptimizerKind>{"adam", "adamw"};
template <>
inline constexpr std::array<std::string_view, 3> choiceNames<EmaKind>{"half_life", "warmup", "power"};
template <>
inline constexpr std::array<std::string_view, 2> choiceNames<Precision>{"float32", "bfloat16"};
template <>
inline constexpr std::array<std::string_view, 2> choiceNames<Kernels>{"fused", "plain"};

template <>
inline constexpr std::array<std::string_view, 2> choiceNames<ModelFamily>{"karras", "ddpm"};
template <>
inline constexpr std::array<std::string_view, 4> choiceNames<DdpmVariant>{"unet", "unet1d", "class_unet",
                                                                          "guided_unet"};
template <>
inline constexpr std::array<std::string_view, 2> choiceNames<DdpmNorm>{"rms", "group"};
template <>
inline constexpr std::array<std::string_view, 3> choiceNames<DdpmTime>{"sinusoidal", "learned", "random"};
template <>
inline constexpr std::array<std::string_view, 3> choiceNames<NoiseProcess>{"edm", "discrete", "continuous"};
template <>
inline constexpr std::array<std::string_view, 3> choiceNames<Objective>{"noise", "x0", "v"};
template <>
inline constexpr std::array<std::string_view, 4> choiceNames<NoiseShape>{"linear", "cosine", "sigmoid",
                                                                         "learned"};
template <>
inline constexpr std::array<std::string_view, 3> choiceNames<OutputHead>{"plain", "learned_variance",
                                                                         "weighted_objective"};
template <>
inline constexpr std::array<std::string_view, 9> choiceNames<SamplerKind>{
    "heun", "euler", "ancestral", "ddim", "dpmpp_2m", "dpmpp_2m_sde", "dpmpp_3m_sde", "unipc", "lms"};
template <>
inline constexpr std::array<std::string_view, 4> choiceNames<SigmaGrid>{"own", "karras", "exponential",
                                                                        "uniform_time"};

// How people read those names, where the name alone is jargon; in the same order.
template <class Enum>
inline constexpr auto choiceLabels = choiceNames<Enum>;
template <>
inline constexpr std::array<std::string_view, 2> choiceLabels<TakeAs>{"As stored", "Axial slices"};
template <>
inline constexpr std::array<std::string_view, 3> choiceLabels<Fit>{"Exact", "Crop", "Pad"};
template <>
inline constexpr std::array<std::string_view, 2> choiceLabels<Compat>{"EDM2 paper", "Python package"};
template <>
inline constexpr std::array<std::string_view, 3> choiceLabels<DownsampleType>{"All", "In plane", "Slices"};
template <>
inline constexpr std::array<std::string_view, 2> choiceLabels<OptimizerKind>{"Adam", "AdamW"};
template <>
inline constexpr std::array<std::string_view, 2> choiceLabels<ModelFamily>{"Karras (EDM2)", "DDPM UNet"};
template <>
inline constexpr std::array<std::string_view, 4> choiceLabels<DdpmVariant>{
    "UNet", "UNet 1D", "Classifier-free guidance", "Classifier guidance"};
template <>
inline constexpr std::array<std::string_view, 2> choiceLabels<DdpmNorm>{"RMS", "Group"};
template <>
inline constexpr std::array<std::string_view, 3> choiceLabels<DdpmTime>{"Sinusoidal", "Learned Fourier",
                                                                        "Random Fourier"};
template <>
inline constexpr std::array<std::string_view, 3> choiceLabels<NoiseProcess>{"EDM", "Discrete steps",
                                                                            "Continuous time"};
template <>
inline constexpr std::array<std::string_view, 3> choiceLabels<Objective>{"Noise", "Clean item (x0)",
                                                                         "Velocity (v)"};
template <>
inline constexpr std::array<std::string_view, 4> choiceLabels<NoiseShape>{"Linear", "Cosine", "Sigmoid",
                                                                          "Learned"};
template <>
inline constexpr std::array<std::string_view, 3> choiceLabels<OutputHead>{"Plain", "Learned variance",
                                                                          "Weighted objective"};
template <>
inline constexpr std::array<std::string_view, 9> choiceLabels<SamplerKind>{
    "Heun",  "Euler", "Ancestral", "DDIM", "DPM-Solver++ 2M", "DPM-Solver++ 2M SDE", "DPM-Solver++ 3M SDE",
    "UniPC", "LMS"};
template <>
inline constexpr std::array<std::string_view, 4> choiceLabels<SigmaGrid>{"Model's own", "Karras",
                                                                         "Exponential", "Uniform in time"};

// Throws EngineError naming the key when a value of another type is offered.
[[noreturn]] void refuseType(const std::string& key, const SettingValue& value);
std::size_t choiceIndex(const std::string& key, const std::string& name,
                        std::span<const std::string_view> choices);

// How a field of the config becomes a SettingValue and back.
template <class Field>
struct Codec {
    static SettingValue encode(const Field& field) { return field; }
    static Field decode(const std::string& key, const SettingValue& value) {
        if (const Field* held = std::get_if<Field>(&value))
            return *held;
        refuseType(key, value);
    }
};

template <>
struct Codec<double> {
    static SettingValue encode(double field) { return field; }
    static double decode(const std::string& key, const SettingValue& value) {
        if (const auto* whole = std::get_if<std::int64_t>(&value))
            return static_cast<double>(*whole);
        if (const auto* real = std::get_if<double>(&value))
            return *real;
        refuseType(key, value);
    }
};

template <class Enum>
requires std::is_enum_v<Enum>
struct Codec<Enum> {
    static SettingValue encode(Enum field) {
        return std::string(choiceNames<Enum>.at(static_cast<std::size_t>(field)));
    }
    static Enum decode(const std::string& key, const SettingValue& value) {
        if (const auto* name = std::get_if<std::string>(&value))
            return static_cast<Enum>(choiceIndex(key, *name, choiceNames<Enum>));
        refuseType(key, value);
    }
};

template <>
struct Codec<std::vector<DownsampleType>> {
    static SettingValue encode(const std::vector<DownsampleType>& field) {
        std::vector<std::string> names;
        for (const DownsampleType type : field)
            names.emplace_back(choiceNames<DownsampleType>.at(static_cast<std::size_t>(type)));
        return names;
    }
    static std::vector<DownsampleType> decode(const std::string& key, const SettingValue& value) {
        const auto* names = std::get_if<std::vector<std::string>>(&value);
        if (names == nullptr)
            refuseType(key, value);
        std::vector<DownsampleType> types;
        for (const std::string& name : *names)
            types.push_back(static_cast<DownsampleType>(choiceIndex(key, name, choiceNames<DownsampleType>)));
        return types;
    }
};

// The entry that was added last, while it is being described: section.add(...).range(0, 1).unit("%").live().
class Entry {
public:
    explicit Entry(Setting& setting) : m_setting(setting) {}
    Entry& range(double min, double max) {
        m_setting.min = min;
        m_setting.max = max;
        return *this;
    }
    Entry& unit(std::string unit) {
        m_setting.unit = std::move(unit);
        return *this;
    }
    Entry& kind(SettingKind kind) {
        m_setting.kind = kind;
        return *this;
    }
    Entry& logarithmic() {
        m_setting.scale = Scale::Logarithmic;
        return *this;
    }
    Entry& live() {
        m_setting.applies = Applies::Live;
        return *this;
    }
    Entry& advanced() {
        m_setting.advanced = true;
        return *this;
    }

    // Means something only where this holds.
    Entry& when(std::function<bool(const RunConfig&)> relevant) {
        m_setting.relevant = std::move(relevant);
        return *this;
    }

private:
    Setting& m_setting;
};

// All settings of one member of RunConfig.
template <class Group>
class Section {
public:
    Section(std::vector<Setting>& list, std::string key, Group RunConfig::*group)
        : m_list(list), m_key(std::move(key)), m_group(group) {}

    template <class Field>
    Entry add(Field Group::*field, const std::string& name, std::string label, std::string help) {
        Setting setting;
        setting.key = m_key + "." + name;
        setting.label = std::move(label);
        setting.help = std::move(help);
        setting.kind = kindOfField<Field>();
        if constexpr (std::is_enum_v<Field>)
            offer<Field>(setting);
        else if constexpr (std::is_same_v<Field, std::vector<DownsampleType>>)
            offer<DownsampleType>(setting);
        setting.get = [group = m_group, field](const RunConfig& config) {
            return Codec<Field>::encode(config.*group.*field);
        };
        setting.set = [group = m_group, field, key = setting.key](RunConfig& config,
                                                                  const SettingValue& value) {
            config.*group.*field = Codec<Field>::decode(key, value);
        };
        return Entry(m_list.emplace_back(std::move(setting)));
    }

private:
    template <class Enum>
    static void offer(Setting& setting) {
        static_assert(choiceNames<Enum>.size() == choiceLabels<Enum>.size());
        setting.choices.assign(choiceNames<Enum>.begin(), choiceNames<Enum>.end());
        setting.choiceLabels.assign(choiceLabels<Enum>.begin(), choiceLabels<Enum>.end());
    }

    template <class Field>
    static SettingKind kindOfField() {
        if constexpr (std::is_same_v<Field, bool>)
            return SettingKind::Flag;
        else if constexpr (std::is_same_v<Field, std::int64_t>)
            return SettingKind::Integer;
        else if constexpr (std::is_same_v<Field, double>)
            return SettingKind::Real;
        else if constexpr (std::is_same_v<Field, std::string>)
            return SettingKind::Text;
        else if constexpr (std::is_same_v<Field, std::vector<std::int64_t>>)
            return SettingKind::IntegerList;
        else
            return std::is_enum_v<Field> ? SettingKind::Choice : SettingKind::ChoiceList;
    }

    std::vector<Setting>& m_list;
    std::string m_key;
    Group RunConfig::*m_group;
};

inline constexpr double largestWhole = 2147483647;  // what number fields of a form can hold

// The groups, each in a file of its own; they append to the list in the order in which forms show them.
void describeData(std::vector<Setting>& list);
void describeModel(std::vector<Setting>& list);
void describeNoise(std::vector<Setting>& list);
void describeTraining(std::vector<Setting>& list);
void describeSampling(std::vector<Setting>& list);

}  // namespace denoscope
