// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/WavWriter.h"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/formats/LibraryReason.h"

namespace denoscope {
namespace {

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

}  // namespace

int wavRate(const Geometry& geometry) {
    constexpr double most = std::numeric_limits<int>::max();
    return geometry.sampleRate > 0 ? static_cast<int>(std::clamp(std::round(geometry.sampleRate), 1.0, most))
                                   : usualRate;
}

void writeWav(const Array& signal, int rate, const std::string& path) {
    const auto channels = static_cast<std::size_t>(signal.shape[0]),
               length = static_cast<std::size_t>(signal.shape[1]);
    std::vector<float> frames(signal.values.size());
    for (std::size_t i = 0; i < length; ++i)
        for (std::size_t c = 0; c < channels; ++c)
            frames[i * channels + c] = signal.values[c * length + i];
    SoundBuffer buffer;
    SF_VIRTUAL_IO io{SoundBuffer::length, SoundBuffer::seek, SoundBuffer::read, SoundBuffer::write,
                     SoundBuffer::tell};
    SF_INFO info{};
    info.samplerate = rate;
    info.channels = static_cast<int>(channels);
    info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    SNDFILE* file = sf_open_virtual(&io, SFM_WRITE, &info, &buffer);
    if (!file)
        throw EngineError("cannot be written as WAV" + librarySays("libsndfile", sf_strerror(nullptr)), path,
                          "choose .npy instead");
    sf_writef_float(file, frames.data(), static_cast<sf_count_t>(length));
    sf_close(file);
    writeFileAtomically(path, buffer.bytes);
}

}  // namespace denoscope
