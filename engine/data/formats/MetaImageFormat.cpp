// SPDX-License-Identifier: GPL-3.0-or-later
// MetaImage: a header with its values behind it (.mha) or in other files beside it (.mhd). Its world is left,
// posterior, superior, as ITK's.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/HeaderText.h"
#include "engine/data/formats/MetaImageHeader.h"
#include "engine/data/formats/NamedFiles.h"
#include "engine/data/formats/VolumeFile.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void failMeta(const std::string& name, const std::string& what) {
    throw EngineError(what, name, "correct the header, or export the file again");
}

struct TypeName {
    std::string_view text;
    ScalarType type;
};
constexpr std::array typeNames{TypeName{"MET_CHAR", {'i', 1}},      TypeName{"MET_UCHAR", {'u', 1}},
                               TypeName{"MET_SHORT", {'i', 2}},     TypeName{"MET_USHORT", {'u', 2}},
                               TypeName{"MET_INT", {'i', 4}},       TypeName{"MET_UINT", {'u', 4}},
                               TypeName{"MET_LONG", {'i', 4}},      TypeName{"MET_ULONG", {'u', 4}},
                               TypeName{"MET_LONG_LONG", {'i', 8}}, TypeName{"MET_ULONG_LONG", {'u', 8}},
                               TypeName{"MET_FLOAT", {'f', 4}},     TypeName{"MET_DOUBLE", {'f', 8}}};

ScalarType typeOf(const MetaImageHeader& header, const std::string& name) {
    std::string_view text = header.field({"elementtype"});
    if (text.ends_with("_ARRAY"))
        text.remove_suffix(6);
    for (const TypeName& known : typeNames)
        if (known.text == text)
            return known.type;
    failMeta(name, fmt::format("holds values of type '{}', which cannot be read", shownName(text)));
}

// The field's numbers, `count` of them or none.
std::vector<double> numbersOf(const MetaImageHeader& header, std::initializer_list<std::string_view> names,
                              std::size_t count, const std::string& name) {
    std::vector<double> numbers = numbersIn(header.field(names), std::string(*names.begin()), name);
    if (!numbers.empty() && numbers.size() != count)
        failMeta(name, fmt::format("has {} numbers in its field '{}', not {}", numbers.size(), *names.begin(),
                                   count));
    return numbers;
}

std::vector<StoredAxis> axesOf(const MetaImageHeader& header, const std::string& name) {
    std::vector<StoredAxis> axes;
    const std::vector<std::int64_t> channels =
        extentsIn(header.field({"elementnumberofchannels"}), "ElementNumberOfChannels", name);
    if (!channels.empty() && channels.front() > 1)
        axes.push_back({channels.front(), AxisRole::Channel});
    const std::vector<std::int64_t> sizes = extentsIn(header.field({"dimsize"}), "DimSize", name);
    const auto dimensions = parseWhole<std::size_t>(header.field({"ndims"}));
    if (!dimensions || *dimensions != sizes.size() || sizes.empty() || sizes.size() > 10)
        failMeta(name, fmt::format("gives {} sizes for {} dimensions", sizes.size(),
                                   shownName(header.field({"ndims"}))));
    for (std::size_t i = 0; i < sizes.size(); ++i)
        axes.push_back({sizes[i], i < 3 ? AxisRole::Space : AxisRole::Item});
    return axes;
}

std::vector<double> spacingsOf(const MetaImageHeader& header, std::size_t dimensions,
                               const std::string& name) {
    std::vector<double> spacings = numbersOf(header, {"elementspacing", "elementsize"}, dimensions, name);
    spacings.resize(std::max<std::size_t>(dimensions, 3), 1.0);
    for (double& spacing : spacings)
        spacing = spacing != 0 ? std::abs(spacing) : 1;
    return spacings;
}

