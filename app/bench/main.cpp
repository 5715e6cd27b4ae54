// SPDX-License-Identifier: GPL-3.0-or-later
// denoscope-bench-views [VIEW ...]: how long frames take, on made data. Needs no screen:
// QT_QPA_PLATFORM=offscreen.
#include <fmt/core.h>

#include <QApplication>
#include <functional>
#include <utility>
#include <vector>

#include "app/bench/ViewBenches.h"
#include "widgets/Theme.h"

using namespace denoscope;

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    applyTheme(application, ThemeKind::Dark);
    const std::vector<std::pair<QString, std::function<void()>>> benches{
        {"grids", benchGrids}, {"slices", benchSlices}, {"waveform", benchWaveform}};
    const QStringList wanted = QApplication::arguments().mid(1);
    bool any = false;
    for (const auto& [name, bench] : benches)
        if (wanted.isEmpty() || wanted.contains(name)) {
            bench();
            any = true;
        }
    if (any)
        return 0;
    fmt::print(stderr, "There is no such view. Known:");
    for (const auto& [name, bench] : benches)
        fmt::print(stderr, " {}", name.toStdString());
    fmt::print(stderr, "\n");
    return 2;
}
