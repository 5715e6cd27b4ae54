// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions with weights of unit magnitude against the plain ones, by either algorithm that oneDNN has for
// them, and what they take of a whole batch against what they take of its items.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <QTest>
#include <cmath>

#include "engine/kernels/Convolution.h"
#include "engine/kernels/ConvolutionPrimitives.h"
#include "engine/nets/Ops.h"
#include "tests/engine/KernelCheck.h"

using namespace denoscope;
using checks::compare;
using checks::difference;
using checks::random;

namespace {

struct Case {
    Shape input, weight;
};
constexpr double rounding = 1e-5;

double rootOf(const Shape& weight) {
    return std::sqrt(static_cast<double>(elementCount(weight) / weight[0]));
}

// weight: a matrix, so that it stays in float32.
at::Tensor convolved(const at::Tensor& x, const at::Tensor& matrix, const Shape& shape, Compat compat) {
    const at::Tensor weight = matrix.view(shape);
    if (ops::fused(x))
        return kernels::UnitWeight(weight, rootOf(shape), compat).convolve(x);
    return ops::convolve(x, ops::normalizeWeight(weight, compat) / rootOf(shape));
}

bool usesWinograd(const Case& of, kernels::Winograd where) {
    kernels::ConvolutionPrimitives primitives({of.input, of.weight, false, 2, where});
    const std::string name = primitives.ofForward().about.impl_info_str();
    return name.find("wino") != std::string::npos;
}

const std::vector<Case> cases{
    {{2, 5, 9}, {7, 5, 3}},
    {{2, 16, 33}, {32, 16, 3}},
    {{2, 3, 6, 5}, {16, 3, 3, 3}},
    {{3, 32, 9, 8}, {24, 32, 1, 1}},
    {{2, 16, 4, 6, 5}, {8, 16, 3, 3, 3}},
    {{3, 64, 16, 16}, {48, 64, 3, 3}},  // from here on Winograd's
    {{3, 48, 17, 19}, {64, 48, 3, 3}},
    {{1, 80, 35, 16}, {96, 80, 3, 3}},
    {{2, 48, 32, 45}, {48, 48, 3, 3}},
    {{3, 96, 32, 32}, {48, 96, 3, 3}},
    {{0, 48, 16, 16}, {48, 48, 3, 3}},
};

}  // namespace

class ConvolutionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::manual_seed(11); }

    void computesTheSame() {
        for (const Case& of : cases)
            for (const Compat compat : {Compat::Paper, Compat::Reference})
                compare([&](const auto& in) { return convolved(in[0], in[1], of.weight, compat); },
                        {random(of.input), random({of.weight[0], elementCount(of.weight) / of.weight[0]})});
    }

    void withoutGradients() {
        for (const Case& of : cases) {
            const at::NoGradGuard noGrad;
            const at::Tensor x = random(of.input),
                             matrix = random({of.weight[0], elementCount(of.weight) / of.weight[0]});
            const at::Tensor plain = convolved(x, matrix, of.weight, Compat::Paper);
            const ComputeScope scope(Precision::Float32, Kernels::Fused);
            QVERIFY(difference(convolved(x, matrix, of.weight, Compat::Paper), plain) < 5e-6);
        }
    }

    // The first computation of what is computed again for its gradients.
    void comesOutAsWithGradients() {
        const ComputeScope scope(Precision::Float32, Kernels::Fused);
        for (const Case& of : cases) {
            const at::Tensor x = random(of.input), weight = random(of.weight);
            const kernels::UnitWeight unit(weight, rootOf(of.weight), Compat::Paper);
            const at::Tensor with = unit.convolve(x);
            const at::NoGradGuard noGrad;
            const kernels::AsWithGradients same;
            QVERIFY(unit.convolve(x).equal(with));
        }
    }

    // Otherwise the cases above would test one algorithm alone. Which processors have the other one is
    // oneDNN's to know.
    void choosesByExtents() {
        const Case image{{2, 64, 32, 32}, {48, 64, 3, 3}};
        if (!usesWinograd(image, kernels::Winograd::Training))
            QSKIP("oneDNN has no Winograd convolutions for this processor");
        QVERIFY(usesWinograd(image, kernels::Winograd::Sampling));
        QVERIFY(!usesWinograd(image, kernels::Winograd::Never));
        const Case smaller{{2, 64, 31, 32}, {48, 64, 3, 3}}, small{{2, 64, 15, 32}, {48, 64, 3, 3}},
            odd{{2, 65, 32, 32}, {48, 65, 3, 3}}, narrow{{2, 64, 32, 32}, {32, 64, 3, 3}},
            point{{2, 64, 32, 32}, {48, 64, 1, 1}};
        QVERIFY(usesWinograd(smaller, kernels::Winograd::Training));
        QVERIFY(!usesWinograd(smaller, kernels::Winograd::Sampling));
        for (const Case& other : {small, odd, narrow, point})
            QVERIFY(!usesWinograd(other, kernels::Winograd::Training));
    }

    // A seed gives the same item in any batch, but for rounding: oneDNN adds channels up in blocks that it
    // chooses by the batch.
    void itemsDoNotMeet() {
        const ComputeScope scope(Precision::Float32, Kernels::Fused);
        for (const Case& of : cases)
            for (const bool gradients : {false, true}) {
                const at::AutoGradMode mode(gradients);
                const at::Tensor x = random(of.input), weight = random(of.weight);
                const kernels::UnitWeight unit(weight, rootOf(of.weight), Compat::Paper);
                const at::Tensor together = unit.convolve(x);
                for (std::int64_t item = 0; item < x.size(0); ++item)
                    QVERIFY(difference(unit.convolve(x.narrow(0, item, 1)), together.narrow(0, item, 1)) <
                            rounding);
            }
    }

    void inputGradientsDoNotMeet() {
        const ComputeScope scope(Precision::Float32, Kernels::Fused);
        for (const Case& of : cases) {
            const at::Tensor x = random(of.input).set_requires_grad(true),
                             weight = random(of.weight).set_requires_grad(true);
            const kernels::UnitWeight unit(weight, rootOf(of.weight), Compat::Paper);
            const at::Tensor y = unit.convolve(x), gy = random(y.sizes().vec());
            const at::Tensor together = torch::autograd::grad({y}, {x}, {gy})[0];
            for (std::int64_t item = 0; item < x.size(0); ++item) {
                const at::Tensor one = x.detach().narrow(0, item, 1).set_requires_grad(true);
                const auto alone =
                    torch::autograd::grad({unit.convolve(one)}, {one}, {gy.narrow(0, item, 1)});
                QVERIFY(difference(alone[0], together.narrow(0, item, 1)) < rounding);
            }
        }
    }
};

QTEST_GUILESS_MAIN(ConvolutionTest)
#include "convolutionTest.moc"
