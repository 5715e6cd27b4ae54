// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/Inception.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include "engine/api/Error.h"
#include "engine/metrics/InceptionPlan.h"

namespace denoscope {
namespace {

at::Tensor take(const std::map<std::string, at::Tensor>& weights, const std::string& name,
                const Shape& shape) {
    const auto found = weights.find(name);
    if (found == weights.end())
        throw EngineError("the Inception weights have no such tensor", name,
                          "give the weights that pytorch-fid uses (pt_inception-2015-12-05)");
    if (found->second.sizes().vec() != shape)
        throw EngineError(
            fmt::format("is {} and should be {}", toText(found->second.sizes().vec()), toText(shape)), name,
            "the file belongs to another network");
    return found->second.to(at::kCPU, at::kFloat).contiguous();
}

at::Tensor averaged(const at::Tensor& x) {  // over the neighbours that there are
    return at::avg_pool2d(x, {3, 3}, {1, 1}, {1, 1}, /*ceil_mode=*/false, /*count_include_pad=*/false);
}

at::Tensor halved(const at::Tensor& x) {
    return at::max_pool2d(x, {3, 3}, {2, 2});
}

}  // namespace

Inception::Inception(const std::map<std::string, at::Tensor>& weights) {
    for (const InceptionConvolution& layer : inceptionConvolutions()) {
        const auto normalisation = [&](const char* part) {
            return take(weights, layer.name + ".bn." + part, {layer.out});
        };
        m_layers[layer.name] = {
            take(weights, layer.name + ".conv.weight", {layer.out, layer.in, layer.height, layer.width}),
            normalisation("weight"),
            normalisation("bias"),
            normalisation("running_mean"),
            normalisation("running_var"),
            layer.stride,
            layer.padHeight,
            layer.padWidth};
    }
}

at::Tensor Inception::convolution(const std::string& name, const at::Tensor& x) const {
    constexpr double epsilon = 0.001;
    const Layer& layer = m_layers.at(name);
    const at::Tensor y =
        at::conv2d(x, layer.weight, {}, {layer.stride, layer.stride}, {layer.padHeight, layer.padWidth});
    return at::batch_norm(y, layer.scale, layer.shift, layer.mean, layer.variance, /*training=*/false,
                          /*momentum=*/0, epsilon, /*cudnn_enabled=*/false)
        .relu_();
}

at::Tensor Inception::through(const std::string& block, std::initializer_list<const char*> layers,
                              const at::Tensor& x) const {
    at::Tensor y = x;
    for (const char* layer : layers)
        y = convolution(block + "." + layer, y);
    return y;
}

at::Tensor Inception::blockA(const std::string& name, const at::Tensor& x) const {
    return at::cat({through(name, {"branch1x1"}, x), through(name, {"branch5x5_1", "branch5x5_2"}, x),
                    through(name, {"branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"}, x),
                    through(name, {"branch_pool"}, averaged(x))},
                   1);
}

at::Tensor Inception::blockB(const std::string& name, const at::Tensor& x) const {
    return at::cat({through(name, {"branch3x3"}, x),
                    through(name, {"branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"}, x), halved(x)},
                   1);
}

at::Tensor Inception::blockC(const std::string& name, const at::Tensor& x) const {
    return at::cat(
        {through(name, {"branch1x1"}, x), through(name, {"branch7x7_1", "branch7x7_2", "branch7x7_3"}, x),
         through(name,
                 {"branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3", "branch7x7dbl_4", "branch7x7dbl_5"},
                 x),
         through(name, {"branch_pool"}, averaged(x))},
        1);
}

at::Tensor Inception::blockD(const std::string& name, const at::Tensor& x) const {
    return at::cat(
        {through(name, {"branch3x3_1", "branch3x3_2"}, x),
         through(name, {"branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4"}, x), halved(x)},
        1);
}

at::Tensor Inception::blockE(const std::string& name, const at::Tensor& x, Pooling pooling) const {
    const at::Tensor once = through(name, {"branch3x3_1"}, x);
    const at::Tensor twice = through(name, {"branch3x3dbl_1", "branch3x3dbl_2"}, x);
    const at::Tensor pooled =
        pooling == Pooling::Average ? averaged(x) : at::max_pool2d(x, {3, 3}, {1, 1}, {1, 1});
    return at::cat({through(name, {"branch1x1"}, x), through(name, {"branch3x3_2a"}, once),
                    through(name, {"branch3x3_2b"}, once), through(name, {"branch3x3dbl_3a"}, twice),
                    through(name, {"branch3x3dbl_3b"}, twice), through(name, {"branch_pool"}, pooled)},
                   1);
}

at::Tensor Inception::features(const at::Tensor& images) const {
    constexpr std::int64_t side = 299;
    if (images.dim() != 4 || (images.size(1) != 1 && images.size(1) != 3))
        throw EngineError(fmt::format("{} are no grey or colour pictures", toText(images.sizes().vec())),
                          "--inception", "FID takes images of 1 or 3 channels");
    const at::NoGradGuard noGrad;
    const at::Tensor colour = images.expand({-1, 3, -1, -1}).contiguous();
    at::Tensor x = at::upsample_bilinear2d(colour, {side, side}, /*align_corners=*/false);
    for (const char* name : {"Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3"})
        x = convolution(name, x);
    x = halved(x);
    for (const char* name : {"Conv2d_3b_1x1", "Conv2d_4a_3x3"})
        x = convolution(name, x);
    x = halved(x);
    for (const char* name : {"Mixed_5b", "Mixed_5c", "Mixed_5d"})
        x = blockA(name, x);
    x = blockB("Mixed_6a", x);
    for (const char* name : {"Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"})
        x = blockC(name, x);
    x = blockD("Mixed_7a", x);
    x = blockE("Mixed_7b", x, Pooling::Average);
    x = blockE("Mixed_7c", x, Pooling::Maximum);
    return x.mean({2, 3});
}

}  // namespace denoscope
