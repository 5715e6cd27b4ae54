// SPDX-License-Identifier: GPL-3.0-or-later
// Weights from the Python package into runs and back: through the files and folders that a person has.
#include <ATen/core/grad_mode.h>

#include <QTest>

#include "engine/core/TensorFile.h"
#include "engine/interchange/WeightsFile.h"
#include "engine/session/ExportRun.h"
#include "tests/engine/GoldenCase.h"
#include "tests/session/ExchangeFolder.h"

using namespace denoscope;
namespace fs = std::filesystem;

namespace {

struct Run {
    RunFolder folder;
    TrainState state;

    explicit Run(const fs::path& path)
        : folder(RunFolder::open(path, RunFolder::Access::ReadOnly)), state(folder.config(), folder.facts()) {
        loadCheckpoint(state, folder.checkpointFolder(folder.checkpoints().back()));
    }
};

// The first parameter that is not bit for bit the same; empty when all are.
std::string differing(const std::vector<Parameter>& a, const std::vector<Parameter>& b) {
    if (a.size() != b.size())
        return "number of tensors";
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i].name != b[i].name || !at::equal(a[i].value, b[i].value))
            return a[i].name;
    return {};
}

}  // namespace

class ExchangeTest : public QObject, private ExchangeFolder {
    Q_OBJECT

private Q_SLOTS:
    void init() { renew(); }
    void trainersGiveTheirOutputs_data();
    void trainersGiveTheirOutputs();
    void importOfAnExportIsTheIdentity_data();
    void importOfAnExportIsTheIdentity();
    void runsOfOursComeBackWhole_data();
    void runsOfOursComeBackWhole();
    void withoutMetadataTheSameModel();
    void learnedSchedulesAndClassesGoAlong();
    void scheduleIsThePackages();
    void wrongFilesAreRefused_data();
    void wrongFilesAreRefused();
    void wrongMetadataIsRefused_data();
    void wrongMetadataIsRefused();
    void whatThePackageLacksIsNotExported();
};

void ExchangeTest::trainersGiveTheirOutputs_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<double>("average");  // first moment of final_conv.bias
    QTest::newRow("1D, 1.8.15") << "trainer_seed_unet1d" << 0.011739482171833515;
    QTest::newRow("2D, 2.3.1") << "trainer_unet2d" << -0.025299862027168274;
}

void ExchangeTest::trainersGiveTheirOutputs() {
    QFETCH(QString, name);
    QFETCH(double, average);
    const ImportReport report = importRun(request(name.toStdString()));
    QCOMPARE(report.step, 13);
    QVERIFY(report.open.empty() && !report.assumed.empty() && report.hasOptimizer);
    Run run(path("run"));
    const GoldenCase golden(goldens + name.toStdString() + "_expect.safetensors");
    const at::NoGradGuard noGrad;
    const Network::Inputs inputs{golden.tensor("in.x"), golden.tensor("in.time"), {}, {}};
    QVERIFY(relativeError(run.state.online.network->forward(inputs, false), golden.tensor("out.online")) <
            2e-5);
    QVERIFY(relativeError(run.state.average.network->forward(inputs, false), golden.tensor("out.ema")) <
            2e-5);

    QCOMPARE(run.state.step, 13);
    QCOMPARE(run.state.adam.steps(), 13);
    QCOMPARE(run.folder.config().training.learningRate, 8e-4);
    for (std::size_t i = 0; i < run.state.adam.parameters().size(); ++i)
        if (run.state.adam.parameters()[i].name == "final_conv.bias")
            QCOMPARE(run.state.adam.moments()[i].first[0].item<double>(), average);
    const NoiseConfig& noise = run.folder.config().noise;
    QVERIFY(noise.process == NoiseProcess::Discrete);
    QCOMPARE(noise.timesteps, 50);
    const bool signal = name.contains("1d");
    QVERIFY(noise.objective == (signal ? Objective::Noise : Objective::Velocity));
    QVERIFY(noise.shape == (signal ? NoiseShape::Cosine : NoiseShape::Sigmoid));
}

