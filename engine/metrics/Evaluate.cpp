// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/Evaluate.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/core/Random.h"
#include "engine/data/Permutation.h"
#include "engine/metrics/Autocorrelation.h"
#include "engine/metrics/Features.h"
#include "engine/metrics/Frechet.h"
#include "engine/metrics/InceptionFile.h"
#include "engine/metrics/KernelMmd.h"
#include "engine/metrics/RadialSpectrum.h"
#include "engine/metrics/SlicedWasserstein.h"
#include "engine/metrics/SpectrumDistance.h"

namespace denoscope {
namespace {

using RowDistance = double (*)(const at::Tensor& left, const at::Tensor& right);

constexpr const char* deviations = "real deviations";

// Real and generated items one after the other, and what every metric is measured with.
struct Comparison {
    at::Tensor items;  // (N + M, C, ...)
    std::int64_t realCount, generatedCount;
    const EvaluateOptions& options;

    Shape itemShape() const { return items.sizes().slice(1).vec(); }

    Measured about(std::string name, std::string unit, std::string basis) const {
        return {std::move(name), std::move(unit), std::move(basis), realCount, generatedCount, 0, 0, 0, {}};
    }

    // Of rows (N + M, ...), one an item.
    Measured ofRows(Measured about, const at::Tensor& rows, RowDistance distance) const {
        const auto pick = [&](const Picks& picks) {
            return rows.index_select(0, at::tensor(picks, at::kLong));
        };
        return measured(
            std::move(about),
            [&](const Picks& left, const Picks& right) { return distance(pick(left), pick(right)); },
            {options.seed, options.resamples, 0});
    }

    Measured ofKernel(Measured about, const at::Tensor& kernel) const {
        BootstrapOptions bootstrap;  // unbiased: no lowest value
        bootstrap.seed = options.seed;
        bootstrap.resamples = options.resamples;
        return measured(
            std::move(about),
            [&](const Picks& left, const Picks& right) { return mmdSquared(kernel, left, right); },
            bootstrap);
    }

