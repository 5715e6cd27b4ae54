// SPDX-License-Identifier: GPL-3.0-or-later
// The same run trained on for some steps, without a window and with one.
#pragma once

#include <QSettings>
#include <functional>
#include <string>
#include <vector>

#include "app/bench/LoopWatch.h"
#include "app/engine/LateEngine.h"
#include "ui/MainWindow.h"
#include "ui/ThemeChoice.h"

namespace denoscope {

// What of the window is to be seen.
enum class Views { All, CurvesOnly, Hidden, Scrubbed };

struct Stretch {                // of a training
    std::vector<double> steps;  // seconds of each, without the first ones, which warm up
    double whole = 0;           // seconds from the first step to the last checkpoint
    double thread = 0;          // 0..1 of that, computed by the calling thread
};

// As denoscope-cli does: opens the run and trains `steps` more.
Stretch trainWithoutWindow(EnginePort& engine, const std::string& run, std::int64_t steps);

// A window of its own on the same engine.
class LiveTraining {
public:
    LiveTraining(LateEngine& engine, QSettings& settings, const ThemeChoice& theme, const QString& runsRoot);

    MainWindow& window() { return m_window; }
    void show(Views views);
    // All of these wait, while events are delivered, and throw EngineError where the engine says that it
    // failed.
    void openData(const QString& source);
    std::string begin(const RunConfig& config);  // a new run, trained as far as it says
    void openRun(const std::string& run);        // and its data
    void sample(std::int64_t steps);
    Stretch train(std::int64_t steps);

private:
    template <typename Signal>
    void waitFor(Signal signal);

    MainWindow m_window;
};

}  // namespace denoscope
