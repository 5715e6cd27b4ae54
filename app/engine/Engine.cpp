// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/EngineFunctions.h"
#include "engine/data/export/Film.h"
#include "engine/session/Session.h"

extern "C" [[gnu::visibility("default")]] const denoscope::EngineFunctions* denoscopeEngine() {
    static constexpr denoscope::EngineFunctions functions{DENOSCOPE_VERSION, denoscope::makeSession,
                                                          denoscope::writeItemsOrFilm, denoscope::writeFilm};
    return &functions;
}
