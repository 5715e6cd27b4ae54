// SPDX-License-Identifier: GPL-3.0-or-later
// A reference case computed by the Python package: tensors and, in the file's metadata, what was computed.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <nlohmann/json.hpp>

#include "engine/core/Safetensors.h"
#include "engine/core/Tensors.h"
#include "engine/nets/KarrasUNet.h"

namespace denoscope {

class GoldenCase {
public:
    explicit GoldenCase(const std::string& path)
        : m_file(path), m_meta(nlohmann::json::parse(m_file.metadata().at("meta"))) {}

    const nlohmann::json& meta() const { return m_meta; }
    bool has(const std::string& name) const { return m_file.tensors().contains(name); }
    const std::map<std::string, StoredTensor>& tensors() const { return m_file.tensors(); }

    at::Tensor tensor(const std::string& name) const {
        const StoredTensor& stored = m_file.at(name);
        const at::Tensor result = at::empty(stored.shape, stored.dtype == "I64" ? at::kLong : at::kFloat);
        copyStored(stored, name, result);
        return result;
    }

    // The constructor arguments of the package's Karras networks as ours, in reference mode without dropout.
    KarrasOptions karrasOptions() const {
        const nlohmann::json& args = m_meta.at("args");
        KarrasOptions options;
        ModelConfig& model = options.model;
        model.compat = Compat::Reference;
        model.dropout = 0;
        model.width = args.at("dim");
        model.maxWidth = args.at("dim_max");
        model.downsamples = args.at("num_downsamples");
        model.attention = args.at("attn_res").get<std::vector<std::int64_t>>();
        model.headSize = args.at("attn_dim_head");
        model.selfCondition = args.value("self_condition", false);
        model.factorizedAttention = args.value("factorize_space_time_attn", false);
        options.channels = args.at("channels");
        options.classes = args.value("num_classes", 0);
        options.blocksPerStage =
            blocks(args.at("num_blocks_per_stage"), static_cast<std::size_t>(model.downsamples));
        for (const nlohmann::json& type : args.value("downsample_types", nlohmann::json::array()))
            model.downsampleTypes.push_back(type == "image"   ? DownsampleType::Image
                                            : type == "frame" ? DownsampleType::Frame
                                                              : DownsampleType::All);
        options.size = tensor("in.x").sizes().slice(2).vec();
        return options;
    }

private:
    static std::vector<std::int64_t> blocks(const nlohmann::json& given, std::size_t downsamples) {
        if (given.is_number())
            return std::vector<std::int64_t>(downsamples + 1, given.get<std::int64_t>());
        auto list = given.get<std::vector<std::int64_t>>();
        if (list.size() == downsamples)  // the package gives the first stage as many blocks as the second
            list.insert(list.begin(), list.front());
        return list;
    }

    SafetensorsFile m_file;
    nlohmann::json m_meta;
};

// Largest difference relative to the largest magnitude of the expected tensor.
inline double relativeError(const at::Tensor& actual, const at::Tensor& expected) {
    return ((actual - expected).abs().max() / expected.abs().max().clamp_min(1e-30)).item<double>();
}

}  // namespace denoscope
