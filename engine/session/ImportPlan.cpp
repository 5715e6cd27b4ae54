// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/ImportPlan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/api/FactsFile.h"
#include "engine/api/OwnSize.h"
#include "engine/api/Settings.h"
#include "engine/diffusion/PackageProcess.h"
#include "engine/interchange/PackageCall.h"
#include "engine/nets/PackageArguments.h"
#include "engine/session/ImportData.h"
#include "engine/session/ImportErrors.h"

namespace denoscope {
namespace {

using nlohmann::json;

// The trainer of the package, where a checkpoint does not say otherwise.
TrainingConfig trainerDefaults() {
    TrainingConfig training;
    training.steps = 100000;
    training.learningRate = 1e-4;
    training.warmupSteps = training.decaySteps = 0;
    training.clipNorm = 1;
    training.ema = EmaKind::Warmup;  // 0.995 every 10 steps, as by default
    training.checkpointEvery = 1000;
    return training;
}

std::shared_ptr<const Dataset> openNamed(const std::string& source) {
    DataConfig data;
    data.source = source;
    return openDataset(data);
}

// A file may claim any number.
std::int64_t possibleStep(std::int64_t step, const ImportRequest& request) {
    if (static_cast<double>(step) > findSetting("training.steps")->max)
        throw EngineError(fmt::format("its step, {}, is beyond what any run has", step),
                          request.file.string(), "take an undamaged file");
    return step;
}

// What every plan ends with, wherever the weights come from. The config has the size and the window of the
// training, the facts are those of its data.
void finish(ImportPlan& plan, const std::shared_ptr<const Dataset>& dataset, const NetworkNeeds& network,
            const ImportRequest& request, ImportReport& report) {
    if (dataset) {
        plan.config.data.source = request.data;
        takeData(plan.config, plan.facts, *dataset, network, report.notes);
    }
    plan.step = possibleStep(plan.step, request);
    plan.config.training.steps = std::max(plan.config.training.steps, plan.step);
    const ImportErrors errors(request);
    errors.refuse(validate(plan.config), plan.config);
    errors.refuse(validate(plan.config, plan.facts), plan.config);
}

class Planner {
public:
    Planner(const WeightsFile& file, const ProcessTraces& traces, WeightsChoice choice,
            const ImportRequest& request, ImportReport& report)
        : m_file(file),
          m_traces(traces),
          m_choice(choice),
          m_request(request),
          m_report(report),
          m_errors(request),
          m_args(request.args),
          m_diffusionArgs(request.diffusionArgs),
          m_diffusion(request.diffusion),
          m_size(request.size) {}

    ImportPlan run() {
        openData();
        inferNetwork();
        inferTheProcess();
        if (!m_report.open.empty())
            return {};
        configure();
        setData();
        setTraining();
        finish(m_plan, m_dataset, {channels(), classes()}, m_request, m_report);
        describe();
        return m_plan;
    }

private:
    void openData() {
        if (m_request.data.empty())
            return;
        m_dataset = openNamed(m_request.data);
        if (m_size.empty())
            m_size = ownSize(m_dataset->facts());
    }

    // Asks what is open, or takes the default as an answer. True when something was answered, so that it is
    // worth to look again.
    bool settle(const std::vector<ArgumentQuestion>& questions, const char* option, json& answers) {
        bool answered = false;
        for (const ArgumentQuestion& question : questions) {
            const bool isClass = question.argument == "diffusion";
            OpenQuestion open{isClass ? "--diffusion " : fmt::format("{} {}=", option, question.argument),
                              question.sentence, question.fallback.is_null() ? "" : question.fallback.dump()};
            if (question.fallback.is_null() || !m_request.takeDefaults) {
                m_report.open.push_back(std::move(open));
                continue;
            }
            if (isClass)
                m_diffusion = question.fallback.get<std::string>();
            else
                answers[question.argument] = question.fallback;
            m_report.assumed.push_back(std::move(open));
            answered = true;
        }
        return answered;
    }

    int rank() const {
        const std::string& name = m_network.model;
        return name.ends_with("1D") ? 1 : name.ends_with("3D") ? 3 : 2;
    }

