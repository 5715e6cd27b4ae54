// SPDX-License-Identifier: GPL-3.0-or-later
// The measuring of speed: what is measured and how it is reported, not how fast it is.
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/api/Error.h"
#include "engine/bench/BenchReport.h"
#include "engine/core/Machine.h"

using namespace denoscope;
using nlohmann::json;

namespace {

BenchCase tiny(int rank) {
    if (rank == 1)
        return {"tiny",
                "KarrasUnet1D",
                R"({"seq_len": 16, "dim": 8, "dim_max": 16, "channels": 1, "num_downsamples": 1,
                    "num_blocks_per_stage": 1, "attn_res": [8], "attn_dim_head": 8, "fourier_dim": 8})",
                {16},
                3};
    if (rank == 2)
        return {"tiny",
                "KarrasUnet",
                R"({"image_size": 8, "dim": 8, "dim_max": 16, "channels": 3, "num_downsamples": 1,
                    "num_blocks_per_stage": 1, "attn_res": [4], "attn_dim_head": 8, "fourier_dim": 8})",
                {8, 8},
                3};
    return {"tiny",
            "KarrasUnet3D",
            R"({"image_size": 8, "frames": 4, "dim": 8, "dim_max": 16, "channels": 1, "num_downsamples": 1,
                "num_blocks_per_stage": 1, "attn_res": [4], "attn_dim_head": 8, "fourier_dim": 8})",
            {4, 8, 8},
            2};
}

BenchOptions twice(BenchWork work, Precision precision = Precision::Float32) {
    return {precision, work, 2};
}

bool isPositive(const json& line, const char* key) {
    return line.contains(key) && line[key].is_number() && line[key].get<double>() > 0;
}

}  // namespace

class BenchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void casesHaveTheSizesThatTheyAreKnownBy_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<qint64>("parameters");
        QTest::addColumn<double>("millions");
        QTest::addRow("1d") << "1d" << qint64{4526693} << 4.5;
        QTest::addRow("2d") << "2d" << qint64{7748574} << 7.75;
        QTest::addRow("3d") << "3d" << qint64{3521592} << 3.5;
    }
    void casesHaveTheSizesThatTheyAreKnownBy() {
        QFETCH(QString, name);
        QFETCH(qint64, parameters);
        QFETCH(double, millions);
        const std::int64_t counted = parameterCount(planOf(benchCasesNamed(name.toStdString()).front()));
        QCOMPARE(counted, parameters);
        QVERIFY(std::abs(static_cast<double>(counted) * 1e-6 - millions) <= 0.05);
    }

    void namesStandForCases() {
        QCOMPARE(benchCasesNamed("all").size(), std::size_t{3});
        QCOMPARE(benchCasesNamed("2d").front().batch, std::int64_t{8});
        try {
            benchCasesNamed("4d");
            QFAIL("an unknown case was taken");
        } catch (const EngineError& error) {
            QVERIFY(error.error().what.find("4d") != std::string::npos);
            QVERIFY(error.error().remedy.find("2d") != std::string::npos);
        }
    }

    void quartilesLieBetweenOrderStatistics() {
        const Quartiles five = quartilesOf({5, 1, 4, 2, 3});
        QCOMPARE(five.low, 2.0);
        QCOMPARE(five.median, 3.0);
        QCOMPARE(five.high, 4.0);
        QCOMPARE(quartilesOf({1, 2}).median, 1.5);
        QCOMPARE(quartilesOf({7}).high, 7.0);
    }

    void stepsAreMeasuredAndReported_data() {
        QTest::addColumn<int>("rank");
        QTest::addColumn<Precision>("precision");
        for (const int rank : {1, 2, 3}) {
            QTest::addRow("%dd float32", rank) << rank << Precision::Float32;
            QTest::addRow("%dd bfloat16", rank) << rank << Precision::BFloat16;
        }
    }
    void stepsAreMeasuredAndReported() {
        QFETCH(int, rank);
        QFETCH(Precision, precision);
        if (precision == Precision::BFloat16 && !hasBFloat16())
            QSKIP("this processor has no bfloat16");
        const BenchCase of = tiny(rank);
        const BenchResult result = runBench(of, twice(BenchWork::Train, precision), of.batch);
        const json line = json::parse(benchJson(result));
        QCOMPARE(line["case"].get<std::string>(), std::string("tiny"));
        QCOMPARE(line["precision"].get<std::string>(), precision == Precision::Float32 ? "fp32" : "bf16");
        for (const char* key : {"plain_ms", "plain_ms_low", "plain_ms_high", "fused_ms", "fused_ms_low",
                                "fused_ms_high", "speedup", "samples_per_s_plain", "samples_per_s_fused",
                                "peak_mb_plain", "peak_mb_fused", "peak_mb_recompute"})
            QVERIFY2(isPositive(line, key), key);
        QVERIFY(line.contains("limit_fraction"));
        QVERIFY(benchJson(result).find('\n') == std::string::npos);
        // A step holds at least weights, gradients, two moments and the average of each parameter.
        const double held = 5 * 4e-6 * static_cast<double>(parameterCount(planOf(of)));
        QVERIFY(result.plain.peakMegabytes > held && result.fused.peakMegabytes > held);
    }

    void theSpeedupIsTheRatioOfTheMedians() {
        BenchResult result;
        result.plain.milliseconds.median = 30;
        result.fused.milliseconds.median = 12;
        QCOMPARE(result.speedup(), 2.5);
        QVERIFY(!result.limitFraction());
        QVERIFY(json::parse(benchJson(result))["limit_fraction"].is_null());
        result.limit = {1, 9};
        QCOMPARE(*result.limitFraction(), 0.75);
    }

    void requestsAreMeasured() {
        const BenchCase of = tiny(2);
        QCOMPARE(benchBatches(of, BenchWork::Train), std::vector<std::int64_t>{3});
        QCOMPARE(benchBatches(of, BenchWork::Sample), (std::vector<std::int64_t>{1, 16}));
        const BenchResult result = runBench(of, twice(BenchWork::Sample), 16);
        QCOMPARE(json::parse(benchJson(result))["batch"].get<int>(), 16);
        QCOMPARE(result.plain.samplesPerSecond, 16e3 / result.plain.milliseconds.median);
        QVERIFY(result.fused.peakMegabytes > 0);
    }

    void rowsStandUnderTheirHeads() {
        const BenchCase of = tiny(1);
        const std::string head = benchHead(BenchWork::Train),
                          row = benchRow(runBench(of, twice(BenchWork::Train), of.batch));
        QCOMPARE(row.size(), head.size());
        QVERIFY(benchMachine().find("LibTorch") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(BenchTest)
#include "benchTest.moc"
