// SPDX-License-Identifier: GPL-3.0-or-later
// What the cost line foresees, from settings and data as a person chose them.
#include <QTest>
#include <limits>

#include "MadeData.h"
#include "ui/Cost.h"
#include "ui/FactLines.h"

using namespace denoscope;

namespace {

RunConfig readmeModel(DdpmVariant variant, std::vector<std::int64_t> size) {
    RunConfig config;
    config.model.family = ModelFamily::Ddpm;
    config.model.variant = variant;
    config.model.width = 64;
    config.model.widthFactors = {1, 2, 4, 8};
    config.noise.process = NoiseProcess::Discrete;
    config.data.size = std::move(size);
    config.data.useLabels = false;
    return config;
}

DataFacts factsWith(DataKind kind, Shape shape) {
    DataFacts facts = madeFacts(kind);
    facts.shape = facts.smallestShape = facts.largestShape = std::move(shape);
    return facts;
}

}  // namespace

class costTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The parameters of the models in the Python package's README.
    void theReadmesImageModel() {
        const Cost cost =
            costOf(readmeModel(DdpmVariant::Unet, {128, 128}), factsWith(DataKind::Image, {3, 128, 128}));
        QVERIFY(cost.forecast);
        QCOMPARE(cost.forecast->parameters, std::int64_t{35'711'491});
    }

    void theReadmesSignalModel() {
        const Cost cost =
            costOf(readmeModel(DdpmVariant::Unet1d, {128}), factsWith(DataKind::Signal, {32, 128}));
        QVERIFY(cost.forecast);
        QCOMPARE(cost.forecast->parameters, std::int64_t{14'869'408});
    }

    void workGrowsWithTheWidthAndTheItem() {
        const DataFacts facts = factsWith(DataKind::Image, {3, 64, 64});
        RunConfig config = readmeModel(DdpmVariant::Unet, {64, 64});
        const double before = costOf(config, facts).forecast->macs;
        config.model.width = 128;
        const double wider = costOf(config, facts).forecast->macs;
        QVERIFY(wider > 3 * before && wider < 4.5 * before);
        config.model.width = 64;
        config.data.size = {128, 128};
        const double larger = costOf(config, facts).forecast->macs;
        QVERIFY(larger > 3.9 * before);
    }

    void factsAreReadable() {
        DataFacts facts;
        facts.kind = DataKind::Image;
        facts.count = 2;
        facts.shape = {1, 8, 9};
        const auto lineOf = [&](const QString& what) {
            for (const auto& [name, value] : factLines(facts))
                if (name == what)
                    return value;
            return QString();
        };
        QCOMPARE(lineOf("Size"), QString("9 × 8 pixels"));  // as the viewer says it
        QCOMPARE(lineOf("Spacing"), QString());             // nothing is known of it
        QCOMPARE(lineOf("Values"), QString("0 to 0"));
        facts.geometry.spacing = {0.25, 0.5, 3};
        facts.mean = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(lineOf("Spacing"), QString("0.25 × 0.5 mm"));
        QCOMPARE(lineOf("Values"), QString("none is finite"));
        QCOMPARE(lineOf("Mean ± sd"), QString());
        facts.mixedShapes = true;
        facts.smallestShape = {1, 4, 5};
        facts.largestShape = {1, 8, 11};
        QCOMPARE(lineOf("Size"), QString("5 × 4 to 11 × 8 pixels"));
        QCOMPARE(sizeText({2, 65'000}), QString("65,000 samples"));
        QCOMPARE(sizeText({1, 3, 4, 5}), QString("5 × 4 × 3 voxels"));  // in the order of their spacing
    }

    void numbersAreReadable() {
        QCOMPARE(exactText(35'711'491), QString("35,711,491"));
        QCOMPARE(exactText(999), QString("999"));
        QCOMPARE(countText(35'711'491), QString("35.71 M"));
        QCOMPARE(macText(1.23e9), QString("1.2 GMAC"));
        QCOMPARE(macText(9.96e9), QString("10 GMAC"));
        QCOMPARE(macText(345e6), QString("345 MMAC"));
        QCOMPARE(macText(2.5e12), QString("2.5 TMAC"));
        QCOMPARE(macText(40e3), QString("40 kMAC"));
    }
};

QTEST_GUILESS_MAIN(costTest)
#include "costTest.moc"
