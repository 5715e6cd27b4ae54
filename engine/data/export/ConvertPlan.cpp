// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/ConvertPlan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>
#include <string_view>

#include "engine/api/Error.h"
#include "engine/data/export/Export.h"
#include "engine/data/formats/FileText.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

struct Ending {
    std::string_view text;
    Target target;
};
constexpr std::array endings{
    Ending{".nii", Target::Nifti}, Ending{".nii.gz", Target::Nifti}, Ending{".npy", Target::Npy},
    Ending{".png", Target::Png},   Ending{".wav", Target::Wav},      Ending{".csv", Target::Csv},
    Ending{".gif", Target::Film},  Ending{".mp4", Target::Film},     Ending{".webp", Target::Film}};

bool takes(Target target, DataKind kind) {
    const bool sound = target == Target::Wav || target == Target::Csv;
    const bool space = target == Target::Nifti || target == Target::Film;
    return kind == DataKind::Signal ? !space : !sound;
}

std::string endingsFor(DataKind kind) {
    std::string text;
    for (const Ending& ending : endings)
        if (takes(ending.target, kind))
            text += fmt::format("{}{}", text.empty() ? "" : ", ", ending.text);
    return text;
}

const Ending& endingOf(const std::string& out, DataKind kind) {
    std::error_code unknown;
    if (out.ends_with('/') || fs::is_directory(out, unknown))
        throw EngineError("is a folder, which says nothing about the format", out,
                          "name the files in it, for example " + (fs::path(out) / "*.npy").string());
    const std::string name = lowered(out);
    const auto found =
        std::ranges::find_if(endings, [&](const Ending& ending) { return name.ends_with(ending.text); });
    if (found == endings.end() || !takes(found->target, kind))
        throw EngineError(found == endings.end() ? std::string("the ending says nothing about the format")
                                                 : fmt::format("cannot hold {}s", toText(kind)),
                          out, "let it end in one of " + endingsFor(kind));
    return *found;
}

// Whether everything goes into one file.
bool takesAll(Target target, const DataFacts& facts) {
    if (facts.mixedShapes)
        return false;
    if (target == Target::Film)
        return facts.kind == DataKind::Image || isSeries(facts);
    return target == Target::Npy || (target == Target::Nifti && isSeries(facts));
}

// For the * in `out`, or before the ending.
std::string numbered(const std::string& out, std::string_view ending, std::int64_t index,
                     std::int64_t count) {
    const std::size_t digits = std::max<std::size_t>(3, std::to_string(count - 1).size());
    const std::string number = fmt::format("{:0{}}", index, digits);
    if (const std::size_t star = out.rfind('*'); star != std::string::npos)
        return out.substr(0, star) + number + out.substr(star + 1);
    const std::size_t stem = out.size() - ending.size();
    return fmt::format("{}-{}{}", out.substr(0, stem), number, out.substr(stem));
}

std::vector<std::int64_t> chosenItems(const DataFacts& facts, const ConvertOptions& options) {
    if (options.item) {
        if (*options.item < 0 || *options.item >= facts.count)
            throw EngineError(fmt::format("there is no item {}", *options.item), "--item",
                              fmt::format("{} has the items 0 to {}", facts.source, facts.count - 1));
        return {*options.item};
    }
    std::vector<std::int64_t> all(static_cast<std::size_t>(facts.count));
    std::iota(all.begin(), all.end(), 0);
    return all;
}

void requireFree(const std::string& path, const DataFacts& facts, bool overwrite) {
    std::error_code unknown;
    if (!fs::exists(path, unknown))
        return;
    if (fs::equivalent(path, facts.source, unknown))
        throw EngineError("is the file that is to be converted", path, "choose another name");
    if (!overwrite || !fs::is_regular_file(path, unknown))
        throw EngineError("exists already", path, "choose another name, or give --overwrite");
}

}  // namespace

bool isSeries(const DataFacts& facts) {
    const bool together =
        facts.format.ends_with(" file") || (facts.format.starts_with("DICOM") && facts.details.part != "all");
    return facts.kind == DataKind::Volume && facts.count > 1 && !facts.mixedShapes && together;
}

ConvertPlan convertPlan(const DataFacts& facts, const std::string& out, const ConvertOptions& options) {
    const Ending& ending = endingOf(out, facts.kind);
    const std::vector<std::int64_t> items = chosenItems(facts, options);
    ConvertPlan plan{ending.target, {}};
    if (items.size() == 1 || takesAll(ending.target, facts)) {
        const bool star = out.find('*') != std::string::npos;
        plan.files.push_back({star ? numbered(out, ending.text, items.front(), facts.count) : out, items});
    } else {
        for (const std::int64_t item : items)
            plan.files.push_back({numbered(out, ending.text, item, facts.count), {item}});
    }
    const bool stills = plan.target == Target::Film && facts.kind == DataKind::Image;
    if (stills && facts.mixedShapes && items.size() > 1)
        throw EngineError(fmt::format("the images differ in size ({} to {}), but those of a film may not",
                                      toText(facts.smallestShape), toText(facts.largestShape)),
                          out, "bring them to one size first, or choose .png");
    if (stills && items.size() == 1)
        throw EngineError("one picture makes no film", out, "choose .png");
    // Whoever asks for many files in a folder wants the folder as well.
    if (out.find('*') == std::string::npos)
        requireFolder(out);
    for (const ConvertFile& file : plan.files)
        requireFree(file.path, facts, options.overwrite);
    return plan;
}

}  // namespace denoscope
