// SPDX-License-Identifier: GPL-3.0-or-later
// The DDPM network in each of its variants against the Python package's numbers.
#include "engine/nets/DdpmUNet.h"
#include "tests/engine/GoldenNetwork.h"

using namespace denoscope;

namespace {

DdpmUNet networkOf(const GoldenCase& golden) {
    DdpmOptions options = std::get<DdpmOptions>(golden.options());
    options.dropout = 0;
    return DdpmUNet(makeDdpmPlan(options), 0);
}

}  // namespace

class DdpmGoldenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsThePackage_data() { golden::addCases({"unet*.safetensors", "seed_unet*.safetensors"}); }

    void equalsThePackage() {
        QFETCH(QString, path);
        const GoldenCase golden(path.toStdString());
        DdpmUNet network = networkOf(golden);
        golden::compareNetwork(golden, network);
    }

    // An optimiser's state in a checkpoint is numbered by this order.
    void listsParametersInThePackagesOrder_data() { equalsThePackage_data(); }

    void listsParametersInThePackagesOrder() {
        QFETCH(QString, path);
        const GoldenCase golden(path.toStdString());
        const DdpmUNet network = networkOf(golden);
        std::vector<std::string> names;
        for (const Parameter& parameter : network.parameters())
            if (parameter.trained)
                names.push_back(parameter.name);
        QCOMPARE(names, golden.meta().at("grad_norm_names").get<std::vector<std::string>>());
    }

    void classesAndNoClassEqualThePackage_data() { golden::addCases({"cfg_unet*.safetensors"}); }

    void classesAndNoClassEqualThePackage() {
        QFETCH(QString, path);
        const GoldenCase golden(path.toStdString());
        DdpmUNet network = networkOf(golden);
        golden::loadWeights(golden, network);
        Network::Inputs inputs = golden::inputsOf(golden, network.classes());
        const at::NoGradGuard noGrad;
        golden::compare("condition", network.forward(inputs, false), golden.tensor("out.cond"),
                        golden::forwardTolerance);
        inputs.classes = at::zeros_like(inputs.classes);
        golden::compare("no class", network.forward(inputs, false), golden.tensor("out.null"),
                        golden::forwardTolerance);
    }
};

QTEST_GUILESS_MAIN(DdpmGoldenTest)
#include "ddpmGoldenTest.moc"
