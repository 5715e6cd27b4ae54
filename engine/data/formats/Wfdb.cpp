// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/Recording.h"
#include "engine/data/formats/TableText.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t largestHeader = std::size_t{1} << 20;
constexpr std::uint64_t mostSignals = 4096;
constexpr std::uint64_t mostPerFrame = 1 << 16;

class Header {
public:
    Header(std::string_view text, const std::string& name) : m_lines(text), m_name(name) {}

    WfdbHeader parse() {
        std::string_view line;
        if (!m_lines.next(line))
            refuse("has no record line");
        splitCells(line, ' ', m_words);
        const std::uint64_t count = readRecordLine();
        for (std::uint64_t i = 0; i < count; ++i) {
            if (!m_lines.next(line))
                refuse(fmt::format("describes {} of {} signals", i, count));
            splitCells(line, ' ', m_words);
            readSignalLine(line);
        }
        return std::move(m_header);
    }

private:
    [[noreturn]] void refuse(const std::string& what) const {
        throw EngineError(what, m_name,
                          "check that it is a WFDB header (.hea), or download the record again");
    }
    [[noreturn]] void refuseWord(const char* what, std::string_view word) const {
        refuse(fmt::format("has '{}' for {} in line {}", shownName(word), what, m_lines.number()));
    }

    template <class Whole>
    Whole whole(std::string_view word, const char* what) const {
        const auto value = parseWhole<Whole>(word);
        if (!value)
            refuseWord(what, word);
        return *value;
    }

    // "name/segments signals rate/counter(base) frames time date"
    std::uint64_t readRecordLine() {
        if (m_words.size() < 2)
            refuse("has no number of signals in its record line");
        if (m_words[0].find('/') != std::string_view::npos)
            throw EngineError("is a record of several segments", m_name, "open the header of one segment");
        const auto count = whole<std::uint64_t>(m_words[1], "the number of signals");
        if (count == 0 || count > mostSignals)
            refuse(fmt::format("claims {} signals", count));
        if (m_words.size() > 2) {
            const std::optional<double> rate =
                parseNumber(m_words[2].substr(0, m_words[2].find_first_of("/(")));
            if (!rate || *rate <= 0)
                refuseWord("the sampling frequency", m_words[2]);
            m_header.rate = *rate;
        }
        if (m_words.size() > 3)
            m_header.frames = whole<std::uint64_t>(m_words[3], "the number of samples");
        return count;
    }

    // "file format gain resolution zero initial checksum block description"
    void readSignalLine(std::string_view line) {
        if (m_words.size() < 2)
            refuse(fmt::format("has no format in line {}", m_lines.number()));
        WfdbSignal signal;
        signal.file = m_words[0];
        readFormat(signal, m_words[1]);
        const auto number = [&](std::size_t word, const char* what) {
            return m_words.size() > word ? whole<std::int32_t>(m_words[word], what) : 0;
        };
        signal.baseline = number(4, "the ADC zero");
        signal.initial = number(5, "the initial value");
        if (m_words.size() > 2)
            readGain(signal, m_words[2]);
        if (m_words.size() > 8)
            signal.name = shownName(line.substr(static_cast<std::size_t>(m_words[8].data() - line.data())));
        m_header.signals.push_back(std::move(signal));
    }

    // "212x2:3+24": samples per frame, skew, the byte where the samples begin.
    void readFormat(WfdbSignal& signal, std::string_view word) const {
        constexpr std::array codings{
            std::pair{8, SampleCoding::Difference8},     std::pair{16, SampleCoding::Int16},
            std::pair{24, SampleCoding::Int24},          std::pair{32, SampleCoding::Int32},
            std::pair{61, SampleCoding::Int16BigEndian}, std::pair{80, SampleCoding::Offset8},
            std::pair{160, SampleCoding::Offset16},      std::pair{212, SampleCoding::Packed12},
            std::pair{310, SampleCoding::Packed10},      std::pair{311, SampleCoding::Packed10Low}};
        const std::size_t end = std::min(word.find_first_of("x:+"), word.size());
        const auto number = whole<int>(word.substr(0, end), "the format");
        const auto known =
            std::ranges::find(codings, number, [](const auto& coding) { return coding.first; });
        if (known == codings.end())
            throw EngineError(fmt::format("stores a signal in format {}, which is not read", number), m_name,
                              "convert the record to format 16 or to EDF");
        signal.coding = known->second;
        for (std::string_view rest = word.substr(end); !rest.empty();) {
            const std::size_t next = std::min(rest.find_first_of("x:+", 1), rest.size());
            const auto value = whole<std::uint64_t>(rest.substr(1, next - 1), "the format");
            if (rest.front() == 'x')
                signal.samplesPerFrame = value;
            else if (rest.front() == ':')
                signal.skewed = value != 0;
            else
                signal.offset = value;
            rest.remove_prefix(next);
        }
        if (signal.samplesPerFrame < 1 || signal.samplesPerFrame > mostPerFrame)
            refuseWord("the samples per frame", word);
    }

