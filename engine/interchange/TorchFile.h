// SPDX-License-Identifier: GPL-3.0-or-later
// A file of torch.save in PyTorch's zip format (1.6 and later), read without PyTorch and without executing
// anything.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/core/Safetensors.h"
#include "engine/core/ZipArchive.h"
#include "engine/interchange/PickleValue.h"

namespace denoscope {

// Opening reads the pickle and checks what every tensor in it claims: a type that is taken, a storage that is
// there with the size that it should have, an extent that lies inside. No weights are read before tensor()
// asks for them. What is no such file (TorchScript, the format before 1.6, another kind of file) is refused
// with the line of Python that makes one of it. Throws EngineError. Not to be used from two threads at once.
class TorchFile {
public:
    explicit TorchFile(const std::filesystem::path& path);

    const std::string& path() const { return m_path; }
    const PickleValue& root() const { return m_document.root; }

    // Row-major, gathered where the file keeps another order; the bytes live as long as this object.
    StoredTensor tensor(const PickleTensor& tensor);
    // A number, a truth value or a tensor of one element; NaN for anything else.
    double number(const PickleValue& value);

private:
    std::string memberOf(const PickleStorage& storage) const;
    void checkByteOrder() const;
    void check(const PickleTensor& tensor) const;
    const std::vector<std::byte>& storage(const std::string& member);
    std::span<const std::byte> gathered(const PickleTensor& tensor, std::span<const std::byte> data);

    std::string m_path;
    ZipArchive m_archive;
    std::string m_folder;  // of the archive, with its slash
    PickleDocument m_document;
    std::uint64_t m_gatherLeft;  // bytes that may still be gathered
    std::map<std::string, std::vector<std::byte>> m_storages;
    std::map<const PickleTensor*, std::vector<std::byte>> m_gathered;
};

}  // namespace denoscope
