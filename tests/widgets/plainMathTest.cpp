// SPDX-License-Identifier: GPL-3.0-or-later
// The maths beneath the views, against plain loops and closed forms.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "widgets/AxisTicks.h"
#include "widgets/ColorMap.h"
#include "widgets/CurveSeries.h"
#include "widgets/GridLayout.h"
#include "widgets/Histogram.h"
#include "widgets/PaneLayout.h"
#include "widgets/Smoothing.h"
#include "widgets/TimeRange.h"
#include "widgets/TransferFunction.h"
#include "widgets/ValueRange.h"
#include "widgets/ViewTransform.h"
#include "widgets/WaveformSummary.h"
#include "widgets/WindowLevel.h"

using namespace denoscope;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr float nanF = std::numeric_limits<float>::quiet_NaN();
constexpr float infF = std::numeric_limits<float>::infinity();

}  // namespace

class plainMathTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Beyond 2^53 a fixed step beside a value is lost in its rounding.
    void aSingleValueHasARangeAroundIt_data() {
        QTest::addColumn<double>("value");
        for (const double value :
             {0.0, 3.5, -40.0, 1e7, 1e16, -1e16, 1e19, 9223372036854775808.0, 1e30, 3e38})
            QTest::addRow("%g", value) << value;
    }

    void aSingleValueHasARangeAroundIt() {
        QFETCH(double, value);
        const auto [low, high] = rangeAround(value);
        QVERIFY(low < value && value < high);
        const AxisTicks ticks = axisTicks(low, high, 4);
        QVERIFY(ticks.values.size() >= 2);
        QVERIFY(ticks.text(ticks.values.front()) != ticks.text(ticks.values.back()));
        const Histogram histogram = histogramOf(std::vector<float>(9, static_cast<float>(value)));
        QCOMPARE(histogram.counts, std::vector<std::int64_t>{9});
        QVERIFY(histogram.low < histogram.high);
        const WindowLevel window = WindowLevel::fromRange(value, value);
        QVERIFY(window.low() < value && value < window.high());
        QVERIFY(std::abs(window.tableIndex(static_cast<float>(value)) - 127.5) < 2);
        TransferFunction flat;
        flat.points = {{value, Qt::white, 1}};
        const TransferTable table = transferTable(flat, window, 1, 1);
        QVERIFY(table.low < table.high);
    }

    void smoothingIsTheDebiasedClosedForm() {
        std::mt19937 random(1);
        std::uniform_real_distribution<double> uniform(-3, 5);
        for (const double w : {0.0, 0.3, 0.9, 0.999, 1.0}) {
            std::vector<double> values(200);
            std::generate(values.begin(), values.end(), [&] { return uniform(random); });
            Smoother smoother(w);
            for (std::size_t n = 0; n < values.size(); ++n) {
                double sum = 0;
                double total = 0;
                for (std::size_t i = 0; i <= n; ++i) {
                    sum += std::pow(w, static_cast<double>(n - i)) * values[i];
                    total += std::pow(w, static_cast<double>(n - i));
                }
                QVERIFY(std::abs(smoother.next(values[n]) - sum / total) < 1e-9);
            }
        }
    }

    void smoothingOfAConstantIsTheConstantFromTheStart() {
        Smoother smoother(0.99);
        for (int i = 0; i < 50; ++i)
            QVERIFY(std::abs(smoother.next(4.25) - 4.25) < 1e-12);
    }

    void smoothingSurvivesNotANumber() {
        Smoother with(0.9);
        Smoother without(0.9);
        QCOMPARE(with.next(1), without.next(1));
        QVERIFY(std::isnan(with.next(notANumber)));
        QVERIFY(std::isnan(with.next(std::numeric_limits<double>::infinity())));
        QCOMPARE(with.next(2), without.next(2));
    }

    void waveformExtremesEqualAPlainLoop() {
        constexpr std::int64_t length = 1'000'003;
        std::mt19937 random(2);
        std::normal_distribution<float> normal;
        auto samples = std::make_shared<std::vector<float>>(2 * length);
        std::generate(samples->begin(), samples->end(), [&] { return normal(random); });
        (*samples)[length + 500'000] = nanF;
        (*samples)[length + 500'001] = infF;
        const WaveformSummary summary(samples, length, length);  // the second channel
        QCOMPARE(summary.length(), length);
        std::uniform_int_distribution<std::int64_t> anywhere(0, length);
        for (int trial = 0; trial < 300; ++trial) {
            std::int64_t begin = anywhere(random);
            std::int64_t end = trial % 3 == 0 ? begin + trial : anywhere(random);
            if (begin > end)
                std::swap(begin, end);
            MinMax expected;
            for (std::int64_t i = begin; i < std::min(end, length); ++i)
                expected.add((*samples)[static_cast<std::size_t>(length + i)]);
            QVERIFY(summary.over(begin, end) == expected);
        }
    }

    void waveformOfNothing() {
        const WaveformSummary none(nullptr, 0, 10);
        QCOMPARE(none.length(), 0);
        QVERIFY(none.all().empty);
        const WaveformSummary beyond(std::make_shared<std::vector<float>>(5, 1.F), 3, 100);
        QCOMPARE(beyond.length(), 2);
        QVERIFY(beyond.over(-5, 1000) == beyond.all());
    }

    void curvePointsStayInOrderAndAreCounted() {
        CurveSeries series;
        QCOMPARE(series.append(std::vector{1.0, 2.0, 3.0}, std::vector{5.0, notANumber, -1.0}), 0U);
        QCOMPARE(series.append(std::vector{4.0}, std::vector{0.5}), 3U);
        QCOMPARE(series.append(std::vector{2.5, notANumber, 0.0}, std::vector{9.0, 1.0, 2.0}),
                 0U);  // re-sorted
        QVERIFY(std::is_sorted(series.x().begin(), series.x().end()));
        QCOMPARE(series.size(), 6U);
        QCOMPARE(series.notFinite(), 2U);
        QCOMPARE(series.notOnLogX(), 1U);
        QCOMPARE(series.notOnLogY(), 1U);
        QCOMPARE(series.yExtent().low, -1.0);
        QCOMPARE(series.yExtent().high, 9.0);
        QCOMPARE(series.yExtent().lowestPositive, 0.5);
        QCOMPARE(series.within(2.0, 2.5), (std::pair<std::size_t, std::size_t>{2, 4}));
    }

    void axisRangesAreNeverEmpty() {
        const Extent nothing;
        Extent one;
        one.add(3);
        Extent negative;
        negative.add(-2);
        for (const Extent& extent : {nothing, one, negative})
            for (const bool logarithmic : {false, true}) {
                const auto [low, high] = extent.axisRange(logarithmic, 0.05);
                QVERIFY(low < high);
                QVERIFY(!logarithmic || low > 0);
            }
    }

    void gridFindsEveryItemWhereItDrawsIt() {
        for (const int width : {40, 200, 333, 1920})
            for (const int count : {1, 7, 5000}) {
                const GridLayout layout{count, 64, 16, 8, width};
                for (int i = 0; i < count; i += 1 + count / 50) {
                    QCOMPARE(layout.indexAt(layout.cell(i).center()), i);
                    QVERIFY(layout.firstVisible(layout.cell(i).top()) <= i);
                    QVERIFY(layout.lastVisible(layout.cell(i).top()) >= i);
                    QVERIFY(layout.cell(i).bottom() < layout.contentHeight());
                }
                QCOMPARE(layout.indexAt({0, 0}), -1);
                QCOMPARE(layout.indexAt({layout.cell(0).left(), layout.contentHeight() + 5}), -1);
            }
        QCOMPARE((GridLayout{0, 64, 0, 8, 500}.lastVisible(1000)), -1);
    }

    void gridMovesOverItsEdges() {
        const GridLayout layout{10, 64, 0, 8, 8 + 4 * 72};  // rows of 4, 4 and 2
        QCOMPARE(layout.columns(), 4);
        QCOMPARE(layout.moved(3, 1, 0), 4);
        QCOMPARE(layout.moved(0, -1, 0), 0);
        QCOMPARE(layout.moved(1, 0, -1), 1);
        QCOMPARE(layout.moved(7, 0, 1), 9);  // above the short row
        QCOMPARE(layout.moved(9, 0, 1), 9);
    }

    void enlargedThumbnailsAreWholeMultiples() {
        QCOMPARE(drawnSize({28, 28}, 96), QSize(84, 84));
        QCOMPARE(drawnSize({28, 14}, 144), QSize(140, 70));
        QCOMPARE(drawnSize({1, 1}, 96), QSize(96, 96));
        QCOMPARE(drawnSize({512, 256}, 96), QSize(96, 48));
        QCOMPARE(drawnSize({5000, 1}, 96), QSize(96, 1));
        QCOMPARE(drawnSize({0, 0}, 96), QSize(0, 0));
        QCOMPARE(wholeMultiple(97, 28), 84);
        QCOMPARE(wholeMultiple(97, 512), 97);
    }

    void automaticThumbnailsFitWithoutScrolling() {
        GridLayout layout{16, 0, 20, 8, 0};
        const QSize viewport(640, 420);
        layout.thumbnail = largestFittingThumbnail(layout, viewport, 32, 256);
        layout.width = viewport.width();
        QVERIFY(layout.contentHeight() <= viewport.height());
        ++layout.thumbnail;
        QVERIFY(layout.contentHeight() > viewport.height());
    }

    void timeZoomKeepsItsAnchorAndItsBounds() {
        const TimeRange whole{0, 100};
        const TimeRange zoomed = TimeRange{20, 60}.zoomed(30, 0.5, whole, 0.1);
        QCOMPARE(zoomed.length(), 20.0);
        QCOMPARE((30 - zoomed.begin) / zoomed.length(), 0.25);
        QCOMPARE(zoomed.zoomed(30, 1e9, whole, 0.1), whole);
        QVERIFY(std::abs(zoomed.zoomed(30, 1e-9, whole, 0.1).length() - 0.1) < 1e-12);
        QCOMPARE(zoomed.shifted(1e9, whole).end, 100.0);
        QCOMPARE(zoomed.shifted(-1e9, whole).begin, 0.0);
        QCOMPARE((TimeRange{-50, 500}.clampedTo(whole, 1)), whole);
    }

    void viewZoomKeepsThePointUnderTheMouse() {
        const ViewTransform view = ViewTransform::fitting({64, 32}, {0, 0, 320, 320});
        QCOMPARE(view.scale, 5.0);
        QCOMPARE(view.toView(QPointF(32, 16)), QPointF(160, 160));
        const QPointF mouse(100, 150);
        const ViewTransform zoomed = view.zoomedAt(mouse, 3, 0.1, 100);
        QCOMPARE(zoomed.toContent(mouse), view.toContent(mouse));
        QCOMPARE(view.zoomedAt(mouse, 1e9, 0.1, 100).scale, 100.0);
        QCOMPARE(ViewTransform::fitting({0, 0}, {0, 0, 10, 10}).scale, 1.0);
    }

    void histogramCountsEveryValueOnce() {
        std::vector<float> values;
        for (int i = 0; i < 1000; ++i)
            values.push_back(static_cast<float>(i) / 999);
        values.insert(values.end(), {nanF, infF, -infF});
        const Histogram histogram = histogramOf(values, 10);
        QCOMPARE(histogram.notFinite, 3);
        std::int64_t sum = 0;
        for (const std::int64_t count : histogram.counts) {
            QVERIFY(count >= 99 && count <= 101);
            sum += count;
        }
        QCOMPARE(sum, 1000);
        QVERIFY(histogramOf({}, 10).isEmpty());
        QCOMPARE(histogramOf({}, 10).largestShare(), 0.0);
        QCOMPARE(histogramOf(std::vector<float>{0, 0, 0, 1}, 2).largestShare(), 0.75);
        QVERIFY(histogramOf(std::vector<float>{nanF}, 10).isEmpty());
        QCOMPARE(histogramOf(std::vector<float>(5, 2.F), 10).counts, std::vector<std::int64_t>{5});
    }

    void windowsComeFromFiniteValues() {
        std::vector<float> values(10'000);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<float>(i);
        values[17] = nanF;
        values[18] = infF;
        const ValueWindows windows = windowsOf(values);
        QCOMPARE(windows.full.low(), 0.0);
        QCOMPARE(windows.full.high(), 9999.0);
        QVERIFY(std::abs(windows.automatic.low() - 50) < 3);
        QVERIFY(std::abs(windows.automatic.high() - 9949) < 3);
        QVERIFY(windowsOf({}).full.width > 0);
        QVERIFY(windowsOf(std::vector<float>(9, 4.F)).automatic.width > 0);
    }

    void windowIndexAndDrag() {
        const WindowLevel window{50, 100};
        QCOMPARE(window.tableIndex(-5), 0);
        QCOMPARE(window.tableIndex(0), 0);
        QCOMPARE(window.tableIndex(50), 128);
        QCOMPARE(window.tableIndex(100), 255);
        QCOMPARE(window.tableIndex(infF), 255);
        QCOMPARE(window.tableIndex(nanF), 0);
        QCOMPARE(window.dragged(300, 0).width, 200.0);
        QCOMPARE(window.dragged(-300, 0).width, 50.0);
        QCOMPARE(window.dragged(0, -30).center, 60.0);
    }

    void ticksAreRoundAndWithinTheRange() {
        const AxisTicks ticks = axisTicks(-0.93, 1.02, 6);
        QCOMPARE(ticks.step, 0.5);
        QCOMPARE(ticks.values, (std::vector<double>{-0.5, 0.0, 0.5, 1.0}));
        QCOMPARE(ticks.text(-0.5), QStringLiteral("-0.5"));
        QCOMPARE(ticks.text(-1e-17), QStringLiteral("0.0"));
        QCOMPARE(logTicks(0.1, 1.6), (std::vector<double>{0.1, 0.2, 0.5, 1}));
        QCOMPARE(logTicks(0.72, 2.5), (std::vector<double>{1, 1.5, 2}));
        QVERIFY(logTicks(0.7, 0.9).size() >= 3);  // as on a linear axis
        QVERIFY(logTicks(0, 1).empty() && logTicks(2, 1).empty());
        QVERIFY(axisTicks(1, 1, 5).values.empty());
        QVERIFY(axisTicks(notANumber, 1, 5).values.empty());
        for (double span = 1e-9; span < 1e12; span *= 7.3) {
            const AxisTicks some = axisTicks(-0.37 * span, 0.63 * span, 5);
            QVERIFY(some.values.size() >= 1 && some.values.size() <= 6);
        }
    }

    void colorTables() {
        const auto luminance = [](QRgb c) {
            return 0.2126 * qRed(c) + 0.7152 * qGreen(c) + 0.0722 * qBlue(c);
        };
        QCOMPARE(colorTable(ColorMapKind::Grey)[77], qRgb(77, 77, 77));
        const ColorTable& dusk = colorTable(ColorMapKind::Dusk);
        for (std::size_t i = 8; i < 256; i += 8)
            QVERIFY(luminance(dusk[i]) > luminance(dusk[i - 8]));
        const ColorTable& diverging = colorTable(ColorMapKind::Diverging);
        QVERIFY(qBlue(diverging[0]) > qRed(diverging[0]));
        QVERIFY(qRed(diverging[255]) > qBlue(diverging[255]));
        QVERIFY(luminance(diverging[128]) > 230);
    }

    void panesFillTheirAreaWithoutOverlap() {
        const std::array<QSizeF, 3> content{QSizeF(180, 220), QSizeF(180, 180), QSizeF(220, 180)};
        for (const QSize size : {QSize(900, 200), QSize(200, 900), QSize(700, 500), QSize(0, 0)}) {
            const auto panes = arrangePanes(QRect({0, 30}, size), content, 2);
            for (std::size_t i = 0; i < 3; ++i)
                for (std::size_t j = i + 1; j < 3; ++j)
                    QVERIFY(!panes[i].intersects(panes[j]));
        }
        const auto wide = arrangePanes({0, 0, 900, 200}, content, 2);
        QVERIFY(wide[0].top() == wide[1].top() && wide[1].top() == wide[2].top());
        const auto tall = arrangePanes({0, 0, 200, 900}, content, 2);
        QVERIFY(tall[0].left() == tall[1].left() && tall[1].left() == tall[2].left());
    }

    void aFourthPaneIsNeverAStrip() {
        for (const auto& content :
             {std::array<QSizeF, 3>{QSizeF(250, 250), QSizeF(250, 10), QSizeF(250, 10)},
              std::array<QSizeF, 3>{QSizeF(250, 250), QSizeF(250, 250), QSizeF(9, 250)}}) {
            const auto panes = arrangeFour({0, 0, 600, 480}, content, 2);
            QVERIFY(panes[3].height() >= 155 && panes[3].width() >= 195);
            for (std::size_t i = 0; i < 4; ++i)
                for (std::size_t j = i + 1; j < 4; ++j)
                    QVERIFY(!panes[i].intersects(panes[j]));
        }
    }
};

QTEST_GUILESS_MAIN(plainMathTest)
#include "plainMathTest.moc"
