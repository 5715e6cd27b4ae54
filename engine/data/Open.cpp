// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/api/Error.h"
#include "engine/data/ArraySet.h"
#include "engine/data/Dataset.h"
#include "engine/data/DicomSet.h"
#include "engine/data/FileSet.h"
#include "engine/data/Folder.h"
#include "engine/data/SliceSet.h"
#include "engine/data/demos/Demos.h"
#include "engine/data/formats/DicomElements.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

// The reader of files that hold items one by one.
std::unique_ptr<Format> formatOf(FileType type, const OpenRequest& request) {
    const DataConfig& config = request.config;
    switch (type) {
        case FileType::Sound:
            return soundFormat();
        case FileType::Image:
            return imageFormat();
        case FileType::Nifti:
            return niftiFormat();
        case FileType::Nrrd:
            return nrrdFormat();
        case FileType::MetaImage:
            return metaImageFormat();
        case FileType::Npz:
            return npzItemFormat(config, request.limit());
        case FileType::Table:
        case FileType::Text:
            return tableFormat(config);
        case FileType::Wfdb:
            return wfdbFormat(config);
        case FileType::Edf:
            return edfFormat(config);
        default:
            return npyItemFormat(config, request.limit());
    }
}

// Series, arrays, columns and readings of bare axes can be chosen; all else has no parts.
void requireParts(FileType type, const DataConfig& config) {
    constexpr std::array choosing{FileType::Dicom, FileType::Npy,  FileType::Npz, FileType::Table,
                                  FileType::Text,  FileType::Wfdb, FileType::Edf};
    if (!config.part.empty() && std::ranges::find(choosing, type) == choosing.end())
        throw EngineError(fmt::format("has no parts, so there is no '{}' to choose", config.part),
                          config.source, "leave --part (data.part) out");
}

std::shared_ptr<const Dataset> openFile(const fs::path& path, const OpenRequest& request) {
    const FileType type = isDicom(path) ? FileType::Dicom : typeOf(path);
    if (type != FileType::Unknown)
        requireParts(type, request.config);
    switch (type) {
        case FileType::Unknown:
            throw EngineError("is of a type that cannot be read", path.string(), knownTypes());
        case FileType::Dicom:
            return openDicom({path.string(), false, {{path, path.filename().string(), -1}}, {}, {}}, request);
        case FileType::Npy:
            return openNpySet(path, request);
        case FileType::Idx:
            return openIdxSet(path, request);
        case FileType::Npz:
            return openNpzSet(path, request);
        case FileType::Table:
        case FileType::Text:
            return openTableSet(path, request);
        default:
            return openFiles({path.string(), false, {{path, path.filename().string(), -1}}, {}, {}},
                             formatOf(type, request), request);
    }
}

// A folder of IDX files is MNIST's own way: one file of images, one of labels.
std::shared_ptr<const Dataset> openIdxFolder(const Folder& folder, const OpenRequest& request) {
    std::vector<fs::path> images;
    for (const LabelledFile& file : folder.list.files)
        if (file.name.find("labels") == std::string::npos)
            images.push_back(file.path);
    if (images.size() == 1)
        return openIdxSet(images.front(), request);
    throw EngineError(fmt::format("holds {} IDX files of images", images.size()), folder.list.source,
                      images.empty() ? "add the images to the labels"
                                     : "name one of them, e.g. " + images.front().string());
}

// Texts may be tables; where none is, a file's own error would speak of a README as if it were data.
std::shared_ptr<const Dataset> openTexts(FileList list, const OpenRequest& request) {
    try {
        return openFiles(std::move(list), tableFormat(request.config), request);
    } catch (const EngineError& error) {
        if (!request.config.part.empty())
            throw;  // the columns that were named may be at fault
        throw EngineError(
            "holds no data, only text: " + toText(Error{error.error().what, error.error().where, {}}),
            request.config.source, "name a folder with data files; " + knownTypes());
    }
}

std::shared_ptr<const Dataset> openPath(const OpenRequest& request) {
    const DataConfig& config = request.config;
    const fs::path path(config.source);
    std::error_code reason;
    const fs::file_status status = fs::status(path, reason);
    if (config.source.empty() || !fs::exists(status))
        throw EngineError("there is no such file or folder",
                          config.source.empty() ? "data.source" : config.source,
                          "check the path, or use demo:beats, demo:shapes or demo:heads");
    if (!fs::is_directory(status))
        return openFile(path, request);
    Folder folder = scanFolder(path);
    requireParts(folder.type, request.config);
    if (folder.type == FileType::Idx)
        return openIdxFolder(folder, request);
    if (folder.type == FileType::Dicom)
        return openDicom(std::move(folder.list), request);
    if (folder.type == FileType::Text)
        return openTexts(std::move(folder.list), request);
    std::unique_ptr<Format> format = formatOf(folder.type, request);
    return openFiles(std::move(folder.list), std::move(format), request);
}

std::shared_ptr<const Dataset> takenAs(const DataConfig& config, std::shared_ptr<const Dataset> dataset) {
    return config.as == TakeAs::Slices ? slicesOf(std::move(dataset)) : dataset;
}

}  // namespace

std::shared_ptr<const Dataset> openDataset(const DataConfig& config, Purpose purpose) {
    const OpenRequest request{config, purpose};
    if (config.source.starts_with("demo:")) {
        requireParts(FileType::Unknown, config);
        return takenAs(config, openDemo(config.source, request.limit()));
    }
    try {
        return takenAs(config, openPath(request));
    } catch (const EngineError& error) {
        if (!error.error().where.empty())
            throw;
        throw EngineError(error.error().what, config.source, error.error().remedy);
    }
}

}  // namespace denoscope
