// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/Convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/export/ConvertPlan.h"
#include "engine/data/export/CsvWriter.h"
#include "engine/data/export/Film.h"
#include "engine/data/export/ImageWriter.h"
#include "engine/data/export/NiftiWriter.h"
#include "engine/data/export/NpyWriter.h"
#include "engine/data/export/Numbers.h"
#include "engine/data/export/WavWriter.h"
#include "engine/data/formats/ArrayLayout.h"
#include "engine/data/formats/VolumeFile.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

// The window that a run on this data would have.
std::pair<double, double> windowOf(const Dataset& data, const ConvertOptions& options) {
    if (options.low && options.high) {
        if (!(*options.low < *options.high))
            throw EngineError(fmt::format("the range {} to {} is empty", *options.low, *options.high),
                              "--low", "give a low below the high value");
        return {*options.low, *options.high};
    }
    RunConfig config;
    config.noise.sigmaData = 1;  // not needed here, and measuring it would read hundreds of items
    config = resolve(config, data);
    return {config.data.low, config.data.high};
}

class Conversion {
public:
    Conversion(const Dataset& data, const ConvertOptions& options)
        : m_data(data), m_facts(data.facts()), m_options(options) {
        std::tie(m_low, m_high) = windowOf(data, options);
    }

    void write(Target target, const ConvertFile& file) {
        switch (target) {
            case Target::Nifti:
                return writeVolumes(file);
            case Target::Npy:
                return writeArray(file);
            case Target::Png:
                return writePicture(file);
            case Target::Wav:
                return writeSound(file);
            case Target::Csv:
                return writeCsv(read(file, 0), m_facts.details, file.path);
            case Target::Film:
                return writeAsFilm(file);
        }
    }

    // What no file of that kind holds.
    void noteLosses(Target target) {
        const bool wide = m_facts.dtype == "float64" || m_facts.dtype == "int64" || m_facts.dtype == "uint64";
        const bool manyDigits = (m_facts.dtype == "int32" || m_facts.dtype == "uint32") &&
                                std::max(std::abs(m_facts.min), std::abs(m_facts.max)) > std::ldexp(1.0, 24);
        if (wide || manyDigits)
            note(fmt::format("The values are stored as {} and were rounded to 32-bit floating point.",
                             m_facts.dtype));
        if (!m_facts.labels.empty())
            note("The classes of the items are not written.");
        const bool placed = target == Target::Nifti || m_facts.kind == DataKind::Image;
        if (m_facts.kind == DataKind::Volume && !placed)
            note("The new file holds neither affine nor spacing.");
        if (m_notFinite && (target == Target::Png || target == Target::Film))
            note("NaN is drawn like the lowest value, infinity like the nearer end.");
        else if (m_notFinite)
            note("Some values are NaN or infinite and are kept so.");
        if (m_facts.kind == DataKind::Signal && target == Target::Npy && m_facts.geometry.sampleRate > 0)
            note("The new file does not hold the sample rate.");
    }

    std::vector<std::string> takeNotes() { return std::move(m_notes); }
    bool readingFailed() const { return m_readingFailed; }

private:
    void note(std::string sentence) {
        if (std::ranges::find(m_notes, sentence) == m_notes.end())
            m_notes.push_back(std::move(sentence));
    }

    Item read(const ConvertFile& file, std::size_t place) {
        try {
            Item item = m_data.read(file.items[place]);
            m_notFinite = m_notFinite ||
                          !std::ranges::all_of(item.array->values, [](float v) { return std::isfinite(v); });
            return item;
        } catch (const EngineError&) {
            m_readingFailed = true;
            throw;
        }
    }

    // The stored type where it is an integer one that holds all the values as they are now.
    ScalarType typeFor(const ConvertFile& file) {
        const std::optional<ScalarType> stored = integerNamed(m_facts.dtype);
        for (std::size_t i = 0; stored && i < file.items.size(); ++i)
            if (!holdsAll(*stored, read(file, i).array->values))
                return {};
        return stored.value_or(ScalarType{});
    }

    ItemSource source(const ConvertFile& file) {
        return {std::ssize(file.items),
                [this, &file](std::int64_t i) { return read(file, static_cast<std::size_t>(i)); },
                typeFor(file)};
    }

    // A single item without the axis of items where it is read back as it is.
    void writeArray(const ConvertFile& file) {
        const ItemSource items = source(file);
        const Shape item = m_data.shapeOf(file.items.front());
        const bool single = items.count == 1 && isToldBy(item, items.type, item);
        Shape all = item;
        all.insert(all.begin(), items.count);
        if (!single && !isToldBy(all, items.type, item))
            note(fmt::format(
                "The axes of the new file do not tell that it holds {0}s; --part {0}s (data.part) does.",
                toText(m_facts.kind)));
        writeNpy(items, single, file.path);
    }

    // Whether an array of that shape is read as such items without being told.
    bool isToldBy(const Shape& shape, ScalarType type, const Shape& item) const {
        const ArrayLayout layout = layoutsOfSet(shape, type, m_facts.source).front();
        return layout.kind == m_facts.kind && layout.item == item && !layout.channelsLast;
    }

