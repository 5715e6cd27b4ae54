// SPDX-License-Identifier: GPL-3.0-or-later
// What a person or a program gets to see while the engine works.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/Messages.h"

namespace denoscope {

class Reporter {
public:
    virtual ~Reporter() = default;

    virtual void show(const Drained& drained) = 0;
    virtual void wrote(const std::vector<std::string>& paths) = 0;  // samples
    // False once nobody can read any more (the pipe broke): the work should end in good order.
    virtual bool heard() const { return true; }
};

// Sentences and a progress bar on `out`. With `columns` > 0 the bar is redrawn in place within that width;
// with 0 (no terminal) a line is written after every twentieth of the way instead.
std::unique_ptr<Reporter> makeTextReporter(std::FILE* out, int columns);

// One JSON object a line: {"event": "step", "step": 1, "loss": 0.9, ...}; docs/cli.md lists them. Errors are
// printed on stderr as well.
std::unique_ptr<Reporter> makeJsonReporter(std::FILE* out);

// "error: where: what (remedy)" on stderr.
void printError(const Error& error);
// The line {"event": "failed", ...} for what fails where no reporter is listening.
void printFailed(const Error& error, std::FILE* out);

// Columns of the terminal behind a stream; 0 when it is none.
int terminalColumns(std::FILE* stream);

}  // namespace denoscope
