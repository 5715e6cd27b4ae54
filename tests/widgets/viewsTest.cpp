// SPDX-License-Identifier: GPL-3.0-or-later
// Every view shown without a display: empty, tiny and odd inputs, real pixels, mouse and keys.
#include <QApplication>
#include <QComboBox>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <cmath>
#include <limits>
#include <memory>

#include "tests/widgets/MadeData.h"
#include "widgets/CurvePlot.h"
#include "widgets/ElidedBox.h"
#include "widgets/HistogramView.h"
#include "widgets/ImageGrid.h"
#include "widgets/ImageView.h"
#include "widgets/NumberBox.h"
#include "widgets/ScrubBar.h"
#include "widgets/SlicePane.h"
#include "widgets/SliceView.h"
#include "widgets/Theme.h"
#include "widgets/WaveformView.h"

using namespace denoscope;

namespace {

void present(QWidget& widget, QSize size) {
    widget.resize(size);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
}

void turnWheel(QWidget* target, QPoint at, int notches, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWheelEvent event(at, target->mapToGlobal(at), {}, {0, 120 * notches}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(target, &event);
}

void moveMouse(QWidget* target, QPoint to, Qt::MouseButton button = Qt::NoButton) {
    QMouseEvent move(QEvent::MouseMove, to, target->mapToGlobal(to), Qt::NoButton, button, Qt::NoModifier);
    QApplication::sendEvent(target, &move);
}

void drag(QWidget* target, QPoint from, QPoint to, Qt::MouseButton button) {
    QTest::mousePress(target, button, {}, from);
    moveMouse(target, to, button);
    QTest::mouseRelease(target, button, {}, to);
}

int countPixels(const QImage& image, const QColor& color) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == color;
    return count;
}

QWidget* plotOf(CurvePlot& plot) {
    return plot.focusProxy();
}

QToolButton* buttonNamed(QWidget& parent, const char* name) {
    for (QToolButton* button : parent.findChildren<QToolButton*>())
        if (button->accessibleName() == QLatin1String(name))
            return button;
    return nullptr;
}

}  // namespace

class viewsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Were it cut on both sides, its first and its last letter could not be told apart.
    void anEmptyPlotTellsItsWholeSentence() {
        CurvePlot plot;
        present(plot, {240, 240});
        const auto drawn = [&plot](const QString& sentence) {
            plot.setPlaceholder(sentence);
            QApplication::processEvents();
            return plotOf(plot)->grab().toImage();
        };
        QVERIFY(drawn(QStringLiteral("b The loss is drawn here while the network learns d")) !=
                drawn(QStringLiteral("d The loss is drawn here while the network learns b")));
    }

    void numbersHaveAPointInEveryLocale() {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German));
        const std::unique_ptr<QDoubleSpinBox> box(numberBox(QStringLiteral("Centre")));
        box->setValue(1234.5);
        QCOMPARE(box->text(), QStringLiteral("1234.5000"));
        const CurvePlot plot;
        for (const QWidget* part : plot.findChildren<QWidget*>())
            if (part->inherits("QCustomPlot"))
                QCOMPARE(part->locale().decimalPoint(), QStringLiteral("."));
        QLocale::setDefault(before);
    }

    void initTestCase() { applyTheme(*qApp, ThemeKind::Light); }

    void everyViewPaintsItsEmptyState() {
        const std::vector<std::shared_ptr<QWidget>> views{
            std::make_shared<CurvePlot>(), std::make_shared<ImageGrid>(),
            std::make_shared<ImageView>(), std::make_shared<WaveformView>(),
            std::make_shared<SliceView>(), std::make_shared<HistogramView>(),
            std::make_shared<ScrubBar>()};
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            applyTheme(*qApp, kind);
            for (const auto& view : views) {
                present(*view, {320, 200});
                QVERIFY(!view->accessibleName().isEmpty());
                const QImage image = view->grab().toImage();
                QSet<QRgb> colors;
                for (int x = 0; x < image.width(); ++x)
                    for (int y = 0; y < image.height(); ++y)
                        colors.insert(image.pixel(x, y));
                QVERIFY(colors.size() > 4);  // something is written on the surface
                QTest::keyClick(view.get(), Qt::Key_Right);
                QTest::keyClick(view.get(), Qt::Key_Home);
                QTest::mouseClick(view.get(), Qt::LeftButton);
                view->resize(1, 1);
                view->grab();
            }
        }
        applyTheme(*qApp, ThemeKind::Light);
    }

    void gridKeepsPixelsCrisp() {
        QImage checker(2, 2, QImage::Format_RGB32);
        checker.fill(Qt::red);
        checker.setPixel(1, 0, qRgb(0, 0, 255));
        checker.setPixel(0, 1, qRgb(0, 0, 255));
        ImageGrid grid;
        grid.setThumbnailSize(64);
        grid.setItems({{checker, {}}});
        present(grid, {200, 120});
        const QImage image = grid.viewport()->grab().toImage();
        const double ratio = image.devicePixelRatio();
        const int expected = static_cast<int>(64 * ratio) / 2 * 2;
        QCOMPARE(countPixels(image, Qt::red), expected * expected / 2);  // nothing blended
        QCOMPARE(countPixels(image, Qt::blue), expected * expected / 2);
    }

    void gridSelectsAndActivates() {
        ImageGrid grid;
        grid.setItems(ringImages(5000, 8));
        grid.setThumbnailSize(64);
        present(grid, {400, 300});
        QSignalSpy selected(&grid, &ImageGrid::selected);
        QSignalSpy activated(&grid, &ImageGrid::activated);
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.itemRect(2).center());
        QCOMPARE(grid.selectedIndex(), 2);
        QTest::keyClick(&grid, Qt::Key_Right);
        QTest::keyClick(&grid, Qt::Key_Return);
        QCOMPARE(activated.last().first().toInt(), 3);
        QTest::keyClick(&grid, Qt::Key_End);
        QCOMPARE(grid.selectedIndex(), 4999);
        QVERIFY(grid.viewport()->rect().contains(grid.itemRect(4999)));
        QTest::mouseDClick(grid.viewport(), Qt::LeftButton, {}, grid.itemRect(4999).center());
        QCOMPARE(activated.last().first().toInt(), 4999);
        QCOMPARE(selected.count(), 3);
        grid.setItems(ringImages(10, 8));
        QCOMPARE(grid.selectedIndex(), -1);
        QCOMPARE(grid.verticalScrollBar()->maximum(), 0);
    }

    void gridTakesOddImages() {
        ImageGrid grid;
        grid.setItems({{QImage(), QStringLiteral("none")},
                       {QImage(1, 1, QImage::Format_Grayscale8), {}},
                       {QImage(900, 3, QImage::Format_RGB32), {}}});
        present(grid, {300, 200});
        grid.grab();
        turnWheel(grid.viewport(), {10, 10}, 1, Qt::ControlModifier);
        QVERIFY(grid.thumbnailSize() > 64);
    }

    void imageReadsOutThePixelUnderTheMouse() {
        QImage image(3, 2, QImage::Format_Grayscale8);
        image.fill(7);
        image.scanLine(1)[2] = 200;
        ImageView view;
        view.setImage(image);
        present(view, {300, 200});
        const double zoom = view.zoom();
        const QPoint last(static_cast<int>(150 + zoom), static_cast<int>(100 + zoom / 2));
        moveMouse(&view, last);
        QVERIFY2(view.readout().contains(QStringLiteral("x 2  y 1")), qPrintable(view.readout()));
        QVERIFY(view.readout().contains(QStringLiteral("200")));
        turnWheel(&view, last, 2);
        QVERIFY(view.zoom() > zoom);
        QTest::mouseDClick(&view, Qt::LeftButton, {}, last);
        QCOMPARE(view.zoom(), zoom);
        view.setImage(QImage(1, 1, QImage::Format_RGB32));
        view.setImage({});
        view.grab();
    }

    void waveformDrawsItsExtremes() {
        auto samples = std::make_shared<std::vector<float>>(1'000'000, 0.F);
        (*samples)[777'777] = 1.F;  // one sample in a million must not get lost
        WaveformView view;
        view.setValueRange(-1, 1);
        view.setSignals({{samples, 1, 1000, {}}});
        present(view, {500, 200});
        const QImage image = view.viewport()->grab().toImage();
        const QRect lane = view.laneRect(0);
        int peaks = 0;
        for (int x = lane.left(); x <= lane.right(); ++x)
            peaks += image.pixelColor(x, lane.top() + lane.height() / 4) == seriesColor(view.palette(), 0);
        QVERIFY(peaks >= 1 && peaks <= 2);
    }

    void waveformZoomsToTheMouseAndBack() {
        WaveformView view;
        view.setSignals({chirp(2, 10'000'000, 44100)});
        QCOMPARE(view.laneCount(), 2);
        present(view, {500, 240});
        QSignalSpy changed(&view, &WaveformView::visibleRangeChanged);
        const TimeRange whole = view.visibleRange();
        const QPoint middle = view.laneRect(0).center();
        for (int i = 0; i < 100; ++i)
            turnWheel(view.viewport(), middle, 1);
        QVERIFY(view.visibleRange().length() * 44100 < 9);
        view.grab();
        QVERIFY(!view.readout().isEmpty() || changed.count() > 0);
        QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, middle);
        QCOMPARE(view.visibleRange(), whole);
        view.grab();
        QTest::keyClick(&view, Qt::Key_Plus);
        const TimeRange zoomed = view.visibleRange();
        QVERIFY(zoomed.length() < whole.length());
        drag(view.viewport(), middle, middle - QPoint(50, 0), Qt::LeftButton);
        QVERIFY(view.visibleRange().begin > zoomed.begin);
    }

    void waveformTakesOddSignals() {
        WaveformView view;
        present(view, {300, 200});
        view.setSignals({{nullptr, 1, 1, {}}});
        QCOMPARE(view.laneCount(), 0);
        view.setSignals({{std::make_shared<std::vector<float>>(), 1, 8000, QStringLiteral("empty")}});
        view.grab();
        const auto broken = std::make_shared<std::vector<float>>(50, std::numeric_limits<float>::quiet_NaN());
        view.setSignals({{broken, 1, 0, {}}, {std::make_shared<std::vector<float>>(1, 3.F), 1, 0, {}}});
        const QImage image = view.viewport()->grab().toImage();
        QVERIFY(countPixels(image, themeColors(view.palette()).error) > 0);  // NaN is shown, not hidden
    }

    void slicesFollowTheMouse() {
        SliceView view;
        view.setVolume(headPhantom());
        present(view, {600, 500});
        SlicePane* axial = view.pane(Plane::Axial);
        QCOMPARE(view.cursor3d(), (Voxel{45, 55, 30}));
        const Voxel lesion{63, 45, 33};  // the patient's right: drawn on the left
        const QPoint place = axial->positionOf({63, 45, 30}).toPoint();
        QVERIFY(place.x() < axial->width() / 2);
        QTest::mouseClick(axial, Qt::LeftButton, {}, place);
        QCOMPARE(view.cursor3d(), (Voxel{63, 45, 30}));
        turnWheel(axial, place, 3);
        QCOMPARE(view.cursor3d(), lesion);
        QCOMPARE(view.pane(Plane::Coronal)->slice(), 45);
        QCOMPARE(view.pane(Plane::Sagittal)->slice(), 63);
        QVERIFY2(view.readout().contains(QStringLiteral("voxel 63, 45, 33")), qPrintable(view.readout()));
        QVERIFY(view.readout().contains(QStringLiteral("R 36.0, P 20.0, S 9.0")));
        QTest::keyClick(axial, Qt::Key_PageDown);
        QTest::keyClick(axial, Qt::Key_Right);
        QCOMPARE(view.cursor3d(), (Voxel{62, 45, 32}));
        view.setRadiological(false);
        QVERIFY(axial->positionOf(pointOf(lesion)).x() > axial->width() / 2);
        QTest::mouseDClick(axial, Qt::LeftButton, {}, place);
        QCOMPARE(view.cursor3d(), (Voxel{45, 55, 30}));
    }

    void windowByDragAndPreset() {
        SliceView view;
        view.setWindowPresets({{QStringLiteral("Brain"), 40, 80}});
        view.setVolume(headPhantom());
        present(view, {600, 500});
        QSignalSpy changed(&view, &SliceView::windowChanged);
        auto* presets = view.findChild<QComboBox*>();
        presets->setCurrentIndex(2);
        Q_EMIT presets->activated(2);
        QCOMPARE(view.window(), (WindowLevel{40, 80}));
        drag(view.pane(Plane::Axial), {50, 50}, {350, 50}, Qt::RightButton);
        QCOMPARE(view.window().width, 160.0);
        QCOMPARE(presets->currentIndex(), -1);
        QCOMPARE(changed.count(), 2);
        view.setWindow(0, -1);  // refused
        QCOMPARE(view.window().width, 160.0);
    }

    void namesWithoutRoomEndInDots() {
        ElidedBox box;
        box.addItem(QStringLiteral("Mediastinum"));
        box.setToolTip(QStringLiteral("Range of values"));
        box.resize(box.sizeHint());
        QCOMPARE(box.shownText(), QStringLiteral("Mediastinum"));
        QCOMPARE(box.shownTip(), QStringLiteral("Range of values"));
        box.resize(box.sizeHint() - QSize(20, 0));
        QVERIFY2(box.shownText().endsWith(QChar(0x2026)), qPrintable(box.shownText()));
        QCOMPARE(box.shownTip(), QStringLiteral("Mediastinum\nRange of values"));
    }

    void slicesKeepTheAspectOfTheirSpacing() {
        SliceView view;
        view.setVolume(headPhantom());
        present(view, {600, 500});
        const SlicePane* coronal = view.pane(Plane::Coronal);
        const QPointF a = coronal->positionOf({10, 55, 10});
        const QPointF b = coronal->positionOf({20, 55, 20});
        QVERIFY(std::abs(std::abs(b.y() - a.y()) / std::abs(b.x() - a.x()) - 1.5) < 1e-6);  // 3 mm over 2 mm
        const SlicePane* axial = view.pane(Plane::Axial);
        const double across = std::abs(axial->positionOf({20, 0, 0}).x() - axial->positionOf({10, 0, 0}).x());
        QVERIFY(std::abs(across - std::abs(b.x() - a.x())) < 1e-6);  // one scale in all panes
    }

    void slicesTakeOddVolumes() {
        SliceView view;
        present(view, {400, 300});
        auto nothing = std::make_shared<Volume>();
        view.setVolume(nothing);
        view.grab();
        auto torn = std::make_shared<Volume>();
        torn->depth = torn->height = torn->width = 4;
        torn->samples = std::make_shared<std::vector<float>>(5);  // fewer than the shape promises
        view.setVolume(torn);
        QVERIFY(view.readout().isEmpty());
        auto one = std::make_shared<Volume>();
        one->depth = one->height = one->width = 1;
        one->samples = std::make_shared<std::vector<float>>(1, std::numeric_limits<float>::quiet_NaN());
        view.setVolume(headPhantom());
        view.setVolume(one);
        view.grab();
        QCOMPARE(view.cursor3d(), (Voxel{0, 0, 0}));
        turnWheel(view.pane(Plane::Axial), {5, 5}, -3);
        turnWheel(view.pane(Plane::Axial), {5, 5}, 2, Qt::ControlModifier);
        view.setVolume(nullptr);
        QTest::keyClick(&view, Qt::Key_PageUp);
    }

    void curvesFollowUntilZoomed() {
        CurvePlot plot;
        const int loss = plot.addSeries(QStringLiteral("loss"));
        present(plot, {500, 300});
        plot.append(loss, std::vector{1.0, 2.0, 3.0}, std::vector{3.0, 2.0, 1.0});
        QVERIFY(plot.followsData());
        turnWheel(plotOf(plot), plotOf(plot)->rect().center(), 2);
        QVERIFY(!plot.followsData());
        QTest::mouseDClick(plotOf(plot), Qt::LeftButton, {}, plotOf(plot)->rect().center());
        QVERIFY(plot.followsData());
        QTest::keyClick(plotOf(plot), Qt::Key_Plus);
        QVERIFY(!plot.followsData());
        QTest::keyClick(plotOf(plot), Qt::Key_Home);
        QVERIFY(plot.followsData());
        QTest::mouseClick(buttonNamed(plot, "Logarithmic vertical axis"), Qt::LeftButton);
        QVERIFY(plot.logY());
        QVERIFY(plot.followsData());
    }

    void curvesMarkWhatHappened() {
        CurvePlot plot;
        present(plot, {500, 300});
        plot.addSeries(QStringLiteral("loss"));
        plot.append(0, std::vector{1.0, 2.0, 3.0}, std::vector{3.0, 2.0, 1.0});
        const QColor color = themeColors(plot.palette()).warning;
        const auto marked = [&] {
            QCoreApplication::processEvents();
            return countPixels(plot.grab().toImage(), color);
        };
        QCOMPARE(marked(), 0);
        plot.setMarks({{2, QStringLiteral("in pieces of 4")}, {2.95, QStringLiteral("in pieces of 2")}});
        QVERIFY(marked() > 100);
        plot.setMarks({{7, QStringLiteral("out of sight")}});
        QCOMPARE(marked(), 0);
    }

    void curvesMarkWhatCannotBeDrawn() {
        CurvePlot plot;
        present(plot, {500, 300});
        plot.addSeries(QStringLiteral("loss"));
        const double nan = std::numeric_limits<double>::quiet_NaN();
        plot.append(0, std::vector{0.0, 1.0, 2.0, 3.0}, std::vector{1.0, nan, -2.0, 4.0});
        QCoreApplication::processEvents();
        const QColor error = themeColors(plot.palette()).error;
        QVERIFY(countPixels(plot.grab().toImage(), error) > 5);
        plot.setLogX(true);
        plot.setLogY(true);
        plot.setSmoothing(0.9);
        plot.append(0, std::vector{2.5}, std::vector{0.0});
        plot.setSeriesVisible(0, false);
        plot.setSeriesVisible(0, true);
        QCoreApplication::processEvents();
        plot.grab();
        plot.clearData();
        plot.clear();
        QCOMPARE(plot.seriesCount(), 0);
        plot.grab();
    }

    void smoothedAndRawAreBothDrawn() {
        CurvePlot plot;
        present(plot, {500, 300});
        plot.addSeries(QStringLiteral("loss"), QColor(0, 0, 200));
        std::vector<double> x(500);
        std::vector<double> y(500);
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = static_cast<double>(i);
            y[i] = i % 2;
        }
        plot.append(0, x, y);
        plot.setSmoothing(0.95);
        QCoreApplication::processEvents();
        const QImage image = plot.grab().toImage();
        const int middle = image.height() / 2 + 15;
        QVERIFY(countPixels(image.copy(0, middle - 20, image.width(), 40), QColor(0, 0, 200)) >
                300);   // the bold one
        int faint = 0;  // the raw one fills the height above it
        for (int x1 = 60; x1 < image.width(); ++x1)
            faint += image.pixelColor(x1, 100).blue() > image.pixelColor(x1, 100).red() + 40;
        QVERIFY(faint > 200);
    }

    void curvesAreSaved() {
        const QTemporaryDir folder;
        CurvePlot plot;
        present(plot, {400, 200});
        plot.addSeries(QStringLiteral("loss"));
        plot.append(0, std::vector{1.0, 2.0}, std::vector{1.0, 3.0});
        QVERIFY(plot.savePng(folder.filePath(QStringLiteral("a.png"))));
        QVERIFY(plot.saveSvg(folder.filePath(QStringLiteral("a.svg"))));
        QVERIFY(!QImage(folder.filePath(QStringLiteral("a.png"))).isNull());
        QVERIFY(!plot.savePng(folder.filePath(QStringLiteral("none/a.png"))));
        QVERIFY(!plot.saveSvg(folder.filePath(QStringLiteral("none/a.svg"))));
    }

    void readoutNamesTheNearestPoint() {
        CurvePlot plot;
        present(plot, {500, 300});
        plot.addSeries(QStringLiteral("loss"));
        plot.append(0, std::vector{0.0, 1.0, 2.0}, std::vector{0.0, 7.5, 0.0});
        QCoreApplication::processEvents();
        plot.grab();
        QSignalSpy readout(&plot, &CurvePlot::readoutChanged);
        moveMouse(plotOf(plot), {plotOf(plot)->width() / 2 + 20, 40});
        QVERIFY(!readout.isEmpty());
        QVERIFY2(readout.last().first().toString().contains(QStringLiteral("7.5")),
                 qPrintable(readout.last().first().toString()));
    }

    void scrubbingLeavesAndResumesLive() {
        ScrubBar bar;
        present(bar, {400, 40});
        QSignalSpy changed(&bar, &ScrubBar::frameChanged);
        bar.followLive(true);
        bar.setFrameCount(1);
        bar.setFrameCount(5);
        QCOMPARE(bar.frame(), 4);
        QTest::keyClick(&bar, Qt::Key_Left);
        QVERIFY(!bar.isFollowing());
        bar.setFrameCount(9);
        QCOMPARE(bar.frame(), 3);  // the person went back: stay
        QTest::keyClick(&bar, Qt::Key_End);
        QVERIFY(bar.isFollowing());
        bar.setFrameCount(10);
        QCOMPARE(bar.frame(), 9);
        QCOMPARE(changed.count(), 5);
        bar.followLive(false);
        bar.setFrameCount(12);
        QCOMPARE(bar.frame(), 9);
        bar.setFrameCount(0);
        QCOMPARE(bar.frame(), -1);
    }

    void scrubBarPlaysToTheEnd() {
        ScrubBar bar;
        present(bar, {400, 40});
        bar.setFramesPerSecond(120);
        bar.setFrameCount(4);
        QTest::keyClick(&bar, Qt::Key_Space);
        QVERIFY(bar.isPlaying());
        QTRY_VERIFY(!bar.isPlaying());
        QCOMPARE(bar.frame(), 3);
        QTest::keyClick(bar.findChild<QSlider*>(), Qt::Key_Home);
        QCOMPARE(bar.frame(), 0);
    }

    void histogramHandlesMove() {
        HistogramView view;
        std::vector<float> values(1000);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<float>(i);
        view.setHistogram(histogramOf(values, 100));
        view.setHandlesVisible(true);
        view.setHandles(100, 900);
        present(view, {400, 160});
        QSignalSpy moved(&view, &HistogramView::handlesMoved);
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(view.lowHandle() > 100);
        QTest::keyClick(&view, Qt::Key_Space);
        QTest::keyClick(&view, Qt::Key_Left);
        QVERIFY(view.highHandle() < 900);
        drag(&view, {60, 80}, {200, 80}, Qt::LeftButton);
        QVERIFY(std::abs(view.lowHandle() - 500) < 10);
        QVERIFY(moved.count() >= 3);
        const auto before = moved.count();
        view.setHandlesMovable(false);
        QTest::keyClick(&view, Qt::Key_Left);
        drag(&view, {60, 80}, {200, 80}, Qt::LeftButton);
        QCOMPARE(moved.count(), before);
        QTest::keyClick(&view, Qt::Key_L);  // looking is always possible
        QVERIFY(view.logCounts());
        view.grab();
    }
};

QTEST_MAIN(viewsTest)
#include "viewsTest.moc"
