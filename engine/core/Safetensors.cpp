// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Safetensors.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "engine/api/Error.h"
#include "engine/api/Nearest.h"
#include "engine/api/StrictJson.h"
#include "engine/core/Files.h"

namespace denoscope {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "the format is little-endian and mapped as it is");

constexpr std::uint64_t lengthBytes = 8;
constexpr std::uint64_t largestHeader = 100'000'000;  // the limit of the format's own reader

struct Dtype {
    std::string_view name;
    std::uint64_t bytes;
};
constexpr std::array dtypes{Dtype{"F64", 8}, Dtype{"F32", 4}, Dtype{"F16", 2}, Dtype{"BF16", 2},
                            Dtype{"I64", 8}, Dtype{"I32", 4}, Dtype{"I16", 2}, Dtype{"I8", 1},
                            Dtype{"U8", 1},  Dtype{"BOOL", 1}};

[[noreturn]] void refuse(const std::string& what, const std::string& where) {
    throw EngineError(what, where,
                      "the file is damaged or no safetensors file; restore it or choose another");
}

std::uint64_t bytesPerElement(const std::string& dtype, const std::string& where) {
    const auto found =
        std::find_if(dtypes.begin(), dtypes.end(), [&](const Dtype& known) { return known.name == dtype; });
    if (found == dtypes.end())
        refuse(fmt::format("the type '{}' is not known", dtype.substr(0, 32)), where);
    return found->bytes;
}

std::uint64_t wholeNumber(const json& value, const std::string& where) {
    if (!value.is_number_unsigned())
        refuse("a shape or offset is not a whole number", where);
    return value.get<std::uint64_t>();
}

// shape x element size, or refusal where that cannot be.
std::uint64_t claimedBytes(const Shape& shape, std::uint64_t elementBytes, const std::string& where) {
    std::uint64_t bytes = 0;
    try {
        if (__builtin_mul_overflow(static_cast<std::uint64_t>(elementCount(shape)), elementBytes, &bytes))
            refuse("the shape " + toText(shape) + " is impossible", where);
    } catch (const EngineError& error) {
        refuse(error.error().what, where);
    }
    return bytes;
}

const json& member(const json& entry, const char* name, bool isRightType, const std::string& where) {
    if (!isRightType)
        refuse(fmt::format("'{}' is missing or of the wrong type", name), where);
    return entry.at(name);
}

StoredTensor readEntry(const json& entry, std::span<const std::byte> data, const std::string& where) {
    if (!entry.is_object())
        refuse("the entry is no object", where);
    const auto has = [&](const char* name, auto isType) {
        return entry.contains(name) && isType(entry.at(name));
    };
    const auto isText = [](const json& value) { return value.is_string(); };
    const auto isList = [](const json& value) { return value.is_array(); };

    StoredTensor tensor;
    tensor.dtype = member(entry, "dtype", has("dtype", isText), where).get<std::string>();
    for (const json& extent : member(entry, "shape", has("shape", isList), where)) {
        const std::uint64_t value = wholeNumber(extent, where);
        if (value > static_cast<std::uint64_t>(INT64_MAX))
            refuse("an extent of the shape is impossible", where);
        tensor.shape.push_back(static_cast<std::int64_t>(value));
    }
    const json& offsets = member(entry, "data_offsets", has("data_offsets", isList), where);
    if (offsets.size() != 2)
        refuse("'data_offsets' needs a begin and an end", where);
    const std::uint64_t begin = wholeNumber(offsets[0], where), end = wholeNumber(offsets[1], where);
    if (begin > end || end > data.size())
        refuse(
            fmt::format("its data at {} to {} lies outside the {} bytes there are", begin, end, data.size()),
            where);
    const std::uint64_t claimed = claimedBytes(tensor.shape, bytesPerElement(tensor.dtype, where), where);
    if (claimed != end - begin)
        refuse(fmt::format("{} of {} needs {} bytes and has {}", toText(tensor.shape), tensor.dtype, claimed,
                           end - begin),
               where);
    tensor.bytes = data.subspan(begin, end - begin);
    return tensor;
}

// The data must be covered once, from its first byte to its last.
void checkCoverage(const std::map<std::string, StoredTensor>& tensors, std::span<const std::byte> data,
                   const std::string& where) {
    struct Extent {
        std::uint64_t begin, end;
        const std::string* name;
    };
    std::vector<Extent> extents;
    for (const auto& [name, tensor] : tensors) {
        const auto begin = static_cast<std::uint64_t>(tensor.bytes.data() - data.data());
        extents.push_back({begin, begin + tensor.bytes.size(), &name});
    }
    std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    std::uint64_t covered = 0;
    for (const Extent& extent : extents) {
        if (extent.begin != covered)
            refuse(fmt::format("the data of '{}' starts at {} and not at {}: {}", *extent.name, extent.begin,
                               covered, extent.begin < covered ? "tensors overlap" : "there is a hole"),
                   where);
        covered = extent.end;
    }
    if (covered != data.size())
        refuse(fmt::format("{} bytes at the end belong to no tensor", data.size() - covered), where);
}

