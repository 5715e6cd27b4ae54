// SPDX-License-Identifier: GPL-3.0-or-later
// WFDB records, EDF and BDF files, made byte by byte from what their formats say.
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

class recordingsTest : public QObject {
    Q_OBJECT

private:
    using Values = std::vector<float>;

    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }
    std::shared_ptr<const Dataset> record(const QByteArray& header, const QByteArray& samples,
                                          const std::string& part = {}) const {
        put(at("r.dat"), samples);
        return opened(put(at("r.hea"), header), part);
    }
    static std::shared_ptr<const Dataset> opened(const std::string& path, const std::string& part = {}) {
        DataConfig config;
        config.source = path;
        config.part = part;
        return openDataset(config);
    }
    static Values values(const std::shared_ptr<const Dataset>& set) { return set->read(0).array->values; }
    static bool noted(const std::shared_ptr<const Dataset>& set, const std::string& part) {
        const auto& notes = set->facts().notes;
        return std::any_of(notes.begin(), notes.end(),
                           [&](const std::string& note) { return note.find(part) != std::string::npos; });
    }

    struct Signal {
        const char* label;
        const char* unit;
        double low, high;  // physical; digital is always -100 to 100
        int samples;
    };
    // Records of one second, all samples of a signal side by side.
    static QByteArray edf(const std::vector<Signal>& signalList, int records, const QByteArray& data,
                          bool wide = false, const char* claimed = nullptr) {
        const auto field = [](const QByteArray& text, int length) {
            return text.leftJustified(length, ' ', true);
        };
        QByteArray header = wide ? QByteArray(
                                       "\xff"
                                       "BIOSEMI")
                                 : field("0", 8);
        header +=
            field("Doe, Jane", 80) + field("Startdate", 80) + field("01.02.03", 8) + field("04.05.06", 8);
        header += field(QByteArray::number(256 * (qsizetype(signalList.size()) + 1)), 8) + field("", 44);
        header += field(claimed ? QByteArray(claimed) : QByteArray::number(records), 8) + field("1", 8);
        header += field(QByteArray::number(qsizetype(signalList.size())), 4);
        const auto each = [&](int length, const auto& text) {
            for (const Signal& signal : signalList)
                header += field(text(signal), length);
        };
        each(16, [](const Signal& s) { return QByteArray(s.label); });
        each(80, [](const Signal&) { return QByteArray(); });
        each(8, [](const Signal& s) { return QByteArray(s.unit); });
        each(8, [](const Signal& s) { return QByteArray::number(s.low); });
        each(8, [](const Signal& s) { return QByteArray::number(s.high); });
        each(8, [](const Signal&) { return QByteArray("-100"); });
        each(8, [](const Signal&) { return QByteArray("100"); });
        each(80, [](const Signal&) { return QByteArray(); });
        each(8, [](const Signal& s) { return QByteArray::number(s.samples); });
        each(32, [](const Signal&) { return QByteArray(); });
        return header + data;
    }

