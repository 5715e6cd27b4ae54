// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/Folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "engine/api/Error.h"
#include "engine/data/formats/DicomElements.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

struct Ending {
    std::string_view text;
    FileType type;
};
constexpr std::array endings{Ending{".wav", FileType::Sound},     Ending{".flac", FileType::Sound},
                             Ending{".aif", FileType::Sound},     Ending{".aiff", FileType::Sound},
                             Ending{".aifc", FileType::Sound},    Ending{".au", FileType::Sound},
                             Ending{".w64", FileType::Sound},     Ending{".rf64", FileType::Sound},
                             Ending{".caf", FileType::Sound},     Ending{".ogg", FileType::Sound},
                             Ending{".oga", FileType::Sound},     Ending{".png", FileType::Image},
                             Ending{".jpg", FileType::Image},     Ending{".jpeg", FileType::Image},
                             Ending{".tif", FileType::Image},     Ending{".tiff", FileType::Image},
                             Ending{".bmp", FileType::Image},     Ending{".dib", FileType::Image},
                             Ending{".webp", FileType::Image},    Ending{".pgm", FileType::Image},
                             Ending{".ppm", FileType::Image},     Ending{".pnm", FileType::Image},
                             Ending{".nii", FileType::Nifti},     Ending{".nii.gz", FileType::Nifti},
                             Ending{".hdr", FileType::Nifti},     Ending{".hdr.gz", FileType::Nifti},
                             Ending{".img", FileType::Nifti},     Ending{".img.gz", FileType::Nifti},
                             Ending{".nrrd", FileType::Nrrd},     Ending{".nhdr", FileType::Nrrd},
                             Ending{".mha", FileType::MetaImage}, Ending{".mhd", FileType::MetaImage},
                             Ending{".npy", FileType::Npy},       Ending{".npz", FileType::Npz},
                             Ending{"-ubyte", FileType::Idx},     Ending{"-ubyte.gz", FileType::Idx},
                             Ending{".idx", FileType::Idx},       Ending{".idx.gz", FileType::Idx},
                             Ending{".dcm", FileType::Dicom},     Ending{".dicom", FileType::Dicom},
                             Ending{".ima", FileType::Dicom},     Ending{".hea", FileType::Wfdb},
                             Ending{".edf", FileType::Edf},       Ending{".bdf", FileType::Edf},
                             Ending{".csv", FileType::Table},     Ending{".tsv", FileType::Table},
                             Ending{".ts", FileType::Table},      Ending{".txt", FileType::Text}};

std::vector<fs::path> filesBelow(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code reason;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, reason);
    for (; !reason && entry != fs::recursive_directory_iterator(); entry.increment(reason)) {
        std::error_code unknown;  // a link that leads in circles is neither a folder nor a file
        const bool hidden = entry->path().filename().string().starts_with('.');
        if (hidden && entry->is_directory(unknown))
            entry.disable_recursion_pending();
        else if (!hidden && entry->is_regular_file(unknown))
            files.push_back(entry->path());
    }
    if (reason)
        throw EngineError("cannot be listed: " + reason.message(), folder.string(),
                          "check your rights to it");
    std::sort(files.begin(), files.end());
    return files;
}

// Of a pair of .hdr and .img the first alone stands for both.
bool isDescribedElsewhere(const fs::path& file) {
    const fs::path bare = file.extension() == ".gz" ? fs::path(file).replace_extension() : file;
    const fs::path header = fs::path(bare).replace_extension(".hdr");
    std::error_code unknown;
    return bare.extension() == ".img" &&
           (fs::exists(header, unknown) || fs::exists(header.string() + ".gz", unknown));
}

