// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/DicomImage.h"

#include <fmt/format.h>
#include <gdcmUIDs.h>

#include <algorithm>
#include <cmath>

#include "engine/api/Error.h"
#include "engine/data/formats/DicomCodec.h"
#include "engine/data/formats/DicomTags.h"

namespace denoscope {
namespace {

class Inspection {
public:
    explicit Inspection(const std::filesystem::path& path)
        : m_image(std::make_shared<DicomImage>()), m_name(path.string()) {
        m_image->path = path;
        m_image->content = readDicom(path);
    }

    DicomImagePtr image() {
        requirePixels();
        samples();
        const std::int64_t count = frameCount();
        requireRoom(count);
        identity();
        m_image->frames = dicomFrames(object(), count, m_image->notes);
        values();
        if (m_image->samples.colour == DicomColour::Palette)
            palette();
        m_image->content.object = {};
        return m_image;
    }

private:
    const DicomObject& object() const { return m_image->content.object; }

    [[noreturn]] void fail(const std::string& what, const std::string& remedy) const {
        throw EngineError(what, m_name, remedy);
    }
    [[noreturn]] void failDamaged(const std::string& what) const {
        fail(what, "the file is damaged; copy or export it again");
    }

    void requirePixels() const {
        if (m_image->content.pixels.tag != 0)
            return;
        gdcm::UIDs uid;
        const std::string number = object().text(dicom::sopClass);
        const char* const known = uid.SetFromUID(number.c_str()) ? uid.GetName() : nullptr;
        const std::string kind = known ? known : "object of an unknown class";
        if (number == "1.2.840.10008.1.3.10")
            fail("holds no picture: it is a DICOMDIR, which lists other files", "open the folder instead");
        fail("holds no picture: it is a " + kind, "open the images it belongs to");
    }

    // An unsigned number that must be there.
    std::int64_t required(DicomTag tag, const char* what) const {
        const std::optional<double> number = object().number(tag);
        if (!number || *number < 1)
            failDamaged(fmt::format("does not say its {}", what));
        return static_cast<std::int64_t>(*number);
    }

    void samples() {
        DicomSamples& s = m_image->samples;
        s.rows = required(dicom::rows, "number of rows");
        s.columns = required(dicom::columns, "number of columns");
        s.channels = static_cast<int>(object().number(dicom::samplesPerPixel).value_or(1));
        s.planar = object().number(dicom::planar) == 1;
        s.colour = colour();
        const bool grey = s.colour == DicomColour::Grey || s.colour == DicomColour::GreyInverted ||
                          s.colour == DicomColour::Palette;
        if (s.channels != (grey ? 1 : 3))
            failDamaged(
                fmt::format("stores {} samples per pixel, which does not suit its colours", s.channels));
        if (m_image->content.pixels.tag != dicom::pixels) {
            s.floating = true;
            s.bitsAllocated = s.bitsStored = m_image->content.pixels.tag == dicom::floatPixels ? 32 : 64;
            return;
        }
        s.bitsAllocated = static_cast<int>(required(dicom::bitsAllocated, "number of bits"));
        s.bitsStored = static_cast<int>(object().number(dicom::bitsStored).value_or(s.bitsAllocated));
        s.highBit = static_cast<int>(object().number(dicom::highBit).value_or(s.bitsStored - 1));
        s.isSigned = object().number(dicom::pixelRepresentation) == 1;
        if (s.colour == DicomColour::Ybr422 && s.columns % 2 != 0)
            failDamaged("has an odd number of columns, of which two at a time share their colour");
        const bool whole = s.bitsAllocated == 8 || s.bitsAllocated == 16 || s.bitsAllocated == 32;
        if (!whole && !(s.bitsAllocated == 1 && s.channels == 1))
            fail(fmt::format("stores {} bits per sample", s.bitsAllocated), "convert it to 8, 16 or 32 bits");
        if (s.bitsStored < 1 || s.highBit >= s.bitsAllocated || s.highBit + 1 < s.bitsStored)
            failDamaged(fmt::format("claims {} bits up to bit {} in samples of {}", s.bitsStored, s.highBit,
                                    s.bitsAllocated));
        if (!grey && s.bitsAllocated > (s.colour == DicomColour::Ybr422 ? 8 : 16))
            fail(fmt::format("stores colours of {} bits", s.bitsAllocated),
                 "convert it to RGB of 8 or 16 bits");
    }

