// SPDX-License-Identifier: GPL-3.0-or-later
// The view of slices as a person meets it: the same head in twelve orientations, letters, colours, tools,
// time.
#include <QApplication>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "tests/widgets/MadeData.h"
#include "widgets/ColorMapBar.h"
#include "widgets/ScrubBar.h"
#include "widgets/SlicePane.h"
#include "widgets/SliceView.h"
#include "widgets/SliceWindowForm.h"
#include "widgets/Theme.h"

using namespace denoscope;

namespace {

constexpr std::array<int, 3> patientShape{24, 30, 18};  // towards R, A, S
constexpr std::array<double, 3> patientSpacing{2, 1.5, 3};

// A head without symmetry, stored with these axes; every orientation has the same values at the same places.
std::shared_ptr<Volume> headStoredAs(const AnatomicalAxes& axes) {
    auto volume = std::make_shared<Volume>();
    Voxel shape{};
    volume->affine.fill(0);
    volume->affine[15] = 1;
    for (std::size_t p = 0; p < 3; ++p) {
        const auto v = static_cast<std::size_t>(axes.voxelAxis[p]);
        shape[v] = patientShape[p];
        volume->spacing[v] = patientSpacing[p];
        volume->affine[p * 4 + v] = axes.sign[p] * patientSpacing[p];
        const double near = -patientSpacing[p] * (patientShape[p] - 1) / 2;
        volume->affine[p * 4 + 3] = axes.sign[p] > 0 ? near : -near;
    }
    volume->width = shape[0];
    volume->height = shape[1];
    volume->depth = shape[2];
    auto samples = std::make_shared<std::vector<float>>();
    for (int k = 0; k < shape[2]; ++k)
        for (int j = 0; j < shape[1]; ++j)
            for (int i = 0; i < shape[0]; ++i) {
                const Point mm = transformed(volume->affine, {1.0 * i, 1.0 * j, 1.0 * k});
                const double shell = std::hypot(mm[0] / 18, mm[1] / 17, mm[2] / 20);
                samples->push_back(static_cast<float>(shell < 1 ? 50 + mm[0] + 2 * mm[1] + 0.5 * mm[2] +
                                                                      (mm[0] > 8 && mm[2] > 3 ? 60 : 0)
                                                                : 0));
            }
    volume->samples = samples;
    return volume;
}

std::vector<AnatomicalAxes> twelveOrientations() {
    std::vector<AnatomicalAxes> all;
    std::array<int, 3> order{0, 1, 2};
    int turn = 0;
    do {
        for (const int flips : {turn % 8, (turn + 5) % 8})
            all.push_back({order, {flips & 1 ? -1 : 1, flips & 2 ? -1 : 1, flips & 4 ? -1 : 1}});
        turn += 3;
    } while (std::next_permutation(order.begin(), order.end()));
    return all;
}

std::shared_ptr<Volume> constantVolume(float value) {
    auto volume = std::make_shared<Volume>();
    volume->depth = volume->height = volume->width = 8;
    volume->samples = std::make_shared<std::vector<float>>(512, value);
    return volume;
}

// 8 columns, 4 rows; the value is the column plus ten times the row.
std::shared_ptr<Volume> pictureOf(Volume::Place place) {
    auto volume = std::make_shared<Volume>();
    volume->depth = 1;
    volume->height = 4;
    volume->width = 8;
    volume->spacing = {0.5, 0.5, 1};
    volume->place = place;
    auto samples = std::make_shared<std::vector<float>>();
    for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 8; ++column)
            samples->push_back(static_cast<float>(column + 10 * row));
    volume->samples = samples;
    volume->unit = QStringLiteral("HU");
    return volume;
}

template <typename Widget>
Widget* childNamed(SliceView& view, const QString& name) {
    for (auto* child : view.findChildren<Widget*>())
        if (child->accessibleName() == name)
            return child;
    return nullptr;
}

void moveTo(SlicePane* pane, QPoint position) {
    QMouseEvent move(QEvent::MouseMove, position, pane->mapToGlobal(position), Qt::NoButton, Qt::NoButton,
                     {});
    QApplication::sendEvent(pane, &move);
}

void present(SliceView& view, QSize size = {640, 480}) {
    view.resize(size);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
}

void drag(QWidget* target, QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton,
          Qt::KeyboardModifiers modifiers = {}) {
    QTest::mousePress(target, button, modifiers, from);
    QMouseEvent move(QEvent::MouseMove, to, target->mapToGlobal(to), Qt::NoButton, button, modifiers);
    QApplication::sendEvent(target, &move);
    QTest::mouseRelease(target, button, modifiers, to);
}

