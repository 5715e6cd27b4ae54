// SPDX-License-Identifier: GPL-3.0-or-later
// Inception v3 as it is used for FID: the network of pytorch-fid, whose weights (pt_inception-2015-12-05) are
// those that Heusel et al. 2017 (arXiv:1706.08500) computed with. It differs from torchvision's in its
// pooling branches: averages leave the padding out of the count, and the last block (Mixed_7c) takes the
// maximum instead. Input pictures are resized to 299 x 299 by linear interpolation; the 2048 features are the
// means over the last 8 x 8 places.
//
// The weights are not part of this program: the person supplies the file. What is computed was checked block
// by block against an independent computation with made weights, and every shape and count by arithmetic, but
// NOT with the real file.
#pragma once

#include <ATen/core/Tensor.h>

#include <initializer_list>
#include <map>
#include <string>

namespace denoscope {

// Immutable; features() may be called from several threads at once.
class Inception {
public:
    // Tensors under the names of inceptionShapes(); others (fc.*, num_batches_tracked) are not looked at.
    // Throws EngineError naming the tensor that is missing or has another shape.
    explicit Inception(const std::map<std::string, at::Tensor>& weights);

    // images: (N, 1 or 3, H, W) float, black -1, white 1; grey ones are taken as three equal channels.
    // (N, 2048) float32. Throws EngineError for another number of channels.
    at::Tensor features(const at::Tensor& images) const;

    // The layers and blocks by themselves; `name` as in the plan: "Conv2d_1a_3x3", "Mixed_5b".
    at::Tensor convolution(const std::string& name, const at::Tensor& x) const;
    at::Tensor blockA(const std::string& name, const at::Tensor& x) const;  // 35 x 35
    at::Tensor blockB(const std::string& name, const at::Tensor& x) const;  // 35 -> 17
    at::Tensor blockC(const std::string& name, const at::Tensor& x) const;  // 17 x 17
    at::Tensor blockD(const std::string& name, const at::Tensor& x) const;  // 17 -> 8
    enum class Pooling { Average, Maximum };
    at::Tensor blockE(const std::string& name, const at::Tensor& x, Pooling pooling) const;  // 8 x 8

private:
    struct Layer {
        at::Tensor weight, scale, shift, mean, variance;
        std::int64_t stride, padHeight, padWidth;
    };
    // The layers of a block one after the other.
    at::Tensor through(const std::string& block, std::initializer_list<const char*> layers,
                       const at::Tensor& x) const;

    std::map<std::string, Layer> m_layers;
};

}  // namespace denoscope
