// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/ImportPlan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/api/FactsFile.h"
#include "engine/api/OwnSize.h"
#include "engine/api/Settings.h"
#include "engine/data/Dataset.h"
#include "engine/diffusion/PackageProcess.h"
#include "engine/interchange/PackageCall.h"
#include "engine/nets/PackageArguments.h"
#include "engine/session/RefuseProblems.h"

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

class Planner {
public:
    Planner(const WeightsFile& file, const ProcessTraces& traces, WeightsChoice choice,
            const ImportRequest& request, ImportReport& report)
        : m_file(file),
          m_traces(traces),
          m_choice(choice),
          m_request(request),
          m_report(report),
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
        refuseProblems(validate(m_plan.config));
        refuseProblems(validate(m_plan.config, m_plan.facts));
        describe();
        return m_plan;
    }

private:
    void openData() {
        if (m_request.data.empty())
            return;
        m_plan.config.data.source = m_request.data;
        m_dataset = openDataset(m_plan.config.data);
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
        m_network = inferModel(m_file, m_choice, m_args);
        checkRank();
        const std::vector<std::string> extents = extentArguments();
        for (std::size_t i = 0; i < extents.size(); ++i)
            if (!m_size.empty() && !m_args.contains(extents[i]))
                m_args[extents[i]] = m_size[i];
        do {
            m_report.open.clear();
            m_network = inferModel(m_file, m_choice, m_args);
        } while (settle(m_network.questions, "--arg", m_args));
        takeSize(extents);
    }

    void checkRank() const {
        if (!m_size.empty() && std::ssize(m_size) != rank())
            throw EngineError(fmt::format("{} has {} extents, the network {} works on {}", toText(m_size),
                                          m_size.size(), m_network.model, rank()),
                              m_request.data.empty() ? "--shape" : "--data", "give one extent per dimension");
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
            m_process = inferProcess(m_network, m_traces, m_diffusion, m_diffusionArgs);
        } while (settle(m_process.questions, "--diffusion-arg", m_diffusionArgs));
    }

    void configure() {
        const auto generation =
            m_network.hasGroupNorm ? PackageGeneration::GroupNorm : PackageGeneration::RmsNorm;
        // The package has no Unet3D: ours is its Unet in three dimensions.
        const std::string name = m_network.model == "Unet3D" ? "Unet" : m_network.model;
        m_options = packageOptions(name, m_network.args, generation, m_size);
        RunConfig& config = m_plan.config;
        config.data.size = m_size;
        config.model = modelConfigOf(m_options);
        const PackageProcess process = packageProcess(m_process.diffusion, m_process.args);
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

    void setData() {
        DataConfig& data = m_plan.config.data;
        data.useLabels = classes() > 0;
        const std::string dtype = m_dataset ? m_dataset->facts().dtype : "float32";
        // The package's trainers divide pictures by the largest value of their type and take all else as it
        // is.
        data.high = dtype == "uint8" ? 255 : dtype == "uint16" ? 65535 : 1;
        data.low = m_process.args.value("auto_normalize", true) ? 0 : -data.high;
        if (m_dataset)
            return takeData();
        data.source.clear();
        DataFacts& facts = m_plan.facts;
        facts.format = "unknown";
        facts.kind = rank() == 1 ? DataKind::Signal : rank() == 2 ? DataKind::Image : DataKind::Volume;
        facts.shape = {channels()};
        facts.shape.insert(facts.shape.end(), m_size.begin(), m_size.end());
        facts.smallestShape = facts.largestShape = facts.shape;
        facts.dtype = dtype;
        facts.min = facts.percentile005 = data.low;
        facts.max = facts.percentile995 = data.high;
        for (int label = 0; label < classes(); ++label)
            facts.labels.push_back(std::to_string(label));
        facts.notes = {"The weights come from " + m_request.file.filename().string() +
                       "; the data are unknown."};
    }

    void takeData() {
        const DataFacts& facts = m_plan.facts = m_dataset->facts();
        if (facts.channels() != channels())
            throw EngineError(fmt::format("has {} channels, the network {}", facts.channels(), channels()),
                              m_request.data, "choose the data that the network was trained on");
        if (classes() > 0 && std::ssize(facts.labels) != classes())
            throw EngineError(fmt::format("has {} classes, the network {}", facts.labels.size(), classes()),
                              m_request.data, "choose the data that the network was trained on");
        const bool fits = !facts.mixedShapes && spatialExtents(facts.shape) == m_size;
        m_plan.config.data.fit = fits ? Fit::Exact : Fit::Crop;
    }

    void setTraining() {
        TrainingConfig& training = m_plan.config.training = trainerDefaults();
        training.labelDropout = m_network.args.value("cond_drop_prob", 0.0);
        m_plan.step = m_file.facts().step.value_or(0);
        training.steps = std::max(training.steps, m_plan.step);
        if (m_plan.facts.count > 0)
            training.batchSize = std::min(training.batchSize, m_plan.facts.count);
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
ImportPlan ownPlan(const WeightsFile& file, const ImportRequest& request) {
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
    if (!plan.config.data.source.starts_with("demo:"))
        plan.config.data.source.clear();  // a file from elsewhere does not choose what is read here
    if (!request.data.empty()) {
        plan.config.data.source = request.data;
        plan.facts = openDataset(plan.config.data)->facts();
    }
    refuseProblems(validate(plan.config));
    refuseProblems(validate(plan.config, plan.facts));
    return plan;
}

}  // namespace

ImportPlan planImport(const WeightsFile& file, const ProcessTraces& traces, WeightsChoice choice,
                      const ImportRequest& request, ImportReport& report) {
    if (file.facts().metadata.contains(configKey))
        return ownPlan(file, request);
    return Planner(file, traces, choice, request, report).run();
}

}  // namespace denoscope
