// SPDX-License-Identifier: GPL-3.0-or-later
// DICOM series: order, geometry, gaps, scaling, several series, time points, enhanced files.
#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <cmath>
#include <memory>

#include "engine/api/FactsFile.h"
#include "tests/datasets/MadeDicom.h"

using namespace denoscope;
using Floats = std::vector<float>;
using Affine = std::array<double, 16>;

class dicomVolumesTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::string folder() const { return m_folder->path().toStdString(); }
    void add(const QString& name, const MadeDicom& dicom) const {
        put(m_folder->filePath(name), dicom.file());
    }
    static QByteArray along(double z) { return "-10\\20\\" + QByteArray::number(z); }
    void addStack(const std::vector<double>& places) const {
        for (std::size_t i = 0; i < places.size(); ++i)
            add(QString("s%1").arg((i * 7 + 3) % 100),
                madeSlice(static_cast<int>(i), along(places[i]), madeValues(static_cast<int>(i))));
    }
    static bool isNear(const Affine& a, const Affine& b, double tolerance = 1e-9) {
        return std::equal(a.begin(), a.end(), b.begin(),
                          [&](double x, double y) { return std::abs(x - y) < tolerance; });
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void slicesAreOrderedByPlace() {
        const std::array names{"IM9", "IM1.dcm", "zz", "a"};
        for (int k = 0; k < 4; ++k)
            add(names[static_cast<std::size_t>(k)], madeSlice(k, along(5 + 2.5 * k), madeValues(k)));
        const auto set = openPath(folder());
        QCOMPARE(set->facts().kind, DataKind::Volume);
        QCOMPARE(set->facts().shape, (Shape{1, 4, 2, 3}));
        QCOMPARE(set->facts().dtype, std::string("int16"));
        QCOMPARE(set->facts().format, std::string("DICOM folder"));
        Floats wanted;
        for (int k = 0; k < 4; ++k)
            for (const std::int16_t value : madeValues(k))
                wanted.push_back(value);
        QCOMPARE(set->read(0).array->values, wanted);
        const Geometry& geometry = set->facts().geometry;
        QCOMPARE(geometry.spacing, (std::array<double, 3>{0.5, 2, 2.5}));
        QVERIFY(isNear(geometry.affine, {-0.5, 0, 0, 10, 0, -2, 0, -20, 0, 0, 2.5, 5, 0, 0, 0, 1}));
        QCOMPARE(set->read(0).name, std::string("series 3, made series"));
        QVERIFY(set->facts().notes.empty());
        QVERIFY(set->facts().details.parts.empty());
    }

    void obliqueSlicesKeepTheirAffine() {
        // A turn about an odd axis; the positions follow the normal, the third column of the turn.
        const double a = 0.4, b = 0.3;
        const std::array<double, 9> r{std::cos(a),
                                      -std::sin(a) * std::cos(b),
                                      std::sin(a) * std::sin(b),
                                      std::sin(a),
                                      std::cos(a) * std::cos(b),
                                      -std::cos(a) * std::sin(b),
                                      0,
                                      std::sin(b),
                                      std::cos(b)};
        const auto number = [](double value) { return QByteArray::number(value, 'f', 12); };
        for (int k = 2; k >= 0; --k) {
            QByteArray position, orientation;
            for (std::size_t axis = 0; axis < 3; ++axis)
                position += (axis ? "\\" : "") + number(7.0 + 3.0 * k * r[axis * 3 + 2]);
            for (std::size_t i = 0; i < 6; ++i)
                orientation += (i ? "\\" : "") + number(r[i % 3 * 3 + i / 3]);
            add(QString::number(k),
                madeSlice(k, position, madeValues(k)).text(0x00200037, "DS", orientation));
        }
        const auto set = openPath(folder());
        Affine wanted{};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double sign = axis < 2 ? -1 : 1;
            wanted[axis * 4] = sign * r[axis * 3] * 0.5;
            wanted[axis * 4 + 1] = sign * r[axis * 3 + 1] * 2;
            wanted[axis * 4 + 2] = sign * r[axis * 3 + 2] * 3;
            wanted[axis * 4 + 3] = sign * 7;
        }
        wanted[15] = 1;
        QVERIFY(isNear(set->facts().geometry.affine, wanted, 1e-9));
        QCOMPARE(set->read(0).array->values.front(), 0.0f);
        QVERIFY(set->facts().notes.empty());
    }

    void unevenGapsAreReported() {
        addStack({0, 2, 4, 8, 10, 12});
        const auto missing = openPath(folder());
        QCOMPARE(missing->facts().geometry.spacing[2], 2.0);
        QVERIFY(isNoted(*missing, "4 mm between slices 3 and 4"));
        QVERIFY(isNoted(*missing, "1 slice seems to be missing"));
        init();
        addStack({0, 1, 2.3, 3.3, 4.3});
        const auto uneven = openPath(folder());
        QCOMPARE(uneven->facts().geometry.spacing[2], 1.0);
        QVERIFY(isNoted(*uneven, "1.3 mm between slices 2 and 3"));
        QVERIFY(!isNoted(*uneven, "missing"));
    }

    void aTiltedGantryIsKept() {
        for (int k = 0; k < 4; ++k)
            add(QString::number(k),
                madeSlice(k, "0\\" + QByteArray::number(0.5 * k) + "\\" + QByteArray::number(2 * k),
                          madeValues(k)));
        const auto set = openPath(folder());
        QVERIFY(isNoted(*set, "14.0 degrees"));
        QVERIFY(
            isNear(set->facts().geometry.affine, {-0.5, 0, 0, 0, 0, -2, -0.5, 0, 0, 0, 2, 0, 0, 0, 0, 1}));
    }

    void everySliceIsScaledByItsOwn() {
        for (int k = 0; k < 2; ++k)
            add(QString::number(k), madeSlice(k, along(k), {1, 2, 3, 4, 5, 6})
                                        .text(0x00080060, "CS", "PT")
                                        .text(0x00541001, "CS", "BQML")
                                        .text(0x00281053, "DS", k ? "0.5" : "2")
                                        .text(0x00281052, "DS", k ? "-1" : "10"));
        const auto set = openPath(folder());
        QCOMPARE(set->read(0).array->values, (Floats{12, 14, 16, 18, 20, 22, -0.5, 0, 0.5, 1, 1.5, 2}));
        QVERIFY(isNoted(*set, "differ between slices"));
        QCOMPARE(set->facts().details.unit, std::string("Bq/ml"));
    }

    void ctWithoutAScaleHasNoUnit() {
        const auto unitOf = [this](const char* type, const char* intercept) {
            init();
            for (int k = 0; k < 2; ++k) {
                MadeDicom slice = madeSlice(k, along(k), {0, 1, 2, 3, 4, 2000});
                slice.text(0x00080060, "CS", "CT")
                    .text(0x00281053, "DS", "1")
                    .text(0x00281052, "DS", intercept);
                add(QString::number(k), *type ? slice.text(0x00281054, "LO", type) : slice);
            }
            return openPath(folder())->facts().details.unit;
        };
        QCOMPARE(unitOf("US", "0"), std::string());
        QCOMPARE(unitOf("", "0"), std::string());
        QCOMPARE(unitOf("HU", "0"), std::string("HU"));
        QCOMPARE(unitOf("", "-1024"), std::string("HU"));
        QCOMPARE(unitOf("OD", "-1024"), std::string("OD"));
    }

    void ctIsInHounsfieldUnitsWithItsWindows() {
        for (int k = 0; k < 2; ++k)
            add(QString::number(k), madeSlice(k, along(k), {0, 1, 2, 3, 4, 2000})
                                        .text(0x00080060, "CS", "CT")
                                        .text(0x00281050, "DS", "40\\300")
                                        .text(0x00281051, "DS", "80\\2000")
                                        .text(0x00281055, "LO", "BRAIN\\BONE")
                                        .text(0x00281053, "DS", "1")
                                        .text(0x00281052, "DS", "-1024"));
        const auto set = openPath(folder());
        QCOMPARE(set->facts().details.unit, std::string("HU"));
        QCOMPARE(set->facts().details.intercept, -1024.0);
        QCOMPARE(set->facts().min, -1024.0);
        QCOMPARE(set->facts().max, 976.0);
        QCOMPARE(set->facts().details.windows,
                 (std::vector<ValueWindow>{{"BRAIN", 0, 80}, {"BONE", -700, 1300}}));
    }

    void seriesAreListedAndChosen() {
        addStack({0, 1, 2});
        for (int k = 0; k < 5; ++k)
            add(QString("other%1").arg(k), madeSlice(100 + k, along(k), madeValues(k))
                                               .text(0x0020000E, "UI", "1.2.3.5")
                                               .text(0x00200011, "IS", "7")
                                               .text(0x0008103E, "LO", "longer"));
        add("scout", madeSlice(200, along(0), madeValues(9))
                         .text(0x00080008, "CS", "ORIGINAL\\PRIMARY\\LOCALIZER")
                         .text(0x00200011, "IS", "1"));
        put(m_folder->filePath("report.dcm"),
            MadeDicom().text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.88.11").file());
        const auto largest = openPath(folder());
        QCOMPARE(largest->facts().shape, (Shape{1, 5, 2, 3}));
        QCOMPARE(largest->facts().details.part, std::string("7"));
        QCOMPARE(largest->facts().details.parts.size(), std::size_t{3});
        QCOMPARE(largest->facts().details.parts[2].description,
                 std::string("MR, longer, 3 x 2 x 5, 0.5 x 2 x 1 mm"));
        QVERIFY(isNoted(*largest, "3 (MR, made series"));
        QVERIFY(isNoted(
            *largest, "1 of 10 files could not be used: report.dcm holds no picture: it is a Basic Text SR"));
        QCOMPARE(openPart(folder(), "3")->facts().shape, (Shape{1, 3, 2, 3}));
        QCOMPARE(openPart(folder(), "1")->facts().kind, DataKind::Image);
        const auto all = openPart(folder(), "all");
        QCOMPARE(all->size(), std::int64_t{2});
        QVERIFY(all->facts().mixedShapes);
        try {
            openPart(folder(), "12");
            QFAIL("an unknown series was opened");
        } catch (const EngineError& error) {
            QVERIFY(error.error().remedy.find("7 (MR, longer") != std::string::npos);
        }
    }

    void framesOfOnePlaceAreTimePoints() {
        for (int t = 0; t < 3; ++t)
            for (int k = 0; k < 2; ++k)
                add(QString("%1-%2").arg(t).arg(k),
                    madeSlice(10 * t + k, along(k), madeValues(10 * t + k))
                        .text(0x00200100, "IS", QByteArray::number(t + 1))
                        .text(0x00181060, "DS", QByteArray::number(40 * t + 5)));
        const auto set = openPath(folder());
        QCOMPARE(set->size(), std::int64_t{3});
        QCOMPARE(set->facts().shape, (Shape{1, 2, 2, 3}));
        QCOMPARE(set->facts().details.timeStep, 0.04);
        for (int t = 0; t < 3; ++t) {
            QCOMPARE(set->read(t).array->values.front(), static_cast<float>(1000 * t));
            QCOMPARE(set->read(t).array->values.back(), static_cast<float>(1000 * t + 105));
        }
        QFile::remove(m_folder->filePath("2-1"));  // the last one loses a slice
        const auto two = openPath(folder());
        QCOMPARE(two->size(), std::int64_t{2});
        QVERIFY(isNoted(*two, "1 of 3 passes over the same slices are incomplete"));
    }

    void copiesOfASliceAreUsedOnce() {
        addStack({0, 1, 2});
        add("copy of 1", madeSlice(1, along(1), madeValues(1)));
        const auto set = openPath(folder());
        QCOMPARE(set->facts().shape, (Shape{1, 3, 2, 3}));
        QVERIFY(isNoted(*set, "A slice is there more than once"));
    }

    void enhancedFilesCarryTheirSlicesThemselves() {
        std::vector<MadeDicom> groups;
        std::vector<std::int16_t> values;
        for (const int k : {2, 0, 1}) {  // not by place
            const auto group = [](std::uint32_t tag, const char* type, const QByteArray& text) {
                return std::vector<MadeDicom>{MadeDicom().text(tag, type, text)};
            };
            groups.push_back(MadeDicom()
                                 .items(0x00209113, group(0x00200032, "DS", along(4 * k)))
                                 .items(0x00289145, group(0x00281053, "DS", QByteArray::number(k + 1))));
            values.insert(values.end(), 6, static_cast<std::int16_t>(10 + k));
        }
        const MadeDicom shared =
            MadeDicom()
                .items(0x00209116, {MadeDicom().text(0x00200037, "DS", "1\\0\\0\\0\\1\\0")})
                .items(0x00289110, {MadeDicom().text(0x00280030, "DS", "2\\0.5")});
        MadeDicom file = madeSlice(1, "0\\0\\0", values)
                             .without(0x00200032)
                             .without(0x00200037)
                             .without(0x00280030)
                             .text(0x00280008, "IS", "3")
                             .items(0x52009229, {shared})
                             .items(0x52009230, groups);
        for (const MadeEncoding encoding :
             {MadeEncoding::Explicit, MadeEncoding::Implicit, MadeEncoding::BigEndian}) {
            const auto set = openPath(put(m_folder->filePath("enhanced"), file.file(encoding)));
            QCOMPARE(set->facts().shape, (Shape{1, 3, 2, 3}));
            QVERIFY(isNear(set->facts().geometry.affine,
                           {-0.5, 0, 0, 10, 0, -2, 0, -20, 0, 0, 4, 0, 0, 0, 0, 1}));
            const Floats read = set->read(0).array->values;
            QCOMPARE((Floats{read[0], read[6], read[12]}), (Floats{10, 22, 36}));
        }
    }

    void piecesAreTheSameAsTheWhole() {
        std::vector<std::int16_t> values(64 * 64);
        for (int k = 0; k < 80; ++k) {
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = static_cast<std::int16_t>((i * 31 + static_cast<std::size_t>(k) * 977) % 5003);
            add(QString::number(k), madeSlice(k, along(k), {}).pixels<std::int16_t>(64, 64, values));
        }
        const auto whole = openPath(folder(), 64), pieces = openPath(folder(), 1);  // 1.25 MiB once decoded
        QVERIFY_EXCEPTION_THROWN(pieces->read(0), EngineError);
        const Item a = whole->draw(0, {7, 9, 11}, Fit::Exact, 5),
                   b = pieces->draw(0, {7, 9, 11}, Fit::Exact, 5);
        QCOMPARE(a.geometry, b.geometry);
        QCOMPARE(a.array->values, b.array->values);
    }

    void nobodyIsNamed() {
        addStack({0, 1, 5});
        const auto set = openPath(folder());
        const std::string facts = formatFacts(set->facts()) + set->read(0).name;
        QVERIFY(facts.find("made series") != std::string::npos);
        QVERIFY(facts.find("Secret") == std::string::npos && facts.find("SECRET") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(dicomVolumesTest)
#include "dicomVolumesTest.moc"
