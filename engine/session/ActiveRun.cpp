// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/ActiveRun.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>

#include "engine/api/MicroBatch.h"
#include "engine/api/OwnSize.h"
#include "engine/api/Settings.h"
#include "engine/api/ValueScale.h"
#include "engine/core/Machine.h"
#include "engine/core/TensorMemory.h"
#include "engine/data/export/Export.h"
#include "engine/session/RefuseProblems.h"

namespace denoscope {
namespace {

Forecast forecastOf(const RunConfig& config, const DataFacts& facts) {
    return forecast(config, facts.channels(), classCount(config, facts));
}

void refuseTooLarge(const RunConfig& config, const DataFacts& facts, Activity activity) {
    if (const auto refused = refusal(forecastOf(config, facts), activity))
        throw EngineError(*refused);
}

// Data that no longer is what the run was trained on would go unnoticed otherwise.
void compareData(const DataFacts& before, const DataFacts& now, RunLog& log) {
    if (before.labels != now.labels && before.labels.size() == now.labels.size())
        throw EngineError("the classes have other names than when the run began", now.source,
                          "give the classes their old names back, or start a new run");
    if (before.kind != now.kind || before.channels() != now.channels() ||
        before.labels.size() != now.labels.size())
        throw EngineError(
            fmt::format("the data changed: the run was trained on {} {} items with {} classes, now it has {} "
                        "and {} classes",
                        toText(before.shape), toText(before.kind), before.labels.size(), toText(now.shape),
                        now.labels.size()),
            now.source, "start a new run");
    if (before.count > 0 && before.count != now.count)
        log.warning(
            fmt::format("the data has {} items now, it had {} when the run began", now.count, before.count));
}

}  // namespace

ActiveRun::ActiveRun(RunFolder folder, RunConfig config, DataFacts facts,
                     std::shared_ptr<const Dataset> dataset, RunLog& log)
    : m_folder(std::move(folder)),
      m_config(std::move(config)),
      m_facts(std::move(facts)),
      m_dataset(std::move(dataset)),
      m_state(std::make_unique<TrainState>(m_config, m_facts)),
      m_log(log) {
    applyThreads();
}

std::unique_ptr<ActiveRun> ActiveRun::create(const StartTraining& request, RunLog& log) {
    refuseProblems(validate(request.config));
    if (const auto beyond = beyondMachine(request.config.training, hasBFloat16()))
        throw EngineError(*beyond);
    std::shared_ptr<const Dataset> dataset = openDataset(request.config.data);
    refuseProblems(validate(request.config, dataset->facts()));
    RunConfig sized = request.config;  // refused before items of that size are drawn to measure them
    if (sized.data.size.empty())
        sized.data.size = ownSize(dataset->facts());
    refuseTooLarge(sized, dataset->facts(), Activity::Training);
    const RunConfig config = resolve(request.config, *dataset);
    refuseProblems(validate(config, dataset->facts()));
    RunFolder folder = RunFolder::create(request.runDirectory, config, dataset->facts());
    const DataFacts facts = dataset->facts();
    std::unique_ptr<ActiveRun> run(new ActiveRun(std::move(folder), config, facts, std::move(dataset), log));
    log.attach(run->m_folder.logPath());
    return run;
}

std::unique_ptr<ActiveRun> ActiveRun::open(const std::string& directory, RunLog& log) {
    RunFolder folder = RunFolder::open(directory, RunFolder::Access::Write);
    const RunConfig config = folder.config();
    const DataFacts facts = folder.facts();
    refuseProblems(validate(config, facts));  // run.json may have been edited
    std::unique_ptr<ActiveRun> run(new ActiveRun(std::move(folder), config, facts, nullptr, log));
    run->loadLatest();
    log.attach(run->m_folder.logPath());
    if (const auto beyond = beyondMachine(config.training, hasBFloat16()))
        log.warning(beyond->what + "; the run goes on in float32");
    return run;
}

void ActiveRun::applyThreads() const {
    const auto cores = static_cast<int>(std::thread::hardware_concurrency());
    at::set_num_threads(m_config.training.threads > 0 ? static_cast<int>(m_config.training.threads)
                                                      : std::max(cores, 1));
}

RunConfig ActiveRun::computed() const {
    return withinMachine(m_config, hasBFloat16());
}

RunOpened ActiveRun::description() const {
    return {m_folder.directory().string(), m_config, m_facts, step(), m_folder.readMetrics()};
}

void ActiveRun::loadLatest() {
    const auto checkpoints = m_folder.checkpoints();
    if (!checkpoints.empty())
        loadCheckpoint(*m_state, m_folder.checkpointFolder(checkpoints.back()));
}

void ActiveRun::reloadCheckpoint() {
    m_trainer.reset();
    m_reconstructed.reset();
    m_state = std::make_unique<TrainState>(m_config, m_facts);
    loadLatest();
}

void ActiveRun::prepareTraining() {
    if (m_config.data.source.empty())
        throw EngineError(
            "nobody has said which data the run is to learn from", m_folder.directory().string(),
            "import the weights again with --data, or name the data in data.source of run.json");
    if (!m_dataset) {
        m_dataset = openDataset(m_config.data);
        compareData(m_facts, m_dataset->facts(), m_log);
        refuseTooLarge(computed(), m_facts, Activity::Training);
    }
    m_folder.dropMetricsAfter(step());
    if (m_config.training.ema == EmaKind::Power) {
        snapshotFolder().dropAfter(step());
        m_reconstructed.reset();  // steps that are taken again may end elsewhere
    }
    if (!m_trainer)
        m_trainer = std::make_unique<Trainer>(*m_state, computed(), m_dataset);
}

std::optional<MetricRow> ActiveRun::trainStep(const std::function<bool()>& interrupted) {
    const std::int64_t next = step() + 1;
    std::optional<MetricRow> row;
    try {
        row = m_trainer->step(interrupted);
    } catch (...) {  // an item that cannot be read, say, after memory ran out
        keepMicroBatch(next);
        throw;
    }
    keepMicroBatch(next);
    return row;
}

void ActiveRun::keepMicroBatch(std::int64_t sinceStep) {
    const std::int64_t before = microBatchOf(m_config.training), now = m_trainer->microBatch();
    if (now >= before)
        return;
    m_config.training.microBatch = now;
    m_log.warning(
        fmt::format("memory ran out: from step {} on {} items of a batch are computed at once instead of {}, "
                    "which changes nothing else (training.micro_batch)",
                    sinceStep, now, before));
    try {
        m_folder.saveConfig(m_config);
    } catch (const EngineError& error) {  // a resume will find out again
        m_log.warning("the run's settings cannot be written: " + toText(error.error()));
    }
}

void ActiveRun::record(const MetricRow& row) {
    m_folder.appendMetrics({row});
    const std::int64_t every = m_config.training.emaSnapshotEvery;
    if (m_config.training.ema == EmaKind::Power && every > 0 && step() % every == 0)
        saveSnapshots();
}

void ActiveRun::saveSnapshots() {
    const EmaSnapshots folder = snapshotFolder();
    folder.save(m_state->average.parameters(), {m_config.training.emaWidth, step()});
    for (const PowerEma::Profile& profile : m_state->further.profiles())
        folder.save(profile.average, {profile.sigmaRel, step()});
    folder.thinOut(m_config.training.emaKeepSnapshots);
}

std::vector<EmaSnapshots::Entry> ActiveRun::snapshots() const {
    std::vector<EmaSnapshots::Entry> stored = snapshotFolder().upTo(step());
    if (stored.empty())
        throw EngineError("the run has no snapshots to make another average from", "sampling.ema_width",
                          "train with training.ema = power, or set sampling.ema_width to 0");
    return stored;
}

const Model& ActiveRun::averageOfWidth(double width) {
    const std::vector<EmaSnapshots::Entry> stored = snapshots();
    const PowerProfile wanted{width, stored.back().profile.step};
    const bool known = m_reconstructed && m_reconstructed->profile.sigmaRel == wanted.sigmaRel &&
                       m_reconstructed->profile.step == wanted.step;
    if (!known) {
        m_reconstructed.reset();
        Model model = makeModel(m_config, m_facts);
        const std::vector<Parameter> parameters = model.parameters();
        for (const Parameter& parameter : parameters)
            parameter.value.requires_grad_(false);
        std::vector<std::filesystem::path> paths;
        for (const EmaSnapshots::Entry& entry : stored)
            paths.push_back(entry.path);
        const PostHocFit fit = reconstructEma(paths, wanted, parameters);
        m_log.info(fmt::format("average of width {} made from {} snapshots, its profile {:.1f} % off", width,
                               stored.size(), 100 * fit.error));
        m_reconstructed.emplace(Reconstructed{wanted, std::move(model)});
    }
    return m_reconstructed->model;
}

bool ActiveRun::isIn(const std::string& directory) const {
    std::error_code unknown;  // a folder that is not there is not ours
    return std::filesystem::equivalent(m_folder.directory(), directory, unknown);
}

bool ActiveRun::checkpointDue() const {
    return step() % m_config.training.checkpointEvery == 0;
}

CheckpointSaved ActiveRun::saveCheckpoint() {
    const auto checkpoints = m_folder.checkpoints();
    if (checkpoints.empty() || checkpoints.back() != step()) {
        denoscope::saveCheckpoint(*m_state, m_folder.beginCheckpoint(step()));
        m_folder.publishCheckpoint(step(), m_config.training.keepCheckpoints);
    }
    return {step(), m_folder.checkpointFolder(step()).string()};
}

void ActiveRun::changeLive(const RunConfig& config) {
    RunConfig changed = m_config;
    for (const Setting& setting : settings())
        if (setting.applies == Applies::Live)
            setting.set(changed, setting.get(config));
    refuseProblems(validate(changed, m_facts));
    m_folder.saveConfig(changed);
    m_config = changed;
    if (m_trainer)
        m_trainer->setTraining(computed().training);
}

void ActiveRun::setSteps(std::int64_t steps) {
    RunConfig config = m_config;
    config.training.steps = steps;
    changeLive(config);
}

std::optional<PreviewGrid> ActiveRun::preview(const std::function<bool()>& keepGoing) {
    SamplingConfig sampling = m_config.sampling;
    sampling.count = m_config.training.previewCount;
    sampling.emaWidth = 0;  // previews follow the average that is trained
    RunConfig drawn = m_config;
    drawn.sampling = sampling;
    if (const auto refused = refusal(forecastOf(drawn, m_facts), Activity::Sampling)) {
        m_log.warning("no preview is drawn: " + toText(*refused));
        return std::nullopt;
    }
    PreviewGrid grid{step(), {}};
    try {
        grid.items = draw({sampling}, {keepGoing, {}, {}});
    } catch (const OutOfMemory& error) {  // training matters more than its pictures
        m_log.warning("no preview is drawn: " + toText(error.error()));
    }
    if (grid.items.empty())
        return std::nullopt;
    try {
        const std::string folder = m_folder.samplesFolder(step()).string();
        for (const char* name : {"/preview.npy", "/preview.png"})
            writeItems(grid.items, folder + name, m_config.data.low, m_config.data.high);
    } catch (const EngineError& error) {
        m_log.warning("the preview cannot be written: " + toText(error.error()));
    }
    return grid;
}

void ActiveRun::moveData(const std::string& source) {
    if (m_facts.count == 0)
        throw EngineError("the weights were imported without their data", m_folder.directory().string(),
                          "import them again with --data: window and classes follow from it");
    RunConfig config = m_config;
    config.data.source = source;
    std::shared_ptr<const Dataset> dataset = openDataset(config.data);
    const DataFacts& now = dataset->facts();
    compareData(m_facts, now, m_log);
    refuseProblems(validate(config, now));
    if (!sameScale(usualRange(m_facts), usualRange(now)))
        throw EngineError(fmt::format("the values run from {:.6g} to {:.6g}, those that the run was trained "
                                      "on from {:.6g} to {:.6g}",
                                      now.min, now.max, m_facts.min, m_facts.max),
                          source, "give the data in the units that it had");
    m_folder.saveConfig(config);
    m_config = config;
    m_dataset = std::move(dataset);
    m_trainer.reset();
}

void ActiveRun::check(const Sample& request) const {
    RunConfig asked = m_config;
    asked.sampling = request.sampling;
    refuseProblems(validate(asked, m_facts));
    if (request.inpainting && (request.inpainting->jump < 1 || request.inpainting->resamples < 1 ||
                               request.inpainting->jump > 10000 || request.inpainting->resamples > 1000))
        throw EngineError("jumps must be 1 to 10000 steps and repetitions 1 to 1000", "inpainting", "");
    if (request.sampling.useEma && request.sampling.emaWidth > 0)
        snapshots();
    refuseTooLarge(asked, m_facts, Activity::Sampling);
}

std::vector<Item> ActiveRun::sample(const Sample& request, const ItemSamplerHooks& hooks) {
    check(request);
    const SamplerKind sampler = request.sampling.sampler;
    if (request.inpainting && sampler != SamplerKind::Ancestral && sampler != SamplerKind::Ddim)
        m_log.info(
            "a known part is met by ancestral steps with all of their noise: sampling.sampler has no "
            "part in it; set it to ancestral to choose sampling.eta, or to ddim for none");
    return draw(request, hooks);
}

std::vector<Item> ActiveRun::draw(const Sample& request, const ItemSamplerHooks& hooks) {
    const SamplingConfig& sampling = request.sampling;
    const Model& model = !sampling.useEma        ? m_state->online
                         : sampling.emaWidth > 0 ? averageOfWidth(sampling.emaWidth)
                                                 : m_state->average;
    return sampleItems(model, computed(), m_facts, request, hooks);
}

}  // namespace denoscope
