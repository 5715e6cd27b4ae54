// SPDX-License-Identifier: GPL-3.0-or-later
// NRRD and MetaImage: types, byte order, encodings, values in other files, what each axis is, units; and what
// is refused.
#include <QTemporaryDir>
#include <QtTest>

#include "tests/datasets/MadeFiles.h"

using namespace denoscope;
using Floats = std::vector<float>;
using std::int16_t;

namespace {

QByteArray zlibbed(const QByteArray& bytes) {
    return qCompress(bytes).mid(4);  // Qt puts the length in front
}

// A header of two columns, three rows and one slice; `more` are further lines.
QByteArray nrrd(const QByteArray& type, const QByteArray& encoding, const QByteArray& more,
                const QByteArray& data, const QByteArray& sizes = "2 3 1") {
    return "NRRD0004\n# made\ntype: " + type + "\ndimension: " + QByteArray::number(sizes.count(' ') + 1) +
           "\nsizes: " + sizes + "\nencoding: " + encoding + "\n" + more + "\n" + data;
}

QByteArray meta(const QByteArray& type, const QByteArray& more, const QByteArray& file,
                const QByteArray& data, const QByteArray& sizes = "2 3 1") {
    return "ObjectType = Image\nNDims = " + QByteArray::number(sizes.count(' ') + 1) +
           "\nDimSize = " + sizes + "\nElementType = " + type + "\n" + more + "ElementDataFile = " + file +
           "\n" + data;
}

const Floats six{1, 2, 3, 4, 5, 6};
const QByteArray little = "endian: little\n", big = "endian: big\n";

}  // namespace

class volumeFormatsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }
    std::shared_ptr<const Dataset> opened(const QString& name, const QByteArray& bytes) const {
        return openPath(put(at(name), bytes));
    }
    Floats valuesOf(const QString& name, const QByteArray& bytes) const {
        return opened(name, bytes)->read(0).array->values;
    }
    bool refused(const QString& name, const QByteArray& bytes) const {
        return isHelpful(errorOf(put(at(name), bytes)));
    }

