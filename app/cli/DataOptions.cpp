// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/CommandLine.h"
#include "app/cli/Commands.h"

namespace denoscope {
namespace {

constexpr const char* partHelp =
    "Which series of a DICOM folder, array of an NPZ file, columns of a table or way to read an NPY file; "
    "'info' lists them";

}  // namespace

void addRate(CLI::App& command, int& framesPerSecond) {
    command.add_option("--fps", framesPerSecond, "Of a film: pictures a second")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
}

void addEvaluate(CLI::App& app, Action& action) {
    auto request = std::make_shared<EvaluateRequest>();
    CLI::App* command = app.add_subcommand(
        "evaluate", "How far generated items are from real ones, by distances that suit their kind");
    command->footer(withExitCodes(
        "Each distance comes with the number of items, a 95 % bootstrap interval and its floor: the same\n"
        "distance between halves of the real items, which no generator can be expected to beat."));
    command->add_option("real", request->real, "Real items: a path or built-in set as 'info' takes it")
        ->required();
    command->add_option("generated", request->generated, "Generated items, such as 'sample' wrote")
        ->required();
    command->add_option("--count", request->count, "Items of each set at most, chosen at random")
        ->check(CLI::Range(std::int64_t{2}, std::int64_t{1'000'000}))
        ->capture_default_str();
    command->add_option("--seed", request->seed, "Same seed, same items: the same numbers")
        ->capture_default_str();
    command
        ->add_option(
            "--fit", request->fit,
            "Real items of another size: exact refuses them, crop or pad takes pieces as data.fit does")
        ->check(CLI::IsMember({"exact", "crop", "pad"}))
        ->capture_default_str();
    command->add_option(
        "--inception", request->inception,
        "Images: also FID and KID, with the Inception v3 weights of pytorch-fid in this file");
    command->add_flag("--json", request->json, "As one JSON object");
    command->callback([&action, request] { action = [request] { return evaluate(*request); }; });
}

void addConvert(CLI::App& app, Action& action) {
    auto request = std::make_shared<ConvertRequest>();
    ConvertOptions& options = request->options;
    CLI::App* command = app.add_subcommand("convert", "Write data in another format, with its geometry");
    command->footer(
        withExitCodes("By the ending of OUT: .nii, .nii.gz (volumes, images), .npy, .png, .wav and .csv "
                      "(signals), or a film "
                      "of\n"
                      "slices, times or images: .gif, .mp4, .webp. Several items become OUT-000, OUT-001 "
                      "..., or get their\n"
                      "numbers for a * in OUT. What the new file does not hold is said on stderr."));
    command->add_option("in", request->in, "A path or built-in set as 'info' takes it")->required();
    command->add_option("out", request->out, "The file to write")->required();
    command->add_option("--item", options.item, "Only this item, counted from 0");
    command->add_option("--part", request->part, partHelp);
    CLI::Option* low = command->add_option("--low", options.low,
                                           "Pictures, films, sounds: the value that becomes black, or -1");
    CLI::Option* high = command->add_option("--high", options.high, "The value that becomes white, or 1");
    low->needs(high);
    high->needs(low);
    addRate(*command, options.framesPerSecond);
    command->add_flag("--overwrite", options.overwrite, "Replace files that exist");
    command->add_flag("--json", request->json, "As one JSON object");
    command->callback([&action, request] { action = [request] { return convertData(*request); }; });
}

void addLooks(CLI::App& app, Action& action) {
    auto path = std::make_shared<std::string>();
    auto part = std::make_shared<std::string>();
    auto preset = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    auto markdown = std::make_shared<bool>(false);

    CLI::App* info =
        app.add_subcommand("info", "What a data path is: kind, shape, type, spacing or rate, values");
    info->add_option("path", *path, "A file, a folder, or demo:beats, demo:shapes, demo:heads")->required();
    info->add_option("--part", *part, partHelp);
    info->add_flag("--json", *json, "As one JSON object");
    info->callback([&action, path, part, json] {
        action = [path, part, json] { return showInfo(*path, *part, *json); };
    });

    CLI::App* devices = app.add_subcommand("devices", "What the engine would compute on, and how fast");
    devices->add_flag("--json", *json, "As one JSON object");
    devices->callback([&action, json] { action = [json] { return showDevices(*json); }; });

    CLI::App* settings = app.add_subcommand("settings", "Every setting with its default and what it does");
    settings->add_flag("--json", *json, "The defaults as a config file");
    settings->add_flag("--markdown", *markdown, "The reference in docs/settings.md")->excludes("--json");
    settings->callback([&action, json, markdown] {
        const SettingsForm form = *json       ? SettingsForm::Json
                                  : *markdown ? SettingsForm::Markdown
                                              : SettingsForm::Text;
        action = [form] { return showSettings(form); };
    });

    CLI::App* config =
        app.add_subcommand("config", "A config file that suits a data path, to edit and train with");
    config->add_option("path", *path, "A file, a folder, or demo:beats, demo:shapes, demo:heads")->required();
    config->add_option("--preset", *preset, "quick, balanced (the default) or thorough");
    config->callback(
        [&action, path, preset] { action = [path, preset] { return showConfig(*path, *preset); }; });
}

}  // namespace denoscope