    // A Karras network is told its extents as arguments, under the names of its class.
    std::vector<std::string> extentArguments() const {
        if (!m_network.model.starts_with("Karras"))
            return {};
        return rank() == 1   ? std::vector<std::string>{"seq_len"}
               : rank() == 2 ? std::vector<std::string>{"image_size"}
                             : std::vector<std::string>{"frames", "image_size"};
    }

    void inferNetwork() {
        const auto infer = [this] { return inferModel(m_file, m_choice, m_args); };
        m_network = m_errors.named("--arg", infer);
        checkRank();
        const std::vector<std::string> extents = extentArguments();
        for (std::size_t i = 0; i < extents.size(); ++i)
            if (!m_size.empty() && !m_args.contains(extents[i]))
                m_args[extents[i]] = m_size[i];
        do {
            m_report.open.clear();
            m_network = m_errors.named("--arg", infer);
        } while (settle(m_network.questions, "--arg", m_args));
        takeSize(extents);
    }

    void checkRank() const {
        if (m_size.empty() || std::ssize(m_size) == rank())
            return;
        if (m_request.size.empty())
            throw EngineError(
                fmt::format("holds {}s, the network {} works on {}s", toText(m_dataset->facts().kind),
                            m_network.model, toText(static_cast<DataKind>(rank() - 1))),
                "--data " + m_request.data, "choose the data that the network was trained on");
        throw EngineError(fmt::format("{} {} where the network {} works on {}", m_size.size(),
                                      m_size.size() == 1 ? "extent" : "extents", m_network.model, rank()),
                          "--shape " + optionText(m_size),
                          rank() == 1   ? "give the length, such as --shape 128"
                          : rank() == 2 ? "give height x width, such as --shape 64x64"
                                        : "give depth x height x width, such as --shape 16x32x32");
    }

    void takeSize(const std::vector<std::string>& extents) {
        if (!m_size.empty())
            return;
        if (m_report.open.empty())
            for (const std::string& extent : extents)
                m_size.push_back(m_network.args.at(extent).get<std::int64_t>());
        if (rank() > 1 && !m_size.empty())  // the class knows square images only
            m_size.push_back(m_size.back());
        if (extents.empty())
            m_report.open.push_back(
                {"--shape ",
                 fmt::format("Which extents have the items: {}? Or name data of that size with "
                             "--data.",
                             rank() == 1   ? "length"
                             : rank() == 2 ? "height x width"
                                           : "depth x height x width"),
                 ""});
    }

    void inferTheProcess() {
        const std::vector<OpenQuestion> before = m_report.open;
        do {
            m_report.open = before;
            m_process = m_errors.named("--diffusion-arg", [this] {
                return inferProcess(m_network, m_traces, m_diffusion, m_diffusionArgs);
            });
        } while (settle(m_process.questions, "--diffusion-arg", m_diffusionArgs));
    }

    void configure() {
        const auto generation =
            m_network.hasGroupNorm ? PackageGeneration::GroupNorm : PackageGeneration::RmsNorm;
        // The package has no Unet3D: ours is its Unet in three dimensions.
        const std::string name = m_network.model == "Unet3D" ? "Unet" : m_network.model;
        RunConfig& config = m_plan.config;
        config.data.size = m_size;
        config.model = m_errors.named("--arg", [&] {
            m_options = packageOptions(name, m_network.args, generation, m_size);
            return modelConfigOf(m_options);
        });
        const PackageProcess process = m_errors.named(
            "--diffusion-arg", [this] { return packageProcess(m_process.diffusion, m_process.args); });
        config.noise = process.noise;
        if (config.noise.sigmaData <= 0)
            config.noise.sigmaData = 0.5;
        const SamplingConfig defaults;
        config.sampling = process.sampling;
        config.sampling.count = defaults.count;
        if (const OutputHead head = outputHeadOf(m_options); head != config.noise.head)
            throw EngineError(
                fmt::format("{} does not go with the outputs of the network", m_process.diffusion),
                "--diffusion", "leave it out");
    }

    int channels() const {
        return std::visit([](const auto& options) { return options.channels; }, m_options);
    }
    int classes() const {
        return std::visit([](const auto& options) { return options.classes; }, m_options);
    }

