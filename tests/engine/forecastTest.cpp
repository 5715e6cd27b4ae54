// SPDX-License-Identifier: GPL-3.0-or-later
// What refuses runs that do not fit: it knows of all that makes them smaller.
#include <QTest>
#include <functional>

#include "engine/api/Forecast.h"

using namespace denoscope;

namespace {

RunConfig configOf(ModelFamily family) {
    RunConfig config;
    config.data.size = {64, 64};
    config.model.family = family;
    config.model.widthFactors = {1, 2};
    config.training.batchSize = 32;
    config.training.kernels = Kernels::Plain;
    return config;
}

std::int64_t trainingBytes(const RunConfig& config) {
    return forecast(config, 1, 0).trainingBytes;
}

// The refusal of the config where so much is free.
std::optional<Error> refusedWith(const RunConfig& config, std::int64_t available) {
    Forecast foreseen = forecast(config, 1, 0);
    foreseen.availableBytes = available;
    return refusal(foreseen);
}

using Change = std::function<void(TrainingConfig&)>;

}  // namespace

class forecastTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // What fits only because of a setting is not refused where it is set.
    void whatASettingSaves_data() {
        QTest::addColumn<ModelFamily>("family");
        QTest::addColumn<Change>("change");
        QTest::addColumn<double>("atMost");  // of what it takes without, program and weights included
        const Change pieces = [](TrainingConfig&training) { training.microBatch = 4; },
                     fused = [](TrainingConfig&training) { training.kernels = Kernels::Fused; },
                     recomputing = [](TrainingConfig&training) { training.recompute = true; },
                     half = [](TrainingConfig&training) { training.precision = Precision::BFloat16; };
        const auto all = [=](TrainingConfig& training) {
            for (const Change& change : {pieces, fused, recomputing, half})
                change(training);
        };
        QTest::newRow("pieces") << ModelFamily::Karras << pieces << 0.6;
        QTest::newRow("fused") << ModelFamily::Karras << fused << 0.7;
        QTest::newRow("recomputing") << ModelFamily::Karras << recomputing << 0.7;
        QTest::newRow("bfloat16") << ModelFamily::Karras << half << 0.8;
        QTest::newRow("all") << ModelFamily::Karras << Change(all) << 0.5;
        QTest::newRow("ddpm, pieces") << ModelFamily::Ddpm << pieces << 0.6;
        QTest::newRow("ddpm, recomputing") << ModelFamily::Ddpm << recomputing << 0.7;
    }
    void whatASettingSaves() {
        QFETCH(ModelFamily, family);
        QFETCH(Change, change);
        QFETCH(double, atMost);
        const RunConfig plain = configOf(family);
        RunConfig changed = plain;
        change(changed.training);
        const std::int64_t before = trainingBytes(plain), after = trainingBytes(changed);
        QVERIFY2(static_cast<double>(after) < atMost * static_cast<double>(before),
                 qPrintable(QString("%1 of %2").arg(after).arg(before)));
        const std::int64_t free = (before + after) / 2;
        QVERIFY(refusedWith(plain, free));
        QVERIFY(!refusedWith(changed, free));
    }

    // Its networks have no fused kernels.
    void kernelsChangeNothingForDdpm() {
        RunConfig fused = configOf(ModelFamily::Ddpm);
        fused.training.kernels = Kernels::Fused;
        QCOMPARE(trainingBytes(fused), trainingBytes(configOf(ModelFamily::Ddpm)));
    }

    void anUnevenOrLargerPiece() {
        RunConfig config = configOf(ModelFamily::Karras);
        const std::int64_t whole = trainingBytes(config);
        config.training.microBatch = 1000;
        QCOMPARE(trainingBytes(config), whole);
        config.training.microBatch = 31;
        QVERIFY(trainingBytes(config) < whole);
    }

    void theRemedyNamesWhatHelps() {
        const std::optional<Error> refused = refusedWith(configOf(ModelFamily::Karras), 1 << 20);
        QVERIFY(refused);
        const auto place = [&](const char* setting) { return refused->remedy.find(setting); };
        QVERIFY(place("training.micro_batch") < place("training.recompute"));
        QVERIFY(place("training.recompute") < place("data.size"));
        QVERIFY(place("data.size") < place("model.width"));
        QVERIFY(place("model.width") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(forecastTest)
#include "forecastTest.moc"
