// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/DicomSet.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/data/Pieces.h"
#include "engine/data/formats/DicomPixels.h"
#include "engine/data/formats/DicomStack.h"
#include "engine/data/formats/FirstFew.h"

namespace denoscope {
namespace {

// Volumes and pictures that were put together beforehand, by the path that the set knows them by.
class DicomFormat : public Format {
public:
    std::string name() const override { return "DICOM"; }

    void add(const std::filesystem::path& path, DicomVolume source) {
        m_sources[path.string()] = std::move(source);
    }
    void addPictures(const DicomImagePtr& image, ItemHeader header) {
        DicomVolume source{std::move(header), {}};
        for (std::size_t i = 0; i < image->frames.size(); ++i)
            source.items.push_back({{image, static_cast<std::int64_t>(i)}});
        add(image->path, std::move(source));
    }
    void addFailure(const std::filesystem::path& path, const Error& error) {
        m_failures[path.string()] = error;
    }

    ItemHeader inspect(const std::filesystem::path& path) const override {
        if (const auto failure = m_failures.find(path.string()); failure != m_failures.end())
            throw EngineError(failure->second);
        return m_sources.at(path.string()).header;
    }

    Reading read(const std::filesystem::path& path, std::int64_t index, const Shape& start,
                 const Shape& size) const override {
        const DicomVolume& source = m_sources.at(path.string());
        const std::vector<DicomFrameRef>& slices = source.items.at(static_cast<std::size_t>(index));
        const bool volume = source.header.kind == DataKind::Volume;
        const PixelBox box{start[volume ? 1 : 0], start[volume ? 2 : 1], size[volume ? 1 : 0],
                           size[volume ? 2 : 1]};
        Reading reading{{withChannels(source.header.shape.front(), size), {}}};
        Array& array = reading.array;
        array.values.resize(static_cast<std::size_t>(elementCount(array.shape)));
        const std::int64_t first = volume ? start[0] : 0, count = volume ? size[0] : 1;
        const auto plane = static_cast<std::size_t>(box.height * box.width);
        for (std::int64_t z = 0; z < count; ++z) {
            const DicomFrameRef& slice = slices.at(static_cast<std::size_t>(first + z));
            readDicomPixels(*slice.image, slice.index, box,
                            std::span(array.values).subspan(static_cast<std::size_t>(z) * plane),
                            plane * static_cast<std::size_t>(count), reading.damage);
        }
        return reading;
    }

private:
    std::map<std::string, DicomVolume> m_sources;
    std::map<std::string, Error> m_failures;
};

struct Part {
    SourcePart label;
    DicomStack stack;
    std::optional<DicomVolume> volume;  // otherwise pictures
};

std::string describe(const Part& part) {
    const DicomImage& image = part.stack.first();
    std::string text = image.modality.empty() ? "unknown modality" : image.modality;
    if (!image.description.empty())
        text += ", " + image.description;
    if (!part.volume)
        return text + fmt::format(", {} of {} x {}", counted(part.stack.frames.size(), "picture"),
                                  image.samples.columns, image.samples.rows);
    const ItemHeader& header = part.volume->header;
    const std::array<double, 3>& step = header.geometry.spacing;
    text += fmt::format(", {} x {} x {}, {:.3g} x {:.3g} x {:.3g} mm", header.shape[3], header.shape[2],
                        header.shape[1], step[0], step[1], step[2]);
    return header.count > 1 ? text + fmt::format(", {} times", header.count) : text;
}

// Named by the number of their series; the second one of a number gets "-2".
std::vector<Part> partsOf(std::vector<DicomStack> stacks) {
    std::vector<Part> parts;
    std::map<std::string, int> used;
    for (DicomStack& stack : stacks) {
        Part part;
        const std::int64_t number = stack.first().seriesNumber;
        const std::string name = number < 0 ? "none" : fmt::format("{}", number);
        const int times = ++used[name];
        part.label.name = times == 1 ? name : fmt::format("{}-{}", name, times);
        if (stack.isVolume())
            part.volume = volumeOf(stack);
        part.stack = std::move(stack);
        part.label.description = describe(part);
        parts.push_back(std::move(part));
    }
    return parts;
}

std::string listed(const std::vector<Part>& parts, const std::vector<const Part*>& without) {
    constexpr int most = 8;
    std::string text;
    int count = 0;
    for (const Part& part : parts) {
        if (std::find(without.begin(), without.end(), &part) != without.end())
            continue;
        if (++count <= most)
            text += fmt::format("{}{} ({})", count > 1 ? ", " : "", part.label.name, part.label.description);
    }
    return count > most ? text + fmt::format(" and {} more", count - most) : text;
}

class Opening {
public:
    Opening(FileList list, const OpenRequest& request)
        : m_list(std::move(list)), m_request(request), m_format(std::make_unique<DicomFormat>()) {}

