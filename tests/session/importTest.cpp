// SPDX-License-Identifier: GPL-3.0-or-later
// What an import asks for, takes and refuses, and what becomes of the run.
#include <sys/resource.h>

#include <QTest>
#include <csignal>
#include <fstream>

#include "engine/api/Settings.h"
#include "engine/core/Tensors.h"
#include "engine/data/export/Export.h"
#include "engine/session/ActiveRun.h"
#include "engine/session/ExportRun.h"
#include "tests/session/ExchangeFolder.h"

using namespace denoscope;
namespace fs = std::filesystem;
using nlohmann::json;

class ImportTest : public QObject, private ExchangeFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() { renew(); }
    void dataMustFit();
    void dataOfOtherValuesMovesTheWindow_data();
    void dataOfOtherValuesMovesTheWindow();
    void extentsHaveTheirOptionsName();
    void nothingIsLeftWhereWritingFails();
    void movedDataGoesOn();
    void averagesWithoutSnapshotsAreRefused();
    void wrongRequestsAreRefused_data();
    void wrongRequestsAreRefused();
    void whatIsOpenIsAsked();
    void importedRunsSampleAndTrain();
};

void ImportTest::dataMustFit() {
    ImportRequest asked = request("trainer_unet2d");
    asked.size.clear();
    asked.data = "demo:shapes";  // one channel
    QVERIFY(refusalOf([&] { importRun(asked); }).contains("1 channel, the network 3"));
    asked.data = "demo:beats";
    QVERIFY(refusalOf([&] { importRun(asked); }).contains("--data"));
    QVERIFY(!fs::exists(asked.run));
}

// Of a run from Python and of our own export of it: both take data alike.
void ImportTest::dataOfOtherValuesMovesTheWindow_data() {
    QTest::addColumn<bool>("own");
    QTest::addColumn<double>("from");
    QTest::addColumn<double>("to");
    QTest::addColumn<bool>("moves");
    for (const bool own : {false, true}) {
        const char* origin = own ? "ours" : "Python's";
        QTest::addRow("%s, 0 to 1", origin) << own << 0.0 << 1.0 << false;
        QTest::addRow("%s, -1000 to 3000", origin) << own << -1000.0 << 3000.0 << true;
        QTest::addRow("%s, -1 to 1", origin) << own << -1.0 << 1.0 << true;
        QTest::addRow("%s, hardly any", origin) << own << 0.0 << 1e-3 << true;
    }
}

void ImportTest::dataOfOtherValuesMovesTheWindow() {
    QFETCH(bool, own);
    QFETCH(double, from);
    QFETCH(double, to);
    QFETCH(bool, moves);
    std::vector<Item> items;
    for (int i = 0; i < 5; ++i) {
        at::Tensor picture = at::rand({3, 16, 16}) * (to - from) + from;
        picture[0][0][0] = from;
        picture[0][0][1] = to;
        items.push_back({toArray(picture), -1, "", {}});
    }
    writeItems(items, path("data.npy"), from, to);
    ImportRequest asked = request("trainer_unet2d", "a");
    if (own) {
        importRun(asked);
        exportRun({path("a"), path("ours.safetensors")});
        asked = {};
        asked.file = path("ours.safetensors");
        asked.run = path("b");
    }
    asked.data = path("data.npy");
    asked.size.clear();
    const ImportReport report = importRun(asked);
    const RunFolder folder = RunFolder::open(asked.run, RunFolder::Access::ReadOnly);
    const DataConfig& data = folder.config().data;
    QCOMPARE(
        std::ranges::any_of(
            report.notes, [](const std::string& note) { return note.find("data.low") != std::string::npos; }),
        moves);
    if (moves)
        QVERIFY(data.low < from + 0.05 * (to - from) && data.low > from - 0.05 * (to - from) &&
                data.high > to - 0.05 * (to - from) && data.high < to + 0.05 * (to - from));
    else
        QVERIFY(data.low == 0 && data.high == 1);
    QCOMPARE(folder.config().training.batchSize, 5);  // as many as there are
    QCOMPARE(folder.facts().count, 5);
    QVERIFY(data.source == asked.data);
    QVERIFY(validate(folder.config(), folder.facts()).empty());
}

