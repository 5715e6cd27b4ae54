// SPDX-License-Identifier: GPL-3.0-or-later
// train, resume, sample: everything that needs the engine.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/cli/Commands.h"
#include "app/cli/Conversation.h"
#include "app/cli/Interrupts.h"
#include "app/cli/KnownPart.h"
#include "app/cli/Reporter.h"
#include "engine/api/Error.h"
#include "engine/api/FramePlan.h"
#include "engine/api/Nearest.h"
#include "engine/api/Settings.h"
#include "engine/data/Dataset.h"
#include "engine/data/export/Export.h"
#include "engine/data/export/Film.h"
#include "engine/session/Session.h"

namespace denoscope {
namespace {

std::unique_ptr<Reporter> makeReporter(bool json) {
    return json ? makeJsonReporter(stdout) : makeTextReporter(stderr, terminalColumns(stderr));
}

// The engine, what it says and what interrupts it, for the time of one command.
struct Work {
    explicit Work(bool json) : reporter(makeReporter(json)) {}

    std::unique_ptr<Reporter> reporter;
    std::unique_ptr<EnginePort> port = makeSession();
    Conversation conversation{*port, *reporter};
    Interrupts interrupts{[this] { conversation.stop(); }};
};

void setChecked(RunConfig& config, const char* key, std::optional<std::int64_t> value) {
    if (value)
        applyChange(config, fmt::format("{}={}", key, *value));
}

// A class by its name or its number.
std::int64_t classOf(const std::string& label, const DataFacts& facts) {
    const auto& labels = facts.labels;
    if (const auto found = std::find(labels.begin(), labels.end(), label); found != labels.end())
        return found - labels.begin();
    std::int64_t number = -1;
    const char* end = label.data() + label.size();
    const auto [parsed, error] = std::from_chars(label.data(), end, number);
    if (error == std::errc{} && parsed == end)
        return number;
    throw EngineError(fmt::format("there is no class '{}'", label), "--label",
                      labels.empty() ? "the data of this run has no classes"
                                     : fmt::format("did you mean '{}'?", nearestName(label, labels)));
}

RunConfig samplingConfig(const SampleOptions& options, const RunOpened& opened) {
    RunConfig config = opened.config;
    for (const std::string& change : options.changes) {
        if (!change.starts_with("sampling."))
            throw EngineError(fmt::format("'{}' is no setting of sampling", change), "--set",
                              "the others belong to the run: they were chosen when it began");
        applyChange(config, change);
    }
    setChecked(config, "sampling.steps", options.steps);
    setChecked(config, "sampling.seed", options.seed);
    setChecked(config, "sampling.count", options.count);
    if (!options.label.empty())
        config.sampling.label = classOf(options.label, opened.facts);
    for (const Problem& problem : validate(config, opened.facts))
        if (problem.key.starts_with("sampling."))
            throw EngineError(problem.error);
    return config;
}

std::optional<Inpainting> inpaintingOf(const SampleOptions& options, const RunOpened& opened) {
    if (options.known.empty())
        return std::nullopt;
    Inpainting inpainting = knownPart(options.known, options.mask, opened);
    inpainting.jump = options.jump;
    inpainting.resamples = options.resamples;
    return inpainting;
}

// Before minutes of sampling rather than after.
void checkOut(const std::string& out, const RunConfig& config, const DataFacts& facts) {
    if (!isFilmPath(out))
        return checkTarget(out, facts.kind);
    requireFolder(out);
    Shape shape = config.data.size;
    shape.insert(shape.begin(), facts.channels());
    if (framePlan(config.sampling.steps, config.sampling.count, elementCount(shape)).items == 0)
        throw EngineError(fmt::format("items of {} are too large to keep their denoising", toText(shape)),
                          out, "write the items alone, as .npy for example");
}

// The last picture stays for a second.
std::vector<std::string> writeDenoising(std::vector<std::vector<Item>> frames, const SampleOptions& options,
                                        const DataConfig& data) {
    const std::vector<Item> result = frames.back();
    frames.insert(frames.end(), static_cast<std::size_t>(options.framesPerSecond - 1), result);
    writeFilm(frames, options.out, data.low, data.high, options.framesPerSecond);
    return {options.out};
}

}  // namespace

ExitCode train(const TrainOptions& options) {
    RunConfig config =
        makeConfig(options.source, [](const DataConfig& data) { return openDataset(data)->facts(); });
    setChecked(config, "training.steps", options.steps);
    Work work(options.json);
    return work.conversation.perform(StartTraining{config, options.run});
}

ExitCode resume(const ResumeOptions& options) {
    RunConfig config;
    setChecked(config, "training.steps", options.steps);  // refuses what no run could have
    Work work(options.json);
    if (!work.conversation.open(options.run))
        return badInput;
    return work.conversation.perform(ContinueTraining{options.steps, absoluteSource(options.data)});
}

ExitCode sample(const SampleOptions& options) {
    Work work(options.json);
    const auto opened = work.conversation.open(options.run);
    if (!opened)
        return badInput;
    const RunConfig config = samplingConfig(options, *opened);
    checkOut(options.out, config, opened->facts);
    const bool film = isFilmPath(options.out);
    Sample request{config.sampling, inpaintingOf(options, *opened)};
    if (!options.between.empty())
        request.interpolation = wayBetween(options.between, options.sigma, *opened);
    std::vector<Item> items;
    std::vector<std::vector<Item>> frames;
    const ExitCode result = work.conversation.perform(std::move(request), &items, film ? &frames : nullptr);
    if (result != succeeded)
        return result;
    try {
        work.reporter->wrote(film ? writeDenoising(std::move(frames), options, config.data)
                                  : writeItems(items, options.out, config.data.low, config.data.high));
    } catch (const EngineError& error) {  // a full disk, say: the input was right
        throw WorkFailed(error.error());
    }
    return succeeded;
}

}  // namespace denoscope
