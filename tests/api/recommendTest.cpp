// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>
#include <random>
#include <ranges>

#include "engine/api/Settings.h"

using namespace denoscope;

namespace {

std::int64_t anyOf(std::mt19937& random, std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

// Small extents are as likely as large ones.
std::int64_t anyExtent(std::mt19937& random, int bits) {
    return anyOf(random, 1, std::int64_t{1} << anyOf(random, 0, bits));
}

DataFacts anyFacts(std::mt19937& random) {
    DataFacts facts;
    facts.source = "somewhere";
    facts.kind = static_cast<DataKind>(anyOf(random, 0, 2));
    facts.count = anyExtent(random, 16);
    facts.mixedShapes = facts.count > 1 && anyOf(random, 0, 1) == 1;
    const int bits = facts.kind == DataKind::Signal ? 20 : facts.kind == DataKind::Image ? 12 : 9;
    facts.shape = {anyOf(random, 1, 4)};
    facts.smallestShape = facts.largestShape = facts.shape;
    for (int axis = 0; axis < spatialRank(facts.kind); ++axis) {
        const std::int64_t extent = anyExtent(random, bits);
        const std::int64_t more = facts.mixedShapes ? anyExtent(random, bits) : 0;
        facts.shape.push_back(extent);
        facts.smallestShape.push_back(extent);
        facts.largestShape.push_back(extent + more);
    }
    facts.min = facts.percentile005 = -1;
    facts.max = facts.percentile995 = 1;
    facts.standardDeviation = std::pow(10, -static_cast<double>(anyOf(random, 0, 6)));
    if (anyOf(random, 0, 1) == 1)
        facts.labels = {"a", "b", "c"};
    return facts;
}

}  // namespace

class RecommendTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPresetSuitsItsData();
    void smallImagesKeepTheirPixels();
    void largeImagesBecomeSquares();
    void signalsAndVolumes();
    void quietSignalsGetLowerNoise();
    void presetsGrow();
    void thePackagesPresets();
};

void RecommendTest::everyPresetSuitsItsData() {
    std::mt19937 random(20240817);
    for (int i = 0; i < 3000; ++i) {
        const DataFacts facts = anyFacts(random);
        const QString data =
            QString("%1 %2 of %3 to %4")
                .arg(facts.count)
                .arg(toText(facts.kind))
                .arg(toText(facts.smallestShape).c_str(), toText(facts.largestShape).c_str());
        for (const Preset& preset :
             presets() | std::views::filter([&](const Preset& p) { return p.suits(facts); }))
            for (const Problem& problem : validate(preset.make(facts), facts))
                QFAIL(qPrintable(data + ", " + preset.key.c_str() + ": " + toText(problem.error).c_str()));
    }
}

void RecommendTest::smallImagesKeepTheirPixels() {
    DataFacts facts;
    facts.kind = DataKind::Image;
    facts.count = 10000;
    facts.source = "digits.gz";
    facts.shape = facts.smallestShape = facts.largestShape = {1, 28, 28};
    const RunConfig config = recommend(facts);
    QCOMPARE(config.data.source, std::string("digits.gz"));
    QVERIFY((config.data.size == Shape{32, 32}));
    QCOMPARE(int(config.data.fit), int(Fit::Pad));
    QVERIFY((config.model.attention == std::vector<std::int64_t>{8}));
    QVERIFY(!config.data.useLabels);
    facts.shape = facts.smallestShape = facts.largestShape = {3, 32, 32};
    QCOMPARE(int(recommend(facts).data.fit), int(Fit::Exact));
}

void RecommendTest::largeImagesBecomeSquares() {
    DataFacts facts;
    facts.kind = DataKind::Image;
    facts.count = 50;
    facts.mixedShapes = true;
    facts.shape = {3, 480, 640};
    facts.smallestShape = {3, 300, 300};
    facts.largestShape = {3, 900, 1200};
    const RunConfig config = recommend(facts);
    QVERIFY((config.data.size == Shape{64, 64}));
    QCOMPARE(int(config.data.fit), int(Fit::Crop));
    QVERIFY(config.model.dropout > 0);
}

