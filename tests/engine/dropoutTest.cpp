// SPDX-License-Identifier: GPL-3.0-or-later
// Dropout's masks: their statistics, and that nothing but item, layer and place decides on them.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <QTest>
#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/core/Compute.h"
#include "engine/core/Dropout.h"
#include "engine/core/Noise.h"
#include "engine/kernels/Pointwise.h"
#include "engine/nets/Ops.h"

using namespace denoscope;

namespace {

// Of one item, along memory: 1 where an element stays, as doubles.
at::Tensor keptOf(std::uint64_t key, std::int64_t elements, double share) {
    return kernels::dropoutMask({1, 1, elements}, share, {key}).view({-1}).gt(0).to(at::kDouble);
}

// Pearson's chi-square (1 degree of freedom) of the hypothesis that two masks have nothing to do with each
// other.
double chiSquare(const at::Tensor& a, const at::Tensor& b) {
    const auto n = static_cast<double>(a.numel());
    const double ma = a.mean().item<double>(), mb = b.mean().item<double>();
    const double covariance = ((a - ma) * (b - mb)).mean().item<double>();
    return n * covariance * covariance / (ma * (1 - ma) * mb * (1 - mb));
}

// One in 10^6 independent pairs exceeds this.
constexpr double unlikely = 24;

std::vector<std::uint64_t> trainingKeys(std::int64_t first, std::int64_t count) {
    return itemKeys(1, Stream::Dropout, first, count);
}

}  // namespace

class dropoutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesTheShareItShould_data() {
        QTest::addColumn<double>("share");
        for (const double share : {0.01, 0.1, 0.5, 0.9})
            QTest::addRow("%g", share) << share;
    }
    void takesTheShareItShould() {
        QFETCH(double, share);
        constexpr std::int64_t items = 8, elements = 1 << 17;
        const at::Tensor mask = kernels::dropoutMask({items, 1, elements}, share, trainingKeys(0, items));
        const auto kept = static_cast<float>(1 / (1 - share));
        QVERIFY(((mask == 0) | (mask == kept)).all().item<bool>());
        const double spread = std::sqrt(share * (1 - share) / (items * elements));
        QVERIFY(std::abs((mask == 0).to(at::kDouble).mean().item<double>() - share) < 5 * spread);
        // Runs of 64 elements have as many as chance gives them: the variance of the binomial distribution.
        const at::Tensor counts = (mask == 0).to(at::kDouble).view({-1, 64}).sum(1);
        const double variance = counts.var().item<double>() / (64 * share * (1 - share));
        QVERIFY2(std::abs(variance - 1) < 0.06, qPrintable(QString::number(variance)));
    }

    void neighboursHaveNothingToDoWithEachOther() {
        constexpr std::int64_t elements = 1 << 18;
        const at::Tensor kept = keptOf(trainingKeys(7, 1).front(), elements, 0.3);
        for (const std::int64_t distance : {1, 2, 3, 8, 16, 63, 64, 128, 1024, 4096, 65536}) {
            const std::int64_t n = elements - distance;
            QVERIFY(chiSquare(kept.narrow(0, 0, n), kept.narrow(0, distance, n)) < unlikely);
        }
    }

    // Items that follow each other, layers of one item, and keys that differ in one bit.
    void masksHaveNothingToDoWithEachOther() {
        constexpr std::int64_t elements = 1 << 16;
        std::vector<std::uint64_t> keys = trainingKeys(0, 8);
        const DropoutScope scope({keys[0], keys[1]});
        for (int layer = 0; layer < 4; ++layer)
            for (const std::uint64_t key : nextDropout(2))
                keys.push_back(key);
        for (const int bit : {0, 1, 5, 16, 31, 32, 33, 63})
            keys.push_back(keys[0] ^ std::uint64_t{1} << bit);
        std::vector<at::Tensor> masks;
        for (const std::uint64_t key : keys)
            masks.push_back(keptOf(key, elements, 0.3));
        for (std::size_t i = 0; i < masks.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY2(chiSquare(masks[i], masks[j]) < unlikely,
                         qPrintable(QString("%1 and %2").arg(i).arg(j)));
    }

    void theBatchDoesNotMatter() {
        const Shape whole{5, 6, 4, 3};
        const at::Tensor together = kernels::dropoutMask(whole, 0.4, trainingKeys(10, 5));
        for (std::int64_t item = 0; item < 5; ++item)
            QVERIFY(together.narrow(0, item, 1)
                        .equal(kernels::dropoutMask({1, 6, 4, 3}, 0.4, trainingKeys(10 + item, 1))));
        // Elements are numbered channels last.
        const at::Tensor row = together.select(0, 0).permute({1, 2, 0}).reshape({-1});
        QVERIFY(row.equal(kernels::dropoutMask({1, 1, 72}, 0.4, trainingKeys(10, 1)).view({-1})));
    }

    void layersAreNumberedAndCanBeTakenAgain() {
        const DropoutScope scope(trainingKeys(0, 3));
        const auto first = nextDropout(3);
        const DropoutState before = dropoutState();
        const auto second = nextDropout(3), third = nextDropout(3);
        QVERIFY(first != second && second != third);
        {
            const DropoutScope again(before);
            QCOMPARE(nextDropout(3), second);
            QCOMPARE(nextDropout(3), third);
        }
        QVERIFY(nextDropout(3) != third);
        {
            const DropoutScope fresh(trainingKeys(0, 3));
            QCOMPARE(nextDropout(3), first);
            QVERIFY_THROWS_EXCEPTION(std::logic_error, nextDropout(2));
        }
    }

    void plainAndFusedDropTheSame() {
        const at::NoGradGuard noGrad;
        const at::Tensor x = standardNormal({3, 8, 5, 7}, 1), scale = standardNormal({3, 8}, 2);
        const auto dropped = [&](Kernels kernels) {
            const ComputeScope compute(Precision::Float32, kernels);
            const DropoutScope scope(trainingKeys(0, 3));
            return ops::modulatedSilu(x, scale, 0.4, true);
        };
        const at::Tensor plain = dropped(Kernels::Plain), fused = dropped(Kernels::Fused);
        QVERIFY((plain == 0).equal(fused == 0));
        QVERIFY(plain.allclose(fused, 1e-5, 1e-6));
        const double share = (plain == 0).to(at::kDouble).mean().item<double>();
        QVERIFY(share > 0.3 && share < 0.5);
    }
};

QTEST_GUILESS_MAIN(dropoutTest)
#include "dropoutTest.moc"
