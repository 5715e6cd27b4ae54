// SPDX-License-Identifier: GPL-3.0-or-later
// Converted and read again, data are what they were.
#include "engine/data/export/Convert.h"

#include <QDir>
#include <QImage>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <limits>
#include <numeric>

#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

namespace {

// No 24 bits are enough for these in decimal; float32 holds them.
constexpr float oblique[12] = {0.9f,  -0.3f, 0.1f,   -91.3f, 0.25f, 1.8f,
                               -0.4f, 12.7f, -0.05f, 0.2f,   2.9f,  44.1f};

QByteArray obliqueNifti(short times) {
    nifti_1_header header = niftiHeader(4, 3, 2, DT_INT16, 16);
    header.dim[0] = times > 1 ? 4 : 3;
    header.dim[4] = times;
    header.pixdim[4] = 2.5f;
    header.xyzt_units = NIFTI_UNITS_MM | NIFTI_UNITS_SEC;
    header.sform_code = NIFTI_XFORM_SCANNER_ANAT;
    std::copy(oblique, oblique + 4, header.srow_x);
    std::copy(oblique + 4, oblique + 8, header.srow_y);
    std::copy(oblique + 8, oblique + 12, header.srow_z);
    std::vector<std::int16_t> values;
    for (int i = 0; i < 24 * times; ++i)
        values.push_back(static_cast<std::int16_t>(i * 37 - 1024));
    return nifti(header, bytesOf(values));
}

QByteArray bytesIn(const std::string& path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool mentions(const Converted& converted, const char* words) {
    return std::ranges::any_of(
        converted.notes, [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

}  // namespace

class convertTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString in(const QString& name) const { return m_folder.filePath(name); }
    std::string at(const QString& name) const { return in(name).toStdString(); }
    static Converted convertPath(const std::string& from, const std::string& to,
                                 ConvertOptions options = {}) {
        return convert(*openPath(from), to, options);
    }
    static Error refusalOf(const std::string& from, const std::string& to, ConvertOptions options = {}) {
        try {
            convertPath(from, to, options);
        } catch (const WorkFailed&) {
            return {};
        } catch (const EngineError& error) {
            return error.error();
        }
        return {};
    }
    static void compareVolumes(const std::string& one, const std::string& other) {
        const auto a = openPath(one), b = openPath(other);
        QCOMPARE(b->facts().shape, a->facts().shape);
        QCOMPARE(b->facts().geometry.affine, a->facts().geometry.affine);
        QCOMPARE(b->facts().geometry.spacing, a->facts().geometry.spacing);
        QCOMPARE(b->facts().details.timeStep, a->facts().details.timeStep);
        QCOMPARE(b->size(), a->size());
        for (std::int64_t i = 0; i < a->size(); ++i)
            QCOMPARE(b->read(i).array->values, a->read(i).array->values);
    }

private Q_SLOTS:
    void niftiKeepsAnObliqueAffine() {
        const std::string from = put(in("oblique.nii"), obliqueNifti(1));
        for (const char* name : {"again.nii", "again.nii.gz"}) {
            convertPath(from, at(name));
            compareVolumes(from, at(name));
            QCOMPARE(openPath(at(name))->facts().dtype, std::string("int16"));
        }
        const QByteArray bytes = bytesIn(at("again.nii"));
        QVERIFY(bytes.contains("converted") && !bytes.contains("synthetic"));
    }

    void timePointsStayTogether() {
        const std::string from = put(in("times.nii"), obliqueNifti(3));
        QCOMPARE(convertPath(from, at("together.nii.gz")).paths, std::vector{at("together.nii.gz")});
        compareVolumes(from, at("together.nii.gz"));
        QCOMPARE(openPath(at("together.nii.gz"))->facts().details.timeStep, 2.5);
        convertPath(from, at("one.nii"), {.item = 1});
        QCOMPARE(openPath(at("one.nii"))->read(0).array->values, openPath(from)->read(1).array->values);
    }

    void otherVolumesBecomeNifti() {
        QByteArray values(4 * 3 * 2, '\0');
        for (int i = 0; i < values.size(); ++i)
            values[i] = static_cast<char>(i);
        const std::string nrrd =
            put(in("a.nrrd"),
                "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 4 3 2\nencoding: raw\n"
                "space: left-posterior-superior\nspace directions: (0.5,0.25,0) (0,0,-2) (0,1.5,0)\n"
                "space origin: (-10,20,30.5)\n\n" +
                    values);
        const std::string mha =
            put(in("a.mha"),
                "ObjectType = Image\nNDims = 3\nDimSize = 4 3 2\nElementSpacing = 0.5 2 1.5\n"
                "TransformMatrix = 0 1 0 1 0 0 0 0 -1\nOffset = 1 2 3\nElementType = MET_UCHAR\n"
                "ElementDataFile = LOCAL\n" +
                    values);
        for (const std::string& from : {nrrd, mha}) {
            convertPath(from, at("from.nii"), {.overwrite = true});
            compareVolumes(from, at("from.nii"));
            QCOMPARE(openPath(at("from.nii"))->facts().dtype, std::string("uint8"));
        }
    }

    void coloursStayColoursAndVectorsVectors() {
        nifti_1_header header = niftiHeader(2, 2, 2, DT_RGB24, 24);
        QByteArray colours;
        for (int i = 0; i < 24; ++i)
            colours += static_cast<char>(i * 10);
        const std::string rgb = put(in("rgb.nii"), nifti(header, colours));
        header.dim[0] = 4;
        header.dim[4] = 2;
        header.datatype = DT_RGBA32;
        header.bitpix = 32;
        const std::string rgba = put(in("rgba.nii"), nifti(header, (colours + colours + colours).left(64)));
        for (const std::string& from : {rgb, rgba}) {
            convertPath(from, at("colours.nii"), {.overwrite = true});
            compareVolumes(from, at("colours.nii"));
            const QByteArray one = bytesIn(from), other = bytesIn(at("colours.nii"));
            QCOMPARE(other.mid(352), one.mid(352));
            QCOMPARE(other.mid(40, 16), one.mid(40, 16));  // dimensions
            QCOMPARE(other.mid(70, 4), one.mid(70, 4));    // type and bits
        }
        const std::string nrrd = put(in("rgb.nrrd"),
                                     "NRRD0004\ntype: uint8\ndimension: 4\nsizes: 3 2 2 2\nencoding: raw\n"
                                     "kinds: RGB-color domain domain domain\n\n" +
                                         colours);
        convertPath(nrrd, at("colours.nii"), {.overwrite = true});
        QCOMPARE(bytesIn(at("colours.nii")).mid(352), colours);

        header = niftiHeader(2, 2, 1, DT_FLOAT32, 32);
        header.dim[0] = 5;
        header.dim[5] = 3;
        header.intent_code = NIFTI_INTENT_VECTOR;
        std::vector<float> values(12);
        std::iota(values.begin(), values.end(), -4.5F);
        const std::string vectors = put(in("vectors.nii"), nifti(header, bytesOf(values)));
        convertPath(vectors, at("again-vectors.nii"));
        compareVolumes(vectors, at("again-vectors.nii"));
        QCOMPARE(bytesIn(at("again-vectors.nii")).mid(352), bytesOf(values));
        QCOMPARE(bytesIn(at("again-vectors.nii")).mid(40, 16), bytesIn(vectors).mid(40, 16));
        QVERIFY(mentions(convertPath(vectors, at("vectors.png"), {.low = -5.0, .high = 8.0}), "became"));
    }

    void volumesComeBackFromArrays() {
        // Without being told, among them those that would pass for images or for several volumes.
        for (const auto& [name, header] : {std::pair{"thin", niftiHeader(9, 8, 2, DT_UINT8, 8)},
                                           {"thick", niftiHeader(9, 8, 7, DT_UINT8, 8)},
                                           {"narrow", niftiHeader(3, 8, 7, DT_UINT8, 8)}}) {
            const QByteArray values(header.dim[1] * header.dim[2] * header.dim[3], '\5');
            const std::string from = put(in(name) + ".nii", nifti(header, values));
            const Converted written = convertPath(from, at(name) + ".npy");
            const auto a = openPath(from), b = openPath(written.paths.front());
            QVERIFY2(b->facts().kind == DataKind::Volume && b->facts().shape == a->facts().shape, name);
            QCOMPARE(b->size(), std::int64_t{1});
        }
        QVERIFY(bytesIn(at("thick.npy")).contains("(1, 7, 8, 9, )"));
        QVERIFY(bytesIn(at("thin.npy")).contains("(1, 1, 2, 8, 9, )"));

        nifti_1_header header = niftiHeader(2, 2, 1, DT_FLOAT32, 32);
        header.dim[0] = 5;
        header.dim[5] = 3;
        std::vector<float> values(12);
        std::iota(values.begin(), values.end(), -4.5F);
        const std::string vectors = put(in("three.nii"), nifti(header, bytesOf(values)));
        QVERIFY(!mentions(convertPath(vectors, at("three.npy")), "do not tell"));
        QVERIFY(bytesIn(at("three.npy")).contains("(1, 3, 1, 2, 2, )"));
        QCOMPARE(openPath(at("three.npy"))->facts().shape, (Shape{3, 1, 2, 2}));
        QCOMPARE(openPath(at("three.npy"))->read(0).array->values, openPath(vectors)->read(0).array->values);
    }

    // Five grey levels a pixel look like five pictures.
    void whatAxesDoNotTellIsNoted() {
        const std::string from = put(in("five.npy"), npy("|u1", "(2, 5, 8, 9)", QByteArray(720, '\7')));
        DataConfig config;
        config.source = from;
        config.part = "images";
        const auto images = openDataset(config);
        QCOMPARE(images->facts().shape, (Shape{5, 8, 9}));
        QVERIFY(mentions(convert(*images, at("one.npy"), {.item = 1}), "--part images"));
        config.source = at("one.npy");
        QCOMPARE(openDataset(config)->facts().shape, (Shape{5, 8, 9}));
        QCOMPARE(openDataset(config)->size(), std::int64_t{1});
    }

    // Items of several sizes: a folder of files with one item each.
    void foldersOfArraysComeBack() {
        QDir(m_folder.path()).mkpath("sizes");
        QDir(m_folder.path()).mkpath("arrays");
        for (const int size : {8, 9}) {
            QImage image(size, 8, QImage::Format_RGB888);
            image.fill(QColor(1, 2, 3));
            QVERIFY(image.save(in(QString("sizes/%1.png").arg(size))));
        }
        convertPath(at("sizes"), at("arrays/*.npy"));
        const auto read = openPath(at("arrays"));
        QVERIFY(read->facts().kind == DataKind::Image);
        QCOMPARE(read->size(), std::int64_t{2});
        QCOMPARE(read->read(1).array->shape, (Shape{3, 8, 9}));
    }

    void dicomBecomesNifti() {
        const QString series = DENOSCOPE_SHARED "/data/3d/Slicer/CTHeadAxialDicom";
        if (!QDir(series).exists())
            QSKIP("the shared data are not here");
        const auto from = openPath(series.toStdString(), 512);
        convert(*from, at("series.nii"), {});
        const auto to = openPath(at("series.nii"), 512);
        for (std::size_t i = 0; i < 16; ++i)
            QVERIFY(std::abs(to->facts().geometry.affine[i] - from->facts().geometry.affine[i]) < 1e-4);
        QCOMPARE(to->read(0).array->values, from->read(0).array->values);
    }

    void soundsGoThroughTables() {
        std::vector<std::int16_t> frames;
        for (int i = 0; i < 400; ++i)
            frames.push_back(static_cast<std::int16_t>(i * 977 % 40000 - 20000));
        const std::string from = put(in("s.wav"), wav(frames, 2, 22050));
        convertPath(from, at("s.csv"));
        QVERIFY(bytesIn(at("s.csv")).startsWith("time (s),channel 1,channel 2\n0,"));
        convertPath(at("s.csv"), at("t.wav"));
        const auto a = openPath(from), b = openPath(at("t.wav"));
        QCOMPARE(b->facts().geometry.sampleRate, 22050.0);
        QCOMPARE(b->read(0).array->shape, (Shape{2, 200}));
        QCOMPARE(b->read(0).array->values, a->read(0).array->values);
    }

    void tablesKeepNamesUnitsAndDigits() {
        const std::string from = put(
            in("ecg.csv"), "time (ms),MLII (mV),V5 (mV)\n0,0.1,-1e-7\n4,0.3,12345.678\n8,-0.7,3\n12,5,6\n");
        convertPath(from, at("ecg2.csv"));
        QCOMPARE(bytesIn(at("ecg2.csv")),
                 QByteArray("time (s),MLII (mV),V5 (mV)\n0,0.1,-1e-07\n0.004,0.3,12345.678\n"
                            "0.008,-0.7,3\n0.012,5,6\n"));
        QVERIFY(mentions(convertPath(from, at("ecg.wav")), "beyond -1 to 1"));
        QCOMPARE(openPath(at("ecg.wav"))->read(0).array->values, openPath(from)->read(0).array->values);
        const Converted mapped = convertPath(from, at("half.wav"), {.low = -2.0, .high = 2.0});
        QCOMPARE(openPath(at("half.wav"))->read(0).array->values[0], 0.05f);
        QVERIFY(mentions(mapped, "became -1 to 1"));
    }

    void arraysGoThroughPicturesOf16Bits() {
        std::vector<std::uint16_t> values;
        for (int i = 0; i < 2 * 9 * 10; ++i)
            values.push_back(static_cast<std::uint16_t>(i * 363));
        const std::string from = put(in("a.npy"), npy("<u2", "(2, 1, 9, 10)", bytesOf(values)));
        QCOMPARE(convertPath(from, at("p.png")).paths, (std::vector{at("p-000.png"), at("p-001.png")}));
        QCOMPARE(convertPath(from, at("*-q.png")).paths, (std::vector{at("000-q.png"), at("001-q.png")}));
        QCOMPARE(QImage(in("p-001.png")).format(), QImage::Format_Grayscale16);
        convertPath(at("p-001.png"), at("b.npy"));
        QVERIFY(bytesIn(at("b.npy")).contains("'<u2'"));
        QCOMPARE(openPath(at("b.npy"))->read(0).array->values, openPath(from)->read(1).array->values);
        convertPath(from, at("all.npy"));
        QVERIFY(bytesIn(at("all.npy")).contains("(2, 1, 9, 10, )"));
        QVERIFY(bytesIn(at("all.npy")).endsWith(bytesOf(values)));
    }

    void valuesBeyondPicturesAreMappedAloud() {
        const std::vector<float> values{-1000, 0, 500, 2000};
        const std::string from = put(in("f.npy"), npy("<f4", "(1, 1, 2, 2)", bytesOf(values)));
        const Converted converted = convertPath(from, at("f.png"), {.low = -1000.0, .high = 1000.0});
        QVERIFY(mentions(converted, "-1000 to 1000") && mentions(converted, "clipped"));
        const auto read = openPath(at("f.png"))->read(0).array->values;
        QCOMPARE(read, (std::vector<float>{0, 32768, 49151, 65535}));
    }

    void whatIsNotFiniteIsKeptOrDrawnAtTheEnds() {
        const float nan = std::nanf(""), inf = std::numeric_limits<float>::infinity();
        const std::vector<float> values{nan, inf, -inf, 1, 2, 3, 0, 2};
        const std::string from =
            put(in("nan.nii"), nifti(niftiHeader(2, 2, 2, DT_FLOAT32, 32), bytesOf(values)));
        const auto volume = lookAt(from);
        QVERIFY(mentions(convert(*volume, at("kept.nii"), {}), "kept so"));
        const std::vector<float> kept = lookAt(at("kept.nii"))->read(0).array->values;
        QVERIFY(std::isnan(kept[0]) && std::equal(kept.begin() + 1, kept.end(), values.begin() + 1));
        QVERIFY(mentions(convert(*volume, at("nan.gif"), {}), "drawn like the lowest"));

        const std::string image = put(in("nan.npy"), npy("<f4", "(1, 1, 2, 4)", bytesOf(values)));
        QVERIFY(mentions(convert(*lookAt(image), at("nan.png"), {.low = 0.0, .high = 3.0}), "drawn like"));
        QCOMPARE(openPath(at("nan.png"))->read(0).array->values,
                 (std::vector<float>{0, 65535, 0, 21845, 43690, 65535, 0, 43690}));
        const std::string signal = put(in("nans.npy"), npy("<f4", "(1, 8)", bytesOf(values)));
        convert(*lookAt(signal), at("nans.csv"), {});
        QVERIFY(bytesIn(at("nans.csv")).contains("0,nan\n1,inf\n2,-inf\n"));
        const std::vector<float> again = lookAt(at("nans.csv"))->read(0).array->values;
        QVERIFY(again.size() == 8 && std::isnan(again[0]) &&
                std::equal(again.begin() + 1, again.end(), values.begin() + 1));
        QVERIFY(mentions(convert(*lookAt(signal), at("nans.png"), {}), "drawn like"));
        QVERIFY(mentions(convert(*lookAt(signal), at("nans.wav"), {}), "beyond -1 to 1"));
    }

    void volumesShowTheirMiddleSliceFrontUp() {
        const std::string from = put(in("m.nii"), obliqueNifti(1));
        QVERIFY(mentions(convertPath(from, at("m.png"), {.low = -1024.0, .high = 0.0}), "slice 1 of 2"));
        const QImage image(in("m.png"));
        QCOMPARE(image.size(), QSize(4, 3));
        QVERIFY(image.pixelColor(0, 2).red() < image.pixelColor(0, 0).red());  // the last row lies in front
    }

    void filmsShowSlicesOrTimes() {
        const std::string from = put(in("film.nii"), obliqueNifti(3));
        QVERIFY(mentions(convertPath(from, at("times.gif")), "3 times"));
        QVERIFY(mentions(convertPath(from, at("slices.gif"), {.item = 0}), "2 slices"));
        QVERIFY(bytesIn(at("times.gif")).startsWith("GIF89a"));
    }

    void imagesBecomeAFilmOrAFolder() {
        QDir(m_folder.path()).mkpath("photos");
        const auto picture = [this](const char* name, int width) {
            QImage image(width, 8, QImage::Format_Grayscale8);
            image.fill(100);
            return image.save(in(name));
        };
        QVERIFY(picture("photos/a.png", 8) && picture("photos/b.png", 8));
        QVERIFY(mentions(convertPath(at("photos"), at("photos.gif")), "2 images"));
        const Converted made = convertPath(at("photos"), at("new/deep/*.png"));
        QCOMPARE(made.paths.size(), std::size_t{2});
        QVERIFY(QFile::exists(in("new/deep/001.png")));
        QVERIFY(picture("photos/c.png", 9));
        const Error error = refusalOf(at("photos"), at("mixed.gif"));
        QVERIFY2(isHelpful(error) && error.what.find("differ in size") != std::string::npos,
                 error.what.c_str());
    }

    void refusesWithReasons() {
        const std::string from = put(in("r.nii"), obliqueNifti(1));
        convertPath(from, at("r.npy"));
        const QByteArray before = bytesIn(at("r.npy"));
        for (const auto& [to, reason] : {std::pair{at("r.npy"), "exists already"},
                                         {at("r.wav"), "cannot hold volumes"},
                                         {at("r.xyz"), "says nothing"},
                                         {at("nowhere/r.npy"), "no such folder"},
                                         {at(""), "is a folder"}}) {
            const Error error = refusalOf(from, to);
            QVERIFY2(isHelpful(error) && error.what.find(reason) != std::string::npos, error.what.c_str());
        }
        QVERIFY(isHelpful(refusalOf(from, at("new.npy"), {.item = 1})));
        QVERIFY(isHelpful(refusalOf(from, at("new.png"), {.low = 1.0, .high = 1.0})));
        QVERIFY(isHelpful(refusalOf(from, from, {.overwrite = true})));
        QVERIFY(!QFile::exists(in("new.npy")) && !QFile::exists(in("new.png")));
        QCOMPARE(bytesIn(at("r.npy")), before);
        convertPath("demo:beats", at("r.npy"), {.item = 3, .overwrite = true});
        QVERIFY(bytesIn(at("r.npy")) != before);
    }
};

QTEST_GUILESS_MAIN(convertTest)
#include "convertTest.moc"
