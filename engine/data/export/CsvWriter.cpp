// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/CsvWriter.h"

#include <fmt/format.h>

#include <iterator>

#include "engine/core/Files.h"

namespace denoscope {
namespace {

// In quotes where the text would otherwise be more than one cell.
std::string cell(const std::string& text) {
    if (text.find_first_of(",;\"\t\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char letter : text)
        quoted += letter == '"' ? "\"\"" : std::string(1, letter);
    return quoted + '"';
}

std::string headerOf(std::size_t channels, const SourceDetails& details, double rate) {
    const std::string unit = details.unit.empty() ? "" : fmt::format(" ({})", details.unit);
    std::string line = rate > 0 ? "time (s)" : "sample";
    for (std::size_t c = 0; c < channels; ++c)
        line += ',' + cell((details.channelNames.size() == channels ? details.channelNames[c]
                                                                    : fmt::format("channel {}", c + 1)) +
                           unit);
    return line + '\n';
}

}  // namespace

void writeCsv(const Item& signal, const SourceDetails& details, const std::string& path) {
    const Shape& shape = signal.array->shape;
    const auto channels = static_cast<std::size_t>(shape[0]), length = static_cast<std::size_t>(shape[1]);
    const double rate = signal.geometry.sampleRate;
    writeFileAtomically(path, [&](std::ostream& stream) {
        stream << headerOf(channels, details, rate);
        std::string line;
        for (std::size_t i = 0; i < length; ++i) {
            line.clear();
            const auto end = std::back_inserter(line);
            rate > 0 ? fmt::format_to(end, "{}", static_cast<double>(i) / rate)
                     : fmt::format_to(end, "{}", i);
            for (std::size_t c = 0; c < channels; ++c)
                fmt::format_to(end, ",{}", signal.array->values[c * length + i]);
            stream << line << '\n';
        }
    });
}

}  // namespace denoscope
