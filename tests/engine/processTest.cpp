// SPDX-License-Identifier: GPL-3.0-or-later
// Noise processes: their levels, what the network is asked for, and the loss.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/api/Error.h"
#include "engine/core/Noise.h"
#include "engine/diffusion/BetaSchedule.h"
#include "engine/diffusion/Immiscible.h"
#include "engine/diffusion/Loss.h"
#include "engine/diffusion/NetworkDenoiser.h"
#include "engine/samplers/Dispatch.h"
#include "tests/engine/AllSamplers.h"

using namespace denoscope;

namespace {

// What a network would be that knows the answer for data N(mean, s^2) in every process: it undoes c_in,
// denoises exactly, and gives the F that this means. Its process is set after it was handed to a model.
class KnowingNetwork final : public Network {
public:
    static constexpr double mean = 0.3, s = 0.4;

    at::Tensor forward(const Inputs& inputs, bool) override {
        const at::Tensor logSnr = levels(inputs.time);
        const Coefficients c = process->preconditioning().at(logSnr);
        const at::Tensor x = inputs.x / perItem(c.in, inputs.x);
        const at::Tensor variance = perItem((-logSnr).exp(), x);
        const at::Tensor clean = (x * (s * s) + variance * mean) / (variance + s * s);
        return (clean - perItem(c.skip, x) * x) / perItem(c.out, x);
    }
    const std::vector<Parameter>& parameters() const override { return m_none; }
    int classes() const override { return 0; }
    bool conditionsOnItself() const override { return false; }

    const Process* process = nullptr;

private:
    // lambda from what the process tells a network of its level.
    at::Tensor levels(const at::Tensor& time) const {
        std::vector<double> result;
        for (std::int64_t i = 0; i < time.size(0); ++i) {
            const double told = time[i].item<double>();
            const NoiseProcess kind = process->config().process;
            result.push_back(kind == NoiseProcess::Edm ? -8 * told
                             : kind == NoiseProcess::Continuous
                                 ? told
                                 : -2 * std::log(process->schedule().sigmaAt(told)));
        }
        return at::tensor(result, at::kDouble);
    }
    std::vector<Parameter> m_none;
};

NoiseConfig edm(double sigmaData = 0.5) {
    NoiseConfig noise;
    noise.sigmaData = sigmaData;
    return noise;
}

NoiseConfig discrete(Objective objective, NoiseShape shape = NoiseShape::Cosine) {
    NoiseConfig noise = edm();
    noise.process = NoiseProcess::Discrete;
    noise.objective = objective;
    noise.shape = shape;
    noise.timesteps = 100;
    return noise;
}

NoiseConfig continuous(Objective objective, NoiseShape shape = NoiseShape::Linear) {
    NoiseConfig noise = discrete(objective, shape);
    noise.process = NoiseProcess::Continuous;
    return noise;
}

Model knowing(const NoiseConfig& noise) {
    auto network = std::make_unique<KnowingNetwork>();
    KnowingNetwork* known = network.get();
    Model model{std::move(network), Process(noise, 1)};
    known->process = &model.process;
    return model;
}

void pointAtProcess(Model& model) {  // a model that was moved has its process elsewhere
    static_cast<KnowingNetwork&>(*model.network).process = &model.process;
}

double largest(const at::Tensor& x) {
    return x.abs().max().item<double>();
}

const std::vector<double> someSigmas{0.02, 0.05, 0.5, 1.0, 7.0, 40.0};

}  // namespace

class processTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Table 1 of arXiv:2206.00364, by its requirements: unit input, unit target, D of the clean item without
    // noise.
    void edmKeepsUnitVariance() {
        for (const double dataSigma : {0.25, 0.5, 2.0}) {
            const at::Tensor sigma = at::tensor(someSigmas, at::kDouble);
            const Coefficients c = Preconditioning{Prediction::Edm, dataSigma}.at(sigma.log() * -2);
            const double data = dataSigma * dataSigma;
            QVERIFY(largest(c.in.square() * data + c.inNoise.square() - 1) < 1e-12);
            QVERIFY(largest(c.clean.square() * data + c.noise.square() - 1) < 1e-12);
            QVERIFY(largest(c.skip - data / (sigma.square() + data)) < 1e-12);
            QVERIFY(largest(Process(edm(dataSigma), 1).schedule().conditioning(sigma, sigma.log() * -2) -
                            sigma.log() / 4) < 1e-6);
        }
    }

    // D(F*) is the clean item, whatever the network predicts: skip x + out (clean coefficient clean + ...) =
    // clean.
    void targetsLeadBackToTheCleanItem() {
        const at::Tensor sigma = at::tensor(someSigmas, at::kDouble), logSnr = sigma.log() * -2;
        for (const Prediction prediction :
             {Prediction::Edm, Prediction::Noise, Prediction::Clean, Prediction::Velocity}) {
            const Coefficients c = Preconditioning{prediction, 0.7}.at(logSnr);
            QVERIFY(largest(c.skip + c.out * c.clean - 1) < 1e-12);
            QVERIFY(largest(c.skip * sigma + c.out * c.noise) < 1e-11);
            QVERIFY(largest(c.inNoise - c.in * sigma) < 1e-12);
            if (prediction != Prediction::Edm)
                QVERIFY(largest(c.in.square() + c.inNoise.square() - 1) < 1e-12);
        }
    }

    void betaSchedulesFallToNoise_data() {
        QTest::addColumn<int>("shape");
        for (const NoiseShape shape : {NoiseShape::Linear, NoiseShape::Cosine, NoiseShape::Sigmoid})
            QTest::addRow("%d", static_cast<int>(shape)) << static_cast<int>(shape);
    }
    void betaSchedulesFallToNoise() {
        QFETCH(int, shape);
        const BetaSchedule schedule(betas(static_cast<NoiseShape>(shape), 200));
        QCOMPARE(schedule.timesteps(), std::int64_t{200});
        QVERIFY(std::ranges::is_sorted(schedule.sigmas()));
        QVERIFY(schedule.sigmas().front() < 0.1);
        QVERIFY(schedule.sigmas().back() > 50);
        for (std::int64_t t = 0; t < 200; ++t) {
            const double time = static_cast<double>(t);
            QCOMPARE(schedule.timeOf(schedule.sigmaAt(time)),
                     time);  // exact, for the network is told a whole number
            // The posterior's mean of a noiseless item is the item itself, one step less far away.
            const double before = std::sqrt(schedule.alphaBarBefore(t));
            const double here = std::sqrt(schedule.alphaBars()[static_cast<std::size_t>(t)]);
            const Posterior<double> posterior = schedule.posterior(t);
            QVERIFY(std::abs(posterior.clean + posterior.noisy * here - before) < 1e-12);
        }
        QVERIFY(std::abs(schedule.timeOf(schedule.sigmaAt(10.25)) - 10.25) < 1e-9);
        QCOMPARE(schedule.timeOf(1e9), 199.0);
        QCOMPARE(schedule.timeOf(0), 0.0);
        QVERIFY_THROWS_EXCEPTION(EngineError, betas(NoiseShape::Learned, 10));
    }

    void processesKnowTheirLevels_data() {
        QTest::addColumn<NoiseConfig>("noise");
        QTest::newRow("discrete") << discrete(Objective::Velocity);
        QTest::newRow("continuous linear") << continuous(Objective::Noise);
        QTest::newRow("continuous cosine") << continuous(Objective::Noise, NoiseShape::Cosine);
    }
    void processesKnowTheirLevels() {
        QFETCH(NoiseConfig, noise);
        const auto schedule = makeNoiseSchedule(noise, 1);
        const double last = noise.process == NoiseProcess::Discrete ? 99 : 1;
        for (const double share : {0.05, 0.3, 0.8}) {
            const double time = std::floor(share * 100) / 100 * last;
            QVERIFY(std::abs(schedule->timeOf(schedule->sigmaAt(time)) - time) < 1e-4 * last);
        }
        const std::vector<double> own = schedule->ownSigmas(10);
        QCOMPARE(own.size(), std::size_t{11});
        QVERIFY(std::ranges::is_sorted(own, std::greater{}));
        QCOMPARE(own.front(), schedule->sigmaAt(last));
        QCOMPARE(schedule->within(1e30), schedule->sigmaAt(last));
        QCOMPARE(schedule->within(0), schedule->sigmaAt(0));
        for (int key = 0; key < 200; ++key) {
            const double time = schedule->draw(mix64(static_cast<std::uint64_t>(key)));
            QVERIFY(time >= 0 && time <= last);
        }
    }

    // All processes and objectives of one analytic model are one denoiser.
    void everyPredictionIsTheSameDenoiser_data() {
        QTest::addColumn<NoiseConfig>("noise");
        QTest::newRow("edm") << edm();
        const std::vector<std::pair<const char*, Objective>> objectives{
            {"noise", Objective::Noise}, {"x0", Objective::Clean}, {"v", Objective::Velocity}};
        for (const auto& [name, objective] : objectives) {
            QTest::addRow("discrete %s", name) << discrete(objective);
            QTest::addRow("continuous %s", name) << continuous(objective);
        }
    }
    void everyPredictionIsTheSameDenoiser() {
        QFETCH(NoiseConfig, noise);
        Model model = knowing(noise);
        pointAtProcess(model);
        NetworkDenoiser denoiser(model, {});
        const at::Tensor unit = standardNormal({4, 1, 8}, 3).to(at::kDouble);
        for (const double sigma : someSigmas) {
            const double level = model.process.schedule().within(sigma);
            const at::Tensor x = unit * std::hypot(level, 0.5);
            const double variance = level * level, s2 = KnowingNetwork::s * KnowingNetwork::s;
            const at::Tensor expected = (x * s2 + variance * KnowingNetwork::mean) / (variance + s2);
            const double error = largest(denoiser.denoise(x, level, {}).clean - expected);
            QVERIFY2(error < 1e-6 * (1 + level), qPrintable(QString("sigma %1: %2").arg(level).arg(error)));
        }
    }

    // The loss of a network that gives F* but for a known error is that error's square times the weight.
    void lossIsThatOfTheEffectiveTarget_data() { everyPredictionIsTheSameDenoiser_data(); }
    void lossIsThatOfTheEffectiveTarget() {
        QFETCH(NoiseConfig, noise);
        Model model = knowing(noise);
        pointAtProcess(model);
        const auto& schedule = model.process.schedule();
        std::vector<double> times;
        for (std::uint64_t i = 0; i < 6; ++i)
            times.push_back(schedule.draw(mix64(i)));
        const at::Tensor clean = standardNormal({6, 2, 5}, 1).to(at::kDouble) * 0.4;
        const at::Tensor gauss = standardNormal({6, 2, 5}, 2).to(at::kDouble);
        const at::Tensor drawn = at::tensor(times, at::kDouble), logSnr = schedule.logSnr(drawn);
        const at::Tensor sigma = perItem((logSnr / -2).exp(), clean), x = clean + sigma * gauss;
        const double s2 = KnowingNetwork::s * KnowingNetwork::s;
        const at::Tensor estimate = (x * s2 + sigma.square() * KnowingNetwork::mean) / (sigma.square() + s2);
        const Coefficients c = model.process.preconditioning().at(logSnr);
        const at::Tensor expected = model.process.lossWeight(logSnr) *
                                    ((estimate - clean) / perItem(c.out, x)).square().flatten(1).mean(1);
        const at::Tensor actual = losses(model, clean, {drawn, gauss, {}, false}, {});
        QVERIFY2(at::allclose(actual, expected, 1e-4, 1e-7),
                 qPrintable(QString::number(largest(actual - expected))));
    }

    // What the package weighs each objective with: table of its loss weights, in terms of SNR.
    void minSnrLimitsTheWeight() {
        const at::Tensor logSnr = at::tensor(std::vector<double>{0.1, 5, 40}, at::kDouble).log();
        const auto weights = [&](Objective objective, bool minSnr) {
            NoiseConfig noise = discrete(objective);
            noise.minSnr = minSnr;
            return Process(noise, 1).lossWeight(logSnr);
        };
        const auto list = [](std::vector<double> values) { return at::tensor(values, at::kDouble); };
        QVERIFY(weights(Objective::Noise, false).allclose(list({1, 1, 1})));
        QVERIFY(weights(Objective::Noise, true).allclose(list({1, 1, 0.125})));
        QVERIFY(weights(Objective::Clean, true).allclose(list({0.1, 5, 5})));
        QVERIFY(weights(Objective::Velocity, false).allclose(list({0.1 / 1.1, 5.0 / 6, 40.0 / 41})));
        QVERIFY(weights(Objective::Velocity, true).allclose(list({0.1 / 1.1, 5.0 / 6, 5.0 / 41})));
    }

    void samplingEndsAtTheData_data() { everyPredictionIsTheSameDenoiser_data(); }
    void samplingEndsAtTheData() {
        QFETCH(NoiseConfig, noise);
        Model model = knowing(noise);
        pointAtProcess(model);
        NetworkDenoiser denoiser(model, {});
        SamplingConfig sampling;
        sampling.steps = 40;
        const auto sigmas = sigmaGrid(model.process.schedule(), sampling);
        const at::Tensor start =
            standardNormal({20000, 1, 1}, 5).to(at::kDouble) * model.process.startDeviation(sigmas.front());
        const at::Tensor x = runSampler(
            denoiser, start, sigmas, sampling, [](int) { return at::Tensor(); },
            [](const SamplerStep&) { return true; });
        const at::Tensor shown = x * model.process.visible(sigmas.back());
        QVERIFY2(std::abs(shown.mean().item<double>() - KnowingNetwork::mean) < 0.02,
                 qPrintable(QString::number(shown.mean().item<double>())));
        QVERIFY2(std::abs(shown.std().item<double>() - KnowingNetwork::s) < 0.03,
                 qPrintable(QString::number(shown.std().item<double>())));
    }

    // The first levels of a cosine schedule are millions of times the data; no solver may fall over them.
    void fewStepsOfAnySamplerStayWithTheData_data() {
        QTest::addColumn<NoiseConfig>("noise");
        NoiseConfig thousand = discrete(Objective::Velocity);
        thousand.timesteps = 1000;
        QTest::newRow("discrete") << thousand;
        QTest::newRow("continuous") << continuous(Objective::Velocity, NoiseShape::Cosine);
    }
    void fewStepsOfAnySamplerStayWithTheData() {
        QFETCH(NoiseConfig, noise);
        Model model = knowing(noise);
        pointAtProcess(model);
        NetworkDenoiser denoiser(model, {});
        for (const SamplerKind sampler :
             {SamplerKind::Heun, SamplerKind::Euler, SamplerKind::Dpmpp2M, SamplerKind::UniPc,
              SamplerKind::Lms, SamplerKind::Ddim, SamplerKind::Ancestral}) {
            SamplingConfig sampling;
            sampling.sampler = sampler;
            const auto sigmas = sigmaGrid(model.process.schedule(), sampling);
            const at::Tensor start =
                standardNormal({4000, 1, 1}, 5) * model.process.startDeviation(sigmas.front());
            const NoiseSource fresh = [](int step) {
                return standardNormal({4000, 1, 1}, mix64(static_cast<std::uint64_t>(step)));
            };
            const at::Tensor x =
                runSampler(denoiser, start, sigmas, sampling, fresh, [](const SamplerStep&) { return true; });
            const double deviation = (x * model.process.visible(sigmas.back())).std().item<double>();
            QVERIFY2(std::abs(deviation - KnowingNetwork::s) < 0.12,
                     qPrintable(QString("sampler %1: %2").arg(static_cast<int>(sampler)).arg(deviation)));
        }
    }

    // Through every sampler, noise draws included, the predictions of one analytic model take one way.
    void everyPredictionTakesTheSameWay_data() {
        QTest::addColumn<int>("sampler");
        const auto samplers = allSamplers();
        for (std::size_t i = 0; i < samplers.size(); ++i)
            QTest::addRow("%s", samplers[i].name.c_str()) << static_cast<int>(i);
    }
    void everyPredictionTakesTheSameWay() {
        QFETCH(int, sampler);
        const NamedSampler way = allSamplers()[static_cast<std::size_t>(sampler)];
        const std::vector<double> sigmas = karrasSigmas(12, 0.05, 20, 7);  // within what all of them know
        const at::Tensor start = standardNormal({3, 1, 6}, 8).to(at::kDouble) * 20;
        const NoiseSource noise = [](int step) {
            return standardNormal({3, 1, 6}, mix64(static_cast<std::uint64_t>(step))).to(at::kDouble);
        };
        at::Tensor expected;
        for (const NoiseConfig& config :
             {edm(), discrete(Objective::Noise), discrete(Objective::Clean), discrete(Objective::Velocity),
              continuous(Objective::Noise), continuous(Objective::Clean), continuous(Objective::Velocity)}) {
            Model model = knowing(config);
            pointAtProcess(model);
            NetworkDenoiser denoiser(model, {});
            const at::Tensor end =
                way.run(denoiser, start, sigmas, noise, [](const SamplerStep&) { return true; });
            if (!expected.defined())
                expected = end;
            QVERIFY2(largest(end - expected) < 1e-3, qPrintable(QString::number(largest(end - expected))));
        }
    }

    // The learned schedule falls from end to end of the linear one, whatever its start, and can be trained.
    void theLearnedScheduleFalls() {
        const auto schedule = makeNoiseSchedule(continuous(Objective::Noise, NoiseShape::Learned), 5);
        const auto linear = makeNoiseSchedule(continuous(Objective::Noise), 5);
        const at::Tensor times = at::linspace(0., 1., 50, at::kDouble);
        const at::Tensor curve = schedule->logSnr(times), straight = linear->logSnr(times);
        QVERIFY(((curve.slice(0, 1) - curve.slice(0, 0, 49)) < 0).all().item<bool>());
        QVERIFY(std::abs((curve[0] - straight[0]).item<double>()) < 1e-4);
        QVERIFY(std::abs((curve[49] - straight[49]).item<double>()) < 1e-4);
        QCOMPARE(schedule->parameters().size(), std::size_t{6});
        curve.slice(0, 10, 40).sum().backward();
        for (const Parameter& parameter : schedule->parameters())
            QVERIFY2(parameter.value.grad().defined(), parameter.name.c_str());

        NoiseConfig slow = continuous(Objective::Noise, NoiseShape::Learned);
        slow.learnedGradient = 0.25;
        const auto slower = makeNoiseSchedule(slow, 5);  // the same curve, a quarter of the gradient
        const at::Tensor same = slower->logSnr(times);
        QVERIFY(same.allclose(curve, 1e-5, 1e-5));
        same.slice(0, 10, 40).sum().backward();
        for (std::size_t i = 0; i < slower->parameters().size(); ++i)
            QVERIFY(slower->parameters()[i].value.grad().allclose(
                0.25 * schedule->parameters()[i].value.grad(), 1e-4, 1e-6));
        slow.learnedWidth = 7;
        QCOMPARE(makeNoiseSchedule(slow, 5)->parameters()[2].value.size(0), std::int64_t{7});
    }

    void assignmentIsTheCheapest() {
        // Against every permutation of a few.
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            constexpr std::size_t count = 6;
            std::vector<std::vector<double>> costs(count, std::vector<double>(count));
            for (std::size_t i = 0; i < count * count; ++i)
                costs[i / count][i % count] = unitOf(mix64(seed * 1000 + i));
            const auto total = [&](const std::vector<std::int64_t>& columns) {
                double sum = 0;
                for (std::size_t i = 0; i < count; ++i)
                    sum += costs[i][static_cast<std::size_t>(columns[i])];
                return sum;
            };
            std::vector<std::int64_t> order(count);
            std::iota(order.begin(), order.end(), 0);
            double best = total(order);
            while (std::ranges::next_permutation(order).found)
                best = std::min(best, total(order));
            std::vector<std::int64_t> found = assign(costs);
            QVERIFY(std::abs(total(found) - best) < 1e-12);
            std::ranges::sort(found);
            QCOMPARE(found, order);  // next_permutation ends sorted: a permutation it is
        }
        const at::Tensor clean = at::tensor({0.F, 10.F, 20.F}).view({3, 1, 1});
        const at::Tensor noise = at::tensor({21.F, -1.F, 11.F}).view({3, 1, 1});
        QVERIFY(nearestNoise(clean, noise).flatten().equal(at::tensor({-1.F, 11.F, 21.F})));
    }

    // A run.json that was edited by hand may say anything.
    void noSpreadIsRefused() {
        QVERIFY_THROWS_EXCEPTION(EngineError, Process(edm(0), 1));
        QVERIFY_THROWS_EXCEPTION(EngineError, Process(edm(std::nan("")), 1));
    }

    void oneHotRowsMayBeEmpty() {
        QVERIFY(!oneHot({1, 2}, 0).defined());
        const at::Tensor rows = oneHot({2, -1, 0}, 3);
        QVERIFY(rows.equal(at::tensor({0.F, 0.F, 1.F, 0.F, 0.F, 0.F, 1.F, 0.F, 0.F}).view({3, 3})));
    }
};

QTEST_GUILESS_MAIN(processTest)
#include "processTest.moc"
