// SPDX-License-Identifier: GPL-3.0-or-later
// What a WaveformView draws, what the mouse and the keys do with it, and how it sounds.
#include <QMouseEvent>
#include <QSet>
#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <numbers>

#include "widgets/Theme.h"
#include "widgets/WaveformSound.h"
#include "widgets/WaveformView.h"

using namespace denoscope;

namespace {

using Samples = std::vector<float>;

Signal made(Samples samples, int channels, double rate) {
    Signal signal;
    signal.samples = std::make_shared<const Samples>(std::move(samples));
    signal.channels = channels;
    signal.sampleRate = rate;
    signal.name = QStringLiteral("made");
    return signal;
}

void present(QWidget& widget, QSize size = {640, 300}) {
    widget.resize(size);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
}

void drag(QWidget* widget, QPoint from, QPoint to, Qt::KeyboardModifiers modifiers = {}) {
    QTest::mousePress(widget, Qt::LeftButton, modifiers, from);
    for (int i = 1; i <= 4; ++i) {
        const QPoint at = from + (to - from) * i / 4;
        QMouseEvent move(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, Qt::LeftButton,
                         modifiers);
        QCoreApplication::sendEvent(widget, &move);
    }
    QTest::mouseRelease(widget, Qt::LeftButton, modifiers, to);
}

// How many columns of the lane have a pixel of this colour at this height.
int columnsAt(const WaveformView& view, const QImage& image, const QColor& color, int y) {
    int count = 0;
    for (int x = view.plotRect().left(); x <= view.plotRect().right(); ++x)
        count += image.pixelColor(x, y) == color;
    return count;
}

}  // namespace

class waveformTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::Light); }

    void aSpikeIsDrawnAtEveryZoom() {
        Samples samples(900'000, 0.F);
        samples[543'210] = 1;
        WaveformView view;
        view.setValueRange(-1, 1);
        view.setSignals({made(std::move(samples), 1, 0)});
        present(view);
        const QColor color = seriesColor(view.palette(), 0);
        const QRect lane = view.laneRect(0);
        for (double length = 900'000; length > 8; length *= 0.61) {
            view.setVisibleRange({543'210 - 0.37 * length, 543'210 + 0.63 * length});
            const QImage image = view.viewport()->grab().toImage();
            // Half way up the spike, which is at 3/4 of the height of the lane; antialiased where samples are
            // apart.
            const int y = lane.top() + lane.height() * 3 / 8;
            int drawn = 0;
            for (int x = lane.left(); x <= lane.right(); ++x)
                drawn += image.pixelColor(x, y) != themeColors(view.palette()).surface &&
                         image.pixelColor(x, y).saturation() > 30;
            QVERIFY2(drawn >= 1, qPrintable(QString::number(length)));
            if (length > 2 * lane.width())
                QVERIFY(columnsAt(view, image, color, y) <= 3);
        }
    }

    void everyColumnIsDrawnAtEveryScale() {
        Samples samples(100'000);
        for (std::size_t i = 0; i < samples.size(); ++i)
            samples[i] = i % 2 == 0 ? -1.F : 1.F;
        WaveformView view;
        view.setValueRange(-1, 1);
        view.setSignals({made(std::move(samples), 1, 0)});
        present(view);
        const QRect lane = view.laneRect(0);
        for (const double scale : {1.0, 1.25, 1.5, 2.0})
            for (const int offset : {0, 1, 2}) {
                QImage image((QSizeF(view.size() + QSize(2, 0)) * scale).toSize(), QImage::Format_RGB32);
                image.setDevicePixelRatio(scale);
                view.viewport()->render(&image, {offset, 0});
                const int y = static_cast<int>(lane.center().y() * scale);
                const int first = static_cast<int>((lane.left() + offset) * scale) + 2;
                const int last = static_cast<int>((lane.right() + offset) * scale) - 2;
                for (int x = first; x <= last; ++x)
                    QCOMPARE(image.pixelColor(x, y), seriesColor(view.palette(), 0));
            }
    }

    void longSignalsAreSummarisedBesides() {
        Samples samples(4'000'000, 0.25F);
        samples[3'999'000] = -3;
        WaveformView view;
        QSignalSpy summarized(&view, &WaveformView::summarized);
        view.setSignals({made(std::move(samples), 2, 1000)});
        QVERIFY(view.isSummarizing());
        view.setSignals({made(Samples(100, 1.F), 1, 1000)});  // another one meanwhile
        QTRY_COMPARE(summarized.count(), 1);
        QVERIFY(!view.isSummarizing());
        QCOMPARE(view.laneCount(), 1);
        QVERIFY(view.statistics(0, view.wholeRange()));
        view.setSignals({made(Samples(2'500'000, 0.5F), 1, 1000)});
        QVERIFY(!view.statistics(0, view.wholeRange()));
        view.grab();
        QTRY_VERIFY(view.statistics(0, view.wholeRange()));
        QCOMPARE(view.statistics(0, view.wholeRange())->rms, 0.5);
    }

    void selectionByRulerShiftAndKeys() {
        WaveformView view;
        view.setSignals({made(Samples(10'000, 1.F), 1, 1000)});
        present(view);
        QSignalSpy changed(&view, &TimeView::selectionChanged);
        const QRect plot = view.plotRect();
        const int ruler = plot.bottom() + 8;
        const auto x = [&](double time) { return static_cast<int>(std::lround(view.xAt(time))); };
        drag(view.viewport(), {x(2), ruler}, {x(5), ruler});
        QVERIFY(view.selection());
        QVERIFY(std::abs(view.selection()->begin - 2) < 0.03 && std::abs(view.selection()->end - 5) < 0.03);
        QCOMPARE(view.visibleRange(), view.wholeRange());
        drag(view.viewport(), {x(5), ruler}, {x(7), ruler});  // its end is taken hold of
        QVERIFY(std::abs(view.selection()->begin - 2) < 0.03 && std::abs(view.selection()->end - 7) < 0.03);
        drag(view.viewport(), {x(8), plot.center().y()}, {x(6), plot.center().y()}, Qt::ShiftModifier);
        QVERIFY(std::abs(view.selection()->begin - 6) < 0.03 && std::abs(view.selection()->end - 8) < 0.03);
        QTest::keyClick(&view, Qt::Key_Z);
        QCOMPARE(view.visibleRange(), *view.selection());
        QTest::keyClick(&view, Qt::Key_Home);
        QTest::keyClick(&view, Qt::Key_Escape);
        QVERIFY(!view.selection());
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, {x(4), plot.center().y()});
        QVERIFY(view.cursorTime() && std::abs(*view.cursorTime() - 4) < 0.03);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(view.selection() && std::abs(view.selection()->length() - 0.2) < 1e-9);
        QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(*view.selection(), view.wholeRange());
        QVERIFY(changed.count() >= 6);
    }

    void statisticsAreThoseOfTheSelection() {
        Samples samples(1000, 0.F);
        std::fill(samples.begin() + 200, samples.begin() + 300, 2.F);
        WaveformView view;
        view.setSignals({made(std::move(samples), 1, 100)});
        const auto inside = view.statistics(0, {2, 3});
        QCOMPARE(inside->count, 100);
        QCOMPARE(inside->min, 2.0);
        QCOMPARE(inside->rms, 2.0);
        const auto half = view.statistics(0, {1, 3});
        QCOMPARE(half->min, 0.0);
        QCOMPARE(half->mean, 1.0);
        QVERIFY(std::abs(half->rms - std::sqrt(2.0)) < 1e-12);
    }

    void lanesHaveOneScaleOrTheirOwn() {
        Samples samples(2000, 0.F);
        samples[10] = 100;  // the first channel from 0 to 100, the second from 0 to 1
        samples[1010] = 1;
        Signal signal = made(std::move(samples), 2, 100);
        signal.channelNames = {QStringLiteral("MLII"), QStringLiteral("V5")};
        signal.unit = QStringLiteral("mV");
        WaveformView view;
        view.setSignals({signal});
        QCOMPARE(view.laneName(1), QStringLiteral("V5"));
        QCOMPARE(view.laneUnit(1), QStringLiteral("mV"));
        QCOMPARE(view.valueRange(1).second, 105.0);
        view.setLaneScale(LaneScale::PerLane);
        QCOMPARE(view.valueRange(0).second, 105.0);
        QCOMPARE(view.valueRange(1).second, 1.05);
        present(view);
        QVERIFY(view.laneRect(0).bottom() < view.laneRect(1).top());
        QTest::keyClick(&view, Qt::Key_Up, Qt::ControlModifier);
        QVERIFY(view.valueRange(1).second < 1);
        QTest::keyClick(&view, Qt::Key_Home);
        QCOMPARE(view.valueRange(1).second, 1.05);
        view.setLaneLayout(LaneLayout::Overlaid);
        QCOMPARE(view.laneRect(0), view.laneRect(1));
        const QImage image = view.viewport()->grab().toImage();
        for (const int lane : {0, 1}) {  // the legend
            int found = 0;
            for (int y = view.plotRect().top(); y < view.plotRect().top() + 20; ++y)
                found += columnsAt(view, image, seriesColor(view.palette(), lane), y);
            QVERIFY(found > 20);
        }
    }

    void aReferenceIsDrawnBehindInItsColour() {
        WaveformView view;
        view.setValueRange(-1, 1);
        view.setSignals({made(Samples(5000, 0.5F), 1, 100)});
        view.setReference({made(Samples(5000, -0.5F), 1, 100)}, QStringLiteral("real"),
                          QStringLiteral("generated"));
        present(view);
        const QRect lane = view.laneRect(0);
        const QImage image = view.viewport()->grab().toImage();
        const auto near = [&](double share, int series) {
            int most = 0;
            for (int y = -1; y <= 1; ++y)
                most = std::max(most, columnsAt(view, image, seriesColor(view.palette(), series),
                                                lane.top() + static_cast<int>(lane.height() * share) + y));
            return most;
        };
        QVERIFY(near(0.25, 0) > lane.width() / 2);
        QVERIFY(near(0.75, 1) > lane.width() / 2);
        view.setReference({});
        const QImage without = view.viewport()->grab().toImage();
        QVERIFY(without != image);
    }

    void constantValuesLieInTheMiddleHoweverLarge() {
        WaveformView view;
        view.resize(300, 200);
        for (const float value : {0.F, 3.5F, 1e16F, 1e19F, 9.2233720368547758e18F, -3e38F}) {
            view.setSignals({made(Samples(50, value), 1, 0)});
            const auto [low, high] = view.valueRange(0);
            QVERIFY(low < static_cast<double>(value) && static_cast<double>(value) < high);
            const QImage image = view.viewport()->grab().toImage();
            const QRect lane = view.laneRect(0);
            view.setSignals({});
            const QImage empty = view.viewport()->grab().toImage();
            int drawn = 0;
            for (int x = lane.left() + 2; x < lane.right() - 8; ++x)
                for (int y = lane.center().y() - 2, seen = 0; y <= lane.center().y() + 2 && seen == 0; ++y)
                    drawn += seen = image.pixel(x, y) != empty.pixel(x, y);
            QVERIFY(drawn > lane.width() * 9 / 10);
        }
    }

    void anUnknownRateStaysUnknownBesideAReference() {
        WaveformView view;
        view.setSignals({made(Samples(50, 1.F), 1, 0)});
        view.setReference({});
        QVERIFY(!view.timeAxis().inSeconds);
        view.setReference({made(Samples(50, 2.F), 1, 100)});
        QVERIFY(!view.timeAxis().inSeconds);
        view.setSignals({made(Samples(50, 1.F), 1, 100)});
        QVERIFY(view.timeAxis().inSeconds);
        QCOMPARE(view.wholeRange().end, 0.5);
    }

    void timesAreWrittenAsOneLikes() {
        TimeAxis axis{true, 1000, TimeFormat::Automatic};
        QCOMPARE(axis.ticks({0, 0.5}, 6).unit, QStringLiteral("ms"));
        QCOMPARE(axis.ticks({0, 30}, 6).unit, QStringLiteral("s"));
        const TimeTicks clock = axis.ticks({0, 600}, 6);
        QCOMPARE(clock.unit, QStringLiteral("min:s"));
        QCOMPARE(clock.texts.value(1), QStringLiteral("2:00"));
        QCOMPARE(axis.text(119.9999, {100, 200}), QStringLiteral("2:00.0"));
        QCOMPARE(axis.ticks({3595, 7300}, 4).unit, QStringLiteral("h:min:s"));
        axis.format = TimeFormat::Samples;
        QCOMPARE(axis.ticks({0, 1}, 2).texts, (QStringList{"0", "500", "1000"}));
        QCOMPARE(axis.spanText(0.25), QStringLiteral("250 samples"));
        axis = {false, 0, TimeFormat::Clock};
        QCOMPARE(axis.text(17.4, {0, 100}), QStringLiteral("sample 17"));
        QVERIFY(axis.ticks({5, 5}, 4).times.empty());
    }

    void soundIsTheSelectionAtTheRateOfTheDevice() {
        Samples samples(1000);
        for (std::size_t i = 0; i < samples.size(); ++i)
            samples[i] = static_cast<float>(i) / 1000;
        const Signal ramp = made(samples, 1, 100);  // 0.1 a second
        WaveformSound once(ramp, 0, {{2, 4}, 3, false}, {400, 2, true});
        const QByteArray bytes = once.readAll();
        QCOMPARE(bytes.size(), 400 * 2 * 4);  // one second left
        QCOMPARE(once.read(100).size(), 0);
        const auto* values = reinterpret_cast<const float*>(bytes.constData());
        QVERIFY(std::abs(values[0] - 0.3F) < 1e-5F && values[1] == values[0]);
        QVERIFY(std::abs(values[2] - 0.30025F) < 1e-5F);  // between two samples
        WaveformSound looped(ramp, 0, {{2, 4}, 3, true}, {400, 1, false});
        const QByteArray round = looped.read(400 * 2 * 2);
        QCOMPARE(round.size(), 400 * 2 * 2);
        const auto* integers = reinterpret_cast<const qint16*>(round.constData());
        QVERIFY(std::abs(integers[0] - 0.3 * 32767) < 2);
        QVERIFY(std::abs(integers[400] - 0.2 * 32767) < 2);  // back at the beginning
        const SoundStretch stretch{{2, 4}, 3, true};
        QCOMPARE(stretch.timeAfter(0.5), 3.5);
        QCOMPARE(stretch.timeAfter(1.5), 2.5);
        Samples loud(10, -40.F);
        const WaveformSound scaled(made(loud, 1, 100), 0, {{0, 0.1}, 0, false}, {});
        QVERIFY(std::abs(scaled.valueAt(0, 0) + 0.9F) < 1e-6F);
    }
};

QTEST_MAIN(waveformTest)
#include "waveformTest.moc"
