// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractSpinBox>

#include "engine/api/Settings.h"

namespace denoscope {

// The next "round" value: whole numbers go by one or, on a logarithmic scale, by doubling (powers of two) or
// through 1, 2, 5, 10; real ones by a tenth of their magnitude or through 1, 2, 5, 10. Stays in the range.
double steppedValue(const Setting& setting, double value, int steps);

// A number as text, always with a point and never with digit groups. What is typed is kept as it is, right or
// wrong: saying what is wrong is the form's part, bending it into the range would hide it.
class NumberSpin : public QAbstractSpinBox {
    Q_OBJECT

public:
    explicit NumberSpin(const Setting& setting, QWidget* parent = nullptr);

    void setText(const QString& text);
    void stepBy(int steps) override;
    QSize minimumSizeHint() const override;  // room for five digits: forms stand in narrow docks

Q_SIGNALS:
    void edited();     // at every key stroke and step
    void committed();  // Enter, focus gone, or a step

protected:
    StepEnabled stepEnabled() const override;
    QValidator::State validate(QString&, int&) const override { return QValidator::Acceptable; }
    void wheelEvent(QWheelEvent* event) override;  // only with the focus: scrolling a form must not change it

private:
    const Setting& m_setting;
};

}  // namespace denoscope
