// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>

namespace denoscope {

// A box for a number that is taken over when it is complete, with a point in every locale, as numbers have
// everywhere in the program. At first for any value, to four decimals.
QDoubleSpinBox* numberBox(const QString& name);

}  // namespace denoscope