    std::shared_ptr<const Dataset> set() {
        for (const LabelledFile& file : m_list.files) {
            try {
                m_images.push_back(inspectDicom(file.path));
            } catch (const EngineError& error) {
                m_format->addFailure(file.path, error.error());
                m_failures.push_back(file.name + " " + error.error().what);
            }
        }
        std::vector<DicomStack> stacks = stacksOf(m_images);
        const bool volumes =
            std::any_of(stacks.begin(), stacks.end(), [](const auto& stack) { return stack.isVolume(); });
        return volumes ? series(partsOf(std::move(stacks))) : pictures();
    }

private:
    // Every file as it is; also those that cannot be read, which the set leaves out and names.
    std::shared_ptr<const Dataset> pictures() {
        if (!m_request.config.part.empty() && !m_images.empty())
            throw EngineError(fmt::format("there is no series '{}' to choose: these are single pictures",
                                          m_request.config.part),
                              m_list.source, "leave data.part empty");
        for (const DicomImagePtr& image : m_images)
            m_format->addPictures(image, picturesOf(*image));
        return openFiles(std::move(m_list), std::move(m_format), m_request);
    }

    std::shared_ptr<const Dataset> series(const std::vector<Part>& parts) {
        const std::vector<const Part*> chosen = choose(parts);
        FileList list{m_list.source, m_list.folder, {}, {}, std::move(m_list.notes)};
        noteFailures(list.notes);
        for (const Part* part : chosen)
            add(*part, parts, list);
        return openFiles(std::move(list), std::move(m_format), m_request);
    }

    std::vector<const Part*> choose(const std::vector<Part>& parts) {
        const Part& largest = *std::max_element(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
            return std::pair(a.volume.has_value(), a.stack.pixels()) <
                   std::pair(b.volume.has_value(), b.stack.pixels());
        });
        std::vector<const Part*> chosen;
        for (const Part& part : parts) {
            const bool alike = part.volume && part.stack.first().modality == largest.stack.first().modality;
            if (m_request.config.part == part.label.name || (m_request.config.part == "all" && alike) ||
                (m_request.config.part.empty() && &part == &largest))
                chosen.push_back(&part);
        }
        if (chosen.empty())
            throw EngineError(fmt::format("there is no series '{}'", m_request.config.part), m_list.source,
                              "set data.part to one of: " + listed(parts, {}));
        if (m_request.config.part.empty() && parts.size() > 1)
            m_list.notes.push_back(fmt::format("Of {} series this is the largest, {}; the others: {}.",
                                               parts.size(), listed({largest}, {}), listed(parts, chosen)));
        return chosen;
    }

    void add(const Part& part, const std::vector<Part>& parts, FileList& list) {
        const auto told = [&](ItemHeader header) {
            for (const Part& one : parts)
                if (parts.size() > 1)
                    header.details.parts.push_back(one.label);
            header.details.part = parts.size() > 1 ? part.label.name : "";
            return header;
        };
        if (part.volume) {
            const std::string& text = part.stack.first().description;
            const std::string name = "series " + part.label.name + (text.empty() ? "" : ", " + text);
            const std::filesystem::path path = m_list.source + ", series " + part.label.name;
            m_format->add(path, {told(part.volume->header), part.volume->items});
            list.files.push_back({path, name, -1});
            return;
        }
        std::set<DicomImagePtr> seen;
        for (const DicomFrameRef& ref : part.stack.frames) {
            if (!seen.insert(ref.image).second)
                continue;
            m_format->addPictures(ref.image, told(picturesOf(*ref.image)));
            list.files.push_back({ref.image->path, ref.image->path.filename().string(), -1});
        }
    }

    void noteFailures(std::vector<std::string>& notes) const {
        if (!m_failures.empty())
            notes.push_back(fmt::format("{} of {} files could not be used: {}.", m_failures.size(),
                                        m_list.files.size(), firstFew(m_failures)));
    }

    FileList m_list;
    const OpenRequest& m_request;
    std::unique_ptr<DicomFormat> m_format;
    std::vector<DicomImagePtr> m_images;
    std::vector<std::string> m_failures;
};

}  // namespace

std::shared_ptr<const Dataset> openDicom(FileList list, const OpenRequest& request) {
    return Opening(std::move(list), request).set();
}

}  // namespace denoscope
