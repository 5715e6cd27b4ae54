// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/Film.h"

#include <QFile>
#include <QImageReader>
#include <QTemporaryDir>
#include <QTest>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

constexpr int width = 33, height = 21;  // odd: an MP4 needs even sides

// A grey picture with one column of white that moves.
RgbPicture pictureWithBar(int at) {
    RgbPicture picture{width, height, std::vector<std::uint8_t>(width * height * 3, 60)};
    for (int y = 0; y < height; ++y)
        for (int channel = 0; channel < 3; ++channel)
            picture.pixels[static_cast<std::size_t>((y * width + at) * 3 + channel)] = 255;
    return picture;
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class filmTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gifsShowWhatWasGiven() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("bar.gif");
        FilmWriter film(path.toStdString(), width, height, 10);
        for (int i = 0; i < 5; ++i)
            film.add(pictureWithBar(3 + 4 * i));
        QVERIFY(!QFile::exists(path));  // until it is finished
        film.finish();
        QImageReader reader(path);
        QCOMPARE(reader.loopCount(), -1);  // for ever
        for (int i = 0; i < 5; ++i) {
            const QImage image = reader.read();
            QCOMPARE(image.size(), QSize(width, height));
            QVERIFY(qGray(image.pixel(3 + 4 * i, 10)) > 245);
            QVERIFY(std::abs(qGray(image.pixel(5 + 4 * i, 10)) - 60) < 8);
            QCOMPARE(reader.nextImageDelay(), 100);
        }
        QVERIFY(!reader.canRead());
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);  // nothing left beside it
    }

    void otherFilmsBeginAsTheirKindDoes() {
        const QTemporaryDir folder;
        for (const QString name : {"bar.mp4", "bar.webp"}) {
            const QString path = folder.filePath(name);
            FilmWriter film(path.toStdString(), width, height, 25);
            for (int i = 0; i < 30; ++i)
                film.add(pictureWithBar(i));
            film.finish();
            const QByteArray bytes = bytesOf(path);
            QVERIFY(name.endsWith("mp4") ? bytes.mid(4, 4) == "ftyp" && bytes.contains("avc1")
                                         : bytes.startsWith("RIFF") && bytes.count("ANMF") >= 29);
        }
    }

    void volumesAreFilmedSliceBySlice() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("slices.gif");
        Array array{{1, 3, 4, 5}, std::vector<float>(60, 0.F)};
        std::fill_n(array.values.begin() + 20, 20, 1.F);  // the middle slice is white
        const Item volume{std::make_shared<const Array>(std::move(array)), -1, "made", {}};
        writeSliceFilm(volume, path.toStdString(), 0, 1, 5);
        QImageReader reader(path);
        for (const int expected : {0, 255, 0}) {
            const QImage image = reader.read();
            QCOMPARE(image.size(), QSize(5, 4));
            QVERIFY(std::abs(qGray(image.pixel(2, 2)) - expected) < 8);
        }
        QVERIFY(!reader.canRead());
        const std::string other = folder.filePath("x.gif").toStdString();
        writeFilm({{volume, volume}, {volume, volume}}, other, 0, 1, 5);
        QVERIFY_THROWS_EXCEPTION(EngineError, writeFilm({{volume, volume}, {volume}}, other, 0, 1, 5));
    }

    void unfinishedFilmsLeaveNothing() {
        const QTemporaryDir folder;
        {
            FilmWriter film(folder.filePath("bar.mp4").toStdString(), width, height, 25);
            film.add(pictureWithBar(1));
        }
        QVERIFY(QDir(folder.path()).entryList(QDir::Files).isEmpty());
    }

    void whatCannotBeIsRefused() {
        const QTemporaryDir folder;
        const std::string path = folder.filePath("x.gif").toStdString();
        QVERIFY_THROWS_EXCEPTION(EngineError, FilmWriter(folder.filePath("x.avi").toStdString(), 8, 8, 10));
        QVERIFY_THROWS_EXCEPTION(EngineError, FilmWriter(path, 0, 8, 10));
        QVERIFY_THROWS_EXCEPTION(EngineError, FilmWriter(path, 1 << 20, 8, 10));
        QVERIFY_THROWS_EXCEPTION(EngineError, FilmWriter(path, 8, 8, 0));
        FilmWriter film(path, 8, 8, 10);
        QVERIFY_THROWS_EXCEPTION(EngineError, film.add(pictureWithBar(0)));
        QVERIFY_THROWS_EXCEPTION(EngineError, film.finish());
        QVERIFY(!isFilmPath("a.png"));
        QVERIFY(isFilmPath("a.GIF"));
    }

    void aFolderThatIsNotThereIsNamed() {
        FilmWriter film("/nowhere/at/all.gif", width, height, 10);
        film.add(pictureWithBar(0));
        try {
            film.finish();
            QFAIL("was written");
        } catch (const EngineError& error) {
            QVERIFY(error.error().where.find("/nowhere/at") != std::string::npos);
        }
    }
};

}  // namespace denoscope

QTEST_GUILESS_MAIN(denoscope::filmTest)
#include "filmTest.moc"
