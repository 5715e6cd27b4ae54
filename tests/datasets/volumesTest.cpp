// SPDX-License-Identifier: GPL-3.0-or-later
// NIfTI: types, byte order, scaling, orientation, patches of volumes larger than the cache, damage.
#include <nifti2_io.h>
#include <sys/resource.h>

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <limits>
#include <numeric>

#include "engine/core/Random.h"
#include "tests/datasets/MadeFiles.h"

using namespace denoscope;
using Floats = std::vector<float>;

namespace {

bool isNoted(const Dataset& set, const char* words) {
    return std::ranges::any_of(
        set.facts().notes, [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

}  // namespace

class volumesTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }
    std::shared_ptr<const Dataset> opened(const nifti_1_header& h, const QByteArray& data) const {
        return openPath(put(at("v.nii"), nifti(h, data)));
    }

private Q_SLOTS:
    void readsEveryType() {
        const auto values = [&](short type, short bits, const QByteArray& data) {
            return opened(niftiHeader(3, 2, 1, type, bits), data)->read(0).array->values;
        };
        const Floats wanted{1, 2, 3, 4, 5, 6};
        QCOMPARE(values(DT_UINT8, 8, bytesOf<std::uint8_t>({1, 2, 3, 4, 5, 6})), wanted);
        QCOMPARE(values(DT_INT8, 8, bytesOf<std::int8_t>({1, 2, 3, 4, 5, 6})), wanted);
        QCOMPARE(values(DT_INT16, 16, bytesOf<std::int16_t>({1, 2, 3, 4, 5, 6})), wanted);
        QCOMPARE(values(DT_UINT16, 16, bytesOf<std::uint16_t>({1, 2, 3, 4, 5, 6})), wanted);
        QCOMPARE(values(DT_INT32, 32, bytesOf<std::int32_t>({1, 2, 3, 4, 5, 6})), wanted);
        QCOMPARE(values(DT_UINT32, 32, bytesOf<std::uint32_t>({1, 2, 3, 4, 5, 6})), wanted);
        QCOMPARE(values(DT_INT64, 64, bytesOf<std::int64_t>({1, 2, 3, 4, 5, 6})), wanted);
        QCOMPARE(values(DT_UINT64, 64, bytesOf<std::uint64_t>({1, 2, 3, 4, 5, 6})), wanted);
        QCOMPARE(values(DT_FLOAT32, 32, bytesOf<float>({1, 2, 3, 4, 5, 6})), wanted);
        QCOMPARE(values(DT_FLOAT64, 64, bytesOf<double>({1, 2, 3, 4, 5, 6})), wanted);
    }

    void readsTheOtherByteOrder() {
        nifti_1_header h = niftiHeader(3, 2, 1, DT_INT16, 16);
        h.scl_slope = 2;
        h.scl_inter = -1024;
        nifti_swap_as_nifti1(&h);
        const auto set = opened(h, bytesOf<std::int16_t>({1, 2, 3, 4, 5, 600}, true));
        QCOMPARE(set->read(0).array->values, (Floats{-1022, -1020, -1018, -1016, -1014, 176}));
        QCOMPARE(set->facts().shape, (Shape{1, 1, 2, 3}));
        QCOMPARE(set->facts().dtype, std::string("int16"));
    }

    void slopeZeroMeansNone() {
        nifti_1_header h = niftiHeader(2, 1, 1, DT_UINT8, 8);
        h.scl_slope = 0;
        h.scl_inter = 50;
        QCOMPARE(opened(h, QByteArray("\1\2"))->read(0).array->values, (Floats{1, 2}));
    }

    void readsCompressedAndVersionTwo() {
        const nifti_1_header h = niftiHeader(2, 2, 1, DT_UINT8, 8);
        QCOMPARE(openPath(putGzip(at("v.nii.gz"), nifti(h, QByteArray("\1\2\3\4"))))->read(0).array->values,
                 (Floats{1, 2, 3, 4}));
        nifti_2_header two{};
        two.sizeof_hdr = 540;
        std::memcpy(two.magic, "n+2\0\r\n\032\n", 8);
        const std::int64_t dim[8] = {3, 2, 2, 1, 1, 1, 1, 1};
        std::copy(dim, dim + 8, two.dim);
        std::fill(two.pixdim, two.pixdim + 8, 1.5);
        two.datatype = DT_UINT8;
        two.vox_offset = 544;
        const QByteArray bytes =
            QByteArray(reinterpret_cast<const char*>(&two), 540) + QByteArray(4, '\0') + "\4\3\2\1";
        const auto set = openPath(put(at("two.nii"), bytes));
        QCOMPARE(set->read(0).array->values, (Floats{4, 3, 2, 1}));
        QCOMPARE(set->facts().geometry.spacing[0], 1.5);
    }

    void findsOrientation() {
        nifti_1_header h = niftiHeader(2, 2, 2, DT_UINT8, 8);
        const QByteArray data(8, '\1');
        Geometry g = opened(h, data)->facts().geometry;  // voxel sizes alone
        QCOMPARE(g.spacing, (std::array<double, 3>{2, 3, 4}));
        QCOMPARE(g.affine[5], 3.0);
        h.qform_code = 1;  // a quarter turn around z, and left-handed
        h.quatern_d = std::sqrt(0.5f);
        h.pixdim[0] = -1;
        h.qoffset_x = 7;
        g = opened(h, data)->facts().geometry;
        QVERIFY(std::abs(g.affine[1] + 3) < 1e-5 && std::abs(g.affine[4] - 2) < 1e-5 &&
                std::abs(g.affine[10] + 4) < 1e-5);
        QCOMPARE(g.affine[3], 7.0);
        h.sform_code = 1;
        const float x[4] = {-1, 0, 0, 90}, y[4] = {0, 1, 0, -126}, z[4] = {0, 0, 5, -72};
        std::copy(x, x + 4, h.srow_x);
        std::copy(y, y + 4, h.srow_y);
        std::copy(z, z + 4, h.srow_z);
        g = opened(h, data)->facts().geometry;
        QCOMPARE(g.affine[3], 90.0);
        QCOMPARE(g.spacing, (std::array<double, 3>{1, 1, 5}));
    }

    void timePointsAreItems() {
        nifti_1_header h = niftiHeader(2, 1, 1, DT_UINT8, 8);
        h.dim[0] = 4;
        h.dim[4] = 3;
        h.pixdim[4] = 1500;
        h.xyzt_units = NIFTI_UNITS_MM | NIFTI_UNITS_MSEC;
        const auto set = opened(h, QByteArray("\1\2\3\4\5\6"));
        QCOMPARE(set->size(), 3);
        QCOMPARE(set->read(0).array->values, (Floats{1, 2}));
        QCOMPARE(set->read(2).array->values, (Floats{5, 6}));
        QCOMPARE(set->facts().details.timeStep, 1.5);
        h.dim[0] = 5;  // vectors: the fifth dimension
        h.dim[4] = 1;
        h.dim[5] = 3;
        QCOMPARE(opened(h, QByteArray("\1\2\3\4\5\6"))->facts().shape, (Shape{3, 1, 1, 2}));
        h.dim[1] = 1;  // and both
        h.dim[4] = 2;
        const auto both = opened(h, QByteArray("\1\2\3\4\5\6"));
        QCOMPARE(both->facts().shape, (Shape{3, 1, 1, 1}));
        QCOMPARE(both->read(1).array->values, (Floats{2, 4, 6}));
    }

    void coloursAreChannelsAndComplexIsRefused() {
        const auto rgb = opened(niftiHeader(2, 1, 1, DT_RGB24, 24), QByteArray("\1\2\3\4\5\6"));
        QCOMPARE(rgb->facts().details.channelNames, (std::vector<std::string>{"red", "green", "blue"}));
        QVERIFY(std::ranges::any_of(rgb->facts().notes, [](const std::string& note) {
            return note.starts_with("Every voxel holds 3 values");
        }));
        QCOMPARE(rgb->facts().shape, (Shape{3, 1, 1, 2}));
        QCOMPARE(rgb->read(0).array->values, (Floats{1, 4, 2, 5, 3, 6}));
        const auto rgba = opened(niftiHeader(1, 1, 2, DT_RGBA32, 32), QByteArray("\1\2\3\4\5\6\7\10"));
        QCOMPARE(rgba->read(0).array->values, (Floats{1, 5, 2, 6, 3, 7, 4, 8}));
        for (const short type : {DT_COMPLEX64, DT_COMPLEX128}) {
            const Error error =
                errorOf(put(at("v.nii"), nifti(niftiHeader(2, 1, 1, type, 64), QByteArray(64, '\0'))));
            QVERIFY(isHelpful(error) && error.what.find("complex") != std::string::npos);
        }
    }

    void readsPairs() {
        nifti_1_header h = niftiHeader(2, 2, 1, DT_UINT8, 8);
        h.vox_offset = 0;
        std::memcpy(h.magic, "ni1", 4);
        const QByteArray header(reinterpret_cast<const char*>(&h), sizeof h), voxels("\1\2\3\4");
        const Floats wanted{1, 2, 3, 4};
        put(at("p.hdr"), header);
        QVERIFY(isHelpful(errorOf(at("p.hdr").toStdString())));  // half of a pair
        put(at("p.img"), voxels);
        QCOMPARE(openPath(at("p.hdr").toStdString())->read(0).array->values, wanted);
        QCOMPARE(openPath(at("p.img").toStdString())->read(0).array->values, wanted);
        QVERIFY(QDir(m_folder.path()).mkpath("pairs"));
        putGzip(at("pairs/q.hdr.gz"), header);
        putGzip(at("pairs/q.img.gz"), voxels);
        QCOMPARE(openPath(at("pairs/q.img.gz").toStdString())->read(0).array->values, wanted);
        QCOMPARE(openPath(at("pairs").toStdString())->size(), 1);
        std::memset(h.magic, 0, 4);  // ANALYZE 7.5
        h.scl_slope = 3;
        put(at("p.hdr"), QByteArray(reinterpret_cast<const char*>(&h), sizeof h));
        const auto analyze = openPath(at("p.hdr").toStdString());
        QCOMPARE(analyze->read(0).array->values, wanted);
        QCOMPARE(analyze->facts().geometry.affine[0], -2.0);
        QVERIFY(!analyze->facts().notes.empty());
    }

    void convertsUnitsAndNotesDoubts() {
        nifti_1_header h = niftiHeader(2, 1, 1, DT_UINT8, 8);
        h.xyzt_units = NIFTI_UNITS_METER;
        QCOMPARE(opened(h, QByteArray("\1\2"))->facts().geometry.spacing,
                 (std::array<double, 3>{2000, 3000, 4000}));
        h.xyzt_units = NIFTI_UNITS_MM;
        h.sform_code = h.qform_code = 1;
        h.srow_x[0] = 2;
        h.srow_y[1] = 3;
        h.srow_z[2] = 4;
        QVERIFY(opened(h, QByteArray("\1\2"))->facts().notes.empty());
        h.qoffset_y = 10;
        QCOMPARE(opened(h, QByteArray("\1\2"))->facts().notes.size(), std::size_t{1});
    }

    void saysWhereLeftIsUnknown() {
        nifti_1_header h = niftiHeader(2, 1, 1, DT_UINT8, 8);
        QVERIFY(isNoted(*opened(h, QByteArray("\1\2")), "left and right are unknown"));
        h.pixdim[1] = 1e9f;
        h.pixdim[2] = 1e-9f;
        const auto set = opened(h, QByteArray("\1\2"));
        QCOMPARE(set->facts().geometry.spacing, (std::array<double, 3>{1, 1, 4}));
        QVERIFY(isNoted(*set, "impossible"));
        QCOMPARE(errorOf(set->facts().source), Error());
    }

    void foldersStateWhatAllHave() {
        QTemporaryDir folder;
        nifti_1_header h = niftiHeader(2, 1, 1, DT_INT16, 16);
        h.scl_slope = 2;
        put(folder.filePath("a.nii"), nifti(h, bytesOf<std::int16_t>({0, 1})));
        QCOMPARE(openPath(folder.path().toStdString())->facts().details.slope, 2.0);
        h.scl_slope = 3;
        h.pixdim[1] = 7;
        put(folder.filePath("b.nii"), nifti(h, bytesOf<std::int16_t>({0, 1})));
        const auto set = openPath(folder.path().toStdString());
        QCOMPARE(set->facts().details.slope, 1.0);
        QVERIFY(isNoted(*set, "Slope and intercept differ"));
        QVERIFY(isNoted(*set, "that of the first volume"));
        QCOMPARE(set->read(1).array->values, (Floats{0, 3}));
    }

    void partsThatAreNotThereAreRefused() {
        nifti_1_header h = niftiHeader(2, 1, 1, DT_UINT8, 8);
        DataConfig config;
        config.part = "x";
        for (const std::string& source :
             {opened(h, QByteArray("\1\2"))->facts().source, std::string("demo:beats")}) {
            config.source = source;
            QVERIFY_THROWS_EXCEPTION(EngineError, openDataset(config));
        }
    }

    void scalingIsKnown() {
        nifti_1_header h = niftiHeader(2, 1, 1, DT_INT16, 16);
        h.scl_slope = 0.5;
        h.scl_inter = -1000;
        const auto set = opened(h, bytesOf<std::int16_t>({0, 100}));
        QCOMPARE(set->facts().details.slope, 0.5);
        QCOMPARE(set->facts().details.intercept, -1000.0);
        QCOMPARE(set->read(0).array->values, (Floats{-1000, -950}));
    }

    void drawsPatchesAtFullResolution_data() {
        QTest::addColumn<int>("cacheMiB");
        QTest::newRow("in the cache") << 64;
        QTest::newRow("from the file") << 1;
    }
    void drawsPatchesAtFullResolution() {
        QFETCH(int, cacheMiB);
        std::vector<float> ramp(80 * 80 * 80);  // 2 MiB
        std::iota(ramp.begin(), ramp.end(), 0.0f);
        const nifti_1_header h = niftiHeader(80, 80, 80, DT_FLOAT32, 32);
        const auto set = openPath(put(at("big.nii"), nifti(h, bytesOf(ramp))), cacheMiB);
        for (std::uint64_t key = 0; key < 30; ++key) {
            const Item patch = set->draw(0, {3, 4, 5}, Fit::Exact, key);
            const Floats& v = patch.array->values;
            QCOMPARE(v[1] - v[0], 1.0f);
            QCOMPARE(v[5] - v[0], 80.0f);
            QCOMPARE(v[20] - v[0], 6400.0f);
            const double x = std::fmod(v[0], 80.0), y = std::fmod(std::floor(v[0] / 80.0), 80.0);
            QCOMPARE(patch.geometry.affine[3], x * 2);  // where the patch lies in the world
            QCOMPARE(patch.geometry.affine[7], y * 3);
        }
        const Item padded = set->draw(0, {84, 80, 80}, Fit::Pad, 0);
        QCOMPARE(padded.array->shape, (Shape{1, 84, 80, 80}));
        QCOMPARE(padded.array->values[2 * 6400 + 5], 5.0f);
        QVERIFY_EXCEPTION_THROWN(set->draw(0, {84, 80, 80}, Fit::Crop, 0), EngineError);
    }

    // A bright cube in a corner, an eighth of the volume: one middle in eight would lie in it by chance.
    void prefersPatchesThatShowSomething() {
        std::vector<float> voxels(80 * 80 * 80);  // 2 MiB
        for (std::size_t i = 0; i < voxels.size(); ++i)
            voxels[i] = i % 80 < 40 && i / 80 % 80 < 40 && i / 6400 < 40 ? 100.0f : 0.0f;
        const std::string path =
            put(at("corner.nii"), nifti(niftiHeader(80, 80, 80, DT_FLOAT32, 32), bytesOf(voxels)));
        const auto cached = openPath(path, 64), fromFile = openPath(path, 1);
        int bright = 0;
        for (std::uint64_t key = 0; key < 200; ++key) {
            const Item patch = cached->draw(0, {8, 8, 8}, Fit::Exact, mix64(key));
            const Item same = fromFile->draw(0, {8, 8, 8}, Fit::Exact, mix64(key));
            QCOMPARE(same.array->values, patch.array->values);
            QCOMPARE(same.geometry, patch.geometry);
            bright += patch.array->values[(4 * 8 + 4) * 8 + 4] > 0;
        }
        QVERIFY2(bright > 100, qPrintable(QString::number(bright)));
        QVERIFY2(bright < 200, "the surroundings must be learned as well");
    }

    // Compressed ones larger than the cache are read piece by piece as well, from points kept on the way.
    void readsPiecesOfCompressedOnes() {
        constexpr int side = 170;  // 19 MiB: two such points
        std::vector<float> ramp(side * side * side);
        std::iota(ramp.begin(), ramp.end(), 0.0f);
        const QByteArray whole = nifti(niftiHeader(side, side, side, DT_FLOAT32, 32), bytesOf(ramp));
        const auto compressed = openPath(putGzip(at("big.nii.gz"), whole), 1);
        const auto plain = openPath(put(at("big.nii"), whole), 1);
        QVERIFY(compressed->facts().statisticsSampled);
        for (std::uint64_t key = 0; key < 15; ++key) {
            const Item a = compressed->draw(0, {5, 6, 7}, Fit::Exact, mix64(key));
            QCOMPARE(a.array->values, plain->draw(0, {5, 6, 7}, Fit::Exact, mix64(key)).array->values);
        }
        const Error error = errorOf(at("big.nii.gz").toStdString(), 1);  // read whole
        QVERIFY(isHelpful(error) && error.remedy.find("cache_mib") != std::string::npos);
    }

    // What would fill a gigabyte is looked for before memory is taken: this file has room for it, but holds
    // less.
    void claimsOfCompressedOnesAreChecked() {
        std::vector<std::uint64_t> noise(1 << 17);
        for (std::size_t i = 0; i < noise.size(); ++i)
            noise[i] = mix64(i);
        const std::string path =
            putGzip(at("claim.nii.gz"), nifti(niftiHeader(1000, 1000, 900, DT_UINT8, 8), bytesOf(noise)));
        rusage before{}, after{};
        getrusage(RUSAGE_SELF, &before);
        QVERIFY(isHelpful(errorOf(path, 8192)));
        getrusage(RUSAGE_SELF, &after);
        QVERIFY(after.ru_maxrss - before.ru_maxrss < 64 * 1024);
    }

    void saysWhatFollowsTheVoxels() {
        const QByteArray whole = nifti(niftiHeader(2, 2, 2, DT_UINT8, 8), QByteArray(8, '\1'));
        const auto noteOf = [](const std::string& path) {
            const auto set = openPath(path);
            return isNoted(*set,
                           "Damaged, but can be read: it holds 5 bytes more than its header speaks of") &&
                   set->read(0).array->values == Floats(8, 1.0f);
        };
        QVERIFY(noteOf(put(at("more.nii"), whole + "12345")));
        QVERIFY(noteOf(putGzip(at("more.nii.gz"), whole + "12345")));
        QVERIFY(!isNoted(*openPath(put(at("exact.nii"), whole)), "Damaged"));
        QVERIFY(!isNoted(*openPath(putGzip(at("exact.nii.gz"), whole)), "Damaged"));
    }

    void refusesDamage() {
        const nifti_1_header good = niftiHeader(4, 4, 4, DT_UINT8, 8);
        const QByteArray whole = nifti(good, QByteArray(64, '\1'));
        for (qsizetype size = 0; size < whole.size(); size += 5)
            QVERIFY2(isHelpful(errorOf(put(at("cut.nii"), whole.left(size)))),
                     qPrintable(QString::number(size)));
        putGzip(at("cut.nii.gz"), whole);
        QFile file(at("cut.nii.gz"));
        QVERIFY(file.open(QIODevice::ReadWrite) && file.resize(file.size() / 2));
        QVERIFY(isHelpful(errorOf(file.fileName().toStdString())));
        const auto refused = [&](auto change) {
            nifti_1_header h = good;
            change(h);
            return isHelpful(errorOf(put(at("bad.nii"), nifti(h, QByteArray(64, '\1')))));
        };
        QVERIFY(refused([](auto& h) { h.dim[1] = 0; }));
        QVERIFY(refused([](auto& h) { h.dim[2] = -4; }));
        QVERIFY(refused([](auto& h) { h.dim[1] = h.dim[2] = h.dim[3] = 32767; }));
        QVERIFY(refused([](auto& h) { h.dim[0] = 9; }));
        QVERIFY(refused([](auto& h) { h.datatype = 999; }));
        QVERIFY(refused([](auto& h) { h.vox_offset = std::nanf(""); }));
        QVERIFY(refused([](auto& h) { h.vox_offset = -1e30f; }));
        QVERIFY(refused([](auto& h) { h.vox_offset = 1e30f; }));
        QVERIFY(refused([](auto& h) { h.magic[1] = 'i'; }));  // a pair without its other half
        nifti_1_header noisy = niftiHeader(2, 1, 1, DT_FLOAT32, 32);
        QVERIFY(isHelpful(errorOf(
            put(at("nan.nii"), nifti(noisy, bytesOf<float>({1, std::numeric_limits<float>::infinity()}))))));
    }
};

QTEST_GUILESS_MAIN(volumesTest)
#include "volumesTest.moc"
