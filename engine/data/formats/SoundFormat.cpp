// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/Format.h"
#include "engine/data/formats/LibraryReason.h"

namespace denoscope {
namespace {

constexpr int mostChannels = 64;

struct SampleType {
    int format;
    const char* name;
    std::int64_t bytes;
};

const SampleType& sampleType(int format) {
    static constexpr std::array types{
        SampleType{SF_FORMAT_PCM_S8, "int8", 1},    SampleType{SF_FORMAT_PCM_U8, "uint8", 1},
        SampleType{SF_FORMAT_PCM_16, "int16", 2},   SampleType{SF_FORMAT_PCM_24, "int24", 3},
        SampleType{SF_FORMAT_PCM_32, "int32", 4},   SampleType{SF_FORMAT_FLOAT, "float32", 4},
        SampleType{SF_FORMAT_DOUBLE, "float64", 8}, SampleType{SF_FORMAT_ULAW, "u-law", 1},
        SampleType{SF_FORMAT_ALAW, "A-law", 1},     SampleType{0, "compressed", 0}};
    return *std::find_if(types.begin(), types.end() - 1, [format](const SampleType& type) {
        return type.format == (format & SF_FORMAT_SUBMASK);
    });
}

// "data : 4294967295 (should be 800)" in the log that libsndfile writes while it reads a header.
struct Claim {
    std::string_view name, claimed, found;  // found: empty where that is what was claimed
};

// Of known names and of numbers alone: other lines of the log may hold what the file says of people.
std::optional<Claim> claimIn(std::string_view line) {
    constexpr std::array<std::string_view, 7> names{"RIFF",      "data", "Bytes/sec",  "FORM",
                                                    "Data Size", "SSND", "Block Align"};
    constexpr std::string_view mark = "(should be ";
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = trimmed(line.substr(0, colon)), rest = line.substr(colon);
    if (std::ranges::find(names, name) == names.end())
        return std::nullopt;
    const auto numberFrom = [rest](std::size_t at) {
        const std::string_view text = trimmed(rest.substr(std::min(at, rest.size())));
        return text.substr(0, text.find_first_not_of("0123456789"));
    };
    const std::size_t at = rest.find(mark);
    return Claim{name, numberFrom(1), at == std::string_view::npos ? "" : numberFrom(at + mark.size())};
}

Damage damageIn(std::string_view log, const SF_INFO& info) {
    Damage damage;
    for (const std::string_view line : splitAt(log, '\n')) {
        const std::optional<Claim> claim = claimIn(trimmed(line));
        if (!claim)
            continue;
        if (!claim->found.empty())
            addDamage(damage, fmt::format("its header says \"{}: {}\" where {} is right", claim->name,
                                          claim->claimed, claim->found));
        const auto bytes = parseWhole<std::int64_t>(claim->found.empty() ? claim->claimed : claim->found);
        const std::int64_t frame = info.channels * sampleType(info.format).bytes;
        if (claim->name == "data" && bytes && frame > 0 && *bytes % frame != 0)
            addDamage(damage, "its last sample is incomplete");
    }
    return damage;
}

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

    Damage damage() const {
        std::array<char, 16384> log{};
        sf_command(m_file, SFC_GET_LOG_INFO, log.data(), static_cast<int>(log.size()));
        return damageIn(log.data(), m_info);
    }

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
        header.dtype = sampleType(info.format).name;
        header.geometry.sampleRate = info.samplerate;
        header.windowed = info.seekable != 0;
        header.damage = file.damage();
        return header;
    }

    Reading read(const std::filesystem::path& path, std::int64_t, const Shape& start,
                 const Shape& size) const override {
        return {SoundFile(path).read(start.front(), size.front())};
    }
};

}  // namespace

std::unique_ptr<Format> soundFormat() {
    return std::make_unique<SoundFormat>();
}

}  // namespace denoscope
