// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/data/formats/Channels.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/SignalTable.h"
#include "engine/data/formats/TableText.h"

namespace denoscope {
namespace {

class TimeSeries {
public:
    TimeSeries(std::string_view text, const std::string& file, const DataConfig& config)
        : m_lines(text), m_file(file), m_rate(config.sampleRate) {
        // A value and its separator take two bytes at least.
        m_most = std::min<std::size_t>(
            text.size() / 2 + 1,
            (static_cast<std::size_t>(std::max<std::int64_t>(1, config.cacheMiB)) << 20) / sizeof(float));
    }

    SignalTable read() {
        readHeader();
        std::string_view line;
        while (m_lines.next(line))
            readCase(line);
        if (m_length == 0)
            fail("holds no series", "check the file; its series stand below the line @data");
        ItemHeader& header = m_result.header;
        header.kind = DataKind::Signal;
        header.dtype = "text";
        header.count = m_count;
        header.shape = {static_cast<std::int64_t>(m_channels), static_cast<std::int64_t>(m_length)};
        header.geometry.sampleRate = m_rate;
        if (m_filled > 0)
            header.notes.push_back(fmt::format("{} missing values are bridged by straight lines.", m_filled));
        return std::move(m_result);
    }

private:
    [[noreturn]] void fail(const std::string& what, const std::string& remedy) const {
        throw EngineError(what, m_file, remedy);
    }

    void readHeader() {
        std::string_view line;
        while (m_lines.next(line)) {
            const std::string text = lowered(trimmed(line));
            if (text == "@data")
                return;
            if (!text.starts_with('@'))
                fail(fmt::format("line {} stands before @data but is no header line", m_lines.number()),
                     "check that it is a .ts file of time series");
            if (text.starts_with("@classlabel"))
                m_labelled = text.find("true") != std::string::npos;
            if (text.starts_with("@targetlabel") && text.find("true") != std::string::npos)
                fail("has numbers to predict instead of classes", "remove them, or store the series as NPY");
            if (text.starts_with("@timestamps") && text.find("true") != std::string::npos)
                fail("has a time beside every value", "store the series evenly sampled, without time stamps");
        }
        fail("has no line @data", "check that it is a .ts file of time series");
    }

    void readCase(std::string_view line) {
        std::vector<std::string_view> channels = splitAt(line, ':');
        if (m_labelled) {
            m_result.labels.push_back(shownName(channels.back()));
            channels.pop_back();
        }
        if (m_count++ == 0)
            m_channels = channels.size();
        if (channels.empty() || channels.size() != m_channels || m_channels > mostChannels)
            fail(fmt::format("line {} has {}, the first series {}; up to {} are allowed", m_lines.number(),
                             counted(channels.size(), "channel"), m_channels, mostChannels),
                 "the file is damaged; download it again");
        for (const std::string_view channel : channels)
            readChannel(channel);
    }

    void readChannel(std::string_view text) {
        const std::size_t begin = m_result.values.size();
        while (true) {
            const std::size_t end = text.find(',');
            const std::string_view cell = trimmed(text.substr(0, end));
            const std::optional<double> value = parseNumber(cell);
            if (!value && cell != "?" && lowered(cell) != "nan")
                fail(
                    fmt::format("line {} has '{}' where a number belongs", m_lines.number(), shownName(cell)),
                    "the file is damaged; download it again");
            const bool fits = value && std::abs(*value) <= std::numeric_limits<float>::max();
            m_result.values.push_back(fits ? static_cast<float>(*value)
                                           : std::numeric_limits<float>::quiet_NaN());
            if (end == std::string_view::npos)
                break;
            text.remove_prefix(end + 1);
        }
        if (m_result.values.size() > m_most)
            fail("holds more values than memory is allowed for", "raise data.cache_mib, or store it as NPY");
        const std::size_t length = m_result.values.size() - begin;
        m_length = m_length == 0 ? length : m_length;
        if (length != m_length)
            fail(fmt::format("line {} has {}, the first series {}", m_lines.number(),
                             counted(length, "value"), m_length),
                 "bring all series to one length");
        const std::span signal = std::span(m_result.values).subspan(begin);
        if (std::ranges::all_of(signal, [](float v) { return std::isnan(v); }))
            fail(fmt::format("line {} has a channel without any number", m_lines.number()),
                 "remove that series");
        m_filled += fillGaps(signal);
    }

    TableLines m_lines;
    const std::string& m_file;
    double m_rate;
    std::size_t m_most;
    bool m_labelled = false;
    std::int64_t m_count = 0;
    std::size_t m_channels = 0, m_length = 0, m_filled = 0;
    SignalTable m_result;
};

}  // namespace

SignalTable parseTimeSeries(std::string_view text, const std::string& file, const DataConfig& config) {
    return TimeSeries(text, file, config).read();
}

}  // namespace denoscope
