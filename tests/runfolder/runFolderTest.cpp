// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>
#include <random>

#include "engine/api/Error.h"
#include "engine/session/RunFolder.h"

using namespace denoscope;
namespace fs = std::filesystem;

namespace {

MetricRow row(std::int64_t step, double loss = 0.5) {
    return {step, loss, 0.01, 1.5, 0.25, 0.125};
}

QByteArray readAll(const fs::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeAll(const fs::path& path, const QByteArray& bytes) {
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write");
}

void checkpoint(RunFolder& run, std::int64_t step, std::int64_t keep) {
    const fs::path folder = run.beginCheckpoint(step);
    for (const char* name : {"state.json", "weights.safetensors"})
        std::ofstream(folder / name) << step << std::string(2000, 'x') << "end";
    run.publishCheckpoint(step, keep);
}

bool isComplete(const fs::path& folder, std::int64_t step) {
    const QByteArray expected = QByteArray::number(qint64(step)) + QByteArray(2000, 'x') + "end";
    return readAll(folder / "state.json") == expected && readAll(folder / "weights.safetensors") == expected;
}

std::string whatOf(const std::function<void()>& call) {
    try {
        call();
    } catch (const EngineError& error) {
        return toText(error.error());
    }
    return "nothing";
}

// Reports every finished operation with one byte, so that nobody has to guess how far it is.
[[noreturn]] void trainUntilKilled(const fs::path& directory, int progress) {
    try {
        RunFolder run = RunFolder::open(directory, RunFolder::Access::Write);
        const auto done = run.checkpoints();
        const auto report = [progress] { return ::write(progress, ".", 1) == 1; };
        for (std::int64_t step = done.empty() ? 1 : done.back() + 1;; ++step) {
            run.appendMetrics({row(step)});
            checkpoint(run, step, 2);
            report();
            checkpoint(run, step, 2);  // saved twice at one step, as a person may
            report();
            run.saveConfig(run.config());
            report();
        }
    } catch (...) {  // nothing to say it to: the other process sees that this one has ended
    }
    _exit(1);
}

// Starts one and kills it in the middle of some operation after the first `operations`.
void trainAndKill(const fs::path& directory, std::uint32_t operations) {
    int ends[2];
    if (pipe(ends) != 0)
        qFatal("no pipe");
    const pid_t child = fork();
    if (child < 0)
        qFatal("no child");
    if (child == 0)
        trainUntilKilled(directory, ends[1]);
    close(ends[1]);
    char byte = 0;
    while (operations > 0 && read(ends[0], &byte, 1) == 1)
        --operations;
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ends[0]);
}

}  // namespace

class RunFolderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void configAndFactsThereAndBack();
    void createRefusesWhatIsThere();
    void openRefusesWhatIsNotARun();
    void newerFormatsAreRefused();
    void oneWriterOnly();
    void readersCannotWrite();
    void checkpointsArePublishedAndPruned();
    void metricsSurviveATornLine();
    void metricsOfRepeatedSteps();
    void metricsWithoutNumbers();
    void pathsForSamplesAndLog();
    void killedAtAnyMoment();

