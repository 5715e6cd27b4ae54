// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings of several channels with scales of their own: WFDB records, EDF and BDF files.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/formats/Channels.h"
#include "engine/data/formats/Multiplexed.h"

namespace denoscope {

struct RecordedChannel {
    std::size_t source = 0, place = 0;  // in which file, and which of its channels
    double gain = 1, offset = 0;        // real value = gain * stored + offset
};

struct Recording {
    std::vector<Channel> channels;
    std::vector<RecordedChannel> recorded;  // for each channel
    std::vector<Multiplexed> sources;
    std::vector<std::string> notes;
};

// The text of a WFDB header (.hea), without the files it names.
struct WfdbSignal {
    std::string file;
    SampleCoding coding = SampleCoding::Int16;
    std::uint64_t samplesPerFrame = 1, offset = 0;
    double gain = 200, baseline = 0;
    std::int32_t initial = 0;
    std::string unit = "mV", name;
    bool skewed = false;
};
struct WfdbHeader {
    double rate = 250;         // frames a second
    std::uint64_t frames = 0;  // 0: as many as the files hold
    std::vector<WfdbSignal> signals;
};
WfdbHeader parseWfdbHeader(std::string_view text, const std::string& name);
// Signal files must lie beside the header under plain names.
Recording openWfdb(const std::filesystem::path& header);

// `size`: of the whole file, of which `bytes` needs but the header to be there. Neither the patient's nor the
// recording's field is looked at.
Recording openEdf(ByteSourcePtr bytes, std::uint64_t size, const std::string& name);

}  // namespace denoscope
