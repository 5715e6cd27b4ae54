// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/api/Error.h"
#include "engine/data/formats/Recording.h"

namespace denoscope {
namespace {

using Opener = Recording (*)(const std::filesystem::path&);

class RecordingFormat : public Format {
public:
    RecordingFormat(std::string name, Opener open, std::string part)
        : m_name(std::move(name)), m_open(open), m_part(std::move(part)) {}

    std::string name() const override { return m_name; }

    ItemHeader inspect(const std::filesystem::path& path) const override {
        const Recording recording = m_open(path);
        const ChannelChoice choice = chooseChannels(recording.channels, m_part, path.string());
        ItemHeader header;
        header.kind = DataKind::Signal;
        header.windowed = true;
        header.notes = recording.notes;
        describeChannels(header, recording.channels, choice);
        header.shape = {static_cast<std::int64_t>(choice.chosen.size()), lengthOf(recording, choice)};
        const RecordedChannel& first = recording.recorded[choice.chosen.front()];
        header.dtype = typeName(recording.sources[first.source].coding);
        bool oneScale = true;
        std::uint64_t missing = 0;
        for (const std::size_t channel : choice.chosen) {
            const RecordedChannel& recorded = recording.recorded[channel];
            oneScale = oneScale && recorded.gain == first.gain && recorded.offset == first.offset;
            missing += countMissing(recording.sources[recorded.source], recorded.place);
        }
        if (oneScale) {
            header.details.slope = first.gain;
            header.details.intercept = first.offset;
        }
        if (missing > 0)
            header.notes.push_back(fmt::format("{} missing samples are bridged by straight lines.", missing));
        return header;
    }

    Reading read(const std::filesystem::path& path, std::int64_t, const Shape& start,
                 const Shape& size) const override {
        const Recording recording = m_open(path);
        const ChannelChoice choice = chooseChannels(recording.channels, m_part, path.string());
        if (start.front() + size.front() > lengthOf(recording, choice))
            throw EngineError("has changed since the data was opened", path.string(), "open the data again");
        const auto length = static_cast<std::size_t>(size.front());
        Array array{{static_cast<std::int64_t>(choice.chosen.size()), size.front()},
                    std::vector<float>(choice.chosen.size() * length)};
        for (std::size_t i = 0; i < choice.chosen.size(); ++i) {
            const RecordedChannel& recorded = recording.recorded[choice.chosen[i]];
            const std::span channel = std::span(array.values).subspan(i * length, length);
            readChannel(recording.sources[recorded.source], recorded.place,
                        static_cast<std::uint64_t>(start.front()), channel);
            fillGaps(channel);
            for (float& value : channel)  // silence where the whole piece is missing
                value = std::isnan(value) ? 0 : static_cast<float>(recorded.gain * value + recorded.offset);
        }
        return {std::move(array)};
    }

private:
    static std::int64_t lengthOf(const Recording& recording, const ChannelChoice& choice) {
        std::uint64_t length = std::numeric_limits<std::int64_t>::max();
        for (const std::size_t channel : choice.chosen) {
            const RecordedChannel& recorded = recording.recorded[channel];
            const Multiplexed& source = recording.sources[recorded.source];
            length = std::min(length, source.frames * source.samples[recorded.place]);
        }
        return static_cast<std::int64_t>(length);
    }

    std::string m_name;
    Opener m_open;
    std::string m_part;
};

}  // namespace

std::unique_ptr<Format> wfdbFormat(const DataConfig& config) {
    return std::make_unique<RecordingFormat>("WFDB", openWfdb, config.part);
}

std::unique_ptr<Format> edfFormat(const DataConfig& config) {
    return std::make_unique<RecordingFormat>(
        "EDF",
        [](const std::filesystem::path& path) {
            return openEdf(openBytes(path), fileSize(path), path.string());
        },
        config.part);
}

}  // namespace denoscope