    DicomColour colour() const {
        const std::string text = object().text(dicom::photometric);
        if (text == "MONOCHROME2" || (text.empty() && m_image->samples.channels == 1))
            return DicomColour::Grey;
        if (text == "MONOCHROME1")
            return DicomColour::GreyInverted;
        if (text == "PALETTE COLOR")
            return DicomColour::Palette;
        if (text == "RGB" || text == "YBR_RCT" || text == "YBR_ICT" || text.empty())
            return DicomColour::Rgb;
        if (text == "YBR_FULL")
            return DicomColour::Ybr;
        if (text == "YBR_FULL_422")
            return m_image->content.pixels.encapsulated ? DicomColour::Ybr : DicomColour::Ybr422;
        fail(fmt::format("stores its colours as {}", text), "convert it to RGB");
    }

    std::int64_t frameCount() const {
        if (!object().has(dicom::frameCount))
            return 1;
        const std::optional<double> count = object().number(dicom::frameCount);
        if (!count || *count < 1 || *count != std::floor(*count) || *count > 100'000)
            failDamaged(fmt::format("says '{}' where its number of frames should be",
                                    object().text(dicom::frameCount)));
        return static_cast<std::int64_t>(*count);
    }

    // What the header claims against what the file can hold.
    void requireRoom(std::int64_t count) const {
        const DicomPixelData& pixels = m_image->content.pixels;
        requireReadable(*m_image, count);
        if (pixels.encapsulated)
            return;
        const std::uint64_t needed =
            (dicomFrameBits(m_image->samples) * static_cast<std::uint64_t>(count) + 7) / 8;
        if (needed > pixels.length)
            failDamaged(fmt::format("claims {} frames of {} x {} pixels, which need {} bytes; {} are there",
                                    count, m_image->samples.columns, m_image->samples.rows, needed,
                                    pixels.length));
    }

    void identity() {
        DicomImage& image = *m_image;
        const std::vector<std::string> charsets = object().texts(dicom::charset);
        image.instance = object().text(dicom::sopInstance);
        image.series = object().text(dicom::seriesInstance);
        image.modality = object().text(dicom::modality);
        image.description =
            object().text(dicom::seriesDescription, charsets.empty() ? std::string() : charsets.back());
        image.seriesNumber = static_cast<std::int64_t>(
            std::clamp(object().number(dicom::seriesNumber).value_or(-1), -1.0, 1e15));
        const std::vector<std::string> type = object().texts(dicom::imageType);
        const auto is = [&](const char* word) {
            return std::find(type.begin(), type.end(), word) != type.end();
        };
        image.localizer = is("LOCALIZER") || is("SCOUT");
        if (is("MOSAIC"))
            fail("holds the slices of a volume side by side in one picture (a Siemens mosaic)",
                 "export it as enhanced DICOM, or convert it to NIfTI (dcm2niix does)");
        image.thickness = std::max(0.0, object().number(dicom::sliceThickness).value_or(0));
        image.temporalResolution =
            std::max(0.0, object().number(dicom::temporalResolution).value_or(0)) / 1000;
        image.frameTime = std::max(0.0, object().number(dicom::frameTime).value_or(0)) / 1000;
    }

    // Of the file, or what all its frames share.
    std::string rescaleType() const {
        const DicomObject* from = &object();
        if (const DicomObject* const shared = from->item(dicom::sharedGroups))
            if (const DicomObject* const scale = shared->item(dicom::valueTransformation))
                from = scale;
        return from->text(dicom::rescaleType);
    }

    void values() {
        DicomImage& image = *m_image;
        const std::string scaled = rescaleType(), unit = object().text(dicom::units);
        // A file that says nothing of its scale is in Hounsfield units where water was moved to 0.
        const bool moved = scaled.empty() && image.modality == "CT" && image.frames.front().intercept != 0;
        if (image.channels() == 1 && (moved || scaled == "HU"))
            image.unit = "HU";
        else if (!unit.empty())
            image.unit = unit == "BQML" ? "Bq/ml" : unit == "GML" ? "g/ml" : unit == "CNTS" ? "counts" : unit;
        else if (object().has(dicom::doseScaling))
            image.unit = object().text(dicom::doseUnits) == "GY" ? "Gy" : "";
        else if (scaled != "US")
            image.unit = scaled;
        if (const std::optional<double> padding = object().number(dicom::pixelPadding))
            image.notes.push_back(fmt::format(
                "The stored value {} stands for no measurement (pixel padding).", paddingOf(*padding)));
        if (!object().items(dicom::modalityTable).empty())
            image.notes.emplace_back("A table from stored to real values is in the file and is not applied.");
        windows();
    }

    double paddingOf(double stored) const {  // whose sign bit may have been read the other way
        return !m_image->samples.isSigned && stored < 0 ? stored + 65536 : stored;
    }

    void windows() {
        const DicomObject* from = &object();
        if (const DicomObject* const shared = from->item(dicom::sharedGroups))
            if (const DicomObject* const window = shared->item(dicom::frameWindow))
                from = window;
        const std::vector<double> centres = from->numbers(dicom::windowCentre),
                                  widths = from->numbers(dicom::windowWidth);
        const std::vector<std::string> names = from->texts(dicom::windowName);
        for (std::size_t i = 0; i < std::min(centres.size(), widths.size()); ++i) {
            if (widths[i] <= 0)
                continue;
            const std::string name = i < names.size() ? names[i] : std::string();
            m_image->windows.push_back(
                {name.empty() ? fmt::format("level {}, width {}", centres[i], widths[i]) : name,
                 centres[i] - widths[i] / 2, centres[i] + widths[i] / 2});
        }
    }

    void palette() {
        const std::vector<double> shape = object().numbers(dicom::redDescriptor);
        if (object().has(dicom::segmentedRedTable))
            fail("has a palette in segments", "convert it to RGB");
        if (shape.size() != 3)
            failDamaged("has no palette for its colours");
        const auto entries = shape[0] == 0 ? std::size_t{65536} : static_cast<std::size_t>(shape[0]);
        m_image->palette.first = static_cast<std::int64_t>(
            m_image->samples.isSigned && shape[1] > 32767 ? shape[1] - 65536 : shape[1]);
        constexpr std::array tags{dicom::redTable, dicom::greenTable, dicom::blueTable};
        for (std::size_t channel = 0; channel < 3; ++channel)
            m_image->palette.tables[channel] = paletteTable(tags[channel], entries);
    }

    // Entries of 8 bits, or the upper halves of those of 16; some writers put 8 bits into 16.
    std::vector<std::uint8_t> paletteTable(DicomTag tag, std::size_t entries) const {
        const std::string_view bytes = object().bytes(tag);
        if (bytes.size() < entries)
            failDamaged(fmt::format("has {} bytes of a palette of {} colours", bytes.size(), entries));
        if (bytes.size() < 2 * entries)
            return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(entries)};
        std::vector<double> words = object().numbers(tag);
        words.resize(entries);
        const bool wide = std::any_of(words.begin(), words.end(), [](double word) { return word > 255; });
        std::vector<std::uint8_t> table;
        for (const double word : words)
            table.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(word) >> (wide ? 8 : 0)));
        return table;
    }

    std::shared_ptr<DicomImage> m_image;
    std::string m_name;
};

}  // namespace

std::string DicomImage::dtype() const {
    if (samples.colour == DicomColour::Palette)
        return "uint8";
    if (samples.floating)
        return fmt::format("float{}", samples.bitsAllocated);
    return fmt::format("{}int{}", samples.isSigned ? "" : "u", std::max(8, samples.bitsAllocated));
}

DicomImagePtr inspectDicom(const std::filesystem::path& path) {
    return Inspection(path).image();
}

}  // namespace denoscope
