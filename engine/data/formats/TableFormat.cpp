// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "engine/api/Error.h"
#include "engine/data/Pieces.h"
#include "engine/data/formats/Format.h"
#include "engine/data/formats/SignalTable.h"

namespace denoscope {
namespace {

// Tables in a folder: each is one recording.
class TableFormat : public Format {
public:
    explicit TableFormat(const DataConfig& config) : m_config(config) {}

    std::string name() const override { return "table"; }

    ItemHeader inspect(const std::filesystem::path& path) const override { return load(path).header; }

    Reading read(const std::filesystem::path& path, std::int64_t, const Shape& start,
                 const Shape& size) const override {
        SignalTable table = load(path);
        const Array whole{table.header.shape, std::move(table.values)};
        return {cutOut(whole, start, size, 0)};
    }

private:
    SignalTable load(const std::filesystem::path& path) const {
        SignalTable table = readSignalTable(path, m_config);
        if (table.header.count != 1)
            throw EngineError(fmt::format("holds {} signals", table.header.count), path.string(),
                              "open this file itself instead of its folder");
        return table;
    }

    DataConfig m_config;
};

}  // namespace

std::unique_ptr<Format> tableFormat(const DataConfig& config) {
    return std::make_unique<TableFormat>(config);
}

}  // namespace denoscope