void ImportTest::extentsHaveTheirOptionsName() {
    ImportRequest asked = request("trainer_unet2d");
    asked.size = {16};
    QVERIFY(refusalOf([&] { importRun(asked); }).startsWith("--shape 16: 1 extent where"));
    asked.size = {17, 16};
    const QString odd = refusalOf([&] { importRun(asked); });
    QVERIFY2(odd.startsWith("--shape 17x16: ") && odd.contains("18 x 16"), qPrintable(odd));
    asked.size = {100000, 100000};
    const QString line = refusalOf([&] { importRun(asked); });
    QVERIFY2(line.startsWith("--shape 100000x100000: ") && line.contains("GiB"), qPrintable(line));
    asked.size = {16, 16};
    asked.args = {{"dim", 16}};
    QVERIFY(refusalOf([&] { importRun(asked); }).startsWith("--arg dim: "));
    QVERIFY(!fs::exists(asked.run));
}

void ImportTest::nothingIsLeftWhereWritingFails() {
    ImportRequest asked = request("trainer_unet2d", "folder/run");
    std::ofstream(path("folder")) << "a file, where a folder should be";
    QVERIFY(!refusalOf([&] { importRun(asked); }).isEmpty());
    asked = request("trainer_unet2d");
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{64 << 10, before.rlim_max};  // the settings fit, the weights do not
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    QVERIFY_THROWS_EXCEPTION(WorkFailed, importRun(asked));
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, handler);
    QCOMPARE(std::distance(fs::directory_iterator(path("")), {}), 1);  // the file
    importRun(asked);
    QVERIFY(fs::exists(path("run/run.json")));
    QVERIFY(refusalOf([&] { importRun(asked); }).contains("already holds a run"));
}

void ImportTest::movedDataGoesOn() {
    const auto write = [&](const char* name, int channels, double scale) {
        std::vector<Item> items;
        for (int i = 0; i < 20; ++i)
            items.push_back({toArray(at::rand({channels, 16, 16}) * scale), -1, "", {}});
        writeItems(items, path(name), 0, scale);
    };
    write("data.npy", 3, 1);
    ImportRequest asked = request("trainer_unet2d");
    asked.data = path("data.npy");
    importRun(asked);
    fs::rename(path("data.npy"), path("elsewhere.npy"));
    write("grey.npy", 1, 1);
    write("loud.npy", 3, 255);
    Mailbox mailbox;
    RunLog log(mailbox);
    const auto run = ActiveRun::open(path("run"), log);
    QVERIFY(refusalOf([&] { run->prepareTraining(); }).contains("data.npy"));
    QVERIFY(refusalOf([&] { run->moveData(path("grey.npy")); }).contains("the data changed"));
    QVERIFY(refusalOf([&] { run->moveData(path("loud.npy")); }).contains("units"));
    QVERIFY(run->config().data.source == path("data.npy"));
    run->moveData(path("elsewhere.npy"));
    run->prepareTraining();
    QVERIFY(run->trainStep([] { return false; }));
    QVERIFY(RunFolder::open(path("run"), RunFolder::Access::ReadOnly).config().data.source ==
            path("elsewhere.npy"));

    importRun(request("trainer_unet2d", "blind"));
    const auto blind = ActiveRun::open(path("blind"), log);
    QVERIFY(refusalOf([&] { blind->moveData(path("elsewhere.npy")); }).contains("import them again"));
}

void ImportTest::averagesWithoutSnapshotsAreRefused() {
    RunConfig config = tinyConfig(DataKind::Image);
    config.training.ema = EmaKind::Power;
    madeRun(config, "a");
    Mailbox mailbox;
    RunLog log(mailbox);
    const auto run = ActiveRun::open(path("a"), log);
    Sample asked{run->config().sampling};
    run->check(asked);
    asked.sampling.emaWidth = 0.15;
    QVERIFY(refusalOf([&] { run->check(asked); }).contains("no snapshots"));
}

