// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/Features.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

Shape pooledShape(const Shape& item) {
    const std::int64_t side = item.size() == 2 ? 64 : item.size() == 3 ? 8 : 4;
    Shape pooled(item);
    std::for_each(pooled.begin() + 1, pooled.end(), [&](auto& extent) { extent = std::min(extent, side); });
    return pooled;
}

void requireItem(const Item& item, const Shape& shape, const std::string& set) {
    const auto where = [&] { return fmt::format("{}, {}", set, item.name); };
    if (item.array->shape != shape)
        throw EngineError(fmt::format("is {}, the first one is {}", toText(item.array->shape), toText(shape)),
                          where(), "bring all items to one size");
    if (!std::ranges::all_of(item.array->values, [](float value) { return std::isfinite(value); }))
        throw EngineError("holds a value that is not finite (NaN or infinite)", where(),
                          "leave this item out; of a model it says that sampling diverged");
}

}  // namespace

at::Tensor stacked(const std::vector<Item>& items, const std::string& set) {
    if (items.empty())
        throw EngineError("holds no items", set, "give at least 2");
    const Shape& shape = items.front().array->shape;
    if (shape.size() < 2 || shape.size() > 4 || elementCount(shape) == 0)
        throw EngineError(fmt::format("items of {} are no signals, images or volumes", toText(shape)), set,
                          "give channels and one to three extents");
    Shape all{static_cast<std::int64_t>(items.size())};
    all.insert(all.end(), shape.begin(), shape.end());
    at::Tensor tensor = at::empty(all, at::kFloat);
    float* next = tensor.data_ptr<float>();
    for (const Item& item : items) {
        requireItem(item, shape, set);
        next = std::copy(item.array->values.begin(), item.array->values.end(), next);
    }
    return tensor;
}

at::Tensor localMeans(const at::Tensor& items) {
    const Shape pooled = pooledShape(items.sizes().slice(1).vec());
    const at::IntArrayRef size(pooled.data() + 1, pooled.size() - 1);
    const at::Tensor means = pooled.size() == 2   ? at::adaptive_avg_pool1d(items, size)
                             : pooled.size() == 3 ? at::adaptive_avg_pool2d(items, size)
                                                  : at::adaptive_avg_pool3d(items, size);
    return means.flatten(1);
}

std::string localMeansText(const Shape& itemShape) {
    return toText(pooledShape(itemShape)) + " local means";
}

}  // namespace denoscope