    // A random selection of at most that many items of each set: kernels grow with the square.
    Comparison atMost(std::int64_t count) const {
        Picks picks;
        const auto choose = [&](std::int64_t first, std::int64_t all) {
            const auto total = static_cast<std::uint64_t>(all);
            const std::uint64_t key =
                keyOf(options.seed, Stream::Shuffle, {static_cast<std::uint64_t>(first)});
            for (std::uint64_t i = 0; i < total && i < static_cast<std::uint64_t>(count); ++i)
                picks.push_back(first + static_cast<std::int64_t>(permuted(i, total, key)));
        };
        if (std::max(realCount, generatedCount) <= count)
            return *this;
        choose(0, realCount);
        choose(realCount, generatedCount);
        return {items.index_select(0, at::tensor(picks, at::kLong)), std::min(realCount, count),
                std::min(generatedCount, count), options};
    }
};

at::Tensor joined(const std::vector<Item>& real, const std::vector<Item>& generated) {
    const at::Tensor left = stacked(real, "real items"), right = stacked(generated, "generated items");
    const Shape one = left.sizes().slice(1).vec(), other = right.sizes().slice(1).vec();
    if (one != other)
        throw EngineError(fmt::format("real items are {}, generated ones {}", toText(one), toText(other)),
                          "evaluate", "bring both to one size");
    return at::cat({left, right});
}

// In place: one map for all values, that of the real set.
void standardise(at::Tensor& items, std::int64_t realCount) {
    const auto [deviation, mean] = at::std_mean(items.slice(0, 0, realCount), /*unbiased=*/false);
    const double scale = deviation.item<double>();
    items.sub_(mean).div_(scale > 0 ? scale : 1.0);
}

void compareValues(const Comparison& sets, std::vector<Measured>& results) {
    constexpr std::int64_t directions = 128;
    const std::int64_t values = elementCount(sets.itemShape());
    results.push_back(sets.ofRows(
        sets.about("Frechet distance", "squared real deviations", localMeansText(sets.itemShape())),
        localMeans(sets.items), frechetDistance));
    results.push_back(sets.ofRows(sets.about("sliced Wasserstein distance", deviations,
                                             fmt::format("{} directions of {} values", directions, values)),
                                  projected(sets.items.flatten(1), directions, sets.options.seed),
                                  slicedWasserstein));
    constexpr std::int64_t mostForKernels = 1000;
    const Comparison few = sets.atMost(mostForKernels);
    const at::Tensor rows = few.items.flatten(1);
    results.push_back(few.ofKernel(few.about("MMD^2, Gaussian kernel", "", fmt::format("{} values", values)),
                                   gaussianKernel(rows)));
    results.push_back(few.ofKernel(few.about("MMD^2, cubic kernel", "", fmt::format("{} values", values)),
                                   cubicKernel(rows)));
}

void compareSignals(const Comparison& sets, std::vector<Measured>& results) {
    const std::int64_t length = sets.items.size(2);
    const std::int64_t lags = std::min<std::int64_t>(length / 2, 256), segment = welchSegment(length);
    results.push_back(
        sets.ofRows(sets.about("autocorrelation distance", "", fmt::format("lags 1 to {}", lags)),
                    autocorrelations(sets.items, lags), autocorrelationDistance));
    results.push_back(
        sets.ofRows(sets.about("spectrum distance", "dB", fmt::format("Welch, segments of {}", segment)),
                    welchSpectra(sets.items, segment), spectrumDistance));
}

void compareRadially(const Comparison& sets, std::vector<Measured>& results) {
    const at::Tensor spectra = radialLogSpectra(sets.items);
    results.push_back(sets.ofRows(
        sets.about("radial spectrum distance", "dB", fmt::format("{} rings of frequency", spectra.size(1))),
        spectra, radialSpectrumDistance));
}

void compareByInception(const Comparison& sets, const Inception& inception, std::vector<Measured>& results) {
    const at::Tensor features =
        inceptionFeatures(inception, sets.items, sets.options.black, sets.options.white);
    const char* basis = "2048 Inception features";
    results.push_back(sets.ofRows(sets.about("FID", "", basis), features, frechetDistance));
    constexpr std::int64_t mostForKernels = 1000;
    const Comparison few =
        Comparison{features, sets.realCount, sets.generatedCount, sets.options}.atMost(mostForKernels);
    results.push_back(few.ofKernel(few.about("KID", "", basis), cubicKernel(few.items)));
}

}  // namespace

std::vector<Measured> evaluate(const std::vector<Item>& real, const std::vector<Item>& generated,
                               const EvaluateOptions& options) {
    const at::NoGradGuard noGrad;
    if (options.threads > 0)
        at::set_num_threads(options.threads);
    Comparison sets{joined(real, generated), static_cast<std::int64_t>(real.size()),
                    static_cast<std::int64_t>(generated.size()), options};
    std::vector<Measured> results;
    if (!options.inceptionFile.empty()) {  // before the values are standardised, and before long work
        if (sets.items.dim() != 4)
            throw EngineError("Inception sees images only", "--inception " + options.inceptionFile,
                              "leave --inception out for signals and volumes");
        compareByInception(sets, readInception(options.inceptionFile), results);
    }
    standardise(sets.items, sets.realCount);
    compareValues(sets, results);
    const auto extents = sets.items.sizes().slice(2);
    if (*std::max_element(extents.begin(), extents.end()) < 4)
        return results;
    if (extents.size() == 1)
        compareSignals(sets, results);
    else
        compareRadially(sets, results);
    return results;
}

std::int64_t mostItems(const Shape& itemShape) {
    constexpr std::int64_t budget = std::int64_t{2} << 30;
    // Of every value: the item itself, both sets as one tensor and the copies that a resample makes.
    const std::int64_t each =
        std::max<std::int64_t>(1, elementCount(itemShape)) * 2 * 4 * static_cast<std::int64_t>(sizeof(float));
    return std::max<std::int64_t>(2, budget / each);
}

}  // namespace denoscope
