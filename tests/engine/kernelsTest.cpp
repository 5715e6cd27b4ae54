// SPDX-License-Identifier: GPL-3.0-or-later
// Fused kernels against the plain operations: results and all gradients, in 1D, 2D and 3D, odd sizes, a
// second use, empty batches, memory that lies otherwise.
#include <ATen/ATen.h>

#include <QTest>
#include <functional>

#include "engine/core/Compute.h"
#include "engine/nets/KarrasUNet.h"
#include "engine/nets/Ops.h"

using namespace denoscope;

namespace {

using Operation = std::function<at::Tensor(const std::vector<at::Tensor>&)>;

struct Outcome {
    at::Tensor result;
    std::vector<at::Tensor> gradients;
};

Outcome run(const Operation& operation, const std::vector<at::Tensor>& inputs, Kernels kernels,
            at::ScalarType type) {
    std::vector<at::Tensor> leaves, used;
    for (const at::Tensor& input : inputs) {
        leaves.push_back(input.clone().set_requires_grad(true));
        used.push_back(input.dim() > 2 && type == at::kBFloat16 ? leaves.back().to(type) : leaves.back());
    }
    const ComputeScope scope(Precision::Float32, kernels);
    Outcome outcome;
    outcome.result = operation(used);
    // A weight for every element, so that no gradient can hide in a sum.
    const at::Tensor weights =
        at::arange(outcome.result.numel(), at::kFloat).sin().view(outcome.result.sizes());
    (outcome.result.to(at::kFloat) * weights).sum().backward();
    for (const at::Tensor& leaf : leaves)
        outcome.gradients.push_back(leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf));
    return outcome;
}

double difference(const at::Tensor& a, const at::Tensor& b) {
    if (a.sizes() != b.sizes())
        return HUGE_VAL;
    if (a.numel() == 0)
        return 0;
    const at::Tensor x = a.to(at::kDouble), y = b.to(at::kDouble);
    return (x - y).abs().max().item<double>() / (y.abs().max().item<double>() + 1e-12);
}

void compare(const Operation& operation, const std::vector<at::Tensor>& inputs) {
    const Outcome plain = run(operation, inputs, Kernels::Plain, at::kFloat);
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        const double allowed = type == at::kFloat ? 5e-5 : 4e-2;
        const Outcome fused = run(operation, inputs, Kernels::Fused, type);
        QVERIFY2(difference(fused.result, plain.result) < allowed,
                 qPrintable(QString::number(difference(fused.result, plain.result))));
        for (std::size_t i = 0; i < inputs.size(); ++i)
            QVERIFY2(difference(fused.gradients[i], plain.gradients[i]) < allowed,
                     qPrintable(QStringLiteral("gradient %1: %2")
                                    .arg(i)
                                    .arg(difference(fused.gradients[i], plain.gradients[i]))));
    }
}

at::Tensor random(const Shape& shape) {
    return at::randn(shape, at::TensorOptions().dtype(at::kFloat));
}

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