// In the file's matrix each axis' direction stands in a row of its own.
Geometry geometryOf(const MetaImageHeader& header, std::size_t dimensions, const std::string& name,
                    std::vector<std::string>& notes) {
    const std::vector<double> spacings = spacingsOf(header, dimensions, name);
    const std::vector<double> matrix =
        numbersOf(header, {"transformmatrix", "rotation", "orientation"}, dimensions * dimensions, name);
    const std::vector<double> offset = numbersOf(header, {"offset", "origin", "position"}, dimensions, name);
    const std::size_t within = std::min<std::size_t>(dimensions, 3);
    std::array<Vector3, 3> columns{{{spacings[0], 0, 0}, {0, spacings[1], 0}, {0, 0, spacings[2]}}};
    Vector3 origin{};
    for (std::size_t axis = 0; axis < within; ++axis) {
        origin[axis] = offset.empty() ? 0 : offset[axis];
        for (std::size_t row = 0; !matrix.empty() && row < within; ++row)
            columns[axis][row] = matrix[axis * dimensions + row] * spacings[axis];
    }
    const std::string letters = lowered(header.field({"anatomicalorientation"}));
    if (matrix.empty() && !letters.empty() && letters != "rai" && letters != "???")
        notes.emplace_back(
            "The header names an anatomical orientation without a matrix of directions; as in ITK the axes "
            "are taken "
            "to run to the left, back and top.");
    return placed(flipped(affineOf(columns, origin), {-1, -1, 1}), {spacings[0], spacings[1], spacings[2]},
                  notes);
}

StoredValues storedValues(const MetaImageHeader& header, const fs::path& path) {
    const std::string name = path.string();
    StoredValues stored;
    stored.type = typeOf(header, name);
    stored.bigEndian = header.isTrue({"elementbyteordermsb", "binarydatabyteordermsb"});
    const std::string_view named = header.field({"elementdatafile"});
    const bool local = lowered(named) == "local";
    stored.files = local ? std::vector{path} : namedFiles(path, named, header.listed);
    const bool text = !header.field({"binarydata"}).empty() && !header.isTrue({"binarydata"});
    stored.encoding = header.isTrue({"compresseddata"}) ? Encoding::Deflated
                      : text                            ? Encoding::Text
                                                        : Encoding::Raw;
    const std::vector<std::int64_t> skipped = integersIn(header.field({"headersize"}), "HeaderSize", name);
    const std::int64_t skip = skipped.empty() ? 0 : skipped.front();
    if (skip < -1)
        failMeta(name, fmt::format("has an impossible HeaderSize of {}", skip));
    if (skip > 0)
        stored.start = static_cast<std::uint64_t>(skip);
    else if (local)
        stored.start = header.end;
    stored.byteSkip = std::min<std::int64_t>(skip, 0);
    return stored;
}

class MetaImageFormat : public VolumeFormat {
public:
    std::string name() const override { return "MetaImage"; }

private:
    VolumeFile open(const fs::path& path) const override {
        const std::string shown = path.string();
        const MetaImageHeader header = parseMetaImageHeader(headerText(path), shown);
        VolumeFile file;
        file.axes = axesOf(header, shown);
        const std::uint64_t values = arrange(file, shown);
        const std::size_t dimensions = extentsIn(header.field({"dimsize"}), "DimSize", shown).size();
        file.header.geometry = geometryOf(header, dimensions, shown, file.header.notes);
        if (dimensions == 4)
            file.header.details.timeStep = spacingsOf(header, dimensions, shown)[3];
        attach(file, storedValues(header, path), values);
        scale(file, header, shown);
        return file;
    }

    static void scale(VolumeFile& file, const MetaImageHeader& header, const std::string& name) {
        const std::vector<double> slope = numbersOf(header, {"elementtointensityfunctionslope"}, 1, name);
        const std::vector<double> offset = numbersOf(header, {"elementtointensityfunctionoffset"}, 1, name);
        if (!slope.empty() && slope.front() != 0)
            file.header.details.slope = file.raw.slope = slope.front();
        if (!offset.empty())
            file.header.details.intercept = file.raw.intercept = offset.front();
    }
};

}  // namespace

std::unique_ptr<Format> metaImageFormat() {
    return std::make_unique<MetaImageFormat>();
}

}  // namespace denoscope