    void writeVolumes(const ConvertFile& file) {
        NiftiContent content;
        content.items = source(file);
        content.timeStep = m_facts.details.timeStep;
        content.low = m_options.low.value_or(m_facts.windowLow);
        content.high = m_options.high.value_or(m_facts.windowHigh);
        const std::vector<std::string>& names = m_facts.details.channelNames;
        content.colours = content.items.type == ScalarType{'u', 1} && !names.empty() &&
                          names == colourNames(m_facts.channels());
        content.description = "converted: Denoscope";
        if (m_facts.kind == DataKind::Image && m_facts.geometry == Geometry{})
            note("The source says nothing of space: a pixel is written as 1 mm wide.");
        if (m_facts.kind == DataKind::Image)
            content.items.item = [image = content.items.item](std::int64_t i) {
                Item item = image(i);
                Array slice = *item.array;
                slice.shape.insert(slice.shape.begin() + 1, 1);
                item.array = std::make_shared<const Array>(std::move(slice));
                return item;
            };
        writeNifti(content, file.path);
    }

    void writePicture(const ConvertFile& file) {
        const Item item = read(file, 0);
        const Shape& shape = item.array->shape;
        if (m_facts.kind == DataKind::Signal) {
            note("Signals are drawn as lines, which do not hold their values.");
            return writeFileAtomically(file.path, encodeGrid({item}, m_low, m_high));
        }
        const Array image = m_facts.kind == DataKind::Volume ? middleSlice(item) : *item.array;
        if (m_facts.kind == DataKind::Volume)
            note(fmt::format("The picture shows slice {} of {} (counted from 0).", shape[1] / 2, shape[1]));
        if (shape[0] == 2 || shape[0] > 3)
            note(fmt::format("The picture shows {} of {} channels.",
                             shape[0] == 2 ? "the first" : "the first three", shape[0]));
        writePng(image, levelsFor(image), file.path);
    }

    // As they are where that can be: 8 or 16 bits like the source.
    GreyLevels levelsFor(const Array& image) {
        const std::optional<ScalarType> stored = integerNamed(m_facts.dtype);
        const int bits = stored && stored->bytes == 1 ? 8 : 16;
        const double most = std::ldexp(1.0, bits) - 1;
        const bool levels = m_facts.kind == DataKind::Image && stored && stored->kind != 'b';
        if (!m_options.low && levels && holdsAll(ScalarType{'u', bits / 8}, image.values))
            return {bits, 0, most};
        if (levels && m_low == 0 && m_high == most)
            note("Fractions of grey levels are rounded.");
        else
            noteWindow(image.values, fmt::format("0 to {}", most));
        return {bits, m_low, m_high};
    }

    void noteWindow(const std::vector<float>& values, const std::string& levels) {
        const auto outside = std::ranges::count_if(values, [&](float v) { return v < m_low || v > m_high; });
        note(fmt::format("The values {:.6g} to {:.6g} became {}{}.", m_low, m_high, levels,
                         outside > 0 ? "; what lies outside is clipped" : ""));
    }

    void writeSound(const ConvertFile& file) {
        const Item item = read(file, 0);
        Array sound = *item.array;
        if (m_options.low) {
            for (float& value : sound.values)
                value = static_cast<float>((value - m_low) / (m_high - m_low) * 2 - 1);
            note(fmt::format("The values {:.6g} to {:.6g} became -1 to 1.", m_low, m_high));
        }
        if (std::ranges::any_of(sound.values, [](float value) { return std::abs(value) > 1; }))
            note(
                "Some values lie beyond -1 to 1: they are kept, but most players clip them. --low and --high "
                "map others to that range.");
        const int rate = wavRate(item.geometry);
        if (item.geometry.sampleRate != rate)
            note(fmt::format(
                "The sample rate is {}; a WAV file says {} Hz.",
                item.geometry.sampleRate > 0 ? fmt::format("{} Hz", item.geometry.sampleRate) : "unknown",
                rate));
        writeWav(sound, rate, file.path);
    }

    void writeAsFilm(const ConvertFile& file) {
        const bool slices = m_facts.kind == DataKind::Volume && file.items.size() == 1;
        std::int64_t pictures = std::ssize(file.items);
        if (slices) {
            const Item volume = read(file, 0);
            pictures = volume.array->shape[1];
            writeSliceFilm(volume, file.path, m_low, m_high, m_options.framesPerSecond);
        } else {
            writeFilm(
                file.items.size(), [&](std::size_t i) { return gridOf({read(file, i)}, m_low, m_high); },
                file.path, m_options.framesPerSecond);
        }
        note(fmt::format("The film shows {} {}, the values {:.6g} to {:.6g} from black to white.", pictures,
                         slices                             ? "slices"
                         : m_facts.kind == DataKind::Volume ? "times by their middle slices"
                                                            : "images",
                         m_low, m_high));
    }

    const Dataset& m_data;
    const DataFacts& m_facts;
    const ConvertOptions& m_options;
    double m_low = 0, m_high = 0;
    std::vector<std::string> m_notes;
    bool m_readingFailed = false, m_notFinite = false;
};

void makeFolderOf(const std::string& path) {
    const fs::path folder = fs::path(path).parent_path();
    std::error_code reason;
    if (!folder.empty() && !fs::is_directory(folder, reason) && !fs::create_directories(folder, reason))
        throw EngineError("the folder cannot be made: " + reason.message(), folder.string(),
                          "choose another place");
}

}  // namespace

Converted convert(const Dataset& data, const std::string& out, const ConvertOptions& options) {
    const ConvertPlan plan = convertPlan(data.facts(), out, options);
    Conversion conversion(data, options);
    Converted result;
    for (const ConvertFile& file : plan.files) {
        try {
            makeFolderOf(file.path);
            conversion.write(plan.target, file);
        } catch (const EngineError& error) {
            if (conversion.readingFailed() && result.paths.empty())
                throw;
            throw WorkFailed(error.error());
        }
        result.paths.push_back(file.path);
    }
    conversion.noteLosses(plan.target);
    result.notes = conversion.takeNotes();
    return result;
}

}  // namespace denoscope