void ExchangeTest::importOfAnExportIsTheIdentity_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("ema");
    QTest::addColumn<bool>("trainer");
    for (const char* name : {"trainer_seed_unet1d", "trainer_unet2d"})
        for (const bool ema : {false, true})
            for (const bool trainer : {false, true})
                QTest::addRow("%s %s %s", name, ema ? "ema" : "online", trainer ? "trainer" : "network")
                    << QString(name) << ema << trainer;
}

void ExchangeTest::importOfAnExportIsTheIdentity() {
    QFETCH(QString, name);
    QFETCH(bool, ema);
    QFETCH(bool, trainer);
    importRun(request(name.toStdString(), "a"));
    exportRun(
        {path("a"), path("a.safetensors"), ema, trainer ? ExportLayout::Trainer : ExportLayout::Network});
    ImportRequest again;
    again.file = path("a.safetensors");
    again.run = path("b");
    QVERIFY(importRun(again).open.empty());
    Run a(path("a")), b(path("b"));
    QVERIFY(a.folder.config() == b.folder.config());
    QCOMPARE(b.state.step, 13);
    const Model& source = ema ? a.state.average : a.state.online;
    QCOMPARE(differing(source.parameters(), b.state.online.parameters()), std::string());
    QCOMPARE(differing(source.parameters(), b.state.average.parameters()), std::string());
}

void ExchangeTest::runsOfOursComeBackWhole_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("compat");
    for (const auto kind : {DataKind::Signal, DataKind::Image, DataKind::Volume})
        for (const auto compat : {Compat::Paper, Compat::Reference})
            QTest::addRow("%s, %s", denoscope::toText(kind), compat == Compat::Paper ? "paper" : "reference")
                << int(kind) << int(compat);
}

void ExchangeTest::runsOfOursComeBackWhole() {
    QFETCH(int, kind);
    QFETCH(int, compat);
    RunConfig config = tinyConfig(DataKind(kind));
    config.model.compat = Compat(compat);
    config.model.memoryTokens = 4;  // the package has no other number
    config = madeRun(config, "a");
    const ExportReport report = exportRun({path("a"), path("a.safetensors"), true, ExportLayout::Network});
    QCOMPARE(report.warnings.empty(), compat == int(Compat::Reference));
    QVERIFY(report.network.starts_with("KarrasUnet"));
    ImportRequest again;
    again.file = path("a.safetensors");
    again.run = path("b");
    importRun(again);
    Run a(path("a")), b(path("b"));
    QVERIFY(b.folder.config() == config);
    QCOMPARE(b.folder.facts().labels, a.folder.facts().labels);
    QCOMPARE(differing(a.state.average.parameters(), b.state.average.parameters()), std::string());
}

void ExchangeTest::withoutMetadataTheSameModel() {
    importRun(request("trainer_unet2d", "a"));
    exportRun({path("a"), path("a.safetensors"), true, ExportLayout::Trainer});
    const SafetensorsFile ours(path("a.safetensors"));
    writeSafetensors(path("python.safetensors"), ours.tensors(), {});
    ImportRequest again = request("trainer_unet2d", "b");
    again.file = path("python.safetensors");
    importRun(again);
    Run a(path("a")), b(path("b"));
    QVERIFY(a.folder.config().model == b.folder.config().model);
    QVERIFY(a.folder.config().noise == b.folder.config().noise);
    QCOMPARE(differing(a.state.average.parameters(), b.state.average.parameters()), std::string());
}

