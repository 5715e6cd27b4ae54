// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/Pieces.h"
#include "engine/data/formats/ArrayLayout.h"
#include "engine/data/formats/Format.h"
#include "engine/data/formats/Npy.h"

namespace denoscope {
namespace {

class NpyItemFormat : public Format {
public:
    explicit NpyItemFormat(std::uint64_t limit) : m_limit(limit) {}

    std::string name() const override { return "NPY"; }

    ItemHeader inspect(const std::filesystem::path& path) const override {
        const StoredArray array = openNpy(path, m_limit);
        const ArrayLayout layout = layoutOfItem(array.shape, path.string());
        ItemHeader header;
        header.kind = layout.kind;
        header.shape = layout.item;
        header.dtype = toText(array.type);
        header.windowed = true;
        return header;
    }

    Array read(const std::filesystem::path& path, std::int64_t, const Shape& start,
               const Shape& size) const override {
        const StoredArray array = openNpy(path, m_limit);
        const ArrayLayout layout = layoutOfItem(array.shape, path.string());
        Array piece = readPiece(array.raw, 0, layout.item, layout.channelsLast, start, size);
        requireFinite(piece, path.string());
        return piece;
    }

private:
    std::uint64_t m_limit;
};

}  // namespace

std::unique_ptr<Format> npyItemFormat(std::uint64_t limit) {
    return std::make_unique<NpyItemFormat>(limit);
}

}  // namespace denoscope
