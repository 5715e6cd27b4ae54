// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/Error.h"
#include "engine/data/ArraySet.h"
#include "engine/data/formats/SignalTable.h"

namespace denoscope {

std::shared_ptr<const Dataset> openTableSet(const std::filesystem::path& path, const OpenRequest& request) {
    SignalTable table = readSignalTable(path, request.config);
    if (request.purpose == Purpose::Training && !table.gaps.empty())
        throw EngineError(
            table.gaps, path.string(),
            "fill them, bring all series to one length, or choose other columns with data.part");
    const ItemHeader& header = table.header;
    ArraySource source;
    source.path = path.string();
    source.format = header.count > 1 ? "table of signals" : "table";
    source.layout = {DataKind::Signal, header.count, header.shape, false};
    source.array =
        storedValues(std::move(table.values), {header.count, header.shape[0], header.shape[1]}, source.path);
    source.dtype = header.dtype;
    source.geometry = header.geometry;
    source.details = header.details;
    source.notes = header.notes;
    const auto set = std::make_shared<ArraySet>(std::move(source), request);
    if (!table.labels.empty())
        set->setLabels(table.labels);
    set->measureAll();
    return set;
}

}  // namespace denoscope
