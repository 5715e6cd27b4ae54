// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/data/formats/Format.h"
#include "engine/data/formats/LibraryReason.h"

namespace denoscope {
namespace {

constexpr int mostChannels = 64;

class SoundFile {
public:
    explicit SoundFile(const std::filesystem::path& path) : m_name(path.string()) {
        m_file = sf_open(path.c_str(), SFM_READ, &m_info);
        if (!m_file)
            throw EngineError(
                "cannot be read as sound" + librarySays("libsndfile", sf_strerror(nullptr)), m_name,
                "check that it is a sound file (WAV, FLAC, AIFF, OGG), or convert it to 16-bit WAV");
    }
    ~SoundFile() { sf_close(m_file); }
    SoundFile(const SoundFile&) = delete;
    SoundFile& operator=(const SoundFile&) = delete;

    const SF_INFO& info() const { return m_info; }

    Array read(std::int64_t start, std::int64_t length) {
        if (start > 0 && sf_seek(m_file, start, SEEK_SET) != start)
            throw EngineError(fmt::format("cannot be read from sample {} on", start), m_name,
                              "convert it to WAV");
        const auto channels = static_cast<std::size_t>(m_info.channels);
        // Grown as samples arrive: a header may promise more of them than there are.
        std::vector<std::vector<float>> separate(channels);
        std::vector<float> frames(channels * 16384);
        for (std::int64_t done = 0; done < length;) {
            const sf_count_t got =
                sf_readf_float(m_file, frames.data(), std::min<sf_count_t>(16384, length - done));
            if (got <= 0)
                throw EngineError(fmt::format("ends after {} of the {} samples that its header promises",
                                              start + done, m_info.frames),
                                  m_name, "the file is cut short; copy or export it again");
            for (std::size_t i = 0; i < static_cast<std::size_t>(got) * channels; ++i)
                separate[i % channels].push_back(frames[i]);
            done += got;
        }
        Array array{{m_info.channels, length}, std::move(separate.front())};
        for (std::size_t channel = 1; channel < channels; ++channel)
            array.values.insert(array.values.end(), separate[channel].begin(), separate[channel].end());
        return array;
    }

private:
    std::string m_name;
    SF_INFO m_info{};
    SNDFILE* m_file;
};

std::string sampleType(int format) {
    switch (format & SF_FORMAT_SUBMASK) {
        case SF_FORMAT_PCM_S8:
            return "int8";
        case SF_FORMAT_PCM_U8:
            return "uint8";
        case SF_FORMAT_PCM_16:
            return "int16";
        case SF_FORMAT_PCM_24:
            return "int24";
        case SF_FORMAT_PCM_32:
            return "int32";
        case SF_FORMAT_FLOAT:
            return "float32";
        case SF_FORMAT_DOUBLE:
            return "float64";
        case SF_FORMAT_ULAW:
            return "u-law";
        case SF_FORMAT_ALAW:
            return "A-law";
        default:
            return "compressed";
    }
}

class SoundFormat : public Format {
public:
    std::string name() const override { return "sound"; }

    ItemHeader inspect(const std::filesystem::path& path) const override {
        const SoundFile file(path);
        const SF_INFO& info = file.info();
        if (info.frames <= 0 || info.channels <= 0)
            throw EngineError("holds no samples", path.string(), "remove this file or record it again");
        if (info.channels > mostChannels)
            throw EngineError(fmt::format("claims {} channels; {} are allowed", info.channels, mostChannels),
                              path.string(),
                              "the file is damaged, or its channels belong into several files");
        ItemHeader header;
        header.kind = DataKind::Signal;
        header.shape = {info.channels, info.frames};
        header.dtype = sampleType(info.format);
        header.geometry.sampleRate = info.samplerate;
        header.windowed = info.seekable != 0;
        return header;
    }

    Array read(const std::filesystem::path& path, std::int64_t, const Shape& start,
               const Shape& size) const override {
        return SoundFile(path).read(start.front(), size.front());
    }
};

}  // namespace

std::unique_ptr<Format> soundFormat() {
    return std::make_unique<SoundFormat>();
}

}  // namespace denoscope