    // "200(1024)/mV": stored numbers per unit, the number that is 0, the unit.
    void readGain(WfdbSignal& signal, std::string_view word) const {
        const std::size_t slash = word.find('/');
        if (slash != std::string_view::npos)
            signal.unit = shownName(word.substr(slash + 1));
        word = word.substr(0, slash);
        const std::size_t open = word.find('(');
        if (open != std::string_view::npos) {
            const std::string_view inside = word.substr(open + 1, word.find(')', open) - open - 1);
            signal.baseline = whole<std::int32_t>(inside, "the baseline");
        }
        const std::optional<double> gain = parseNumber(word.substr(0, open));
        if (!gain)
            refuseWord("the gain", word);
        if (*gain != 0)  // 0: not calibrated
            signal.gain = *gain;
    }

    TableLines m_lines;
    const std::string& m_name;
    std::vector<std::string_view> m_words;
    WfdbHeader m_header;
};

fs::path fileBeside(const fs::path& header, const std::string& file) {
    const bool plain = !file.empty() && file.find_first_of("/\\") == std::string::npos && file != "." &&
                       file != ".." && file != "-" && file != "~";
    if (!plain)
        throw EngineError(
            fmt::format("names '{}' as a file of samples, which is no plain file name", shownName(file)),
            header.string(), "put the samples into the folder of the header");
    const fs::path path = header.parent_path() / file;
    if (!fs::is_regular_file(path))
        throw EngineError(
            fmt::format("names '{}' as its file of samples, which is not there", shownName(file)),
            header.string(), "put the file beside the header");
    return path;
}

// How many frames the file holds; its claim is checked.
std::uint64_t framesIn(const Multiplexed& source, std::uint64_t claimed, const fs::path& path) {
    const std::uint64_t size = fileSize(path), left = size - std::min(size, source.offset);
    const std::uint64_t frame = source.frameSamples();
    if (claimed == 0) {
        const std::uint64_t group = bytesFor(source.coding, 6);  // whole groups of every coding
        claimed = (left / group * 6 + left % group * 6 / group) / frame;
    }
    if (claimed == 0 || claimed > left * 2 / frame + 1 || bytesFor(source.coding, claimed * frame) > left)
        throw EngineError(fmt::format("has {} bytes, too few for {} samples of {} channels", size, claimed,
                                      source.samples.size()),
                          path.string(), "the file is cut short; download it again");
    return claimed;
}

}  // namespace

WfdbHeader parseWfdbHeader(std::string_view text, const std::string& name) {
    return Header(text, name).parse();
}

Recording openWfdb(const fs::path& path) {
    const WfdbHeader header = parseWfdbHeader(readFile(path, largestHeader), path.string());
    Recording recording;
    std::string file;
    for (const WfdbSignal& signal : header.signals) {
        if (signal.file != file || recording.sources.empty()) {
            file = signal.file;
            Multiplexed source;
            source.bytes = openBytes(fileBeside(path, file));
            source.offset = signal.offset;
            source.coding = signal.coding;
            source.markedMissing = signal.coding != SampleCoding::Difference8;
            recording.sources.push_back(std::move(source));
        }
        Multiplexed& source = recording.sources.back();
        if (source.coding != signal.coding)
            throw EngineError(fmt::format("mixes formats in '{}'", shownName(file)), path.string(),
                              "download the record again");
        recording.channels.push_back(
            {signal.name, signal.unit, header.rate * static_cast<double>(signal.samplesPerFrame), {}});
        recording.recorded.push_back({recording.sources.size() - 1, source.samples.size(), 1 / signal.gain,
                                      -signal.baseline / signal.gain});
        source.samples.push_back(signal.samplesPerFrame);
        source.initial.push_back(signal.initial);
    }
    for (std::size_t i = 0; i < header.signals.size(); ++i) {
        Multiplexed& source = recording.sources[recording.recorded[i].source];
        if (source.frames == 0)
            source.frames = framesIn(source, header.frames, fileBeside(path, header.signals[i].file));
    }
    nameChannels(recording.channels);
    if (std::ranges::any_of(header.signals, &WfdbSignal::skewed))
        recording.notes.emplace_back("The skews between signals that the header names are not corrected.");
    if (fs::exists(fs::path(path).replace_extension(".atr")))
        recording.notes.emplace_back("The annotations beside the record (.atr) are not read.");
    return recording;
}

}  // namespace denoscope
