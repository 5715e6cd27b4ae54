// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged DICOM files: cut at every place, changed at random, with claims that cannot be true; and real ones.
#include <sys/resource.h>

#include <QDirIterator>
#include <QTemporaryDir>
#include <QtTest>

#include "engine/core/Random.h"
#include "tests/datasets/MadeCompressed.h"

using namespace denoscope;

class dicomHostileTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    static QByteArray packedFile(std::size_t which) {
        std::vector<std::uint16_t> values(20 * 12);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<std::uint16_t>(i * i % 999);
        MadeDicom dicom = MadeDicom().pixels<std::uint16_t>(20, 12, values);
        return dicom.fragments({compressed(values, 20, 12, 1, which)})
            .file(MadeEncoding::Explicit, madeSyntaxes[which]);
    }
    static QByteArray plainFile(MadeEncoding encoding) {
        MadeDicom slice = madeSlice(1, "1\\2\\3", madeValues(1));
        return slice
            .items(0x52009229,
                   {MadeDicom().items(0x00209116, {MadeDicom().text(0x00200037, "DS", "1\\0\\0\\0\\0\\1")})})
            .file(encoding);
    }
    // Opens and reads it all, or ends in a sentence.
    void tryOut(const QByteArray& bytes) const {
        const Error error = errorOf(put(m_folder.filePath("f.dcm"), bytes), 16);
        QVERIFY(error == Error() || isHelpful(error));
    }

private Q_SLOTS:
    void everyCutEndsInASentence() {
        for (const MadeEncoding encoding :
             {MadeEncoding::Explicit, MadeEncoding::Implicit, MadeEncoding::BigEndian}) {
            const QByteArray whole = plainFile(encoding);
            QCOMPARE(errorOf(put(m_folder.filePath("f.dcm"), whole)), Error());
            for (qsizetype size = 0; size < whole.size(); ++size)
                QVERIFY(isHelpful(errorOf(put(m_folder.filePath("f.dcm"), whole.left(size)))));
        }
        for (std::size_t which = 0; which < madeSyntaxes.size(); ++which) {
            const QByteArray whole = packedFile(which);
            QCOMPARE(errorOf(put(m_folder.filePath("f.dcm"), whole)), Error());
            for (qsizetype size = 132; size < whole.size(); size += 3)
                tryOut(whole.left(size));
        }
    }

    void changedBytesEndInASentence() {
        for (std::size_t which = 0; which < madeSyntaxes.size() + 2; ++which) {
            const QByteArray whole =
                which < madeSyntaxes.size()
                    ? packedFile(which)
                    : plainFile(which % 2 ? MadeEncoding::Explicit : MadeEncoding::Implicit);
            for (std::uint64_t round = 0; round < 400; ++round) {
                QByteArray changed = whole;
                const std::uint64_t random = mix64(which * 1000 + round);
                for (std::uint64_t change = 0; change <= random % 3; ++change) {
                    const std::uint64_t more = mix64(random + change);
                    changed[static_cast<qsizetype>(132 +
                                                   more % static_cast<std::uint64_t>(whole.size() - 132))] =
                        static_cast<char>(more >> 32);
                }
                tryOut(changed);
            }
        }
    }

    void impossibleClaimsTakeNoMemory() {
        rusage before{}, after{};
        getrusage(RUSAGE_SELF, &before);
        const auto refused = [&](const MadeDicom& dicom, const QByteArray& syntax = {}) {
            return isHelpful(
                errorOf(put(m_folder.filePath("f.dcm"), dicom.file(MadeEncoding::Explicit, syntax))));
        };
        const MadeDicom small = madeSlice(1, "0\\0\\0", madeValues(1));
        QVERIFY(refused(MadeDicom(small).word(0x00280010, 65535).word(0x00280011, 65535)));
        QVERIFY(refused(MadeDicom(small).text(0x00280008, "IS", "1000000")));
        QVERIFY(refused(MadeDicom(small).text(0x00280008, "IS", "-3")));
        QVERIFY(refused(MadeDicom(small).word(0x00280101, 17)));
        QVERIFY(refused(MadeDicom(small).word(0x00280010, 0)));
        for (const char* const uid : madeSyntaxes)
            QVERIFY(refused(MadeDicom(small)
                                .word(0x00280010, 65535)
                                .word(0x00280011, 65535)
                                .fragments({QByteArray(200, 'x')}),
                            uid));
        QByteArray nested;  // sequences of undefined length, each in the one before
        for (int i = 0; i < 5000; ++i)
            nested += QByteArray("\x08\0\x40\x11SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF", 20);
        QVERIFY(isHelpful(errorOf(put(m_folder.filePath("f.dcm"), MadeDicom().file() + nested))));
        getrusage(RUSAGE_SELF, &after);
        QVERIFY2(after.ru_maxrss - before.ru_maxrss < 64 << 10, "more than 64 MiB were taken");
    }

    void realFilesAreReadOrRefused() {
        const QString shared = QString(DENOSCOPE_SHARED) + "/data";
        if (!QFileInfo::exists(shared))
            QSKIP("the shared data are not here");
        int read = 0;
        QDirIterator files(shared, {"*.dcm"}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const Error error = errorOf(files.next().toStdString());
            QVERIFY2(error == Error() || isHelpful(error), qPrintable(files.filePath()));
            QCOMPARE(error == Error(), !files.filePath().contains("/hostile/"));
            read += error == Error();
        }
        QVERIFY(read > 100);
    }

    // The values are those of pydicom's documentation and of the files' own elements.
    void realFilesHaveKnownValues() {
        const std::string shared = std::string(DENOSCOPE_SHARED) + "/data/";
        if (!QFileInfo::exists(QString::fromStdString(shared + "2d/pydicom-2d")))
            QSKIP("the shared data are not here");
        const auto ct = openPath(shared + "2d/pydicom-2d/CT_small.dcm");
        QCOMPARE(ct->read(0).array->values.front(), 175.0f - 1024.0f);
        QCOMPARE(ct->facts().details.unit, std::string("HU"));
        const auto mr = openPath(shared + "2d/pydicom-2d/MR_small.dcm")->read(0).array->values;
        for (const char* name : {"RLE", "bigendian", "implicit"})
            QCOMPARE(openPath(shared + "2d/pydicom-2d/MR_small_" + name + ".dcm")->read(0).array->values, mr);
        const auto head = openPath(shared + "3d/Slicer/CTHeadAxialDicom");
        QCOMPARE(head->facts().shape, (Shape{1, 93, 64, 64}));
        QCOMPARE(head->facts().geometry.spacing, (std::array<double, 3>{3.2, 3.2, 1.5}));
        const auto brain = openPath(shared + "3d/tcia-brain-tumor-progression__nd320-c3");
        QCOMPARE(brain->facts().shape, (Shape{1, 25, 320, 260}));
        QVERIFY(std::abs(brain->facts().geometry.spacing[2] - 6.5) < 1e-5);
    }
};

QTEST_GUILESS_MAIN(dicomHostileTest)
#include "dicomHostileTest.moc"
