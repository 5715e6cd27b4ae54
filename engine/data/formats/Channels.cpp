// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Channels.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"

namespace denoscope {
namespace {

std::string listed(const std::vector<Channel>& channels) {
    constexpr std::size_t most = 12;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, channels.size()); ++i)
        text += fmt::format("{}{} ({})", i > 0 ? ", " : "", i + 1, channels[i].name);
    return channels.size() > most ? text + ", ..." : text;
}

// "3" or "2-5", from 1 on; empty where it is neither or reaches beyond `count`.
std::vector<std::size_t> placesOf(std::string_view text, std::size_t count) {
    const std::size_t dash = text.find('-');
    const auto first = parseWhole<std::size_t>(trimmed(text.substr(0, dash)));
    const auto last =
        dash == std::string_view::npos ? first : parseWhole<std::size_t>(trimmed(text.substr(dash + 1)));
    if (!first || !last || *first < 1 || *last < *first || *last > count)
        return {};
    std::vector<std::size_t> places(*last - *first + 1);
    std::iota(places.begin(), places.end(), *first - 1);
    return places;
}

std::vector<std::size_t> askedFor(const std::vector<Channel>& channels, const std::string& part,
                                  const std::string& file) {
    const auto named = [&](std::string_view name) {
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < channels.size(); ++i)
            if (channels[i].name == name)
                places.push_back(i);
        return places;
    };
    std::vector<std::size_t> chosen = named(part);
    if (!chosen.empty())
        return chosen;
    for (const std::string_view piece : splitAt(part, ',')) {
        std::vector<std::size_t> places = named(trimmed(piece));
        if (places.empty())
            places = placesOf(trimmed(piece), channels.size());
        if (places.empty())
            throw EngineError(fmt::format("has no channel '{}'", shownName(piece)), file,
                              "set data.part to names or numbers of these: " + listed(channels));
        for (const std::size_t place : places)
            if (std::ranges::find(chosen, place) == chosen.end())
                chosen.push_back(place);
    }
    return chosen;
}

// Of the rate that most channels have; of two such rates the higher.
ChannelChoice commonest(const std::vector<Channel>& channels) {
    const bool onlySparse = std::ranges::all_of(channels, &Channel::sparse);
    std::map<double, std::size_t> counts;
    for (const Channel& channel : channels)
        if (onlySparse || !channel.sparse)
            ++counts[channel.rate];
    double rate = 0;
    for (const auto& [candidate, count] : counts)
        if (count >= counts[rate])
            rate = candidate;
    ChannelChoice choice;
    std::vector<std::string> others, sparse;
    for (std::size_t i = 0; i < channels.size(); ++i)
        if (!onlySparse && channels[i].sparse)
            sparse.push_back(channels[i].name);
        else if (channels[i].rate == rate)
            choice.chosen.push_back(i);
        else
            others.push_back(fmt::format("{} ({:g} Hz)", channels[i].name, channels[i].rate));
    if (!others.empty())
        choice.notes.push_back(fmt::format(
            "The channels have different rates; those of {:g} Hz are used. data.part chooses others: {}.",
            rate, fmt::join(others, ", ")));
    if (!sparse.empty())
        choice.notes.push_back(
            fmt::format("Channels without a value in most rows are left out; data.part chooses them: {}.",
                        fmt::join(sparse, ", ")));
    return choice;
}

}  // namespace

void nameChannels(std::vector<Channel>& channels) {
    std::set<std::string> taken;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const std::string plain =
            channels[i].name.empty() ? fmt::format("channel {}", i + 1) : channels[i].name;
        channels[i].name = plain;
        for (int n = 2; !taken.insert(channels[i].name).second; ++n)
            channels[i].name = fmt::format("{} ({})", plain, n);
    }
}

ChannelChoice chooseChannels(const std::vector<Channel>& channels, const std::string& part,
                             const std::string& file) {
    ChannelChoice choice;
    if (part.empty())
        choice = commonest(channels);
    else
        choice.chosen = askedFor(channels, part, file);
    for (const std::size_t place : choice.chosen)
        if (channels[place].rate != channels[choice.chosen.front()].rate)
            throw EngineError(
                fmt::format("has {} at {:g} Hz and {} at {:g} Hz", channels[choice.chosen.front()].name,
                            channels[choice.chosen.front()].rate, channels[place].name, channels[place].rate),
                file, "choose channels of one rate with data.part");
    if (choice.chosen.size() > mostChannels)
        throw EngineError(fmt::format("has {} channels; {} are allowed", choice.chosen.size(), mostChannels),
                          file, "choose some of them with data.part, e.g. 1-16");
    return choice;
}

void describeChannels(ItemHeader& header, const std::vector<Channel>& channels, const ChannelChoice& choice) {
    SourceDetails& details = header.details;
    const Channel& first = channels[choice.chosen.front()];
    header.geometry.sampleRate = first.rate;
    details.unit = first.unit;
    for (const std::size_t place : choice.chosen) {
        details.channelNames.push_back(channels[place].name);
        details.part += (details.part.empty() ? "" : ",") + channels[place].name;
        if (channels[place].unit != first.unit)
            details.unit.clear();
    }
    for (std::size_t i = 0; channels.size() > 1 && i < channels.size(); ++i) {
        std::string about = fmt::format("channel {}", i + 1);
        for (const std::string& more :
             {channels[i].unit,
              channels[i].rate > 0 ? fmt::format("{:g} Hz", channels[i].rate) : std::string(),
              channels[i].remark})
            about += more.empty() ? "" : ", " + more;
        details.parts.push_back({channels[i].name, about});
    }
    header.notes.insert(header.notes.end(), choice.notes.begin(), choice.notes.end());
}

std::size_t fillGaps(std::span<float> values) {
    std::size_t filled = 0;
    for (std::size_t i = 0; i < values.size();) {
        if (!std::isnan(values[i])) {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < values.size() && std::isnan(values[end]))
            ++end;
        if (i == 0 && end == values.size())
            return filled;
        const float before = i > 0 ? values[i - 1] : values[end];
        const float after = end < values.size() ? values[end] : before;
        const auto steps = static_cast<float>(end - i + 1);
        for (std::size_t k = i; k < end; ++k)
            values[k] = before + (after - before) * static_cast<float>(k - i + 1) / steps;
        filled += end - i;
        i = end;
    }
    return filled;
}

}  // namespace denoscope
