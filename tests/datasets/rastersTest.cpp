// SPDX-License-Identifier: GPL-3.0-or-later
// TIFF, WebP, BMP, PGM and PPM, inks and orientation: files written by other libraries, or byte by byte.
#include <tiffio.h>
#include <webp/encode.h>

#include <QImage>
#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>

#include <jpeglib.h>  // needs <cstdio> before it

#include "engine/data/formats/Pictures.h"
#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

class rastersTest : public QObject {
    Q_OBJECT

private:
    using Values = std::vector<float>;

    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }
    std::shared_ptr<const Dataset> opened(const QByteArray& bytes, const QString& name = "a.bmp") const {
        return openPath(put(at(name), bytes));
    }
    static Values values(const std::shared_ptr<const Dataset>& set, std::int64_t index = 0) {
        return set->read(index).array->values;
    }

    struct Tags {
        std::uint16_t bits = 8, samples = 1, format = SAMPLEFORMAT_UINT, photometric = PHOTOMETRIC_MINISBLACK;
        std::uint16_t planes = PLANARCONFIG_CONTIG, compression = COMPRESSION_NONE, orientation = 1;
        std::uint32_t tile = 0;
        int extra = -1;
    };
    static void writePage(TIFF* file, const Tags& tags, std::uint32_t width, std::uint32_t height,
                          QByteArray data) {
        TIFFSetField(file, TIFFTAG_IMAGEWIDTH, width);
        TIFFSetField(file, TIFFTAG_IMAGELENGTH, height);
        TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, tags.bits);
        TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL, tags.samples);
        TIFFSetField(file, TIFFTAG_SAMPLEFORMAT, tags.format);
        TIFFSetField(file, TIFFTAG_PHOTOMETRIC, tags.photometric);
        TIFFSetField(file, TIFFTAG_PLANARCONFIG, tags.planes);
        TIFFSetField(file, TIFFTAG_COMPRESSION, tags.compression);
        TIFFSetField(file, TIFFTAG_ORIENTATION, tags.orientation);
        const auto kind = static_cast<std::uint16_t>(tags.extra);
        if (tags.photometric == PHOTOMETRIC_PALETTE) {
            std::array<std::uint16_t, 256> red{}, green{}, blue{};
            red[1] = 0xffff;
            blue[2] = 0x8080;
            TIFFSetField(file, TIFFTAG_COLORMAP, red.data(), green.data(), blue.data());
        }
        if (tags.extra >= 0)
            TIFFSetField(file, TIFFTAG_EXTRASAMPLES, 1, &kind);
        if (tags.tile > 0) {
            TIFFSetField(file, TIFFTAG_TILEWIDTH, tags.tile);
            TIFFSetField(file, TIFFTAG_TILELENGTH, tags.tile);
            // Every tile from the whole picture: the part beyond its edge is padding.
            const std::uint32_t pixel = tags.samples * tags.bits / 8;
            for (std::uint32_t y = 0; y < height; y += tags.tile)
                for (std::uint32_t x = 0; x < width; x += tags.tile) {
                    QByteArray tile(qsizetype(tags.tile * tags.tile * pixel), '\x55');
                    for (std::uint32_t line = 0; line < tags.tile && y + line < height; ++line)
                        tile.replace(qsizetype(line * tags.tile * pixel),
                                     qsizetype(std::min(tags.tile, width - x) * pixel),
                                     data.mid(qsizetype(((y + line) * width + x) * pixel),
                                              qsizetype(std::min(tags.tile, width - x) * pixel)));
                    TIFFWriteTile(file, tile.data(), x, y, 0, 0);
                }
        } else {
            TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, 2);
            const std::uint16_t planes = tags.planes == PLANARCONFIG_SEPARATE ? tags.samples : 1;
            const qsizetype row = data.size() / (planes * height);
            for (std::uint16_t plane = 0; plane < planes; ++plane)
                for (std::uint32_t y = 0; y < height; ++y)
                    TIFFWriteScanline(file, data.data() + (plane * height + y) * row, y, plane);
        }
        TIFFWriteDirectory(file);
    }
    std::string tiff(const std::function<void(TIFF*)>& write, const char* mode = "w") const {
        const QByteArray path = at("a.tif").toUtf8();
        TIFF* file = TIFFOpen(path.constData(), mode);
        write(file);
        TIFFClose(file);
        return path.toStdString();
    }
    std::string tiff(const Tags& tags, std::uint32_t width, std::uint32_t height, const QByteArray& data,
                     const char* mode = "w") const {
        return tiff([&](TIFF* file) { writePage(file, tags, width, height, data); }, mode);
    }
    // The first two of the first page change places.
    static QByteArray withTagsOutOfOrder(QByteArray bytes) {
        std::uint32_t directory = 0;
        std::memcpy(&directory, bytes.constData() + 4, 4);
        const qsizetype first = qsizetype(directory) + 2;
        const QByteArray entry = bytes.mid(first, 12);
        return bytes.replace(first, 12, bytes.mid(first + 12, 12)).replace(first + 12, 12, entry);
    }

