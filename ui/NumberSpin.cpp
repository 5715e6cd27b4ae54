// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/NumberSpin.h"

#include <QLineEdit>
#include <QWheelEvent>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace denoscope {

namespace {

bool isPowerOfTwo(double value) {
    int exponent = 0;
    return value > 0 && std::frexp(value, &exponent) == 0.5;
}

// The neighbour of `value` in ... 0.1, 0.2, 0.5, 1, 2, 5, 10 ...
double roundNeighbour(double value, bool up) {
    const double magnitude = std::pow(10, std::floor(std::log10(value)));
    constexpr double tolerance = 1e-9;
    if (up) {
        for (const double digit : {1.0, 2.0, 5.0, 10.0})
            if (digit * magnitude > value * (1 + tolerance))
                return digit * magnitude;
        return 20 * magnitude;
    }
    for (const double digit : {5.0, 2.0, 1.0})
        if (digit * magnitude < value * (1 - tolerance))
            return digit * magnitude;
    return magnitude / 2;
}

double stepOnce(const Setting& setting, double value, bool up) {
    const bool whole = setting.kind == SettingKind::Integer;
    if (setting.scale == Scale::Logarithmic && value > 0) {
        if (whole && isPowerOfTwo(value))
            return up ? value * 2 : std::max(1.0, std::floor(value / 2));
        const double next = roundNeighbour(value, up);
        return whole ? std::max(1.0, std::round(next)) : next;
    }
    if (whole)
        return value + (up ? 1 : -1);
    const double step = value == 0 ? std::min(0.1, (setting.max - setting.min) / 100)
                                   : std::pow(10, std::floor(std::log10(std::abs(value)) - 1e-9) - 1);
    // Back on the grid of the step, so that 0.1 + 0.01 + ... stays readable.
    return std::round((value + (up ? step : -step)) / step) * step;
}

std::optional<double> numberIn(const QString& text) {
    const std::string bytes = text.trimmed().toStdString();
    double value = 0;
    const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), value);
    if (error != std::errc{} || end != bytes.data() + bytes.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

}  // namespace

double steppedValue(const Setting& setting, double value, int steps) {
    for (int i = 0; i < std::abs(steps); ++i)
        value = stepOnce(setting, value, steps > 0);
    return std::clamp(value, setting.min, setting.max);
}

NumberSpin::NumberSpin(const Setting& setting, QWidget* parent)
    : QAbstractSpinBox(parent), m_setting(setting) {
    setFocusPolicy(Qt::StrongFocus);
    setAccelerated(true);
    setKeyboardTracking(true);
    connect(lineEdit(), &QLineEdit::textEdited, this, &NumberSpin::edited);
    connect(this, &QAbstractSpinBox::editingFinished, this, &NumberSpin::committed);
}

void NumberSpin::setText(const QString& text) {
    if (lineEdit()->text() == text)
        return;
    lineEdit()->setText(text);
    lineEdit()->setCursorPosition(0);  // a long number shows its leading digits
}

void NumberSpin::stepBy(int steps) {
    const double value = numberIn(lineEdit()->text()).value_or(m_setting.min);
    const double next = steppedValue(m_setting, value, steps);
    if (m_setting.kind == SettingKind::Integer)
        setText(QString::number(static_cast<qlonglong>(next)));
    else
        setText(QString::number(next, 'g', 10));
    selectAll();
    Q_EMIT edited();
    Q_EMIT committed();
}

QSize NumberSpin::minimumSizeHint() const {
    constexpr int beyondText = 40;  // arrows and padding
    return {fontMetrics().horizontalAdvance("00000") + beyondText,
            QAbstractSpinBox::minimumSizeHint().height()};
}

QAbstractSpinBox::StepEnabled NumberSpin::stepEnabled() const {
    const std::optional<double> value = numberIn(lineEdit()->text());
    StepEnabled steps = StepNone;
    if (!value || *value < m_setting.max)
        steps |= StepUpEnabled;
    if (!value || *value > m_setting.min)
        steps |= StepDownEnabled;
    return steps;
}

void NumberSpin::wheelEvent(QWheelEvent* event) {
    if (hasFocus())
        QAbstractSpinBox::wheelEvent(event);
    else
        event->ignore();
}

}  // namespace denoscope
