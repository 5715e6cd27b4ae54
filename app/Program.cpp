// SPDX-License-Identifier: GPL-3.0-or-later
// main() of every program: prepares the environment, then loads what reads it. Qt does, too: its own
// libraries bring libgomp.
#include "app/Program.h"

#include <cstdio>

#include "app/Module.h"
#include "engine/api/Error.h"
#include "engine/core/Startup.h"

int main(int argc, char** argv) {
    denoscope::provideMathEnvironment();
    try {
        void* symbol = denoscope::symbolOf(DENOSCOPE_PROGRAM ".so", "denoscopeMain");
        return reinterpret_cast<decltype(&denoscopeMain)>(symbol)(argc, argv);
    } catch (const denoscope::EngineError& error) {
        std::fprintf(stderr, DENOSCOPE_PROGRAM ": %s\n", error.what());
        return 1;
    }
}
