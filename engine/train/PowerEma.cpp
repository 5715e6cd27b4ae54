// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/PowerEma.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <charconv>

#include "engine/api/Error.h"
#include "engine/core/Safetensors.h"
#include "engine/nets/ParameterFile.h"
#include "engine/train/Ema.h"

namespace denoscope {
namespace {

std::vector<Parameter> copied(const std::vector<Parameter>& parameters) {
    std::vector<Parameter> result = parameters;
    for (Parameter& parameter : result)
        parameter.value = parameter.value.detach().clone();
    return result;
}

template <class Number>
Number numberIn(const SafetensorsFile& file, const char* key, const std::filesystem::path& path) {
    const auto entry = file.metadata().find(key);
    const std::string text = entry == file.metadata().end() ? "" : entry->second;
    Number number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size() || !(number > 0))
        throw EngineError(fmt::format("the file does not say its {}", key), path.string(),
                          "choose a snapshot of a power-function average");
    return number;
}

}  // namespace

PowerEma::PowerEma(const std::vector<Parameter>& online, const std::vector<double>& sigmaRels) {
    for (const double sigmaRel : sigmaRels)
        m_profiles.push_back({sigmaRel, gammaOf(sigmaRel), copied(online)});
}

void PowerEma::update(const std::vector<Parameter>& online, std::int64_t step) {
    for (const Profile& profile : m_profiles)
        updateEma(profile.average, online, powerDecay(step, profile.gamma));
}

void saveEmaSnapshot(const std::vector<Parameter>& average, const PowerProfile& profile,
                     const std::filesystem::path& path) {
    saveParameters(
        average, path,
        {{"sigma_rel", fmt::format("{}", profile.sigmaRel)}, {"step", fmt::format("{}", profile.step)}});
}

PowerProfile profileOfSnapshot(const std::filesystem::path& path) {
    const SafetensorsFile file(path);
    return {numberIn<double>(file, "sigma_rel", path), numberIn<std::int64_t>(file, "step", path)};
}

PostHocFit reconstructEma(const std::vector<std::filesystem::path>& snapshots, const PowerProfile& wanted,
                          const std::vector<Parameter>& into) {
    const at::NoGradGuard noGrad;
    std::vector<PowerProfile> stored;
    for (const std::filesystem::path& path : snapshots)
        stored.push_back(profileOfSnapshot(path));
    PostHocFit fit = fitPostHoc(stored, wanted);
    refuseFarWidth(stored, wanted, fit);

    const std::vector<Parameter> one = copied(into);
    std::vector<at::Tensor> sums;  // in double: large weights of either sign cancel
    for (const Parameter& parameter : into)
        sums.push_back(at::zeros_like(parameter.value, at::kDouble));
    for (std::size_t i = 0; i < snapshots.size(); ++i) {
        loadParameters(one, snapshots[i]);
        for (std::size_t p = 0; p < one.size(); ++p)
            sums[p].add_(one[p].value, fit.weights[i]);
    }
    for (std::size_t p = 0; p < into.size(); ++p)
        into[p].value.copy_(into[p].trained ? sums[p] : one[p].value);
    return fit;
}

}  // namespace denoscope
