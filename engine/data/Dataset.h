// SPDX-License-Identifier: GPL-3.0-or-later
// A set of signals, images or volumes that training draws from.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/api/Config.h"
#include "engine/api/Data.h"

namespace denoscope {

// Where the piece that the network sees lies in an item.
struct Placement {
    Shape extents;  // of the item as stored
    Shape scaled;   // what it is scaled to; only images are scaled
    Shape start;    // of the piece in that; negative: so much is padded before it
};

// Immutable once opened; every method may be called from several threads at once. Holds at most
// DataConfig::cacheMiB of decoded data. Reading errors throw EngineError with the file and position.
class Dataset {
public:
    virtual ~Dataset() = default;

    const DataFacts& facts() const { return m_facts; }
    std::int64_t size() const { return m_facts.count; }

    // The whole item as stored, in real units. 0 <= index < size().
    virtual Item read(std::int64_t index) const = 0;

    // A (C, ...size) piece of the item in real units; `key` (see core/Random.h) alone decides where a random
    // crop lies. Signals: a random window, the end padded with silence where too short (Fit::Pad). Images:
    // Exact needs that size; Crop scales so that the shorter side fits and crops the centre; Pad scales down
    // so that the longer side fits (a smaller image keeps its size) and pads with the lowest value. Volumes:
    // a random patch at full resolution, preferably not of the empty surroundings: of up to 8 places that the
    // key gives, the first whose middle voxel lies above the background (more than 2 % of the way from the
    // 0.5 to the 99.5 percentile), else the first of all; Pad pads where the volume is smaller. A misfit
    // throws EngineError that names the item, both sizes and the way out.
    virtual Item draw(std::int64_t index, const Shape& size, Fit fit, std::uint64_t key) const;

    // What draw() does with the same arguments; throws as it does where it has to read.
    Placement place(std::int64_t index, const Shape& size, Fit fit, std::uint64_t key) const;

    // The class of an item (-1 = none), as read() would give it, without reading more than needed.
    virtual int labelOf(std::int64_t index) const { return read(index).label; }

    // (C, ...) of one item and how it lies in the world, without reading it.
    virtual Shape shapeOf(std::int64_t index) const;
    virtual Geometry geometryOf(std::int64_t) const { return m_facts.geometry; }

    // The piece [start, start + size) of every channel, wholly inside the item (spatial extents only). Sets
    // that can read a piece without the rest do so.
    virtual Item window(std::int64_t index, const Shape& start, const Shape& size) const;

protected:
    DataFacts m_facts;

private:
    Shape placeOf(std::int64_t index, const Shape& extents, const Shape& size, std::uint64_t key) const;
};

// What a set is opened for. Training refuses items that hold NaN or infinite values; whoever only looks at
// them, measures or converts them gets them as they are.
enum class Purpose { Training, Looking };

// Opens whatever the path is (see docs/data.md) or a built-in set ("demo:beats", "demo:shapes",
// "demo:heads"), scanning headers and measuring statistics. Throws EngineError: missing path, empty folder,
// nothing readable ...
std::shared_ptr<const Dataset> openDataset(const DataConfig& config, Purpose purpose = Purpose::Training);

// Fills what the config leaves to the data: data.size, data.low/high and noise.sigmaData (standard deviation
// of mapped items, measured on a fixed selection).
RunConfig resolve(RunConfig config, const Dataset& dataset);

}  // namespace denoscope
