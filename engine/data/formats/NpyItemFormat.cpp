// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/ArrayLayout.h"
#include "engine/data/formats/Format.h"
#include "engine/data/formats/Npz.h"

namespace denoscope {
namespace {

// Every file is one item: an NPY file, or one array of an NPZ file.
class NpyItemFormat : public Format {
public:
    NpyItemFormat(const DataConfig& config, std::uint64_t limit, bool archives)
        : m_part(config.part), m_rate(config.sampleRate), m_limit(limit), m_archives(archives) {}

    std::string name() const override { return m_archives ? "NPZ" : "NPY"; }

    ItemHeader inspect(const std::filesystem::path& path) const override {
        const StoredArray array = open(path);
        const std::vector<ArrayLayout> layouts = layoutsOfItem(array.shape, path.string());
        const ArrayLayout& layout = chosen(layouts, path);
        ItemHeader header;
        header.kind = layout.kind;
        header.shape = layout.item;
        header.dtype = toText(array.type);
        if (layout.kind == DataKind::Signal)
            header.geometry.sampleRate = m_rate;
        header.windowed = !m_archives;
        if (!m_archives && layouts.size() > 1) {
            header.details.parts = partsOf(layouts);
            header.details.part = partName(layout);
        }
        return header;
    }

    Reading read(const std::filesystem::path& path, std::int64_t, const Shape& start,
                 const Shape& size) const override {
        const StoredArray array = open(path);
        const std::vector<ArrayLayout> layouts = layoutsOfItem(array.shape, path.string());
        const ArrayLayout& layout = chosen(layouts, path);
        return {readPiece(array.raw, 0, layout.item, layout.channelsLast, start, size)};
    }

private:
    // The part is an array of an archive, or a way to read a single one.
    const ArrayLayout& chosen(const std::vector<ArrayLayout>& layouts,
                              const std::filesystem::path& path) const {
        return chosenLayout(layouts, m_archives ? "" : m_part, path.string());
    }

    StoredArray open(const std::filesystem::path& path) const {
        return m_archives ? openNpz(path, m_part, m_limit) : openNpy(path, m_limit);
    }

    std::string m_part;
    double m_rate;
    std::uint64_t m_limit;
    bool m_archives;
};

}  // namespace

std::unique_ptr<Format> npyItemFormat(const DataConfig& config, std::uint64_t limit) {
    return std::make_unique<NpyItemFormat>(config, limit, false);
}

std::unique_ptr<Format> npzItemFormat(const DataConfig& config, std::uint64_t limit) {
    return std::make_unique<NpyItemFormat>(config, limit, true);
}

}  // namespace denoscope