// Gives each file the place of its key among all keys, where the keys are classes.
bool labelBy(FileList& list, const std::vector<std::string>& keys, std::size_t most) {
    std::set<std::string> distinct(keys.begin(), keys.end());
    const bool some = distinct.erase("") > 0;  // files without a label
    if (distinct.size() < 2 || distinct.size() > most)
        return false;
    list.labels.assign(distinct.begin(), distinct.end());
    for (std::size_t i = 0; i < keys.size(); ++i)
        if (!keys[i].empty())
            list.files[i].label = static_cast<int>(std::distance(distinct.begin(), distinct.find(keys[i])));
    if (some)
        list.notes.emplace_back("Files outside the sub-folders have no label.");
    return true;
}

// The first part of "<label>_<speaker>_<number>.wav"; empty where a name is built otherwise.
std::string labelInName(const fs::path& file) {
    const std::string stem = file.stem().string();
    const std::size_t first = stem.find('_'), last = stem.rfind('_');
    if (first == std::string::npos || first == 0 || last <= first + 1 || last + 1 == stem.size())
        return {};
    const bool two = std::count(stem.begin(), stem.end(), '_') == 2;
    const bool number = stem.find_first_not_of("0123456789", last + 1) == std::string::npos;
    return two && number ? stem.substr(0, first) : std::string();
}

void label(FileList& list, const fs::path& folder) {
    std::vector<std::string> parents, prefixes;
    for (const LabelledFile& file : list.files) {
        parents.push_back(file.path.parent_path().lexically_relative(folder).generic_string());
        if (parents.back() == ".")
            parents.back().clear();
        prefixes.push_back(labelInName(file.path));
    }
    if (labelBy(list, parents, 10'000))
        return;
    const bool all = std::find(prefixes.begin(), prefixes.end(), "") == prefixes.end();
    if (all && labelBy(list, prefixes, 200))
        list.notes.emplace_back("The labels come from the file names, <label>_<speaker>_<number>.");
}

}  // namespace

FileType typeOf(const fs::path& path) {
    std::string name = path.filename().string();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const Ending& ending : endings)
        if (name.ends_with(ending.text))
            return ending.type;
    return mayBeDicom(path) ? FileType::Dicom : FileType::Unknown;
}

std::string knownTypes() {
    return "Denoscope reads sound (WAV, FLAC, AIFF, OGG), recordings (WFDB .hea, EDF, BDF), tables (.csv, "
           ".tsv, "
           ".txt, .ts), pictures (PNG, JPEG, TIFF, BMP, WebP, PGM, PPM), volumes (NIfTI .nii, .nii.gz, .hdr "
           "with "
           ".img, NRRD, MetaImage, DICOM) and arrays (NPY, NPZ, IDX)";
}

Folder scanFolder(const fs::path& folder) {
    const std::vector<fs::path> files = filesBelow(folder);
    if (files.empty())
        throw EngineError("the folder is empty", folder.string(),
                          "name a folder with data files; " + knownTypes());
    std::map<FileType, std::vector<fs::path>> byType;
    for (const fs::path& file : files)
        if (const FileType type = typeOf(file); type != FileType::Unknown && !isDescribedElsewhere(file))
            byType[type].push_back(file);
    if (byType.size() > 1)
        byType.erase(FileType::Text);
    if (byType.empty())
        throw EngineError(
            fmt::format("none of the {} files in the folder is of a type that can be read", files.size()),
            folder.string(), knownTypes());
    const auto most = std::max_element(byType.begin(), byType.end(), [](const auto& a, const auto& b) {
        return a.second.size() < b.second.size();
    });
    Folder result{most->first, {folder.string(), true, {}, {}, {}}};
    for (const fs::path& file : most->second)
        result.list.files.push_back({file, file.lexically_relative(folder).generic_string(), -1});
    for (const auto& [type, others] : byType)
        if (type != most->first)
            result.list.notes.push_back(
                others.size() == 1 ? fmt::format("A file of another type is not used: {}.",
                                                 others.front().filename().string())
                                   : fmt::format("{} files of another type are not used, among them {}.",
                                                 others.size(), others.front().filename().string()));
    label(result.list, folder);
    return result;
}

}  // namespace denoscope
