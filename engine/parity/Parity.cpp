// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parity/Parity.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "engine/api/Error.h"
#include "engine/api/StrictJson.h"
#include "engine/parity/ReferenceCase.h"

namespace denoscope {
namespace {

constexpr const char* expectations = "_expect.safetensors";

Comparisons check(ReferenceCase& reference) {
    if (reference.hasMeta("checkpoint"))
        return checkCheckpoint(reference);
    if (reference.hasMeta("diffusion"))
        return reference.hasMeta("model") ? checkProcess(reference) : checkSchedules(reference);
    if (reference.hasMeta("forward_with_cond_scale_signature"))
        return checkGuidance(reference);
    if (reference.hasMeta("model"))
        return checkNetwork(reference);
    if (reference.has("in.online"))
        return checkEma(reference);
    if (!reference.startingWith("out.frechet").empty())
        return checkFrechet(reference);
    throw EngineError("the case is of no kind that is known here", reference.path().string(),
                      "networks, processes, schedules, averages, Frechet distances and checkpoints are");
}

}  // namespace

std::filesystem::path caseOf(const std::filesystem::path& path) {
    return path.extension() == ".pt" ? path.parent_path() / (path.stem().string() + expectations) : path;
}

bool looksLikeReference(const std::filesystem::path& path) {
    return path.extension() == ".safetensors" || path.extension() == ".pt";
}

std::vector<Comparison> checkReference(const std::filesystem::path& path) {
    const std::filesystem::path file = caseOf(path);
    if (file != path && !std::filesystem::exists(file))
        throw EngineError("what this checkpoint should compute is not beside it", path.string(),
                          fmt::format("put {} there", file.filename().string()));
    try {
        ReferenceCase reference(file);
        Comparisons results = check(reference);
        reference.expectEverythingTaken();
        if (results.empty())
            throw EngineError("the case expects nothing", file.string(), "");
        return results;
    } catch (const nlohmann::json::exception& error) {
        throw EngineError(fmt::format("'meta' cannot be understood: {}", reasonOf(error)), file.string(), "");
    } catch (const EngineError&) {
        throw;
    } catch (const c10::Error& error) {  // shapes that do not go together
        throw EngineError(fmt::format("the case cannot be computed: {}", error.what_without_backtrace()),
                          file.string(), "");
    } catch (const std::exception& error) {
        throw EngineError(fmt::format("the case cannot be computed: {}", error.what()), file.string(), "");
    }
}

}  // namespace denoscope
