// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions with weights of unit magnitude against the plain ones, by either algorithm, and what they make
// of a whole batch against what they make of its items.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <QTest>
#include <cmath>

#include "engine/core/Processor.h"
#include "engine/kernels/Convolution.h"
#include "engine/kernels/Layout.h"
#include "engine/kernels/PointConvolution.h"
#include "engine/kernels/WinogradConvolution.h"
#include "engine/nets/Ops.h"
#include "tests/engine/KernelCheck.h"

namespace denoscope::kernels {
namespace base {
extern const WinogradLoops winograd;
}
namespace avx2 {
extern const WinogradLoops winograd;
}
}  // namespace denoscope::kernels

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
    return std::sqrt(static_cast<double>(elementCount(weight)) / static_cast<double>(weight[0]));
}

// weight: a matrix, so that it stays in float32.
at::Tensor convolved(const at::Tensor& x, const at::Tensor& matrix, const Shape& shape, Compat compat) {
    const at::Tensor weight = matrix.view(shape);
    if (ops::fused(x))
        return kernels::UnitWeight(weight, rootOf(shape), compat).convolve(x);
    return ops::convolve(x, ops::normalizeWeight(weight, compat) / rootOf(shape));
}

kernels::ConvolutionProblem problemOf(const Case& of, int threads = 2) {
    return {of.input, of.weight, false, threads};
}
bool usesWinograd(const Case& of) {
    return kernels::WinogradConvolution::serves(problemOf(of));
}

const std::vector<Case> directCases{
    {{2, 5, 9}, {7, 5, 3}},
    {{2, 16, 33}, {32, 16, 3}},
    {{2, 32, 30}, {32, 32, 5}},
    {{2, 32, 5}, {32, 32, 3}},
    {{2, 3, 6, 5}, {16, 3, 3, 3}},
    {{3, 32, 9, 8}, {24, 32, 1, 1}},
    {{2, 40, 16, 16}, {32, 40, 3, 3}},
    {{2, 32, 64}, {24, 32, 3}},
    {{2, 32, 64}, {1, 32, 3}},
    {{2, 16, 4, 6, 5}, {8, 16, 3, 3, 3}},
};
const std::vector<Case> pointCases{
    {{3, 80, 11}, {16, 80, 1}},
    {{2, 32, 17, 19}, {48, 32, 1, 1}},
    {{1, 48, 3, 5, 30}, {144, 48, 1, 1, 1}},
    {{0, 32, 8, 8}, {32, 32, 1, 1}},
};
// Lines that end within a tile and others, one block and several, panels of columns of every width.
const std::vector<Case> winogradCases{
    {{2, 32, 15}, {32, 32, 3}},
    {{3, 48, 64}, {80, 48, 3}},
    {{1, 32, 1030}, {112, 32, 3}},
    {{2, 64, 16, 16}, {48, 64, 3, 3}},
    {{3, 48, 17, 19}, {64, 48, 3, 3}},
    {{1, 144, 35, 16}, {32, 144, 3, 3}},
    {{2, 32, 1, 160}, {48, 32, 3, 3}},
    {{2, 32, 12, 4}, {48, 32, 1, 3}},
    {{2, 48, 3, 5, 7}, {32, 48, 3, 3, 3}},
    {{1, 32, 6, 20, 18}, {64, 32, 3, 3, 3}},
    {{2, 32, 2, 3, 8}, {32, 32, 5, 1, 3}},
    {{2, 32, 1, 2, 8}, {32, 32, 3, 5, 3}},
    {{1, 32, 4, 1, 12}, {48, 32, 3, 3, 3}},
    {{4, 32, 300}, {80, 32, 3}},
    {{0, 48, 16, 16}, {48, 48, 3, 3}},
};

std::vector<Case> allCases() {
    std::vector<Case> all = directCases;
    for (const auto* more : {&pointCases, &winogradCases})
        all.insert(all.end(), more->begin(), more->end());
    return all;
}

