// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <cstdint>
#include <optional>

namespace denoscope {

// What the command line of the window asks for.
struct Options {
    QString data;  // a path or "demo:shapes"; empty = none
    bool trainAtOnce = false;
    QString run;  // to open
    QString runsRoot;
    QString theme;  // "light", "dark"; empty = as remembered
    std::optional<std::int64_t> steps;
    QString screenshot;  // file
    double after = 5;    // seconds
    QString tour;        // folder
    bool startTime = false;

    // Nothing of this session should be remembered: it runs by itself.
    bool automatic() const { return !screenshot.isEmpty() || !tour.isEmpty() || startTime; }
};

struct ParsedOptions {
    std::optional<Options> options;  // nothing: print `text` and leave with `exitCode`
    QString text;
    int exitCode = 0;
};

// Needs no display. `arguments` begins with the program's name.
ParsedOptions parseOptions(const QStringList& arguments);

}  // namespace denoscope
