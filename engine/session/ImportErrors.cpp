// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/ImportErrors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "engine/api/DownsamplePlan.h"
#include "engine/api/StrictJson.h"

namespace denoscope {
namespace {

std::string afterLastDot(const std::string& name) {
    return name.substr(name.rfind('.') + 1);  // npos + 1 is the start
}

// "dropout", "Unet.dropout"; a class alone begins with a capital and has nothing after it.
bool namesArgument(const std::string& where) {
    const bool plain = std::ranges::all_of(
        where, [](unsigned char one) { return std::isalnum(one) != 0 || one == '_' || one == '.'; });
    const bool isClass = where.find('.') == std::string::npos && where.find('_') == std::string::npos &&
                         std::isupper(static_cast<unsigned char>(where.empty() ? ' ' : where.front())) != 0;
    return plain && !where.empty() && !isClass;
}

}  // namespace

std::string optionText(const Shape& size) {
    return fmt::format("{}", fmt::join(size, "x"));
}

Error ImportErrors::translated(Error error, const std::string& option) const {
    const std::string file = m_request.file.string();
    if (error.where.starts_with(file))
        return error;
    if (error.where == "diffusion")
        error.where = "--diffusion";
    else if (afterLastDot(error.where) == "size")
        return ofSize(std::move(error));
    else if (namesArgument(error.where))
        error.where = fmt::format("{} {}", option, afterLastDot(error.where));
    else
        error.where = error.where.empty() ? file : file + ", " + error.where;
    return error;
}

// The layout of the network says which size it would take, and then which settings would change that.
Error ImportErrors::ofSize(Error error) const {
    error.where =
        m_request.size.empty() ? "--data " + m_request.data : "--shape " + optionText(m_request.size);
    error.remedy = error.remedy.substr(0, error.remedy.find(';')) + "; name it with --shape";
    return error;
}

Error ImportErrors::ofJson(const nlohmann::json::exception& error, const std::string& option) {
    return {"an argument is of the wrong type: " + reasonOf(error), option, "give it as in Python"};
}

void ImportErrors::refuse(const std::vector<Problem>& problems, const RunConfig& config) const {
    if (problems.empty())
        return;
    const auto& [key, found] = problems.front();
    Error error = found;
    const bool sizeWasNamed = !m_request.size.empty() || !m_request.data.empty();
    if (const Shape size(config.data.size); key == "data.size" && sizeWasNamed) {
        error.where = m_request.size.empty() ? "--data " + m_request.data : "--shape " + optionText(size);
        error.remedy = "the nearest that fits: --shape " + optionText(nearestDivisible(size, config.model));
    } else if (key.starts_with("data.") && !m_request.data.empty()) {
        error.where = "--data " + m_request.data;
    } else if (m_request.args.contains(afterLastDot(key))) {
        error.where = "--arg " + afterLastDot(key);
    } else {
        error.where = fmt::format("{}, {}", m_request.file.string(), key);
    }
    throw EngineError(error);
}

}  // namespace denoscope
