// SPDX-License-Identifier: GPL-3.0-or-later
// From the start of the process to the window's first picture: warm, and cold where the system's file cache
// may be emptied (by root alone). And the command line's, to its answer.
#include <fmt/core.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <algorithm>
#include <functional>
#include <vector>

#include "app/bench/ViewBenches.h"

namespace denoscope {

namespace {

constexpr int warmStarts = 9, coldStarts = 3;

// Without what this program has prepared for itself (engine/core/Startup.h).
QProcessEnvironment cleanEnvironment() {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"})
        environment.remove(name);
    return environment;
}

struct Start {
    double window = 0, engine = 0, commandLine = 0;  // seconds
};

QByteArray answerOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setProcessEnvironment(cleanEnvironment());
    process.start(QCoreApplication::applicationDirPath() + "/" + program, arguments, QIODevice::ReadOnly);
    process.waitForFinished(-1);
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        fmt::print("  {} failed: {}\n", program.toStdString(), process.readAllStandardError().toStdString());
    return process.readAllStandardOutput();
}

bool emptyFileCache() {
    ::sync();
    QFile cache(QStringLiteral("/proc/sys/vm/drop_caches"));
    return cache.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && cache.write("3") == 1;
}

// Each program after `before`, so that none finds what the other has read.
Start start(const std::function<void()>& before) {
    Start result;
    before();
    for (const QByteArray& line : answerOf("denoscope", {"--start-time"}).split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        if (words.first() == "window")
            result.window = words.value(1).toDouble();
        else if (words.first() == "engine")
            result.engine = words.value(1).toDouble();
    }
    before();
    QElapsedTimer timer;
    timer.start();
    answerOf("denoscope-cli", {"--version"});
    result.commandLine = 1e-3 * static_cast<double>(timer.elapsed());
    return result;
}

void print(const char* how, std::vector<Start> starts, double promised) {
    const auto line = [&](const char* what, double Start::*time) {
        std::ranges::sort(starts, {}, time);
        fmt::print("  {}: {:<30} median {:.2f} s   longest {:.2f} s\n", how, what,
                   starts[starts.size() / 2].*time, starts.back().*time);
    };
    line("window painted", &Start::window);
    line("engine ready", &Start::engine);
    line("denoscope-cli --version", &Start::commandLine);
    fmt::print("  {}: promised for the window {:.1f} s\n", how, promised);
}

}  // namespace

void benchStart() {
    fmt::print("Start\n");
    std::vector<Start> warm, cold;
    start([] {});  // fills the cache
    for (int i = 0; i < warmStarts; ++i)
        warm.push_back(start([] {}));
    print("warm", warm, 0.7);
    if (!emptyFileCache()) {
        fmt::print("  cold: only root can empty the file cache\n");
        return;
    }
    for (int i = 0; i < coldStarts; ++i)
        cold.push_back(start([] { emptyFileCache(); }));
    print("cold", cold, 2);
}

}  // namespace denoscope
