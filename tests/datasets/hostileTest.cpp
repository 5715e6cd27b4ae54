// SPDX-License-Identifier: GPL-3.0-or-later
// Files made to break readers: each opens or is refused with what, where and remedy, within little memory.
#include <sys/resource.h>

#include <QDirIterator>
#include <QTemporaryDir>
#include <QtTest>

#include "engine/data/formats/Format.h"
#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

class hostileTest : public QObject {
    Q_OBJECT

private:
    static QString folder() { return QStringLiteral(DENOSCOPE_SHARED) + "/data/hostile"; }

private Q_SLOTS:
    void opensOrExplains_data() {
        QTest::addColumn<QString>("path");
        QDirIterator files(folder(), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            QTest::newRow(qPrintable(QDir(folder()).relativeFilePath(path))) << path;
        }
        if (!QDir(folder()).exists())
            QTest::newRow("none") << QString();
    }
    void opensOrExplains() {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("the folder of hostile files is not here");
        rusage before{}, after{};
        getrusage(RUSAGE_SELF, &before);
        const Error error = errorOf(path.toStdString(), 64);
        getrusage(RUSAGE_SELF, &after);
        const bool readable = path.endsWith(".npy") || path.endsWith(".nii") || path.endsWith(".wav");
        if (path.contains("VALID") && readable)
            QCOMPARE(QString::fromStdString(toText(error)), QString());
        else
            QVERIFY2(error == Error{} || isHelpful(error), toText(error).c_str());
        QVERIFY2(after.ru_maxrss - before.ru_maxrss < 256 * 1024, "more than 256 MiB for one small file");
    }

    // Whatever a file is called: each of them in every reader of single files.
    void survivesEveryReader_data() { opensOrExplains_data(); }
    void survivesEveryReader() {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("the folder of hostile files is not here");
        DataConfig config;
        config.cacheMiB = 64;
        const std::uint64_t limit = 64 << 20;
        std::vector<std::unique_ptr<Format>> formats;
        for (const auto& make : {soundFormat, imageFormat, niftiFormat, nrrdFormat, metaImageFormat})
            formats.push_back(make());
        for (const auto& make : {tableFormat, wfdbFormat, edfFormat})
            formats.push_back(make(config));
        formats.push_back(npyItemFormat(config, limit));
        formats.push_back(npzItemFormat(config, limit));
        for (const auto& format : formats) {
            try {
                const ItemHeader header = format->inspect(path.toStdString());
                const Shape extents(header.shape.begin() + 1, header.shape.end());
                if (elementCount(header.shape) < (1 << 24))
                    format->read(path.toStdString(), 0, Shape(extents.size(), 0), extents);
            } catch (const EngineError& error) {
                QVERIFY2(isHelpful(error.error()), error.what());
            }
        }
    }

    // Every byte of a valid file in turn is replaced: whatever the header then claims, nothing may crash.
    void survivesChangedBytes_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("npy") << "f.npy" << npy("<f4", "(2, 1, 4)", bytesOf<float>({1, 2, 3, 4, 5, 6, 7, 8}));
        QTest::newRow("wav") << "f.wav" << wav({1, 2, 3, 4, 5, 6}, 1, 8000);
        QTest::newRow("nii") << "f.nii" << nifti(niftiHeader(2, 2, 2, DT_UINT8, 8), QByteArray(8, '\1'));
        QTest::newRow("idx") << "f-ubyte"
                             << QByteArray("\0\0\x08\x03", 4) + bytesOf<std::uint32_t>({2, 9, 9}, true) +
                                    QByteArray(162, '\2');
    }
    void survivesChangedBytes() {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        const QTemporaryDir scratch;
        const QString path = scratch.filePath(name);
        for (qsizetype place = 0; place < std::min<qsizetype>(bytes.size(), 400); ++place)
            for (const char value : {'\x00', '\x80', '\xff'}) {
                QByteArray changed = bytes;
                changed[place] = value;
                const Error error = errorOf(put(path, changed), 8);
                QVERIFY2(
                    error == Error{} || isHelpful(error),
                    qPrintable(QString("byte %1: %2").arg(place).arg(QString::fromStdString(toText(error)))));
            }
    }
};

QTEST_GUILESS_MAIN(hostileTest)
#include "hostileTest.moc"
