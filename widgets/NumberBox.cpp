// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/NumberBox.h"

namespace denoscope {

QDoubleSpinBox* numberBox(const QString& name) {
    auto* box = new QDoubleSpinBox;
    box->setAccessibleName(name);
    box->setLocale(QLocale::c());
    box->setDecimals(4);
    box->setRange(-1e9, 1e9);
    box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    box->setKeyboardTracking(false);
    return box;
}

}  // namespace denoscope
