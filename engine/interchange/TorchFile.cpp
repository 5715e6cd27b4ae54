// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/TorchFile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <limits>

#include "engine/api/Error.h"
#include "engine/core/Printable.h"
#include "engine/interchange/Pickle.h"

namespace denoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largestPickle = 64ULL << 20U;  // some hundred times that of the largest models
constexpr std::uint64_t gatherFactor = 2;              // gathered bytes against the file's
constexpr std::string_view saveAgain =
    "in Python: torch.save(torch.load('old.pt', weights_only=False), 'new.pt') with PyTorch 1.6 or later, "
    "for a file "
    "that you trust";
constexpr std::string_view saveWeights = "in Python: torch.save(model.state_dict(), 'weights.pt')";

[[noreturn]] void refuse(const std::string& what, const std::string& where, std::string_view remedy) {
    throw EngineError(what, where, std::string(remedy));
}

[[noreturn]] void refuseDamaged(const std::string& what, const std::string& where) {
    refuse(what, where, "the file is damaged or made to harm; copy or save it again");
}

// The first bytes and those where a tar archive has its mark.
std::string beginningOf(const fs::path& path) {
    constexpr std::string_view check = "check the path and your rights to it";
    if (!fs::is_regular_file(path))
        refuse(fs::exists(path) ? "is not a file" : "does not exist", path.string(), check);
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        refuse("cannot be opened", path.string(), check);
    std::string bytes(512, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    return bytes;
}

// Says what a file is that is no zip archive.
fs::path checkedKind(const fs::path& path) {
    using namespace std::string_view_literals;
    const std::string bytes = beginningOf(path);
    const auto starts = [&](std::string_view mark) { return bytes.starts_with(mark); };
    const std::string where = path.string();
    if (starts("PK\x03\x04"sv))
        return path;
    if (bytes.empty())
        refuse("is empty", where, saveWeights);
    if (starts("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e"sv))
        refuse("was written in the format before PyTorch 1.6, which is not read", where, saveAgain);
    if (bytes.size() > 262 && std::string_view(bytes).substr(257, 5) == "ustar")
        refuse("is a tar archive, as PyTorch before 0.1.10 or other programs write them", where, saveAgain);
    if (starts("\x80"sv) && bytes.size() > 1 && bytes[1] >= 2 && bytes[1] <= 5)
        refuse("is a bare pickle and not a file of torch.save", where,
               "in Python: import pickle, torch; torch.save(pickle.load(open('old.pkl', 'rb')), 'new.pt'), "
               "for a "
               "file that you trust");
    if (starts("\x89HDF"sv))
        refuse("is an HDF5 file, as Keras writes them", where, saveWeights);
    refuse("is no file of torch.save", where, saveWeights);
}

std::string folderOf(const ZipArchive& archive, const std::string& path) {
    constexpr std::string_view pickle = "data.pkl";
    std::string folder;
    bool found = false, isNumpy = false;
    for (const auto& [name, member] : archive.members()) {
        isNumpy = isNumpy || name.ends_with(".npy");
        if (!name.ends_with(pickle) ||
            (name.size() > pickle.size() && name[name.size() - pickle.size() - 1] != '/'))
            continue;
        if (found)
            refuseDamaged("holds two pickles: " + inQuotes(folder + "data.pkl") + " and " + inQuotes(name),
                          path);
        found = true;
        folder = name.substr(0, name.size() - pickle.size());
    }
    if (!found && isNumpy)
        refuse("is an archive of NumPy arrays and not a file of torch.save", path, saveWeights);
    if (!found)
        refuse("is a zip archive without data.pkl, so torch.save did not write it", path, saveWeights);
    const auto inside = [&](std::string_view prefix) {
        const auto first = archive.members().lower_bound(folder + std::string(prefix));
        return first != archive.members().end() && first->first.starts_with(folder + std::string(prefix));
    };
    if (inside("constants.pkl") || inside("code/"))
        refuse("is a TorchScript archive: it holds a program, and programs are not run", path,
               "in Python: torch.save(torch.jit.load('script.pt').state_dict(), 'weights.pt')");
    return folder;
}

PickleDocument readDocument(const ZipArchive& archive, const std::string& folder, const std::string& path) {
    const std::string name = folder + "data.pkl";
    if (archive.members().at(name).bytes > largestPickle)
        refuseDamaged(fmt::format("its pickle has {} bytes, far more than names and shapes need",
                                  archive.members().at(name).bytes),
                      path);
    return readPickle(archive.read(name), fmt::format("{}, {}", path, printable(name)));
}

std::uint64_t countOf(const Shape& shape, const std::string& where) {
    try {
        return static_cast<std::uint64_t>(elementCount(shape));
    } catch (const EngineError& error) {
        refuseDamaged(error.error().what, where);
    }
}

bool isRowMajor(const PickleTensor& tensor) {
    std::int64_t expected = 1;
    for (std::size_t axis = tensor.shape.size(); axis-- > 0;) {
        if (tensor.shape[axis] != 1 && tensor.strides[axis] != expected)
            return false;
        expected *= tensor.shape[axis];
    }
    return true;
}

template <typename Element>
double elementAs(std::span<const std::byte> bytes) {
    Element value;
    std::memcpy(&value, bytes.data(), sizeof(Element));
    return static_cast<double>(value);
}

double firstElement(const StoredTensor& tensor) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (tensor.shape.size() > 1 || elementCount(tensor.shape) != 1)
        return none;
    return tensor.dtype == "F32"    ? elementAs<float>(tensor.bytes)
           : tensor.dtype == "F64"  ? elementAs<double>(tensor.bytes)
           : tensor.dtype == "I64"  ? elementAs<std::int64_t>(tensor.bytes)
           : tensor.dtype == "I32"  ? elementAs<std::int32_t>(tensor.bytes)
           : tensor.dtype == "U8"   ? elementAs<std::uint8_t>(tensor.bytes)
           : tensor.dtype == "BOOL" ? elementAs<std::uint8_t>(tensor.bytes)
                                    : none;
}

}  // namespace

