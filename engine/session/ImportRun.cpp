// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/ImportRun.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <system_error>

#include "engine/api/Forecast.h"
#include "engine/api/OwnSize.h"
#include "engine/api/Settings.h"
#include "engine/core/Files.h"
#include "engine/core/Tensors.h"
#include "engine/interchange/InferProcess.h"
#include "engine/nets/NetworkPlan.h"
#include "engine/nets/ParameterFile.h"
#include "engine/session/ImportErrors.h"
#include "engine/session/ImportPlan.h"
#include "engine/session/RunFolder.h"
#include "engine/train/TrainState.h"

namespace denoscope {
namespace {

// The network's tensors and those of a learned schedule: what Model::parameters() lists.
TensorMap tensorsOf(WeightsFile& file, WeightsChoice choice) {
    TensorMap tensors = file.network(choice);
    tensors.merge(file.others(choice));
    return tensors;
}

// Gone with this object, unless it was moved away before.
struct TemporaryFolder {
    std::filesystem::path path;

    ~TemporaryFolder() {
        std::error_code ignored;  // what cannot be removed is hidden at least
        std::filesystem::remove_all(path, ignored);
    }
};

// On the same file system as the place, so that one rename brings it there.
std::filesystem::path folderBeside(std::filesystem::path place) {
    place = std::filesystem::absolute(place).lexically_normal();
    if (!place.has_filename())
        place = place.parent_path();  // "runs/new/"
    const std::filesystem::path beside =
        place.parent_path() / fmt::format(".{}.import-{}", place.filename().string(), ::getpid());
    std::error_code reason;
    std::filesystem::create_directories(beside, reason);
    if (reason)
        throw EngineError(reason.message(), place.string(), "choose a folder that you may write to");
    return beside;
}

// Which of the file's weights become the online ones and which the average.
struct Choices {
    WeightsChoice online, average;
};

Choices chosen(const WeightsFacts& facts, const ImportRequest& request, std::vector<std::string>& notes) {
    const TakenWeights wanted = request.weights;
    if (wanted == TakenWeights::Ema && !facts.hasEma)
        throw EngineError("holds one set of weights and no average beside it", request.file.string(),
                          "leave out --ema: that set stands for both");
    if (wanted == TakenWeights::Online && !facts.hasOnline)
        throw EngineError("holds averaged weights only", request.file.string(), "leave out --online");
    if (wanted != TakenWeights::Both) {
        const auto choice = wanted == TakenWeights::Ema ? WeightsChoice::Ema : WeightsChoice::Online;
        return {choice, choice};
    }
    if (!facts.hasOnline) {
        notes.emplace_back("The file holds EMA weights only; they stand for the online weights too.");
        return {WeightsChoice::Ema, WeightsChoice::Ema};
    }
    const bool begun = !facts.ema || facts.ema->initialized;
    if (facts.hasEma && begun)
        return {WeightsChoice::Online, WeightsChoice::Ema};
    notes.emplace_back(
        facts.hasEma
            ? "The average of the file had not begun; the online weights stand for it."
            : "The file holds one set of weights; it stands for the online weights and for their average.");
    return {WeightsChoice::Online, WeightsChoice::Online};
}

class Importer {
public:
    explicit Importer(const ImportRequest& request)
        : m_request(request),
          m_file(readWeights(request.file)),
          m_choices(chosen(m_file.facts(), request, m_report.notes)) {}

    ImportReport run() {
        RunFolder::requireFree(m_request.run);
        m_report.layout = m_file.facts().layout;
        const ProcessTraces traces{m_file.prefix(m_choices.online), m_file.schedule(m_choices.online),
                                   learnedWidthOf(m_file.others(m_choices.online))};
        m_plan = planImport(m_file, traces, m_choices.online, m_request, m_report);
        if (!m_report.open.empty())
            return m_report;
        const std::optional<AdamState> adam = optimizer();
        TrainState state = filledState();
        if (adam)
            takeMoments(*adam, state);
        state.step = m_plan.step;
        save(state);
        m_report.step = m_plan.step;
        return m_report;
    }

private:
    std::string where() const { return m_request.file.string(); }

