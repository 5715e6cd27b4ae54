// SPDX-License-Identifier: GPL-3.0-or-later
// Colours must be readable in both themes, and views must follow a change of theme.
#include <QApplication>
#include <QTest>
#include <cmath>

#include "widgets/Icons.h"
#include "widgets/ImageGrid.h"
#include "widgets/Theme.h"

using namespace denoscope;

namespace {

// WCAG 2.1, relative luminance and contrast ratio.
double luminance(const QColor& color) {
    const auto linear = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

}  // namespace

class themeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textIsReadable() {
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            const ThemeColors& c = themeColors(kind);
            for (const QColor& background : {c.window, c.surface, c.raised}) {
                QVERIFY(contrast(c.text, background) >= 7);
                QVERIFY(contrast(c.mutedText, background) >= 4.5);
            }
            for (const QColor& text : {c.warning, c.error, c.success})
                QVERIFY(contrast(text, c.surface) >= 4.5);
            QVERIFY(contrast(c.accentText, c.accent) >= 4.5);
            QVERIFY(contrast(c.accent, c.window) >= 3);  // focus rings
            for (int series = 0; series < 8; ++series)
                QVERIFY(contrast(seriesColor(themePalette(kind), series), c.surface) >= 3);
        }
    }

    void everyWordOfTheStyleSheetIsReplaced() {
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            applyTheme(*qApp, kind);
            QVERIFY(!qApp->styleSheet().isEmpty());
            QVERIFY2(!qApp->styleSheet().section(QStringLiteral("*/"), 1).contains(u'@'), "unknown word");
            QCOMPARE(themeKind(qApp->palette()), kind);
        }
    }

    void viewsFollowAChangeOfTheme() {
        ImageGrid grid;
        grid.resize(200, 100);
        grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&grid));
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark, ThemeKind::Light}) {
            applyTheme(*qApp, kind);
            QCoreApplication::processEvents();
            QCOMPARE(grid.viewport()->grab().toImage().pixelColor(3, 97), themeColors(kind).surface);
        }
    }

    void everyIconDrawsSomething() {
        for (const Glyph glyph : {Glyph::Play, Glyph::Pause, Glyph::Stop, Glyph::StepBack, Glyph::StepForward,
                                  Glyph::First, Glyph::Last, Glyph::Fit, Glyph::Record}) {
            const QImage image = glyphIcon(glyph).pixmap(QSize(16, 16)).toImage();
            int inked = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    inked += qAlpha(image.pixel(x, y)) > 128;
            QVERIFY(inked > 20);
            QVERIFY(inked < image.width() * image.height() / 2);
        }
    }
};

QTEST_MAIN(themeTest)
#include "themeTest.moc"
