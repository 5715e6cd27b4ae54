// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays of numbers as data sets: NPY, IDX and NPZ files.
#include <fmt/format.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/data/ArraySet.h"
#include "engine/data/formats/Npz.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.rfind(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The labels of t10k-images-idx3-ubyte.gz lie in t10k-labels-idx1-ubyte.gz, or in the same without .gz.
fs::path labelsBeside(const fs::path& images) {
    const std::string name = images.filename().string();
    const std::string labels = replaced(replaced(name, "images", "labels"), "idx3", "idx1");
    for (const std::string& candidate : {labels, replaced(labels, ".gz", ""), labels + ".gz"})
        if (candidate != name && fs::is_regular_file(images.parent_path() / candidate))
            return images.parent_path() / candidate;
    return {};
}

std::shared_ptr<ArraySet> setOf(const fs::path& path, ArraySource source, const OpenRequest& request) {
    source.path = path.string();
    if (source.layout.kind == DataKind::Signal)
        source.geometry.sampleRate = request.config.sampleRate;
    return std::make_shared<ArraySet>(std::move(source), request);
}

}  // namespace

std::shared_ptr<const Dataset> openNpySet(const fs::path& path, const OpenRequest& request) {
    ArraySource source;
    source.format = "NPY array";
    source.array = openNpy(path, request.limit());
    const std::vector<ArrayLayout> layouts =
        layoutsOfSet(source.array.shape, source.array.type, path.string());
    source.layout = chosenLayout(layouts, request.config.part, path.string());
    source.notes = {noteOf(source.layout, source.array.shape, layouts.size() > 1)};
    source.details.parts = partsOf(layouts);
    if (layouts.size() > 1)
        source.details.part = partName(source.layout);
    const auto set = setOf(path, std::move(source), request);
    const fs::path labels = path.parent_path() / (path.stem().string() + "_labels.npy");
    if (fs::is_regular_file(labels))
        set->setLabels(openNpy(labels, request.limit()), labels.filename().string());
    set->measureAll();
    return set;
}

std::shared_ptr<const Dataset> openIdxSet(const fs::path& path, const OpenRequest& request) {
    ArraySource source;
    source.format = "IDX images";
    source.array = openIdx(path, request.limit());
    const Shape& shape = source.array.shape;
    if (shape.size() < 2)
        throw EngineError("holds labels, not images", path.string(), "open the images beside it");
    source.layout = layoutsOfSet(shape, source.array.type, path.string()).front();
    if (shape.size() == 3)  // always (items, height, width)
        source.layout = {DataKind::Image, shape[0], {1, shape[1], shape[2]}, false};
    source.notes = {noteOf(source.layout, shape, false)};
    const auto set = setOf(path, std::move(source), request);
    const fs::path labels = labelsBeside(path);
    if (!labels.empty())
        set->setLabels(openIdx(labels, request.limit()), labels.filename().string());
    set->measureAll();
    return set;
}

std::shared_ptr<const Dataset> openNpzSet(const fs::path& path, const OpenRequest& request) {
    NpzFile file(path);
    const auto layouts = [&](const NpzArray& array) {
        return layoutsOfSet(array.shape, array.type, path.string());
    };
    const NpzPart part = file.choose(request.config.part, layouts);
    ArraySource source;
    source.format = "NPZ array";
    source.layout = part.layout;
    source.notes = {noteOf(part.layout, part.array->shape, part.choice)};
    source.array = file.open(*part.array, request.limit());
    source.details.part = part.name;
    source.details.parts = file.parts(layouts);
    const auto set = setOf(path, std::move(source), request);
    if (const NpzArray* labels = file.labelsFor(*part.array, set->size()))
        set->setLabels(file.open(*labels, request.limit()), labels->name);
    set->measureAll();
    return set;
}

}  // namespace denoscope
