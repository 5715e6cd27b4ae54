// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <functional>
#include <string>
#include <vector>

#include "engine/api/Array.h"

namespace denoscope {

class Actions;
class Preferences;
class RunController;
class RunModel;

// Writes items to a file by its ending and returns the paths written; throws EngineError. Called outside the
// UI thread. Given by the application, so that the window needs no file formats.
using ItemExporter = std::function<std::vector<std::string>(
    const std::vector<Item>& items, const std::string& path, double low, double high)>;

// Writes a film of which every picture shows the items of one frame; otherwise the same.
using FilmExporter = std::function<void(const std::vector<std::vector<Item>>& frames, const std::string& path,
                                        double low, double high)>;

// What every panel is built from; all of it outlives the panels.
struct PanelContext {
    RunModel& model;
    RunController& controller;
    Actions& actions;
    Preferences& preferences;
    ItemExporter exportItems;
    FilmExporter exportFilm = {};
};

}  // namespace denoscope