private Q_SLOTS:
    void readsEveryType() {
        const auto both = [&](const QByteArray& inNrrd, const QByteArray& inMeta, const QByteArray& data,
                              const QByteArray& swapped) {
            QCOMPARE(valuesOf("v.nrrd", nrrd(inNrrd, "raw", little, data)), six);
            QCOMPARE(valuesOf("v.nrrd", nrrd(inNrrd, "raw", big, swapped)), six);
            QCOMPARE(valuesOf("v.mha", meta(inMeta, "", "LOCAL", data)), six);
            QCOMPARE(valuesOf("v.mha", meta(inMeta, "ElementByteOrderMSB = True\n", "LOCAL", swapped)), six);
        };
        const auto typed = [&]<class T>(T, const QByteArray& inNrrd, const QByteArray& inMeta) {
            const std::vector<T> values{1, 2, 3, 4, 5, 6};
            both(inNrrd, inMeta, bytesOf(values), bytesOf(values, true));
        };
        typed(std::int8_t{}, "signed char", "MET_CHAR");
        typed(std::uint8_t{}, "unsigned char", "MET_UCHAR");
        typed(std::int16_t{}, "signed short int", "MET_SHORT");
        typed(std::uint16_t{}, "ushort", "MET_USHORT");
        typed(std::int32_t{}, "int", "MET_INT");
        typed(std::uint32_t{}, "unsigned int", "MET_ULONG");
        typed(std::int64_t{}, "long long int", "MET_LONG_LONG");
        typed(std::uint64_t{}, "uint64_t", "MET_ULONG_LONG");
        typed(float{}, "float", "MET_FLOAT");
        typed(double{}, "double", "MET_DOUBLE");
    }

    void readsEveryEncoding() {
        const QByteArray raw = bytesOf<int16_t>({1, 2, 3, 4, 5, 6});
        putGzip(at("plain.gz"), raw);
        QFile file(at("plain.gz"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray gzipped = file.readAll();
        QCOMPARE(valuesOf("v.nrrd", nrrd("short", "gzip", little, gzipped)), six);
        QCOMPARE(valuesOf("v.nrrd", nrrd("short", "ascii", "", "1 2\n3 4\n5 6\n")), six);
        QCOMPARE(valuesOf("v.nrrd", nrrd("short", "hex", little, "0100 0200 0300\n040005000600")), six);
        QCOMPARE(valuesOf("v.mha", meta("MET_SHORT", "CompressedData = True\n", "LOCAL", zlibbed(raw))), six);
        QCOMPARE(valuesOf("v.mha", meta("MET_SHORT", "BinaryData = False\n", "LOCAL", "1 2 3 4 5 6")), six);
        const Error error = errorOf(put(at("v.nrrd"), nrrd("short", "bzip2", little, raw)));
        QVERIFY(error.what.find("bzip2") != std::string::npos && !error.remedy.empty());
        QVERIFY(refused("v.nrrd", nrrd("short", "gzip", little, gzipped.left(12))));
        QVERIFY(refused("v.nrrd", nrrd("short", "ascii", "", "1 2 3 4 5 x")));
        QVERIFY(refused("v.nrrd", nrrd("short", "ascii", "", "1 2 3 4 5")));
        QVERIFY(refused("v.nrrd", nrrd("short", "hex", little, "0100 0200 03")));
        QVERIFY(refused("v.nrrd", nrrd("short", "hex", little, "0100 0200 0300 0400 0500 06zz")));
    }

    void findsValuesInOtherFiles() {
        put(at("a.raw"), bytesOf<int16_t>({1, 2, 3}));
        put(at("b.raw"), bytesOf<int16_t>({4, 5, 6}));
        put(at("s8.raw"), bytesOf<int16_t>({4, 5, 6}));
        put(at("s09.raw"), bytesOf<int16_t>({1, 2, 3}));
        put(at("s08.raw"), bytesOf<int16_t>({4, 5, 6}));
        put(at("whole.raw"), "a line\nanother\n.." + bytesOf<int16_t>({1, 2, 3, 4, 5, 6}));
        const auto inNrrd = [&](const QByteArray& more, const QByteArray& after = "") {
            return valuesOf("v.nhdr", nrrd("short", "raw", little + more, "").chopped(1) + after);
        };
        QCOMPARE(inNrrd("line skip: 2\nbyte skip: 2\ndata file: ./whole.raw"), six);
        QCOMPARE(inNrrd("byte skip: -1\ndata file: whole.raw"), six);
        putGzip(at("whole.gz"), "......" + bytesOf<int16_t>({1, 2, 3, 4, 5, 6}));
        const auto zipped = [&](const QByteArray& more) {
            return opened("v.nhdr", nrrd("short", "gzip", little + more + "data file: whole.gz", ""));
        };
        QCOMPARE(zipped("byte skip: -1\n")->read(0).array->values, six);
        QCOMPARE(zipped("byte skip: 6\n")->read(0).array->values, six);
        QVERIFY(zipped("byte skip: 6\n")->facts().notes.empty());
        QCOMPARE(zipped("")->facts().notes.size(), std::size_t{1});  // forgotten
        QCOMPARE(inNrrd("data file: LIST\n", "a.raw\nb.raw\n"), six);
        QCOMPARE(inNrrd("data file: s%02d.raw 9 8 -1"), six);
        const auto inMeta = [&](const QByteArray& more, const QByteArray& file,
                                const QByteArray& after = "") {
            return valuesOf("v.mhd", meta("MET_SHORT", more, file, after));
        };
        QCOMPARE(inMeta("HeaderSize = 17\n", "whole.raw"), six);
        QCOMPARE(inMeta("HeaderSize = -1\n", "whole.raw"), six);
        QCOMPARE(inMeta("", "LIST", "a.raw\nb.raw\n"), six);
        QCOMPARE(inMeta("", "s%02d.raw 9 8 -1"), six);
        QVERIFY(
            refused("v.nhdr", nrrd("short", "raw", little + "data file: LIST\n", "").chopped(1) + "a.raw\n"));
        QVERIFY(refused("v.mhd", meta("MET_SHORT", "", "s%s.raw 8 9 1", "")));
        QVERIFY(refused("v.mhd", meta("MET_SHORT", "", "s%02d.raw 8 900000000000 1", "")));
        QVERIFY(refused("v.mhd", meta("MET_SHORT", "", "nowhere.raw", "")));
    }

    // A header has no business with files elsewhere on the disk.
    void staysInTheFolder() {
        QTemporaryDir elsewhere;
        const QByteArray outside = elsewhere.filePath("x.raw").toUtf8();
        put(QString::fromUtf8(outside), bytesOf<int16_t>({1, 2, 3, 4, 5, 6}));
        QVERIFY(QDir(m_folder.path()).mkpath("sub"));
        put(at("sub/x.raw"), bytesOf<int16_t>({1, 2, 3, 4, 5, 6}));
        const QByteArray up = "../" + QFileInfo(elsewhere.path()).fileName().toUtf8() + "/x.raw";
        for (const QByteArray& name :
             {outside, up, QByteArray("sub/x.raw"), QByteArray(".."), QByteArray("sub")}) {
            QVERIFY2(refused("v.nhdr", nrrd("short", "raw", little + "data file: " + name, "")), name);
            QVERIFY2(refused("v.nhdr", nrrd("short", "raw", little + "data file: LIST\n" + name, "")), name);
            QVERIFY2(refused("v.mhd", meta("MET_SHORT", "", name, "")), name);
        }
    }

    void knowsWhatAxesAre_data() {
        QTest::addColumn<QByteArray>("sizes");
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<std::vector<std::int64_t>>("shape");
        QTest::addColumn<qint64>("count");
        QTest::addColumn<Floats>("last");
        const auto row = [](const char* name, const QByteArray& sizes, const QByteArray& more, Shape shape,
                            qint64 count, const Floats& last) {
            QTest::newRow(name) << sizes << more << shape << count << last;
        };
        const QByteArray space = "space: RAS\nspace directions: ";
        row("colour first", "3 2 1 1", "kinds: RGB-color domain domain domain\n", {3, 1, 1, 2}, 1,
            {1, 4, 2, 5, 3, 6});
        row("vector last", "2 1 1 3", "kinds: domain domain domain vector\n", {3, 1, 1, 2}, 1, six);
        row("vector between", "2 3 1 1",
            space + "(1,0,0) none (0,1,0) (0,0,1)\nkinds: space vector space space\n", {3, 1, 1, 2}, 1, six);
        row("time last", "1 1 1 6", "kinds: domain domain domain time\n", {1, 1, 1, 1}, 6, {6});
        row("time first", "3 2 1 1",
            space + "none (1,0,0) (0,1,0) (0,0,1)\nkinds: time domain domain domain\n", {1, 1, 1, 2}, 3,
            {3, 6});
        row("long list", "6 1 1 1", "kinds: list domain domain domain\n", {1, 1, 1, 1}, 6, {6});
        row("short list", "2 3 1 1", "kinds: list domain domain domain\n", {2, 1, 1, 3}, 1,
            {1, 3, 5, 2, 4, 6});
        row("bare, small first", "2 3 1 1", "", {2, 1, 1, 3}, 1, {1, 3, 5, 2, 4, 6});
        row("bare, large first", "6 1 1 1", "", {1, 1, 1, 6}, 1, six);
        row("image", "3 2", "", {1, 2, 3}, 1, six);
        row("signal", "6", "", {1, 6}, 1, six);
    }
    void knowsWhatAxesAre() {
        QFETCH(QByteArray, sizes);
        QFETCH(QByteArray, more);
        QFETCH(std::vector<std::int64_t>, shape);
        QFETCH(qint64, count);
        QFETCH(Floats, last);
        const auto set = opened(
            "v.nrrd", nrrd("short", "raw", little + more, bytesOf<int16_t>({1, 2, 3, 4, 5, 6}), sizes));
        QCOMPARE(set->facts().shape, shape);
        QCOMPARE(set->size(), count);
        QCOMPARE(set->read(count - 1).array->values, last);
    }

    void metaImageAxes() {
        const QByteArray data = bytesOf<int16_t>({1, 2, 3, 4, 5, 6});
        const auto colours =
            opened("v.mha", meta("MET_SHORT", "ElementNumberOfChannels = 3\n", "LOCAL", data, "2 1 1"));
        QCOMPARE(colours->facts().shape, (Shape{3, 1, 1, 2}));
        QCOMPARE(colours->read(0).array->values, (Floats{1, 4, 2, 5, 3, 6}));
        const auto times =
            opened("v.mha", meta("MET_SHORT", "ElementSpacing = 1 2 3 0.5\n", "LOCAL", data, "2 1 1 3"));
        QCOMPARE(times->size(), 3);
        QCOMPARE(times->facts().details.timeStep, 0.5);
        QCOMPARE(times->read(2).array->values, (Floats{5, 6}));
        QCOMPARE(opened("v.mha", meta("MET_SHORT", "", "LOCAL", data, "3 2"))->facts().shape,
                 (Shape{1, 2, 3}));
        const auto scaled = opened("v.mha", meta("MET_SHORT",
                                                 "ElementToIntensityFunctionSlope = 2\n"
                                                 "ElementToIntensityFunctionOffset = -1\n",
                                                 "LOCAL", data));
        QCOMPARE(scaled->read(0).array->values, (Floats{1, 3, 5, 7, 9, 11}));
        QCOMPARE(scaled->facts().details.slope, 2.0);
    }

    void convertsUnits() {
        const QByteArray data = bytesOf<int16_t>({1, 2, 3, 4, 5, 6});
        const auto spacing = [&](const QByteArray& more) {
            return opened("v.nrrd", nrrd("short", "raw", little + more, data))->facts().geometry.spacing;
        };
        using Three = std::array<double, 3>;
        QCOMPARE(spacing("spacings: 1.5 2 nan\n"), (Three{1.5, 2, 1}));
        QCOMPARE(spacing("spacings: 0.25 2 1\nunits: \"cm\" \"mm\" \"m\"\n"), (Three{2.5, 2, 1000}));
        QCOMPARE(spacing("space: LPS\nspace units: \"um\" \"um\" \"um\"\nspace directions: (500,0,0) "
                         "(0,250,0) (0,0,1000)\n"),
                 (Three{0.5, 0.25, 1}));
        const auto timed =
            opened("v.nrrd", nrrd("short", "raw",
                                  little + "kinds: domain domain domain time\nspacings: 1 1 1 250\n"
                                           "units: \"mm\" \"mm\" \"mm\" \"ms\"\nsample units: HU\n",
                                  data, "2 1 1 3"));
        QCOMPARE(timed->facts().details.timeStep, 0.25);
        QCOMPARE(timed->facts().details.unit, std::string("HU"));
    }

    void refusesDamage() {
        const QByteArray data = bytesOf<int16_t>({1, 2, 3, 4, 5, 6});
        const QByteArray goodNrrd = nrrd("short", "raw", little, data),
                         goodMeta = meta("MET_SHORT", "", "LOCAL", data);
        for (qsizetype size = 0; size < goodNrrd.size(); ++size)
            QVERIFY2(refused("cut.nrrd", goodNrrd.left(size)), qPrintable(QString::number(size)));
        for (qsizetype size = 0; size < goodMeta.size(); ++size)
            QVERIFY2(refused("cut.mha", goodMeta.left(size)), qPrintable(QString::number(size)));
        for (const QByteArray& sizes :
             {QByteArray("0 3 1"), QByteArray("-2 3 1"), QByteArray("x 3 1"),
              QByteArray("2000000000 2000000000 2000000000"), QByteArray("2 3 2")}) {
            QVERIFY2(refused("bad.nrrd", nrrd("short", "raw", little, data, sizes)), sizes);
            QVERIFY2(refused("bad.mha", meta("MET_SHORT", "", "LOCAL", data, sizes)), sizes);
        }
        for (const QByteArray& more :
             {QByteArray("kinds: domain domain\n"),
              QByteArray("space: RAS\nspace directions: (1,0,0) (0,1,0)\n"),
              QByteArray("space: RAS\nspace directions: (1,0) (0,1) (0,0)\n"), QByteArray("type: short\n"),
              QByteArray("space: RAS\nspace origin: (1,2)\n"), QByteArray("byte skip: -7\n"),
              QByteArray("byte skip: 99999999999999\n"), QByteArray("line skip: 5\n"),
              QByteArray("nonsense\n"), QByteArray("kinds: complex domain domain\n")})
            QVERIFY2(refused("bad.nrrd", nrrd("short", "raw", little + more, data)), more);
        QVERIFY(refused("bad.nrrd", nrrd("block", "raw", little, data)));
        for (const QByteArray& more :
             {QByteArray("ElementSpacing = 1 1\n"), QByteArray("TransformMatrix = 1 0 0\n"),
              QByteArray("HeaderSize = -7\n"), QByteArray("HeaderSize = 9999999\n"),
              QByteArray("CompressedData = True\n"), QByteArray("nonsense\n")})
            QVERIFY2(refused("bad.mha", meta("MET_SHORT", more, "LOCAL", data)), more);
        QVERIFY(refused("bad.mha", meta("MET_STRING", "", "LOCAL", data)));
    }

    // Names of people stand in such headers; they are neither kept nor shown.
    void keepsNoNames() {
        const QByteArray data = bytesOf<int16_t>({1, 2, 3, 4, 5, 6});
        const auto set = opened(
            "v.nrrd", nrrd("short", "raw", little + "PatientName:=Doe^Jane\ncontent: Doe^Jane\n", data));
        for (const std::string& note : set->facts().notes)
            QVERIFY(note.find("Doe") == std::string::npos);
        const Error error = errorOf(put(at("v.mha"), "PatientName = Doe^Jane\nPatientName Doe^Jane\n"));
        QVERIFY(isHelpful(error) && toText(error).find("Doe") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(volumeFormatsTest)
#include "volumeFormatsTest.moc"