class Descriptor {
public:
    explicit Descriptor(const fs::path& path) : m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (m_descriptor < 0)
            throw EngineError("cannot be opened: " + std::generic_category().message(errno), path.string(),
                              "check the path and your rights to it");
    }
    ~Descriptor() { ::close(m_descriptor); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_descriptor; }

private:
    int m_descriptor;
};

}  // namespace

struct SafetensorsFile::Mapping {
    void* address = MAP_FAILED;
    std::size_t length = 0;
    std::string where;
    std::map<std::string, StoredTensor> tensors;
    std::map<std::string, std::string> metadata;

    explicit Mapping(const fs::path& path) : where(path.string()) {
        const Descriptor file(path);
        struct stat status {};
        if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
            throw EngineError("is not a file", where, "choose a .safetensors file");
        length = static_cast<std::size_t>(status.st_size);
        if (length < lengthBytes)
            refuse(fmt::format("has {} bytes; the header alone needs more", length), where);
        address = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, file.get(), 0);
        if (address == MAP_FAILED)
            throw EngineError("cannot be mapped: " + std::generic_category().message(errno), where,
                              "check the free memory");
    }
    ~Mapping() {
        if (address != MAP_FAILED)
            ::munmap(address, length);
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    void parse() {
        const std::span<const std::byte> bytes(static_cast<const std::byte*>(address), length);
        std::uint64_t headerLength = 0;
        std::memcpy(&headerLength, bytes.data(), lengthBytes);
        if (headerLength > largestHeader || headerLength > length - lengthBytes)
            refuse(fmt::format("claims a header of {} bytes in a file of {}", headerLength, length), where);
        const auto data = bytes.subspan(lengthBytes + headerLength);
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + lengthBytes, headerLength);
        const json header = parseStrictJson(text, where + ", header");
        if (!header.is_object())
            refuse("the header is no object", where);
        for (const auto& [name, entry] : header.items()) {
            if (name == "__metadata__")
                readMetadata(entry);
            else
                tensors.emplace(name, readEntry(entry, data, fmt::format("{}, tensor '{}'", where, name)));
        }
        checkCoverage(tensors, data, where);
    }

    void readMetadata(const json& entry) {
        if (!entry.is_object())
            refuse("the metadata is no object", where);
        for (const auto& [key, value] : entry.items()) {
            if (!value.is_string())
                refuse(fmt::format("the metadata '{}' is no text", key), where);
            metadata.emplace(key, value.get<std::string>());
        }
    }
};

SafetensorsFile::SafetensorsFile(const fs::path& path) : m_mapping(std::make_unique<Mapping>(path)) {
    m_mapping->parse();
}
SafetensorsFile::~SafetensorsFile() = default;
SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;
SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&&) noexcept = default;

const std::map<std::string, StoredTensor>& SafetensorsFile::tensors() const {
    return m_mapping->tensors;
}
const std::map<std::string, std::string>& SafetensorsFile::metadata() const {
    return m_mapping->metadata;
}

const StoredTensor& SafetensorsFile::at(const std::string& name) const {
    const auto found = m_mapping->tensors.find(name);
    if (found != m_mapping->tensors.end())
        return found->second;
    std::vector<std::string> known;
    for (const auto& [other, tensor] : m_mapping->tensors)
        known.push_back(other);
    throw EngineError(fmt::format("holds no tensor '{}'", name), m_mapping->where,
                      known.empty() ? "it holds none at all"
                                    : fmt::format("the nearest is '{}'", nearestName(name, known)));
}

void writeSafetensors(const fs::path& path, const std::map<std::string, StoredTensor>& tensors,
                      const std::map<std::string, std::string>& metadata) {
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const auto& [name, tensor] : tensors) {
        const std::string where = fmt::format("{}, tensor '{}'", path.string(), name);
        if (claimedBytes(tensor.shape, bytesPerElement(tensor.dtype, where), where) != tensor.bytes.size())
            throw EngineError(fmt::format("{} of {} does not have {} bytes", toText(tensor.shape),
                                          tensor.dtype, tensor.bytes.size()),
                              where, "report this as a fault of the program");
        const std::uint64_t end = offset + tensor.bytes.size();
        header[name] = {{"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump();
    text.append((lengthBytes - text.size() % lengthBytes) % lengthBytes, ' ');
    writeFileAtomically(path, [&](std::ostream& stream) {
        const std::uint64_t length = text.size();
        stream.write(reinterpret_cast<const char*>(&length), lengthBytes);
        stream.write(text.data(), static_cast<std::streamsize>(text.size()));
        for (const auto& [name, tensor] : tensors)
            stream.write(reinterpret_cast<const char*>(tensor.bytes.data()),
                         static_cast<std::streamsize>(tensor.bytes.size()));
    });
}

}  // namespace denoscope
