// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/ExportRun.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "engine/api/Error.h"
#include "engine/api/FactsFile.h"
#include "engine/api/OwnSize.h"
#include "engine/api/Settings.h"
#include "engine/core/TensorFile.h"
#include "engine/diffusion/Model.h"
#include "engine/interchange/ProcessCall.h"
#include "engine/interchange/ScheduleBuffers.h"
#include "engine/nets/ParameterFile.h"
#include "engine/session/ImportRun.h"
#include "engine/session/RunFolder.h"

namespace denoscope {
namespace {

// Paths of this machine are nobody else's business.
bool isPrivate(const std::string& source) {
    return !source.starts_with("demo:");
}

std::map<std::string, std::string> metadataOf(const RunFolder& folder, std::int64_t step,
                                              const ExportReport& report) {
    RunConfig config = folder.config();
    DataFacts facts = folder.facts();
    if (isPrivate(config.data.source)) {
        config.data.source.clear();
        facts.source.clear();
        facts.notes.clear();
    }
    return {{configKey, formatConfig(config)},
            {factsKey, formatFacts(facts)},
            {stepKey, std::to_string(step)},
            {"network", report.network},
            {"process", report.process}};
}

// The package and the paper disagree on which layers attend and how wide: without that, only formulas differ.
bool hasPackageShapes(const KarrasOptions& options) {
    KarrasOptions reference = options;
    reference.model.compat = Compat::Reference;
    const KarrasPlan ours = makeKarrasPlan(options), theirs = makeKarrasPlan(reference);
    for (const auto blocks : {&KarrasPlan::downs, &KarrasPlan::mids, &KarrasPlan::ups})
        for (std::size_t i = 0; i < (ours.*blocks).size(); ++i) {
            const BlockPlan &a = (ours.*blocks)[i], &b = (theirs.*blocks)[i];
            const bool attends = a.attention != AttentionKind::None;
            if (a.attention != b.attention || (attends && (a.heads != b.heads || a.headSize != b.headSize)))
                return false;
        }
    return true;
}

void warnOfPaper(const NetworkOptions& options, std::vector<std::string>& warnings) {
    const auto* karras = std::get_if<KarrasOptions>(&options);
    if (!karras || karras->model.compat == Compat::Reference)
        return;
    warnings.emplace_back(
        "The run computes with the paper's formulas (model.compat = paper), the package with others: under "
        "the same "
        "names it makes something else of these weights.");
    if (!hasPackageShapes(*karras))
        warnings.emplace_back(
            "Its attention stands in other places, or has other heads, than the package's: load_state_dict "
            "will refuse "
            "the file. Denoscope imports it.");
}

NamedTensors buffersOf(const NoiseConfig& noise) {
    if (noise.process != NoiseProcess::Discrete)
        return {};
    const BetaSchedule schedule(betas(noise.shape, noise.timesteps));
    auto buffers = scheduleBuffers(schedule);
    buffers.emplace("loss_weight", lossWeights(schedule, noise));
    NamedTensors tensors;
    for (const auto& [name, values] : buffers)
        tensors.emplace(name, at::tensor(values, at::kDouble).to(at::kFloat));
    return tensors;
}

NamedTensors tensorsOf(const Model& model, const NoiseConfig& noise, ExportLayout layout) {
    const bool whole = layout == ExportLayout::Trainer;
    NamedTensors tensors = whole ? buffersOf(noise) : NamedTensors{};
    for (const Parameter& parameter : model.network->parameters())
        tensors.emplace((whole ? networkPrefix(noise) : "") + parameter.name, parameter.value);
    if (whole)
        for (const Parameter& parameter : model.process.schedule().parameters())
            tensors.emplace(parameter.name, parameter.value);
    return tensors;
}

void checkTarget(const std::filesystem::path& out) {
    if (out.extension() != ".safetensors")
        throw EngineError("does not end in .safetensors", out.string(), "give the file that ending");
    const std::filesystem::path folder = std::filesystem::absolute(out).parent_path();
    if (!std::filesystem::is_directory(folder))
        throw EngineError("there is no such folder", folder.string(), "make it, or choose another");
}

}  // namespace

ExportReport exportRun(const ExportRequest& request) {
    checkTarget(request.out);
    const RunFolder folder = RunFolder::open(request.run, RunFolder::Access::ReadOnly);
    const RunConfig& config = folder.config();
    if (const auto problems = validate(config, folder.facts());
        !problems.empty())  // run.json may have been edited
        throw EngineError(problems.front().error);
    const auto checkpoints = folder.checkpoints();
    if (checkpoints.empty())
        throw EngineError("has no checkpoint", request.run.string(), "train it first");
    ExportReport report;
    report.step = checkpoints.back();
    const NetworkOptions options =
        networkOptions(config, folder.facts().channels(), classCount(config, folder.facts()));
    report.network = toText(networkCall(options));
    warnOfPaper(options, report.warnings);
    if (request.layout == ExportLayout::Trainer) {
        report.process = toText(processCall(config.noise, options, config.data.low == 0));
        std::ranges::move(processObjections(config.noise, options), std::back_inserter(report.warnings));
    } else if (config.noise.process == NoiseProcess::Continuous && config.noise.shape == NoiseShape::Learned)
        report.warnings.emplace_back(
            "The learned noise schedule is no part of the network; --layout trainer has it.");
    const Model model = makeModel(config, folder.facts());
    loadParameters(model.parameters(), folder.checkpointFolder(report.step) /
                                           (request.ema ? "ema.safetensors" : "weights.safetensors"));
    const NamedTensors tensors = tensorsOf(model, config.noise, request.layout);
    report.tensors = std::ssize(tensors);
    try {
        saveTensors(tensors, request.out, metadataOf(folder, report.step, report));
    } catch (const EngineError& error) {
        throw WorkFailed(error.error());
    }
    return report;
}

}  // namespace denoscope
