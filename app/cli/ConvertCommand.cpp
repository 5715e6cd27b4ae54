// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/Commands.h"

namespace denoscope {

ExitCode convertData(const ConvertRequest& request) {
    DataConfig config;
    config.source = absoluteSource(request.in);
    config.part = request.part;
    const Converted result = convert(*openDataset(config, Purpose::Looking), request.out, request.options);
    if (request.json) {
        const nlohmann::ordered_json line{
            {"event", "converted"}, {"paths", result.paths}, {"notes", result.notes}};
        fmt::print("{}\n", line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
        return succeeded;
    }
    for (const std::string& path : result.paths)
        fmt::print("{}\n", path);
    for (const std::string& note : result.notes)
        fmt::print(stderr, "note: {}\n", note);
    return succeeded;
}

}  // namespace denoscope
