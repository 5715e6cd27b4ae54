// SPDX-License-Identifier: GPL-3.0-or-later
// Attention without the matrix of scores, against the definition in double precision: results and gradients.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <QTest>
#include <cmath>
#include <limits>

#include "engine/core/Noise.h"
#include "engine/kernels/Attention.h"
#include "engine/nets/Ops.h"
#include "tests/engine/Difference.h"

using namespace denoscope;
using checks::difference;

namespace {

struct Case {
    std::int64_t groups = 2, tokens = 9, heads = 2, size = 16, memory = 4;
    Compat compat = Compat::Paper;
};

at::Tensor defined(const at::Tensor& qkv, const at::Tensor& memory, Compat compat) {
    const std::int64_t groups = qkv.size(0), tokens = qkv.size(1), heads = memory.size(1),
                       size = memory.size(3);
    // (3, groups, heads, tokens, size)
    const at::Tensor split = qkv.view({groups, tokens, 3, heads, size}).permute({2, 0, 3, 1, 4});
    const auto withMemory = [&](std::int64_t which) {
        const at::Tensor first = memory[which].unsqueeze(0).expand({groups, -1, -1, -1});
        return ops::pixelNorm(at::cat({first, split[which + 1]}, 2), -1, compat);
    };
    const at::Tensor scores =
        at::matmul(ops::pixelNorm(split[0], -1, compat), withMemory(0).transpose(-2, -1));
    const at::Tensor shares = (scores / std::sqrt(static_cast<double>(size))).softmax(-1);
    return at::matmul(shares, withMemory(1)).permute({0, 2, 1, 3}).reshape({groups, tokens, heads * size});
}

struct Inputs {
    at::Tensor qkv, memory, weights;  // weights: the gradient of the result

    explicit Inputs(const Case& of)
        : qkv(standardNormal({of.groups, of.tokens, 3 * of.heads * of.size}, 1)),
          memory(standardNormal({2, of.heads, of.memory, of.size}, 2)),
          weights(standardNormal({of.groups, of.tokens, of.heads * of.size}, 3)) {}

    Inputs to(at::ScalarType type, at::ScalarType memoryType) const {
        Inputs result = *this;
        result.qkv = qkv.to(type);
        result.weights = weights.to(type);
        result.memory = memory.to(memoryType);
        return result;
    }
};

struct Outcome {
    at::Tensor result, qkv, memory;  // the last two: gradients
};

template <class Attend>
Outcome outcomeOf(const Inputs& inputs, const Attend& attend) {
    const at::Tensor qkv = inputs.qkv.detach().clone().set_requires_grad(true);
    const at::Tensor memory = inputs.memory.detach().clone().set_requires_grad(true);
    const at::Tensor result = attend(qkv, memory);
    const auto gradients = torch::autograd::grad({result}, {qkv, memory}, {inputs.weights});
    return {result.detach(), gradients[0], gradients[1]};
}

Outcome fused(const Inputs& inputs, const Case& of) {
    return outcomeOf(inputs, [&](const at::Tensor& qkv, const at::Tensor& memory) {
        return kernels::unitAttention(qkv, memory, of.heads, of.size, of.compat);
    });
}

bool close(const Outcome& a, const Outcome& b, double allowed) {
    const double result = difference(a.result, b.result), qkv = difference(a.qkv, b.qkv),
                 memory = difference(a.memory, b.memory);
    const bool fine = result < allowed && qkv < allowed && memory < allowed;
    if (!fine)
        qWarning("result %g, qkv %g, memory %g", result, qkv, memory);
    return fine;
}

bool identical(const Outcome& a, const Outcome& b) {
    return a.result.equal(b.result) && a.qkv.equal(b.qkv) && a.memory.equal(b.memory);
}

// In both precisions, each from the inputs as it has them.
bool asDefined(const Case& of) {
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        const Inputs inputs = Inputs(of).to(type, at::kFloat);
        const Outcome expected = outcomeOf(
            inputs.to(at::kDouble, at::kDouble),
            [&](const at::Tensor& qkv, const at::Tensor& memory) { return defined(qkv, memory, of.compat); });
        const Outcome found = fused(inputs, of);
        if (found.result.scalar_type() != type || found.qkv.scalar_type() != type ||
            !close(found, expected, type == at::kFloat ? 1e-5 : 2e-2))
            return false;
    }
    return true;
}

}  // namespace

class AttentionKernelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isAsDefined_data();
    void isAsDefined();
    void rowsWithoutLength();
    void nothingToAttend();
    void secondUse();
    void madeAgain();
    void gradientsAreOptional();
    void notANumberStays();
    void otherLayouts();
    void threadsDoNotMatter();
    void groupsDoNotMatter();
    void whatDoesNotFitIsRefused();
};

void AttentionKernelTest::isAsDefined_data() {
    QTest::addColumn<Case>("of");
    for (const Compat compat : {Compat::Paper, Compat::Reference}) {
        const char* name = compat == Compat::Paper ? "paper" : "reference";
        const auto add = [&](const char* what, Case of) {
            of.compat = compat;
            QTest::addRow("%s %s", name, what) << of;
        };
        add("one token", {3, 1, 2, 8, 4});
        add("odd tokens, odd memory", {2, 63, 3, 24, 5});
        add("odd tokens, even memory", {2, 201, 1, 40, 4});
        add("no memory", {1, 130, 2, 32, 0});
        add("small", {8, 64, 2, 64, 4});
        add("several blocks", {2, 300, 2, 64, 4});
        add("large heads", {1, 65, 1, 128, 2});
        add("odd heads", {2, 17, 5, 13, 1});
        add("several parts", {1, 1100, 1, 32, 4});
    }
}
void AttentionKernelTest::isAsDefined() {
    QFETCH(Case, of);
    QVERIFY(asDefined(of));
}

// Zeros have no direction, and short rows meet the smallest norm.
void AttentionKernelTest::rowsWithoutLength() {
    for (const Compat compat : {Compat::Paper, Compat::Reference}) {
        Case of;
        of.compat = compat;
        Inputs inputs(of);
        inputs.qkv.select(1, 3).zero_();
        inputs.qkv.select(1, 5).mul_(1e-3);
        inputs.memory.select(2, 0).zero_();
        const Outcome expected = outcomeOf(
            inputs.to(at::kDouble, at::kDouble),
            [&](const at::Tensor& qkv, const at::Tensor& memory) { return defined(qkv, memory, of.compat); });
        QVERIFY(close(fused(inputs, of), expected, 1e-5));
    }
}

void AttentionKernelTest::nothingToAttend() {
    for (const Case& of : {Case{0, 9, 2, 16, 4}, Case{2, 0, 2, 16, 4}, Case{2, 0, 2, 16, 0}}) {
        const Outcome found = fused(Inputs(of), of);
        QVERIFY(found.result.sizes() == at::IntArrayRef({of.groups, of.tokens, of.heads * of.size}));
        QVERIFY(found.qkv.sizes() == Inputs(of).qkv.sizes());
        QVERIFY(found.memory.equal(at::zeros({2, of.heads, of.memory, of.size})));
    }
}

void AttentionKernelTest::secondUse() {
    const Case of{2, 140, 2, 32, 4};
    const Inputs inputs(of);
    const at::Tensor qkv = inputs.qkv.clone().set_requires_grad(true);
    const at::Tensor memory = inputs.memory.clone().set_requires_grad(true);
    const at::Tensor result = kernels::unitAttention(qkv, memory, of.heads, of.size, of.compat);
    const auto once = torch::autograd::grad({result}, {qkv, memory}, {inputs.weights}, true);
    const auto twice = torch::autograd::grad({result}, {qkv, memory}, {inputs.weights});
    QVERIFY(once[0].equal(twice[0]) && once[1].equal(twice[1]));
    QVERIFY(identical({result.detach(), once[0], once[1]}, fused(inputs, of)));
}

// Instead of being kept: the same to the last bit, and through what it was made from.
void AttentionKernelTest::madeAgain() {
    const Case of{2, 140, 2, 32, 4};
    const Inputs inputs(of);
    int made = 0;
    const auto twiceOf = [&](const at::Tensor& from) {
        ++made;
        return from * 2;
    };
    const auto gradientsOf = [&](bool again) {
        const at::Tensor x = inputs.qkv.clone().set_requires_grad(true);
        const at::Tensor memory = inputs.memory.clone().set_requires_grad(true);
        const kernels::QkvSource source = again ? kernels::QkvSource{x, twiceOf} : kernels::QkvSource{};
        const at::Tensor result = kernels::unitAttention(x * 2, memory, of.heads, of.size, of.compat, source);
        return torch::autograd::grad({result}, {x, memory}, {inputs.weights});
    };
    const auto kept = gradientsOf(false), again = gradientsOf(true);
    QCOMPARE(made, 1);
    QVERIFY(kept[0].equal(again[0]) && kept[1].equal(again[1]));
}

