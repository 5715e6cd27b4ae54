// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the window in many states, themes and sizes, fed with made data: to look at after a change.
//   QT_QPA_PLATFORM=offscreen WindowGallery FOLDER [WIDTHxHEIGHT] [light|dark]      (QT_SCALE_FACTOR for high
//   DPI)
#include <QApplication>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <functional>

#include "FakeEngine.h"
#include "MadeData.h"
#include "ui/DenoisingPanel.h"
#include "ui/MainWindow.h"
#include "ui/SamplesPanel.h"
#include "ui/ThemeChoice.h"
#include "ui/Workspace.h"
#include "widgets/ScrubBar.h"

using namespace denoscope;

namespace {

void trainFor(FakeEngine& engine, DataKind kind, std::int64_t steps) {
    engine.enter(RunState::Preparing);
    RunOpened run = madeRun(kind, "/home/me/Documents/Denoscope/runs/shapes-2026-03-14", 0);
    engine.say(run);
    engine.enter(RunState::Training);
    QTest::qWait(20);
    engine.measure(madeMetrics(1, steps));
    engine.preview({100, madeItems(kind, kind == DataKind::Volume ? 4 : 16, 0.6, 2)});
    QTest::qWait(20);
    engine.preview({steps, madeItems(kind, kind == DataKind::Volume ? 4 : 16, 0.15, 2)});
    engine.status({steps, run.config.training.steps, 197.4, 131, 0.042, std::int64_t{612} << 20});
}

void sampleAll(FakeEngine& engine, DataKind kind) {
    for (int i = 0; i < 19; ++i)
        engine.say(madeFrame(kind, i, 19));
    engine.say(SamplesReady{1, {}, madeItems(kind, 4, 0, 5), 3.2});
}

using Scene = std::function<void(FakeEngine&, MainWindow&)>;

std::vector<std::pair<QString, Scene>> scenes() {
    const auto open = [](DataKind kind) {
        return [kind](FakeEngine& engine, MainWindow&) { engine.say(madeData(kind)); };
    };
    const auto training = [](DataKind kind) {
        return [kind](FakeEngine& engine, MainWindow&) {
            engine.say(madeData(kind));
            trainFor(engine, kind, 640);
        };
    };
    const auto denoising = [](DataKind kind) {
        return [kind](FakeEngine& engine, MainWindow& window) {
            engine.say(madeData(kind));
            trainFor(engine, kind, 640);
            engine.enter(RunState::Paused);
            sampleAll(engine, kind);
            QTest::qWait(50);
            window.workspace().showPanel("denoising");
            window.workspace().showPanel("model");
            window.denoisingPanel().scrub().setFrame(9);
        };
    };
    return {{"empty", [](FakeEngine&, MainWindow&) {}},
            {"data-1d", open(DataKind::Signal)},
            {"data-2d", open(DataKind::Image)},
            {"data-3d", open(DataKind::Volume)},
            {"training-1d", training(DataKind::Signal)},
            {"training-2d", training(DataKind::Image)},
            {"training-3d", training(DataKind::Volume)},
            {"denoising-1d", denoising(DataKind::Signal)},
            {"denoising-2d", denoising(DataKind::Image)},
            {"denoising-3d", denoising(DataKind::Volume)},
            {"side-by-side",
             [training](FakeEngine& engine, MainWindow& window) {
                 training(DataKind::Image)(engine, window);
                 window.samplesPanel().setShow(SamplesPanel::Show::Both);
                 window.workspace().showPanel("log");
                 engine.say(LogLine{LogLine::Level::Warning,
                                    "BLAS is the reference one: training is several times slower"});
             }},
            {"problem", [open](FakeEngine& engine, MainWindow& window) {
                 open(DataKind::Image)(engine, window);
                 QTest::qWait(50);
                 window.workspace().showPanel("model");
                 window.model().setValue(*findSetting("model.downsamples"), std::int64_t{7});
                 engine.say(DataFailed{
                     {},
                     {"the file ends in the middle of its data", "/data/scans/head-07.nii.gz, byte 81920",
                      "copy it again, or take it out of the folder"}});
             }}};
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() < 2)
        return 2;
    const QStringList size = arguments.value(2, "1280x720").split('x');
    const ThemeChoice theme(application);
    theme.apply(arguments.value(3, "light"));
    QDir().mkpath(arguments[1]);
    for (const auto& [name, scene] : scenes()) {
        if (arguments.size() > 4 && !arguments.mid(4).contains(name))
            continue;
        QTemporaryDir scratch;
        QSettings settings(scratch.filePath("settings.ini"), QSettings::IniFormat);
        FakeEngine engine;
        MainWindow window(
            {engine, settings, theme, {}, "/home/me/Documents/Denoscope/runs", "cpu, 2 threads"});
        window.resize(size.value(0).toInt(), size.value(1).toInt());
        window.show();
        QTest::qWait(100);
        scene(engine, window);
        QTest::qWait(300);
        window.grab().save(QDir(arguments[1]).filePath(name + ".png"));
    }
    return 0;
}
