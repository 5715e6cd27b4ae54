// SPDX-License-Identifier: GPL-3.0-or-later
// NPY and IDX files: types, byte orders, versions, what the axes mean, labels, damage.
#include <QTemporaryDir>
#include <QtTest>

#include "tests/datasets/MadeFiles.h"

using namespace denoscope;
using Floats = std::vector<float>;

class arraysTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }
    std::shared_ptr<const Dataset> opened(const QByteArray& bytes) const {
        return openPath(put(at("a.npy"), bytes));
    }

private Q_SLOTS:
    void readsEveryType() {
        const QByteArray shape = "(2, 1, 2)";
        const Floats wanted{1, 2};
        const auto first = [&](const QByteArray& type, const QByteArray& data) {
            const auto set = opened(npy(type, shape, data));
            return set->read(0).array->values;
        };
        QCOMPARE(first("<f4", bytesOf<float>({1, 2, 3, 4})), wanted);
        QCOMPARE(first(">f4", bytesOf<float>({1, 2, 3, 4}, true)), wanted);
        QCOMPARE(first("<f8", bytesOf<double>({1, 2, 3, 4})), wanted);
        QCOMPARE(first(">f8", bytesOf<double>({1, 2, 3, 4}, true)), wanted);
        QCOMPARE(first("<f2", bytesOf<std::uint16_t>({0x3c00, 0x4000, 0x4200, 0x0001})), wanted);
        QCOMPARE(first("|u1", bytesOf<std::uint8_t>({1, 2, 3, 4})), wanted);
        QCOMPARE(first("|i1", bytesOf<std::int8_t>({1, 2, -3, 4})), wanted);
        QCOMPARE(first("<i2", bytesOf<std::int16_t>({1, 2, -3, 4})), wanted);
        QCOMPARE(first(">u2", bytesOf<std::uint16_t>({1, 2, 3, 4}, true)), wanted);
        QCOMPARE(first("<u4", bytesOf<std::uint32_t>({1, 2, 3, 4})), wanted);
        QCOMPARE(first(">i4", bytesOf<std::int32_t>({1, 2, 3, 4}, true)), wanted);
        QCOMPARE(first("<i8", bytesOf<std::int64_t>({1, 2, 3, 4})), wanted);
        QCOMPARE(first("<u8", bytesOf<std::uint64_t>({1, 2, 3, 4})), wanted);
        QCOMPARE(first("|b1", bytesOf<std::uint8_t>({1, 7, 0, 0})), (Floats{1, 1}));
        QCOMPARE(opened(npy("<f2", shape, bytesOf<std::uint16_t>({0xbc00, 0x0001, 0x7bff, 0x8000})))
                     ->read(0)
                     .array->values,
                 (Floats{-1.0f, 0x1p-24f}));
    }

    void readsEveryVersion() {
        for (const int version : {1, 2, 3})
            QCOMPARE(opened(npy("<f4", "(2, 1, 2)", bytesOf<float>({1, 2, 3, 4}), false, version))
                         ->read(1)
                         .array->values,
                     (Floats{3, 4}));
    }

    void transposesFortranOrder() {
        // Column-major storage of [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]], big-endian, as (2, 2,
        // 3).
        const auto set =
            opened(npy(">i2", "(2, 1, 2, 3)",
                       bytesOf<std::int16_t>({0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11}, true), true));
        QCOMPARE(set->read(0).array->values, (Floats{0, 1, 2, 3, 4, 5}));
        QCOMPARE(set->read(1).array->values, (Floats{6, 7, 8, 9, 10, 11}));
        QCOMPARE(set->facts().dtype, std::string("int16"));
    }

    void readsAxes_data() {
        QTest::addColumn<QString>("shape");
        QTest::addColumn<QString>("type");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("item");
        QTest::addColumn<int>("count");
        const int signal = 0, image = 1, volume = 2;
        QTest::newRow("one signal") << "(40,)"
                                    << "<f4" << signal << "1 x 40" << 1;
        QTest::newRow("N L") << "(40, 64)"
                             << "<f4" << signal << "1 x 64" << 40;
        QTest::newRow("one recording of 2 channels") << "(2, 64)"
                                                     << "<f4" << signal << "2 x 64" << 1;
        QTest::newRow("one grey picture") << "(40, 64)"
                                          << "|u1" << image << "1 x 40 x 64" << 1;
        QTest::newRow("N C L") << "(5, 2, 64)"
                               << "<f4" << signal << "2 x 64" << 5;
        QTest::newRow("N H W") << "(5, 8, 8)"
                               << "<f4" << image << "1 x 8 x 8" << 5;
        QTest::newRow("H W 3") << "(9, 8, 3)"
                               << "|u1" << image << "3 x 9 x 8" << 1;
        QTest::newRow("3 H W") << "(3, 9, 8)"
                               << "|u1" << image << "3 x 9 x 8" << 1;
        QTest::newRow("N C H W") << "(5, 3, 8, 8)"
                                 << "<f4" << image << "3 x 8 x 8" << 5;
        QTest::newRow("N H W C") << "(5, 9, 8, 3)"
                                 << "|u1" << image << "3 x 9 x 8" << 5;
        QTest::newRow("N D H W") << "(2, 6, 7, 8)"
                                 << "<f4" << volume << "1 x 6 x 7 x 8" << 2;
        QTest::newRow("N C D H W") << "(2, 1, 6, 7, 8)"
                                   << "<f4" << volume << "1 x 6 x 7 x 8" << 2;
    }
    void readsAxes() {
        QFETCH(QString, shape);
        QFETCH(QString, type);
        QFETCH(int, kind);
        QFETCH(QString, item);
        QFETCH(int, count);
        const QByteArray data(40 * 64 * 4, '\0');
        const auto set = opened(npy(type.toLatin1(), shape.toLatin1(), data));
        QCOMPARE(static_cast<int>(set->facts().kind), kind);
        QCOMPARE(QString::fromStdString(toText(set->facts().shape)), item);
        QCOMPARE(set->size(), count);
        QVERIFY(!set->facts().notes.empty());
    }

    void readsAxesAsTold() {
        const auto told = [&](const QByteArray& shape, const char* part) {
            DataConfig config;
            config.source = put(at("told.npy"), npy("<f4", shape, QByteArray(40 * 64 * 4, '\0')));
            config.part = part;
            return openDataset(config)->facts();
        };
        const DataFacts facts = told("(8, 3, 9, 10)", "volumes");
        QVERIFY(facts.kind == DataKind::Volume && facts.count == 8);
        QCOMPARE(facts.shape, (Shape{1, 3, 9, 10}));
        QCOMPARE(facts.details.part, std::string("volumes"));
        QCOMPARE(facts.details.parts.size(), std::size_t{2});  // images are offered first
        QCOMPARE(facts.details.parts[0].name, std::string("images"));
        QCOMPARE(facts.details.parts[0].description, std::string("8 images of 9 x 10, 3 channels"));
        QVERIFY(hasNote(facts, "(8 x 3 x 9 x 10) is read as 8 volumes") && hasNote(facts, "data.part"));
        QCOMPARE(told("(6, 7, 8, 3)", "volumes").shape, (Shape{3, 6, 7, 8}));
        QCOMPARE(told("(6, 7, 8)", "volumes").shape, (Shape{1, 6, 7, 8}));
        QCOMPARE(told("(6, 7, 8)", "signals").shape, (Shape{7, 8}));
        QCOMPARE(told("(40, 64)", "images").shape, (Shape{1, 40, 64}));
        QCOMPARE(told("(2, 6, 7, 8)", "images").shape, (Shape{6, 7, 8}));
        QVERIFY(told("(2, 1, 6, 7, 8)", "").details.parts.empty());
        QVERIFY(told("(2, 1000)", "").details.parts.empty());  // no picture
        try {
            told("(2, 1, 6, 7, 8)", "images");
            QFAIL("five axes were read as images");
        } catch (const EngineError& error) {
            QVERIFY(isHelpful(error.error()) && error.error().remedy.find("volumes") != std::string::npos);
        }
    }

    void readsFoldersAsTold() {
        QDir(m_folder.path()).mkpath("scans");
        put(at("scans/1.npy"), npy("<f4", "(3, 12, 12)", QByteArray(1728, '\0')));
        put(at("scans/2.npy"), npy("<f4", "(1, 1, 3, 12, 12)", QByteArray(1728, '\0')));
        DataConfig config;
        config.source = at("scans").toStdString();
        config.part = "volumes";
        const auto set = openDataset(config);
        QCOMPARE(set->size(), std::int64_t{2});
        QCOMPARE(set->facts().shape, (Shape{1, 3, 12, 12}));
    }

    void separatesInterleavedChannels() {
        QByteArray data;
        for (int i = 0; i < 8 * 8 * 3; ++i)
            data += static_cast<char>(i);
        const auto set = opened(npy("|u1", "(8, 8, 3)", data));
        const Floats values = set->read(0).array->values;
        QCOMPARE(values[0], 0.0f);
        QCOMPARE(values[64], 1.0f);        // green of the first pixel
        QCOMPARE(values[128 + 9], 29.0f);  // blue of the tenth: 9 * 3 + 2
    }

    void measuresFacts() {
        const auto set = opened(npy("<f4", "(2, 1, 4)", bytesOf<float>({1, 2, 3, 4, 5, 6, 7, 8})));
        const DataFacts& facts = set->facts();
        QCOMPARE(facts.min, 1.0);
        QCOMPARE(facts.max, 8.0);
        QCOMPARE(facts.mean, 4.5);
        QCOMPARE(facts.standardDeviation, std::sqrt(5.25));
        QVERIFY(!facts.statisticsSampled);
    }

    void findsLabels() {
        put(at("x_labels.npy"), npy("<i8", "(3,)", bytesOf<std::int64_t>({2, 0, 1})));
        const auto set = openPath(put(at("x.npy"), npy("<f4", "(3, 1, 2)", QByteArray(24, '\0'))));
        QCOMPARE(set->facts().labels.size(), std::size_t(3));
        QCOMPARE(set->read(0).label, 2);
        QCOMPARE(set->read(2).label, 1);
    }

    void readsFoldersOfItems() {
        QDir(m_folder.path()).mkpath("items/b");
        QDir(m_folder.path()).mkpath("items/a");
        put(at("items/b/1.npy"), npy("<f4", "(12, 12)", QByteArray(576, '\0')));
        put(at("items/a/2.npy"), npy("<f4", "(12, 12)", QByteArray(576, '\0')));
        const auto set = openPath(at("items").toStdString());
        QCOMPARE(set->facts().kind, DataKind::Image);
        QCOMPARE(set->facts().labels, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(set->read(1).label, 1);
        QCOMPARE(QString::fromStdString(set->read(1).name), QString("b/1.npy"));
    }

    void readsIdxPlainAndCompressed() {
        const QByteArray images = QByteArray("\0\0\x08\x03", 4) + bytesOf<std::uint32_t>({3, 9, 9}, true) +
                                  QByteArray(2 * 81, 1) + QByteArray(81, 2);
        const QByteArray labels =
            QByteArray("\0\0\x08\x01", 4) + bytesOf<std::uint32_t>({3}, true) + QByteArray("\1\0\1", 3);
        put(at("t-labels-idx1-ubyte"), labels);
        for (const std::string& path :
             {put(at("t-images-idx3-ubyte"), images), putGzip(at("t-images-idx3-ubyte.gz"), images)}) {
            const auto set = openPath(path);
            QCOMPARE(set->size(), 3);
            QCOMPARE(set->facts().shape, (Shape{1, 9, 9}));
            QCOMPARE(set->read(2).array->values, Floats(81, 2.0f));
            QVERIFY(
                hasNote(set->facts(), "The array (3 x 9 x 9) is read as 3 images"));  // as the file has it
            QVERIFY(set->facts().details.parts.empty());
            QCOMPARE(set->facts().labels.size(), std::size_t(2));
            QCOMPARE(set->read(1).label, 0);
        }
    }

    void refusesDamage() {
        const QByteArray good = npy("<f4", "(2, 1, 2)", bytesOf<float>({1, 2, 3, 4}));
        for (qsizetype size = 0; size < good.size(); ++size)
            QVERIFY2(isHelpful(errorOf(put(at("cut.npy"), good.left(size)))),
                     qPrintable(QString::number(size)));
        for (const char* shape : {"(-1, 2)", "(9223372036854775807, 2)", "(99999999999999999999,)", "(0, 4)",
                                  "(", "()", "(2.5,)"})
            QVERIFY2(isHelpful(errorOf(put(at("bad.npy"), npy("<f4", shape, QByteArray(16, '\0'))))), shape);
        for (const char* type : {"|O", "<c8", "<U4", "<f3", "", "|V8", "<i16"})
            QVERIFY2(isHelpful(errorOf(put(at("bad.npy"), npy(type, "(4,)", QByteArray(64, '\0'))))), type);
        const QByteArray claim =
            QByteArray("\0\0\x08\x03", 4) + bytesOf<std::uint32_t>({4000000000U, 4000000000U, 28}, true);
        QVERIFY(isHelpful(errorOf(put(at("claim-idx3-ubyte"), claim))));
        QVERIFY(isHelpful(errorOf(putGzip(at("claim-idx3-ubyte.gz"), claim))));
    }

    void saysWhatFollowsTheArray() {
        const QByteArray array = npy("<f4", "(2, 1, 2)", bytesOf<float>({1, 2, 3, 4}));
        QVERIFY(!hasNote(opened(array)->facts(), "Damaged"));
        const std::string note = "Damaged, but can be read: it holds 3 bytes behind its values.";
        const auto set = opened(array + "abc");
        QVERIFY(hasNote(set->facts(), note));
        QCOMPARE(set->read(1).array->values, (Floats{3, 4}));
        QVERIFY(hasNote(opened(npy("<f4", "(2, 1, 2)", QByteArray(19, '\0'), true))->facts(), note));
        const auto several = opened(array + array);
        QVERIFY(hasNote(several->facts(), "Of the arrays in an NPY file only the first is read"));
        QVERIFY(!hasNote(several->facts(), "Damaged"));
        QDir(m_folder.path()).mkpath("longer");
        put(at("longer/1.npy"), npy("<f4", "(2, 40)", QByteArray(321, '\0')));
        put(at("longer/2.npy"), npy("<f4", "(2, 40)", QByteArray(320, '\0')));
        QVERIFY(
            hasNote(openPath(at("longer").toStdString())->facts(),
                    "1 of 2 files is damaged, but can be read: 1.npy (it holds 1 byte behind its values)."));
        const QByteArray idx = QByteArray("\0\0\x08\x03", 4) + bytesOf<std::uint32_t>({1, 9, 9}, true);
        QVERIFY(hasNote(openPath(put(at("longer-idx3-ubyte"), idx + QByteArray(84, 1)))->facts(), note));
    }

    void namesTheFirstNaN() {
        const float nan = std::nanf("");
        const Error error =
            errorOf(put(at("nan.npy"), npy("<f4", "(2, 1, 2)", bytesOf<float>({1, 2, 3, nan}))));
        QVERIFY(isHelpful(error));
        QVERIFY(error.where.find("item 1") != std::string::npos);
        QVERIFY(error.what.find("(0, 0, 1)") != std::string::npos);
    }

    void readsNoMoreThanAllowed() {
        // Fortran order must be rearranged in memory; C order is read in pieces whatever its size.
        const QByteArray data(2 << 20, '\0');
        const QByteArray shape = "(1, 524288)";
        QVERIFY(isHelpful(errorOf(put(at("big.npy"), npy("<f4", shape, data, true)), 1)));
        const auto set = openPath(put(at("big.npy"), npy("<f4", shape, data)), 1);
        QVERIFY(set->facts().statisticsSampled || set->facts().max == 0);
        QCOMPARE(set->draw(0, {1000}, Fit::Exact, 3).array->shape, (Shape{1, 1000}));
    }
};

QTEST_GUILESS_MAIN(arraysTest)
#include "arraysTest.moc"
