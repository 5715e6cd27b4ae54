// SPDX-License-Identifier: GPL-3.0-or-later
// Two images under one zoom and one mapping, and grids that ask for what they show.
#include <QApplication>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <limits>
#include <set>

#include "widgets/ImageCompare.h"
#include "widgets/ImageGrid.h"
#include "widgets/Theme.h"

using namespace denoscope;

namespace {

ValueImage constant(int side, float value, const QString& caption) {
    const auto count = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    return {1, side, side, std::make_shared<const std::vector<float>>(count, value), caption};
}

void present(QWidget& widget, QSize size) {
    widget.resize(size);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
}

QColor colourAt(QWidget& widget, QPoint place) {
    const QImage image = widget.grab().toImage();
    const double ratio = image.devicePixelRatio();
    return image.pixelColor(static_cast<int>(place.x() * ratio), static_cast<int>(place.y() * ratio));
}

}  // namespace

class compareTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::Light); }

    void valuesBecomeGreys() {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const ValueImage image{
            1, 1, 5, std::make_shared<const std::vector<float>>(std::vector<float>{-5, 0, 50, 200, nan}), {}};
        const QImage picture = valuePicture(image, 0, 100);
        QCOMPARE(picture.pixelColor(0, 0), QColor(0, 0, 0));
        QCOMPARE(picture.pixelColor(2, 0), QColor(128, 128, 128));
        QCOMPARE(picture.pixelColor(3, 0), QColor(255, 255, 255));
        QCOMPARE(picture.pixelColor(4, 0), QColor(0, 0, 0));
        QCOMPARE(valueText(image, 3, 0), QString("200"));
    }

    void gridsAreTiled() {
        const ValueImage sheet = tiled({constant(2, 1, {}), constant(2, 2, {}), constant(2, 3, {})}, 2, 1, 9);
        QCOMPARE(sheet.size(), QSize(5, 5));
        QCOMPARE(sheet.at(0, 0, 0), 1.0F);
        QCOMPARE(sheet.at(0, 2, 0), 9.0F);  // the gap
        QCOMPARE(sheet.at(0, 3, 1), 2.0F);
        QCOMPARE(sheet.at(0, 1, 4), 3.0F);
        QVERIFY(tiled({}, 2, 1, 0).isNull());
    }

    void sideBySideSharesTheMapping() {
        ImageCompare compare;
        present(compare, {406, 200});
        compare.setRange(0, 200);
        compare.setImages(constant(10, 50, "a"), constant(10, 150, "b"));
        QCOMPARE(colourAt(compare, {100, 100}), QColor(64, 64, 64));
        QCOMPARE(colourAt(compare, {306, 100}), QColor(191, 191, 191));
        compare.setRange(0, 400);
        QCOMPARE(colourAt(compare, {306, 100}), QColor(96, 96, 96));
    }

    void wipeShowsBothSidesOfTheLine() {
        ImageCompare compare;
        present(compare, {400, 300});
        compare.setRange(0, 255);
        compare.setImages(constant(10, 10, "a"), constant(10, 250, "b"));
        compare.setMode(ImageCompare::Mode::Wipe);
        QCOMPARE(colourAt(compare, {180, 100}), QColor(10, 10, 10));
        QCOMPARE(colourAt(compare, {220, 100}), QColor(250, 250, 250));
        QTest::mousePress(&compare, Qt::LeftButton, {}, {200, 100});
        QMouseEvent move(QEvent::MouseMove, QPointF(160, 100), compare.mapToGlobal(QPointF(160, 100)),
                         Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&compare, &move);
        QTest::mouseRelease(&compare, Qt::LeftButton, {}, {160, 100});
        QCOMPARE(compare.divider(), 0.4);
        QCOMPARE(colourAt(compare, {180, 100}), QColor(250, 250, 250));
        QTest::keyClick(&compare, Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(compare.divider(), 0.42);
    }

    void theDifferenceIsOfRealValues() {
        ImageCompare compare;
        present(compare, {400, 300});
        compare.setRange(0, 1);  // both are white: the difference is not taken from the pictures
        compare.setMode(ImageCompare::Mode::Difference);
        compare.setImages(constant(10, 1000, "a"), constant(10, 1500, "b"));
        QCOMPARE(compare.differenceLimit(), 500.0);
        const QColor blue = colourAt(compare, {200, 200});  // first minus second
        QVERIFY2(blue.blue() > blue.red() + 50, qPrintable(blue.name()));
        compare.setImages(constant(10, 1500, "a"), constant(10, 1000, "b"));
        const QColor red = colourAt(compare, {200, 200});
        QVERIFY2(red.red() > red.blue() + 50, qPrintable(red.name()));
        compare.setImages(constant(10, 7, "a"), constant(10, 7, "b"));
        QCOMPARE(compare.differenceLimit(), 0.0);
        compare.setImages(constant(10, 7, "a"), constant(12, 7, "b"));  // says why there is none
        QCOMPARE(compare.differenceLimit(), 0.0);
        compare.grab();
    }

    void captionsCoverNothing() {
        ImageCompare compare;
        present(compare, {400, 300});
        compare.setMode(ImageCompare::Mode::Difference);
        compare.setImages(constant(10, 1000, "first"), constant(10, 1500, "second"));
        const QImage image = compare.grab().toImage();
        const QColor color = image.pixelColor(image.rect().center());
        QRect box;
        int count = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (image.pixelColor(x, y) == color) {
                    box |= QRect(x, y, 1, 1);
                    ++count;
                }
        QVERIFY(box.width() > 150 && std::abs(box.width() - box.height()) <= 1);
        QCOMPARE(count, box.width() * box.height());
    }

    void flickerTakesTurns() {
        ImageCompare compare;
        present(compare, {400, 300});
        compare.setRange(0, 255);
        compare.setImages(constant(10, 10, "a"), constant(10, 250, "b"));
        compare.setMode(ImageCompare::Mode::Flicker);
        QSignalSpy none(&compare, &ImageCompare::readoutChanged);
        const bool before = compare.showsRight();
        QTest::keyClick(&compare, Qt::Key_Space);
        QVERIFY(compare.showsRight() != before);
        QTRY_COMPARE(compare.showsRight(), before);  // by itself
    }

    void oneZoomForBoth() {
        ImageCompare compare;
        present(compare, {400, 200});
        compare.setImages(constant(20, 0, "a"), constant(20, 1, "b"));
        const double fitted = compare.zoom();
        const QPointF inSecond(300, 100);
        QWheelEvent wheel(inSecond, compare.mapToGlobal(inSecond), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(&compare, &wheel);
        QVERIFY(compare.zoom() > fitted);
        QTest::keyClick(&compare, Qt::Key_Home);
        QCOMPARE(compare.zoom(), fitted);
    }

    void bothThemesAndOddSizes() {
        for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light}) {
            applyTheme(*qApp, kind);
            ImageCompare compare;
            present(compare, {300, 200});
            for (const auto mode : {ImageCompare::Mode::SideBySide, ImageCompare::Mode::Wipe,
                                    ImageCompare::Mode::Difference, ImageCompare::Mode::Flicker}) {
                compare.setImages({}, {});
                compare.setMode(mode);
                compare.grab();
                compare.setImages(constant(1, 1, "one"), constant(1, 2, "two"));
                compare.grab();
                compare.resize(1, 1);
                compare.grab();
                compare.resize(300, 200);
            }
        }
    }

    void aGridAsksOnlyForWhatItPaints() {
        ImageGrid grid;
        grid.setThumbnailSize(64);
        present(grid, {400, 300});
        std::set<int> asked;
        QImage red(8, 8, QImage::Format_RGB32);
        red.fill(Qt::red);
        QSignalSpy visible(&grid, &ImageGrid::visibleChanged);
        grid.setProvider(100'000,
                         [&asked, &red](int index) {
                             asked.insert(index);
                             return GridImage{index % 2 == 0 ? red : QImage(), QString::number(index)};
                         },
                         {8, 8});
        grid.grab();
        QVERIFY2(!asked.empty() && asked.size() < 60, qPrintable(QString::number(asked.size())));
        QCOMPARE(visible.last()[0].toInt(), 0);
        QVERIFY(visible.last()[1].toInt() >= *asked.rbegin());
        QTest::keyClick(&grid, Qt::Key_End);
        grid.grab();
        QVERIFY(asked.contains(99'999) && asked.size() < 200);
        QCOMPARE(visible.last()[1].toInt(), 99'999);
    }

    void aGridMayActivateOnOneClick() {
        ImageGrid grid;
        grid.setItems({{QImage(8, 8, QImage::Format_RGB32), "a"}, {QImage(8, 8, QImage::Format_RGB32), "b"}});
        present(grid, {300, 200});
        QSignalSpy activated(&grid, &ImageGrid::activated);
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.itemRect(1).center());
        QCOMPARE(activated.size(), 0);
        grid.setActivateOnClick(true);
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.itemRect(1).center());
        QCOMPARE(activated.size(), 1);
    }
};

QTEST_MAIN(compareTest)
#include "compareTest.moc"