// What is written in the text's colour within this part of a picture, cut to its bounds.
QImage writing(const QImage& image, const QRect& part) {
    const QColor ink = themeColors(ThemeKind::Dark).text;
    QRect bounds;
    for (int y = part.top(); y <= part.bottom(); ++y)
        for (int x = part.left(); x <= part.right(); ++x)
            if (image.pixelColor(x, y) == ink)
                bounds |= QRect(x, y, 1, 1);
    return image.copy(bounds);
}

}  // namespace

class sliceViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::Light); }

    void theSameHeadLooksAndMeasuresTheSame() {
        const Point world{9, -6.75, 4.5};
        std::vector<QImage> expected;
        QStringList readouts;
        QCOMPARE(twelveOrientations().size(), 12U);
        for (const AnatomicalAxes& axes : twelveOrientations()) {
            const auto head = headStoredAs(axes);
            SliceView view;
            view.setVolume(head);
            view.setWindow(60, 200);
            const Affine toVoxels = inverseOf(head->affine);
            std::vector<QImage> seen;
            QStringList text{mmOf(view)};  // of the crosshair as it was at first
            view.setCursorPoint(transformed(toVoxels, world), false);
            for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
                SlicePane* pane = view.pane(plane);
                seen.push_back(pane->picture());
                text << QString::number(pane->slice());
                const Point from = pane->grid().voxelAt(3, 4, pane->depth());
                const Point to = pane->grid().voxelAt(12, 13, pane->depth());
                text << QString::number(lengthInMm(from, to, head->affine), 'f', 6)
                     << textOf(statisticsOf(pane->values(), pane->grid(), Measurement::Shape::Ellipse, {3, 4},
                                            {12, 13}),
                               QString(), head->lengthUnit());
            }
            text << mmOf(view) << view.readout().section(QLatin1Char(' '), 0, 0);
            if (expected.empty()) {
                expected = seen;
                readouts = text;
            }
            QCOMPARE(text, readouts);
            for (std::size_t i = 0; i < seen.size(); ++i)
                QCOMPARE(seen[i], expected[i]);
        }
        QVERIFY2(readouts.join('\n').contains(QStringLiteral(" mm², n ")), qPrintable(readouts.join('\n')));
    }

    void lettersChangeSidesWithTheConvention() {
        SliceView view;
        view.setVolume(constantVolume(0));
        view.setCrosshairShown(false);
        present(view);
        SlicePane* axial = view.pane(Plane::Axial);
        const QRect left(0, axial->height() / 2 - 12, 16, 24);
        const QRect right(axial->width() - 16, left.top(), 16, 24);
        const QImage radiological = axial->grab().toImage();
        view.setRadiological(false);
        const QImage neurological = axial->grab().toImage();
        const QImage r = writing(radiological, left), l = writing(radiological, right);
        QVERIFY(!r.isNull() && !l.isNull() && r != l);
        QCOMPARE(writing(neurological, right), r);
        QCOMPARE(writing(neurological, left), l);
        QCOMPARE(axial->grid().leftLetter, QStringLiteral("L"));
    }

    void aValueHasTheColourOfItsMap() {
        SliceView view;
        view.setVolume(constantVolume(50));
        view.setWindow(50, 100);
        view.setCrosshairShown(false);
        present(view);
        SlicePane* axial = view.pane(Plane::Axial);
        for (const ColorMapKind kind : colorMaps()) {
            view.setColorMap(kind);
            const QImage image = axial->grab().toImage();
            const QPoint place = axial->positionOf({2, 5, 4}).toPoint() * image.devicePixelRatio();
            QCOMPARE(QColor(image.pixel(place)), QColor(colorTable(kind)[128]));
        }
    }

    void aRulerIsDrawnAndMoved() {
        SliceView view;
        view.setVolume(headStoredAs({}));
        present(view);
        view.setTool(SliceTool::Ruler);
        SlicePane* axial = view.pane(Plane::Axial);
        const QPoint from = axial->positionOf({5, 20, 9}).toPoint(),
                     to = axial->positionOf({15, 20, 9}).toPoint();
        drag(axial, from, to);
        QCOMPARE(view.scene().measurements.size(), 1U);
        const auto length = [&] {
            const Measurement& ruler = view.scene().measurements.front();
            return lengthInMm(ruler.from, ruler.to, view.volume()->affine);
        };
        const double pixel = 20.0 / std::abs(from.x() - to.x());  // ten voxels of 2 mm
        QVERIFY(std::abs(length() - 20) < 2 * pixel);
        drag(axial, to, axial->positionOf({20, 20, 9}).toPoint());  // its end
        QCOMPARE(view.scene().measurements.size(), 1U);
        QVERIFY(std::abs(length() - 30) < 2 * pixel);
        QVERIFY(axial->isShown(view.scene().measurements.front()));
        QTest::keyClick(axial, Qt::Key_PageUp);
        QVERIFY(!axial->isShown(view.scene().measurements.front()));
        QTest::mouseClick(axial, Qt::LeftButton, {}, {30, 60});  // a click measures nothing
        QCOMPARE(view.scene().measurements.size(), 1U);
        QTest::keyClick(axial, Qt::Key_Delete);
        QVERIFY(view.scene().measurements.empty());
        QTest::keyClick(axial, Qt::Key_Escape);
        QCOMPARE(view.scene().tool, SliceTool::Crosshair);
    }

    void aProjectionIsNamedInEveryPane() {
        SliceView view;
        view.setVolume(constantVolume(0));
        view.setWindow(50, 10);
        view.setCrosshairShown(false);
        for (const QSize size : {QSize(900, 700), QSize(320, 260)}) {
            present(view, size);
            for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
                SlicePane* pane = view.pane(plane);
                const auto written = [&](const Slab& slab) {
                    view.setSlab(slab);
                    return writing(pane->grab().toImage(), pane->rect());
                };
                const Slab maximum{Projection::Maximum, 10}, mean{Projection::Mean, 10};
                QVERIFY(written(maximum) != written({}));
                QVERIFY(written(maximum) != written({Projection::Maximum, 90}));
                QVERIFY(written(maximum) != written(mean));
            }
            view.setSlab({Projection::Maximum, 10});
        }
    }

    void labelsStandBesideTheirLinesAndApart() {
        SliceView view;
        view.setVolume(constantVolume(0));
        view.setCrosshairShown(false);
        present(view, {900, 700});
        SlicePane* axial = view.pane(Plane::Axial);
        const auto inked = [&] {
            const QImage image = axial->grab().toImage();
            const QColor color = themeColors(ThemeKind::Dark).warning;
            int count = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    count += image.pixelColor(x, y) == color;
            return count;
        };
        view.addMeasurement({Measurement::Shape::Ruler, Plane::Axial, {2, 2, 4}, {5, 5, 4}});
        const int one = inked();
        QVERIFY(one > 0);
        view.addMeasurement({Measurement::Shape::Ruler, Plane::Axial, {2, 2, 4}, {5, 5, 4}});
        QVERIFY(inked() > one);  // the second label is elsewhere, though the lines are the same
    }

    void turningKeepsTheCrosshairInPlace() {
        SliceView view;
        view.setVolume(headStoredAs({}));
        present(view);
        view.setCursor3d({8, 11, 7});
        SlicePane* axial = view.pane(Plane::Axial);
        const QPointF before = axial->positionOf(view.scene().cursor);
        const QPoint cross = before.toPoint();
        drag(axial, cross + QPoint(60, 0), cross + QPoint(0, 60), Qt::LeftButton, Qt::AltModifier);
        QVERIFY(axial->grid().oblique);
        QCOMPARE(axial->grid().bottomLetter, QStringLiteral("L"));  // which lay to the right
        QVERIFY(QLineF(axial->positionOf(view.scene().cursor), before).length() < 0.01);
        const Point mm = transformed(view.volume()->affine, view.scene().cursor);
        QTest::keyClick(axial, Qt::Key_PageUp);  // along S still
        QVERIFY(transformed(view.volume()->affine, view.scene().cursor)[2] > mm[2]);
        view.grab();
        QTest::keyClick(axial, Qt::Key_Home);
        QVERIFY(!axial->grid().oblique);
    }

    void timePointsShareOneWindow() {
        SliceView view;
        view.setVolumes({constantVolume(0), constantVolume(100), constantVolume(40)}, 0, 1.5);
        view.choosePreset(fullRangeWindow);
        present(view);
        QCOMPARE(view.window(),
                 WindowLevel::fromRange(-0.5, 100.5));  // of 0 and 100 alone: a width of 1 each
        auto* time = view.findChild<ScrubBar*>();
        QVERIFY(time->isVisible());
        QSignalSpy shown(&view, &SliceView::volumeShown);
        QTest::keyClick(time, Qt::Key_End);
        QCOMPARE(shown.last().first().toInt(), 2);
        QVERIFY(view.readout().startsWith(QStringLiteral("40 ")));
        QCOMPARE(view.window(), WindowLevel::fromRange(-0.5, 100.5));
        view.setVolume(constantVolume(1));
        QVERIFY(!time->isVisible());
    }

    void cinePlaysRoundAndRound() {
        SliceView view;
        view.setVolume(constantVolume(1));
        present(view);
        view.setFramesPerSecond(60);
        QSignalSpy moved(&view, &SliceView::cursorChanged);
        view.setCursor3d({4, 4, 6});
        view.setCine(true);
        while (view.pane(Plane::Axial)->slice() != 1)  // over 7 and 0
            QVERIFY(moved.wait());
        view.setCine(false);
        QVERIFY(!view.isCinePlaying());
        QCOMPARE(view.cursor3d()[0], 4);
    }

    void aWindowIsKeptAsAPreset() {
        SliceView view;
        view.setWindowPresets(ctPresets());
        view.setVolume(headPhantom());
        present(view);
        view.setWindow(33, 66);
        auto* form = view.findChild<SliceWindowForm*>();
        form->show();
        QSignalSpy edited(&view, &SliceView::windowPresetsEdited);
        form->findChild<QLineEdit*>()->setText(QStringLiteral("Mine"));
        for (QPushButton* button : form->findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Keep"))
                button->click();
        QCOMPARE(edited.count(), 1);
        QCOMPARE(view.windowPresets().back(), (WindowPreset{QStringLiteral("Mine"), 33, 66}));
        QCOMPARE(view.preset(), firstPreset + static_cast<int>(ctPresets().size()));
        view.choosePreset(firstPreset);
        QCOMPARE(view.window(), (WindowLevel{40, 80}));
        form->findChildren<QDoubleSpinBox*>().front()->setValue(45);
        QCOMPARE(view.window(), (WindowLevel{45, 80}));
        QCOMPARE(view.preset(), static_cast<int>(unnamedWindow));
    }

    // Of a map that is mostly empty and has both signs, what is empty stays clear.
    void whatIsEmptyInAMapStaysClear() {
        const auto map = std::make_shared<Volume>(*headStoredAs({}));
        std::vector<float> values(map->shown().size(), 0.0F);
        for (std::size_t i = 0; i < values.size(); i += 4)
            values[i] = i % 8 == 0 ? 3.0F : -2.0F;
        map->samples = std::make_shared<const std::vector<float>>(std::move(values));
        SliceView view;
        view.setVolume(headStoredAs({}));
        view.setOverlay(map);
        QCOMPARE(view.automaticOverlayWindow().low(), 0.0);
        QCOMPARE(view.automaticOverlayWindow().high(), 3.0);
    }

    void anOverlayOnItselfIsBlankAsDifference() {
        SliceView view;
        const auto head = headStoredAs({});
        view.setVolume(head);
        view.setOverlay(head);
        view.setOverlayLook({OverlayMode::Difference});
        const QImage& image = view.pane(Plane::Sagittal)->picture();
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                QCOMPARE(image.pixel(x, y), colorTable(ColorMapKind::Diverging)[128]);
        QVERIFY(view.readout().contains(QStringLiteral("overlay")));
    }

    void anOverlayHasABarOfItsOwn() {
        SliceView view;
        view.setVolume(headStoredAs({}));
        present(view, {540, 420});
        const auto* bar = childNamed<ColorMapBar>(view, QStringLiteral("Colour bar of the overlay"));
        const auto* first = childNamed<ColorMapBar>(view, QStringLiteral("Colour bar"));
        QVERIFY(first->isVisible() && !bar->isVisible());
        const auto overlay = constantVolume(7);
        overlay->unit = QStringLiteral("z");
        view.setOverlay(overlay);
        QVERIFY(first->isVisible() && bar->isVisible());
        QCOMPARE(bar->caption(), QStringLiteral("overlay z"));
        QVERIFY(first->caption().isEmpty());
        QCOMPARE(bar->size(), first->size());
        QVERIFY(!bar->geometry().intersects(first->geometry()));
        for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal})
            QVERIFY(view.pane(plane)->geometry().right() < first->x());
        view.setOverlayLook({OverlayMode::Difference});  // one bar has the colours of both
        QVERIFY(!bar->isVisible());
        QCOMPARE(first->caption(), QStringLiteral("difference"));
    }

    void theLineBelowLosesNothing() {
        SliceView view;
        const auto head = headStoredAs({});
        head->unit = QStringLiteral("HU");
        view.setVolume(head);
        view.setOverlay(constantVolume(7.125F));
        const auto* label = childNamed<QLabel>(view, QStringLiteral("Value at the crosshair"));
        for (const int width : {900, 540, 300}) {
            present(view, {width, 420});
            view.setCursor3d({3, 4, 5});
            view.setCursor3d({12, 15, 9});
            const QStringList lines = label->text().split(QLatin1Char('\n'));
            QCOMPARE(lines.join(QStringLiteral(" · ")), view.readout());
            QVERIFY(view.readout().contains(QStringLiteral("overlay 7.125")));
            for (const QString& line : lines)
                QVERIFY(label->fontMetrics().horizontalAdvance(line) <= label->width());
            QVERIFY(label->fontMetrics().height() * lines.size() <= label->height());
            QVERIFY(label->geometry().bottom() < view.height());
            for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal})
                QVERIFY(!view.pane(plane)->geometry().intersects(label->geometry()));
        }
        QVERIFY(label->text().contains(QLatin1Char('\n')));
        view.resize(220, 420);  // here even a line of its own has too little room: the values come first
        QVERIFY2(label->text().section(QLatin1Char('\n'), 0, 1).contains(QStringLiteral("overlay 7.125")),
                 qPrintable(label->text()));
    }

    void aFourthViewStandsBesideTheSlices() {
        SliceView view;
        view.setVolume(headPhantom());
        auto* fourth = new QWidget;
        view.setFourthPane(fourth);
        present(view, {900, 700});
        QVERIFY(fourth->isVisible());
        for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal})
            QVERIFY(!fourth->geometry().intersects(view.pane(plane)->geometry()));
        view.enlarge(view.pane(Plane::Coronal));
        QVERIFY(!fourth->isVisible() && !view.pane(Plane::Axial)->isVisible());
        QVERIFY(view.pane(Plane::Coronal)->width() > 700);
        QVERIFY(!view.panesPicture().isNull());
        view.enlarge(nullptr);
        view.setFourthShown(false);
        QVERIFY(!fourth->isVisible());
    }

    void aChannelOfSeveralIsChosen() {
        auto volume = std::make_shared<Volume>();
        volume->depth = volume->height = volume->width = 4;
        volume->channels = 2;
        volume->channelNames = QStringList{QStringLiteral("FLAIR"), QStringLiteral("T1")};
        auto samples = std::make_shared<std::vector<float>>(64, 5.0F);
        samples->insert(samples->end(), 64, 900.0F);
        volume->samples = samples;
        SliceView view;
        view.setVolume(volume);
        present(view);
        const auto* box = childNamed<QComboBox>(view, QStringLiteral("Channel"));
        QVERIFY(box->isVisible());
        QCOMPARE(box->itemText(1), QStringLiteral("T1"));
        QVERIFY(view.readout().startsWith(QStringLiteral("FLAIR 5 ")));
        QSignalSpy shown(&view, &SliceView::volumeShown);
        Q_EMIT childNamed<QComboBox>(view, QStringLiteral("Channel"))->activated(1);
        QVERIFY2(view.readout().startsWith(QStringLiteral("T1 900 ")), qPrintable(view.readout()));
        QCOMPARE(shown.size(), 1);  // so that whoever else shows the volume follows
        QCOMPARE(view.volume()->samples.get(), samples.get());
        QCOMPARE(view.pane(Plane::Axial)->values().row(0)[0], 900.0F);
        QVERIFY(view.window().low() < 900 && 900 < view.window().high());
        QCOMPARE(box->currentText(), QStringLiteral("T1"));
        view.setVolume(std::make_shared<Volume>(*volume));  // the next item of the same data
        QVERIFY(view.readout().startsWith(QStringLiteral("T1 ")));
        view.setVolume(constantVolume(1));
        QTRY_VERIFY(!box->isVisible());
        QVERIFY(view.readout().startsWith(QStringLiteral("1 ")));
    }

    void threeChannelsAreColoursOrOneOfThem() {
        auto volume = std::make_shared<Volume>();
        volume->depth = volume->height = volume->width = 2;
        volume->channels = 3;
        auto samples = std::make_shared<std::vector<float>>(8, 1.0F);
        samples->insert(samples->end(), 8, 2.0F);
        samples->insert(samples->end(), 8, 3.0F);
        volume->samples = samples;
        SliceView view;
        view.setVolume(volume);
        present(view);
        auto* box = childNamed<QComboBox>(view, QStringLiteral("Channel"));
        QCOMPARE(box->count(), 4);
        QVERIFY(view.readout().startsWith(QStringLiteral("1, 2, 3 ")));
        Q_EMIT box->activated(2);
        QVERIFY2(view.readout().startsWith(QStringLiteral("channel 2 2 ")), qPrintable(view.readout()));
        Q_EMIT box->activated(0);
        QVERIFY(view.readout().startsWith(QStringLiteral("1, 2, 3 ")));
    }

    void whatHasNoCommonPlaceIsNotLaidOver() {
        SliceView view;
        view.setVolume(constantVolume(1));
        view.setOverlay(constantVolume(2));
        view.setVolume(pictureOf(Volume::Place::Unknown));
        QVERIFY(!view.scene().overlay);
    }

    void aPictureIsOneSlice() {
        SliceView view;
        view.setVolume(pictureOf(Volume::Place::Distances));
        present(view);
        SlicePane* pane = view.pane(Plane::Axial);
        QVERIFY(view.isFlat());
        QVERIFY(pane->isVisible() && !view.pane(Plane::Coronal)->isVisible());
        QCOMPARE(pane->grid().leftLetter, QString());
        for (const bool radiological : {true, false}) {  // of a patient that nobody knows
            view.setRadiological(radiological);
            QVERIFY(pane->picture().pixelColor(0, 0).value() < pane->picture().pixelColor(7, 0).value());
            QVERIFY(pane->picture().pixelColor(0, 0).value() < pane->picture().pixelColor(0, 3).value());
        }
        moveTo(pane, pane->positionOf({6, 1, 0}).toPoint());
        QVERIFY2(view.readout().startsWith(QStringLiteral("16 HU · pixel 6, 1 · 3.0, 0.5 mm · window ")),
                 qPrintable(view.readout()));
        moveTo(pane, {1, 1});  // beside it: back to the crosshair
        QVERIFY2(view.readout().contains(QStringLiteral("pixel 3, 1 ")), qPrintable(view.readout()));
        const double before = pane->positionOf({7, 0, 0}).x() - pane->positionOf({0, 0, 0}).x();
        const QPointF middle = pane->rect().center();
        QWheelEvent wheel(middle, pane->mapToGlobal(middle), {}, {0, 120}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(pane, &wheel);
        QVERIFY(pane->positionOf({7, 0, 0}).x() - pane->positionOf({0, 0, 0}).x() > 1.1 * before);
        view.setVolume(pictureOf(Volume::Place::Unknown));
        QVERIFY(!view.readout().contains(QStringLiteral("mm")));
        view.setVolume(constantVolume(1));
        QVERIFY(pane->isVisible() && view.pane(Plane::Coronal)->isVisible());
    }

    // Whoever leafs through them keeps zoom and window, and is told where each lies.
    void slicesOfOneVolumeShareAView() {
        const auto slice = [](double height) {
            const auto volume = pictureOf(Volume::Place::Patient);
            volume->affine = {-0.5, 0, 0, 10, 0, -0.5, 0, 20, 0, 0, 3, height, 0, 0, 0, 1};
            return volume;
        };
        SliceView view;
        view.setVolume(slice(30));
        present(view);
        SlicePane* pane = view.pane(Plane::Axial);
        const QPointF middle = pane->rect().center();
        QWheelEvent wheel(middle, pane->mapToGlobal(middle), {}, {0, 120}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(pane, &wheel);
        view.setWindow(7, 9);
        const QPointF before = pane->positionOf({6, 1, 0});
        view.setVolume(slice(33));
        QCOMPARE(view.window(), (WindowLevel{7, 9}));
        QCOMPARE(pane->positionOf({6, 1, 0}), before);
        moveTo(pane, before.toPoint());
        QVERIFY2(mmOf(view).contains(QStringLiteral("33")), qPrintable(view.readout()));
        auto turned = slice(33);
        turned->affine[0] = 0.5;
        view.setVolume(turned);
        QVERIFY(view.window() != (WindowLevel{7, 9}));
    }

private:
    static QString mmOf(const SliceView& view) { return view.readout().section(QStringLiteral(" · "), 2, 2); }
};

QTEST_MAIN(sliceViewTest)
#include "sliceViewTest.moc"
