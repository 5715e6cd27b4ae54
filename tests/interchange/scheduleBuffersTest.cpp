// SPDX-License-Identifier: GPL-3.0-or-later
// What the tables beside a network tell of its process.
#include <QTest>
#include <array>
#include <cmath>

#include "engine/api/Error.h"
#include "engine/interchange/InferProcess.h"
#include "engine/interchange/ScheduleBuffers.h"

using namespace denoscope;

namespace {

constexpr std::array shapeNames{"linear", "cosine", "sigmoid"};
constexpr std::array objectiveNames{"pred_noise", "pred_x0", "pred_v"};

std::vector<float> asFloats(const std::vector<double>& values) {
    return {values.begin(), values.end()};
}

// The tables as a file has them.
struct Tables {
    std::vector<float> betas, weights;
    ProcessTraces traces() const {
        const auto stored = [](const std::vector<float>& values) {
            return StoredTensor{"F32", {std::ssize(values)}, std::as_bytes(std::span(values))};
        };
        return {"model.", {{"betas", stored(betas)}, {"loss_weight", stored(weights)}}, false};
    }
};

InferredModel network(const char* name, nlohmann::json args = {{"channels", 3}}) {
    InferredModel model;
    model.model = name;
    model.args = std::move(args);
    return model;
}

}  // namespace

class ScheduleBuffersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyProcessIsTold_data() {
        QTest::addColumn<int>("shape");
        QTest::addColumn<int>("objective");
        QTest::addColumn<double>("gamma");
        QTest::addColumn<int>("timesteps");
        for (const int shape : {0, 1, 2})
            for (const int objective : {0, 1, 2})
                for (const double gamma : {0.0, 5.0, 1.3})
                    for (const int timesteps : {30, 1000})
                        QTest::addRow("schedule %d, objective %d, gamma %g, %d steps", shape, objective,
                                      gamma, timesteps)
                            << shape << objective << gamma << timesteps;
    }

    void everyProcessIsTold() {
        QFETCH(int, shape);
        QFETCH(int, objective);
        QFETCH(double, gamma);
        QFETCH(int, timesteps);
        NoiseConfig noise;
        noise.shape = NoiseShape(shape);
        noise.objective = Objective(objective);
        noise.minSnr = gamma > 0;
        noise.minSnrGamma = gamma;
        const BetaSchedule schedule(betas(noise.shape, timesteps));
        const Tables tables{asFloats(schedule.betas()), asFloats(lossWeights(schedule, noise))};
        const InferredProcess process =
            inferProcess(network("Unet"), tables.traces(), "", nlohmann::json::object());
        QCOMPARE(process.diffusion, std::string("GaussianDiffusion"));
        QVERIFY(process.args.at("timesteps") == nlohmann::json(timesteps));
        QVERIFY(process.args.at("beta_schedule") == nlohmann::json(shapeNames.at(std::size_t(shape))));
        QVERIFY(process.args.at("objective") == nlohmann::json(objectiveNames.at(std::size_t(objective))));
        QCOMPARE(process.args.contains("min_snr_gamma"), gamma > 0);
        if (gamma > 0)
            QVERIFY(std::abs(process.args.at("min_snr_gamma").get<double>() - gamma) < 1e-5 * gamma);
    }

    void classesAreToldByOutputsAndNames() {
        const BetaSchedule schedule(betas(NoiseShape::Cosine, 50));
        const Tables tables{asFloats(schedule.betas()), asFloats(lossWeights(schedule, {}))};
        const nlohmann::json none = nlohmann::json::object();
        QCOMPARE(inferProcess(network("Unet1D"), tables.traces(), "", none).diffusion,
                 std::string("GaussianDiffusion1D"));
        QCOMPARE(
            inferProcess(network("Unet", {{"learned_variance", true}}), tables.traces(), "", none).diffusion,
            std::string("LearnedGaussianDiffusion"));
        QCOMPARE(inferProcess(network("Unet", {{"channels", 3}, {"out_dim", 8}}), tables.traces(), "", none)
                     .diffusion,
                 std::string("WeightedObjectiveGaussianDiffusion"));
        QCOMPARE(inferProcess(network("KarrasUnet"), {"net.", {}, false}, "", none).diffusion,
                 std::string("ElucidatedDiffusion"));
        const InferredProcess learned = inferProcess(network("Unet"), {"model.", {}, true}, "", none);
        QCOMPARE(learned.diffusion, std::string("ContinuousTimeGaussianDiffusion"));
        QVERIFY(learned.args.at("noise_schedule") == nlohmann::json("learned"));
        const InferredProcess bare = inferProcess(network("Unet"), {"", {}, false}, "", none);
        QCOMPARE(bare.questions.front().argument, std::string("diffusion"));
        QVERIFY(bare.questions.front().fallback == nlohmann::json("GaussianDiffusion"));
    }

    void otherSchedulesAreRefused() {
        const Tables tables{std::vector<float>(50, 0.01F), std::vector<float>(50, 1)};
        QVERIFY_EXCEPTION_THROWN(inferProcess(network("Unet"), tables.traces(), "", nlohmann::json::object()),
                                 EngineError);
        QVERIFY_EXCEPTION_THROWN(
            inferProcess(network("Unet"), {"model.", {}, false}, "Diffusion", nlohmann::json::object()),
            EngineError);
    }

    void otherWeightsAreAsked() {
        const BetaSchedule schedule(betas(NoiseShape::Cosine, 50));
        const Tables tables{asFloats(schedule.betas()), std::vector<float>(50, 0.3F)};
        std::vector<float> uneven = tables.weights;
        uneven[7] = 2;
        const Tables odd{tables.betas, uneven};
        const InferredProcess process =
            inferProcess(network("Unet"), odd.traces(), "", nlohmann::json::object());
        QCOMPARE(process.questions.front().argument, std::string("objective"));
    }
};

QTEST_GUILESS_MAIN(ScheduleBuffersTest)
#include "scheduleBuffersTest.moc"
