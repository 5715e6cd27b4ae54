// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting, padding, scaling: against values worked out by hand.
#include <QtTest>

#include <numeric>

#include "engine/api/Error.h"
#include "engine/data/Permutation.h"
#include "engine/data/Pieces.h"

using namespace denoscope;
using Floats = std::vector<float>;

namespace {
Array counting(const Shape& shape) {
    Array array{shape, Floats(static_cast<std::size_t>(elementCount(shape)))};
    std::iota(array.values.begin(), array.values.end(), 0.0f);
    return array;
}
}  // namespace

class piecesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cutsInside() {
        QCOMPARE(cutOut(counting({2, 5}), {1}, {2}, -1).values, (Floats{1, 2, 6, 7}));
        QCOMPARE(cutOut(counting({1, 3, 4}), {1, 2}, {2, 2}, -1).values, (Floats{6, 7, 10, 11}));
        QCOMPARE(cutOut(counting({1, 2, 2, 3}), {1, 0, 1}, {1, 2, 2}, -1).values, (Floats{7, 8, 10, 11}));
    }

    void padsOutside() {
        QCOMPARE(cutOut(counting({1, 3}), {-1}, {5}, 9).values, (Floats{9, 0, 1, 2, 9}));
        QCOMPARE(cutOut(counting({1, 2, 2}), {-1, 0}, {3, 3}, 9).values, (Floats{9, 9, 9, 0, 1, 9, 2, 3, 9}));
        QCOMPARE(cutOut(counting({1, 2}), {5}, {2}, 9).values, (Floats{9, 9}));
    }

    void areaKeepsTheMean() {
        QCOMPARE(resampleArea(counting({1, 2, 4}), 1, 2).values, (Floats{2.5f, 4.5f}));
        const Array odd = resampleArea(counting({1, 1, 3}), 1, 2);  // pixels cover 1.5 each
        QVERIFY(std::abs(odd.values[0] - 1.0f / 3) < 1e-6f && std::abs(odd.values[1] - 5.0f / 3) < 1e-6f);
        QCOMPARE(resampleArea(counting({1, 1, 2}), 2, 4).values, (Floats{0, 0, 1, 1, 0, 0, 1, 1}));
        // A fine checkerboard becomes grey instead of a coarse pattern.
        Array board{{1, 64, 64}, {}};
        for (int i = 0; i < 64 * 64; ++i)
            board.values.push_back(static_cast<float>((i + i / 64) % 2));
        for (const float value : resampleArea(board, 16, 16).values)
            QCOMPARE(value, 0.5f);
    }

    void fitsWithoutSquashing() {
        const Array wide = counting({1, 2, 6});
        const Array cropped = fitImage(wide, {2, 2}, Fit::Crop, 0, "x");
        QCOMPARE(cropped.values, (Floats{2, 3, 8, 9}));
        const Array padded = fitImage(counting({1, 2, 4}), {2, 2}, Fit::Pad, -1, "x");
        QCOMPARE(padded.values, (Floats{2.5f, 4.5f, -1, -1}));
        const Array small =
            fitImage(counting({1, 1, 2}), {3, 4}, Fit::Pad, -1, "x");  // never enlarged by padding
        QCOMPARE(small.values, (Floats{-1, -1, -1, -1, -1, 0, 1, -1, -1, -1, -1, -1}));
        QCOMPARE(fitImage(counting({1, 3, 5}), {6, 7}, Fit::Crop, 0, "x").shape, (Shape{1, 6, 7}));
        try {
            fitImage(wide, {2, 2}, Fit::Exact, 0, "photo.png");
            QFAIL("a misfit was accepted");
        } catch (const EngineError& error) {
            QCOMPARE(QString::fromStdString(error.error().where), QString("photo.png"));
            QVERIFY(error.error().what.find("2 x 6") != std::string::npos &&
                    error.error().what.find("2 x 2") != std::string::npos);
            QVERIFY(!error.error().remedy.empty());
        }
    }

    void movesTheOrigin() {
        Geometry geometry;
        geometry.affine = {0, 2, 0, 10, 3, 0, 0, 20, 0, 0, 4, 30, 0, 0, 0, 1};
        const Geometry moved = movedBy(geometry, {1, 2, 3});  // k, j, i
        QCOMPARE(moved.affine[3], 14.0);
        QCOMPARE(moved.affine[7], 29.0);
        QCOMPARE(moved.affine[11], 34.0);
    }

    void placesScaledPictures() {
        Geometry known;
        known.spacing = {0.5, 2, 3};
        known.affine = {-0.5, 0, 0, 10, 0, -2, 0, 20, 0, 0, 3, 30, 0, 0, 0, 1};
        // 4 x 8 pixels, scaled to 2 x 4, of which the middle 2 x 2 are taken.
        const Geometry placed = placedBy(placeImage({4, 8}, {2, 2}, Fit::Crop), known, {4, 8});
        QCOMPARE(placed.spacing, (std::array<double, 3>{1, 4, 3}));
        // The centre of the first pixel: 2.5 pixels from the left as they were, half of one from the top.
        QCOMPARE(placed.affine, (std::array<double, 16>{-1, 0, 0, 10 - 2.5 * 0.5, 0, -4, 0, 20 - 0.5 * 2, 0,
                                                        0, 3, 30, 0, 0, 0, 1}));
        QVERIFY(placedBy(placeImage({4, 8}, {2, 2}, Fit::Crop), {}, {4, 8}) == Geometry{});
        QVERIFY(placedBy(placeImage({4, 8}, {4, 8}, Fit::Exact), known, {4, 8}) == known);
        DataFacts facts;
        facts.kind = DataKind::Image;
        facts.shape = {1, 4, 8};
        facts.geometry = known;
        DataConfig data;
        data.size = {2, 2};
        data.fit = Fit::Crop;
        QVERIFY(networkGeometry(facts, data) == placed);
        facts.kind = DataKind::Volume;  // pieces keep their resolution
        QVERIFY(networkGeometry(facts, data) == known);
    }

    void permutes() {
        for (const std::uint64_t count : {1ULL, 2ULL, 3ULL, 7ULL, 256ULL, 257ULL, 5000ULL}) {
            std::vector<bool> seen(count, false);
            std::uint64_t fixed = 0;
            for (std::uint64_t i = 0; i < count; ++i) {
                const std::uint64_t place = permuted(i, count, 42);
                QVERIFY(place < count && !seen[place]);
                seen[place] = true;
                fixed += place == i;
            }
            QVERIFY(count < 200 || fixed < 10);
        }
    }
};

QTEST_GUILESS_MAIN(piecesTest)
#include "piecesTest.moc"
