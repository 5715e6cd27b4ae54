// SPDX-License-Identifier: GPL-3.0-or-later
// From items to measured distances, for each kind of data.
#include <ATen/ATen.h>

#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/api/Error.h"
#include "engine/core/Noise.h"
#include "engine/core/Safetensors.h"
#include "engine/core/Tensors.h"
#include "engine/metrics/Evaluate.h"
#include "engine/metrics/InceptionPlan.h"

using namespace denoscope;

namespace {

std::vector<Item> items(int count, const Shape& shape, std::uint64_t key, double scale = 1,
                        double shift = 0) {
    std::vector<Item> made;
    for (int i = 0; i < count; ++i) {
        Item item;
        item.array =
            toArray(standardNormal(shape, mix64(key + static_cast<std::uint64_t>(i))) * scale + shift);
        item.name = "item " + std::to_string(i);
        made.push_back(item);
    }
    return made;
}

EvaluateOptions quick(std::uint64_t seed = 1) {
    EvaluateOptions options;
    options.seed = seed;
    options.resamples = 20;
    return options;
}

const Measured& named(const std::vector<Measured>& results, const std::string& name) {
    const auto found = std::ranges::find(results, name, &Measured::name);
    if (found == results.end())
        qFatal("no %s", name.c_str());
    return *found;
}

std::vector<Item> withValue(std::vector<Item> some, float value) {
    Array changed = *some[3].array;
    changed.values[5] = value;
    some[3].array = std::make_shared<const Array>(changed);
    return some;
}

QByteArray refusal(const std::vector<Item>& real, const std::vector<Item>& generated,
                   const EvaluateOptions& options = quick()) {
    try {
        evaluate(real, generated, options);
    } catch (const EngineError& error) {
        return error.what();
    }
    return "not refused";
}

}  // namespace

class evaluateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasItsDistances() {
        const auto names = [](const Shape& shape) {
            QStringList found;
            for (const Measured& result : evaluate(items(12, shape, 1), items(9, shape, 50), quick())) {
                found << QString::fromStdString(result.name);
                const bool whole = result.realCount == 12 && result.generatedCount == 9 &&
                                   std::isfinite(result.value) && result.low <= result.high &&
                                   std::isfinite(result.low) && std::isfinite(result.high) && result.floor &&
                                   std::isfinite(*result.floor) && !result.basis.empty();
                if (!whole)
                    found << "incomplete";
            }
            return found.join(", ");
        };
        const QString common =
            "Frechet distance, sliced Wasserstein distance, MMD^2, Gaussian kernel, MMD^2, cubic kernel";
        QCOMPARE(names({2, 100}), common + ", autocorrelation distance, spectrum distance");
        QCOMPARE(names({3, 10, 12}), common + ", radial spectrum distance");
        QCOMPARE(names({1, 6, 8, 7}), common + ", radial spectrum distance");
        QCOMPARE(names({1, 3}), common);  // too short for spectra
        QCOMPARE(names({1, 1}), common);
    }

    void likeSetsAreAtTheFloorAndOthersAbove() {
        const Shape shape{1, 64};
        const auto real = items(120, shape, 1), like = items(120, shape, 1000);
        for (const Measured& result : evaluate(real, like, quick()))
            if (result.name.starts_with("MMD^2"))  // unbiased: around 0, with any sign
                QVERIFY2(result.low < 0 && result.high > 0, result.name.c_str());
            else
                QVERIFY2(result.value < 1.3 * *result.floor, result.name.c_str());
        for (const Measured& result : evaluate(real, items(120, shape, 1000, 3), quick())) {
            if (result.name == "autocorrelation distance")  // which loudness does not change
                continue;
            QVERIFY2(result.value > 2 * *result.floor && result.low > *result.floor, result.name.c_str());
        }
        QVERIFY(
            named(evaluate(real, items(120, shape, 9, 1, 2), quick()), "sliced Wasserstein distance").value >
            1);
    }

    void unitsDoNotMatter() {
        const Shape shape{1, 8, 8};
        const auto plain = evaluate(items(20, shape, 1), items(20, shape, 90, 2), quick());
        const auto hounsfield =
            evaluate(items(20, shape, 1, 400, -800), items(20, shape, 90, 800, -800), quick());
        for (std::size_t i = 0; i < plain.size(); ++i) {
            const double tolerance = 1e-3 * std::abs(plain[i].value);
            QVERIFY2(std::abs(plain[i].value - hounsfield[i].value) < tolerance, plain[i].name.c_str());
        }
        for (const Measured& result : evaluate(items(6, shape, 1, 0, 5), items(6, shape, 1, 0, 5), quick()))
            QVERIFY2(std::abs(result.value) < 1e-9, result.name.c_str());  // constant, and the same
    }

    void theOrderOfItemsDoesNotMatterButTheSeedIsKept() {
        const Shape shape{1, 32};
        const auto real = items(20, shape, 1), generated = items(15, shape, 60);
        auto turned = generated;
        std::ranges::reverse(turned);
        const auto one = evaluate(real, generated, quick()), again = evaluate(real, generated, quick()),
                   other = evaluate(real, turned, quick());
        for (std::size_t i = 0; i < one.size(); ++i) {
            QCOMPARE(one[i].value, again[i].value);
            QCOMPARE(one[i].low, again[i].low);
            QCOMPARE(one[i].high, again[i].high);
            QCOMPARE(*one[i].floor, *again[i].floor);
            QVERIFY2(std::abs(one[i].value - other[i].value) < 1e-5, one[i].name.c_str());
        }
    }

    void kernelsTakeAtMostAThousandItems() {
        EvaluateOptions options = quick();
        options.resamples = 2;
        const auto results = evaluate(items(1100, {1, 4}, 1), items(30, {1, 4}, 5000), options);
        QCOMPARE(named(results, "MMD^2, cubic kernel").realCount, std::int64_t{1000});
        QCOMPARE(named(results, "MMD^2, cubic kernel").generatedCount, std::int64_t{30});
        QCOMPARE(named(results, "Frechet distance").realCount, std::int64_t{1100});
        QVERIFY(mostItems({1, 4}) > 1'000'000);
        QCOMPARE(mostItems({1, 100'000, 100'000}), std::int64_t{2});
    }

    void whatCannotBeComparedIsRefused() {
        const Shape shape{1, 4, 4};
        const auto fine = items(6, shape, 1);
        QVERIFY(refusal(fine, items(6, {1, 4, 5}, 2)).contains("1 x 4 x 4, generated ones 1 x 4 x 5"));
        QVERIFY(refusal(fine, items(6, {1, 16}, 2)).contains("1 x 16"));
        QVERIFY(refusal(fine, {}).contains("holds no items"));
        QVERIFY(refusal({}, fine).contains("real items"));
        QVERIFY(refusal(fine, items(1, shape, 2)).contains("too few"));
        QVERIFY(refusal(fine, withValue(fine, std::nanf(""))).contains("generated items, item 3"));
        QVERIFY(
            refusal(withValue(fine, std::numeric_limits<float>::infinity()), fine).contains("not finite"));
        auto mixed = fine;
        mixed[2] = items(1, {1, 5, 5}, 3)[0];
        QVERIFY(refusal(mixed, fine).contains("is 1 x 5 x 5, the first one is 1 x 4 x 4"));
        QVERIFY(refusal(items(3, {4}, 1), items(3, {4}, 2)).contains("no signals, images or volumes"));
    }

    void inceptionJoinsForImages() {
        const QTemporaryDir folder;
        EvaluateOptions options = quick();
        options.resamples = 2;
        options.inceptionFile = folder.filePath("weights.safetensors").toStdString();
        const auto real = items(4, {1, 8, 8}, 1, 60, 128), generated = items(3, {1, 8, 8}, 40, 60, 128);
        QVERIFY(refusal(real, generated, options).contains("weights.safetensors"));  // there is none
        std::map<std::string, at::Tensor> weights;
        std::map<std::string, StoredTensor> stored;
        std::uint64_t key = 0;
        for (const auto& [name, shape] : inceptionShapes()) {
            const bool scale = name.ends_with("bn.weight") || name.ends_with("running_var");
            weights[name] = scale ? at::ones(shape) : standardNormal(shape, ++key) * 0.05;
            stored[name] = toStored(weights[name]);
        }
        writeSafetensors(options.inceptionFile, stored, {});
        const auto results = evaluate(real, generated, options);
        QVERIFY(named(results, "FID").value > 0);
        QCOMPARE(named(results, "KID").generatedCount, std::int64_t{3});
        QCOMPARE(results.size(), std::size_t{7});
        QVERIFY(refusal(items(4, {1, 8}, 1), items(4, {1, 8}, 2), options).contains("images only"));
        stored.erase("Mixed_7c.branch_pool.bn.bias");
        writeSafetensors(options.inceptionFile, stored, {});
        QVERIFY(refusal(real, generated, options).contains("Mixed_7c.branch_pool.bn.bias"));
    }
};

QTEST_GUILESS_MAIN(evaluateTest)
#include "evaluateTest.moc"