void RecommendTest::signalsAndVolumes() {
    DataFacts facts;
    facts.kind = DataKind::Signal;
    facts.count = 500;
    facts.mixedShapes = true;
    facts.shape = facts.smallestShape = {1, 1200};
    facts.largestShape = {1, 9000};
    QVERIFY((recommend(facts).data.size == Shape{4096}));
    QCOMPARE(int(recommend(facts).data.fit), int(Fit::Pad));

    facts = {};
    facts.kind = DataKind::Volume;
    facts.count = 1;
    facts.shape = facts.smallestShape = facts.largestShape = {1, 189, 233, 197};
    const RunConfig config = recommend(facts);
    QVERIFY((config.data.size == Shape{32, 32, 32}));
    QCOMPARE(config.training.batchSize, std::int64_t(4));
    QVERIFY(config.model.factorizedAttention);
    facts.shape = facts.smallestShape = facts.largestShape = {1, 5, 64, 64};
    QVERIFY((recommend(facts).data.size == Shape{5, 32, 32}));
    QVERIFY((recommend(facts).model.downsampleTypes == std::vector(2, DownsampleType::Image)));
}

void RecommendTest::quietSignalsGetLowerNoise() {
    DataFacts facts;
    facts.kind = DataKind::Signal;
    facts.count = 500;
    facts.shape = facts.smallestShape = facts.largestShape = {1, 1024};
    facts.min = -1;
    facts.max = 1;
    facts.standardDeviation = 0.5;
    QCOMPARE(recommend(facts).sampling.sigmaMax, SamplingConfig{}.sigmaMax);
    facts.standardDeviation = 0.1;  // a fifth of what the levels are made for
    const RunConfig quiet = recommend(facts);
    QCOMPARE(quiet.sampling.sigmaMax, SamplingConfig{}.sigmaMax / 5);
    QCOMPARE(quiet.sampling.sigmaMin, SamplingConfig{}.sigmaMin / 5);
    QVERIFY(std::abs(quiet.noise.logMean - (NoiseConfig{}.logMean - std::log(5))) < 0.01);
}

void RecommendTest::presetsGrow() {
    DataFacts facts;
    facts.kind = DataKind::Image;
    facts.count = 100;
    facts.shape = facts.smallestShape = facts.largestShape = {1, 32, 32};
    for (std::size_t i = 1; i < 3; ++i) {
        QVERIFY(presets()[i].make(facts).model.width > presets()[i - 1].make(facts).model.width);
        QVERIFY(presets()[i].make(facts).training.steps > presets()[i - 1].make(facts).training.steps);
    }
    QVERIFY(recommend(facts) == presets()[1].make(facts));
}

void RecommendTest::thePackagesPresets() {
    const auto preset = [](const char* key, const DataFacts& facts) {
        return std::ranges::find(presets(), key, &Preset::key)->make(facts);
    };
    DataFacts facts;
    facts.kind = DataKind::Volume;
    facts.count = 1;
    facts.shape = facts.smallestShape = facts.largestShape = {1, 5, 64, 64};
    const RunConfig shallow = preset("package_3d", facts);
    QVERIFY((shallow.data.size == Shape{5, 32, 32}));  // the slices are kept, and never halved
    QVERIFY((shallow.model.downsampleTypes == std::vector(3, DownsampleType::Image)));
    facts.shape = facts.smallestShape = facts.largestShape = {1, 64, 64, 64};
    QVERIFY(preset("package_3d", facts).model.downsampleTypes.empty());
    QCOMPARE(preset("package_3d", facts).training.accumulation, std::int64_t{2});  // as its README has it
}

QTEST_GUILESS_MAIN(RecommendTest)
#include "recommendTest.moc"
