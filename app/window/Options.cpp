// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/Options.h"

#include <QCommandLineParser>

namespace denoscope {

namespace {

constexpr int usageError = 2;
const QStringList demos{"beats", "shapes", "heads"};

void describe(QCommandLineParser& parser) {
    parser.setApplicationDescription(
        "Trains diffusion models on signals, images and volumes, and lets you watch them denoise.\n"
        "\nExit status: 0 success, 1 a screenshot or tour failed, 2 wrong command line.");
    parser.addOptions({
        {{"h", "help"}, "Show this help."},
        {{"v", "version"}, "Show the version."},
        {"run", "Open the run in DIR.", "DIR"},
        {"demo",
         "Open a built-in set (beats, shapes or heads; shapes when none is named) and train at once."},
        {"data", "Open a file or folder of data.", "PATH"},
        {"runs", "Keep new runs in DIR.", "DIR"},
        {"steps", "Train for N steps.", "N"},
        {"theme", "light or dark.", "THEME"},
        {"screenshot", "Write a picture of the window to FILE and quit.", "FILE"},
        {"after", "Seconds before the screenshot (5).", "SECONDS"},
        {"tour",
         "Train a demo for a while, draw samples, write window.png, loss.png, samples.png and denoising.png "
         "into DIR and quit.",
         "DIR"},
        {"start-time", "Print how long the window took to show and the engine to load, and quit."},
    });
    parser.addPositionalArgument("PATH", "Data to open, or the name of the demo.", "[PATH]");
}

ParsedOptions refusal(const QString& sentence) {
    return {std::nullopt, sentence + "\nTry 'denoscope --help'.\n", usageError};
}

}  // namespace

ParsedOptions parseOptions(const QStringList& arguments) {
    QCommandLineParser parser;
    describe(parser);
    QStringList words = arguments;
    // "--demo=heads" and "--demo heads" both name the set.
    for (qsizetype i = 0; i < words.size(); ++i)
        if (words[i].startsWith("--demo=")) {
            words.insert(i + 1, words[i].mid(7));
            words[i] = "--demo";
        }
    if (!parser.parse(words))
        return refusal(parser.errorText());
    if (parser.isSet("help"))
        return {std::nullopt, parser.helpText(), 0};
    if (parser.isSet("version"))
        return {std::nullopt, QStringLiteral("denoscope %1\n").arg(DENOSCOPE_VERSION), 0};

    Options options;
    const QStringList positional = parser.positionalArguments();
    if (positional.size() > 1)
        return refusal("only one PATH is possible: '" + positional[1] + "' is one too many");
    options.data = parser.isSet("data") ? parser.value("data") : positional.value(0);
    if (parser.isSet("demo") || (parser.isSet("tour") && options.data.isEmpty())) {
        const QString name = positional.isEmpty() ? "shapes" : positional[0];
        if (!demos.contains(name))
            return refusal("there is no demo '" + name + "', only beats, shapes and heads");
        options.data = "demo:" + name;
    }
    options.trainAtOnce = parser.isSet("demo") || parser.isSet("tour");
    options.run = parser.value("run");
    options.runsRoot = parser.value("runs");
    options.theme = parser.value("theme");
    if (!options.theme.isEmpty() && options.theme != "light" && options.theme != "dark")
        return refusal("the theme is light or dark, not '" + options.theme + "'");
    bool valid = true;
    if (parser.isSet("steps")) {
        options.steps = parser.value("steps").toLongLong(&valid);
        if (!valid || *options.steps < 1)
            return refusal("--steps takes a whole number from 1 up, not '" + parser.value("steps") + "'");
    }
    options.screenshot = parser.value("screenshot");
    if (parser.isSet("after")) {
        options.after = parser.value("after").toDouble(&valid);  // QString::toDouble is of the C locale
        if (!valid || options.after < 0 || options.after > 86400)
            return refusal("--after takes seconds, not '" + parser.value("after") + "'");
    }
    options.tour = parser.value("tour");
    options.startTime = parser.isSet("start-time");
    return {options, {}, 0};
}

}  // namespace denoscope
