// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/Export.h"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/export/NiftiWriter.h"
#include "engine/data/export/PictureGrid.h"

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

// NPY version 1.0; the header is padded so that the values begin at a multiple of 64 bytes.
void writeNpy(const std::vector<Item>& items, const std::string& path) {
    requireSameShapes(items, path);
    Shape shape = items.front().array->shape;
    shape.insert(shape.begin(), static_cast<std::int64_t>(items.size()));
    std::string extents;
    for (const std::int64_t extent : shape)
        extents += fmt::format("{}, ", extent);
    const char order = std::endian::native == std::endian::big ? '>' : '<';
    std::string header =
        fmt::format("{{'descr': '{}f4', 'fortran_order': False, 'shape': ({}), }}", order, extents);
    header.append(63 - (header.size() + 10) % 64, ' ').push_back('\n');
    writeFileAtomically(path, [&](std::ostream& stream) {
        const auto size = static_cast<unsigned>(header.size());
        const char start[10] = {'\x93',
                                'N',
                                'U',
                                'M',
                                'P',
                                'Y',
                                1,
                                0,
                                static_cast<char>(size & 0xff),
                                static_cast<char>(size >> 8)};
        stream.write(start, sizeof start);
        stream << header;
        for (const Item& item : items)
            stream.write(reinterpret_cast<const char*>(item.array->values.data()),
                         static_cast<std::streamsize>(item.array->values.size() * sizeof(float)));
    });
}

// What libsndfile needs to write into memory.
struct SoundBuffer {
    std::string bytes;
    std::size_t position = 0;

    static SoundBuffer& of(void* user) { return *static_cast<SoundBuffer*>(user); }
    static sf_count_t length(void* user) { return static_cast<sf_count_t>(of(user).bytes.size()); }
    static sf_count_t tell(void* user) { return static_cast<sf_count_t>(of(user).position); }
    static sf_count_t seek(sf_count_t offset, int whence, void* user) {
        const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? tell(user) : length(user);
        of(user).position = static_cast<std::size_t>(std::max<sf_count_t>(0, from + offset));
        return tell(user);
    }
    static sf_count_t read(void* target, sf_count_t count, void* user) {
        SoundBuffer& buffer = of(user);
        const std::size_t left =
            buffer.position < buffer.bytes.size() ? buffer.bytes.size() - buffer.position : 0;
        const std::size_t got = std::min(static_cast<std::size_t>(count), left);
        std::memcpy(target, buffer.bytes.data() + buffer.position, got);
        buffer.position += got;
        return static_cast<sf_count_t>(got);
    }
    static sf_count_t write(const void* source, sf_count_t count, void* user) {
        SoundBuffer& buffer = of(user);
        const auto size = static_cast<std::size_t>(count);
        buffer.bytes.resize(std::max(buffer.bytes.size(), buffer.position + size));
        std::memcpy(buffer.bytes.data() + buffer.position, source, size);
        buffer.position += size;
        return count;
    }
};

// 32-bit float, so that nothing is lost by the way values are mapped.
void writeWav(const Item& item, const std::string& path, double low, double high) {
    constexpr int usualRate = 16000;  // Hz, where the data has none
    if (item.array->shape.size() != 2)
        failKind(item, path, "signal");
    const std::int64_t channels = item.array->shape[0], length = item.array->shape[1];
    const auto map = [&](float value) { return static_cast<float>((value - low) / (high - low) * 2 - 1); };
    std::vector<float> frames(item.array->values.size());
    for (std::int64_t i = 0; i < length; ++i)
        for (std::int64_t c = 0; c < channels; ++c)
            frames[static_cast<std::size_t>(i * channels + c)] =
                map(item.array->values[static_cast<std::size_t>(c * length + i)]);
    SoundBuffer buffer;
    SF_VIRTUAL_IO io{SoundBuffer::length, SoundBuffer::seek, SoundBuffer::read, SoundBuffer::write,
                     SoundBuffer::tell};
    SF_INFO info{};
    info.samplerate =
        item.geometry.sampleRate > 0 ? static_cast<int>(std::lround(item.geometry.sampleRate)) : usualRate;
    info.channels = static_cast<int>(channels);
    info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    SNDFILE* file = sf_open_virtual(&io, SFM_WRITE, &info, &buffer);
    if (!file)
        throw EngineError(fmt::format("cannot be written as WAV: {}", sf_strerror(nullptr)), path,
                          "choose .npy instead");
    sf_writef_float(file, frames.data(), length);
    sf_close(file);
    writeFileAtomically(path, buffer.bytes);
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
        writeNpy(items, path);
        return {path};
    }
    if (name.ends_with(".png")) {
        requireSameShapes(items, path);
        writeFileAtomically(path, encodeGrid(items, low, high));
        return {path};
    }
    if (name.ends_with(".wav"))
        return writeEach(items, path, ".wav",
                         [&](const Item& item, const std::string& to) { writeWav(item, to, low, high); });
    for (const std::string ending : {".nii", ".nii.gz"})
        if (name.ends_with(ending))
            return writeEach(items, path, ending, [&](const Item& item, const std::string& to) {
                if (item.array->shape.size() != 4)
                    failKind(item, to, "volume");
                writeFileAtomically(to, encodeNifti(item, low, high, ending == ".nii.gz"));
            });
    throw EngineError("the ending says nothing about the format", path,
                      "use .npy, .png, .wav, .nii or .nii.gz");
}

}  // namespace denoscope
