// SPDX-License-Identifier: GPL-3.0-or-later
// What each axis of a NRRD file is, and where its space lies in the world.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/HeaderText.h"
#include "engine/data/formats/NrrdHeader.h"

namespace denoscope {
namespace {

using Vector = std::vector<double>;  // empty = "none"

[[noreturn]] void failAxes(const std::string& name, const std::string& what) {
    throw EngineError(what, name, "correct the header, or export the file again");
}

// "(1,0,0) none (0, 1, 0)".
std::vector<Vector> vectorsIn(std::string_view text, const std::string& field, const std::string& name) {
    std::vector<Vector> vectors;
    while (!(text = trimmed(text)).empty()) {
        if (text.starts_with("none")) {
            vectors.emplace_back();
            text.remove_prefix(4);
            continue;
        }
        const std::size_t close = text.find(')');
        if (!text.starts_with('(') || close == std::string_view::npos)
            failAxes(name, fmt::format("says '{}' where its field '{}' has to hold vectors", shownName(text),
                                       field));
        std::string inside(text.substr(1, close - 1));
        std::ranges::replace(inside, ',', ' ');
        vectors.push_back(numbersIn(inside, field, name));
        text.remove_prefix(close + 1);
    }
    return vectors;
}

// The words of a per-axis field, in or without quotes; none where the field is not given.
std::vector<std::string> axisWords(const NrrdHeader& header, const std::string& key, std::size_t count,
                                   const std::string& name) {
    std::vector<std::string> found;
    for (const std::string_view word : words(header.field(key))) {
        found.push_back(lowered(word));
        std::erase(found.back(), '"');
    }
    if (!found.empty() && found.size() != count)
        failAxes(name, fmt::format("has {} entries in its field '{}' for {} axes", found.size(), key, count));
    return found;
}

double millimetres(const std::string& unit) {
    if (unit == "m")
        return 1000;
    if (unit == "cm")
        return 10;
    if (unit == "um" || unit == "micron" || unit == "microns" || unit == "\xc2\xb5m")
        return 0.001;
    return 1;
}

double seconds(const std::string& unit) {
    return unit == "ms" || unit == "msec" ? 0.001 : unit == "us" ? 0.000001 : 1;
}

// Which way the three axes of the named space run, seen from right, anterior, superior.
struct Space {
    std::size_t dimension = 0;  // 0 = nothing is said of space
    Vector3 signs{1, 1, 1};
    bool anatomical = false;
};

Space spaceOf(const NrrdHeader& header, const std::string& name) {
    std::string text = lowered(header.field("space"));
    if (text.empty()) {
        const auto dimension = words(header.field("spacedimension"));
        const auto number = dimension.empty() ? std::nullopt : parseWhole<std::size_t>(dimension.front());
        if (!dimension.empty() && (!number || *number < 1 || *number > 4))
            failAxes(name, "has an impossible dimension of space");
        return {number ? *number : header.field("spacedirections").empty() ? 0U : 3U, {1, 1, 1}, false};
    }
    Space space{3, {1, 1, 1}, true};
    const bool timed = text.ends_with("-time");
    if (timed)
        text.resize(text.size() - 5);
    if (text.size() == 4 && text.ends_with('t'))
        text.resize(3);
    if (timed || header.field("space").size() == 4)
        space.dimension = 4;
    if (text == "left-anterior-superior" || text == "las")
        space.signs = {-1, 1, 1};
    else if (text == "left-posterior-superior" || text == "lps")
        space.signs = {-1, -1, 1};
    else if (text != "right-anterior-superior" && text != "ras")
        space.anatomical = false;  // scanner-xyz, 3D-right-handed, 3D-left-handed ...
    return space;
}

bool isWithin(const std::string& kind, std::initializer_list<std::string_view> kinds) {
    return std::ranges::find(kinds, kind) != kinds.end();
}

// An axis with or without a direction in space; `kind` may be empty.
AxisRole roleOf(const std::string& kind, std::int64_t extent, bool inSpace) {
    constexpr std::int64_t mostColours = 4;
    if (inSpace)
        return AxisRole::Space;
    if (kind == "time")
        return AxisRole::Item;
    if (kind.empty() || isWithin(kind, {"list", "none", "???", "domain", "space"}))
        return extent <= mostColours ? AxisRole::Channel : AxisRole::Item;
    return AxisRole::Channel;  // colours, vectors, matrices, quaternions ...
}

// Roles where neither directions nor kinds say anything: at most three axes of space, what is more stands for
// colours in front or times at the end.
void guessRoles(std::vector<StoredAxis>& axes) {
    std::size_t first = 0, last = axes.size();
    if (last - first > 3 && axes.front().extent <= 4)
        axes[first++].role = AxisRole::Channel;
    while (last - first > 3)
        axes[--last].role = AxisRole::Item;
}

double lengthOf(const Vector& direction) {
    return direction.size() < 3 ? 0 : std::hypot(direction[0], direction[1], direction[2]);
}

void findRoles(NrrdAxes& result, const std::vector<std::string>& kinds, const std::vector<Vector>& directions,
               const std::string& name) {
    for (const std::string& kind : kinds)
        if (kind == "complex")
            throw EngineError("holds complex numbers", name,
                              "store magnitude and phase, or real and imaginary part, as two volumes");
    if (kinds.empty() && directions.empty())
        return guessRoles(result.axes);
    std::int64_t inSpace = 0;
    for (std::size_t i = 0; i < result.axes.size(); ++i) {
        const std::string kind = kinds.empty() ? "" : kinds[i];
        const bool directed =
            directions.empty() ? isWithin(kind, {"domain", "space"}) : lengthOf(directions[i]) > 0;
        const bool timed = !directions.empty() && directions[i].size() == 4 && !directed;
        result.axes[i].role =
            timed ? AxisRole::Item : roleOf(kind, result.axes[i].extent, directed && inSpace < 3);
        inSpace += result.axes[i].role == AxisRole::Space;
    }
}

// Columns of the affine and its origin, as the file states them.
struct Frame {
    std::array<Vector3, 3> columns{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    Vector3 origin{}, spacing{1, 1, 1};
};

// Of length 1 where the two are not parallel.
Vector3 normalOf(const Vector3& a, const Vector3& b) {
    const Vector3 cross{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    const double length = std::hypot(cross[0], cross[1], cross[2]);
    return length > 0 ? Vector3{cross[0] / length, cross[1] / length, cross[2] / length} : Vector3{};
}

Frame frameOf(const NrrdHeader& header, const NrrdAxes& result, const std::vector<Vector>& directions,
              std::size_t dimension, const std::string& name) {
    Frame frame;
    const std::size_t count = result.axes.size();
    const std::vector<std::string> units = axisWords(header, "units", count, name);
    std::vector<std::string> spaceUnits;
    if (dimension >= 3)
        spaceUnits = axisWords(header, "spaceunits", dimension, name);
    const std::vector<std::string> spacings = axisWords(header, "spacings", count, name);
    const auto inMillimetres = [&](const Vector& vector, std::size_t row) {
        return vector[row] * (row < spaceUnits.size() ? millimetres(spaceUnits[row]) : 1);
    };
    std::size_t column = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (result.axes[i].role != AxisRole::Space)
            continue;
        const double spacing = i < spacings.size() ? std::abs(parseNumber(spacings[i]).value_or(1)) : 1;
        frame.spacing[column] = (spacing > 0 ? spacing : 1) * (i < units.size() ? millimetres(units[i]) : 1);
        frame.columns[column] = {};
        frame.columns[column][column] = frame.spacing[column];
        if (!directions.empty())
            for (std::size_t row = 0; row < 3; ++row)
                frame.columns[column][row] = inMillimetres(directions[i], row);
        ++column;
    }
    if (column == 2 && !directions.empty())
        frame.columns[2] = normalOf(frame.columns[0], frame.columns[1]);
    if (dimension < 3)
        return frame;
    const std::vector<Vector> origin = vectorsIn(header.field("spaceorigin"), "space origin", name);
    if (!origin.empty() && (origin.size() > 1 || (!origin[0].empty() && origin[0].size() != dimension)))
        failAxes(name, "has an impossible origin of space");
    for (std::size_t row = 0; !origin.empty() && !origin[0].empty() && row < 3; ++row)
        frame.origin[row] = inMillimetres(origin[0], row);
    return frame;
}

double timeStepOf(const NrrdHeader& header, const NrrdAxes& result, const std::vector<std::string>& kinds,
                  const std::vector<Vector>& directions, const std::string& name) {
    const std::size_t count = result.axes.size();
    const std::vector<std::string> units = axisWords(header, "units", count, name);
    const std::vector<std::string> spacings = axisWords(header, "spacings", count, name);
    for (std::size_t i = 0; i < count; ++i) {
        const bool directed = !directions.empty() && directions[i].size() == 4;
        if (result.axes[i].role != AxisRole::Item || !(directed || (!kinds.empty() && kinds[i] == "time")))
            continue;
        const double step = directed              ? directions[i][3]
                            : i < spacings.size() ? parseNumber(spacings[i]).value_or(0)
                                                  : 0;
        return step > 0 ? step * seconds(i < units.size() ? units[i] : "") : 0;
    }
    return 0;
}

}  // namespace

NrrdAxes axesOf(const NrrdHeader& header, const std::string& name) {
    constexpr std::size_t mostAxes = 16;
    NrrdAxes result;
    for (const std::int64_t extent : extentsIn(header.field("sizes"), "sizes", name))
        result.axes.push_back({extent, AxisRole::Space});
    const std::size_t count = result.axes.size();
    const auto dimension = parseWhole<std::size_t>(header.field("dimension"));
    if (!dimension || *dimension != count || count == 0 || count > mostAxes)
        failAxes(name, fmt::format("gives {} sizes for {} dimensions", count,
                                   shownName(header.field("dimension"))));
    const Space space = spaceOf(header, name);
    const std::vector<std::string> kinds = axisWords(header, "kinds", count, name);
    std::vector<Vector> directions = vectorsIn(header.field("spacedirections"), "space directions", name);
    if (!directions.empty() && directions.size() != count)
        failAxes(name, fmt::format("has {} directions for {} axes", directions.size(), count));
    for (const Vector& direction : directions)
        if (!direction.empty() && direction.size() != space.dimension)
            failAxes(name, fmt::format("has a direction of {} numbers in a space of {} dimensions",
                                       direction.size(), space.dimension));
    if (!directions.empty() && space.dimension < 3) {
        result.notes.emplace_back("The directions of a space with less than three dimensions are not used.");
        directions.clear();
    }
    findRoles(result, kinds, directions, name);
    const Frame frame = frameOf(header, result, directions, space.dimension, name);
    if (!directions.empty() && !space.anatomical)
        result.notes.emplace_back(
            "The space of the file has no anatomical directions; it is taken as right, anterior, superior.");
    result.geometry =
        placed(flipped(affineOf(frame.columns, frame.origin), space.signs), frame.spacing, result.notes);
    result.coloured = std::ranges::any_of(kinds, [](const std::string& kind) {
        return isWithin(kind, {"rgb-color", "rgba-color"});
    });
    result.timeStep = timeStepOf(header, result, kinds, directions, name);
    return result;
}

}  // namespace denoscope
