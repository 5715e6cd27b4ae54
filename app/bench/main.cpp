// SPDX-License-Identifier: GPL-3.0-or-later
// denoscope-bench-views [VIEW ...] | train | start: how long frames take, on made data; what the window costs
// a training; how long it takes to show. Needs no screen: QT_QPA_PLATFORM=offscreen.
#include <fmt/core.h>

#include <functional>
#include <vector>

#include "app/Program.h"
#include "app/bench/LoopWatch.h"
#include "app/bench/ViewBenches.h"
#include "engine/api/Error.h"
#include "widgets/Theme.h"

using namespace denoscope;

namespace {

struct Bench {
    QString name;
    std::function<void()> run;
    bool usual;  // where no name is given
};

const std::vector<Bench>& benches() {
    static const std::vector<Bench> all{{"grids", benchGrids, true},
                                        {"slices", benchSlices, true},
                                        {"waveform", benchWaveform, true},
                                        {"train", benchTraining, false},
                                        {"start", benchStart, false}};
    return all;
}

bool runWanted(const QStringList& wanted) {
    bool any = false;
    for (const Bench& bench : benches())
        if (wanted.isEmpty() ? bench.usual : wanted.contains(bench.name)) {
            bench.run();
            any = true;
        }
    return any;
}

}  // namespace

int denoscopeMain(int argc, char** argv) {
    WatchedApplication application(argc, argv);
    applyTheme(application, ThemeKind::Dark);
    try {
        if (runWanted(QApplication::arguments().mid(1)))
            return 0;
    } catch (const EngineError& error) {
        fmt::print(stderr, "denoscope-bench-views: {}\n", error.what());
        return 1;
    }
    fmt::print(stderr, "There is no such view. Known:");
    for (const Bench& bench : benches())
        fmt::print(stderr, " {}", bench.name.toStdString());
    fmt::print(stderr, "\n");
    return 2;
}
