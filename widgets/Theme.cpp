// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/Theme.h"

#include <QApplication>
#include <QFile>
#include <QStyle>
#include <QStyleFactory>
#include <array>
#include <utility>

// Outside the namespace, as Qt's macro needs it: a static library's resources are not found without this
// call.
static void registerThemeResources() {
    Q_INIT_RESOURCE(denoscope_theme);
}

namespace denoscope {

namespace {

const ThemeColors light{
    .window = 0xf3f4f6,
    .surface = 0xffffff,
    .raised = 0xffffff,
    .text = 0x1b1f24,
    .mutedText = 0x57606a,
    .border = 0xd0d5dc,
    .grid = 0xe4e7ec,
    .accent = 0x0b62c4,
    .accentText = 0xffffff,
    .warning = 0x8a5300,
    .error = 0xb3261e,
    .success = 0x1a6e35,
};

const ThemeColors dark{
    .window = 0x1e2025,
    .surface = 0x15171a,
    .raised = 0x2a2d34,
    .text = 0xe6e8eb,
    .mutedText = 0xa3abb6,
    .border = 0x383c45,
    .grid = 0x2b2f36,
    .accent = 0x62acff,
    .accentText = 0x06182e,
    .warning = 0xf0b849,
    .error = 0xff8a80,
    .success = 0x6fd08c,
};

constexpr std::array<QRgb, 8> seriesOnLight{0x0067b1, 0xc25100, 0x00785a, 0xb0417f,
                                            0x6d5bd0, 0x8a6d00, 0x1687a7, 0x4d5561};
constexpr std::array<QRgb, 8> seriesOnDark{0x56b4e9, 0xf29a4a, 0x2fc79a, 0xe28ec0,
                                           0xa99cf5, 0xe6cf4a, 0x7fd6e8, 0xb8c0cc};

QColor blended(const QColor& from, const QColor& to, double share) {
    const auto mix = [&](int a, int b) { return static_cast<int>(a + (b - a) * share); };
    return {mix(from.red(), to.red()), mix(from.green(), to.green()), mix(from.blue(), to.blue())};
}

QColor disabledText(const ThemeColors& colors) {
    return blended(colors.window, colors.mutedText, 0.7);
}

QString styleSheet(ThemeKind kind) {
    registerThemeResources();
    QFile file(QStringLiteral(":/denoscope/theme.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString sheet = QString::fromUtf8(file.readAll());
    const ThemeColors& c = themeColors(kind);
    // Longer words first: @accent is also the beginning of @accentText.
    const std::array<std::pair<const char*, QColor>, 18> words{{
        {"@accentHover", blended(c.accent, c.text, 0.15)},
        {"@accentSoft", blended(c.surface, c.accent, kind == ThemeKind::Dark ? 0.40 : 0.30)},
        {"@accentText", c.accentText},
        {"@accent", c.accent},
        {"@mutedText", c.mutedText},
        {"@disabled", disabledText(c)},
        {"@outline", blended(c.raised, c.text, 0.45)},
        {"@pressed", blended(c.raised, c.text, 0.18)},
        {"@hover", blended(c.raised, c.text, 0.09)},
        {"@scroll", blended(c.window, c.text, 0.28)},
        {"@window", c.window},
        {"@surface", c.surface},
        {"@raised", c.raised},
        {"@border", c.border},
        {"@focus", c.accent},
        {"@error", c.error},
        {"@text", c.text},
        {"@grid", c.grid},
    }};
    for (const auto& [word, color] : words)
        sheet.replace(QLatin1String(word), color.name());
    return sheet.replace(QLatin1String("@kind"), QLatin1String(kind == ThemeKind::Dark ? "dark" : "light"));
}

}  // namespace

const ThemeColors& themeColors(ThemeKind kind) {
    return kind == ThemeKind::Dark ? dark : light;
}

const ThemeColors& themeColors(const QPalette& palette) {
    return themeColors(themeKind(palette));
}

ThemeKind themeKind(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() < 128 ? ThemeKind::Dark : ThemeKind::Light;
}

QPalette themePalette(ThemeKind kind) {
    const ThemeColors& c = themeColors(kind);
    QPalette palette(c.raised, c.window);
    const std::array<std::pair<QPalette::ColorRole, QColor>, 16> roles{{
        {QPalette::Window, c.window},
        {QPalette::WindowText, c.text},
        {QPalette::Base, c.surface},
        {QPalette::AlternateBase, blended(c.surface, c.text, 0.04)},
        {QPalette::Text, c.text},
        {QPalette::PlaceholderText, c.mutedText},
        {QPalette::Button, c.raised},
        {QPalette::ButtonText, c.text},
        {QPalette::BrightText, c.error},
        {QPalette::Highlight, c.accent},
        {QPalette::HighlightedText, c.accentText},
        {QPalette::Link, c.accent},
        {QPalette::LinkVisited, c.accent},
        {QPalette::ToolTipBase, c.raised},
        {QPalette::ToolTipText, c.text},
        {QPalette::Mid, c.border},
    }};
    for (const auto& [role, color] : roles)
        palette.setColor(role, color);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, disabledText(c));
    return palette;
}

QColor seriesColor(const QPalette& palette, int index) {
    const auto& colors = themeKind(palette) == ThemeKind::Dark ? seriesOnDark : seriesOnLight;
    return colors[static_cast<std::size_t>(index) % colors.size()];
}

void applyTheme(QApplication& application, ThemeKind kind) {
    if (application.style()->objectName() != QLatin1String("fusion") && application.styleSheet().isEmpty())
        application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    application.setPalette(themePalette(kind));
    application.setStyleSheet(styleSheet(kind));
}

}  // namespace denoscope
