// SPDX-License-Identifier: GPL-3.0-or-later
// EDF, EDF+, BDF and BDF+. Read by ourselves: edflib keeps one table of open files for the whole program,
// which threads cannot share, and reads no piece of a file that strays from the standard by a blank.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/Recording.h"

namespace denoscope {
namespace {

constexpr std::uint64_t fixedHeader = 256, perSignal = 256;
constexpr std::uint64_t mostSignals = 4096;
constexpr std::uint64_t mostPerRecord = std::uint64_t{1} << 24;

class EdfHeader {
public:
    EdfHeader(ByteSourcePtr bytes, std::uint64_t size, const std::string& name)
        : m_bytes(std::move(bytes)), m_size(size), m_name(name) {}

    Recording open() {
        requireBytes(fixedHeader);
        m_text.assign(fixedHeader, '\0');
        m_bytes->read(0, std::as_writable_bytes(std::span(m_text)));
        const bool wide = m_text.starts_with(
            "\xff"
            "BIOSEMI");
        if (!wide && !m_text.starts_with("0       "))
            refuse("does not begin as an EDF or BDF file does");
        m_count = whole(field(252, 4), "the number of signals");
        if (m_count == 0 || m_count > mostSignals)
            refuse(fmt::format("claims {} signals", m_count));
        const std::uint64_t begin = fixedHeader + m_count * perSignal;
        requireBytes(begin);
        const double duration = number(field(244, 8), "the duration of a record");
        m_text.resize(begin);
        m_bytes->read(0, std::as_writable_bytes(std::span(m_text)));
        Multiplexed source;
        source.bytes = m_bytes;
        source.offset = begin;
        source.coding = wide ? SampleCoding::Int24 : SampleCoding::Int16;
        readSignals(source, duration);
        source.frames = recordsIn(source);
        m_recording.sources.push_back(std::move(source));
        if (field(192, 5) == "EDF+D" || field(192, 5) == "BDF+D")
            m_recording.notes.emplace_back(
                "The recording was interrupted; its pieces follow each other without the gaps.");
        return std::move(m_recording);
    }

private:
    // Never with a text out of the file: where fields are shifted it may be the patient's name.
    [[noreturn]] void refuse(const std::string& what) const {
        throw EngineError(what, m_name, "the file is damaged or no EDF file; copy or export it again");
    }
    void requireBytes(std::uint64_t count) const {
        if (m_size < count)
            refuse(fmt::format("has {} bytes, fewer than its header of {}", m_size, count));
    }

    std::string_view field(std::uint64_t offset, std::uint64_t length) const {
        return trimmed(std::string_view(m_text).substr(offset, length));
    }
    // Of signal i: the fields of all signals lie one after another, kind by kind.
    std::string_view field(std::uint64_t i, std::uint64_t before, std::uint64_t length) const {
        return field(fixedHeader + before * m_count + i * length, length);
    }

    double number(std::string_view text, const char* what) const {
        std::optional<double> value = parseNumber(text);
        if (!value)
            value = parseNumber(text, ',');  // some recorders write as their locale does
        if (!value)
            refuse(fmt::format("has no number for {}", what));
        return *value;
    }
    std::uint64_t whole(std::string_view text, const char* what) const {
        const auto value = parseWhole<std::uint64_t>(text);
        if (!value)
            refuse(fmt::format("has no number for {}", what));
        return *value;
    }

    void readSignals(Multiplexed& source, double duration) {
        bool annotated = false;
        for (std::uint64_t i = 0; i < m_count; ++i) {
            const std::uint64_t samples = whole(field(i, 216, 8), "the samples in a record");
            if (samples > mostPerRecord)
                refuse(fmt::format("claims {} samples in a record", samples));
            source.samples.push_back(samples);
            const std::string_view label = field(i, 0, 16);
            if (label == "EDF Annotations" || label == "BDF Annotations")
                annotated = true;
            else if (samples > 0)
                addChannel(i, label, duration > 0 ? static_cast<double>(samples) / duration : 0);
        }
        if (m_recording.channels.empty())
            refuse("holds no signal");
        nameChannels(m_recording.channels);
        if (annotated)
            m_recording.notes.emplace_back("Annotations are not read.");
    }

    void addChannel(std::uint64_t i, std::string_view label, double rate) {
        const double physicalLow = number(field(i, 104, 8), "a physical minimum"),
                     physicalHigh = number(field(i, 112, 8), "a physical maximum"),
                     digitalLow = number(field(i, 120, 8), "a digital minimum"),
                     digitalHigh = number(field(i, 128, 8), "a digital maximum");
        const double gain = digitalHigh > digitalLow && physicalHigh != physicalLow
                                ? (physicalHigh - physicalLow) / (digitalHigh - digitalLow)
                                : 1;
        m_recording.channels.push_back({shownName(label), shownName(field(i, 96, 8)), rate, {}});
        m_recording.recorded.push_back(
            {0, static_cast<std::size_t>(i), gain, physicalLow - gain * digitalLow});
    }

    std::uint64_t recordsIn(const Multiplexed& source) const {
        const std::uint64_t record = bytesFor(source.coding, source.frameSamples());
        const std::uint64_t given = (m_size - source.offset) / record;
        const std::string_view claim = field(236, 8);
        const std::uint64_t claimed = claim == "-1" ? given : whole(claim, "the number of records");
        if (claimed == 0 || claimed > given)
            refuse(fmt::format("promises {} records of {} bytes but holds {}", claimed, record, given));
        return claimed;
    }

    ByteSourcePtr m_bytes;
    std::uint64_t m_size, m_count = 0;
    const std::string& m_name;
    std::string m_text;
    Recording m_recording;
};

}  // namespace

Recording openEdf(ByteSourcePtr bytes, std::uint64_t size, const std::string& name) {
    return EdfHeader(std::move(bytes), size, name).open();
}

}  // namespace denoscope
