// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of numbers: which cells are numbers, which column is the time, what the rest means.
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

class tablesTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }
    std::shared_ptr<const Dataset> table(const QByteArray& text, const std::string& part = {},
                                         double rate = 0, const QString& name = "t.csv") const {
        DataConfig config;
        config.source = put(at(name), text);
        config.part = part;
        config.sampleRate = rate;
        return openDataset(config);
    }
    static std::vector<float> values(const std::shared_ptr<const Dataset>& set, std::int64_t index = 0) {
        return set->read(index).array->values;
    }
    static bool noted(const std::shared_ptr<const Dataset>& set, const std::string& part) {
        const auto& notes = set->facts().notes;
        return std::any_of(notes.begin(), notes.end(),
                           [&](const std::string& note) { return note.find(part) != std::string::npos; });
    }

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale(QLocale::German)); }

    void findsDelimiterAndDecimal_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("comma") << QByteArray("a,b\n1.5,-2\n2.5,3e1\n");
        QTest::newRow("semicolon") << QByteArray("a;b\r\n1.5;-2\r\n2.5;+30\r\n");
        QTest::newRow("semicolon, decimal comma") << QByteArray("a;b\n1,5;-2\n2,5;30,0\n");
        QTest::newRow("tab") << QByteArray("a\tb\n1.5\t-2\n2.5\t30");
        QTest::newRow("tab, decimal comma") << QByteArray("a\tb\n1,5\t-2\n2,5\t30");
        QTest::newRow("blanks") << QByteArray("a   b\n  1.5  -2\n  2.5  30\n\n");
        QTest::newRow("blanks, decimal comma") << QByteArray("a b\n1,5 -2,0\n2,5 30,0\n");
        QTest::newRow("comments") << QByteArray("# made by hand\n% as well\na,b\n1.5,-2\n\n2.5,30\n");
        QTest::newRow("header in a comment") << QByteArray("# a b\n1.5 -2\n2.5 30\n");
        QTest::newRow("quotes") << QByteArray("\"a\",'b'\n\"1.5\",\"-2\"\n\"2.5\",\"30\"\n");
        QTest::newRow("byte order mark") << QByteArray(
            "\xef\xbb\xbf"
            "a,b\n1.5,-2\n2.5,30\n");
        QTest::newRow("comma at the end") << QByteArray("a,b,\n1.5,-2,\n2.5,30,\n");
        QTest::newRow("text beside") << QByteArray("a,b,remark\n1.5,-2,\"one, two\"\n2.5,30,three\n");
    }
    void findsDelimiterAndDecimal() {
        QFETCH(QByteArray, text);
        const auto set = table(text);
        QCOMPARE(set->facts().shape, (Shape{2, 2}));
        QCOMPARE(values(set), (std::vector<float>{1.5f, 2.5f, -2, 30}));
        QCOMPARE(set->facts().details.channelNames, (std::vector<std::string>{"a", "b"}));
    }

    void takesTheRateFromTheTime_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<double>("rate");
        QTest::newRow("seconds") << QByteArray("time_s,x\n0,1\n0.0028,2\n0.0056,3\n0.0083,4\n") << 3 / 0.0083;
        QTest::newRow("milliseconds") << QByteArray("Time (ms);x\n0;1\n4;2\n8;3\n") << 250.0;
        QTest::newRow("named by the unit") << QByteArray("ms,x\n10,1\n20,2\n30,3\n") << 100.0;
        QTest::newRow("since 1970") << QByteArray("timestamp,x\n1600000000000,1\n1600000000500,2\n") << 2.0;
        QTest::newRow("dates") << QByteArray("date,x\n2021-02-28,1\n2021-03-01,2\n2021-03-02,3\n")
                               << 1.0 / 86400;
        QTest::newRow("zones")
            << QByteArray("when,datetime,x\na,2021-05-01T00:30:00+00:30,1\nb,2021-05-01 00:00:00.5Z,2\n")
            << 2.0;
        QTest::newRow("zones of hours and minutes")
            << QByteArray("datetime,x\n2021-05-01T00:00:00-0530,1\n2021-05-01T05:30:00.5Z,2\n") << 2.0;
        QTest::newRow("time of day")
            << QByteArray("'Elapsed time','x'\n'hh:mm:ss','mV'\n'0:59.50',1\n'1:00.00',2\n'1:00.50',3\n")
            << 2.0;
        QTest::newRow("no header") << QByteArray("0 5\n.01 5\n.02 6\n.03 7\n.04 6\n.05 5\n.06 5\n.07 3\n")
                                   << 100.0;
    }
    void takesTheRateFromTheTime() {
        QFETCH(QByteArray, text);
        QFETCH(double, rate);
        const auto set = table(text);
        QCOMPARE(set->facts().shape.front(), 1);
        QVERIFY2(std::abs(set->facts().geometry.sampleRate / rate - 1) < 1e-6,
                 qPrintable(QString::number(set->facts().geometry.sampleRate)));
    }

    void takesTheRateFromTheSettingElse() {
        QCOMPARE(table("x,y\n1,2\n3,4\n", {}, 250)->facts().geometry.sampleRate, 250.0);
        QCOMPARE(table("time,y\n0,2\n1,4\n", {}, 250)->facts().geometry.sampleRate, 1.0);
        const auto falling = table("time,y\n1,2\n0,4\n5,4\n");
        QCOMPARE(falling->facts().geometry.sampleRate, 0.0);
        QVERIFY(noted(falling, "do not rise"));
        QVERIFY(noted(table("t,y\n0,2\n1,4\n5,4\n"), "vary from 1 to 4 s"));
        QCOMPARE(table(",y\n0,2\n1,4\n2,4\n3,1\n4,1\n5,1\n6,1\n7,9\n")->facts().channels(), 1);
    }

    void choosesColumns() {
        const QByteArray text = "time_s,ecg_mV,breath,spo2 (%)\n0,1,10,97\n1,2,20,98\n2,3,30,99\n";
        const auto all = table(text);
        QCOMPARE(all->facts().channels(), 3);
        QCOMPARE(all->facts().details.parts.size(), std::size_t(3));
        QCOMPARE(all->facts().details.parts[0].name, std::string("ecg"));
        QCOMPARE(all->facts().details.unit, std::string());
        const auto one = table(text, "ecg");
        QCOMPARE(one->facts().details.unit, std::string("mV"));
        QCOMPARE(values(one), (std::vector<float>{1, 2, 3}));
        QCOMPARE(values(table(text, "2-3")), (std::vector<float>{10, 20, 30, 97, 98, 99}));
        QCOMPARE(values(table(text, "spo2, 1")), (std::vector<float>{97, 98, 99, 1, 2, 3}));
        for (const char* wrong : {"heart", "0", "4", "3-2", "1-9", "-", ","}) {
            try {
                table(text, wrong);
                QFAIL(wrong);
            } catch (const EngineError& error) {
                QVERIFY(isHelpful(error.error()) && error.error().remedy.find("breath") != std::string::npos);
            }
        }
    }

    void bridgesFewGaps() {
        QByteArray text = "x\n";
        for (int i = 0; i < 40; ++i)
            text += i == 3 || i == 39 ? "NaN\n" : QByteArray::number(i * 2) + "\n";
        const auto set = table(text);
        QCOMPARE(values(set)[3], 6.0f);
        QCOMPARE(values(set)[39], 76.0f);
        QVERIFY(noted(set, "2 cells"));
        text.replace("8\n10\n", "\n?\n");
        text.replace("12\n", "x\n");
        QVERIFY(errorOf(put(at("t.csv"), text)).what.find("column x has") != std::string::npos);
    }

    void keepsWideGapsForLooking() {
        QByteArray text = "x,y,marker\n";
        for (int i = 0; i < 20; ++i)
            text += (i % 3 == 0 ? QByteArray("nan") : QByteArray::number(i)) + (i == 5 ? ",inf," : ",1.5,") +
                    (i == 7 ? "1\n" : "\n");
        const std::string path = put(at("gaps.csv"), text);
        const auto set = lookAt(path);
        QCOMPARE(set->facts().shape, (Shape{2, 20}));
        const std::vector<float> read = values(set);
        QVERIFY(std::isnan(read[0]) && read[1] == 1 && std::isnan(read[18]) && std::isinf(read[25]));
        QCOMPARE(set->facts().notFinite, std::int64_t{8});
        QVERIFY(noted(set, "column x has 7 of 20 cells without a number"));
        QVERIFY(noted(set, "data.part chooses them: marker."));
        const Error error = errorOf(path);
        QVERIFY(isHelpful(error) && error.what.find("column x has") != std::string::npos);

        DataConfig config;
        config.source = path;
        config.part = "marker";
        QCOMPARE(openDataset(config, Purpose::Looking)->facts().notFinite, std::int64_t{19});
        const auto nothing = lookAt(put(at("nothing.csv"), "x\n" + QByteArray("nan\n").repeated(9)));
        QCOMPARE(nothing->facts().shape, (Shape{1, 9}));
        QCOMPARE(nothing->facts().notFinite, std::int64_t{9});
    }

    void readsASignalPerRow() {
        QByteArray first, last;
        for (int row = 0; row < 6; ++row) {
            QByteArray numbers;
            for (int i = 0; i < 20; ++i)
                numbers += (i > 0 ? "\t" : "") + QByteArray::number(row + i / 32.0);
            first += QByteArray::number(row % 3 + 8) + "\t" + numbers + "\n";
            last += numbers + "\t" + QByteArray::number(row % 2) + ".000e+00\n";
        }
        const auto set = table(first, {}, 100, "t.tsv");
        QCOMPARE(set->size(), 6);
        QCOMPARE(set->facts().shape, (Shape{1, 20}));
        QCOMPARE(set->facts().labels, (std::vector<std::string>{"8", "9", "10"}));
        QCOMPARE(set->facts().geometry.sampleRate, 100.0);
        QCOMPARE(set->read(4).label, 1);
        QCOMPARE(values(set, 4)[1], 4 + 1 / 32.0f);
        QCOMPARE(table(last)->facts().labels, (std::vector<std::string>{"0", "1"}));
        QCOMPARE(table(last)->facts().shape, (Shape{1, 20}));
        QCOMPARE(table(last, "2-3")->facts().shape, (Shape{2, 6}));  // columns where columns are named
        // The same numbers under names are the channels of one recording.
        QByteArray names = "a0";
        for (int i = 1; i < 21; ++i)
            names += "\ta" + QByteArray::number(i);
        QCOMPARE(table(names + "\n" + first)->facts().shape, (Shape{21, 6}));
        names.replace("a0", "label");
        QCOMPARE(table(names + "\n" + first)->facts().shape, (Shape{1, 20}));
    }

    void readsTimeSeriesArchives() {
        const QByteArray header = "#text\n@problemName a\n@timeStamps false\n@classLabel true b a\n@data\n";
        const auto set = table(header + "1,2,3:4,5,6:b\n1,?,3:7,8,9E0:a\n", {}, 0, "t.ts");
        QCOMPARE(set->facts().shape, (Shape{2, 3}));
        QCOMPARE(set->facts().labels, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(values(set, 1), (std::vector<float>{1, 2, 3, 7, 8, 9}));
        QCOMPARE(set->read(1).label, 0);
        for (const char* wrong : {"1,2:3,4:a\n1,2:a\n", "1,2:a\n1,2,3:a\n", "1,x:a\n", "?,?:a\n", "", "a\n"})
            QVERIFY2(isHelpful(errorOf(put(at("w.ts"), header + wrong))), wrong);
        QVERIFY(isHelpful(errorOf(put(at("w.ts"), "1,2,3\n"))));
        QVERIFY(isHelpful(errorOf(put(at("w.ts"), "@timeStamps true\n@data\n(0,1)\n"))));
    }

    void readsAFolderOfTables() {
        QDir(m_folder.path()).mkpath("rec/a");
        QDir(m_folder.path()).mkpath("rec/b");
        put(at("rec/a/1.csv"), "t,x\n0,1\n1,2\n");
        put(at("rec/b/2.csv"), "t,x\n0,3\n1,4\n2,5\n");
        put(at("rec/readme.txt"), "These are recordings.\n");
        const auto set = openPath(at("rec").toStdString());
        QCOMPARE(set->size(), 2);
        QCOMPARE(set->facts().labels, (std::vector<std::string>{"a", "b"}));
        QVERIFY(set->facts().mixedShapes);
        QCOMPARE(values(set, 1), (std::vector<float>{3, 4, 5}));
    }

    void foldersOfProseHoldNoData() {
        QDir(m_folder.path()).mkpath("prose");
        put(at("prose/README.txt"), "These are 3 recordings.\n");
        const Error error = errorOf(at("prose").toStdString());
        QVERIFY(isHelpful(error) && error.what.find("no data") != std::string::npos);
        put(at("prose/table.txt"), "a b\n1 2\n3 4\n");
        QCOMPARE(openPath(at("prose").toStdString())->size(), 1);
    }

    void refusesWhatIsNoTable_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("comments") << QByteArray("# a\n# b\n");
        QTest::newRow("header only") << QByteArray("a,b,c\n");
        QTest::newRow("prose") << QByteArray("To be\nor not to be\n");
        QTest::newRow("prose with numbers") << QByteArray("Read me\nwe saw 3 of 10\nand then 4 of 11\n");
        QTest::newRow("lines of prose")
            << QByteArray("Dear doctor,\nhe came at 10, saw 3 others.\nRegards\n");
        QTest::newRow("one row") << QByteArray("a,b\n1,2\n");
        QTest::newRow("ragged") << QByteArray("a,b\n1,2\n1,2,3\n");
        QTest::newRow("cut short") << QByteArray("a,b\n1,2\n1");
        QTest::newRow("zeros") << QByteArray(100, '\0');
        QTest::newRow("UTF-16") << QByteArray(
            "\xff\xfe"
            "1\0",
            4);
        QTest::newRow("time only") << QByteArray("time,remark\n0,a\n1,b\n");
    }
    void refusesWhatIsNoTable() {
        QFETCH(QByteArray, text);
        QVERIFY(isHelpful(errorOf(put(at("no.csv"), text))));
    }

    // A short line that claims many columns must not reserve room for as many in every line.
    void allocatesWhatTheFileHolds() {
        const QByteArray wide = (QByteArray("1,").repeated(1999) + "1\n").repeated(120);
        QVERIFY(errorOf(put(at("wide.csv"), wide + QByteArray("1\n").repeated(200'000)))
                    .what.find("line 121 has 1 cell,") != std::string::npos);
        QVERIFY(errorOf(put(at("large.csv"), QByteArray("1\n").repeated(300'000)), 1).remedy.find("cache") !=
                std::string::npos);
    }

    void realTables() {
        const QString folder = QStringLiteral(DENOSCOPE_SHARED) + "/data/1d/";
        if (!QDir(folder).exists())
            QSKIP("the shared signals are not here");
        const auto beats = openPath((folder + "derived-physionet/mitbih100_2ch_360Hz_20s.csv").toStdString());
        QCOMPARE(beats->facts().geometry.sampleRate, 360.0);
        QCOMPARE(beats->facts().shape, (Shape{2, 7200}));
        QCOMPARE(beats->facts().details.unit, std::string("mV"));
        QCOMPARE(openPath((folder + "aeon/Daphnet_S06R02E0/S06R02E0.csv").toStdString())
                     ->facts()
                     .geometry.sampleRate,
                 64.0);
        const auto gun = openPath((folder + "aeon/GunPoint/GunPoint_TRAIN.tsv").toStdString());
        QCOMPARE(gun->facts().shape, (Shape{1, 150}));
        QCOMPARE(gun->facts().labels.size(), std::size_t(2));
        QCOMPARE(openPath((folder + "aeon/BasicMotions/BasicMotions_TEST.ts").toStdString())->facts().shape,
                 (Shape{6, 100}));
    }
};

QTEST_GUILESS_MAIN(tablesTest)
#include "tablesTest.moc"
