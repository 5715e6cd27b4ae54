// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "engine/data/FileSet.h"

namespace denoscope {

enum class FileType {
    Unknown,
    Sound,
    Image,
    Nifti,
    Nrrd,
    MetaImage,
    Npy,
    Npz,
    Idx,
    Dicom,
    Wfdb,
    Edf,
    Table,
    Text  // what may be a table, but as well a note beside data of another type
};

FileType typeOf(const std::filesystem::path& path);  // by its name; without a known ending, by its content
std::string knownTypes();                            // for messages

// The files of the most frequent type below a folder, in the order of their names, with the labels that their
// folders or names give. Throws EngineError for an empty folder or one without data.
struct Folder {
    FileType type;
    FileList list;
};
Folder scanFolder(const std::filesystem::path& folder);

}  // namespace denoscope
