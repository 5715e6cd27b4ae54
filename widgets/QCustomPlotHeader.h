// SPDX-License-Identifier: GPL-3.0-or-later
// qcustomplot.h 2.1 uses Qt's keywords, which the whole program does without (QT_NO_KEYWORDS); here they
// exist for the length of that one header.
#pragma once

#pragma push_macro("signals")
#pragma push_macro("slots")
#pragma push_macro("foreach")
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach Q_FOREACH
#include <qcustomplot.h>
#pragma pop_macro("foreach")
#pragma pop_macro("slots")
#pragma pop_macro("signals")