void ExchangeTest::learnedSchedulesAndClassesGoAlong() {
    RunConfig config = tinyConfig(DataKind::Image);
    config.model.family = ModelFamily::Ddpm;
    config.model.widthFactors = {1, 2};
    config.model.selfCondition = false;
    config.model.time = DdpmTime::LearnedFourier;
    RunConfig classes = config;
    config.data.useLabels = false;
    config.noise.process = NoiseProcess::Continuous;
    config.noise.objective = Objective::Noise;
    config.noise.shape = NoiseShape::Learned;
    config.noise.learnedWidth = 24;
    classes.model.variant = DdpmVariant::ClassUnet;
    classes.noise.process = NoiseProcess::Discrete;
    for (const auto& [name, which] : {std::pair{"learned", config}, std::pair{"classes", classes}}) {
        const std::string run = name + std::string(".a"), again = name + std::string(".b");
        madeRun(which, run.c_str());
        exportRun({path(run.c_str()), path("ours.safetensors"), true, ExportLayout::Trainer});
        writeSafetensors(path("bare.safetensors"), SafetensorsFile(path("ours.safetensors")).tensors(), {});
        ImportRequest asked;
        asked.file = path("bare.safetensors");
        asked.run = path(again.c_str());
        asked.size = {8, 8};
        asked.args = {{"attn_heads", which.model.heads.front()}};
        asked.takeDefaults = true;
        QVERIFY(importRun(asked).open.empty());
        Run a(path(run.c_str())), b(asked.run);
        QCOMPARE(differing(a.state.average.parameters(), b.state.average.parameters()), std::string());
        QCOMPARE(b.folder.facts().labels.size(), which.data.useLabels ? a.folder.facts().labels.size() : 0);
        QVERIFY(b.folder.config().noise.process == which.noise.process);
        QVERIFY(b.folder.config().noise.shape == which.noise.shape);
        if (which.noise.shape == NoiseShape::Learned)
            QCOMPARE(b.folder.config().noise.learnedWidth, std::int64_t{24});
        QVERIFY(b.folder.config().model.variant == which.model.variant);
    }
    // The network alone leaves the schedule behind, and says so.
    QCOMPARE(exportRun({path("learned.a"), path("alone.safetensors")}).warnings.size(), std::size_t{1});
}

void ExchangeTest::scheduleIsThePackages() {
    importRun(request("trainer_unet2d", "a"));
    exportRun({path("a"), path("a.safetensors"), false, ExportLayout::Trainer});
    WeightsFile theirs = readWeights(goldens + "trainer_unet2d.pt"),
                ours = readWeights(path("a.safetensors"));
    QCOMPARE(ours.prefix(WeightsChoice::Online), std::string("model."));
    const TensorMap expected = theirs.schedule(WeightsChoice::Online),
                    actual = ours.schedule(WeightsChoice::Online);
    QCOMPARE(actual.size(), expected.size());
    for (const auto& [name, tensor] : expected) {
        const at::Tensor a = at::empty(tensor.shape), b = at::empty(tensor.shape);
        copyStored(tensor, name, a);
        copyStored(actual.at(name), name, b);
        QVERIFY2(relativeError(b, a) < 1e-5, name.c_str());
    }
}

void ExchangeTest::wrongFilesAreRefused_data() {
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("message");
    QTest::newRow("missing") << "missing"
                             << "missing: mid_block1.block2.norm.g";
    QTest::newRow("extra") << "extra"
                           << "unexpected: downs.7.x";
    QTest::newRow("other shape") << "shape"
                                 << "final_res_block.mlp.1.bias";
    QTest::newRow("other type") << "type"
                                << "final_res_block.mlp.1.bias (I32)";
    QTest::newRow("another schedule") << "betas"
                                      << "'betas'";
    QTest::newRow("not finite") << "nan"
                                << "'betas'";
}

