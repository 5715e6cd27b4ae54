// SPDX-License-Identifier: GPL-3.0-or-later
// Fused kernels against the plain operations: results and all gradients, in 1D, 2D and 3D, odd sizes, a
// second use, empty batches, memory that lies otherwise.
#include <ATen/ATen.h>

#include <QTest>

#include "engine/nets/Ops.h"
#include "tests/engine/KernelCheck.h"

using namespace denoscope;
using checks::compare;
using checks::random;

namespace {

const std::vector<Shape> shapes{{3, 5, 7},        {2, 64, 33},    {2, 16, 5, 9}, {1, 3, 1, 1},
                                {2, 33, 4, 6, 3}, {2, 8, 130, 3}, {0, 4, 6, 6},  {1, 2, 2, 2, 2}};

}  // namespace

class KernelsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::manual_seed(7); }

    void pointwise() {
        for (const Shape& shape : shapes) {
            const at::Tensor x = random(shape), y = random(shape);
            compare([](const auto& in) { return ops::mpSilu(in[0] * 3); }, {x});
            compare([](const auto& in) { return ops::mpSum(in[0], in[1], 0.3); }, {x, y});
            compare([](const auto& in) { return ops::mpCat(in[0], in[1], 0.4); }, {x, random([&] {
                                                                                       Shape other = shape;
                                                                                       other[1] =
                                                                                           2 * shape[1] + 1;
                                                                                       return other;
                                                                                   }())});
            compare([](const auto& in) { return ops::modulatedSilu(in[0], in[1], 0, true); },
                    {x, random({shape[0], shape[1]})});
            for (const Compat compat : {Compat::Paper, Compat::Reference}) {
                compare([&](const auto& in) { return ops::pixelNorm(in[0], 1, compat); }, {x});
                // Below the smallest norm the reference is linear.
                compare([&](const auto& in) { return ops::pixelNorm(in[0] * 1e-6, 1, compat); }, {x});
            }
        }
    }

    void normOfNothing() {
        for (const Compat compat : {Compat::Paper, Compat::Reference})
            compare([&](const auto& in) { return ops::pixelNorm(in[0], 1, compat); },
                    {at::zeros({1, 4, 3, 3})});
    }

    void usedTwice() {
        compare(
            [](const auto& in) {
                const at::Tensor a = ops::mpSilu(in[0]);
                return ops::mpSum(ops::pixelNorm(a, 1, Compat::Paper), ops::mpSum(a, in[0], 0.5), 0.3);
            },
            {random({2, 6, 5, 4})});
    }

    void otherLayouts() {
        compare([](const auto& in) { return ops::mpSilu(in[0].transpose(2, 3)); }, {random({2, 3, 4, 5})});
        compare([](const auto& in) { return ops::mpSum(in[0].transpose(2, 3), in[1], 0.3).slice(3, 1, 3); },
                {random({2, 3, 4, 5}), random({2, 3, 5, 4})});
    }

    void resampling() {
        compare([](const auto& in) { return ops::downsample(in[0], {2}); }, {random({2, 5, 9})});
        compare([](const auto& in) { return ops::downsample(in[0], {2, 2}); }, {random({2, 5, 8, 6})});
        compare([](const auto& in) { return ops::downsample(in[0], {1, 2, 2}); }, {random({2, 5, 3, 8, 6})});
        for (const Compat compat : {Compat::Paper, Compat::Reference}) {
            compare([&](const auto& in) { return ops::upsample(in[0], {2}, compat); }, {random({2, 5, 7})});
            compare(
                [&](const auto& in) {
                    return ops::upsample(in[0], {2, 2}, compat);
                },
                {random({2, 5, 1, 6})});
            compare(
                [&](const auto& in) {
                    return ops::upsample(in[0], {1, 2, 2}, compat);
                },
                {random({2, 5, 3, 4, 2})});
            compare(
                [&](const auto& in) {
                    return ops::upsample(in[0], {2, 2, 2}, compat);
                },
                {random({1, 3, 3, 4, 2})});
        }
    }

    void nanStaysNan() {
        const ComputeScope scope(Precision::Float32, Kernels::Fused);
        at::Tensor x = at::ones({1, 4, 3, 3});
        x[0][1][1][1] = std::nan("");
        for (const at::Tensor& y :
             {ops::mpSilu(x), ops::pixelNorm(x, 1, Compat::Paper), ops::mpSum(x, x, 0.3)})
            QVERIFY(y.isnan().any().item<bool>());
        QVERIFY(ops::mpSilu(x.to(at::kBFloat16)).isnan().any().item<bool>());
    }
};

QTEST_GUILESS_MAIN(KernelsTest)
#include "kernelsTest.moc"