TorchFile::TorchFile(const fs::path& path)
    : m_path(path.string()),
      m_archive(checkedKind(path)),
      m_folder(folderOf(m_archive, m_path)),
      m_gatherLeft(fs::file_size(path) * gatherFactor) {
    checkByteOrder();
    m_document = readDocument(m_archive, m_folder, m_path);
    for (const PickleTensor& tensor : m_document.tensors)
        check(tensor);
}

void TorchFile::checkByteOrder() const {
    constexpr std::uint64_t longest = 16;
    const auto member = m_archive.members().find(m_folder + "byteorder");
    if (member == m_archive.members().end())
        return;  // PyTorch before 2.1 did not say and wrote the machine's own, which is little-endian nearly
                 // everywhere
    if (member->second.bytes > longest)
        refuseDamaged("its byte order takes " + std::to_string(member->second.bytes) + " bytes", m_path);
    const std::vector<std::byte> bytes = m_archive.read(member->first);
    const std::string_view order(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (order != "little")
        refuse("its numbers are stored with the byte order " + inQuotes(order) + ", which is not read",
               m_path,
               "save it on a little-endian machine, such as any PC: "
               "torch.save(torch.load('old.pt', weights_only=True), 'new.pt')");
}

std::string TorchFile::memberOf(const PickleStorage& storage) const {
    return m_folder + "data/" + std::string(storage.key);
}

void TorchFile::check(const PickleTensor& tensor) const {
    const PickleStorage& storage = *tensor.storage;
    const std::string where = fmt::format("{}, {}data.pkl, byte {}, a tensor of the storage {}", m_path,
                                          printable(m_folder), tensor.position, inQuotes(storage.key));
    if (!tensor.type || tensor.type->name.empty())
        refuse(fmt::format("the type torch.{} is not taken", tensor.type ? tensor.type->dtype : "unknown"),
               where,
               "in Python: convert it before saving, for example with tensor.float(), or leave it out");
    const auto member = m_archive.members().find(memberOf(storage));
    if (member == m_archive.members().end())
        refuseDamaged("its data are not in the archive", where);
    const std::uint64_t unit = storage.type ? storage.type->bytes : 1;
    std::uint64_t claimed = 0;
    if (__builtin_mul_overflow(static_cast<std::uint64_t>(storage.elements), unit, &claimed) ||
        claimed != member->second.bytes)
        refuseDamaged(fmt::format("the storage has {} bytes where {} elements of {} are claimed",
                                  member->second.bytes, storage.elements, unit),
                      where);
    // The last element: offset + the sum over axes of (extent - 1) x stride.
    std::int64_t last = tensor.offset;
    bool isPossible = tensor.offset >= 0, isEmpty = false;
    for (std::size_t axis = 0; axis < tensor.shape.size() && isPossible; ++axis) {
        std::int64_t reach = 0;
        const std::int64_t extent = tensor.shape[axis], stride = tensor.strides[axis];
        isEmpty = isEmpty || extent == 0;
        isPossible = extent >= 0 && stride >= 0 &&
                     !__builtin_mul_overflow(std::max(extent - 1, INT64_C(0)), stride, &reach) &&
                     !__builtin_add_overflow(last, reach, &last);
    }
    if (!isPossible)
        refuseDamaged(fmt::format("its offset {}, shape or strides are impossible", tensor.offset), where);
    const std::uint64_t elements = claimed / tensor.type->bytes;
    if (!isEmpty && static_cast<std::uint64_t>(last) >= elements)
        refuseDamaged(fmt::format("the tensor of shape {} ends at element {} where its storage has {}",
                                  toText(tensor.shape), last, elements),
                      where);
    if (countOf(tensor.shape, where) > elements)
        refuse(fmt::format("the tensor of shape {} repeats the {} elements of its storage",
                           toText(tensor.shape), elements),
               where, "in Python: save tensor.contiguous() and not an expanded tensor");
}

const std::vector<std::byte>& TorchFile::storage(const std::string& member) {
    const auto found = m_storages.find(member);
    return found != m_storages.end() ? found->second
                                     : m_storages.emplace(member, m_archive.read(member)).first->second;
}

std::span<const std::byte> TorchFile::gathered(const PickleTensor& tensor, std::span<const std::byte> data) {
    if (const auto found = m_gathered.find(&tensor); found != m_gathered.end())
        return found->second;
    const std::uint64_t unit = tensor.type->bytes;
    const auto count = static_cast<std::uint64_t>(elementCount(tensor.shape));
    if (count * unit > m_gatherLeft)
        refuseDamaged("its tensors overlap so much that they claim more memory than the file has bytes",
                      m_path);
    m_gatherLeft -= count * unit;
    std::vector<std::byte> result(count * unit);
    Shape index(tensor.shape.size(), 0);
    std::int64_t source = tensor.offset;
    for (std::uint64_t element = 0; element < count; ++element) {
        std::memcpy(result.data() + element * unit, data.data() + static_cast<std::uint64_t>(source) * unit,
                    unit);
        for (std::size_t axis = index.size(); axis-- > 0;) {
            if (tensor.shape[axis] == 1)
                continue;  // whose stride may be anything
            source += tensor.strides[axis];
            if (++index[axis] < tensor.shape[axis])
                break;
            source -= tensor.strides[axis] * tensor.shape[axis];
            index[axis] = 0;
        }
    }
    return m_gathered.emplace(&tensor, std::move(result)).first->second;
}

StoredTensor TorchFile::tensor(const PickleTensor& tensor) {
    StoredTensor stored{std::string(tensor.type->name), tensor.shape, {}};
    const auto count = static_cast<std::uint64_t>(elementCount(tensor.shape));
    if (count == 0)
        return stored;
    const std::span<const std::byte> data = storage(memberOf(*tensor.storage));
    const std::uint64_t unit = tensor.type->bytes;
    stored.bytes = isRowMajor(tensor)
                       ? data.subspan(static_cast<std::uint64_t>(tensor.offset) * unit, count * unit)
                       : gathered(tensor, data);
    return stored;
}

double TorchFile::number(const PickleValue& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    if (const auto* truth = std::get_if<bool>(&value))
        return *truth ? 1 : 0;
    if (const auto* held = std::get_if<const PickleTensor*>(&value))
        return firstElement(tensor(**held));
    return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace denoscope
