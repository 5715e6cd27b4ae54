// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate: how far generated items are from real ones.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/cli/Commands.h"
#include "engine/api/OwnSize.h"
#include "engine/api/ValueScale.h"
#include "engine/core/Random.h"
#include "engine/data/Dataset.h"
#include "engine/data/Permutation.h"
#include "engine/metrics/Evaluate.h"

namespace denoscope {
namespace {

using nlohmann::ordered_json;
using DatasetPtr = std::shared_ptr<const Dataset>;

DatasetPtr open(const std::string& path) {
    DataConfig config;
    config.source = absoluteSource(path);
    return openDataset(config);
}

std::string described(const DataFacts& facts) {
    const std::string size =
        facts.mixedShapes ? fmt::format("{} to {}", toText(facts.smallestShape), toText(facts.largestShape))
                          : toText(facts.shape);
    return fmt::format("{}s of {}", toText(facts.kind), size);
}

bool sameSize(const DataFacts& real, const DataFacts& generated) {
    return !real.mixedShapes && real.shape == generated.shape;
}

void requireAlike(const DataFacts& real, const DataFacts& generated, Fit fit) {
    const auto differ = [&](const char* remedy) {
        return EngineError(fmt::format("real {} cannot be compared with generated {}", described(real),
                                       described(generated)),
                           generated.source, remedy);
    };
    if (real.kind != generated.kind)
        throw differ("give two sets of one kind; 'info' tells how a path is read");
    if (real.channels() != generated.channels())
        throw differ("give two sets with as many channels");
    if (generated.mixedShapes)
        throw differ("bring the generated items to one size");
    if (!sameSize(real, generated) && fit == Fit::Exact)
        throw differ("--fit crop or --fit pad takes pieces of the real items as large as the generated ones");
}

// What is compared, and what a person should know about how it was chosen.
struct Sets {
    std::vector<Item> real, generated;
    std::vector<std::string> warnings;  // the numbers may mean something else than they seem to
    std::vector<std::string> notes;
};

void warn(Sets& sets, const DataFacts& real, const DataFacts& generated) {
    if (!sameScale(usualRange(real), usualRange(generated)))
        sets.warnings.push_back(
            fmt::format("the two sets have other scales: the real values run from {:.4g} to {:.4g}, the "
                        "generated ones from {:.4g} to {:.4g}; bring both to the same units",
                        real.min, real.max, generated.min, generated.max));
    constexpr std::int64_t fewest = 8;
    if (const auto fewer = std::ssize(sets.real.size() < sets.generated.size() ? sets.real : sets.generated);
        fewer < fewest)
        sets.warnings.push_back(fmt::format(
            "{} items of a set are too few for an interval: below {}, the true value often lies outside",
            fewer, fewest));
}

// `count` items in the order of a shuffle; from the start again where there are fewer.
std::vector<Item> chosen(std::int64_t count, std::int64_t size, std::uint64_t key,
                         const std::function<Item(std::int64_t index, std::uint64_t place)>& take) {
    const auto whole = static_cast<std::uint64_t>(size);
    std::vector<Item> items;
    for (std::uint64_t place = 0; place < static_cast<std::uint64_t>(count); ++place)
        items.push_back(take(static_cast<std::int64_t>(permuted(place % whole, whole, key)), place));
    return items;
}

Sets choose(const Dataset& real, const Dataset& generated, Fit fit, const EvaluateRequest& request) {
    const Shape size = spatialExtents(generated.facts().shape);
    const bool whole = sameSize(real.facts(), generated.facts());
    const bool pieces = !whole && givesPieces(real.facts(), size);
    Sets sets;
    const std::int64_t most = std::min(request.count, mostItems(generated.facts().shape));
    if (most < request.count && most < std::max(real.size(), generated.size()))
        sets.notes.push_back(fmt::format("no more than {} items of this size fit into memory", most));
    const auto realCount = pieces ? most : std::min(most, real.size());
    if (realCount > real.size())
        sets.notes.push_back(fmt::format(
            "the real items are {} pieces of {}: they are less independent than the intervals suppose",
            realCount, real.size()));
    const double rate = real.facts().geometry.sampleRate, other = generated.facts().geometry.sampleRate;
    if (rate > 0 && other > 0 && rate != other)
        sets.notes.push_back(
            fmt::format("the real signals have {} Hz, the generated ones {} Hz", rate, other));
    const auto key = [&](Stream stream, std::uint64_t counter) {
        return keyOf(static_cast<std::uint64_t>(request.seed), stream, {counter});
    };
    sets.real =
        chosen(realCount, real.size(), key(Stream::Shuffle, 0), [&](std::int64_t index, std::uint64_t place) {
            return whole ? real.read(index) : real.draw(index, size, fit, key(Stream::Crop, place));
        });
    sets.generated = chosen(std::min(most, generated.size()), generated.size(), key(Stream::Shuffle, 1),
                            [&](std::int64_t index, std::uint64_t) { return generated.read(index); });
    warn(sets, real.facts(), generated.facts());
    return sets;
}

EvaluateOptions optionsFor(const EvaluateRequest& request, const Dataset& real) {
    EvaluateOptions options;
    options.seed = static_cast<std::uint64_t>(request.seed);
    options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    options.inceptionFile = request.inception;
    RunConfig window;  // black and white as a training on this data would see them
    window.noise.sigmaData = 1;
    window = resolve(window, real);
    options.black = window.data.low;
    options.white = window.data.high;
    return options;
}

void printTable(const std::vector<Measured>& results, const Sets& sets) {
    for (const std::string& warning : sets.warnings)
        fmt::print("warning: {}\n", warning);
    fmt::print("{:<28}{:>11}   {:<25}{:>11}{:>7}{:>11}  {}\n", "distance", "value", "95 % interval", "floor",
               "real", "generated", "of");
    for (const Measured& result : results)
        fmt::print("{:<28}{:>11.4g}   {:<25}{:>11}{:>7}{:>11}  {}{}{}\n", result.name, result.value,
                   fmt::format("{:.4g} .. {:.4g}", result.low, result.high),
                   result.floor ? fmt::format("{:.4g}", *result.floor) : "-", result.realCount,
                   result.generatedCount, result.unit, result.unit.empty() ? "" : ", ", result.basis);
    fmt::print(
        "\nfloor: the same between halves of the real items. A value near it says that so many items show "
        "no difference.\n");
    for (const std::string& note : sets.notes)
        fmt::print("note: {}\n", note);
}

void printJson(const std::vector<Measured>& results, const Sets& sets, const EvaluateRequest& request) {
    ordered_json root{{"real", request.real},
                      {"generated", request.generated},
                      {"shape", sets.generated.front().array->shape},
                      {"seed", request.seed},
                      {"distances", ordered_json::array()},
                      {"warnings", sets.warnings},
                      {"notes", sets.notes}};
    for (const Measured& result : results)
        root["distances"].push_back({{"name", result.name},
                                     {"unit", result.unit},
                                     {"of", result.basis},
                                     {"value", result.value},
                                     {"low", result.low},
                                     {"high", result.high},
                                     {"floor", result.floor ? ordered_json(*result.floor) : ordered_json()},
                                     {"real_count", result.realCount},
                                     {"generated_count", result.generatedCount}});
    fmt::print("{}\n", root.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

}  // namespace

ExitCode evaluate(const EvaluateRequest& request) {
    RunConfig asked;
    applyChange(asked, "data.fit=" + request.fit);
    const DatasetPtr real = open(request.real), generated = open(request.generated);
    requireAlike(real->facts(), generated->facts(), asked.data.fit);
    const Sets sets = choose(*real, *generated, asked.data.fit, request);
    const auto results = evaluate(sets.real, sets.generated, optionsFor(request, *real));
    if (request.json)
        printJson(results, sets, request);
    else
        printTable(results, sets);
    return succeeded;
}

}  // namespace denoscope