    // As the package's trainers see it: values from 0 to 1, mapped to -1..1 unless they are told not to.
    void setData() {
        DataConfig& data = m_plan.config.data;
        data.source.clear();
        data.useLabels = classes() > 0;
        data.high = 1;
        data.low = m_process.args.value("auto_normalize", true) ? 0 : -1;
        Shape shape{channels()};
        shape.insert(shape.end(), m_size.begin(), m_size.end());
        m_plan.facts = unknownData(
            shape, data, classes(),
            "The weights come from " + m_request.file.filename().string() + "; the data are unknown.");
    }

    void setTraining() {
        TrainingConfig& training = m_plan.config.training = trainerDefaults();
        training.labelDropout =
            m_errors.named("--arg", [this] { return m_network.args.value("cond_drop_prob", 0.0); });
        m_plan.step = m_file.facts().step.value_or(0);
    }

    void describe() {
        m_report.network = toText(PackageCall{m_network.model, m_network.args});
        m_report.process = toText(PackageCall{m_process.diffusion, m_process.args});
    }

    const WeightsFile& m_file;
    const ProcessTraces& m_traces;
    WeightsChoice m_choice;
    const ImportRequest& m_request;
    ImportReport& m_report;
    ImportErrors m_errors;
    json m_args, m_diffusionArgs;
    std::string m_diffusion;
    Shape m_size;
    std::shared_ptr<const Dataset> m_dataset;
    InferredModel m_network;
    InferredProcess m_process;
    NetworkOptions m_options;
    ImportPlan m_plan;
};

std::int64_t ownStep(const std::map<std::string, std::string>& metadata, const std::string& where) {
    const auto found = metadata.find(stepKey);
    if (found == metadata.end())
        return 0;
    std::int64_t step = -1;
    const char* end = found->second.data() + found->second.size();
    const auto [parsed, error] = std::from_chars(found->second.data(), end, step);
    if (error != std::errc{} || parsed != end || step < 0)
        throw EngineError(fmt::format("its '{}' is no count", stepKey), where, "take an undamaged file");
    return step;
}

// A file of ours says itself what it is.
ImportPlan ownPlan(const WeightsFile& file, const ImportRequest& request, ImportReport& report) {
    const auto& metadata = file.facts().metadata;
    const std::string where = request.file.string();
    if (!request.args.empty() || !request.diffusion.empty() || !request.diffusionArgs.empty() ||
        !request.size.empty())
        throw EngineError("says itself how its network was made", where,
                          "leave out --arg, --diffusion, --diffusion-arg and --shape");
    ImportPlan plan;
    plan.config = parseConfig(metadata.at(configKey), where);
    const auto facts = metadata.find(factsKey);
    plan.facts = parseFacts(facts == metadata.end() ? "{}" : facts->second, where);
    plan.step = ownStep(metadata, where);
    constexpr std::int64_t mostChannels = 1 << 20;
    const Shape& shape = plan.facts.shape;
    if (std::ssize(shape) != spatialRank(plan.facts.kind) + 1 || shape.front() < 1 ||
        shape.front() > mostChannels)
        throw EngineError(fmt::format("describes items of {}, which no network takes", toText(shape)), where,
                          "take an undamaged file");
    DataConfig& data = plan.config.data;
    if (data.size.empty())
        data.size = ownSize(plan.facts);
    if (!data.source.starts_with("demo:"))
        data.source.clear();  // a file from elsewhere does not choose what is read here
    const std::shared_ptr<const Dataset> dataset = request.data.empty() ? nullptr : openNamed(request.data);
    finish(plan, dataset, {plan.facts.channels(), classCount(plan.config, plan.facts)}, request, report);
    return plan;
}

}  // namespace

ImportPlan planImport(const WeightsFile& file, const ProcessTraces& traces, WeightsChoice choice,
                      const ImportRequest& request, ImportReport& report) {
    if (file.facts().metadata.contains(configKey))
        return ownPlan(file, request, report);
    return Planner(file, traces, choice, request, report).run();
}

}  // namespace denoscope