void ImportTest::wrongRequestsAreRefused_data() {
    QTest::addColumn<QString>("args");
    QTest::addColumn<QString>("diffusionArgs");
    QTest::addColumn<QString>("diffusion");
    QTest::addColumn<QString>("message");
    QTest::newRow("unknown argument") << R"({"attn_hads": 2})"
                                      << "{}"
                                      << ""
                                      << "attn_heads";
    QTest::newRow("contradicts") << R"({"channels": 1})"
                                 << "{}"
                                 << ""
                                 << "channels";
    QTest::newRow("wrong type") << R"({"dropout": "much"})"
                                << "{}"
                                << ""
                                << "dropout";
    QTest::newRow("out of range") << R"({"dropout": 2})"
                                  << "{}"
                                  << ""
                                  << "--arg dropout";
    QTest::newRow("other steps") << "{}"
                                 << R"({"timesteps": 100})"
                                 << ""
                                 << "timesteps";
    QTest::newRow("other objective") << "{}"
                                     << R"({"objective": "pred_x0"})"
                                     << ""
                                     << "objective";
    QTest::newRow("another class") << "{}"
                                   << "{}"
                                   << "ElucidatedDiffusion"
                                   << "--diffusion";
    QTest::newRow("no such class") << "{}"
                                   << "{}"
                                   << "Foo"
                                   << "no process that is known";
    QTest::newRow("other outputs") << "{}"
                                   << "{}"
                                   << "LearnedGaussianDiffusion"
                                   << "--diffusion";
}

void ImportTest::wrongRequestsAreRefused() {
    QFETCH(QString, args);
    QFETCH(QString, diffusionArgs);
    QFETCH(QString, diffusion);
    QFETCH(QString, message);
    ImportRequest asked = request("trainer_unet2d");
    asked.args = json::parse(args.toStdString());
    asked.diffusionArgs = json::parse(diffusionArgs.toStdString());
    asked.diffusion = diffusion.toStdString();
    const QString line = refusalOf([&] { importRun(asked); });
    QVERIFY2(line.contains(message), qPrintable(line));
    QVERIFY(!fs::exists(asked.run));
}

void ImportTest::whatIsOpenIsAsked() {
    ImportRequest asked = request("trainer_unet2d");
    asked.takeDefaults = false;
    asked.size.clear();
    const ImportReport report = importRun(asked);
    QVERIFY(!fs::exists(asked.run));
    std::vector<std::string> options;
    for (const OpenQuestion& question : report.open) {
        options.push_back(question.option);
        QVERIFY(!question.sentence.empty());
        QCOMPARE(question.fallback.empty(), question.option == "--shape ");
    }
    QVERIFY(std::ranges::count(options, "--shape ") == 1);
    QVERIFY(std::ranges::count(options, "--arg dropout=") == 1);
    // The file tells these.
    for (const char* known : {"--diffusion ", "--diffusion-arg timesteps=", "--diffusion-arg objective=",
                              "--diffusion-arg beta_schedule=", "--arg attn_heads="})
        QVERIFY(std::ranges::count(options, known) == 0);
    // Without a default the question stays.
    asked.takeDefaults = true;
    QCOMPARE(importRun(asked).open.size(), std::size_t{1});
    QVERIFY(!fs::exists(asked.run));
}

void ImportTest::importedRunsSampleAndTrain() {
    std::vector<Item> items;
    for (int i = 0; i < 20; ++i) {
        const at::Tensor picture = at::rand({3, 16, 16});
        items.push_back({toArray(picture), -1, "", {}});
    }
    writeItems(items, path("data.npy"), 0, 1);
    ImportRequest asked = request("trainer_unet2d", "a");
    asked.size.clear();
    asked.data = path("data.npy");
    importRun(asked);
    Mailbox mailbox;
    RunLog log(mailbox);
    const auto run = ActiveRun::open(path("a"), log);
    QCOMPARE(run->step(), 13);
    run->prepareTraining();
    const auto row = run->trainStep([] { return false; });
    QVERIFY(row && std::isfinite(row->loss));
    SamplingConfig sampling = run->config().sampling;
    sampling.count = 2;
    sampling.steps = 5;
    QCOMPARE(run->sample({sampling}, {}).size(), std::size_t{2});

    // Without data it samples all the same.
    importRun(request("trainer_unet2d", "b"));
    const auto blind = ActiveRun::open(path("b"), log);
    const std::vector<Item> drawn = blind->sample({sampling}, {});
    QCOMPARE(drawn.front().array->shape, (Shape{3, 16, 16}));
    QVERIFY(refusalOf([&] { blind->prepareTraining(); }).contains("--data"));
}

QTEST_GUILESS_MAIN(ImportTest)
#include "importTest.moc"
