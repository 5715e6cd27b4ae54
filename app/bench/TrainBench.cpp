// SPDX-License-Identifier: GPL-3.0-or-later
// What a window costs a training, and what a training does to the window: one run is trained on in turns,
// without a window as denoscope-cli does it, with all live views, with the curve only, with the window
// hidden; then once more with somebody at work in it.
#include <fmt/core.h>

#include <QTemporaryDir>
#include <algorithm>
#include <optional>

#include "app/bench/LiveTraining.h"
#include "app/bench/Person.h"
#include "app/bench/ViewBenches.h"
#include "engine/api/Settings.h"

namespace denoscope {

namespace {

struct Case {
    const char* name;
    std::int64_t steps, rounds;
    RunConfig (*make)(const DataFacts& shapes);
};

RunConfig balanced(const DataFacts& facts) {
    const auto preset = std::ranges::find(presets(), "balanced", &Preset::key);
    return preset->make(facts);
}

// The network of denoscope-cli bench's 2d case.
RunConfig large(const DataFacts& facts) {
    RunConfig config = balanced(facts);
    config.model.width = 64;
    config.model.maxWidth = 128;
    config.model.downsamples = 2;
    config.model.blocksPerStage = 2;
    config.model.attention = {16, 8};
    config.model.dropout = 0.1;
    config.training.batchSize = 8;
    return config;
}

constexpr Case cases[] = {{"balanced preset, batch 16", 60, 3, balanced},
                          {"network of the 2d bench, batch 8", 12, 3, large}};

struct Mode {
    const char* name;
    std::optional<Views> views;  // none: without a window
    std::vector<Stretch> stretches{};
    std::vector<double> wholes{};  // seconds a step, of whole stretches
    std::vector<LoopWatch::Summary> loops{};
};

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

double medianStep(const Mode& mode) {
    std::vector<double> steps;
    for (const Stretch& stretch : mode.stretches)
        steps.insert(steps.end(), stretch.steps.begin(), stretch.steps.end());
    return median(steps);
}

void printLoop(const char* when, const LoopWatch::Summary& loop) {
    fmt::print(
        "    {:<24} 99 % of {:5} stretches {:6.1f} ms   longest {:6.1f} ms ({})   over 16 ms {}, over "
        "100 ms {}\n",
        when, loop.stretches, loop.percentile99, loop.longest, loop.worst.toStdString(), loop.over16,
        loop.over100);
}

void printMode(const Mode& mode, const Mode& reference) {
    double thread = 0;
    for (const Stretch& stretch : mode.stretches)
        thread += stretch.thread / static_cast<double>(mode.stretches.size());
    fmt::print(
        "  {:<24} step {:7.1f} ms, {:.3f} of the speed   with previews {:7.1f} ms, {:.3f}   thread {:.2f} "
        "%\n",
        mode.name, 1000 * medianStep(mode), medianStep(reference) / medianStep(mode),
        1000 * median(mode.wholes), median(reference.wholes) / median(mode.wholes), 100 * thread);
}

class TrainBench {
public:
    void watchLoading() {
        LiveTraining live(m_engine, m_settings, m_theme, m_folder.filePath("runs"));
        live.show(Views::All);
        watch().begin();
        m_engine.load();
        live.openData("demo:shapes");
        printLoop("engine is being loaded", watch().summary());
    }

    void measure(const Case& of) {
        fmt::print("Training, {}: {} steps in {} rounds\n", of.name, of.steps, of.rounds);
        const std::string run = begin(of);
        std::vector<Mode> modes{{"no window", std::nullopt},
                                {"all live views", Views::All},
                                {"curves only", Views::CurvesOnly},
                                {"window hidden", Views::Hidden}};
        for (std::int64_t round = 0; round < of.rounds; ++round) {
            for (Mode& mode : modes)
                train(mode, run, of.steps);
            std::ranges::reverse(modes);  // what gets slower over time does so for all
        }
        if (of.rounds % 2 == 1)
            std::ranges::reverse(modes);
        for (const Mode& mode : modes)
            printMode(mode, modes.front());
        for (const Mode& mode : modes)
            if (mode.views)
                printLoop(mode.name, *std::ranges::max_element(mode.loops, {}, &LoopWatch::Summary::longest));
        scrub(run, 2 * of.steps);
    }

private:
    static LoopWatch& watch() { return static_cast<WatchedApplication*>(qApp)->watch(); }

    std::string begin(const Case& of) {
        LiveTraining live(m_engine, m_settings, m_theme, m_folder.filePath("runs"));
        live.openData("demo:shapes");
        RunConfig config = of.make(*live.window().model().facts());
        config.training.steps = 5;
        config.training.previewEvery = of.steps / 3;
        config.training.previewCount = 4;
        config.sampling.steps = 10;
        return live.begin(config);
    }

    void train(Mode& mode, const std::string& run, std::int64_t steps) {
        Stretch stretch;
        if (mode.views) {
            LiveTraining live(m_engine, m_settings, m_theme, m_folder.filePath("runs"));
            live.show(*mode.views);
            live.openRun(run);
            watch().begin();
            stretch = live.train(steps);
            mode.loops.push_back(watch().summary());
        } else {
            stretch = trainWithoutWindow(m_engine, run, steps);
        }
        mode.wholes.push_back(stretch.whole / static_cast<double>(steps));
        mode.stretches.push_back(std::move(stretch));
    }

    void scrub(const std::string& run, std::int64_t steps) {
        LiveTraining live(m_engine, m_settings, m_theme, m_folder.filePath("runs"));
        live.show(Views::Scrubbed);
        live.openRun(run);
        live.openData("demo:heads");
        live.sample(18);
        const Person person(live.window());
        watch().begin();
        const Stretch stretch = live.train(steps);
        if (!person.sawAll())
            throw EngineError("there were no frames, slices or points to look at", "train", "");
        printLoop("all that, and scrubbing", watch().summary());
        fmt::print("    {:<24} step {:7.1f} ms   thread {:.1f} %\n", "", 1000 * median(stretch.steps),
                   100 * stretch.thread);
    }

    QTemporaryDir m_folder;
    QSettings m_settings{m_folder.filePath("settings.ini"), QSettings::IniFormat};
    ThemeChoice m_theme{*qApp};
    LateEngine m_engine;
};

}  // namespace

void benchTraining() {
    TrainBench bench;
    bench.watchLoading();
    for (const Case& each : cases)
        bench.measure(each);
}

}  // namespace denoscope