private Q_SLOTS:
    void readsTiffOfEveryDepth_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("format");
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QString>("dtype");
        QTest::newRow("8") << 8 << SAMPLEFORMAT_UINT << bytesOf<std::uint8_t>({1, 2, 3, 4, 5, 200})
                           << "uint8";
        QTest::newRow("16") << 16 << SAMPLEFORMAT_UINT << bytesOf<std::uint16_t>({1, 2, 3, 4, 5, 200})
                            << "uint16";
        QTest::newRow("signed") << 16 << SAMPLEFORMAT_INT << bytesOf<std::int16_t>({1, 2, 3, 4, 5, 200})
                                << "int16";
        QTest::newRow("32") << 32 << SAMPLEFORMAT_UINT << bytesOf<std::uint32_t>({1, 2, 3, 4, 5, 200})
                            << "uint32";
        QTest::newRow("float") << 32 << SAMPLEFORMAT_IEEEFP << bytesOf<float>({1, 2, 3, 4, 5, 200})
                               << "float32";
        QTest::newRow("double") << 64 << SAMPLEFORMAT_IEEEFP << bytesOf<double>({1, 2, 3, 4, 5, 200})
                                << "float64";
    }
    void readsTiffOfEveryDepth() {
        QFETCH(int, bits);
        QFETCH(int, format);
        QFETCH(QByteArray, data);
        QFETCH(QString, dtype);
        Tags tags;
        tags.bits = static_cast<std::uint16_t>(bits);
        tags.format = static_cast<std::uint16_t>(format);
        for (const char* mode : {"wl", "wb", "w8"})
            for (const std::uint16_t compression :
                 {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE}) {
                tags.compression = compression;
                const auto set = openPath(tiff(tags, 3, 2, data, mode));
                QCOMPARE(set->facts().shape, (Shape{1, 2, 3}));
                QCOMPARE(QString::fromStdString(set->facts().dtype), dtype);
                QCOMPARE(values(set), (Values{1, 2, 3, 4, 5, 200}));
            }
    }

    void readsTiffColours() {
        Tags tags;
        tags.samples = 3;
        tags.photometric = PHOTOMETRIC_RGB;
        const QByteArray pixels("\1\2\3\4\5\6", 6);
        const Values expected{1, 4, 2, 5, 3, 6};
        QCOMPARE(values(openPath(tiff(tags, 2, 1, pixels))), expected);
        tags.planes = PLANARCONFIG_SEPARATE;
        QCOMPARE(values(openPath(tiff(tags, 2, 1, QByteArray("\1\4\2\5\3\6", 6)))), expected);
        tags.planes = PLANARCONFIG_CONTIG;
        tags.samples = 4;
        tags.extra = EXTRASAMPLE_UNASSALPHA;
        const auto clear = openPath(tiff(tags, 2, 1, QByteArray("\1\2\3\0\1\2\3\xff", 8)));
        QCOMPARE(values(clear), (Values{255, 1, 255, 2, 255, 3}));
        QVERIFY(!clear->facts().notes.empty());
        tags.extra = EXTRASAMPLE_UNSPECIFIED;
        QCOMPARE(values(openPath(tiff(tags, 1, 1, QByteArray("\1\2\3\0", 4)))), (Values{1, 2, 3}));
        Tags negative;
        negative.photometric = PHOTOMETRIC_MINISWHITE;
        QCOMPARE(values(openPath(tiff(negative, 2, 1, QByteArray("\0\5", 2)))), (Values{255, 250}));
        negative.bits = 1;
        QCOMPARE(values(openPath(tiff(negative, 3, 1, QByteArray("\x40", 1)))), (Values{255, 0, 255}));
    }

    void readsTiffPalettes() {
        Tags tags;
        tags.photometric = PHOTOMETRIC_PALETTE;
        const auto set = openPath(tiff(tags, 2, 1, QByteArray("\1\2", 2)));
        QCOMPARE(values(set), (Values{255, 0, 0, 0, 0, 128}));
    }

    void readsTiffTilesAndPages() {
        QByteArray data;
        for (int i = 0; i < 40 * 20; ++i)
            data += static_cast<char>(i % 251);
        Tags tags;
        tags.tile = 16;
        tags.compression = COMPRESSION_ADOBE_DEFLATE;
        const Values tiled = values(openPath(tiff(tags, 40, 20, data)));
        for (std::size_t i = 0; i < tiled.size(); ++i)
            QCOMPARE(tiled[i], static_cast<float>(i % 251));
        const auto stack = openPath(tiff([](TIFF* file) {
            for (int page = 0; page < 3; ++page)
                writePage(file, {}, 2, 2, QByteArray(4, static_cast<char>(page)));
            writePage(file, {}, 1, 1, QByteArray(1, 9));
        }));
        QCOMPARE(stack->size(), 3);
        QCOMPARE(values(stack, 2), Values(4, 2));
        QCOMPARE(stack->facts().notes.size(), std::size_t(2));
    }

    // Rows and columns as a camera may store one and the same picture: 1 2 3 above 4 5 6.
    void turnsUpright_data() {
        QTest::addColumn<int>("orientation");
        QTest::addColumn<int>("width");
        QTest::addColumn<QByteArray>("stored");
        QTest::newRow("1") << 1 << 3 << QByteArray("\1\2\3\4\5\6");
        QTest::newRow("2") << 2 << 3 << QByteArray("\3\2\1\6\5\4");
        QTest::newRow("3") << 3 << 3 << QByteArray("\6\5\4\3\2\1");
        QTest::newRow("4") << 4 << 3 << QByteArray("\4\5\6\1\2\3");
        QTest::newRow("5") << 5 << 2 << QByteArray("\1\4\2\5\3\6");
        QTest::newRow("6") << 6 << 2 << QByteArray("\3\6\2\5\1\4");
        QTest::newRow("7") << 7 << 2 << QByteArray("\6\3\5\2\4\1");
        QTest::newRow("8") << 8 << 2 << QByteArray("\4\1\5\2\6\3");
    }
    void turnsUpright() {
        QFETCH(int, orientation);
        QFETCH(int, width);
        QFETCH(QByteArray, stored);
        Tags tags;
        tags.orientation = static_cast<std::uint16_t>(orientation);
        const auto set = openPath(
            tiff(tags, static_cast<std::uint32_t>(width), 6 / static_cast<std::uint32_t>(width), stored));
        QCOMPARE(set->facts().shape, (Shape{1, 2, 3}));
        QCOMPARE(values(set), (Values{1, 2, 3, 4, 5, 6}));
        // The same in the EXIF data of a JPEG file, here of a picture without grain.
        QImage image(16, 8, QImage::Format_Grayscale8);
        image.fill(100);
        QVERIFY(image.save(at("plain.jpg")));
        QFile file(at("plain.jpg"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray jpeg = file.readAll();
        QByteArray exif = QByteArray("Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0", 25) +
                          static_cast<char>(orientation) + QByteArray(6, '\0');
        const auto length = static_cast<char>(exif.size() + 2);
        jpeg.insert(2, QByteArray("\xff\xe1\0", 3) + length + exif);
        const auto photo = opened(jpeg, "exif.jpg");
        QCOMPARE(photo->facts().shape, orientation > 4 ? (Shape{1, 16, 8}) : (Shape{1, 8, 16}));
        QCOMPARE(exifOrientation({jpeg.constData(), static_cast<std::size_t>(jpeg.size())}), orientation);
    }

    void refusesWhatTiffCannotHold() {
        const std::string path = tiff({}, 200, 100, QByteArray(20000, 7));
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        for (qsizetype size = 4; size < whole.size(); size += 501)
            QVERIFY2(isHelpful(errorOf(put(at("cut.tif"), whole.left(size)))),
                     qPrintable(QString::number(size)));
        Tags many;
        many.samples = 7;
        QVERIFY(isHelpful(errorOf(tiff(many, 2, 1, QByteArray(14, 1)))));
        Tags cells;
        cells.bits = 32;
        cells.format = SAMPLEFORMAT_IEEEFP;
        QVERIFY(isHelpful(errorOf(tiff(cells, 1, 1, bytesOf<float>({NAN})))));
    }

    void readsWebp() {
        const std::array<std::uint8_t, 8> pixels{10, 20, 30, 255, 40, 50, 60, 0};
        std::uint8_t* bytes = nullptr;
        const std::size_t size = WebPEncodeLosslessRGBA(pixels.data(), 2, 1, 8, &bytes);
        const QByteArray file(reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(size));
        WebPFree(bytes);
        const auto set = opened(file, "a.webp");
        QCOMPARE(values(set), (Values{10, 255, 20, 255, 30, 255}));
        QCOMPARE(values(opened(file, "named-wrongly.png")), values(set));
        for (qsizetype cut = 1; cut < file.size() - 2; ++cut)
            QVERIFY2(isHelpful(errorOf(put(at("cut.webp"), file.left(cut)))),
                     qPrintable(QString::number(cut)));
    }

    void readsInks() {
        std::vector<unsigned char> inks(8 * 4, 200);  // of white paper that much is left by each
        jpeg_compress_struct file{};
        jpeg_error_mgr errors{};
        unsigned char* bytes = nullptr;
        unsigned long size = 0;
        file.err = jpeg_std_error(&errors);
        jpeg_create_compress(&file);
        jpeg_mem_dest(&file, &bytes, &size);
        file.image_width = file.image_height = 8;
        file.input_components = 4;
        file.in_color_space = JCS_CMYK;
        jpeg_set_defaults(&file);
        jpeg_set_quality(&file, 100, TRUE);
        jpeg_start_compress(&file, TRUE);
        for (unsigned char* row = inks.data(); file.next_scanline < file.image_height;)
            jpeg_write_scanlines(&file, &row, 1);
        jpeg_finish_compress(&file);
        jpeg_destroy_compress(&file);
        const auto set =
            opened(QByteArray(reinterpret_cast<const char*>(bytes), qsizetype(size)), "inks.jpg");
        std::free(bytes);
        QCOMPARE(set->facts().shape, (Shape{3, 8, 8}));
        for (const float value : values(set))
            QVERIFY(std::abs(value - 200.0f * 200 / 255) < 3);
    }

    // Against Qt, which writes and reads this format too.
    void readsBmp_data() {
        QTest::addColumn<int>("format");
        QTest::newRow("1 bit") << int(QImage::Format_Mono);
        QTest::newRow("8 bit") << int(QImage::Format_Indexed8);
        QTest::newRow("grey") << int(QImage::Format_Grayscale8);
        QTest::newRow("24 bit") << int(QImage::Format_RGB888);
    }
    void readsBmp() {
        QFETCH(int, format);
        QImage image(13, 5, QImage::Format_RGB888);
        for (int y = 0; y < 5; ++y)
            for (int x = 0; x < 13; ++x)
                image.setPixelColor(x, y, QColor(x * 19, y * 50, (x * y) % 256));
        image = image.convertToFormat(QImage::Format(format));
        QVERIFY(image.save(at("q.bmp")));
        const auto set = openPath(at("q.bmp").toStdString());
        const Array& array = *set->read(0).array;
        QCOMPARE(array.shape[0], image.allGray() ? 1 : 3);
        for (int y = 0; y < 5; ++y)
            for (int x = 0; x < 13; ++x) {
                const auto place = static_cast<std::size_t>(y * 13 + x);
                QCOMPARE(array.values[place], float(qRed(image.pixel(x, y))));
                QCOMPARE(array.values[array.values.size() - 65 + place], float(qBlue(image.pixel(x, y))));
            }
    }

    static QByteArray bmp(int width, int height, int bits, int compression, const QByteArray& between,
                          const QByteArray& pixels, std::uint32_t colours = 0) {
        const auto at = static_cast<std::uint32_t>(54 + between.size());
        return QByteArray("BM") + bytesOf<std::uint32_t>({0, 0, at, 40}) +
               bytesOf<std::int32_t>({width, height}) +
               bytesOf<std::uint16_t>({1, static_cast<std::uint16_t>(bits)}) +
               bytesOf<std::uint32_t>({static_cast<std::uint32_t>(compression), 0, 0, 0, colours, 0}) +
               between + pixels;
    }

    void readsRareBmp() {
        const QByteArray grey = bytesOf<std::uint32_t>({0, 0x010101, 0x020202, 0x030303});
        // Runs, single pixels, the end of a row and a jump; rows from the bottom up.
        const QByteArray runs("\2\1\0\3\2\3\1\0\0\0\0\2\1\0\2\2\0\1", 18);
        QCOMPARE(values(opened(bmp(5, 2, 8, 1, grey, runs, 4))), (Values{0, 2, 2, 0, 0, 1, 1, 2, 3, 1}));
        QCOMPARE(values(opened(bmp(5, 1, 4, 2, grey, QByteArray("\3\x12\0\2\1\0\1\x30\0\1", 10), 4))),
                 (Values{1, 2, 1, 0, 3}));
        QCOMPARE(values(opened(bmp(1, -2, 24, 0, {}, QByteArray("\3\2\1\0\6\5\4\0", 8)))),
                 (Values{1, 4, 2, 5, 3, 6}));
        const QByteArray masks = bytesOf<std::uint32_t>({0xf800, 0x07e0, 0x001f});
        QCOMPARE(values(opened(bmp(2, 1, 16, 3, masks, bytesOf<std::uint16_t>({0xf800, 0x07ff})))),
                 (Values{255, 0, 0, 255, 0, 255}));
        QCOMPARE(values(opened(bmp(2, 1, 16, 0, {}, bytesOf<std::uint16_t>({0x7c00, 0x03ff})))),
                 (Values{255, 0, 0, 255, 0, 255}));
        // OS/2: a header of 12 bytes, palette entries of three.
        QCOMPARE(values(opened(QByteArray("BM") + bytesOf<std::uint32_t>({0, 0, 32, 12}) +
                               bytesOf<std::uint16_t>({3, 1, 1, 1}) +
                               QByteArray("\0\0\0\x9\x9\x9\xa0\0\0\0", 10))),
                 (Values{9, 0, 9}));
    }

    void refusesWrongBmp() {
        const QByteArray grey = bytesOf<std::uint32_t>({0, 0x010101});
        const QByteArray row(4, '\0');
        for (const QByteArray& wrong :
             {bmp(0, 1, 8, 0, grey, row, 2), bmp(-1, 1, 8, 0, grey, row, 2),
              bmp(4, INT32_MIN, 8, 0, grey, row, 2), bmp(4, 2, 8, 0, grey, row, 2),
              bmp(4, 1, 7, 0, grey, row, 2), bmp(4, 1, 8, 0, grey, "\1\2\1\1", 2),
              bmp(4, 1, 8, 1, grey, QByteArray("\5\1\0\1", 4), 2),
              bmp(4, -1, 8, 1, grey, QByteArray("\4\1\0\1", 4), 2),
              bmp(4, 1, 8, 1, grey, QByteArray("\4\1", 2), 2), bmp(1, 1, 16, 3, QByteArray(12, '\0'), row),
              bmp(50000, 50000, 8, 1, grey, QByteArray("\0\1", 2), 2), bmp(1, 1, 8, 4, grey, row, 2)})
            QVERIFY(isHelpful(errorOf(put(at("wrong.bmp"), wrong))));
    }

    void saysWhatIsDamagedInABmp() {
        const QByteArray palette = bytesOf<std::uint32_t>({0, 0x010101}) + QByteArray(254 * 4, '\0');
        const QByteArray whole = bmp(4, 1, 8, 0, palette, QByteArray("\0\1\0\1", 4), 2);
        QVERIFY(opened(whole)->facts().notes.empty());
        const auto noteOf = [&](qsizetype place, std::uint32_t number) {
            const auto set = opened(QByteArray(whole).replace(place, 4, bytesOf<std::uint32_t>({number})));
            return values(set) == Values{0, 1, 0, 1} ? set->facts().notes.at(0) : "the values are others";
        };
        const std::string begin = "Damaged, but can be read: its header ";
        QCOMPARE(noteOf(2, 1000), begin + "says that it has 1000 bytes, but it has 1082.");
        QCOMPARE(noteOf(34, 1000), begin + "promises 1000 bytes of pixels, 4 are there.");
        QCOMPARE(noteOf(38, 30'000'000), begin + "claims 30000000 pixels a metre.");
        QCOMPARE(noteOf(46, 1000), begin + "claims 1000 colours of 8 bits.");
    }

    void saysWhatIsDamagedInATiff() {
        QFile file(QString::fromStdString(tiff({}, 4, 2, QByteArray("abcdefgh"))));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto set = opened(withTagsOutOfOrder(file.readAll()), "order.tif");
        QCOMPARE(values(set), (Values{97, 98, 99, 100, 101, 102, 103, 104}));
        QVERIFY(hasNote(set->facts(), "Damaged, but can be read: libtiff says \""));
    }

    // What is known of a file stays known where only one of its pages cannot be used.
    void keepsDamageOfFilesWithUnusablePages() {
        Tags tags;
        tags.bits = 32;
        tags.format = SAMPLEFORMAT_IEEEFP;
        QFile file(QString::fromStdString(tiff([&](TIFF* pages) {
            writePage(pages, tags, 2, 1, bytesOf<float>({1, 2}));
            writePage(pages, tags, 2, 1, bytesOf<float>({3, std::nanf("")}));
            writePage(pages, tags, 2, 1, bytesOf<float>({5, 6}));
        })));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto set = opened(withTagsOutOfOrder(file.readAll()), "pages.tif");
        QCOMPARE(set->size(), std::int64_t{2});
        QCOMPARE(set->read(1).array->values, (Values{5, 6}));
        QVERIFY(hasNote(set->facts(), "Damaged, but can be read: libtiff says \""));
        QVERIFY(hasNote(set->facts(), "1 of 3 items could not be used: pages.tif, part 2 "));
    }

    void readsPortableMaps() {
        QCOMPARE(values(opened("P2\n# made by hand\n2 2 # two\n300\n0 1\n299 300\n", "a.pgm")),
                 (Values{0, 1, 299, 300}));
        QCOMPARE(opened("P2 1 1 300 0", "a.pgm")->facts().dtype, std::string("uint16"));
        QCOMPARE(values(opened(QByteArray("P5 2 1 255\n\0\xff", 13), "a.pgm")), (Values{0, 255}));
        QCOMPARE(values(opened(QByteArray("P5 2 1 65535\n\1\0\xff\xff", 17), "a.pgm")), (Values{256, 65535}));
        QCOMPARE(values(opened("P6 2 1 255 abcdef", "a.ppm")), (Values{97, 100, 98, 101, 99, 102}));
        QCOMPARE(values(opened("P3 1 1 9 1 2 3", "a.ppm")), (Values{1, 2, 3}));
        for (const char* wrong :
             {"P5", "P5 2 2 255 abc", "P2 2 2 255 1 2 3", "P2 -1 2 255 1 1", "P2 1 1 9 10", "P5 1 1 70000 ab",
              "P4 1 1 a", "P5 4000000000 4000000000 255 a", "P2 1 1 255 x"})
            QVERIFY2(isHelpful(errorOf(put(at("wrong.pgm"), wrong))), wrong);
    }

    void realPictures() {
        const QString folder = QStringLiteral(DENOSCOPE_SHARED) + "/data/2d/Pillow/";
        if (!QDir(folder).exists())
            QSKIP("the shared pictures are not here");
        const auto deep = openPath((folder + "hopper_16bit.pgm").toStdString());
        QCOMPARE(deep->facts().shape, (Shape{1, 128, 128}));
        QCOMPARE(deep->facts().dtype, std::string("uint16"));
        const Values upright = values(openPath((folder + "hopper.jpg").toStdString()));
        const Values turned = values(openPath((folder + "hopper_orientation_6.jpg").toStdString()));
        QCOMPARE(turned.size(), upright.size());
        double difference = 0;
        for (std::size_t i = 0; i < turned.size(); ++i)
            difference += std::abs(turned[i] - upright[i]) / static_cast<double>(turned.size());
        QVERIFY2(difference < 8, qPrintable(QString::number(difference)));
    }
};

QTEST_GUILESS_MAIN(rastersTest)
#include "rastersTest.moc"
