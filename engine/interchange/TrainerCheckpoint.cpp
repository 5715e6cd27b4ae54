// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/TrainerCheckpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/api/Error.h"
#include "engine/core/Printable.h"

namespace denoscope {
namespace {

constexpr std::string_view emaPrefix = "ema_model.", onlinePrefix = "online_model.";
// Where programs put the weights: the package itself first.
constexpr std::array<std::string_view, 5> weightKeys{"model", "state_dict", "model_state_dict", "net",
                                                     "network"};

const PickleDict* asDict(const PickleValue* value) {
    const auto* dict = value ? std::get_if<PickleDict*>(value) : nullptr;
    return dict ? *dict : nullptr;
}
const std::vector<PickleValue>* asItems(const PickleValue* value) {
    const auto* sequence = value ? std::get_if<PickleSequence*>(value) : nullptr;
    return sequence ? &(*sequence)->items : nullptr;
}

// A count that may have been saved as a number or as a tensor of one.
std::optional<std::int64_t> wholeNumber(TorchFile& file, const PickleValue* value) {
    constexpr double largest = 9e15;  // whole numbers are exact in a double up to here
    const double number = value ? file.number(*value) : -1;
    if (!(number >= 0 && number <= largest) || number != std::floor(number))
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

std::string keysOf(const PickleDict& dict) {
    constexpr std::size_t most = 8;
    std::string keys;
    for (std::size_t i = 0; i < std::min(most, dict.entries.size()); ++i)
        if (const auto* key = std::get_if<std::string_view>(&dict.entries[i].first))
            keys += (keys.empty() ? "" : ", ") + inQuotes(*key);
    return dict.entries.size() > most ? keys + " ..." : keys;
}

const PickleDict& weightsIn(const PickleDict& root, const std::string& path) {
    for (const std::string_view key : weightKeys)
        if (const PickleDict* dict = asDict(root.find(key)); dict && !dict->entries.empty())
            return *dict;
    throw EngineError("holds no weights under a name that is known; its entries are " + keysOf(root), path,
                      "in Python: torch.save(model.state_dict(), 'weights.pt')");
}

// Tensors without dimensions or with one, depending on the EMA package's version.
void takeCounters(TorchFile& file, const PickleDict& ema, TrainerCheckpoint& target) {
    const auto step = wholeNumber(file, ema.find("step"));
    const auto initialized = wholeNumber(file, ema.find("initted"));
    if (step && initialized)
        target.counters = EmaCounters{*initialized != 0, *step};
}

[[noreturn]] void refuseAdam(const std::string& what, const TorchFile& file, const std::string& part) {
    throw EngineError(what, fmt::format("{}, 'opt', {}", file.path(), part),
                      "take the weights without the optimizer, which then starts afresh");
}

const PickleDict* onlyGroup(const PickleDict& adam) {
    const auto* groups = asItems(adam.find("param_groups"));
    return groups && groups->size() == 1 ? asDict(&groups->front()) : nullptr;
}

double setting(TorchFile& file, const PickleDict& group, std::string_view key) {
    const PickleValue* value = group.find(key);
    const double number = value ? file.number(*value) : std::nan("");
    if (!std::isfinite(number))
        refuseAdam(fmt::format("{} is no number", inQuotes(key)), file, "param_groups");
    return number;
}

AdamState readSettings(TorchFile& file, const PickleDict& group) {
    AdamState state;
    state.learningRate = setting(file, group, "lr");
    state.epsilon = setting(file, group, "eps");
    state.weightDecay = setting(file, group, "weight_decay");
    const auto* betas = asItems(group.find("betas"));
    if (!betas || betas->size() != 2)
        refuseAdam("has no two betas, so it is no Adam", file, "param_groups");
    state.beta1 = file.number((*betas)[0]);
    state.beta2 = file.number((*betas)[1]);
    if (!(state.beta1 >= 0 && state.beta1 < 1 && state.beta2 >= 0 && state.beta2 < 1))
        refuseAdam("its betas are not within 0 and 1", file, "param_groups");
    return state;
}

AdamMoment readMoment(TorchFile& file, const PickleDict& entry, const NamedTensor& parameter) {
    const auto moment = [&](std::string_view key) {
        const PickleValue* value = entry.find(key);
        const auto* tensor = value ? std::get_if<const PickleTensor*>(value) : nullptr;
        if (!tensor)
            refuseAdam(fmt::format("has no {}, so it is no Adam", key), file, inQuotes(parameter.name));
        if ((*tensor)->shape != parameter.stored.shape)
            refuseAdam(fmt::format("{} is {} where the parameter is {}", key, toText((*tensor)->shape),
                                   toText(parameter.stored.shape)),
                       file, inQuotes(parameter.name));
        return file.tensor(**tensor);
    };
    AdamMoment result{moment("exp_avg"), moment("exp_avg_sq")};
    const auto step = wholeNumber(file, entry.find("step"));
    if (!step)
        refuseAdam("its step is no whole number", file, inQuotes(parameter.name));
    result.step = static_cast<double>(*step);
    return result;
}

}  // namespace

void takeStateDict(const TensorList& tensors, TrainerCheckpoint& target) {
    target.ema = withoutPrefix(tensors, emaPrefix);
    target.online = target.ema.empty() ? tensors : withoutPrefix(tensors, onlinePrefix);
    target.layout = target.ema.empty() ? "state dict" : "state dict of an EMA";
}

TrainerCheckpoint readTrainerCheckpoint(TorchFile& file) {
    const PickleDict* root = asDict(&file.root());
    if (!root)
        throw EngineError(fmt::format("holds {} and no dict of weights", kindOf(file.root())), file.path(),
                          "in Python: torch.save(model.state_dict(), 'weights.pt')");
    TrainerCheckpoint checkpoint;
    if (isStateDict(*root)) {
        takeStateDict(namedTensors(*root, file.path()), checkpoint);
        if (!checkpoint.ema.empty())
            takeCounters(file, *root, checkpoint);
        return checkpoint;
    }
    takeStateDict(namedTensors(weightsIn(*root, file.path()), file.path() + ", weights"), checkpoint);
    checkpoint.layout = "checkpoint of a trainer";
    checkpoint.step = wholeNumber(file, root->find("step"));
    if (const PickleValue* version = root->find("version"))
        if (const auto* text = std::get_if<std::string_view>(version))
            checkpoint.version = printable(*text);
    if (const PickleDict* ema = asDict(root->find("ema"))) {
        checkpoint.ema = withoutPrefix(namedTensors(*ema, file.path() + ", 'ema'"), emaPrefix);
        takeCounters(file, *ema, checkpoint);
    }
    checkpoint.adam = asDict(root->find("opt"));
    return checkpoint;
}

bool hasAdamState(const PickleDict& adam, const StateDictParts& parts, const std::string& name) {
    const PickleDict *group = onlyGroup(adam), *states = asDict(adam.find("state"));
    const auto* ids = group ? asItems(group->find("params")) : nullptr;
    const auto place =
        std::find(parts.parameters.begin(), parts.parameters.end(), name) - parts.parameters.begin();
    if (!ids || !states || static_cast<std::size_t>(place) >= std::min(ids->size(), parts.parameters.size()))
        return false;
    const auto* id = std::get_if<std::int64_t>(&(*ids)[static_cast<std::size_t>(place)]);
    return id && states->find(*id);
}

AdamState readAdam(TorchFile& file, const PickleDict& adam, const StateDictParts& parts) {
    const PickleDict *group = onlyGroup(adam), *states = asDict(adam.find("state"));
    if (!group || !states)
        refuseAdam("is no state of one group of parameters", file, "param_groups");
    const auto* ids = asItems(group->find("params"));
    if (!ids || ids->size() != parts.parameters.size())
        refuseAdam(fmt::format("lists {} parameters where the model has {}", ids ? ids->size() : 0,
                               parts.parameters.size()),
                   file, "params");
    std::map<std::string_view, const NamedTensor*> byName;
    for (const TensorList* tensors : {&parts.network, &parts.others})
        for (const NamedTensor& tensor : *tensors)
            byName.emplace(tensor.name, &tensor);

    AdamState state = readSettings(file, *group);
    for (std::size_t i = 0; i < ids->size(); ++i) {
        const auto* id = std::get_if<std::int64_t>(&(*ids)[i]);
        if (!id)
            refuseAdam("lists something that is no number", file, "params");
        if (const PickleDict* entry = asDict(states->find(*id)))
            state.moments.emplace(parts.parameters[i],
                                  readMoment(file, *entry, *byName.at(parts.parameters[i])));
    }
    return state;
}

}  // namespace denoscope
