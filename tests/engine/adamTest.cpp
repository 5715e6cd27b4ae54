// SPDX-License-Identifier: GPL-3.0-or-later
// Adam and AdamW against LibTorch's own, the learning rate against closed forms.
#include <torch/optim.h>

#include <QTest>
#include <cmath>

#include "engine/core/Noise.h"
#include "engine/train/Adam.h"
#include "engine/train/LearningRate.h"

using namespace denoscope;

namespace {

std::vector<Parameter> parameters(const std::vector<Shape>& shapes) {
    std::vector<Parameter> list;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        list.push_back({std::to_string(i), standardNormal(shapes[i], i).requires_grad_(true), true, false});
    return list;
}

void setGradients(const std::vector<at::Tensor>& values, int step) {
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i].mutable_grad() = standardNormal(
            values[i].sizes().vec(), keyOf(9, Stream::Noise, {static_cast<std::uint64_t>(step), i}));
}

std::vector<at::Tensor> valuesOf(const std::vector<Parameter>& list) {
    std::vector<at::Tensor> values;
    for (const Parameter& parameter : list)
        values.push_back(parameter.value);
    return values;
}

}  // namespace

class adamTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsLibTorch_data() {
        QTest::addColumn<bool>("decoupled");
        QTest::addColumn<double>("weightDecay");
        QTest::addColumn<double>("epsilon");
        for (const bool decoupled : {false, true})
            for (const double decay : {0.0, 0.1})
                for (const double epsilon : {1e-8, 1e-2})
                    QTest::addRow("%s decay %g eps %g", decoupled ? "AdamW" : "Adam", decay, epsilon)
                        << decoupled << decay << epsilon;
    }
    void equalsLibTorch() {
        QFETCH(bool, decoupled);
        QFETCH(double, weightDecay);
        QFETCH(double, epsilon);
        const std::vector<Shape> shapes{{4, 3}, {}, {2, 2, 3}};
        const std::vector<Parameter> ours = parameters(shapes), theirs = parameters(shapes);
        TrainingConfig training;
        training.optimizer = decoupled ? OptimizerKind::AdamW : OptimizerKind::Adam;
        training.weightDecay = weightDecay;
        training.epsilon = epsilon;
        Adam adam(ours);
        const auto reference = libTorchOptimizer(decoupled, valuesOf(theirs), training);
        for (int step = 0; step < 20; ++step) {
            setGradients(valuesOf(ours), step);
            setGradients(valuesOf(theirs), step);
            adam.step(training, 1e-2);
            reference->step();
        }
        QCOMPARE(adam.steps(), std::int64_t{20});
        for (std::size_t i = 0; i < ours.size(); ++i)
            QVERIFY(ours[i].value.allclose(theirs[i].value, 1e-5, 1e-6));
    }

    void leavesGradientsAndUnusedParametersAlone() {
        const std::vector<Parameter> list = parameters({{3}, {2}});
        setGradients({list[0].value}, 1);
        const at::Tensor gradient = list[0].value.grad().clone(), unused = list[1].value.detach().clone();
        Adam adam(list);
        TrainingConfig training;
        training.weightDecay = 0.5;
        adam.step(training, 1e-2);
        QVERIFY(list[0].value.grad().equal(gradient));
        QVERIFY(list[1].value.equal(unused));
    }

    void theRateWarmsUpAndDecays() {
        TrainingConfig training;
        training.learningRate = 0.01;
        training.warmupSteps = 10;
        training.decaySteps = 100;
        QVERIFY(std::abs(learningRateAt(training, 0) - 0.001) < 1e-15);
        QVERIFY(std::abs(learningRateAt(training, 4) - 0.005) < 1e-15);
        QCOMPARE(learningRateAt(training, 9), 0.01);
        QCOMPARE(learningRateAt(training, 100), 0.01);
        QVERIFY(std::abs(learningRateAt(training, 400) - 0.005) < 1e-15);
        QVERIFY(std::abs(learningRateAt(training, 10000) - 0.001) < 1e-15);
        training.warmupSteps = training.decaySteps = 0;
        for (const std::int64_t step : {0, 1, 1000000})
            QCOMPARE(learningRateAt(training, step), 0.01);
    }

private:
    static std::unique_ptr<torch::optim::Optimizer> libTorchOptimizer(bool decoupled,
                                                                      const std::vector<at::Tensor>& values,
                                                                      const TrainingConfig& training) {
        const auto betas = std::make_tuple(training.beta1, training.beta2);
        if (decoupled)
            return std::make_unique<torch::optim::AdamW>(values, torch::optim::AdamWOptions(1e-2)
                                                                     .betas(betas)
                                                                     .eps(training.epsilon)
                                                                     .weight_decay(training.weightDecay));
        return std::make_unique<torch::optim::Adam>(values, torch::optim::AdamOptions(1e-2)
                                                                .betas(betas)
                                                                .eps(training.epsilon)
                                                                .weight_decay(training.weightDecay));
    }
};

QTEST_GUILESS_MAIN(adamTest)
#include "adamTest.moc"
