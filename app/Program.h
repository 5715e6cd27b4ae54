// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a program's module has in the place of main().
extern "C" [[gnu::visibility("default")]] int denoscopeMain(int argc, char** argv);
