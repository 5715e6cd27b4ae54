// SPDX-License-Identifier: GPL-3.0-or-later
// The window: the only place that knows the session, the file formats and the panels at once.
#include <QApplication>
#include <QDir>
#include <QTemporaryDir>
#include <QThread>
#include <QTimer>
#include <chrono>
#include <cstdio>

#include "app/Program.h"
#include "app/engine/LateEngine.h"
#include "app/window/FirstFrame.h"
#include "app/window/Options.h"
#include "app/window/Tour.h"
#include "ui/MainWindow.h"
#include "ui/ThemeChoice.h"

using namespace denoscope;

namespace {

constexpr int denoisingFilmRate = 8;  // pictures a second, as the panel plays them

constexpr std::int64_t tourSteps = 600;  // of the quick preset: outlines have become shapes by then

ParsedOptions readCommandLine(int argc, char** argv) {
    const QCoreApplication words(argc, argv);  // help and mistakes need no display
    return parseOptions(QCoreApplication::arguments());
}

void begin(MainWindow& window, const Options& options) {
    if (!options.run.isEmpty())
        window.controller().openRun(options.run);
    if (options.data.isEmpty())
        return;
    if (options.trainAtOnce)
        window.controller().trainWhenOpened(options.steps);
    window.controller().openData(options.data);
}

void scheduleScreenshot(MainWindow& window, const Options& options) {
    const auto milliseconds = static_cast<int>(options.after * 1000);
    QTimer::singleShot(milliseconds, &window, [&window, file = options.screenshot] {
        const bool written = window.grab().save(file);
        if (!written)
            std::fprintf(stderr, "denoscope: %s could not be written\n", qUtf8Printable(file));
        QCoreApplication::exit(written ? 0 : 1);
    });
}

void startTour(MainWindow& window, const Options& options) {
    auto* tour = new Tour(window, QDir(options.tour), options.steps.value_or(tourSteps));
    QObject::connect(tour, &Tour::done, &window, [](bool success, const QString& report) {
        std::fprintf(success ? stdout : stderr, "denoscope: %s\n", qUtf8Printable(report));
        QCoreApplication::exit(success ? 0 : 1);
    });
}

// The engine's first word is the name of its library, or why it cannot be loaded.
void printStartTimes(MainWindow& window, const FirstFrame& first) {
    QObject::connect(&first, &FirstFrame::painted, &window,
                     [] { std::printf("window %.2f s\n", secondsSinceStart()); });
    QObject::connect(&window.client(), &EngineClient::logged, &window, [](const LogLine& line) {
        if (line.level == LogLine::Level::Error)
            std::fprintf(stderr, "denoscope: %s\n", line.text.c_str());
        else
            std::printf("engine %.2f s\n", secondsSinceStart());
        QCoreApplication::exit(line.level == LogLine::Level::Error ? 1 : 0);
    });
}

int show(QApplication& application, const Options& options) {
    const QTemporaryDir scratch;
    QSettings remembered(QSettings::IniFormat, QSettings::UserScope, "Denoscope", "Denoscope");
    QSettings forgotten(scratch.filePath("settings.ini"), QSettings::IniFormat);
    QSettings& settings = options.automatic() ? forgotten : remembered;
    const ThemeChoice theme(application);
    theme.apply(options.theme.isEmpty() ? Preferences(settings).theme() : options.theme);
    const QString runs = options.runsRoot.isEmpty() && !options.tour.isEmpty()
                             ? QDir(options.tour).absoluteFilePath("runs")
                             : options.runsRoot;

    LateEngine engine;  // outlives the window, then saves and joins
    MainWindow window(
        {engine, settings, theme,
         [&engine](const std::vector<Item>& items, const std::string& path, double low, double high) {
             return engine.functions().writeItemsOrFilm(items, path, low, high);
         },
         runs, QCoreApplication::translate("main", "threads: %1").arg(QThread::idealThreadCount()),
         [&engine](const std::vector<std::vector<Item>>& frames, const std::string& path, double low,
                   double high) {
             engine.functions().writeFilm(frames, path, low, high, denoisingFilmRate);
         }});
    window.show();
    const auto* first = new FirstFrame(*window.windowHandle());
    if (options.startTime)
        printStartTimes(window, *first);
    QObject::connect(first, &FirstFrame::painted, &window, [&engine] { engine.load(); });
    // What is given to the engine is done also where nobody sees the window, being minimised, say.
    constexpr auto unseen = std::chrono::seconds(2);
    QTimer::singleShot(unseen, &window, [&engine] { engine.load(); });
    if (!options.screenshot.isEmpty())
        scheduleScreenshot(window, options);
    if (!options.tour.isEmpty())
        startTour(window, options);
    begin(window, options);
    return QApplication::exec();
}

QtMessageHandler usualMessages = nullptr;

// Where there is no sound the player says so; Qt's word about the desktop's sound server is none for a
// person.
void messagesButSound(QtMsgType type, const QMessageLogContext& context, const QString& text) {
    if (!text.startsWith(QLatin1String("PulseAudioService")))
        usualMessages(type, context, text);
}

}  // namespace

int denoscopeMain(int argc, char** argv) {
    const ParsedOptions parsed = readCommandLine(argc, argv);
    if (!parsed.options) {
        std::fputs(qUtf8Printable(parsed.text), parsed.exitCode == 0 ? stdout : stderr);
        return parsed.exitCode;
    }
    usualMessages = qInstallMessageHandler(messagesButSound);
    QApplication application(argc, argv);
    QApplication::setApplicationName("Denoscope");
    QApplication::setApplicationVersion(DENOSCOPE_VERSION);
    QApplication::setDesktopFileName("denoscope");
    try {
        return show(application, *parsed.options);
    } catch (const EngineError& error) {
        std::fprintf(stderr, "denoscope: %s\n", error.what());
        return 1;
    }
}
