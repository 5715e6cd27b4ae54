// SPDX-License-Identifier: GPL-3.0-or-later
// Data sets in which every file is one item.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/data/OpenRequest.h"
#include "engine/data/formats/Format.h"

namespace denoscope {

struct LabelledFile {
    std::filesystem::path path;
    std::string name;  // as messages and views show it
    int label = -1;
};

struct FileList {
    std::string source;
    bool folder = false;
    std::vector<LabelledFile> files;
    std::vector<std::string> labels, notes;
};

// Inspects every file and looks into as many as the statistics need. Files that cannot be read, or that do
// not fit to the others, are left out and named in a note, damaged ones in another; throws EngineError when
// none is left.
std::shared_ptr<const Dataset> openFiles(FileList list, std::unique_ptr<Format> format,
                                         const OpenRequest& request);

}  // namespace denoscope
