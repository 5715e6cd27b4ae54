// SPDX-License-Identifier: GPL-3.0-or-later
// PNG and JPEG against pictures that Qt wrote.
#include <QImage>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

class picturesTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }
    std::shared_ptr<const Dataset> saved(const QImage& image, const QString& name = "a.png") const {
        if (!image.save(at(name), nullptr, 95))
            qFatal("cannot write %s", qPrintable(name));
        return openPath(at(name).toStdString());
    }
    // The file that saved() writes.
    QByteArray bytesOf(const QImage& image, const QString& name) const {
        saved(image, name);
        QFile file(at(name));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("cannot read %s", qPrintable(name));
        return file.readAll();
    }
    // One row of a palette of (red, green, blue).
    static QByteArray paletted(std::uint32_t width, std::uint8_t bits, const QByteArray& palette,
                               const QByteArray& row) {
        const auto chunk = [](const QByteArray& body) {
            const auto* bytes = reinterpret_cast<const Bytef*>(body.constData());
            const auto sum = static_cast<std::uint32_t>(crc32(0, bytes, uInt(body.size())));
            return denoscope::bytesOf<std::uint32_t>({std::uint32_t(body.size()) - 4}, true) + body +
                   denoscope::bytesOf<std::uint32_t>({sum}, true);
        };
        return QByteArray("\x89PNG\r\n\x1a\n") +
               chunk("IHDR" + denoscope::bytesOf<std::uint32_t>({width, 1}, true) +
                     denoscope::bytesOf<std::uint8_t>({bits, 3, 0, 0, 0})) +
               chunk("PLTE" + palette) + chunk("IDAT" + qCompress(QByteArray(1, '\0') + row).mid(4)) +
               chunk("IEND");
    }