void AttentionKernelTest::gradientsAreOptional() {
    const Case of;
    const Inputs inputs(of);
    const at::Tensor free = kernels::unitAttention(inputs.qkv, inputs.memory, of.heads, of.size, of.compat);
    QVERIFY(!free.requires_grad());
    QVERIFY(free.equal(fused(inputs, of).result));
    const at::Tensor memory = inputs.memory.clone().set_requires_grad(true);
    const at::Tensor half = kernels::unitAttention(inputs.qkv, memory, of.heads, of.size, of.compat);
    QVERIFY(torch::autograd::grad({half}, {memory}, {inputs.weights})[0].equal(fused(inputs, of).memory));
    const at::NoGradGuard guard;
    QVERIFY(!kernels::unitAttention(inputs.qkv, memory, of.heads, of.size, of.compat).requires_grad());
}

// One query that is no number spoils its own row, one key all rows of its group and head.
void AttentionKernelTest::notANumberStays() {
    const Case of{2, 140, 2, 32, 4};
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        Inputs inputs = Inputs(of).to(type, at::kFloat);
        inputs.qkv[0][7][2].fill_(std::numeric_limits<double>::quiet_NaN());
        at::Tensor spoilt = fused(inputs, of).result.isnan();
        QVERIFY(spoilt[0][7].slice(0, 0, of.size).all().item<bool>());
        QCOMPARE(spoilt.sum().item<std::int64_t>(), of.size);

        inputs = Inputs(of).to(type, at::kFloat);
        inputs.qkv[1][139][of.heads * of.size + of.size].fill_(std::numeric_limits<double>::quiet_NaN());
        spoilt = fused(inputs, of).result.isnan();
        QVERIFY(spoilt[1].slice(1, of.size).all().item<bool>());
        QCOMPARE(spoilt.sum().item<std::int64_t>(), of.tokens * of.size);
    }
}

void AttentionKernelTest::otherLayouts() {
    const Case of;
    Inputs inputs(of);
    const Outcome expected = fused(inputs, of);
    const auto turned = [](const at::Tensor& x) { return x.transpose(1, 2).contiguous().transpose(1, 2); };
    inputs.weights = turned(inputs.weights);
    QVERIFY(!inputs.weights.is_contiguous());
    QVERIFY(identical(expected, outcomeOf(inputs, [&](const at::Tensor& qkv, const at::Tensor& memory) {
                          return kernels::unitAttention(turned(qkv), turned(memory), of.heads, of.size,
                                                        of.compat);
                      })));
}

void AttentionKernelTest::threadsDoNotMatter() {
    const int before = at::get_num_threads();
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        const Case of{3, 700, 2, 32, 4};
        const Inputs inputs = Inputs(of).to(type, at::kFloat);
        at::set_num_threads(1);
        const Outcome one = fused(inputs, of);
        for (const int threads : {2, 3}) {
            at::set_num_threads(threads);
            QVERIFY(identical(one, fused(inputs, of)));
        }
    }
    at::set_num_threads(before);
}

void AttentionKernelTest::groupsDoNotMatter() {
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        const Case of{3, 200, 2, 32, 4};
        const Inputs all = Inputs(of).to(type, at::kFloat);
        Inputs last = all;
        last.qkv = all.qkv.slice(0, 2);
        last.weights = all.weights.slice(0, 2);
        const Outcome together = fused(all, of), alone = fused(last, of);
        QVERIFY(together.result.slice(0, 2).equal(alone.result) && together.qkv.slice(0, 2).equal(alone.qkv));
    }
}

void AttentionKernelTest::whatDoesNotFitIsRefused() {
    const Case of;
    const Inputs inputs(of);
    const auto attend = [&](const at::Tensor& qkv, const at::Tensor& memory, std::int64_t size) {
        return kernels::unitAttention(qkv, memory, of.heads, size, of.compat);
    };
    QVERIFY_EXCEPTION_THROWN(attend(inputs.qkv, inputs.memory, of.size + 1), c10::Error);
    QVERIFY_EXCEPTION_THROWN(attend(inputs.qkv.select(0, 0), inputs.memory, of.size), c10::Error);
    QVERIFY_EXCEPTION_THROWN(attend(inputs.qkv.to(at::kDouble), inputs.memory, of.size), c10::Error);
    QVERIFY(!kernels::canAttend(0) && kernels::canAttend(128) && !kernels::canAttend(1 << 20));
}

QTEST_GUILESS_MAIN(AttentionKernelTest)
#include "attentionKernelTest.moc"
