// SPDX-License-Identifier: GPL-3.0-or-later
// In how many dimensions to learn what: the answers that a person who knows the field would give.
#include <QTest>

#include "engine/api/Dimension.h"

using namespace denoscope;

namespace {

DataFacts volume(Shape shape, std::array<double, 3> spacing) {
    DataFacts facts;
    facts.kind = DataKind::Volume;
    facts.shape = facts.smallestShape = facts.largestShape = std::move(shape);
    facts.geometry.spacing = spacing;
    return facts;
}

DataFacts other(DataKind kind, Shape shape, const std::string& source) {
    DataFacts facts;
    facts.kind = kind;
    facts.source = source;
    facts.shape = facts.smallestShape = facts.largestShape = std::move(shape);
    return facts;
}

constexpr std::int64_t plenty = std::int64_t{64} << 30;

}  // namespace

class dimensionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recordingsAre1d() {
        const auto advice =
            adviseDimension(other(DataKind::Signal, {2, 650000}, "/data/ecg.wav"), TakeAs::Own, plenty);
        QCOMPARE(advice.best.dimensions, 1);
        QVERIFY(advice.best.reason.find("time") != std::string::npos);
        QVERIFY(advice.others.empty());
    }

    void spectrogramsAre2d() {
        const auto advice =
            adviseDimension(other(DataKind::Image, {1, 80, 400}, "/data/Mel_bands.npy"), TakeAs::Own, plenty);
        QCOMPARE(advice.best.dimensions, 2);
        QVERIFY(advice.best.reason.find("frequency axis") != std::string::npos);
        const auto asSignals =
            adviseDimension(other(DataKind::Signal, {80, 400}, "/data/mel.npy"), TakeAs::Own, plenty);
        QCOMPARE(asSignals.best.dimensions, 1);  // it cannot be taken otherwise, so it says how to store it
        QVERIFY(asSignals.best.reason.find("(items, frequencies, frames)") != std::string::npos);
    }

    void picturesAre2d() {
        const auto advice =
            adviseDimension(other(DataKind::Image, {3, 64, 64}, "/data/cats"), TakeAs::Own, plenty);
        QCOMPARE(advice.best.dimensions, 2);
        QVERIFY(advice.best.as == TakeAs::Own && advice.others.empty());
    }

    void scansAre3dUnlessSomethingSpeaksAgainstIt() {
        const DataFacts isotropic = volume({1, 180, 256, 256}, {1, 1, 1});
        auto advice = adviseDimension(isotropic, TakeAs::Own, plenty);
        QCOMPARE(advice.best.dimensions, 3);
        QCOMPARE(advice.others.size(), std::size_t{1});
        QVERIFY(advice.others[0].as == TakeAs::Slices);

        advice = adviseDimension(volume({1, 12, 256, 256}, {1, 1, 1}), TakeAs::Own, plenty);
        QCOMPARE(advice.best.dimensions, 2);
        QVERIFY(advice.best.reason.find("Only 12 slices") != std::string::npos);

        advice = adviseDimension(volume({1, 30, 512, 512}, {0.45, 0.45, 5}), TakeAs::Own, plenty);
        QCOMPARE(advice.best.dimensions, 2);
        QVERIFY2(advice.best.reason.find("5 mm apart and pixels 0.45 mm") != std::string::npos,
                 advice.best.reason.c_str());

        advice = adviseDimension(isotropic, TakeAs::Own, std::int64_t{2} << 30);
        QCOMPARE(advice.best.dimensions, 2);
        QVERIFY(advice.best.reason.find("2 GB") != std::string::npos);
        QCOMPARE(adviseDimension(isotropic, TakeAs::Own, 0).best.dimensions, 3);
    }

    void slicesKnowTheWayBack() {
        const auto advice =
            adviseDimension(other(DataKind::Image, {1, 256, 256}, "/data/head.nii"), TakeAs::Slices, plenty);
        QCOMPARE(advice.best.dimensions, 2);
        QCOMPARE(advice.others.size(), std::size_t{1});
        QVERIFY(advice.others[0].as == TakeAs::Own && advice.others[0].dimensions == 3);
    }
};

QTEST_GUILESS_MAIN(dimensionTest)
#include "dimensionTest.moc"
