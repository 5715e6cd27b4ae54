// SPDX-License-Identifier: GPL-3.0-or-later
// The channels of a recording (columns of a table, signals of a WFDB record or an EDF file) and which of them
// are looked at.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/data/formats/Format.h"

namespace denoscope {

constexpr std::size_t mostChannels = 64;

struct Channel {
    std::string name, unit;
    double rate = 0;      // Hz; 0 = unknown
    std::string remark;   // more for the list of choices
    bool sparse = false;  // hardly ever has a value: taken only where asked for, or where all are so
};

struct ChannelChoice {
    std::vector<std::size_t> chosen;  // places among the channels, in the order asked for
    std::vector<std::string> notes;
};

// Makes the names distinct and not empty: the second "EEG" becomes "EEG (2)".
void nameChannels(std::vector<Channel>& channels);

// `part`: names or numbers from 1 on or ranges of these, "ecg1,ecg2" or "2-3,5"; empty: all channels of the
// commonest rate but sparse ones. Throws EngineError where there is no such channel, or where the rates of
// those asked for differ. `file` is for messages.
ChannelChoice chooseChannels(const std::vector<Channel>& channels, const std::string& part,
                             const std::string& file);

// Writes rate, names, unit (where all agree), the choices and the notes into the header.
void describeChannels(ItemHeader& header, const std::vector<Channel>& channels, const ChannelChoice& choice);

// Straight lines over the values that are missing (NaN), the nearest value at both ends; returns how many
// there were. Nothing is filled where all are missing.
std::size_t fillGaps(std::span<float> values);

}  // namespace denoscope
