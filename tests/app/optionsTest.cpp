// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/window/Options.h"

using namespace denoscope;

class optionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void demosAreNamed_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("data");
        QTest::newRow("alone") << QStringList{"--demo"} << "demo:shapes";
        QTest::newRow("named") << QStringList{"--demo", "heads"} << "demo:heads";
        QTest::newRow("equals") << QStringList{"--demo=beats"} << "demo:beats";
        QTest::newRow("with more") << QStringList{"--demo", "--theme", "dark"} << "demo:shapes";
        QTest::newRow("tour") << QStringList{"--tour", "/tmp/t"} << "demo:shapes";
    }
    void demosAreNamed() {
        QFETCH(QStringList, words);
        QFETCH(QString, data);
        const ParsedOptions parsed = parseOptions(QStringList("denoscope") + words);
        QVERIFY2(parsed.options.has_value(), qPrintable(parsed.text));
        QCOMPARE(parsed.options->data, data);
        QVERIFY(parsed.options->trainAtOnce);
    }

    void aPathIsData() {
        const ParsedOptions parsed = parseOptions({"denoscope", "digits", "--steps", "70", "--runs", "r"});
        QCOMPARE(parsed.options->data, QString("digits"));
        QVERIFY(!parsed.options->trainAtOnce);
        QCOMPARE(parsed.options->steps, std::optional<std::int64_t>(70));
        QCOMPARE(parsed.options->runsRoot, QString("r"));
    }

    void mistakesAreNamed_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("named");
        QTest::newRow("unknown") << QStringList{"--deme"} << "deme";
        QTest::newRow("demo") << QStringList{"--demo", "cats"} << "cats";
        QTest::newRow("steps") << QStringList{"--steps", "many"} << "many";
        QTest::newRow("after") << QStringList{"--after", "1,5"} << "1,5";
        QTest::newRow("theme") << QStringList{"--theme", "pink"} << "pink";
        QTest::newRow("paths") << QStringList{"a", "b"} << "'b'";
    }
    void mistakesAreNamed() {
        QFETCH(QStringList, words);
        QFETCH(QString, named);
        const ParsedOptions parsed = parseOptions(QStringList("denoscope") + words);
        QVERIFY(!parsed.options);
        QCOMPARE(parsed.exitCode, 2);
        QVERIFY2(parsed.text.contains(named), qPrintable(parsed.text));
    }

    void helpExplains() {
        const ParsedOptions parsed = parseOptions({"denoscope", "--help"});
        QCOMPARE(parsed.exitCode, 0);
        for (const char* option :
             {"--run", "--demo", "--data", "--screenshot", "--after", "--theme", "--runs", "--tour"})
            QVERIFY2(parsed.text.contains(option), option);
        for (const char* picture : {"window.png", "loss.png", "samples.png", "denoising.png"})  // of the tour
            QVERIFY2(parsed.text.contains(picture), picture);
    }
};

QTEST_GUILESS_MAIN(optionsTest)
#include "optionsTest.moc"