private Q_SLOTS:
    void readsEveryWfdbFormat_data() {
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<QByteArray>("samples");
        QTest::addColumn<QString>("dtype");
        // Two signals with the samples 1, -2, 300 and -1, 5, -300, where they fit.
        QTest::newRow("16") << QByteArray("16") << bytesOf<std::int16_t>({1, -1, -2, 5, 300, -300})
                            << "int16";
        QTest::newRow("61") << QByteArray("61") << bytesOf<std::int16_t>({1, -1, -2, 5, 300, -300}, true)
                            << "int16";
        QTest::newRow("24") << QByteArray("24")
                            << QByteArray("\1\0\0\xff\xff\xff\xfe\xff\xff\5\0\0\x2c\1\0\xd4\xfe\xff", 18)
                            << "int24";
        QTest::newRow("32") << QByteArray("32") << bytesOf<std::int32_t>({1, -1, -2, 5, 300, -300})
                            << "int32";
        QTest::newRow("160") << QByteArray("160")
                             << bytesOf<std::uint16_t>({32769, 32767, 32766, 32773, 33068, 32468}) << "int16";
        QTest::newRow("212") << QByteArray("212") << QByteArray("\x01\xf0\xff\xfe\x0f\x05\x2c\xe1\xd4", 9)
                             << "int12";
        // 10 bits: 1, -1, -2 | 5, 300, -300.
        QTest::newRow("310") << QByteArray("310")
                             << bytesOf<std::uint16_t>({1 << 1 | 0x1e << 11, 0x3ff << 1 | 0x1f << 11,
                                                        5 << 1 | 0x14 << 11, 300 << 1 | 0x16 << 11})
                             << "int10";
        QTest::newRow("311") << QByteArray("311")
                             << bytesOf<std::uint32_t>(
                                    {1U | 0x3ffU << 10 | 0x3feU << 20, 5U | 300U << 10 | 0x2d4U << 20})
                             << "int10";
        QTest::newRow("offset") << QByteArray("16+3")
                                << QByteArray("abc") + bytesOf<std::int16_t>({1, -1, -2, 5, 300, -300})
                                << "int16";
    }
    void readsEveryWfdbFormat() {
        QFETCH(QByteArray, format);
        QFETCH(QByteArray, samples);
        QFETCH(QString, dtype);
        const QByteArray header = "# made\nr 2 250 3\nr.dat " + format + " 2/mV 12 0 1 0 0 II\nr.dat " +
                                  format + " 2/mV 12 0 -1 0 0 V5\n# <age>: 69\n";
        const auto set = record(header, samples);
        QCOMPARE(values(set), (Values{0.5f, -1, 150, -0.5f, 2.5f, -150}));
        QCOMPARE(QString::fromStdString(set->facts().dtype), dtype);
        QCOMPARE(set->facts().geometry.sampleRate, 250.0);
        QCOMPARE(set->facts().details.unit, std::string("mV"));
        QCOMPARE(set->facts().details.channelNames, (std::vector<std::string>{"II", "V5"}));
        QCOMPARE(set->facts().details.slope, 0.5);
        QCOMPARE(values(record(header, samples, "V5")), (Values{-0.5f, 2.5f, -150}));
        // Cut short; without its length the header takes what is there.
        QVERIFY(isHelpful(
            errorOf((put(at("r.dat"), samples.left(samples.size() - 4)), at("r.hea").toStdString()))));
        QByteArray open = header;
        open.replace(" 3\n", "\n");
        QCOMPARE(values(record(open, samples)), values(record(header, samples)));
    }

    void readsWfdbDifferences() {
        QCOMPARE(values(record("r 1 100 4\nr.dat 8 1 8 0 10 0 0 x\n", QByteArray("\1\xfe\0\5", 4))),
                 (Values{11, 9, 9, 14}));
        QCOMPARE(
            values(record("r 2 100 2\nr.dat 80 1(1)/uV\nr.dat 80 1\n", QByteArray("\x80\x81\x82\x7f", 4))),
            (Values{-1, 1, 1, -1}));
    }

    void bridgesMissingSamples() {
        const auto set =
            record("r 1 100 5\nr.dat 16 1\n", bytesOf<std::int16_t>({1, -32768, -32768, 4, -32768}));
        QCOMPARE(values(set), (Values{1, 2, 3, 4, 4}));
        QVERIFY(noted(set, "3 missing samples"));
    }

    void choosesTheCommonestRate() {
        // Frames of one sample of a, four of b, one of c.
        const QByteArray header =
            "r 3 10 2\nr.dat 16 1/mV 0 0 0 0 0 a\nr.dat 16x4 1/mV 0 0 0 0 0 b\nr.dat 16 1/mV 0 0 0 0 0 c\n";
        const QByteArray samples = bytesOf<std::int16_t>({1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16});
        const auto set = record(header, samples);
        QCOMPARE(values(set), (Values{1, 11, 6, 16}));
        QVERIFY(noted(set, "b (40 Hz)"));
        const auto fast = record(header, samples, "b");
        QCOMPARE(values(fast), (Values{2, 3, 4, 5, 12, 13, 14, 15}));
        QCOMPARE(fast->facts().geometry.sampleRate, 40.0);
        QVERIFY_EXCEPTION_THROWN(record(header, samples, "a,b"), EngineError);
    }

    void staysInTheFolder() {
        QDir(m_folder.path()).mkpath("in");
        put(at("outside.dat"), bytesOf<std::int16_t>({1, 2}));
        for (const char* name :
             {"../outside.dat", "/etc/passwd", "..", ".", "-", "~", "in/../../outside.dat", "missing.dat"}) {
            const std::string path = put(at("in/r.hea"), QByteArray("r 1 100 2\n") + name + " 16 1\n");
            QVERIFY2(isHelpful(errorOf(path)), name);
        }
    }

    void refusesWrongWfdbHeaders() {
        put(at("r.dat"), QByteArray(100, '\1'));
        for (const char* wrong :
             {"", "r\n", "r 0\n", "r 1\n", "r 2\nr.dat 16\n", "r/3 1 100 2\nr 100\n", "r 1 x 2\nr.dat 16\n",
              "r 1 100 2\nr.dat 999\n", "r 1 100 2\nr.dat 16x0\n", "r 1 100 99999999999\nr.dat 16\n",
              "r 1 100 18446744073709551615\nr.dat 212x65536\n", "r 1 100 2\nr.dat 16 z\n",
              "r 1 -5 2\nr.dat 16\n", "r 1 100 2\nr.dat 16+99 1\n", "r 2 100 2\nr.dat 16\nr.dat 212\n"})
            QVERIFY2(isHelpful(errorOf(put(at("r.hea"), wrong))), wrong);
    }

    void readsEdf() {
        const std::vector<Signal> signalList{
            {"EEG Fpz", "uV", -50, 50, 2}, {"Temp", "C", 0, 200, 1}, {"EEG Fpz", "uV", -100, 100, 2}};
        const QByteArray data = bytesOf<std::int16_t>({1, 2, 7, 3, -4, 5, 6, 8, 100, -100});
        const auto set = opened(put(at("a.edf"), edf(signalList, 2, data)));
        QCOMPARE(set->facts().shape, (Shape{2, 4}));
        QCOMPARE(values(set), (Values{0.5f, 1, 2.5f, 3, 3, -4, 100, -100}));
        QCOMPARE(set->facts().details.channelNames, (std::vector<std::string>{"EEG Fpz", "EEG Fpz (2)"}));
        QCOMPARE(set->facts().details.unit, std::string("uV"));
        QCOMPARE(set->facts().geometry.sampleRate, 2.0);
        QVERIFY(noted(set, "Temp (1 Hz)"));
        QCOMPARE(values(opened(at("a.edf").toStdString(), "Temp")), (Values{107, 108}));
        QCOMPARE(opened(put(at("b.edf"), edf(signalList, 2, data, false, "-1")))->facts().shape,
                 (Shape{2, 4}));
        const Item piece = set->draw(0, {2}, Fit::Exact, 3);
        QCOMPARE(piece.array->shape, (Shape{2, 2}));
    }

    void readsBdfWithoutAnnotations() {
        const std::vector<Signal> signalList{{"A1", "uV", -100, 100, 2}, {"BDF Annotations", "", -1, 1, 3}};
        const auto set = opened(put(at("a.bdf"), edf(signalList, 1,
                                                     QByteArray("\1\0\0\xfe\xff\xff"
                                                                "xxxxxxxxx",
                                                                15),
                                                     true)));
        QCOMPARE(values(set), (Values{1, -2}));
        QCOMPARE(set->facts().dtype, std::string("int24"));
        QVERIFY(noted(set, "Annotations"));
    }

    // The patient's name stands in every header and must never leave it.
    void neverTellsThePatient() {
        const std::vector<Signal> signalList{{"x", "uV", -1, 1, 2}};
        const QByteArray whole = edf(signalList, 2, QByteArray(8, '\1'));
        const auto set = opened(put(at("p.edf"), whole));
        QVERIFY(!noted(set, "Doe"));
        for (qsizetype size = 0; size < whole.size(); size += 3) {
            const Error error = errorOf(put(at("p.edf"), whole.left(size)));
            QVERIFY(isHelpful(error));
            QVERIFY(toText(error).find("Doe") == std::string::npos);
        }
        const QByteArray shifted = whole.left(8) + whole.mid(30);
        QVERIFY(toText(errorOf(put(at("p.edf"), shifted))).find("Doe") == std::string::npos);
        QVERIFY(isHelpful(
            errorOf(put(at("p.edf"), edf({{"EDF Annotations", "", -1, 1, 2}}, 1, QByteArray(4, '\0'))))));
    }

    void realRecords() {
        const QString folder = QStringLiteral(DENOSCOPE_SHARED) + "/data/1d/wfdb-python/";
        if (!QDir(folder).exists())
            QSKIP("the shared records are not here");
        const auto ecg = opened((folder + "100.hea").toStdString());
        QCOMPARE(ecg->facts().shape, (Shape{2, 650000}));
        QCOMPARE(ecg->facts().geometry.sampleRate, 360.0);
        QCOMPARE(values(ecg).front(), -29 / 200.0f);  // the header's initial value 995, 1024 being 0
        // Its first minutes are published as an array as well.
        const QString array = QStringLiteral(DENOSCOPE_SHARED) +
                              "/data/1d/derived-physionet/mitbih100_2ch_360Hz_5min_ch-first.npy";
        const Values own = values(ecg), published = values(opened(array.toStdString()));
        for (std::size_t i = 0; i < 108000; ++i) {
            QVERIFY(std::abs(own[i] - published[i]) < 1e-5f);
            QVERIFY(std::abs(own[650000 + i] - published[108000 + i]) < 1e-5f);
        }
        const auto four = opened((folder + "test01_00s.hea").toStdString());
        QCOMPARE(four->facts().shape, (Shape{4, 4000}));
        QCOMPARE(values(four).front(), 0.1f);
    }
};

QTEST_GUILESS_MAIN(recordingsTest)
#include "recordingsTest.moc"
