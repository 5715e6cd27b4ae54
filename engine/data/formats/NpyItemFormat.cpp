// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/ArrayLayout.h"
#include "engine/data/formats/Format.h"
#include "engine/data/formats/Npz.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

// Every file is one item: an NPY file, or one array of an NPZ file.
class ArrayItemFormat : public Format {
public:
    explicit ArrayItemFormat(const DataConfig& config, std::uint64_t limit)
        : m_part(config.part), m_limit(limit), m_rate(config.sampleRate) {}

    ItemHeader inspect(const fs::path& path) const override {
        const Opened opened = open(path);
        ItemHeader header;
        header.kind = opened.layout.kind;
        header.shape = opened.layout.item;
        header.dtype = toText(opened.array.type);
        if (header.kind == DataKind::Signal)
            header.geometry.sampleRate = m_rate;
        header.details.parts = opened.parts;
        header.details.part = opened.part;
        header.notes = opened.array.notes;
        header.damage = opened.array.damage;
        return header;
    }

    Reading read(const fs::path& path, std::int64_t, const Shape& start, const Shape& size) const override {
        const Opened opened = open(path);
        return {readPiece(opened.array.raw, 0, opened.layout.item, opened.layout.channelsLast, start, size)};
    }

protected:
    struct Opened {
        StoredArray array;
        ArrayLayout layout;
        std::vector<SourcePart> parts;  // what could be chosen
        std::string part;
    };
    virtual Opened open(const fs::path& path) const = 0;

    std::string m_part;
    std::uint64_t m_limit;

private:
    double m_rate;
};

class NpyItemFormat : public ArrayItemFormat {
public:
    using ArrayItemFormat::ArrayItemFormat;
    std::string name() const override { return "NPY"; }

    ItemHeader inspect(const fs::path& path) const override {
        ItemHeader header = ArrayItemFormat::inspect(path);
        header.windowed = true;
        return header;
    }

private:
    // The part is a way to read the array.
    Opened open(const fs::path& path) const override {
        Opened opened{openNpy(path, m_limit), {}, {}, {}};
        const std::vector<ArrayLayout> layouts = layoutsOfItem(opened.array.shape, path.string());
        opened.layout = chosenLayout(layouts, m_part, path.string());
        opened.parts = partsOf(layouts);
        if (layouts.size() > 1)
            opened.part = partName(opened.layout);
        return opened;
    }
};

class NpzItemFormat : public ArrayItemFormat {
public:
    using ArrayItemFormat::ArrayItemFormat;
    std::string name() const override { return "NPZ"; }

private:
    // The part is one of the arrays, and a way to read it.
    Opened open(const fs::path& path) const override {
        const NpzFile file(path);
        const auto layouts = [&](const NpzArray& array) { return layoutsOfItem(array.shape, path.string()); };
        const NpzPart part = file.choose(m_part, layouts);
        return {file.open(*part.array, m_limit), part.layout, file.parts(layouts), part.name};
    }
};

}  // namespace

std::unique_ptr<Format> npyItemFormat(const DataConfig& config, std::uint64_t limit) {
    return std::make_unique<NpyItemFormat>(config, limit);
}

std::unique_ptr<Format> npzItemFormat(const DataConfig& config, std::uint64_t limit) {
    return std::make_unique<NpzItemFormat>(config, limit);
}

}  // namespace denoscope
