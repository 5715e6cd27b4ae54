// SPDX-License-Identifier: GPL-3.0-or-later
// Volumes taken slice by slice: the same head in every orientation gives the same images.
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <cmath>

#include "engine/api/Error.h"
#include "engine/api/Orientation.h"
#include "engine/data/Dataset.h"
#include "engine/data/SliceSet.h"

using namespace denoscope;

namespace {

// One volume of extents 2 x 3 x 4 along left-right, front-back and up-down, whose values say where they lie,
// stored with the axes D, H, W running as told: "SAR" is W to the right, H to the front, D upwards.
class StoredHead : public Dataset {
public:
    StoredHead(const std::string& letters, int count) : m_letters(letters) {
        m_facts.kind = DataKind::Volume;
        m_facts.count = count;
        m_facts.source = "made";
        m_facts.labels = {"zero", "one"};
        m_facts.shape = {1};
        m_facts.percentile005 = 1;
        m_facts.percentile995 = 2;
        m_facts.geometry.affine = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::size_t side = sideOf(letters[axis]);
            m_facts.shape.push_back(extents[side]);
            m_facts.geometry.spacing[2 - axis] = steps[side];
            m_facts.geometry.affine[side * 4 + (2 - axis)] =
                isPositive(letters[axis]) ? steps[side] : -steps[side];
            m_facts.geometry.affine[side * 4 + 3] =
                isPositive(letters[axis]) ? 0 : steps[side] * static_cast<double>(extents[side] - 1);
        }
        m_facts.smallestShape = m_facts.largestShape = m_facts.shape;
    }

    Item read(std::int64_t index) const override {
        Array array{m_facts.shape, {}};
        for (std::int64_t d = 0; d < m_facts.shape[1]; ++d)
            for (std::int64_t h = 0; h < m_facts.shape[2]; ++h)
                for (std::int64_t w = 0; w < m_facts.shape[3]; ++w)
                    array.values.push_back(valueAt({d, h, w}) + 1000.0F * static_cast<float>(index));
        return {std::make_shared<const Array>(std::move(array)), static_cast<int>(index % 2), "head",
                m_facts.geometry};
    }

    static constexpr std::array<double, 3> steps{0.5, 2, 3};  // mm; right-left, front-back, up-down

private:
    static constexpr std::array<std::int64_t, 3> extents{2, 3, 4};
    static std::size_t sideOf(char letter) {
        return letter == 'R' || letter == 'L' ? 0 : letter == 'A' || letter == 'P' ? 1 : 2;
    }
    static bool isPositive(char letter) { return letter == 'R' || letter == 'A' || letter == 'S'; }

    // 100 x + 10 y + z, counted to the right, to the front and upwards.
    float valueAt(const std::array<std::int64_t, 3>& place) const {
        std::array<std::int64_t, 3> world{};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::size_t side = sideOf(m_letters[axis]);
            world[side] = isPositive(m_letters[axis]) ? place[axis] : extents[side] - 1 - place[axis];
        }
        return static_cast<float>(100 * world[0] + 10 * world[1] + world[2]);
    }

    std::string m_letters;
};

}  // namespace

class slicesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyOrientationGivesTheSameImages() {
        for (const char* letters : {"SAR", "IPL", "RAS", "LPI", "ARS", "PSL", "SRA", "ILP", "RSA", "ASR"}) {
            const auto set = slicesOf(std::make_shared<StoredHead>(letters, 1));
            QCOMPARE(set->size(), std::int64_t{4});
            const Item third = set->read(2);  // two above the lowest
            QCOMPARE(third.array->shape, (Shape{1, 3, 2}));
            // The front row first, the patient's right in the first column.
            QVERIFY2(third.array->values == (std::vector<float>{122, 22, 112, 12, 102, 2}), letters);
        }
    }

    // Every pixel of every slice lies where its value says, and so do the letters and distances.
    void slicesKeepTheirPlace() {
        for (const char* letters : {"SAR", "IPL", "RAS", "LPI", "ARS", "PSL", "SRA", "ILP", "RSA", "ASR"}) {
            const auto set = slicesOf(std::make_shared<StoredHead>(letters, 2));
            for (std::int64_t slice = 0; slice < set->size(); ++slice) {
                const Item item = set->read(slice);
                const std::array<double, 16>& a = item.geometry.affine;
                QVERIFY(item.geometry == set->geometryOf(slice));
                QCOMPARE(item.geometry.spacing, StoredHead::steps);
                for (std::size_t pixel = 0; pixel < 6; ++pixel) {
                    const double i = static_cast<double>(pixel % 2), j = static_cast<double>(pixel / 2);
                    double value = slice < 4 ? 0 : 1000;
                    for (std::size_t row = 0; row < 3; ++row)
                        value += (a[row * 4] * i + a[row * 4 + 1] * j + a[row * 4 + 3]) /
                                 StoredHead::steps[row] * std::array{100.0, 10.0, 1.0}[row];
                    QVERIFY2(std::abs(value - item.array->values[pixel]) < 1e-9, letters);
                }
            }
            QCOMPARE(orientationLetters(set->facts().geometry), std::string("LPS"));
            QVERIFY(liesInPatient(set->facts().geometry));
        }
    }

    void scaledOnesKeepTheirPlaceToo() {
        const auto set = slicesOf(std::make_shared<StoredHead>("SAR", 1));
        const Geometry whole = set->geometryOf(0), half = set->draw(0, {2, 1}, Fit::Crop, 1).geometry;
        QCOMPARE(half.spacing[0], 2 * whole.spacing[0]);  // 3 x 2 pixels become 2 x 1
        QCOMPARE(half.spacing[1], 1.5 * whole.spacing[1]);
        QCOMPARE(half.spacing[2], whole.spacing[2]);
    }

    void slicesOfManyVolumesAreItems() {
        const auto set = slicesOf(std::make_shared<StoredHead>("SAR", 3));
        const DataFacts& facts = set->facts();
        QVERIFY(facts.kind == DataKind::Image);
        QCOMPARE(facts.count, std::int64_t{12});
        QCOMPARE(facts.shape, (Shape{1, 3, 2}));
        QVERIFY(!facts.mixedShapes);
        QCOMPARE(facts.windowLow, 1.0);  // those of the values, not of the type
        QCOMPARE(set->read(7).array->values[0], 1123.0F);
        QCOMPARE(set->read(7).label, 1);
        QCOMPARE(set->labelOf(7), 1);
        QCOMPARE(QString::fromStdString(set->read(7).name), QString("head, slice 4"));
    }

    void theyAreScaledAsImagesAre() {
        const auto set = slicesOf(std::make_shared<StoredHead>("SAR", 1));
        QCOMPARE(set->draw(0, {2, 2}, Fit::Crop, 1).array->shape, (Shape{1, 2, 2}));
        QCOMPARE(set->place(0, {2, 2}, Fit::Crop, 1).scaled, (Shape{3, 2}));
    }

    void oneIsCountedAsOne() {
        const auto set = slicesOf(std::make_shared<StoredHead>("SAR", 1));
        QVERIFY2(set->facts().notes.back().find("slices of 1 volume;") != std::string::npos,
                 set->facts().notes.back().c_str());
    }

    void theSettingTakesThem() {
        DataConfig config;
        config.source = "demo:heads";
        config.as = TakeAs::Slices;
        const auto set = openDataset(config);
        QVERIFY(set->facts().kind == DataKind::Image);
        config.as = TakeAs::Own;
        const auto volumes = openDataset(config);
        const Shape shape = volumes->facts().shape;
        QCOMPARE(set->size(), volumes->size() * shape[1]);
        QCOMPARE(set->facts().shape, (Shape{1, shape[2], shape[3]}));
        RunConfig run;
        run.data.source = "demo:heads";
        run.data.as = TakeAs::Slices;
        QVERIFY(resolve(run, *set).data.low < resolve(run, *set).data.high);
    }

    void whatHasNoSlicesSaysSo() {
        DataConfig config;
        config.source = "demo:beats";
        config.as = TakeAs::Slices;
        try {
            openDataset(config);
            QFAIL("signals have no slices");
        } catch (const EngineError& error) {
            QCOMPARE(error.error().where, std::string("demo:beats"));
            QVERIFY(error.error().remedy.find("data.as") != std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(slicesTest)
#include "slicesTest.moc"
