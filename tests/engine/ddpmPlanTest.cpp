// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of the DDPM network as numbers, against the network that is built from it.
#include <QTest>

#include "engine/api/Error.h"
#include "engine/nets/DdpmPresets.h"
#include "engine/nets/DdpmUNet.h"
#include "engine/nets/NetworkPlan.h"
#include "tests/engine/DdpmVariants.h"
#include "tests/engine/NetworkProbes.h"

using namespace denoscope;

namespace {

Error refusal(const DdpmOptions& wanted) {
    try {
        makeDdpmPlan(wanted);
    } catch (const EngineError& error) {
        return error.error();
    }
    return {};
}

template <typename Change>
QString refusedKey(Change change) {
    DdpmOptions wanted = packageUnet(PackageGeneration::RmsNorm);
    wanted.size = {16, 16};
    change(wanted);
    return QString::fromStdString(refusal(wanted).where);
}

}  // namespace

class DdpmPlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readmeModelsHaveTheirSize() {
        DdpmOptions image = packageUnet(PackageGeneration::RmsNorm);
        image.size = {128, 128};
        QCOMPARE(parameterCount(makeDdpmPlan(image)), std::int64_t{35711491});
        DdpmOptions signal = packageUnet1d(PackageGeneration::RmsNorm);
        signal.size = {128};
        signal.channels = 32;
        QCOMPARE(parameterCount(makeDdpmPlan(signal)), std::int64_t{14869408});
    }

    void countsWhatTheNetworkHas_data() { variants::addAll(); }
    void countsWhatTheNetworkHas() {
        const DdpmPlan plan = makeDdpmPlan(variants::fetch());
        const DdpmUNet network(plan, 1);
        std::int64_t sum = 0;
        for (const Parameter& parameter : network.parameters())
            sum += parameter.value.numel();
        QCOMPARE(parameterCount(plan), sum);
    }

    void countsWorkAsLibTorchDoes_data() { variants::addAll(); }
    void countsWorkAsLibTorchDoes() {
        const DdpmPlan plan = makeDdpmPlan(variants::fetch());
        DdpmUNet network(plan, 1);
        Network::Inputs inputs = variants::inputsFor(plan, 1);
        const double counted = probes::countMacs([&] { network.forward(inputs, false); });
        // Looking up the class is a product here, and none in the forecast.
        QCOMPARE(macs(plan), counted - static_cast<double>(plan.options.classes * plan.options.width));
    }

    // It is what refuses runs that do not fit into memory.
    void foreseesTheMemoryOfAStep_data() { variants::addAll(); }
    void foreseesTheMemoryOfAStep() {
        DdpmOptions wanted = variants::fetch();
        wanted.width = 16;
        wanted.size = Shape(wanted.size.size(), wanted.rank() == 1 ? 256 : wanted.rank() == 2 ? 16 : 8);
        const DdpmPlan plan = makeDdpmPlan(wanted);
        DdpmUNet network(plan, 1);
        const auto inputs = [&](std::int64_t batch) { return variants::inputsFor(plan, batch); };
        const auto verify = [](const char* what, bool half, double ratio, double most) {
            QVERIFY2(ratio > 0.88 && ratio < most,
                     qPrintable(QString("%1: %2, bfloat16 %3").arg(what).arg(ratio).arg(half)));
        };
        for (const bool recompute : {false, true})
            for (const Precision precision : {Precision::Float32, Precision::BFloat16}) {
                TrainingConfig training;
                training.recompute = recompute;
                training.precision = precision;
                const double trained = probes::trainingBytesPerItem(network, inputs, training),
                             sampled = probes::samplingBytesPerItem(network, inputs, training);
                const bool half = precision == Precision::BFloat16;
                verify(recompute ? "recomputing" : "training", half, keptBytes(plan, training) / trained,
                       1.3);
                verify("sampling", half, sampledBytes(plan, training) / sampled, 3);
            }
    }

    void readmeModelsTakeTheirWork() {
        DdpmOptions image = packageUnet(PackageGeneration::RmsNorm);
        image.size = {128, 128};
        const double full = macs(makeDdpmPlan(image));
        image.size = {64, 64};
        const double quarter = macs(makeDdpmPlan(image));
        QVERIFY(full > 4 * quarter);  // attention grows faster than the number of places
        QVERIFY(full < 5 * quarter);
    }

    void laysOutWidthsAndExtents() {
        DdpmOptions wanted = packageUnet(PackageGeneration::RmsNorm);
        wanted.size = {8, 32, 16};
        wanted.width = 8;
        wanted.firstWidth = 12;
        wanted.widthFactors = {1, 3, 2};
        wanted.downsampleTypes = {DownsampleType::Image, DownsampleType::Frame};
        const DdpmPlan plan = makeDdpmPlan(wanted);
        const auto check = [](const DdpmStage& stage, std::int64_t in, std::int64_t width, std::int64_t out,
                              const Shape& size, const Shape& factors) {
            QCOMPARE(stage.in, in);
            QCOMPARE(stage.width, width);
            QCOMPARE(stage.out, out);
            QCOMPARE(stage.size, size);
            QCOMPARE(stage.factors, factors);
        };
        check(plan.downs[0], 12, 12, 8, {8, 32, 16}, {1, 2, 2});
        check(plan.downs[1], 8, 8, 24, {8, 16, 8}, {2, 1, 1});
        check(plan.downs[2], 24, 24, 16, {4, 16, 8}, {1, 1, 1});
        check(plan.ups[0], 16 + 24, 16, 24, {4, 16, 8}, {2, 1, 1});
        check(plan.ups[1], 24 + 8, 24, 8, {8, 16, 8}, {1, 2, 2});
        check(plan.ups[2], 8 + 12, 8, 12, {8, 32, 16}, {1, 1, 1});
        QCOMPARE(plan.middle.width, std::int64_t{16});
        QVERIFY(!plan.downs[1].attention.full && plan.downs[2].attention.full && plan.ups[0].attention.full);
    }

    void namesTheNearestSizeThatFits() {
        DdpmOptions wanted = packageUnet(PackageGeneration::RmsNorm);
        wanted.size = {61, 96};
        const Error error = refusal(wanted);
        QCOMPARE(error.where, std::string("data.size"));
        QVERIFY2(error.remedy.find("64 x 96") != std::string::npos, error.remedy.c_str());
        wanted.size = {64, 96};
        QVERIFY(refusal(wanted).what.empty());
    }

    void namesTheSettingThatMakesNoNetwork() {
        QCOMPARE(refusedKey([](DdpmOptions&) {}), "");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.size = {}; }), "data.size");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.size = {8, 8, 8, 8}; }), "data.size");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.size = {0, 8}; }), "data.size");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.size = {-8, 8}; }), "data.size");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.size = {std::int64_t{1} << 62, 8}; }), "data.size");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.width = 0; }), "model.width");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.width = 9; }), "model.width");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.width = 2; }), "model.width");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.width = std::int64_t{1} << 40; }), "model.width");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.firstWidth = -1; }), "model.first_width");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.outputs = -1; }), "model.outputs");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.widthFactors = {}; }), "model.width_factors");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.widthFactors = {1, 0}; }), "model.width_factors");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.widthFactors.assign(90, 1); }), "model.width_factors");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.channels = 0; }), "channels");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.classes = -1; }), "classes");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.memoryTokens = -1; }), "model.memory_tokens");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.middleAttention.heads = 0; }), "model.heads");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.middleAttention.headSize = 0; }), "model.head_size");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.stageAttention.resize(3); }), "model.stage_attention");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.dropout = 1.5; }), "model.dropout");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.timePeriod = 0; }), "model.time_period");
        QCOMPARE(refusedKey([](DdpmOptions& o) { o.downsampleTypes.resize(3); }), "model.downsample_types");
        QCOMPARE(refusedKey([](DdpmOptions& o) {
                     o.time = DdpmTime::LearnedFourier;
                     o.fourierSize = 7;
                 }),
                 "model.fourier_size");
        QCOMPARE(refusedKey([](DdpmOptions& o) {
                     o.norm = DdpmNorm::Group;
                     o.groups = 24;
                 }),
                 "model.groups");
    }

    // An odd width is no hindrance where nothing pairs sines with cosines.
    void takesOddWidthsWithFourierFeatures() {
        QCOMPARE(refusedKey([](DdpmOptions& o) {
                     o.time = DdpmTime::RandomFourier;
                     o.width = 9;
                 }),
                 "");
    }
};

QTEST_GUILESS_MAIN(DdpmPlanTest)
#include "ddpmPlanTest.moc"
