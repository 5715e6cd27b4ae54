// SPDX-License-Identifier: GPL-3.0-or-later
// Optimiser, averages and gradient norm in one pass against the same one tensor after the other.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <QTest>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/core/Compute.h"
#include "engine/core/Noise.h"
#include "engine/nets/Ops.h"
#include "engine/train/Spoiled.h"
#include "engine/train/Update.h"

using namespace denoscope;

namespace {

// Parameters of many sizes, one of them a constant, and averages of them.
struct Weights {
    std::vector<Parameter> online, first, second, third, fourth;
    Adam adam;

    Weights()
        : online(list(1)),
          first(list(2)),
          second(list(3)),
          third(list(4)),
          fourth(list(5)),
          adam(trained()) {}

    static std::vector<Parameter> list(std::uint64_t seed) {
        std::vector<Parameter> parameters;
        for (const Shape& shape : std::vector<Shape>{{4, 3}, {}, {8193}, {7}, {30, 1000}, {0}, {2, 2, 3}})
            parameters.push_back({std::to_string(parameters.size()),
                                  standardNormal(shape, keyOf(seed, Stream::Noise, {parameters.size()})),
                                  true, false});
        parameters[3].trained = false;
        return parameters;
    }
    std::vector<Parameter> trained() const {
        std::vector<Parameter> parameters = online;
        std::erase_if(parameters, [](const Parameter& parameter) { return !parameter.trained; });
        return parameters;
    }
    // None for one of them, another's in an order of its own.
    void setGradients(std::uint64_t step) const {
        for (const Parameter& parameter : adam.parameters())
            parameter.value.mutable_grad() = standardNormal(
                parameter.value.sizes().vec(), keyOf(step, Stream::Noise, {parameter.value.dim() + 9UL}));
        adam.parameters()[0].value.mutable_grad() = standardNormal({3, 4}, step).t();
        adam.parameters()[1].value.mutable_grad().reset();
    }
    std::vector<at::Tensor> all() {
        std::vector<at::Tensor> tensors;
        for (const auto* parameters : {&online, &first, &second, &third, &fourth})
            for (const Parameter& parameter : *parameters)
                tensors.push_back(parameter.value);
        for (const Adam::Moments& moments : adam.moments())
            tensors.insert(tensors.end(), {moments.first, moments.second});
        return tensors;
    }
    void step(Kernels kernels, const TrainingConfig& training, std::uint64_t number) {
        const ComputeScope compute(Precision::Float32, kernels);
        setGradients(number);
        updateWeights(adam, training, 1e-2, online, {{first, 0.99}, {second, 0.3}, {third, 0}, {fourth, 1}});
    }
};

bool near(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b, double tolerance) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!(tolerance > 0 ? a[i].allclose(b[i], tolerance, tolerance) : a[i].equal(b[i])))
            return false;
    return a.size() == b.size();
}

}  // namespace

class updateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fusedEqualsPlain_data() {
        QTest::addColumn<TrainingConfig>("training");
        for (const OptimizerKind optimizer : {OptimizerKind::Adam, OptimizerKind::AdamW})
            for (const double decay : {0.0, 0.1})
                for (const double epsilon : {1e-8, 1e-2}) {
                    TrainingConfig training;
                    training.optimizer = optimizer;
                    training.weightDecay = decay;
                    training.epsilon = epsilon;
                    QTest::addRow("%d decay %g eps %g", static_cast<int>(optimizer), decay, epsilon)
                        << training;
                }
    }
    void fusedEqualsPlain() {
        QFETCH(TrainingConfig, training);
        Weights plain, fused;
        for (std::uint64_t step = 1; step <= 20; ++step) {
            plain.step(Kernels::Plain, training, step);
            fused.step(Kernels::Fused, training, step);
        }
        QCOMPARE(fused.adam.steps(), std::int64_t{20});
        QVERIFY(near(fused.all(), plain.all(), 1e-5));
        for (std::size_t i = 0; i < fused.online.size(); ++i) {
            QVERIFY(fused.third[i].value.equal(fused.online[i].value));       // a decay of 0 copies
            QVERIFY(fused.fourth[i].value.equal(Weights().fourth[i].value));  // 1 changes nothing
        }
        QVERIFY(fused.first[3].value.equal(fused.online[3].value));       // constants are copied
        QVERIFY(fused.online[1].value.equal(Weights().online[1].value));  // no gradient, no step
    }

    void threadsDoNotMatter() {
        const int before = at::get_num_threads();
        const auto stepped = [](int threads) {
            at::set_num_threads(threads);
            Weights weights;
            weights.step(Kernels::Fused, {}, 1);
            return weights.all();
        };
        const auto one = stepped(1), three = stepped(3);
        at::set_num_threads(before);
        QVERIFY(near(one, three, 0));
    }

    // What the kernels do not know is left to the plain path.
    void otherPrecisionsAreUpdatedToo() {
        Weights weights, plain;
        for (Weights* each : {&weights, &plain}) {
            each->online[0].value.set_data(each->online[0].value.to(at::kDouble));
            each->adam = Adam(each->trained());
        }
        for (std::uint64_t step = 1; step <= 3; ++step)
            for (const auto& [each, kernels] :
                 {std::pair{&weights, Kernels::Fused}, {&plain, Kernels::Plain}}) {
                const ComputeScope compute(Precision::Float32, kernels);
                each->setGradients(step);
                each->adam.parameters()[0].value.mutable_grad() =
                    standardNormal({4, 3}, step).to(at::kDouble);
                updateWeights(each->adam, {}, 1e-2, each->online, {});
            }
        QVERIFY(near(weights.all(), plain.all(), 0));
        QVERIFY(!weights.online[0].value.equal(Weights().online[0].value.to(at::kDouble)));
    }

    void weightsAreNormalisedAlike() {
        const at::NoGradGuard noGrad;
        for (const Compat compat : {Compat::Paper, Compat::Reference})
            for (const Shape& shape : std::vector<Shape>{{5, 3, 3, 3}, {300, 70}, {1, 1}, {7, 2, 1}}) {
                const at::Tensor plain = 3 * standardNormal(shape, 1), fused = plain.clone();
                plain[0].zero_();
                fused[0].zero_();
                ops::normalizeInPlace(plain, compat);
                const ComputeScope compute(Precision::Float32, Kernels::Fused);
                ops::normalizeInPlace(fused, compat);
                QVERIFY(fused.allclose(plain, 1e-5, 1e-6));
                if (shape[0] > 1)
                    QVERIFY(std::abs(fused[1].square().mean().item<double>() - 1) < 1e-2);
            }
    }

    void normsAgree() {
        Weights weights;
        weights.setGradients(3);
        const auto norm = [&](Kernels kernels) {
            const ComputeScope compute(Precision::Float32, kernels);
            return gradientNorm(weights.adam.parameters(), "step 3");
        };
        const double plain = norm(Kernels::Plain), fused = norm(Kernels::Fused);
        QVERIFY(plain > 100 && std::abs(fused - plain) < 1e-5 * plain);
        // Squares that no float holds.
        weights.adam.parameters()[2].value.mutable_grad()[5] = 1e30F;
        QVERIFY(std::abs(norm(Kernels::Fused) / 1e30 - 1) < 1e-6);
        for (const float value :
             {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
            for (const Kernels kernels : {Kernels::Plain, Kernels::Fused}) {
                weights.adam.parameters()[2].value.mutable_grad()[5] = value;
                try {
                    norm(kernels);
                    QFAIL("it passed");
                } catch (const NotFinite& error) {
                    QVERIFY(error.error().what.find("'2'") != std::string::npos);
                    QCOMPARE(error.error().where, std::string("step 3"));
                }
            }
    }
};

QTEST_GUILESS_MAIN(updateTest)
#include "updateTest.moc"
