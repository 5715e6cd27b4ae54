// SPDX-License-Identifier: GPL-3.0-or-later
// denoscope-cli: the engine without a window.
#include <csignal>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>

#include "app/Program.h"
#include "app/cli/CommandLine.h"
#include "app/cli/Commands.h"
#include "app/cli/Reporter.h"
#include "engine/api/Error.h"
#include "engine/api/Nearest.h"

namespace {

using namespace denoscope;

constexpr const char* examples =
    "Examples:\n"
    "  denoscope-cli train --demo shapes --run runs/first --steps 500\n"
    "  denoscope-cli sample runs/first --count 16 --out shapes.png\n"
    "  denoscope-cli sample runs/first --count 500 --out shapes.npy && denoscope-cli evaluate demo:shapes "
    "shapes.npy\n"
    "  denoscope-cli config photos/ > photos.json && denoscope-cli train photos.json --run runs/photos";

// An option that may stand several times.
void addRepeated(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                 const std::string& help) {
    command.add_option(name, values, help)
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void addTrain(CLI::App& app, Action& action) {
    auto options = std::make_shared<TrainOptions>();
    CLI::App* command =
        app.add_subcommand("train", "Train a new run from a config file, a built-in set or a path");
    command->add_option("config", options->source.file,
                        "A config file (JSON; 'config' and 'settings --json' write one)");
    command->add_option("--demo", options->source.demo, "A built-in set instead: beats, shapes or heads");
    command->add_option("--data", options->source.data, "A file or folder to learn from instead");
    command->add_option(
        "--preset", options->source.preset,
        "With --demo or --data: quick, balanced, thorough, edm2, package_1d, package_2d or package_3d");
    addRepeated(*command, "--set", options->source.changes,
                "A setting, such as --set training.seed=2; may be repeated");
    command->add_option("--run", options->run, "Folder of the new run")->required();
    command->add_option("--steps", options->steps, "Optimiser steps in all");
    command->add_flag("--json", options->json, jsonHelp);
    command->callback([&action, options] { action = [options] { return train(*options); }; });
}

void addResume(CLI::App& app, Action& action) {
    auto options = std::make_shared<ResumeOptions>();
    CLI::App* command = app.add_subcommand("resume", "Go on with a run from its last checkpoint");
    command->add_option("run", options->run, "Folder of the run")->required();
    command->add_option("--steps", options->steps,
                        "Optimiser steps in all, counted from the start of the run");
    command->add_option("--data", options->data, "Where the run's data lies now, if it was moved");
    command->add_flag("--json", options->json, jsonHelp);
    command->callback([&action, options] { action = [options] { return resume(*options); }; });
}

void addSample(CLI::App& app, Action& action) {
    auto options = std::make_shared<SampleOptions>();
    CLI::App* command = app.add_subcommand("sample", "Draw new items from the last checkpoint of a run");
    command->add_option("run", options->run, "Folder of the run")->required();
    command->add_option("--steps", options->steps, "Denoising steps");
    command->add_option("--seed", options->seed, "Same seed, same weights: the same items");
    command->add_option("--count", options->count, "How many items");
    command->add_option("--label", options->label, "A class, by name or number");
    command
        ->add_option(
            "--set", options->changes,
            "A sampling setting, such as --set sampling.sampler=unipc or --set sampling.guidance=2; may be "
            "repeated")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    CLI::Option* known =
        command->add_option("--known", options->known,
                            "An item that the samples shall agree with where --mask says so (inpainting)");
    CLI::Option* mask =
        command->add_option("--mask", options->mask,
                            "Not 0 where the known item is to be kept: a picture, array, sound or volume");
    known->needs(mask);
    mask->needs(known);
    command->add_option("--jump", options->jump, "With --known: steps that are taken back at once")
        ->check(CLI::Range(1, 10000))
        ->needs(known)
        ->capture_default_str();
    command
        ->add_option("--resamples", options->resamples,
                     "With --known: how often each stretch is walked; more agrees better and takes longer")
        ->check(CLI::Range(1, 1000))
        ->needs(known)
        ->capture_default_str();
    CLI::Option* between =
        command
            ->add_option("--between", options->between,
                         "The way from one item to another: two paths, or item:N of the run's data")
            ->type_name("A B")
            ->expected(2)
            ->excludes(known);
    command
        ->add_option("--sigma", options->sigma,
                     "With --between: the noise level that the way is drawn from; the higher, the freer")
        ->check(CLI::Range(1e-4, 1e4))
        ->needs(between)
        ->capture_default_str();
    command
        ->add_option(
            "--out", options->out,
            "Where to: .npy, .png (a grid), .wav (signals), .nii or .nii.gz (volumes); .gif, .mp4 or "
            ".webp: a film of the denoising")
        ->required();
    addRate(*command, options->framesPerSecond);
    command->add_flag("--json", options->json, jsonHelp);
    command->callback([&action, options] { action = [options] { return sample(*options); }; });
}

void addImport(CLI::App& app, Action& action) {
    auto options = std::make_shared<ImportOptions>();
    CLI::App* command = app.add_subcommand(
        "import", "A run from weights of denoising-diffusion-pytorch: to sample from, or to train on");
    command->footer(withExitCodes(
        "The network's class and arguments are read off the names and shapes of its tensors. What those do "
        "not tell\n"
        "is asked for: each question comes with its option, and with the default that --defaults takes. "
        "Nothing in\n"
        "the file is ever executed."));
    command
        ->add_option(
            "file", options->file,
            "A trainer's model-N.pt, a state dict of torch.save, or a safetensors file with the same names")
        ->required();
    command->add_option("--run", options->run, "Folder of the new run")->required();
    auto* ema = command->add_flag("--ema", options->ema, "Only the averaged weights");
    command->add_flag("--online", options->online, "Only the weights that were trained")->excludes(ema);
    addRepeated(*command, "--arg", options->args, "An argument of the network, such as --arg attn_heads=2");
    command->add_option("--diffusion", options->diffusion,
                        "The class around the network, such as GaussianDiffusion");
    addRepeated(*command, "--diffusion-arg", options->diffusionArgs, "An argument of that class");
    command->add_option("--shape", options->shape, "Extents of an item, such as 64x64");
    command->add_option("--data", options->data, "The data to go on training with; they tell the shape too");
    command->add_flag("--defaults", options->defaults, "Take the default for all that is open");
    command->add_flag("--no-optimizer", options->withoutOptimizer, "Leave the state of the optimiser");
    command->add_flag("--json", options->json, jsonHelp);
    command->callback([&action, options] { action = [options] { return importWeights(*options); }; });
}

void addExport(CLI::App& app, Action& action) {
    auto options = std::make_shared<ExportOptions>();
    CLI::App* command = app.add_subcommand(
        "export",
        "The weights of a run as a safetensors file under the names of denoising-diffusion-pytorch");
    command->add_option("run", options->run, "Folder of the run")->required();
    command->add_option("--out", options->out, "The file to write: .safetensors")->required();
    auto* ema = command->add_flag("--ema", options->ema, "The averaged weights (the default)");
    command->add_flag("--online", options->online, "The weights that were trained")->excludes(ema);
    command
        ->add_option(
            "--layout", options->layout,
            "network: for the network's load_state_dict; trainer: for that of the diffusion class around it")
        ->check(CLI::IsMember({"network", "trainer"}))
        ->capture_default_str();
    command->add_flag("--json", options->json, "As one JSON object");
    command->callback([&action, options] { action = [options] { return exportWeights(*options); }; });
}

void addParity(CLI::App& app, Action& action) {
    auto files = std::make_shared<std::vector<std::string>>();
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand(
        "parity", "Compute what the Python package computed again, and compare: reference cases");
    command->footer(withExitCodes(
        "A case is a safetensors file that holds inputs, weights and outputs, and in its metadata how they "
        "were\n"
        "made; or a trainer's .pt with NAME_expect.safetensors beside it. Prints for every output the "
        "largest\n"
        "error relative to the largest magnitude, what float32 allows, and whether that holds.",
        "Exit codes:\n"
        "  0    every case passed\n"
        "  1    something differs or cannot be read\n"
        "  2    the command line was wrong, or there is no case among the files"));
    command->add_option("files", *files, "Cases; other files are passed over")->required();
    command->add_flag("--json", *json, jsonHelp);
    command->callback([&action, files, json] { action = [files, json] { return parity(*files, *json); }; });
}

// On stderr, and for whoever reads JSON on stdout as well.
ExitCode fail(const Error& error, bool json, ExitCode code) {
    if (json)
        printFailed(error, stdout);
    printError(error);
    return code;
}

ExitCode perform(const Action& action, bool json) {
    try {
        return action();
    } catch (const WorkFailed& error) {
        return fail(error.error(), json, failedWorking);
    } catch (const EngineError& error) {
        return fail(error.error(), json, badInput);
    } catch (const std::exception& error) {
        return fail({error.what(), "", "please report this"}, json, failedWorking);
    }
}

// CLI11 only says that something was not expected.
void requireKnownCommand(const CLI::App& app, const std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments.front().starts_with('-'))
        return;
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands(std::function<bool(const CLI::App*)>{}))
        names.push_back(command->get_name());
    if (std::ranges::find(names, arguments.front()) == names.end())
        throw EngineError(
            "there is no such command", arguments.front(),
            "did you mean '" + nearestName(arguments.front(), names) + "'? --help lists all commands");
}

ExitCode parseAndPerform(CLI::App& app, const Action& action, int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool json = std::ranges::find(arguments, "--json") != arguments.end();
    try {
        requireKnownCommand(app, arguments);
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            app.exit(error);  // prints what was asked for
            return succeeded;
        }
        return fail({error.what(), "command line", "--help explains every option"}, json, badInput);
    } catch (const EngineError& error) {
        return fail(error.error(), json, badInput);
    }
    return perform(action, json);
}

}  // namespace

int denoscopeMain(int argc, char** argv) {
    ::signal(SIGPIPE, SIG_IGN);  // a reader that leaves must not cost a checkpoint
    CLI::App app("Denoscope trains diffusion models on signals, images and volumes.", "denoscope-cli");
    app.footer(withExitCodes(examples));
    app.set_version_flag("--version", DENOSCOPE_VERSION);
    app.require_subcommand(1);
    Action action;
    addTrain(app, action);
    addResume(app, action);
    addSample(app, action);
    addEvaluate(app, action);
    addImport(app, action);
    addExport(app, action);
    addParity(app, action);
    addBench(app, action);
    addConvert(app, action);
    addLooks(app, action);
    return parseAndPerform(app, action, argc, argv);
}
