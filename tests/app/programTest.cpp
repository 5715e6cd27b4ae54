// SPDX-License-Identifier: GPL-3.0-or-later
// The programs as they start: what the math libraries find in the environment when they are loaded. libgomp
// tells, where it is asked to; it comes with Qt as well as with LibTorch.
#include <QProcess>
#include <QTest>

class programTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theMathLibrariesFindTheirEnvironment_data() {
        QTest::addColumn<QString>("program");
        QTest::newRow("denoscope-cli") << QString(DENOSCOPE_CLI);
#ifdef DENOSCOPE_WINDOW
        QTest::newRow("denoscope") << QString(DENOSCOPE_WINDOW);
#endif
    }
    void theMathLibrariesFindTheirEnvironment() {
        QFETCH(QString, program);
        const QByteArray told = start(program, {});
        QVERIFY2(told.contains("OMP_WAIT_POLICY = 'PASSIVE'"), told.constData());
        QVERIFY2(told.contains("GOMP_SPINCOUNT = '5000'"), told.constData());
        QCOMPARE(told.count("OPENMP DISPLAY ENVIRONMENT BEGIN"), 1);  // nothing is loaded twice
        QVERIFY(start(program, {{"GOMP_SPINCOUNT", "7"}}).contains("GOMP_SPINCOUNT = '7'"));
    }

private:
    // What it says on stderr.
    static QByteArray start(const QString& program, const QList<std::pair<QString, QString>>& variables) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"})
            environment.remove(name);
        environment.insert("OMP_DISPLAY_ENV", "VERBOSE");
        for (const auto& [name, value] : variables)
            environment.insert(name, value);
        QProcess process;
        process.setProcessEnvironment(environment);
        process.start(program, {"--version"}, QIODevice::ReadOnly);
        const bool answered = process.waitForFinished(120'000);  // a bound for a hang
        return answered && process.exitCode() == 0 ? process.readAllStandardError() : QByteArray("it failed");
    }
};

QTEST_GUILESS_MAIN(programTest)
#include "programTest.moc"
