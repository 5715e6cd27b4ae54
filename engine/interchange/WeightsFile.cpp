// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/WeightsFile.h"

#include <fmt/format.h>

#include "engine/api/Error.h"
#include "engine/interchange/TorchFile.h"

namespace denoscope {

struct WeightsFile::Contents {
    std::string path;
    std::optional<TorchFile> torch;
    std::optional<SafetensorsFile> safetensors;
    TrainerCheckpoint checkpoint;
    StateDictParts online, ema;
    WeightsFacts facts;
};

WeightsFile::WeightsFile(const std::filesystem::path& path) : m_contents(std::make_unique<Contents>()) {
    Contents& contents = *m_contents;
    contents.path = path.string();
    if (path.extension() == ".safetensors") {
        contents.safetensors.emplace(path);
        TensorList tensors;
        for (const auto& [name, stored] : contents.safetensors->tensors())
            tensors.push_back({name, stored, nullptr});
        takeStateDict(tensors, contents.checkpoint);
        contents.checkpoint.layout = "safetensors";
    } else {
        contents.torch.emplace(path);
        contents.checkpoint = readTrainerCheckpoint(*contents.torch);
    }
    const TrainerCheckpoint& checkpoint = contents.checkpoint;
    contents.online = splitStateDict(checkpoint.online);
    contents.ema = splitStateDict(checkpoint.ema);
    contents.facts = {
        checkpoint.layout,
        checkpoint.version,
        checkpoint.step,
        checkpoint.counters,
        !checkpoint.online.empty(),
        !checkpoint.ema.empty(),
        checkpoint.adam != nullptr,
        contents.safetensors ? contents.safetensors->metadata() : std::map<std::string, std::string>()};
}

WeightsFile::~WeightsFile() = default;
WeightsFile::WeightsFile(WeightsFile&&) noexcept = default;
WeightsFile& WeightsFile::operator=(WeightsFile&&) noexcept = default;

const WeightsFacts& WeightsFile::facts() const {
    return m_contents->facts;
}

const StateDictParts& WeightsFile::parts(WeightsChoice choice) const {
    const bool isEma = choice == WeightsChoice::Ema;
    if (isEma ? !m_contents->facts.hasEma : !m_contents->facts.hasOnline)
        throw EngineError(fmt::format("holds no {} weights", isEma ? "EMA" : "online"), m_contents->path,
                          isEma ? "choose the online weights" : "choose the EMA weights");
    return isEma ? m_contents->ema : m_contents->online;
}

std::map<std::string, Shape> WeightsFile::shapes(WeightsChoice choice) const {
    std::map<std::string, Shape> shapes;
    for (const NamedTensor& tensor : parts(choice).network)
        shapes.emplace(tensor.name, tensor.stored.shape);
    return shapes;
}

std::vector<std::string> WeightsFile::names(WeightsChoice choice) const {
    std::vector<std::string> names;
    for (const NamedTensor& tensor : parts(choice).network)
        names.push_back(tensor.name);
    return names;
}

const std::string& WeightsFile::prefix(WeightsChoice choice) const {
    return parts(choice).prefix;
}

TensorMap WeightsFile::read(const TensorList& tensors) {
    TensorMap map;
    for (const NamedTensor& tensor : tensors)
        map.emplace(tensor.name, tensor.pickled ? m_contents->torch->tensor(*tensor.pickled) : tensor.stored);
    return map;
}

TensorMap WeightsFile::network(WeightsChoice choice) {
    return read(parts(choice).network);
}
TensorMap WeightsFile::schedule(WeightsChoice choice) {
    return read(parts(choice).schedule);
}
TensorMap WeightsFile::others(WeightsChoice choice) {
    return read(parts(choice).others);
}

std::optional<AdamState> WeightsFile::adam() {
    if (!m_contents->checkpoint.adam)
        return std::nullopt;
    return readAdam(*m_contents->torch, *m_contents->checkpoint.adam, m_contents->online);
}

std::optional<bool> WeightsFile::isTrained(const std::string& name) const {
    if (!m_contents->checkpoint.adam)
        return std::nullopt;
    return hasAdamState(*m_contents->checkpoint.adam, m_contents->online, name);
}

WeightsFile readWeights(const std::filesystem::path& path) {
    return WeightsFile(path);
}

}  // namespace denoscope
