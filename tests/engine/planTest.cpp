// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of the network as numbers, against the network that is built from it.
#include <QTest>

#include "engine/api/Error.h"
#include "engine/nets/KarrasUNet.h"
#include "engine/nets/NetworkPlan.h"
#include "tests/engine/NetworkProbes.h"

using namespace denoscope;

namespace {

KarrasOptions options(const Shape& size) {
    KarrasOptions result;
    result.size = size;
    result.channels = 2;
    result.model.width = 8;
    result.model.maxWidth = 32;
    result.model.headSize = 8;
    result.model.fourierSize = 8;
    result.model.downsamples = 2;
    result.model.attention = {size.size() == 3 ? size[1] / 2 : size[0] / 2};
    return result;
}

std::int64_t elementsOf(const KarrasUNet& network) {
    std::int64_t sum = 0;
    for (const Parameter& parameter : network.parameters())
        sum += elementCount(parameter.value.sizes().vec());
    return sum;
}

Network::Inputs onesFor(const KarrasPlan& plan, std::int64_t batch) {
    Shape shape{batch, plan.options.channels};
    shape.insert(shape.end(), plan.options.size.begin(), plan.options.size.end());
    const int classes = plan.options.classes;
    return {at::ones(shape), at::ones({batch}), {}, classes > 0 ? at::ones({batch, classes}) : at::Tensor()};
}

std::vector<BlockPlan> allBlocks(const KarrasPlan& plan) {
    std::vector<BlockPlan> blocks = plan.downs;
    blocks.insert(blocks.end(), plan.mids.begin(), plan.mids.end());
    blocks.insert(blocks.end(), plan.ups.begin(), plan.ups.end());
    return blocks;
}

// The key of the error that these options cause; empty when they are taken.
QString refusedKey(const KarrasOptions& wanted) {
    try {
        makeKarrasPlan(wanted);
    } catch (const EngineError& error) {
        return QString::fromStdString(error.error().where);
    }
    return {};
}

std::vector<Shape> stages(const KarrasPlan& plan) {
    std::vector<Shape> sizes{plan.options.size};
    for (const BlockPlan& block : plan.downs)
        if (block.resamples)
            sizes.push_back(block.size);
    return sizes;
}

// All that a step's memory depends on.
std::vector<TrainingConfig> waysToCompute() {
    std::vector<TrainingConfig> ways;
    for (const Kernels kernels : {Kernels::Plain, Kernels::Fused})
        for (const bool recompute : {false, true})
            for (const Precision precision : {Precision::Float32, Precision::BFloat16}) {
                ways.emplace_back();
                ways.back().kernels = kernels;
                ways.back().recompute = recompute;
                ways.back().precision = precision;
            }
    return ways;
}

QByteArray describe(const TrainingConfig& training, double ratio) {
    return QString("%1: fused %2, recomputing %3, bfloat16 %4")
        .arg(ratio)
        .arg(training.kernels == Kernels::Fused)
        .arg(training.recompute)
        .arg(training.precision == Precision::BFloat16)
        .toLocal8Bit();
}

}  // namespace

class planTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsWhatTheNetworkHas_data() {
        QTest::addColumn<int>("rank");
        QTest::addColumn<int>("classes");
        QTest::addColumn<bool>("selfCondition");
        QTest::addColumn<bool>("factorized");
        QTest::addColumn<bool>("reference");
        QTest::addColumn<int>("memory");
        for (int rank = 1; rank <= 3; ++rank)
            for (const int classes : {0, 5})
                for (const bool flag : {false, true})
                    for (const bool reference : {false, true})
                        QTest::addRow("%dD, %d classes, %d, %d", rank, classes, flag, reference)
                            << rank << classes << flag << !flag << reference << (flag ? 0 : 3);
    }

    void countsWhatTheNetworkHas() {
        QFETCH(int, rank);
        QFETCH(int, classes);
        QFETCH(bool, selfCondition);
        QFETCH(bool, factorized);
        QFETCH(bool, reference);
        QFETCH(int, memory);
        KarrasOptions wanted = options(Shape(static_cast<std::size_t>(rank), 8));
        wanted.classes = classes;
        wanted.model.selfCondition = selfCondition;
        wanted.model.factorizedAttention = factorized;
        wanted.model.memoryTokens = memory;
        wanted.model.compat = reference ? Compat::Reference : Compat::Paper;
        wanted.model.attention = {4, 2};
        const KarrasPlan plan = makeKarrasPlan(wanted);
        QCOMPARE(parameterCount(plan), elementsOf(KarrasUNet(plan, 1)));
    }

    void countsWorkAsLibTorchDoes_data() { countsWhatTheNetworkHas_data(); }

    void countsWorkAsLibTorchDoes() {
        QFETCH(int, rank);
        QFETCH(int, classes);
        QFETCH(bool, factorized);
        QFETCH(bool, reference);
        KarrasOptions wanted = options(Shape(static_cast<std::size_t>(rank), 8));
        wanted.classes = classes;
        wanted.model.factorizedAttention = factorized;
        wanted.model.compat = reference ? Compat::Reference : Compat::Paper;
        const KarrasPlan plan = makeKarrasPlan(wanted);
        KarrasUNet network(plan, 1);
        Shape shape{1, wanted.channels};
        shape.insert(shape.end(), wanted.size.begin(), wanted.size.end());
        const Network::Inputs inputs{
            at::ones(shape), at::ones({1}), {}, classes > 0 ? at::ones({1, classes}) : at::Tensor()};
        QCOMPARE(macs(plan), probes::countMacs([&] { network.forward(inputs, false); }));
    }

    // It is what refuses runs that do not fit into memory.
    void foreseesTheMemoryOfAStep_data() {
        QTest::addColumn<std::vector<std::int64_t>>("size");
        QTest::addColumn<bool>("factorized");
        QTest::addColumn<bool>("attends");
        QTest::addColumn<bool>("reference");
        for (const bool reference : {false, true})
            for (const bool attends : {false, true}) {
                QTest::addRow("signal %d %d", reference, attends)
                    << Shape{256} << false << attends << reference;
                QTest::addRow("image %d %d", reference, attends)
                    << Shape{16, 16} << false << attends << reference;
                for (const bool factorized : {false, true})
                    QTest::addRow("volume %d %d %d", reference, attends, factorized)
                        << Shape{8, 8, 8} << factorized << attends << reference;
            }
    }

    void foreseesTheMemoryOfAStep() {
        QFETCH(std::vector<std::int64_t>, size);
        QFETCH(bool, factorized);
        QFETCH(bool, attends);
        QFETCH(bool, reference);
        KarrasOptions wanted = options(size);
        wanted.model.width = 16;
        wanted.model.factorizedAttention = factorized;
        wanted.model.compat = reference ? Compat::Reference : Compat::Paper;
        wanted.model.dropout = reference ? 0.1 : 0;
        if (!attends)
            wanted.model.attention = {0};
        const KarrasPlan plan = makeKarrasPlan(wanted);
        KarrasUNet network(plan, 1);
        const auto inputs = [&](std::int64_t batch) { return onesFor(plan, batch); };
        for (const TrainingConfig& training : waysToCompute()) {
            const double ratio =
                keptBytes(plan, training) / probes::trainingBytesPerItem(network, inputs, training);
            QVERIFY2(ratio > 0.9 && ratio < 1.25, describe(training, ratio));
            const double sampled =
                sampledBytes(plan, training) / probes::samplingBytesPerItem(network, inputs, training);
            QVERIFY2(sampled > 0.9 && sampled < 2.1, describe(training, sampled));
        }
    }

    void countsUnequalStages() {
        KarrasOptions wanted = options({16, 16});
        wanted.blocksPerStage = {1, 3, 2};
        const KarrasPlan plan = makeKarrasPlan(wanted);
        QCOMPARE(plan.downs.size(), std::size_t{2 + 1 + 3 + 2});
        QCOMPARE(parameterCount(plan), elementsOf(KarrasUNet(plan, 1)));
    }

    void everySkipIsTaken() {
        for (const Shape& size : {Shape{16}, Shape{16, 8}, Shape{8, 16, 4}}) {
            const KarrasPlan plan = makeKarrasPlan(options(size));
            const auto takers = std::count_if(plan.ups.begin(), plan.ups.end(),
                                              [](const BlockPlan& block) { return !block.resamples; });
            QCOMPARE(static_cast<std::size_t>(takers), plan.downs.size() + 1);
        }
    }

    void refusesWhatCannotBeHalved_data() {
        QTest::addColumn<std::vector<std::int64_t>>("size");
        QTest::newRow("odd length") << std::vector<std::int64_t>{6};
        QTest::newRow("odd width") << std::vector<std::int64_t>{8, 10};
        QTest::newRow("few slices") << std::vector<std::int64_t>{2, 8, 8};
        QTest::newRow("one sample") << std::vector<std::int64_t>{1};
        QTest::newRow("nothing") << std::vector<std::int64_t>{0, 8};
        QTest::newRow("negative") << std::vector<std::int64_t>{-8, 8};
        QTest::newRow("no extents") << std::vector<std::int64_t>{};
        QTest::newRow("four extents") << std::vector<std::int64_t>{8, 8, 8, 8};
    }
    void refusesWhatCannotBeHalved() {
        QFETCH(std::vector<std::int64_t>, size);
        KarrasOptions wanted = options({8, 8});
        wanted.size = size;
        QCOMPARE(refusedKey(wanted), "data.size");
    }

    void namesTheSettingThatMakesNoNetwork() {
        const auto refused = [](auto change) {
            KarrasOptions wanted = options({8, 8, 8});
            change(wanted);
            return refusedKey(wanted);
        };
        QCOMPARE(refused([](KarrasOptions& o) { o.model.downsampleTypes = {DownsampleType::All}; }),
                 "model.downsample_types");
        QCOMPARE(refused([](KarrasOptions& o) { o.blocksPerStage = {1, 0, 1}; }), "model.blocks_per_stage");
        QCOMPARE(refused([](KarrasOptions& o) { o.blocksPerStage = {1}; }), "model.blocks_per_stage");
        QCOMPARE(refused([](KarrasOptions& o) { o.model.downsamples = -1; }), "model.downsamples");
        QCOMPARE(refused([](KarrasOptions& o) { o.model.headSize = 0; }), "model.head_size");
        QCOMPARE(refused([](KarrasOptions& o) { o.model.width = 0; }), "model.width");
    }

    void typesOfDownsamplingChangeTheirAxes() {
        KarrasOptions wanted = options({8, 16, 16});
        wanted.model.downsampleTypes = {DownsampleType::Image, DownsampleType::Frame};
        QCOMPARE(stages(makeKarrasPlan(wanted)), (std::vector<Shape>{{8, 16, 16}, {8, 8, 8}, {4, 8, 8}}));
        wanted.model.downsampleTypes = {DownsampleType::All, DownsampleType::Image};
        QCOMPARE(stages(makeKarrasPlan(wanted)), (std::vector<Shape>{{8, 16, 16}, {4, 8, 8}, {4, 4, 4}}));
        wanted.model.downsampleTypes = {};
        QCOMPARE(stages(makeKarrasPlan(wanted)), (std::vector<Shape>{{8, 16, 16}, {4, 8, 8}, {2, 4, 4}}));
    }

    void widthsDoubleUpToTheLargest() {
        KarrasOptions wanted = options({32, 32});
        wanted.model.downsamples = 3;
        wanted.model.maxWidth = 24;
        const KarrasPlan plan = makeKarrasPlan(wanted);
        std::vector<std::int64_t> widths;
        for (const BlockPlan& block : plan.downs)
            if (block.resamples)
                widths.push_back(block.out);
        QCOMPARE(widths, (std::vector<std::int64_t>{16, 24, 24}));
        QCOMPARE(plan.ups.back().out, std::int64_t{8});
    }

    void attendsAtTheListedResolutionsOnly() {
        KarrasOptions wanted = options({16, 32});
        wanted.model.attention = {8};  // of the height; the width is 16 there
        const KarrasPlan plan = makeKarrasPlan(wanted);
        int attending = 0;
        for (const BlockPlan& block : allBlocks(plan)) {
            QCOMPARE(block.attention != AttentionKind::None, block.size[0] == 8);
            attending += block.attention != AttentionKind::None ? 1 : 0;
        }
        QVERIFY(attending > 4);
        wanted.model.attention = {0};
        for (const BlockPlan& block : allBlocks(makeKarrasPlan(wanted)))
            QVERIFY(block.attention == AttentionKind::None);
    }

    void factorizesAtEveryAttendedBlock() {
        KarrasOptions wanted = options({8, 16, 16});
        wanted.model.attention = {16, 8, 4};
        for (const BlockPlan& block : allBlocks(makeKarrasPlan(wanted)))
            QVERIFY(block.attention == AttentionKind::Factorized);
        wanted.model.factorizedAttention = false;
        for (const BlockPlan& block : allBlocks(makeKarrasPlan(wanted)))
            QVERIFY(block.attention == AttentionKind::Full);
    }

    void headsShareTheWidthEvenly() {
        KarrasOptions wanted = options({16});
        wanted.model.width = 40;
        wanted.model.maxWidth = 48;
        wanted.model.headSize = 32;
        wanted.model.attention = {16, 8, 4};
        for (const BlockPlan& block : allBlocks(makeKarrasPlan(wanted))) {
            QCOMPARE(block.heads * block.headSize, block.out);
            QVERIFY(block.heads >= 1);
        }
    }

    void activationsGrowWithTheItem() {
        const auto kept = [](const Shape& size) {
            KarrasOptions wanted = options(size);
            wanted.model.attention = {0};
            return keptBytes(makeKarrasPlan(wanted), {});
        };
        QCOMPARE(kept({32}), 2 * kept({16}));  // without attention all of it is linear in the extents
        QCOMPARE(kept({16, 16}), 4 * kept({8, 8}));
        QCOMPARE(kept({8, 16, 16}), 8 * kept({4, 8, 8}));
    }
};

QTEST_GUILESS_MAIN(planTest)
#include "planTest.moc"
