// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/EmaSnapshots.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>

#include "engine/api/Error.h"
#include "engine/train/PowerEma.h"

namespace denoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view beforeStep = "step-", beforeWidth = "-width-", ending = ".safetensors";

std::string nameOf(const PowerProfile& profile) {
    return fmt::format("{}{:08}{}{}{}", beforeStep, profile.step, beforeWidth, profile.sigmaRel, ending);
}

// Nothing for other files, such as one that was being written when the power went.
std::optional<PowerProfile> profileIn(const std::string& name) {
    if (!name.starts_with(beforeStep) || !name.ends_with(ending))
        return std::nullopt;
    PowerProfile profile;
    const char* end = name.data() + name.size() - ending.size();
    const auto step = std::from_chars(name.data() + beforeStep.size(), end, profile.step);
    if (step.ec != std::errc() || !std::string_view(step.ptr, end).starts_with(beforeWidth))
        return std::nullopt;
    const auto width = std::from_chars(step.ptr + beforeWidth.size(), end, profile.sigmaRel);
    if (width.ec != std::errc() || width.ptr != end || profile.step < 1)
        return std::nullopt;
    return profile;
}

void removeFile(const fs::path& path) {
    std::error_code reason;
    fs::remove(path, reason);
    if (reason)
        throw EngineError(fmt::format("cannot be deleted: {}", reason.message()), path.string(),
                          "check your rights to it");
}

}  // namespace

std::vector<EmaSnapshots::Entry> EmaSnapshots::upTo(std::int64_t step) const {
    std::vector<Entry> entries;
    std::error_code reason;
    for (fs::directory_iterator entry(m_folder, reason), end; !reason && entry != end;
         entry.increment(reason))
        if (const auto profile = profileIn(entry->path().filename().string());
            profile && profile->step <= step)
            entries.push_back({*profile, entry->path()});
    if (reason && reason != std::errc::no_such_file_or_directory)
        throw EngineError(fmt::format("cannot be read: {}", reason.message()), m_folder.string(),
                          "check your rights to it");
    std::ranges::sort(entries, {}, [](const Entry& entry) {
        return std::tuple(entry.profile.step, entry.profile.sigmaRel);
    });
    return entries;
}

void EmaSnapshots::save(const std::vector<Parameter>& average, const PowerProfile& profile) const {
    saveEmaSnapshot(average, profile, m_folder / nameOf(profile));
}

void EmaSnapshots::dropAfter(std::int64_t step) const {
    for (const Entry& entry : upTo(std::numeric_limits<std::int64_t>::max()))
        if (entry.profile.step > step)
            removeFile(entry.path);
}

void EmaSnapshots::thinOut(std::int64_t keep) const {
    const std::vector<Entry> entries = upTo(std::numeric_limits<std::int64_t>::max());
    std::vector<std::int64_t> steps;
    for (const Entry& entry : entries)
        if (steps.empty() || steps.back() != entry.profile.step)
            steps.push_back(entry.profile.step);
    const std::vector<std::int64_t> kept = spared(std::move(steps), keep);
    for (const Entry& entry : entries)
        if (!std::ranges::binary_search(kept, entry.profile.step))
            removeFile(entry.path);
}

std::vector<std::int64_t> spared(std::vector<std::int64_t> steps, std::int64_t keep) {
    while (std::ssize(steps) > std::max<std::int64_t>(keep, 2)) {
        // The one without which the gap is the smallest share of how long ago it began.
        const auto gapWithout = [&](std::size_t i) {
            return static_cast<double>(steps[i + 1] - steps[i - 1]) /
                   static_cast<double>(steps.back() - steps[i - 1]);
        };
        std::size_t least = 1;
        for (std::size_t i = 2; i + 1 < steps.size(); ++i)
            if (gapWithout(i) < gapWithout(least))
                least = i;
        steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(least));
    }
    return steps;
}

}  // namespace denoscope
