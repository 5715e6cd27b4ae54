// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/Layout.h"

#include <ATen/ATen.h>

namespace denoscope::kernels {

at::Tensor placesFirst(const at::Tensor& x) {
    return x.movedim(1, -1);
}
at::Tensor channelsSecond(const at::Tensor& x) {
    return x.movedim(-1, 1);
}

at::Tensor channelsLast(const at::Tensor& x) {
    const at::Tensor places = placesFirst(x);
    return places.is_contiguous() ? x : channelsSecond(places.contiguous());
}

at::Tensor emptyChannelsLast(at::IntArrayRef shape, at::ScalarType type) {
    Shape places = shape.vec();
    places.erase(places.begin() + 1);
    places.push_back(shape[1]);
    return channelsSecond(at::empty(places, at::TensorOptions().dtype(type)));
}

}  // namespace denoscope::kernels