// Of one block within a volume: both directions and the gradient of the weight.
std::vector<at::Tensor> resultsOf(const kernels::WinogradLoops& loops) {
    const kernels::WinogradShape shape{1, 2, 6, 19, 3, 3, 32, 80, 9, 5, 6 * 9 * 32 * 80, false};
    kernels::WinogradShape back = shape;
    std::swap(back.in, back.out);
    back.turned = true;
    const kernels::WinogradBlock block{0, 1, 2, 3, 1, 4};
    at::manual_seed(5);
    const at::Tensor x = random({2, 6, 19, shape.in}), gy = random({2, 6, 19, shape.out}),
                     weight = random({shape.out, shape.in, 27}), packed = at::zeros({shape.weights}),
                     sums = at::zeros({2, shape.weights}), y = at::zeros_like(gy), gx = at::zeros_like(x),
                     gradient = at::zeros_like(weight),
                     scratch = random({kernels::winogradScratch(back, block.lines, block.tiles)});
    const auto in = [](const at::Tensor& tensor) { return tensor.data_ptr<float>(); };
    loops.pack(shape, in(weight), 0, shape.in, in(packed));
    loops.outputs(shape, in(x), in(packed), block, in(scratch), in(y));
    loops.pack(back, in(weight), 0, back.in, in(packed));
    loops.outputs(back, in(gy), in(packed), block, in(scratch), in(gx));
    for (const std::int64_t part : {0, 1})
        loops.sumGradient(shape, in(x), in(gy), block, {16 * part, 48}, in(scratch), in(sums[part]));
    loops.weightGradient(shape, in(sums), 2, 0, shape.out, in(gradient));
    return {y, gx, gradient};
}

// Those that this processor could use, too.
std::vector<const kernels::WinogradLoops*> loopsOfLess() {
    std::vector<const kernels::WinogradLoops*> loops{&kernels::base::winograd};
#ifdef DENOSCOPE_LOOPS_avx2
    if (processor() >= Processor::Avx2)
        loops.push_back(&kernels::avx2::winograd);
#endif
    return loops;
}

}  // namespace

class ConvolutionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::manual_seed(11); }

    void computesTheSame() {
        for (const Case& of : allCases())
            for (const Compat compat : {Compat::Paper, Compat::Reference})
                compare([&](const auto& in) { return convolved(in[0], in[1], of.weight, compat); },
                        {random(of.input), random({of.weight[0], elementCount(of.weight) / of.weight[0]})});
    }

    void withoutGradients() {
        for (const Case& of : allCases()) {
            const at::NoGradGuard noGrad;
            const at::Tensor x = random(of.input),
                             matrix = random({of.weight[0], elementCount(of.weight) / of.weight[0]});
            const at::Tensor plain = convolved(x, matrix, of.weight, Compat::Paper);
            const ComputeScope scope(Precision::Float32, Kernels::Fused);
            QVERIFY(difference(convolved(x, matrix, of.weight, Compat::Paper), plain) < 5e-6);
        }
    }

    // Kept for one layout and weight, and asked for with others.
    void packedWeightsAreThoseAskedFor() {
        const ComputeScope scope(Precision::Float32, Kernels::Fused);
        const at::NoGradGuard noGrad;
        const kernels::KeepPackedWeights keep;
        const Shape shape{32, 32, 3};
        const at::Tensor weight = random(shape);
        const kernels::UnitWeight unit(weight, rootOf(shape), Compat::Paper);
        for (const std::int64_t width : {64, 5, 64}) {
            const at::Tensor x = random({2, 32, width});
            for (int change = 0; change < 2; ++change) {
                weight.add_(random(shape));
                const at::Tensor plain =
                    ops::convolve(x, ops::normalizeWeight(weight, Compat::Paper) / rootOf(shape));
                for (int use = 0; use < 2; ++use)
                    QVERIFY(difference(unit.convolve(x), plain) < rounding);
            }
        }
    }

    // The first computation of what is computed again for its gradients.
    void comesOutAsWithGradients() {
        const ComputeScope scope(Precision::Float32, Kernels::Fused);
        for (const Case& of : allCases()) {
            const at::Tensor x = random(of.input), weight = random(of.weight);
            const kernels::UnitWeight unit(weight, rootOf(of.weight), Compat::Paper);
            const at::Tensor with = unit.convolve(x);
            const at::NoGradGuard noGrad;
            QVERIFY(unit.convolve(x).equal(with));
            const kernels::KeepPackedWeights keep;
            for (int use = 0; use < 2; ++use)
                QVERIFY(unit.convolve(x).equal(with));
        }
    }

    // Those of processors with less than this one.
    void loopsOfEveryProcessor() {
        const std::vector<at::Tensor> best = resultsOf(kernels::winogradLoops());
        for (const kernels::WinogradLoops* loops : loopsOfLess())
            for (std::size_t i = 0; const at::Tensor& result : resultsOf(*loops))
                QVERIFY(difference(result, best[i++]) < rounding);
    }

    // Otherwise the cases above would test one algorithm alone.
    void choosesTheAlgorithm() {
        for (const Case& of : directCases)
            QVERIFY(!usesWinograd(of));
        for (const Case& of : winogradCases)
            QVERIFY(usesWinograd(of));
        for (const Case& of : pointCases)
            QVERIFY(kernels::PointConvolution::serves(problemOf(of)) && !usesWinograd(of));
        QVERIFY(!kernels::WinogradConvolution::serves({{2, 32, 64}, {32, 32, 3}, true, 2}));  // bfloat16
        QVERIFY(!kernels::PointConvolution::serves({{2, 32, 64}, {32, 32, 1}, true, 2}));
        QVERIFY(!kernels::PointConvolution::serves({{2, 32, 64}, {32, 32, 3}, false, 2}));
        for (const Shape& nothing : {Shape{2, 32, 0, 8}, Shape{2, 32, 8, 0}})
            QVERIFY(!kernels::WinogradConvolution::serves({nothing, {32, 32, 3, 3}, false, 2}));
        QVERIFY(!kernels::WinogradConvolution::serves({{2, 32, 8, 8}, {32, 32, 2, 3}, false, 2}));
    }

    // Whether threads part it into few blocks or many.
    void threadsDoNotMatter() {
        for (const Case& of : winogradCases) {
            kernels::WinogradConvolution one(problemOf(of, 1));
            const at::Tensor x = kernels::channelsLast(random(of.input)), weight = random(of.weight);
            const at::Tensor y = one.forward(x, one.packForward(weight)), gradient = one.weightGradient(x, y);
            for (const int threads : {16, 24, 64}) {  // the outputs in groups of one size and in others
                kernels::WinogradConvolution many(problemOf(of, threads));
                QVERIFY(many.forward(x, many.packForward(weight)).equal(y));
                QVERIFY(difference(many.weightGradient(x, y), gradient) < rounding);
            }
        }
        for (const Case& of : pointCases) {
            kernels::PointConvolution few(problemOf(of, 1)), many(problemOf(of, 64));
            const at::Tensor x = kernels::channelsLast(random(of.input));
            const at::Tensor gy = few.forward(x, few.packForward(random(of.weight)));
            QVERIFY(difference(many.weightGradient(x, gy), few.weightGradient(x, gy)) < rounding);
        }
    }

    // A seed gives the same item in any batch. (oneDNN's may differ by rounding where there are many
    // channels, which it adds up in blocks that it chooses by the batch.)
    void itemsDoNotMeet() {
        const ComputeScope scope(Precision::Float32, Kernels::Fused);
        for (const Case& of : allCases())
            for (const bool gradients : {false, true}) {
                const at::AutoGradMode mode(gradients);
                const at::Tensor x = random(of.input), weight = random(of.weight);
                const kernels::UnitWeight unit(weight, rootOf(of.weight), Compat::Paper);
                const at::Tensor together = unit.convolve(x);
                for (std::int64_t item = 0; item < x.size(0); ++item)
                    QVERIFY(unit.convolve(x.narrow(0, item, 1)).equal(together.narrow(0, item, 1)));
            }
    }

    void inputGradientsDoNotMeet() {
        const ComputeScope scope(Precision::Float32, Kernels::Fused);
        for (const Case& of : allCases()) {
            const at::Tensor x = random(of.input).set_requires_grad(true),
                             weight = random(of.weight).set_requires_grad(true);
            const kernels::UnitWeight unit(weight, rootOf(of.weight), Compat::Paper);
            const at::Tensor y = unit.convolve(x), gy = random(y.sizes().vec());
            const at::Tensor together = torch::autograd::grad({y}, {x}, {gy})[0];
            for (std::int64_t item = 0; item < x.size(0); ++item) {
                const at::Tensor one = x.detach().narrow(0, item, 1).set_requires_grad(true);
                const auto alone =
                    torch::autograd::grad({unit.convolve(one)}, {one}, {gy.narrow(0, item, 1)});
                QVERIFY(alone[0].equal(together.narrow(0, item, 1)));
            }
        }
    }
};

QTEST_GUILESS_MAIN(ConvolutionTest)
#include "convolutionTest.moc"
