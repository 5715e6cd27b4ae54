// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/FactsText.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <span>

#include "engine/api/FiniteValues.h"
#include "engine/api/Orientation.h"
#include "engine/api/ShortDecimal.h"

namespace denoscope {
namespace {

// Integers with all their digits; the largest of 32 bits, which are rounded up in floating point, as they
// are.
std::string extremeText(double value, const DataFacts& facts) {
    const bool asStored = facts.details.slope == 1 && facts.details.intercept == 0;
    if (asStored && facts.dtype == "uint32")
        value = std::min<double>(value, std::numeric_limits<std::uint32_t>::max());
    if (asStored && facts.dtype == "int32")
        value = std::min<double>(value, std::numeric_limits<std::int32_t>::max());
    return asStored && value == std::trunc(value) && std::abs(value) < 1e15 ? fmt::format("{:.15g}", value)
                                                                            : fmt::format("{:.6g}", value);
}

// "0.01 x stored - 4"
std::string scalingText(double slope, double intercept) {
    const std::string scaled = slope == 1 ? "stored" : fmt::format("{} x stored", shortDecimal(slope));
    return intercept == 0 ? scaled
                          : fmt::format("{} {} {}", scaled, intercept < 0 ? '-' : '+',
                                        shortDecimal(std::abs(intercept)));
}

class Lines {
public:
    std::string taken() && { return std::move(m_text); }

    void addAll(const DataFacts& facts) {
        row("kind", toText(facts.kind));
        row("format", facts.format);
        row("count", fmt::format("{}", facts.count));
        row("shape", facts.mixedShapes
                         ? fmt::format("{} to {}", toText(facts.smallestShape), toText(facts.largestShape))
                         : toText(facts.shape));
        row("channels", fmt::format("{}", facts.channels()));
        row("dtype", facts.dtype);
        addGeometry(facts);
        addDetails(facts.details);
        addStatistics(facts);
        if (!facts.labels.empty())
            row("labels", fmt::format("{} ({})", facts.labels.size(), fmt::join(facts.labels, ", ")));
        for (const std::string& note : facts.notes)
            row("note", note);
    }

private:
    void row(const char* name, const std::string& value) {
        fmt::format_to(std::back_inserter(m_text), "{:<12}{}\n", name, value);
    }

    void addGeometry(const DataFacts& facts) {
        const Geometry& geometry = facts.geometry;
        if (facts.kind == DataKind::Signal)
            return row("rate", geometry.sampleRate > 0
                                   ? fmt::format("{} Hz", shortDecimal(geometry.sampleRate))
                                   : "unknown");
        const std::span spacing(geometry.spacing.data(), facts.kind == DataKind::Volume ? 3 : 2);
        if (facts.kind == DataKind::Volume || geometry != Geometry{})
            row("spacing", fmt::format("{:.6g} mm", fmt::join(spacing, " x ")));
        if (facts.kind != DataKind::Volume && !liesInPatient(geometry))
            return;
        row("orientation", orientationLetters(geometry));
        for (std::size_t i = 0; i < 3; ++i)
            row(i == 0 ? "affine" : "", fmt::format("{:>10.4f} {:>10.4f} {:>10.4f} {:>10.4f}",
                                                    geometry.affine[i * 4], geometry.affine[i * 4 + 1],
                                                    geometry.affine[i * 4 + 2], geometry.affine[i * 4 + 3]));
    }

    void addDetails(const SourceDetails& details) {
        if (details.slope != 1 || details.intercept != 0)
            row("scaling", scalingText(details.slope, details.intercept));
        if (details.timeStep > 0)
            row("time step", fmt::format("{} s", shortDecimal(details.timeStep)));
        if (!details.unit.empty())
            row("unit", details.unit);
        if (!details.channelNames.empty())
            row("names", fmt::format("{}", fmt::join(details.channelNames, ", ")));
        for (const ValueWindow& window : details.windows)
            row("window", fmt::format("{}: {} to {}", window.name, shortDecimal(window.low),
                                      shortDecimal(window.high)));
        for (const SourcePart& part : details.parts)
            row(part.name == details.part ? "part in use" : "part",
                fmt::format("{}: {}", part.name, part.description));
    }

    void addStatistics(const DataFacts& facts) {
        const char* sampled = facts.statisticsSampled ? " (of a sample of the values)" : "";
        if (hasFiniteValues(facts)) {
            row("min", extremeText(facts.min, facts) + sampled);
            row("max", extremeText(facts.max, facts) + sampled);
            row("mean", fmt::format("{:.6g}{}", facts.mean, sampled));
            row("deviation", fmt::format("{:.6g}{}", facts.standardDeviation, sampled));
        } else {
            row("values", fmt::format("none is finite{}", sampled));
        }
        if (facts.notFinite > 0)
            row("not finite", fmt::format("{}{}", facts.notFinite, sampled));
    }

    std::string m_text;
};

}  // namespace

std::string factsText(const DataFacts& facts) {
    Lines lines;
    lines.addAll(facts);
    return std::move(lines).taken();
}

}  // namespace denoscope
