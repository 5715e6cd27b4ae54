// SPDX-License-Identifier: GPL-3.0-or-later
// The network in reference mode against the Python package's numbers: forward, training forward, gradients,
// rewritten weights and the output after an Adam step.
#include <QDir>
#include <QTest>

#include "engine/train/Adam.h"
#include "tests/engine/GoldenCase.h"

using namespace denoscope;

namespace {

constexpr double forwardTolerance = 2e-5, gradientTolerance = 2e-4;

void compare(const char* what, const at::Tensor& actual, const at::Tensor& expected, double tolerance) {
    const double error = relativeError(actual, expected);
    QVERIFY2(error <= tolerance, qPrintable(QString("%1: relative error %2").arg(what).arg(error)));
}

std::map<std::string, Parameter> byName(const KarrasUNet& network) {
    std::map<std::string, Parameter> result;
    for (const Parameter& parameter : network.parameters())
        result.emplace(parameter.name, parameter);
    return result;
}

void loadWeights(const GoldenCase& golden, KarrasUNet& network) {
    std::size_t inFile = 0;
    for (const auto& [name, stored] : golden.tensors())
        inFile += name.starts_with("weights.") ? 1 : 0;
    QCOMPARE(network.parameters().size(), inFile);
    for (const Parameter& parameter : network.parameters()) {
        const at::NoGradGuard noGrad;
        const at::Tensor weight = golden.tensor("weights." + parameter.name);
        QCOMPARE(weight.sizes().vec(), parameter.value.sizes().vec());
        parameter.value.copy_(weight);
    }
}

KarrasUNet::Inputs inputsOf(const GoldenCase& golden) {
    KarrasUNet::Inputs inputs{golden.tensor("in.x"), golden.tensor("in.time"), {}, {}};
    if (golden.has("in.self_cond"))
        inputs.selfCondition = golden.tensor("in.self_cond");
    if (golden.has("in.class_labels"))
        inputs.classes =
            at::one_hot(golden.tensor("in.class_labels"), golden.karrasOptions().classes).to(at::kFloat);
    return inputs;
}

}  // namespace

class karrasGoldenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsThePackage_data() {
        QTest::addColumn<QString>("path");
        int shared = 0;
        for (const char* folder : {DENOSCOPE_TEST_DATA "/goldens", DENOSCOPE_SHARED "/goldens"})
            for (const QFileInfo& file : QDir(folder).entryInfoList({"karras*.safetensors"})) {
                shared += QString(folder).startsWith(DENOSCOPE_SHARED) ? 1 : 0;
                QTest::newRow(
                    qPrintable(QDir(folder).dirName() + QString::number(shared) + " " + file.baseName()))
                    << file.absoluteFilePath();
            }
        if (shared == 0)
            qInfo("the shared reference cases are absent: only the ones of the repository run");
    }

    void equalsThePackage() {
        QFETCH(QString, path);
        const GoldenCase golden(path.toStdString());
        KarrasUNet network(makeKarrasPlan(golden.karrasOptions()), 0);
        loadWeights(golden, network);
        const KarrasUNet::Inputs inputs = inputsOf(golden);
        {
            const at::NoGradGuard noGrad;
            compare("eval", network.forward(inputs, false), golden.tensor("out.eval"), forwardTolerance);
        }
        network.normalizeWeights();
        const auto parameters = byName(network);

        const at::Tensor out = network.forward(inputs, true);
        compare("train", out, golden.tensor("out.train"), forwardTolerance);
        const at::Tensor loss = at::mse_loss(out, golden.tensor("in.target"));
        compare("loss", loss.reshape({1}), golden.tensor("out.train_loss"), forwardTolerance);
        loss.backward();
        for (const auto& [name, stored] : golden.tensors())
            if (name.starts_with("grad."))
                compare(name.c_str(), parameters.at(name.substr(5)).value.grad(), golden.tensor(name),
                        gradientTolerance);
        compareGradientNorms(golden, parameters);

        std::vector<Parameter> trained;
        for (const Parameter& parameter : network.parameters())
            if (parameter.trained)
                trained.push_back(parameter);
        Adam adam(trained);
        TrainingConfig training;
        training.beta1 = 0.9;
        training.beta2 = 0.99;
        adam.step(training, 1e-2);
        // The cases keep these weights by reference: they hold what the training forward rewrote and Adam
        // then moved.
        for (const auto& [name, stored] : golden.tensors())
            if (name.starts_with("weights_after."))
                compare(name.c_str(), parameters.at(name.substr(14)).value, golden.tensor(name),
                        gradientTolerance);
        const at::NoGradGuard noGrad;
        compare("after Adam", network.forward(inputs, false), golden.tensor("out.eval_after_adam_1e-2"),
                gradientTolerance);
    }

private:
    void compareGradientNorms(const GoldenCase& golden, const std::map<std::string, Parameter>& parameters) {
        const at::Tensor norms = golden.tensor("grad_norms");
        const auto names = golden.meta().at("grad_norm_names").get<std::vector<std::string>>();
        QCOMPARE(norms.numel(), static_cast<std::int64_t>(names.size()));
        const double largest = norms.abs().max().item<double>();
        for (std::size_t i = 0; i < names.size(); ++i) {
            const double expected = norms[static_cast<std::int64_t>(i)].item<double>();
            const double actual = parameters.at(names[i]).value.grad().norm().item<double>();
            QVERIFY2(std::abs(actual - expected) <= gradientTolerance * largest, names[i].c_str());
        }
    }
};

QTEST_GUILESS_MAIN(karrasGoldenTest)
#include "karrasGoldenTest.moc"
