// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target over its corpus: every file, every beginning of it, and every byte of it changed.
#include <QDir>
#include <QFile>
#include <QtTest>

#include <array>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

class Replay : public QObject {
    Q_OBJECT

private:
    static void run(const QByteArray& bytes) {
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.constData()),
                               static_cast<std::size_t>(bytes.size()));
    }

private Q_SLOTS:
    void neverCrashes_data() {
        QTest::addColumn<QString>("path");
        const QFileInfoList files = QDir(DENOSCOPE_CORPUS).entryInfoList(QDir::Files, QDir::Name);
        QVERIFY2(!files.isEmpty(), "there is no corpus");
        for (const QFileInfo& file : files)
            QTest::newRow(qPrintable(file.fileName())) << file.filePath();
    }
    void neverCrashes() {
        QFETCH(QString, path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        run(whole);
        for (qsizetype size = 0; size < whole.size(); ++size)
            run(whole.left(size));
        for (qsizetype i = 0; i < whole.size(); ++i)
            for (const char other :
                 std::array{'\0', '\x7f', '\xff', '9', '-', ' ', '\n', static_cast<char>(whole[i] ^ 1)}) {
                QByteArray changed = whole;
                changed[i] = other;
                run(changed);
            }
    }
};

QTEST_GUILESS_MAIN(Replay)
#include "replay.moc"