void ExchangeTest::wrongFilesAreRefused() {
    QFETCH(QString, change);
    QFETCH(QString, message);
    importRun(request("trainer_unet2d", "a"));
    exportRun({path("a"), path("a.safetensors"), true, ExportLayout::Trainer});
    const SafetensorsFile file(path("a.safetensors"));
    TensorMap tensors = file.tensors();
    StoredTensor& bias = tensors.at("model.final_res_block.mlp.1.bias");
    std::vector<float> betas(50, change == "nan" ? std::nanf("") : 0.01F);
    if (change == "missing")
        tensors.erase("model.mid_block1.block2.norm.g");
    else if (change == "extra")
        tensors.emplace("model.downs.7.x", bias);
    else if (change == "shape")
        bias.shape = {1, bias.shape.front()};
    else if (change == "type")
        bias.dtype = "I32";
    else
        tensors.at("betas").bytes = std::as_bytes(std::span(betas));
    writeSafetensors(path("wrong.safetensors"), tensors, {});
    ImportRequest again = request("trainer_unet2d", "b");
    again.file = path("wrong.safetensors");
    const QString line = refusalOf([&] { importRun(again); });
    QVERIFY2(line.contains(message), qPrintable(line));
    QVERIFY(!fs::exists(again.run));
}

void ExchangeTest::wrongMetadataIsRefused_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("message");
    const QString config = configKey, facts = factsKey, step = stepKey, shape = R"("shape":[3,16,16])";
    QTest::newRow("a network of 50 GiB") << config << R"("width": 8)"
                                         << R"("width": 1024)"
                                         << "the file holds";
    QTest::newRow("no config") << config << "{"
                               << "["
                               << "wrong.safetensors";
    QTest::newRow("more channels than there are") << facts << shape << R"("shape":[1099511627776,16,16])"
                                                  << "no network takes";
    QTest::newRow("less than no channels") << facts << shape << R"("shape":[-3,16,16])"
                                           << "no network takes";
    QTest::newRow("no extents") << facts << shape << R"("shape":[])"
                                << "no network takes";
    QTest::newRow("another kind") << facts << R"("image")"
                                  << R"("signal")"
                                  << "no network takes";
    QTest::newRow("no count") << step << "13"
                              << "-13"
                              << "is no count";
    QTest::newRow("beyond all runs") << step << "13"
                                     << "9223372036854775807"
                                     << "beyond what any run has";
    QTest::newRow("beyond all counts") << step << "13"
                                       << "99999999999999999999"
                                       << "is no count";
}

void ExchangeTest::wrongMetadataIsRefused() {
    QFETCH(QString, key);
    QFETCH(QString, from);
    QFETCH(QString, to);
    QFETCH(QString, message);
    importRun(request("trainer_unet2d", "a"));
    exportRun({path("a"), path("a.safetensors"), true, ExportLayout::Network});
    const SafetensorsFile file(path("a.safetensors"));
    auto metadata = file.metadata();
    QString text = QString::fromStdString(metadata.at(key.toStdString()));
    QVERIFY2(text.contains(from), qPrintable(text));
    metadata[key.toStdString()] = text.replace(text.indexOf(from), from.size(), to).toStdString();
    writeSafetensors(path("wrong.safetensors"), file.tensors(), metadata);
    ImportRequest again;
    again.file = path("wrong.safetensors");
    again.run = path("b");
    const QString line = refusalOf([&] { importRun(again); });
    QVERIFY2(line.contains(message), qPrintable(line));
    QVERIFY(!fs::exists(again.run));
}

void ExchangeTest::whatThePackageLacksIsNotExported() {
    RunConfig config = tinyConfig(DataKind::Volume);
    config.model.family = ModelFamily::Ddpm;
    config.model.widthFactors = {1, 2};
    config.model.time = DdpmTime::LearnedFourier;
    madeRun(config, "a");
    const QString line = refusalOf([&] { exportRun({path("a"), path("a.safetensors")}); });
    QVERIFY2(line.contains("no class for"), qPrintable(line));
    madeRun(tinyConfig(DataKind::Image), "b");  // two memory tokens
    QVERIFY(refusalOf([&] { exportRun({path("b"), path("b.safetensors")}); }).contains("memory tokens"));
    QVERIFY(refusalOf([&] { exportRun({path("b"), path("b.pt")}); }).contains(".safetensors"));
    QVERIFY(!fs::exists(path("a.safetensors")) && !fs::exists(path("b.safetensors")));
}

QTEST_GUILESS_MAIN(ExchangeTest)
#include "exchangeTest.moc"
