// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/data/ArraySet.h"
#include "engine/data/Dataset.h"
#include "engine/data/Demos.h"
#include "engine/data/FileSet.h"
#include "engine/data/Folder.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

std::unique_ptr<Format> formatOf(FileType type, std::uint64_t limit) {
    switch (type) {
        case FileType::Sound:
            return soundFormat();
        case FileType::Image:
            return imageFormat();
        case FileType::Nifti:
            return niftiFormat();
        default:
            return npyItemFormat(limit);
    }
}

std::shared_ptr<const Dataset> openFile(const fs::path& path, std::uint64_t limit) {
    switch (typeOf(path)) {
        case FileType::Unknown:
            throw EngineError("is of a type that cannot be read", path.string(), knownTypes());
        case FileType::Npy:
            return openNpySet(path, limit);
        case FileType::Idx:
            return openIdxSet(path, limit);
        default:
            return openFiles({path.string(), false, {{path, path.filename().string(), -1}}, {}, {}},
                             formatOf(typeOf(path), limit), limit);
    }
}

// A folder of IDX files is MNIST's own way: one file of images, one of labels.
std::shared_ptr<const Dataset> openIdxFolder(const Folder& folder, std::uint64_t limit) {
    std::vector<fs::path> images;
    for (const LabelledFile& file : folder.list.files)
        if (file.name.find("labels") == std::string::npos)
            images.push_back(file.path);
    if (images.size() == 1)
        return openIdxSet(images.front(), limit);
    throw EngineError(fmt::format("holds {} IDX files of images", images.size()), folder.list.source,
                      images.empty() ? "add the images to the labels"
                                     : "name one of them, e.g. " + images.front().string());
}

std::shared_ptr<const Dataset> openPath(const DataConfig& config, std::uint64_t limit) {
    const fs::path path(config.source);
    std::error_code reason;
    const fs::file_status status = fs::status(path, reason);
    if (config.source.empty() || !fs::exists(status))
        throw EngineError("there is no such file or folder",
                          config.source.empty() ? "data.source" : config.source,
                          "check the path, or use demo:beats, demo:shapes or demo:heads");
    if (!fs::is_directory(status))
        return openFile(path, limit);
    Folder folder = scanFolder(path);
    if (folder.type == FileType::Idx)
        return openIdxFolder(folder, limit);
    std::unique_ptr<Format> format = formatOf(folder.type, limit);
    return openFiles(std::move(folder.list), std::move(format), limit);
}

}  // namespace

std::shared_ptr<const Dataset> openDataset(const DataConfig& config) {
    const auto limit = static_cast<std::uint64_t>(std::max<std::int64_t>(1, config.cacheMiB)) << 20;
    if (config.source.starts_with("demo:"))
        return openDemo(config.source, limit);
    try {
        return openPath(config, limit);
    } catch (const EngineError& error) {
        if (!error.error().where.empty())
            throw;
        throw EngineError(error.error().what, config.source, error.error().remedy);
    }
}

}  // namespace denoscope
