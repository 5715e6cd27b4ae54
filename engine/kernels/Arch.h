// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/Processor.h"

// Of the objects `name`, which are of one kind and were compiled for every kind of processor: this one's.
#ifdef DENOSCOPE_LOOPS_avx512
#define DENOSCOPE_CHOOSE_LOOPS(name)                 \
    (processor() == Processor::Avx512 ? avx512::name \
     : processor() == Processor::Avx2 ? avx2::name   \
                                      : base::name)
#else
#define DENOSCOPE_CHOOSE_LOOPS(name) (base::name)
#endif
