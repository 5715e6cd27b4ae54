// SPDX-License-Identifier: GPL-3.0-or-later
// Cases without a network: tables of the schedules, averages of weights, Frechet distances.
#include <ATen/ATen.h>

#include <charconv>
#include <functional>

#include "engine/api/Error.h"
#include "engine/diffusion/BetaSchedule.h"
#include "engine/diffusion/Process.h"
#include "engine/interchange/ScheduleBuffers.h"
#include "engine/metrics/Frechet.h"
#include "engine/parity/ReferenceCase.h"
#include "engine/train/EmaProfile.h"

namespace denoscope {
namespace {

using Table = std::function<double(std::int64_t)>;

}  // namespace

Comparisons checkSchedules(ReferenceCase& reference) {
    Comparisons results;
    const auto timesteps = reference.meta("timesteps").get<std::int64_t>();
    constexpr std::int64_t most = 1 << 20;
    if (timesteps < 1 || timesteps > most)
        throw EngineError("'timesteps' is not possible", reference.path().string(), "");
    NoiseConfig noise;
    noise.process = NoiseProcess::Discrete;
    noise.timesteps = timesteps;
    if (reference.hasMeta("min_snr_gamma"))
        noise.minSnrGamma = reference.meta("min_snr_gamma").get<double>();
    for (const auto& [shape, name] :
         {std::pair{NoiseShape::Linear, "linear"}, std::pair{NoiseShape::Cosine, "cosine"},
          std::pair{NoiseShape::Sigmoid, "sigmoid"}}) {
        noise.shape = shape;
        const auto add = [&, prefix = std::string(name) + "."](const std::string& buffer,
                                                               const at::Tensor& actual) {
            if (reference.has(prefix + buffer))
                results.push_back(
                    compare(prefix + buffer, actual, reference.take(prefix + buffer), forwardTolerance));
        };
        for (const auto& [buffer, values] : scheduleBuffers(BetaSchedule(betas(shape, timesteps))))
            add(buffer, at::tensor(values, at::kDouble));
        for (const auto& [objective, text] :
             {std::pair{Objective::Noise, "pred_noise"}, std::pair{Objective::Clean, "pred_x0"},
              std::pair{Objective::Velocity, "pred_v"}})
            for (const bool minSnr : {false, true}) {
                noise.objective = objective;
                noise.minSnr = minSnr;
                const Process process(noise, 0);
                add(std::string(text) + ".min_snr_" + (minSnr ? "True" : "False") + ".loss_weight",
                    process.lossWeight(process.schedule().logSnr(at::arange(timesteps, at::kDouble))));
            }
    }
    return results;
}

namespace {

double numberIn(const std::string& name, std::size_t from, const ReferenceCase& reference) {
    double value = 0;
    const char* end = name.data() + name.size();
    if (const auto read = std::from_chars(name.data() + from, end, value);
        read.ec != std::errc() || read.ptr != end)
        throw EngineError("'" + name + "' ends in no number", reference.path().string(), "");
    return value;
}

// in.online holds the weights of a whole run, a row a step. decay(row): what an average keeps at that row.
at::Tensor averaged(const at::Tensor& online, const Table& decay) {
    at::Tensor average = at::Tensor(online[0]).clone();
    std::vector<at::Tensor> rows;
    for (std::int64_t row = 0; row < online.size(0); ++row) {
        const double kept = decay(row);
        average = kept * average + (1 - kept) * online[row];
        rows.push_back(average);
    }
    return at::stack(rows);
}

double number(const nlohmann::json& settings, const char* key, double fallback) {
    return settings.contains(key) ? settings.at(key).get<double>() : fallback;
}

WarmupEma warmupOf(const nlohmann::json& settings, WarmupEma ema) {
    ema.beta = number(settings, "beta", ema.beta);
    ema.updateEvery = static_cast<std::int64_t>(number(settings, "update_every", double(ema.updateEvery)));
    ema.updateAfterStep =
        static_cast<std::int64_t>(number(settings, "update_after_step", double(ema.updateAfterStep)));
    ema.invGamma = number(settings, "inv_gamma", ema.invGamma);
    ema.power = number(settings, "power", ema.power);
    ema.minValue = number(settings, "min_value", ema.minValue);
    if (ema.updateEvery < 1)
        throw EngineError("'update_every' is below 1", "meta", "");
    return ema;
}

}  // namespace

Comparisons checkEma(ReferenceCase& reference) {
    Comparisons results;
    const at::Tensor online = reference.take("in.online").to(at::kDouble);
    // The settings of the package's EMA; where a case does not say, those that its cases were made with.
    const std::map<std::string, WarmupEma> known{
        {"trainer", {}}, {"every1", {0.995, 1, 5, 1, 2.0 / 3, 0}}, {"power34", {0.99, 3, 100, 2, 0.75, 0}}};
    for (const auto& [name, settings] : known) {
        if (!reference.has("out." + name))
            continue;
        const WarmupEma ema = reference.hasMeta(name) ? warmupOf(reference.meta(name), settings) : settings;
        results.push_back(compare("out." + name,
                                  averaged(online, [&](std::int64_t row) { return warmupDecay(ema, row); }),
                                  reference.take("out." + name), forwardTolerance));
    }
    const std::string prefix = "out.karras_";
    for (const std::string& name : reference.startingWith(prefix)) {
        const double gamma = gammaOf(numberIn(name, prefix.size(), reference));
        // The package counts its start as the first step.
        results.push_back(
            compare(name, averaged(online, [&](std::int64_t row) { return powerDecay(row + 2, gamma); }),
                    reference.take(name), forwardTolerance));
    }
    if (reference.has("gamma_of_sigma_rel")) {  // rows of (sigma_rel, gamma)
        const at::Tensor pairs = reference.take("gamma_of_sigma_rel");
        std::vector<double> gammas;
        for (std::int64_t row = 0; row < pairs.size(0); ++row)
            gammas.push_back(gammaOf(pairs[row][0].item<double>()));
        results.push_back(compare("gamma_of_sigma_rel", at::tensor(gammas, at::kDouble), pairs.select(1, 1),
                                  forwardTolerance));
    }
    return results;
}

Comparisons checkFrechet(ReferenceCase& reference) {
    constexpr double exact = 1e-6;
    Comparisons results;
    for (const std::string& name : reference.startingWith("out.frechet")) {
        const std::string suffix = name.substr(std::string("out.frechet").size());
        const double distance =
            frechetDistance(reference.take("in.a" + suffix), reference.take("in.b" + suffix));
        results.push_back(compare(name, at::full({1}, distance, at::kDouble), reference.take(name), exact));
    }
    return results;
}

}  // namespace denoscope