    std::optional<AdamState> optimizer() {
        if (!m_request.takeOptimizer || !m_file.facts().hasAdam || m_choices.online == WeightsChoice::Ema) {
            m_report.notes.emplace_back(
                "No state of the optimiser is taken: resumed training starts it afresh.");
            return std::nullopt;
        }
        std::optional<AdamState> adam = m_file.adam();
        TrainingConfig& training = m_plan.config.training;
        training.learningRate = adam->learningRate;
        training.beta1 = adam->beta1;
        training.beta2 = adam->beta2;
        training.epsilon = adam->epsilon;
        training.weightDecay = adam->weightDecay;
        for (const Problem& problem : validate(m_plan.config, m_plan.facts))
            throw EngineError(problem.error.what, where() + ", 'opt', " + problem.key,
                              "take the weights with --no-optimizer");
        return adam;
    }

    TrainState filledState() {
        const NetworkPlan plan = makeNetworkPlan(
            networkOptions(m_plan.config, m_plan.facts.channels(), classCount(m_plan.config, m_plan.facts)));
        const TensorMap online = tensorsOf(m_file, m_choices.online),
                        average = tensorsOf(m_file, m_choices.average);
        refuseUnfilled(plan, online, where());
        m_report.parameters = parameterCount(plan);
        refuseTooLarge();
        TrainState state(m_plan.config, m_plan.facts);
        copyParameters(state.online.parameters(), online, where());
        copyParameters(state.average.parameters(), average, where());
        return state;
    }

    // One item at least must be drawn some day.
    void refuseTooLarge() const {
        RunConfig config = m_plan.config;
        config.sampling.count = 1;
        const auto refused =
            refusal(forecast(config, m_plan.facts.channels(), classCount(m_plan.config, m_plan.facts)),
                    Activity::Sampling);
        if (refused)
            throw EngineError(refused->what,
                              m_request.size.empty() ? where() : "--shape " + optionText(m_request.size),
                              "give the extents that the network was trained on, or free memory");
    }

    void takeMoments(const AdamState& adam, TrainState& state) {
        auto left = adam.moments;
        double steps = 0;
        const std::vector<Parameter>& parameters = state.adam.parameters();
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const auto moment = left.find(parameters[i].name);
            if (moment == left.end())
                continue;
            copyStored(moment->second.average, parameters[i].name, state.adam.moments()[i].first);
            copyStored(moment->second.averageOfSquares, parameters[i].name, state.adam.moments()[i].second);
            steps = std::max(steps, moment->second.step);
            left.erase(moment);
        }
        if (!left.empty())
            throw EngineError(fmt::format("the optimiser has a state for '{}', which is not trained here",
                                          left.begin()->first),
                              where() + ", 'opt'", "take the weights with --no-optimizer");
        state.adam.setSteps(static_cast<std::int64_t>(steps));
        // The package brings weights to unit magnitude before a step, this engine after it.
        state.online.network->normalizeWeights();
        m_report.hasOptimizer = true;
    }

    void save(TrainState& state) const {
        const TemporaryFolder beside{folderBeside(m_request.run)};
        try {
            {
                RunFolder folder = RunFolder::create(beside.path, m_plan.config, m_plan.facts);
                saveCheckpoint(state, folder.beginCheckpoint(state.step));
                folder.publishCheckpoint(state.step, m_plan.config.training.keepCheckpoints);
            }
            RunFolder::requireFree(m_request.run);  // still
            publishFolder(beside.path, m_request.run);
        } catch (const EngineError& error) {
            throw WorkFailed(error.error());
        }
    }

    const ImportRequest& m_request;
    ImportReport m_report;
    WeightsFile m_file;
    Choices m_choices;
    ImportPlan m_plan;
};

}  // namespace

ImportReport importRun(const ImportRequest& request) {
    return Importer(request).run();
}

}  // namespace denoscope