private:
    fs::path directory() const { return fs::path(m_folder->path().toStdString()) / "runs" / "first"; }
    RunFolder create() const { return RunFolder::create(directory(), RunConfig{}, DataFacts{}); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

#define MENTIONS(text, part) QVERIFY2((text).find(part) != std::string::npos, (text).c_str())

void RunFolderTest::configAndFactsThereAndBack() {
    RunConfig config;
    config.training.learningRate = 0.1 + 0.2;
    config.data.size = {24, 32, 32};
    DataFacts facts;
    facts.kind = DataKind::Volume;
    facts.labels = {"x", "y"};
    facts.geometry.spacing = {0.1, 0.2, 0.3};
    {
        RunFolder run = RunFolder::create(directory(), config, facts);
        QVERIFY(run.config() == config);
    }
    {
        RunFolder run = RunFolder::open(directory(), RunFolder::Access::Write);
        QVERIFY(run.config() == config);
        QVERIFY(run.facts().labels == facts.labels && run.facts().geometry == facts.geometry);
        config.training.steps = 9;
        run.saveConfig(config);
    }
    QVERIFY(RunFolder::open(directory(), RunFolder::Access::ReadOnly).config() == config);
    QVERIFY(readAll(directory() / "run.json").contains("\"program\": \"denoscope"));
}

void RunFolderTest::createRefusesWhatIsThere() {
    (void)create();
    MENTIONS(whatOf([&] { create(); }), "already holds a run");
    const fs::path other = m_folder->path().toStdString();
    writeAll(other / "thesis.txt", "do not overwrite");
    MENTIONS(whatOf([&] { RunFolder::create(other, {}, {}); }), "is not empty");
    MENTIONS(whatOf([&] { RunFolder::create(other / "thesis.txt", {}, {}); }), "thesis.txt");
    QCOMPARE(readAll(other / "thesis.txt"), QByteArray("do not overwrite"));
}

void RunFolderTest::openRefusesWhatIsNotARun() {
    MENTIONS(whatOf([&] { RunFolder::open(directory(), RunFolder::Access::ReadOnly); }), "holds no run");
    (void)create();
    const QByteArray good = readAll(directory() / "run.json");
    for (const QByteArray& bad :
         {QByteArray(), QByteArray("[]"), QByteArray("{}"), good.left(good.size() / 2),
          QByteArray(good).replace("\"kind\": \"image\"", "\"kind\": 3"),
          QByteArray(good).replace("\"steps\"", "\"stepz\"")}) {
        writeAll(directory() / "run.json", bad);
        MENTIONS(whatOf([&] { RunFolder::open(directory(), RunFolder::Access::ReadOnly); }), "run.json");
    }
}

void RunFolderTest::newerFormatsAreRefused() {
    (void)create();
    writeAll(directory() / "run.json",
             readAll(directory() / "run.json").replace("\"format\": 1", "\"format\": 2"));
    MENTIONS(whatOf([&] { RunFolder::open(directory(), RunFolder::Access::ReadOnly); }), "newer");
}

void RunFolderTest::oneWriterOnly() {
    {
        const RunFolder first = create();
        MENTIONS(whatOf([&] { RunFolder::open(directory(), RunFolder::Access::Write); }),
                 "written by process " + std::to_string(getpid()));
        RunFolder::open(directory(), RunFolder::Access::ReadOnly);
    }
    RunFolder::open(directory(), RunFolder::Access::Write);
}

void RunFolderTest::readersCannotWrite() {
    (void)create();
    RunFolder run = RunFolder::open(directory(), RunFolder::Access::ReadOnly);
    MENTIONS(whatOf([&] { run.appendMetrics({row(1)}); }), "reading only");
    MENTIONS(whatOf([&] { run.beginCheckpoint(1); }), "reading only");
    MENTIONS(whatOf([&] { run.saveConfig({}); }), "reading only");
}

void RunFolderTest::checkpointsArePublishedAndPruned() {
    RunFolder run = create();
    QVERIFY(run.checkpoints().empty());
    run.beginCheckpoint(50);
    QVERIFY(run.checkpoints().empty());
    for (const std::int64_t step : {100, 200, 300, 123456789})
        checkpoint(run, step, 2);
    QVERIFY((run.checkpoints() == std::vector<std::int64_t>{300, 123456789}));
    QCOMPARE(run.checkpointFolder(300).filename().string(), std::string("step-00000300"));
    QVERIFY(isComplete(run.checkpointFolder(300), 300));
    checkpoint(run, 300, 2);  // again
    QVERIFY(isComplete(run.checkpointFolder(300), 300));
    checkpoint(run, 7, 1);  // an older step is never pruned by its own publication
    QVERIFY((run.checkpoints() == std::vector<std::int64_t>{7, 123456789}));
}

void RunFolderTest::metricsSurviveATornLine() {
    {
        RunFolder run = create();
        run.appendMetrics({row(1, 0.1 + 0.2), row(2)});
        run.appendMetrics({});
    }
    const fs::path log = directory() / "metrics.jsonl";
    writeAll(log, readAll(log) + R"({"step":3,"loss":0.)");
    QCOMPARE(RunFolder::open(directory(), RunFolder::Access::ReadOnly).readMetrics().size(), std::size_t(2));
    RunFolder run = RunFolder::open(directory(), RunFolder::Access::Write);
    MetricRow third = row(3);
    third.microBatch = 4;
    run.appendMetrics({third});
    QVERIFY((run.readMetrics() == std::vector<MetricRow>{row(1, 0.1 + 0.2), row(2), third}));
}

void RunFolderTest::metricsOfRepeatedSteps() {
    RunFolder run = create();
    QVERIFY(run.readMetrics().empty());
    run.appendMetrics({row(1), row(2), row(3), row(4)});
    run.appendMetrics({row(3, 9)});
    QVERIFY((run.readMetrics() == std::vector<MetricRow>{row(1), row(2), row(3, 9), row(4)}));
    run.dropMetricsAfter(2);
    QVERIFY((run.readMetrics() == std::vector<MetricRow>{row(1), row(2)}));
    run.appendMetrics({row(3, 7)});
    QVERIFY((run.readMetrics() == std::vector<MetricRow>{row(1), row(2), row(3, 7)}));
}

void RunFolderTest::metricsWithoutNumbers() {
    RunFolder run = create();
    run.appendMetrics({row(1, std::nan("")), row(2, INFINITY)});
    const auto rows = run.readMetrics();
    QCOMPARE(rows.size(), std::size_t(2));
    QVERIFY(std::isnan(rows[0].loss) && std::isnan(rows[1].loss));
    QCOMPARE(rows[1].learningRate, 0.01);
}

void RunFolderTest::pathsForSamplesAndLog() {
    const RunFolder run = create();
    QVERIFY(fs::is_directory(run.samplesFolder(1000)));
    QCOMPARE(run.samplesFolder(1000), directory() / "samples" / "step-00001000");
    QCOMPARE(run.logPath(), directory() / "events.log");
}

// A process that writes as fast as it can is killed without warning, again and again; whatever moment that
// hits, the run opens, its newest checkpoint is whole and no metric that preceded it is lost.
void RunFolderTest::killedAtAnyMoment() {
    (void)create();
    std::mt19937 random(3);
    std::int64_t before = 0;
    for (int round = 0; round < 20; ++round) {
        trainAndKill(directory(), 3 + random() % 40);
        const RunFolder run = RunFolder::open(directory(), RunFolder::Access::Write);
        const auto steps = run.checkpoints();
        QVERIFY(!steps.empty() && steps.size() <= 3 && steps.back() >= before);
        for (const std::int64_t step : steps)
            QVERIFY2(isComplete(run.checkpointFolder(step), step), run.checkpointFolder(step).c_str());
        QVERIFY(run.readMetrics().size() >= std::size_t(steps.back()));
        before = steps.back();
    }
    QVERIFY(before > 20);
}

QTEST_GUILESS_MAIN(RunFolderTest)
#include "runFolderTest.moc"
