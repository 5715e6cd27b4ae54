// SPDX-License-Identifier: GPL-3.0-or-later
// The loader's sequence must depend on nothing but the seed and the position in it.
#include <QTemporaryDir>
#include <QtTest>

#include <set>

#include "engine/data/BatchLoader.h"
#include "tests/datasets/MadeFiles.h"

using namespace denoscope;
using Floats = std::vector<float>;

namespace {

// Item i holds i everywhere and has label i % 3; opening fails never, drawing item `broken` does.
class Numbered : public Dataset {
public:
    Numbered(std::int64_t count, DataKind kind, Shape shape, std::int64_t broken = -1) : m_broken(broken) {
        m_facts.source = "numbered";
        m_facts.kind = kind;
        m_facts.count = count;
        m_facts.shape = m_facts.smallestShape = m_facts.largestShape = shape;
    }
    Item read(std::int64_t index) const override {
        if (index == m_broken)
            throw EngineError("is broken", "item", "mend it");
        Array array{m_facts.shape, Floats(static_cast<std::size_t>(elementCount(m_facts.shape)))};
        for (std::size_t i = 0; i < array.values.size(); ++i)
            array.values[i] = static_cast<float>(index) + static_cast<float>(i) / 1024;
        return {std::make_shared<const Array>(std::move(array)), static_cast<int>(index % 3), "item", {}};
    }

private:
    std::int64_t m_broken;
};

RunConfig configFor(const Shape& size, std::int64_t batch) {
    RunConfig config;
    config.data.size = size;
    config.data.low = 0;
    config.data.high = 64;
    config.training.batchSize = batch;
    return config;
}

Floats take(BatchLoader& loader, int batches, std::vector<int>* labels = nullptr) {
    Floats all;
    for (int i = 0; i < batches; ++i) {
        const Batch batch = loader.next();
        all.insert(all.end(), batch.values.values.begin(), batch.values.values.end());
        if (labels)
            labels->insert(labels->end(), batch.labels.begin(), batch.labels.end());
    }
    return all;
}

}  // namespace

class loaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void batchSizeDoesNotMatter() {
        const auto set = std::make_shared<Numbered>(20, DataKind::Signal, Shape{1, 64});
        BatchLoader four(set, configFor({16}, 4), 0), eight(set, configFor({16}, 8), 0);
        QCOMPARE(take(four, 14), take(eight, 7));
    }

    void resumesAnywhere() {
        const auto set = std::make_shared<Numbered>(20, DataKind::Image, Shape{1, 8, 8});
        RunConfig config = configFor({8, 8}, 4);
        config.data.mirror = true;
        BatchLoader whole(set, config, 0), resumed(set, config, 28);
        take(whole, 7);
        std::vector<int> a, b;
        QCOMPARE(take(whole, 5, &a), take(resumed, 5, &b));
        QCOMPARE(a, b);
        const Batch direct = makeBatch(*set, config, 48, 4);
        QCOMPARE(whole.next().values.values, direct.values.values);
        QCOMPARE(direct.values.shape, (Shape{4, 1, 8, 8}));
    }

    void everyEpochHoldsEveryItemOnce() {
        const Numbered set(37, DataKind::Signal, {1, 4});
        const RunConfig config = configFor({4}, 1);
        std::vector<Floats> orders;
        for (std::int64_t epoch = 0; epoch < 3; ++epoch) {
            const Batch batch = makeBatch(set, config, epoch * 37, 37);
            Floats order;
            for (std::size_t i = 0; i < 37; ++i)
                order.push_back(batch.values.values[i * 4]);
            QCOMPARE(std::set<float>(order.begin(), order.end()).size(), std::size_t(37));
            orders.push_back(order);
        }
        QVERIFY(orders[0] != orders[1] && orders[1] != orders[2]);
        RunConfig other = config;
        other.training.seed = 2;
        QVERIFY(makeBatch(set, config, 0, 37).values.values != makeBatch(set, other, 0, 37).values.values);
    }

    void mapsAndClamps() {
        const Numbered set(1, DataKind::Signal, {1, 4});
        RunConfig config = configFor({4}, 1);
        config.data.low = 1.0 / 1024;
        config.data.high = 2.0 / 1024;
        QCOMPARE(makeBatch(set, config, 0, 1).values.values, (Floats{-1, -1, 1, 1}));
    }

    void mirrorsAboutHalf() {
        const Numbered set(1, DataKind::Image, {1, 1, 4});
        RunConfig config = configFor({1, 4}, 1);
        config.data.mirror = true;
        const Batch batch = makeBatch(set, config, 0, 400);
        int mirrored = 0;
        for (std::size_t i = 0; i < 400; ++i)
            mirrored += batch.values.values[i * 4] > batch.values.values[i * 4 + 3];
        QVERIFY(mirrored > 150 && mirrored < 250);
    }

    void labelsCanBeLeftOut() {
        const Numbered set(6, DataKind::Signal, {1, 4});
        RunConfig config = configFor({4}, 1);
        std::vector<int> labels = makeBatch(set, config, 0, 6).labels;
        std::sort(labels.begin(), labels.end());
        QCOMPARE(labels, (std::vector<int>{0, 0, 1, 1, 2, 2}));
        config.data.useLabels = false;
        QCOMPARE(makeBatch(set, config, 0, 6).labels, std::vector<int>(6, -1));
    }

    void errorsReachTheCaller() {
        const auto set = std::make_shared<Numbered>(5, DataKind::Signal, Shape{1, 4}, 3);
        BatchLoader loader(set, configFor({4}, 1), 0);
        bool thrown = false;
        for (int i = 0; i < 5 && !thrown; ++i)
            try {
                loader.next();
            } catch (const EngineError& error) {
                thrown = error.error().what == "is broken";
            }
        QVERIFY(thrown);
        QVERIFY_EXCEPTION_THROWN(loader.next(), EngineError);  // and again, rather than waiting for ever
    }

    void sizesMustFit() {
        const Numbered set(3, DataKind::Signal, {1, 8});
        QVERIFY_EXCEPTION_THROWN(set.draw(0, {4, 4}, Fit::Exact, 1), EngineError);
        QVERIFY_EXCEPTION_THROWN(set.draw(0, {0}, Fit::Exact, 1), EngineError);
        QVERIFY_EXCEPTION_THROWN(set.draw(0, {16}, Fit::Exact, 1), EngineError);
        const Item padded = set.draw(2, {16}, Fit::Pad, 1);
        QCOMPARE(padded.array->values[7], 2 + 7.0f / 1024);
        QCOMPARE(padded.array->values[8], 0.0f);  // silence
    }

    void windowsLieEverywhere() {
        const Numbered set(1, DataKind::Volume, {1, 4, 4, 4});
        std::set<float> corners;
        for (std::uint64_t key = 0; key < 400; ++key)
            corners.insert(set.draw(0, {2, 2, 2}, Fit::Exact, key).array->values.front());
        QCOMPARE(corners.size(), std::size_t(27));
    }

    void stopsWithWorkUnderWay() {
        const auto beats = openPath("demo:beats");
        const RunConfig config = resolve(configFor({512}, 2), *beats);
        for (int i = 0; i < 20; ++i)
            BatchLoader(beats, config, 0);
    }
};

QTEST_GUILESS_MAIN(loaderTest)
#include "loaderTest.moc"
