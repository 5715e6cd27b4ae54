// SPDX-License-Identifier: GPL-3.0-or-later
// NRRD: a header with its values behind it (.nrrd) or in other files beside it (.nhdr).
#include <fmt/format.h>

#include <array>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/HeaderText.h"
#include "engine/data/formats/NamedFiles.h"
#include "engine/data/formats/NrrdHeader.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void failNrrd(const std::string& name, const std::string& what) {
    throw EngineError(what, name, "correct the header, or export the file again");
}

struct TypeName {
    std::string_view text;
    ScalarType type;
};
constexpr std::array typeNames{TypeName{"signed char", {'i', 1}},
                               TypeName{"int8", {'i', 1}},
                               TypeName{"int8_t", {'i', 1}},
                               TypeName{"uchar", {'u', 1}},
                               TypeName{"unsigned char", {'u', 1}},
                               TypeName{"uint8", {'u', 1}},
                               TypeName{"uint8_t", {'u', 1}},
                               TypeName{"short", {'i', 2}},
                               TypeName{"int16", {'i', 2}},
                               TypeName{"int16_t", {'i', 2}},
                               TypeName{"ushort", {'u', 2}},
                               TypeName{"unsigned short", {'u', 2}},
                               TypeName{"uint16", {'u', 2}},
                               TypeName{"uint16_t", {'u', 2}},
                               TypeName{"int", {'i', 4}},
                               TypeName{"int32", {'i', 4}},
                               TypeName{"int32_t", {'i', 4}},
                               TypeName{"uint", {'u', 4}},
                               TypeName{"unsigned int", {'u', 4}},
                               TypeName{"uint32", {'u', 4}},
                               TypeName{"uint32_t", {'u', 4}},
                               TypeName{"longlong", {'i', 8}},
                               TypeName{"long long", {'i', 8}},
                               TypeName{"int64", {'i', 8}},
                               TypeName{"int64_t", {'i', 8}},
                               TypeName{"ulonglong", {'u', 8}},
                               TypeName{"unsigned long long", {'u', 8}},
                               TypeName{"uint64", {'u', 8}},
                               TypeName{"uint64_t", {'u', 8}},
                               TypeName{"float", {'f', 4}},
                               TypeName{"double", {'f', 8}}};

ScalarType typeOf(const NrrdHeader& header, const std::string& name) {
    std::string text = lowered(header.field("type"));
    if (text.starts_with("signed ") && text != "signed char")
        text.erase(0, 7);
    if (text.ends_with(" int"))  // "short int", "unsigned long long int", but not "unsigned int"
        if (text != "unsigned int")
            text.resize(text.size() - 4);
    for (const TypeName& known : typeNames)
        if (known.text == text)
            return known.type;
    failNrrd(name, fmt::format("holds values of type '{}', which cannot be read", shownName(text)));
}

Encoding encodingOf(const NrrdHeader& header, const std::string& name) {
    const std::string text = lowered(header.field("encoding"));
    if (text == "raw")
        return Encoding::Raw;
    if (text == "gzip" || text == "gz")
        return Encoding::Deflated;
    if (text == "ascii" || text == "text" || text == "txt")
        return Encoding::Text;
    if (text == "hex")
        return Encoding::Hex;
    throw EngineError(fmt::format("its values are encoded as '{}', which cannot be read", shownName(text)),
                      name, "save it with the encoding gzip or raw");
}

bool isBigEndian(const NrrdHeader& header, ScalarType type, Encoding encoding,
                 std::vector<std::string>& notes) {
    const std::string text = lowered(header.field("endian"));
    if (text.empty() && type.bytes > 1 && encoding != Encoding::Text)
        notes.emplace_back("The header does not say in which order bytes stand; little endian is assumed.");
    return text == "big";
}

std::int64_t skipOf(const NrrdHeader& header, const std::string& field, const std::string& shown,
                    const std::string& name) {
    const std::vector<std::int64_t> numbers = integersIn(header.field(field), shown, name);
    if (numbers.size() > 1)
        failNrrd(name, fmt::format("has several numbers in its field '{}'", shown));
    return numbers.empty() ? 0 : numbers.front();
}

class NrrdFormat : public VolumeFormat {
public:
    std::string name() const override { return "NRRD"; }

private:
    VolumeFile open(const fs::path& path) const override {
        const std::string shown = path.string();
        const NrrdHeader header = parseNrrdHeader(headerText(path), shown);
        VolumeFile file;
        NrrdAxes axes = axesOf(header, shown);
        file.axes = std::move(axes.axes);
        const std::uint64_t values = arrange(file, shown);
        file.header.geometry = axes.geometry;
        file.header.notes = std::move(axes.notes);
        file.header.details.timeStep = axes.timeStep;
        if (axes.coloured)
            file.header.details.channelNames = colourNames(file.header.shape.front());
        file.header.details.unit = shownName(header.field("sampleunits"));
        StoredValues stored;
        stored.type = typeOf(header, shown);
        stored.encoding = encodingOf(header, shown);
        stored.bigEndian = isBigEndian(header, stored.type, stored.encoding, file.header.notes);
        const std::string_view named = header.field("datafile");
        stored.files = named.empty() ? std::vector{path} : namedFiles(path, named, header.listed);
        stored.start = named.empty() ? header.end : 0;
        stored.lineSkip = skipOf(header, "lineskip", "line skip", shown);
        stored.byteSkip = skipOf(header, "byteskip", "byte skip", shown);
        attach(file, stored, values);
        return file;
    }
};

}  // namespace

std::unique_ptr<Format> nrrdFormat() {
    return std::make_unique<NrrdFormat>();
}

}  // namespace denoscope
