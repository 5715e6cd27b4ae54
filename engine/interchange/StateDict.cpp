// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/StateDict.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/api/Error.h"
#include "engine/core/Printable.h"

namespace denoscope {
namespace {

// The first layers of the package's two families of networks: what stands before them is the prefix of all.
constexpr std::array firstLayers{"init_conv.weight", "input_block.weight"};

// The buffers that the package's diffusion classes register.
constexpr std::array scheduleBuffers{"betas",
                                     "alphas_cumprod",
                                     "alphas_cumprod_prev",
                                     "sqrt_alphas_cumprod",
                                     "sqrt_one_minus_alphas_cumprod",
                                     "log_one_minus_alphas_cumprod",
                                     "sqrt_recip_alphas_cumprod",
                                     "sqrt_recipm1_alphas_cumprod",
                                     "posterior_variance",
                                     "posterior_log_variance_clipped",
                                     "posterior_mean_coef1",
                                     "posterior_mean_coef2",
                                     "loss_weight"};

// "model." of "model.init_conv.weight"; of several the shortest.
std::string networkPrefix(const TensorList& tensors) {
    const std::string* shortest = nullptr;
    std::size_t layerLength = 0;
    for (const NamedTensor& tensor : tensors)
        for (const std::string_view layer : firstLayers) {
            if (!tensor.name.ends_with(layer) || (shortest && shortest->size() <= tensor.name.size()))
                continue;
            if (tensor.name.size() > layer.size() &&
                tensor.name[tensor.name.size() - layer.size() - 1] != '.')
                continue;
            shortest = &tensor.name;
            layerLength = layer.size();
        }
    return shortest ? shortest->substr(0, shortest->size() - layerLength) : std::string();
}

// "wrapper." of "wrapper.model.".
std::string_view outerPrefix(std::string_view prefix) {
    if (prefix.empty())
        return prefix;
    const std::size_t dot = prefix.substr(0, prefix.size() - 1).rfind('.');
    return dot == std::string_view::npos ? std::string_view() : prefix.substr(0, dot + 1);
}

}  // namespace

bool isStateDict(const PickleDict& dict) {
    return !dict.entries.empty() &&
           std::all_of(dict.entries.begin(), dict.entries.end(), [](const auto& entry) {
               return std::holds_alternative<std::string_view>(entry.first) &&
                      std::holds_alternative<const PickleTensor*>(entry.second);
           });
}

TensorList namedTensors(const PickleDict& dict, const std::string& where) {
    constexpr const char* remedy = "in Python: torch.save(model.state_dict(), 'weights.pt')";
    TensorList tensors;
    for (const auto& [key, value] : dict.entries) {
        const auto* name = std::get_if<std::string_view>(&key);
        if (!name)
            throw EngineError(fmt::format("{} stands where a tensor's name belongs", kindOf(key)), where,
                              remedy);
        if (!std::all_of(name->begin(), name->end(), isPrintable))
            throw EngineError(fmt::format("the name {} has characters that no name has", inQuotes(*name)),
                              where, remedy);
        const auto* tensor = std::get_if<const PickleTensor*>(&value);
        if (!tensor)
            throw EngineError(fmt::format("the entry {} is {} and no tensor", inQuotes(*name), kindOf(value)),
                              where, remedy);
        tensors.push_back(
            {std::string(*name), {std::string((*tensor)->type->name), (*tensor)->shape, {}}, *tensor});
    }
    return tensors;
}

TensorList withoutPrefix(const TensorList& tensors, std::string_view prefix) {
    TensorList result;
    for (const NamedTensor& tensor : tensors)
        if (tensor.name.starts_with(prefix))
            result.push_back({tensor.name.substr(prefix.size()), tensor.stored, tensor.pickled});
    return result;
}

StateDictParts splitStateDict(const TensorList& tensors) {
    StateDictParts parts;
    parts.prefix = networkPrefix(tensors);
    const std::string_view outer = outerPrefix(parts.prefix);
    for (const NamedTensor& tensor : tensors) {
        const bool isNetwork = tensor.name.starts_with(parts.prefix);
        NamedTensor entry = tensor;
        if (isNetwork || tensor.name.starts_with(outer))
            entry.name.erase(0, isNetwork ? parts.prefix.size() : outer.size());
        // Without a prefix the schedule cannot be told by its place.
        const bool isSchedule =
            (!isNetwork || parts.prefix.empty()) &&
            std::find(scheduleBuffers.begin(), scheduleBuffers.end(), entry.name) != scheduleBuffers.end();
        if (!isSchedule)
            parts.parameters.push_back(entry.name);
        (isSchedule ? parts.schedule : isNetwork ? parts.network : parts.others).push_back(std::move(entry));
    }
    return parts;
}

}  // namespace denoscope
