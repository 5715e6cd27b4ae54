// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/FactsFile.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engine/api/FiniteValues.h"
#include "engine/api/Orientation.h"
#include "engine/api/ShortDecimal.h"
#include "engine/api/StrictJson.h"

namespace denoscope {

// For nlohmann::json, which finds them by their argument; a template, so that ordered documents use them too.
template <class Json>
void to_json(Json& json, const SourcePart& part) {
    json = Json{{"name", part.name}, {"description", part.description}};
}
template <class Json>
void from_json(const Json& json, SourcePart& part) {
    json.at("name").get_to(part.name);
    json.at("description").get_to(part.description);
}
template <class Json>
void to_json(Json& json, const ValueWindow& window) {
    json = Json{{"name", window.name}, {"low", window.low}, {"high", window.high}};
}
template <class Json>
void from_json(const Json& json, ValueWindow& window) {
    json.at("name").get_to(window.name);
    json.at("low").get_to(window.low);
    json.at("high").get_to(window.high);
}

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::array kinds{DataKind::Signal, DataKind::Image, DataKind::Volume};
constexpr std::array statistics{"min",
                                "max",
                                "mean",
                                "standard_deviation",
                                "percentile_0.5",
                                "percentile_99.5"};  // null where no value is finite

// Calls visit(name, member) for every member whose JSON form is its plain value.
template <class Facts, class Visit>
void visitMembers(Facts& facts, const Visit& visit) {
    visit("source", facts.source);
    visit("format", facts.format);
    visit("count", facts.count);
    visit("shape", facts.shape);
    visit("mixed_shapes", facts.mixedShapes);
    visit("smallest_shape", facts.smallestShape);
    visit("largest_shape", facts.largestShape);
    visit("dtype", facts.dtype);
    visit("sample_rate", facts.geometry.sampleRate);
    visit("spacing", facts.geometry.spacing);
    visit("affine", facts.geometry.affine);
    visit("unit", facts.details.unit);
    visit("channel_names", facts.details.channelNames);
    visit("slope", facts.details.slope);
    visit("intercept", facts.details.intercept);
    visit("time_step", facts.details.timeStep);
    visit("windows", facts.details.windows);
    visit("parts", facts.details.parts);
    visit("part", facts.details.part);
    visit("min", facts.min);
    visit("max", facts.max);
    visit("mean", facts.mean);
    visit("standard_deviation", facts.standardDeviation);
    visit("percentile_0.5", facts.percentile005);
    visit("percentile_99.5", facts.percentile995);
    visit("window_low", facts.windowLow);
    visit("window_high", facts.windowHigh);
    visit("not_finite", facts.notFinite);
    visit("statistics_sampled", facts.statisticsSampled);
    visit("labels", facts.labels);
    visit("notes", facts.notes);
}

using Affine = decltype(Geometry::affine);

template <class Member>
constexpr bool isAffine = std::is_same_v<std::remove_cvref_t<Member>, Affine>;

std::vector<std::vector<double>> rowsOf(const Affine& affine) {
    std::vector<std::vector<double>> rows;
    for (auto row = affine.begin(); row != affine.end(); row += 4)
        rows.emplace_back(row, row + 4);
    return rows;
}

// Four rows of four, or, as older versions wrote it, all sixteen in a row.
Affine affineIn(const json& stored) {
    if (!stored.at(0).is_array())
        return stored.get<Affine>();
    const auto rows = stored.get<std::array<std::array<double, 4>, 4>>();
    Affine affine{};
    for (std::size_t i = 0; i < affine.size(); ++i)
        affine[i] = rows[i / 4][i % 4];
    return affine;
}

DataKind kindNamed(const std::string& name, const std::string& where) {
    for (const DataKind kind : kinds)
        if (name == toText(kind))
            return kind;
    throw EngineError("'" + name + "' is no kind of data", where, "it is one of signal, image, volume");
}

ordered_json jsonOf(const DataFacts& facts) {
    ordered_json root{{"kind", toText(facts.kind)}};
    visitMembers(facts, [&](const char* name, const auto& member) {
        if constexpr (isAffine<decltype(member)>) {
            root[name] = rowsOf(member);
            const bool placed = facts.kind == DataKind::Volume ||
                                (facts.kind == DataKind::Image && liesInPatient(facts.geometry));
            root["orientation"] = placed ? orientationLetters(facts.geometry) : "";
        } else {
            root[name] = member;
        }
    });
    root["channels"] = facts.channels();
    for (const char* name : statistics)
        if (!hasFiniteValues(facts))
            root[name] = nullptr;
    return root;
}

void shorten(ordered_json& node) {
    if (node.is_number_float())
        node = shortDecimal(node.get<double>());
    else if (node.is_structured())
        std::ranges::for_each(node, shorten);
}

std::string written(const ordered_json& root) {
    return root.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string formatFacts(const DataFacts& facts) {
    return written(jsonOf(facts));
}

std::string factsForReading(const DataFacts& facts) {
    ordered_json root = jsonOf(facts);
    shorten(root);
    return written(root);
}

DataFacts parseFacts(const std::string& text, const std::string& where) {
    const json root = parseStrictJson(text, where);
    DataFacts facts;
    try {
        facts.kind = kindNamed(root.at("kind").get<std::string>(), where);
        visitMembers(facts, [&](const char* name, auto& member) {
            const auto found = root.find(name);
            if (found == root.end() || found->is_null())
                return;
            if constexpr (isAffine<decltype(member)>)
                member = affineIn(*found);
            else
                member = found->template get<std::remove_reference_t<decltype(member)>>();
        });
        if (const auto mean = root.find("mean"); mean != root.end() && mean->is_null())
            facts.mean = std::numeric_limits<double>::quiet_NaN();
    } catch (const json::exception& error) {
        throw EngineError("the description of the data is damaged: " + reasonOf(error), where,
                          "restore the file from a copy");
    }
    return facts;
}

}  // namespace denoscope
