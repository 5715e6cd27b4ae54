// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/Export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/export/NiftiWriter.h"
#include "engine/data/export/NpyWriter.h"
#include "engine/data/export/PictureGrid.h"
#include "engine/data/export/WavWriter.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

void requireSameShapes(const std::vector<Item>& items, const std::string& path) {
    for (const Item& item : items)
        if (item.array->shape != items.front().array->shape)
            throw EngineError(fmt::format("items of {} and {} do not fit into one file",
                                          toText(items.front().array->shape), toText(item.array->shape)),
                              path, "write items of one size");
}

[[noreturn]] void failKind(const Item& item, const std::string& path, const std::string& wanted) {
    throw EngineError(fmt::format("an item of {} is no {}", toText(item.array->shape), wanted), path,
                      "choose .npy or .png, which take every kind");
}

void writeArray(const std::vector<Item>& items, const std::string& path) {
    requireSameShapes(items, path);
    writeNpy({std::ssize(items), [&](std::int64_t i) { return items[static_cast<std::size_t>(i)]; }, {}},
             false, path);
}

// low..high becomes -1..1.
void writeSound(const Item& item, const std::string& path, double low, double high) {
    if (item.array->shape.size() != 2)
        failKind(item, path, "signal");
    Array mapped = *item.array;
    for (float& value : mapped.values)
        value = static_cast<float>((value - low) / (high - low) * 2 - 1);
    writeWav(mapped, wavRate(item.geometry), path);
}

// "name.wav" for a single item, else "name-000.wav", "name-001.wav", ...
template <class Write>
std::vector<std::string> writeEach(const std::vector<Item>& items, const std::string& path,
                                   const std::string& ending, Write write) {
    std::vector<std::string> paths;
    const std::string stem = path.substr(0, path.size() - ending.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        paths.push_back(items.size() == 1 ? path
                                          : fmt::format("{}-{:03}{}", stem, i, path.substr(stem.size())));
        write(items[i], paths.back());
    }
    return paths;
}

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

void checkTarget(const std::string& path, DataKind kind) {
    const std::string name = lowered(path);
    const auto endsWith = [&](std::initializer_list<std::string_view> endings) {
        return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
    };
    const bool own = (kind == DataKind::Signal && endsWith({".wav"})) ||
                     (kind == DataKind::Volume && endsWith({".nii", ".nii.gz"}));
    if (!own && !endsWith({".npy", ".png"}))
        throw EngineError(
            fmt::format("cannot hold {}s", toText(kind)), path,
            fmt::format("let it end in .npy or .png{}", kind == DataKind::Signal   ? ", or .wav"
                                                        : kind == DataKind::Volume ? ", or .nii or .nii.gz"
                                                                                   : ""));
    requireFolder(path);
}

void requireFolder(const std::string& path) {
    const fs::path folder = fs::path(path).parent_path();
    std::error_code unknown;
    if (!folder.empty() && !fs::is_directory(folder, unknown))
        throw EngineError("there is no such folder", folder.string(), "make it first, or choose another");
}

std::vector<std::string> writeItems(const std::vector<Item>& items, const std::string& path, double low,
                                    double high) {
    if (items.empty())
        throw EngineError("there is nothing to write", path, "ask for at least one item");
    if (!(low < high))
        throw EngineError(fmt::format("the range {} to {} is empty", low, high), path,
                          "give a low below the high value");
    const std::string name = lowered(path);
    if (name.ends_with(".npy")) {
        writeArray(items, path);
        return {path};
    }
    if (name.ends_with(".png")) {
        requireSameShapes(items, path);
        writeFileAtomically(path, encodeGrid(items, low, high));
        return {path};
    }
    if (name.ends_with(".wav"))
        return writeEach(items, path, ".wav",
                         [&](const Item& item, const std::string& to) { writeSound(item, to, low, high); });
    for (const std::string ending : {".nii", ".nii.gz"})
        if (name.ends_with(ending))
            return writeEach(items, path, ending, [&](const Item& item, const std::string& to) {
                if (item.array->shape.size() != 4)
                    failKind(item, to, "volume");
                NiftiContent content;
                content.items.item = [&](std::int64_t) { return item; };
                content.low = low;
                content.high = high;
                writeNifti(content, to);
            });
    throw EngineError("the ending says nothing about the format", path,
                      "use .npy, .png, .wav, .nii or .nii.gz");
}

}  // namespace denoscope