private Q_SLOTS:
    void readsColour() {
        QImage image(3, 2, QImage::Format_RGB888);
        image.fill(QColor(10, 20, 30));
        image.setPixelColor(2, 1, QColor(200, 100, 50));
        const auto set = saved(image);
        QCOMPARE(set->facts().shape, (Shape{3, 2, 3}));
        QCOMPARE(set->facts().dtype, std::string("uint8"));
        QCOMPARE(set->read(0).array->values, (std::vector<float>{10, 10, 10, 10, 10, 200, 20, 20, 20, 20, 20,
                                                                 100, 30, 30, 30, 30, 30, 50}));
    }

    void readsGreyAndSixteenBits() {
        QImage grey(2, 1, QImage::Format_Grayscale8);
        grey.scanLine(0)[0] = 7;
        grey.scanLine(0)[1] = 250;
        QCOMPARE(saved(grey)->read(0).array->values, (std::vector<float>{7, 250}));
        QImage deep(2, 1, QImage::Format_Grayscale16);
        reinterpret_cast<quint16*>(deep.scanLine(0))[0] = 258;
        reinterpret_cast<quint16*>(deep.scanLine(0))[1] = 65535;
        const auto set = saved(deep);
        QCOMPARE(set->facts().dtype, std::string("uint16"));
        QCOMPARE(set->read(0).array->values, (std::vector<float>{258, 65535}));
        QCOMPARE(resolve({}, *set).data.high, 65535.0);
    }

    void readsPalettesAndOneBit() {
        QImage indexed(2, 1, QImage::Format_Indexed8);
        indexed.setColorTable({qRgb(1, 2, 3), qRgb(9, 8, 7)});
        indexed.setPixel(0, 0, 1);
        indexed.setPixel(1, 0, 0);
        QCOMPARE(saved(indexed)->read(0).array->values, (std::vector<float>{9, 1, 8, 2, 7, 3}));
        QImage mono(9, 1, QImage::Format_Mono);
        mono.setColorTable({qRgb(0, 0, 0), qRgb(255, 255, 255)});
        mono.fill(0);
        mono.setPixel(8, 0, 1);
        QCOMPARE(saved(mono)->read(0).array->values.back(), 255.0f);
    }

    // libpng shows them as black.
    void refusesColoursThatThePaletteLacks() {
        const QByteArray two("\1\2\3\x9\x8\x7", 6);
        const auto values = [&](const char* name, std::uint8_t bits, const QByteArray& row) {
            return openPath(put(at(name), paletted(3, bits, two, row)))->read(0).array->values;
        };
        const std::vector<float> wanted{1, 9, 1, 2, 8, 2, 3, 7, 3};
        QCOMPARE(values("bytes.png", 8, QByteArray("\0\1\0", 3)), wanted);
        QCOMPARE(values("bits.png", 2, QByteArray("\x13", 1)), wanted);  // padded with what is no pixel
        for (const auto& [bits, row] : {std::pair<std::uint8_t, QByteArray>{8, QByteArray("\0\2\0", 3)},
                                        {8, QByteArray("\0\0\xff", 3)},
                                        {2, QByteArray("\x18", 1)}}) {
            const Error error = errorOf(put(at("lacks.png"), paletted(3, bits, two, row)));
            QVERIFY2(isHelpful(error) && error.what.find("palette") != std::string::npos, error.what.c_str());
        }
    }

    void laysTransparencyOnWhite() {
        QImage image(2, 1, QImage::Format_ARGB32);
        image.setPixelColor(0, 0, QColor(100, 0, 0, 0));
        image.setPixelColor(1, 0, QColor(0, 0, 0, 51));
        const auto set = saved(image);
        QCOMPARE(set->facts().channels(), 3);
        QCOMPARE(set->read(0).array->values, (std::vector<float>{255, 204, 255, 204, 255, 204}));
        QVERIFY(!set->facts().notes.empty());
        QImage half(2, 1, QImage::Format_Indexed8);
        half.setColorTable({qRgba(0, 100, 200, 51), qRgb(1, 2, 3)});
        half.setPixel(0, 0, 0);
        half.setPixel(1, 0, 1);
        QCOMPARE(saved(half)->read(0).array->values, (std::vector<float>{204, 1, 224, 2, 244, 3}));
    }

    void readsJpeg() {
        QImage image(16, 8, QImage::Format_RGB888);
        image.fill(QColor(200, 100, 50));
        const auto set = saved(image, "a.jpg");
        QCOMPARE(set->facts().shape, (Shape{3, 8, 16}));
        QVERIFY(std::abs(set->read(0).array->values[0] - 200) < 4 &&
                std::abs(set->read(0).array->values[300] - 50) < 4);
        QCOMPARE(saved(image.convertToFormat(QImage::Format_Grayscale8), "g.jpg")->facts().channels(), 1);
        image.save(at("really-jpeg.png"), "JPG");
        QCOMPARE(openPath(at("really-jpeg.png").toStdString())->facts().shape, (Shape{3, 8, 16}));
    }

    // Larger than what is read to learn the size, and with the picture itself behind that as well.
    void readsLargeJpeg() {
        QImage image(800, 700, QImage::Format_RGB888);
        std::uint32_t noise = 1;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x, noise = noise * 1664525 + 1013904223)
                image.setPixel(x, y, noise >> 8);
        QVERIFY(image.save(at("large.jpg"), nullptr, 95));
        QFile file(at("large.jpg"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray bytes = file.readAll();
        QVERIFY(bytes.size() > 300'000);
        const Shape shape{3, 700, 800};
        QCOMPARE(openPath(file.fileName().toStdString())->facts().shape, shape);
        const QByteArray comment = QByteArray("\xff\xfe\xff\xff", 4) + QByteArray(65533, 'x');
        bytes.insert(2, comment.repeated(5));
        const auto late = openPath(put(at("late.jpg"), bytes));
        QCOMPARE(late->facts().shape, shape);
        QCOMPARE(late->read(0).array->shape, shape);
    }

    void mixesGreyAndColour() {
        QDir(m_folder.path()).mkpath("mixed");
        QImage image(4, 4, QImage::Format_Grayscale8);
        image.fill(9);
        image.save(at("mixed/a.png"));
        image.convertToFormat(QImage::Format_RGB888).save(at("mixed/b.png"));
        QImage(5, 4, QImage::Format_RGB888).save(at("mixed/c.png"));
        const auto set = openPath(at("mixed").toStdString());
        QCOMPARE(set->size(), 3);
        QCOMPARE(set->read(0).array->shape, (Shape{3, 4, 4}));
        QVERIFY(set->facts().mixedShapes);
        QCOMPARE(set->draw(0, {4, 4}, Fit::Exact, 0).array->values, std::vector<float>(48, 9.0f));
        try {
            set->draw(2, {4, 4}, Fit::Exact, 0);
            QFAIL("a misfit was accepted");
        } catch (const EngineError& error) {
            QVERIFY(isHelpful(error.error()) && error.error().where.find("c.png") != std::string::npos);
        }
        QCOMPARE(set->draw(2, {4, 4}, Fit::Crop, 0).array->shape, (Shape{3, 4, 4}));
    }

    void refusesEveryTruncation_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("png") << "t.png";
        QTest::newRow("jpeg") << "t.jpg";
    }
    void refusesEveryTruncation() {
        QFETCH(QString, name);
        QImage image(40, 30, QImage::Format_RGB888);
        for (int y = 0; y < 30; ++y)
            for (int x = 0; x < 40; ++x)
                image.setPixelColor(x, y, QColor(x * 6, y * 8, (x * y) % 256));
        const QByteArray whole = bytesOf(image, name);
        for (qsizetype size = 0; size < whole.size() - 16; size += 7)
            QVERIFY2(isHelpful(errorOf(put(at("cut-" + name), whole.left(size)))),
                     qPrintable(QString::number(size)));
    }

    void saysWhatIsDamagedBesideThePixels() {
        QImage image(40, 30, QImage::Format_RGB888);
        image.fill(QColor(10, 20, 30));
        const QByteArray png = bytesOf(image, "whole.png"), jpeg = bytesOf(image, "whole.jpg");
        const QByteArray text("\0\0\0\4tEXta\0bc\0\0\0\0", 16);           // its checksum is wrong
        for (const qsizetype place : {qsizetype{33}, png.size() - 12}) {  // before and behind the pixels
            const auto set = openPath(put(at("text.png"), QByteArray(png).insert(place, text)));
            QVERIFY(hasNote(set->facts(), "Damaged, but can be read: libpng says \"tEXt: CRC error\"."));
            QCOMPARE(set->read(0).array->values,
                     openPath(at("whole.png").toStdString())->read(0).array->values);
        }
        const qsizetype segment =
            4 + (static_cast<unsigned char>(jpeg[4]) << 8 | static_cast<unsigned char>(jpeg[5]));
        const QByteArray filled = QByteArray(jpeg).insert(segment, QByteArray(16, '\4'));
        const auto set = openPath(put(at("filled.jpg"), filled));
        QVERIFY(hasNote(set->facts(), "16 extraneous bytes before marker"));
        QCOMPARE(set->read(0).array->values, openPath(at("whole.jpg").toStdString())->read(0).array->values);
        const QByteArray exif = QByteArray(
            "\xff\xe1\0\x10"
            "Exif\0\0\xff\xff\xff\xff\0\0\0\x8",
            18);
        QVERIFY(hasNote(openPath(put(at("exif.jpg"), QByteArray(jpeg).insert(2, exif)))->facts(), "EXIF"));
    }

    // A harmless complaint must not hide the one that matters.
    void refusesMissingPixelsBehindHarmlessDamage() {
        QImage image(64, 64, QImage::Format_RGB888);
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 64; ++x)
                image.setPixelColor(x, y, QColor(x * 4, y * 4, (x * y) % 256));
        const QByteArray whole = bytesOf(image, "noisy.jpg");
        const qsizetype segment =
            4 + (static_cast<unsigned char>(whole[4]) << 8 | static_cast<unsigned char>(whole[5]));
        const QByteArray filled = QByteArray(whole).insert(segment, QByteArray(16, '\4'));
        const Error error = errorOf(put(at("both.jpg"), filled.left(filled.size() - 200)));
        QVERIFY2(isHelpful(error) && error.what.find("remature end") != std::string::npos,
                 error.what.c_str());
    }

    // What the decoder leaves over before the end of the picture tells that it lost its place.
    void refusesBytesLeftOverInThePicture() {
        QImage image(32, 24, QImage::Format_RGB888);
        image.fill(QColor(90, 20, 30));
        const QByteArray whole = bytesOf(image, "whole.jpg");
        const Error error =
            errorOf(put(at("left.jpg"), QByteArray(whole).insert(whole.size() - 2, QByteArray(16, '\4'))));
        QVERIFY2(isHelpful(error) && error.what.find("extraneous") != std::string::npos, error.what.c_str());
    }

    void findsExifBehindOtherSegments() {
        QImage image(32, 24, QImage::Format_RGB888);
        image.fill(QColor(90, 20, 30));
        const QByteArray lying = bytesOf(image, "lying.jpg");
        const QByteArray comment(
            "\xff\xfe\0\x8"
            "Exif\0\0",
            10);  // which is none
        const QByteArray sixth(
            "\xff\xe1\0\x22"
            "Exif\0\0"
            "II*\0\x8\0\0\0"
            "\1\0"
            "\x12\1\3\0\1\0\0\0\6\0\0\0"
            "\0\0\0\0",
            36);
        const auto turned = openPath(put(at("turned.jpg"), QByteArray(lying).insert(2, comment + sixth)));
        QCOMPARE(turned->facts().shape, (Shape{3, 32, 24}));
        QVERIFY(!hasNote(turned->facts(), "Damaged"));
        const auto commented = openPath(put(at("commented.jpg"), QByteArray(lying).insert(2, comment)));
        QCOMPARE(commented->facts().shape, (Shape{3, 24, 32}));
        QVERIFY(!hasNote(commented->facts(), "Damaged"));
    }

    // Without it the pixels mean something else.
    void refusesDamagedTransparency() {
        QImage image(8, 8, QImage::Format_Indexed8);
        image.setColorTable({qRgba(10, 20, 30, 0), qRgba(200, 100, 0, 255)});
        image.fill(0);
        QByteArray bytes = bytesOf(image, "clear.png");
        const qsizetype chunk = bytes.indexOf("tRNS");
        QVERIFY(chunk > 0);
        bytes[chunk + 4] = static_cast<char>(bytes[chunk + 4] ^ 1);
        const Error error = errorOf(put(at("torn.png"), bytes));
        QVERIFY2(isHelpful(error) && error.what.find("tRNS") != std::string::npos, error.what.c_str());
    }

    void quotesTheLibrary() {
        QImage image(8, 8, QImage::Format_Grayscale8);
        image.fill(7);
        QByteArray bytes = bytesOf(image, "crc.png");
        bytes[30] = static_cast<char>(bytes[30] ^ 1);  // of the header's checksum
        const Error error = errorOf(put(at("crc.png"), bytes));
        QVERIFY2(error.what.starts_with("cannot be read as a PNG picture: libpng says \"") &&
                     error.what.ends_with("\""),
                 error.what.c_str());
    }

    void leavesOutTheTruncated() {
        QDir(m_folder.path()).mkpath("some");
        QImage image(20, 20, QImage::Format_Grayscale8);
        image.fill(100);
        for (int i = 0; i < 5; ++i)
            image.save(at(QString("some/%1.png").arg(i)));
        QFile file(at("some/3.png"));
        QVERIFY(file.open(QIODevice::ReadWrite) && file.resize(file.size() - 30));
        QVERIFY(QFile::link(at("some/circle.png"), at("some/circle.png")));  // leads nowhere
        const auto set = openPath(at("some").toStdString());
        QCOMPARE(set->size(), 4);
        QCOMPARE(QString::fromStdString(set->read(3).name), QString("4.png"));
        QVERIFY(set->facts().notes.back().find("3.png") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(picturesTest)
#include "picturesTest.moc"
