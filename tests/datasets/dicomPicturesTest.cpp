// SPDX-License-Identifier: GPL-3.0-or-later
// Single DICOM files: encodings, stored types, colours, compression, films, folders of pictures.
#include <QBuffer>
#include <QImage>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/datasets/MadeCompressed.h"

using namespace denoscope;
using Floats = std::vector<float>;
using Words = std::vector<std::uint16_t>;
using Bytes = std::vector<std::uint8_t>;

class dicomPicturesTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::string placed(const QByteArray& bytes, const QString& name = "picture") const {
        return put(m_folder.filePath(name), bytes);
    }
    Floats valuesOf(const QByteArray& bytes) const { return openPath(placed(bytes))->read(0).array->values; }
    static MadeDicom grey(const Words& values) {
        return MadeDicom().text(0x00080060, "CS", "DX").pixels<std::uint16_t>(2, 3, values);
    }
    static MadeDicom coloured(const char* space, const Bytes& values, std::uint16_t planar) {
        return MadeDicom()
            .pixels<std::uint8_t>(1, 2, values)
            .word(0x00280002, 3)
            .word(0x00280006, planar)
            .text(0x00280004, "CS", space);
    }
    Error refusal(const QByteArray& bytes) const { return errorOf(placed(bytes)); }

private Q_SLOTS:
    void everyEncodingReadsTheSame() {
        const MadeDicom dicom = grey({1, 2, 3, 400, 500, 60000});
        const Floats wanted{1, 2, 3, 400, 500, 60000};
        for (const MadeEncoding encoding :
             {MadeEncoding::Explicit, MadeEncoding::Implicit, MadeEncoding::BigEndian})
            QCOMPARE(valuesOf(dicom.file(encoding)), wanted);
        // Without mark and header, as old files are.
        const MadeDicom padded =
            grey({1, 2, 3, 400, 500, 60000}).text(0x0008103E, "LO", QByteArray(100, 'x'));
        QCOMPARE(valuesOf(padded.dataSet()), wanted);
        QCOMPARE(valuesOf(padded.dataSet(MadeEncoding::Implicit)), wanted);
        // What a header calls implicit and is not.
        QCOMPARE(valuesOf(dicom.file(MadeEncoding::Explicit, "1.2.840.10008.1.2")), wanted);
        const auto set = openPath(placed(dicom.file()));
        QCOMPARE(set->facts().kind, DataKind::Image);
        QCOMPARE(set->facts().dtype, std::string("uint16"));
        QCOMPARE(set->facts().format, std::string("DICOM file"));
    }

    void aDeflatedDataSetIsInflated() {
        const QByteArray data = grey({1, 2, 3, 4, 5, 6}).dataSet(), start = MadeDicom().file().left(132);
        const QByteArray zlib = qCompress(data);  // four bytes of size, two of header, four of check sum
        const QByteArray header = MadeDicom().text(0x00020010, "UI", "1.2.840.10008.1.2.1.99").dataSet();
        const QByteArray packed = zlib.mid(6, zlib.size() - 10);
        QCOMPARE(valuesOf(start + header + packed), (Floats{1, 2, 3, 4, 5, 6}));
        QVERIFY(isHelpful(refusal(start + header + packed.left(packed.size() / 2))));
    }

    void storedBitsAreTakenOutOfTheirWords() {
        // 12 bits at the top of the word, with something else below.
        MadeDicom high = grey({0x0015, 0x7FF5, 0xFFF0, 0x8005, 0x0010, 0x0020});
        high.word(0x00280101, 12).word(0x00280102, 15);
        QCOMPARE(valuesOf(high.file()), (Floats{1, 2047, 4095, 2048, 1, 2}));
        QCOMPARE(valuesOf(high.word(0x00280103, 1).file()), (Floats{1, 2047, -1, -2048, 1, 2}));
        MadeDicom low = grey({0xF001, 0x07FF, 0x0FFF, 0x0800, 1, 2});
        low.word(0x00280101, 12).word(0x00280102, 11);
        QCOMPARE(valuesOf(low.file()), (Floats{1, 2047, 4095, 2048, 1, 2}));
    }

    void monochrome1IsTurnedOver() {
        MadeDicom dicom = grey({0, 1, 2, 3, 4, 1023});
        dicom.text(0x00280004, "CS", "MONOCHROME1").word(0x00280101, 10).word(0x00280102, 9);
        dicom.text(0x00281050, "DS", "100").text(0x00281051, "DS", "50");
        const auto set = openPath(placed(dicom.file()));
        QCOMPARE(set->read(0).array->values, (Floats{1023, 1022, 1021, 1020, 1019, 0}));
        QCOMPARE(set->facts().details.windows, (std::vector<ValueWindow>{{"level 100, width 50", 898, 948}}));
        QVERIFY(isNoted(*set, "turned over"));
    }

    void coloursBecomeRgb() {
        const Floats wanted{255, 10,  0,
                            20,  128, 30};  // red, green and blue of two pixels, channel by channel
        QCOMPARE(valuesOf(coloured("RGB", {255, 0, 128, 10, 20, 30}, 0).file()), wanted);
        QCOMPARE(valuesOf(coloured("RGB", {255, 10, 0, 20, 128, 30}, 1).file()), wanted);
        // Pure red and a grey.
        const auto isRed = [](const Floats& v) {
            return std::abs(v[0] - 254) < 2 && v[2] < 2 && std::abs(v[4]) < 2 && v[1] == 90 && v[3] == 90 &&
                   v[5] == 90;
        };
        QVERIFY(isRed(valuesOf(coloured("YBR_FULL", {76, 85, 255, 90, 128, 128}, 0).file())));
        const Floats shared = valuesOf(coloured("YBR_FULL_422", {90, 60, 128, 128}, 0).file());
        QCOMPARE(shared, (Floats{90, 60, 90, 60, 90, 60}));
        MadeDicom palette = MadeDicom().pixels<std::uint8_t>(1, 4, {0, 5, 6, 9});
        palette.text(0x00280004, "CS", "PALETTE COLOR").words<std::uint16_t>(0x00281101, "US", {2, 5, 16});
        palette.words<std::uint16_t>(0x00281201, "OW", {0x1000, 0x2000})
            .words<std::uint16_t>(0x00281202, "OW", {0x3000, 0});
        palette.words<std::uint16_t>(0x00281203, "OW", {0, 0xFF00});
        QCOMPARE(valuesOf(palette.file()), (Floats{16, 16, 32, 32, 48, 48, 0, 0, 0, 0, 255, 255}));
        QVERIFY(isHelpful(refusal(palette.without(0x00281203).file())));
    }

    void compressedPixelsAreDecoded() {
        Words words(32 * 24);
        Bytes colours(32 * 24 * 3);
        for (std::size_t i = 0; i < words.size(); ++i)
            words[i] = static_cast<std::uint16_t>(i * i * 7 % 4001 + 3 * i);
        for (std::size_t i = 0; i < colours.size(); ++i)
            colours[i] = static_cast<std::uint8_t>(i * i % 251);
        const MadeDicom grey = MadeDicom().pixels<std::uint16_t>(24, 32, words);
        const MadeDicom rgb = MadeDicom()
                                  .pixels<std::uint8_t>(24, 32, colours)
                                  .word(0x00280002, 3)
                                  .text(0x00280004, "CS", "RGB");
        const Floats wantedGrey = valuesOf(grey.file()), wantedRgb = valuesOf(rgb.file());
        QCOMPARE(wantedGrey, Floats(words.begin(), words.end()));
        for (std::size_t type = 0; type < madeSyntaxes.size(); ++type) {
            const char* const uid = madeSyntaxes[type];
            const QByteArray one = compressed(words, 24, 32, 1, type),
                             three = compressed(colours, 24, 32, 3, type);
            QCOMPARE(valuesOf(MadeDicom(grey).fragments({one}).file(MadeEncoding::Explicit, uid)),
                     wantedGrey);
            QCOMPARE(valuesOf(MadeDicom(rgb).fragments({three}).file(MadeEncoding::Explicit, uid)),
                     wantedRgb);
            // In two fragments, and as two frames of a film.
            QCOMPARE(
                valuesOf(
                    MadeDicom(grey).fragments({one.left(20), one.mid(20)}).file(MadeEncoding::Explicit, uid)),
                wantedGrey);
            MadeDicom film = MadeDicom(grey).text(0x00280008, "IS", "2").text(0x00181063, "DS", "20");
            const auto set = openPath(placed(film.fragments({one, one}).file(MadeEncoding::Explicit, uid)));
            QCOMPARE(set->size(), std::int64_t{2});
            QCOMPARE(set->facts().details.timeStep, 0.02);
            QCOMPARE(set->read(1).array->values, wantedGrey);
        }
    }

    void lossyJpegFollowsItsOwnColours() {
        QImage image(32, 16, QImage::Format_RGB32);
        for (int x = 0; x < 32; ++x)
            for (int y = 0; y < 16; ++y)
                image.setPixel(x, y, qRgb(200, 8 * x, 30));
        QByteArray jpeg;
        QBuffer buffer(&jpeg);
        QVERIFY(image.save(&buffer, "jpg", 100));
        const QImage oracle = QImage::fromData(jpeg);
        for (const char* space :
             {"RGB", "YBR_FULL_422"}) {  // the mark of JFIF says YCbCr, whatever DICOM says
            MadeDicom dicom = MadeDicom()
                                  .pixels<std::uint8_t>(16, 32, {})
                                  .word(0x00280002, 3)
                                  .text(0x00280004, "CS", space);
            const Floats values =
                valuesOf(dicom.fragments({jpeg}).file(MadeEncoding::Explicit, "1.2.840.10008.1.2.4.50"));
            for (const int x : {0, 9, 31}) {
                const QRgb colour = oracle.pixel(x, 7);
                const std::size_t at = static_cast<std::size_t>(7 * 32 + x);
                QVERIFY(std::abs(values[at] - qRed(colour)) <= 2);
                QVERIFY(std::abs(values[at + 512] - qGreen(colour)) <= 2);
                QVERIFY(std::abs(values[at + 1024] - qBlue(colour)) <= 2);
            }
        }
    }

    void aFolderOfXraysIsASetOfPictures() {
        QTemporaryDir folder;
        for (int i = 0; i < 4; ++i) {
            QDir(folder.path()).mkpath(i % 2 ? "healthy" : "ill");
            MadeDicom dicom = MadeDicom().text(0x0020000E, "UI", "1.2." + QByteArray::number(i));
            dicom.pixels<std::uint16_t>(2, static_cast<std::uint16_t>(3 + i),
                                        Words(static_cast<std::size_t>(6 + 2 * i), 7));
            put(folder.filePath(QString(i % 2 ? "healthy" : "ill") + "/" + QString::number(i)), dicom.file());
        }
        const auto set = openPath(folder.path().toStdString());
        QCOMPARE(set->size(), std::int64_t{4});
        QCOMPARE(set->facts().kind, DataKind::Image);
        QVERIFY(set->facts().mixedShapes);
        QCOMPARE(set->facts().labels, (std::vector<std::string>{"healthy", "ill"}));
    }

    void whatIsNoPictureIsNamed() {
        const auto says = [&](const MadeDicom& dicom, const char* words, const QByteArray& syntax = {}) {
            const Error error = refusal(dicom.file(MadeEncoding::Explicit, syntax));
            return isHelpful(error) && error.what.find(words) != std::string::npos;
        };
        const MadeDicom dicom = grey({1, 2, 3, 4, 5, 6});
        QVERIFY(
            says(MadeDicom().text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.3"), "RT Structure Set"));
        QVERIFY(says(MadeDicom().text(0x00080016, "UI", "1.2.840.10008.1.3.10"), "DICOMDIR"));
        QVERIFY(says(MadeDicom(dicom).fragments({"film"}), "MPEG2", "1.2.840.10008.1.2.4.100"));
        QVERIFY(says(MadeDicom(dicom).fragments({"odd"}), "transfer syntax 1.2.3", "1.2.3"));
        QVERIFY(says(MadeDicom(dicom).text(0x00080008, "CS", "ORIGINAL\\PRIMARY\\MOSAIC"), "mosaic"));
        QVERIFY(says(MadeDicom(dicom).word(0x00280100, 12), "12 bits"));
        QVERIFY(says(MadeDicom(dicom).text(0x00280004, "CS", "CMYK"), "CMYK"));
        QVERIFY(isHelpful(errorOf(placed("not this", "text.dcm"))));
    }

    void descriptionsAreTextInAnyCharacterSet() {
        for (int i = 0; i < 2; ++i) {
            MadeDicom slice = madeSlice(i, "0\\0\\" + QByteArray::number(i), madeValues(i));
            slice.text(0x00080005, "CS", i ? "ISO_IR 100" : "ISO_IR 192");
            put(m_folder.filePath(QString("s%1").arg(i)), slice
                                                              .text(0x0008103E, "LO",
                                                                    i ? "Sch\xE4"
                                                                        "del"
                                                                      : "Schädel")
                                                              .file());
        }
        for (const char* name : {"s0", "s1"}) {
            QTemporaryDir folder;
            QVERIFY(QFile::copy(m_folder.filePath(name), folder.filePath("a")));
            put(folder.filePath("b"), madeSlice(7, "0\\0\\9", madeValues(0)).file());
            QVERIFY(openPath(folder.path().toStdString())->facts().shape.size() == 4);
        }
        QFile::remove(m_folder.filePath("s1"));
        put(m_folder.filePath("t"),
            madeSlice(-1, "0\\0\\5", madeValues(3)).text(0x0008103E, "LO", "bad \xFF byte").file());
        QFile::remove(m_folder.filePath("picture"));
        QFile::remove(m_folder.filePath("text.dcm"));
        QCOMPARE(openPath(m_folder.path().toStdString())->read(0).name, std::string("series 3, Schädel"));
    }
};

QTEST_GUILESS_MAIN(dicomPicturesTest)
#include "dicomPicturesTest.moc"
