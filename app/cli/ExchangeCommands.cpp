// SPDX-License-Identifier: GPL-3.0-or-later
// import, export: weights from and to the Python package.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"
#include "engine/api/Error.h"
#include "engine/api/Settings.h"
#include "engine/session/ExportRun.h"
#include "engine/session/ImportRun.h"

namespace denoscope {
namespace {

using nlohmann::ordered_json;

// 2, [1, 2], 0.1, true or a word.
nlohmann::json valueOf(const std::string& text) {
    if (text == "True" || text == "False")  // as Python writes them
        return text == "True";
    const auto value = nlohmann::json::parse(text, nullptr, false);
    return value.is_discarded() ? nlohmann::json(text) : value;
}

nlohmann::json argumentsOf(const std::vector<std::string>& pairs, const char* option) {
    nlohmann::json arguments = nlohmann::json::object();
    for (const std::string& pair : pairs) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string::npos || equals == 0)
            throw EngineError(fmt::format("'{}' names no argument", pair), option,
                              fmt::format("write {} dropout=0.1", option));
        if (!arguments.emplace(pair.substr(0, equals), valueOf(pair.substr(equals + 1))).second)
            throw EngineError(fmt::format("'{}' is given twice", pair.substr(0, equals)), option,
                              "give it once");
    }
    return arguments;
}

Shape shapeOf(const std::string& text) {
    if (text.empty())
        return {};
    const Setting& setting = settingNamed("data.size", "--shape");
    RunConfig config;
    try {
        setting.set(config, parseSetting(setting, text));
    } catch (const EngineError& error) {
        throw EngineError(error.error().what, "--shape", "write for example --shape 64x64");
    }
    return config.data.size;
}

// A path need not be UTF-8.
std::string line(const ordered_json& json) {
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json toJson(const std::vector<OpenQuestion>& questions) {
    ordered_json list = ordered_json::array();
    for (const auto& [option, sentence, fallback] : questions)
        list.push_back({{"option", option},
                        {"question", sentence},
                        {"default", fallback.empty() ? ordered_json() : ordered_json::parse(fallback)}});
    return list;
}

// Words without the quotes of JSON.
std::string plain(const std::string& fallback) {
    const auto value = nlohmann::json::parse(fallback);
    return value.is_string() ? value.get<std::string>() : fallback;
}

void printQuestion(const OpenQuestion& question, const std::string& value) {
    fmt::print("  {}{}\n      {}\n", question.option, value, question.sentence);
}

ExitCode askForMore(const ImportReport& report, const std::string& run, bool json) {
    if (json)
        fmt::print("{}\n", line({{"event", "open"}, {"questions", toJson(report.open)}}));
    else
        fmt::print("The file leaves this open:\n");
    bool defaultsSuffice = true;
    for (const OpenQuestion& question : report.open) {
        const bool hasDefault = !question.fallback.empty();
        defaultsSuffice = defaultsSuffice && hasDefault;
        if (!json)
            printQuestion(question,
                          hasDefault ? fmt::format("... (default {})", plain(question.fallback)) : "...");
    }
    std::fflush(stdout);  // before the error below
    throw EngineError(fmt::format("nothing was made: {} {} open", report.open.size(),
                                  report.open.size() == 1 ? "question is" : "questions are"),
                      run,
                      defaultsSuffice ? "answer them, or give --defaults"
                                      : "answer those without a default, and the others or give --defaults");
}

void printImport(const ImportReport& report, const std::string& run) {
    fmt::print("{}: {} parameters, step {}{}\n", report.layout, report.parameters, report.step,
               report.hasOptimizer ? ", with the optimiser's state" : "");
    for (const std::string* call : {&report.network, &report.process})
        if (!call->empty())
            fmt::print("  {}\n", *call);
    if (!report.assumed.empty()) {
        fmt::print("Taken by default:\n");
        for (const OpenQuestion& question : report.assumed)
            printQuestion(question, plain(question.fallback));
    }
    for (const std::string& note : report.notes)
        fmt::print("{}\n", note);
    fmt::print("The run is in {}\n", run);
}

}  // namespace

ExitCode importWeights(const ImportOptions& options) {
    ImportRequest request;
    request.file = options.file;
    request.run = options.run;
    request.data = absoluteSource(options.data);
    request.size = shapeOf(options.shape);
    request.diffusion = options.diffusion;
    request.args = argumentsOf(options.args, "--arg");
    request.diffusionArgs = argumentsOf(options.diffusionArgs, "--diffusion-arg");
    request.takeDefaults = options.defaults;
    request.weights = options.ema      ? TakenWeights::Ema
                      : options.online ? TakenWeights::Online
                                       : TakenWeights::Both;
    request.takeOptimizer = !options.withoutOptimizer;
    const ImportReport report = importRun(request);
    if (!report.open.empty())
        return askForMore(report, options.run, options.json);
    if (options.json)
        fmt::print("{}\n", line({{"event", "imported"},
                                 {"run", options.run},
                                 {"layout", report.layout},
                                 {"network", report.network},
                                 {"process", report.process},
                                 {"parameters", report.parameters},
                                 {"step", report.step},
                                 {"optimizer", report.hasOptimizer},
                                 {"assumed", toJson(report.assumed)},
                                 {"notes", report.notes}}));
    else
        printImport(report, options.run);
    return succeeded;
}

ExitCode exportWeights(const ExportOptions& options) {
    ExportRequest request;
    request.run = options.run;
    request.out = options.out;
    request.ema = !options.online;
    request.layout = options.layout == "trainer" ? ExportLayout::Trainer : ExportLayout::Network;
    const ExportReport report = exportRun(request);
    if (options.json) {
        fmt::print("{}\n", line({{"path", options.out},
                                 {"network", report.network},
                                 {"process", report.process},
                                 {"step", report.step},
                                 {"tensors", report.tensors},
                                 {"warnings", report.warnings}}));
        return succeeded;
    }
    fmt::print("{}: {} tensors of step {}\n  {}\n", options.out, report.tensors, report.step, report.network);
    if (!report.process.empty())
        fmt::print("  {}\n", report.process);
    for (const std::string& warning : report.warnings)
        fmt::print("warning: {}\n", warning);
    return succeeded;
}

}  // namespace denoscope
