// SPDX-License-Identifier: GPL-3.0-or-later
// Training is exact: resumes, previews, interruptions and failures leave no trace in the result.
#include <ATen/Parallel.h>

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <dnnl.hpp>
#include <functional>
#include <new>

#include "engine/api/Error.h"
#include "engine/core/Noise.h"
#include "engine/core/TensorMemory.h"
#include "engine/core/Tensors.h"
#include "engine/diffusion/Loss.h"
#include "engine/samplers/ItemSampler.h"
#include "tests/engine/TinyRun.h"

using namespace denoscope;

namespace {

using Failure = std::function<void()>;

constexpr std::array kinds{DataKind::Signal, DataKind::Image, DataKind::Volume};

// Gains start at zero, so that at first only one of them has a gradient.
void openGains(TrainState& state) {
    const at::NoGradGuard noGrad;
    for (const Parameter& parameter : state.online.parameters())
        if (parameter.value.dim() == 0)
            parameter.value.fill_(0.5);
}

bool sameButForTheClock(const MetricRow& a, const MetricRow& b) {
    return a.step == b.step && a.loss == b.loss && a.learningRate == b.learningRate &&
           a.gradientNorm == b.gradientNorm;
}

bool sameRows(const std::vector<MetricRow>& a, const std::vector<MetricRow>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), sameButForTheClock);
}

double gradientNorm(TrainState& state) {
    double sum = 0;
    for (const Parameter& parameter : state.adam.parameters())
        if (parameter.value.grad().defined())
            sum += parameter.value.grad().square().sum().item<double>();
    return std::sqrt(sum);
}

std::vector<std::pair<std::string, at::Tensor>> gradients(TrainState& state) {
    std::vector<std::pair<std::string, at::Tensor>> result;
    for (const Parameter& parameter : state.adam.parameters())
        if (parameter.value.grad().defined())
            result.emplace_back(parameter.name, parameter.value.grad().clone());
    return result;
}

}  // namespace

class trainerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Tiny tensors gain nothing from more threads, and tests that run side by side lose.
    void init() { at::set_num_threads(1); }

    void continuesExactly_data() {
        QTest::addColumn<RunConfig>("config");
        for (const DataKind kind : kinds)
            QTest::newRow(toText(kind)) << tinyConfig(kind);
        for (const auto& [name, change] : variations()) {
            RunConfig config = tinyConfig(DataKind::Image);
            change(config);
            QTest::addRow("%s", name) << config;
        }
    }
    void continuesExactly() {
        QFETCH(RunConfig, config);
        at::set_num_threads(2);
        const TinyRun run(config);
        const auto whole = run.state();
        Trainer wholeTrainer = run.trainer(*whole);
        const auto expected = train(wholeTrainer, 8);

        QTemporaryDir folder;
        std::vector<MetricRow> rows;
        {
            const auto first = run.state();
            Trainer trainer = run.trainer(*first);
            rows = train(trainer, 4);
            saveCheckpoint(*first, folder.path().toStdString());
        }
        RunConfig otherStart = run.config;  // whatever the fresh weights are, the checkpoint replaces them
        otherStart.training.seed = 99;
        TrainState second(otherStart, run.dataset->facts());
        loadCheckpoint(second, folder.path().toStdString());
        QCOMPARE(second.step, std::int64_t{4});
        Trainer trainer = run.trainer(second);
        for (const MetricRow& row : train(trainer, 4))
            rows.push_back(row);
        QVERIFY(sameRows(rows, expected));
        QCOMPARE(difference(copyOf(second), copyOf(*whole)), std::string());
    }

    void previewsLeaveNoTrace_data() { rowPerKind(); }
    void previewsLeaveNoTrace() {
        QFETCH(DataKind, kind);
        const TinyRun run(tinyConfig(kind));
        const auto plain = run.state(), watched = run.state();
        Trainer plainTrainer = run.trainer(*plain), watchedTrainer = run.trainer(*watched);
        const auto expected = train(plainTrainer, 6);
        std::vector<MetricRow> rows;
        for (int step = 0; step < 6; ++step) {
            rows.push_back(watchedTrainer.step(never).value());
            const auto items =
                sampleItems(watched->average, run.config, run.dataset->facts(), {run.config.sampling}, {});
            QCOMPARE(items.size(), std::size_t{2});
        }
        QVERIFY(sameRows(rows, expected));
        QCOMPARE(difference(copyOf(*watched), copyOf(*plain)), std::string());
    }

    void repeatsExactly() {
        const TinyRun run(tinyConfig(DataKind::Image));
        const auto a = run.state(), b = run.state();
        Trainer first = run.trainer(*a), second = run.trainer(*b);
        QVERIFY(sameRows(train(first, 5), train(second, 5)));
        QCOMPARE(difference(copyOf(*a), copyOf(*b)), std::string());
        RunConfig other = run.config;
        other.training.seed = 2;
        const TinyRun another(other);
        const auto c = another.state();
        Trainer third = another.trainer(*c);
        train(third, 5);
        QVERIFY(!difference(copyOf(*a), copyOf(*c)).empty());
    }

    void reportsWhatItDid() {
        const TinyRun run(tinyConfig(DataKind::Signal));
        const auto state = run.state();
        Trainer trainer = run.trainer(*state);
        const auto rows = train(trainer, 4);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(rows[i].step, static_cast<std::int64_t>(i) + 1);
            QVERIFY(rows[i].loss > 0 && rows[i].gradientNorm > 0);
            QVERIFY(rows[i].waitedForData >= 0 && rows[i].seconds >= rows[i].waitedForData);
        }
        QVERIFY(std::abs(rows[0].learningRate - 0.01 / 3) < 1e-12);
        QCOMPARE(rows[2].learningRate, 0.01);
        QVERIFY(std::abs(rows[0].loss - 1) < 0.7);
    }

    // Two batches of 4 are the items and the noise of one batch of 8.
    void accumulationEqualsALargerBatch() {
        RunConfig config = tinyConfig(DataKind::Image);
        config.model.selfCondition = false;  // drawn once a batch
        config.training.batchSize = 8;
        RunConfig halves = config;
        halves.training.batchSize = 4;
        halves.training.accumulation = 2;
        const TinyRun large(config), accumulated(halves);
        const auto a = large.state(), b = accumulated.state();
        openGains(*a);
        openGains(*b);
        Trainer first = large.trainer(*a), second = accumulated.trainer(*b);
        const MetricRow expected = train(first, 1).front(), row = train(second, 1).front();
        QVERIFY(std::abs(row.loss - expected.loss) < 1e-5);
        QVERIFY(gradients(*a).size() > 10);
        QCOMPARE(difference(gradients(*a), gradients(*b), 1e-4), std::string());
    }

    // A batch that is taken in pieces, be they uneven, is the same step: with dropout, noises that were
    // paired across the batch, and estimates of their own.
    void piecesEqualTheWhole_data() {
        QTest::addColumn<RunConfig>("config");
        for (const DataKind kind : kinds)
            QTest::newRow(toText(kind)) << tinyConfig(kind);
        for (const auto& [name, change] : variations()) {
            RunConfig config = tinyConfig(DataKind::Image);
            change(config);
            QTest::addRow("%s", name) << config;
        }
    }
    void piecesEqualTheWhole() {
        QFETCH(RunConfig, config);
        config.training.batchSize = 5;
        config.training.accumulation = 2;
        RunConfig inPieces = config;
        inPieces.training.microBatch = 2;
        const TinyRun whole(config), pieces(inPieces);
        const auto a = whole.state(), b = pieces.state();
        openGains(*a);
        openGains(*b);
        Trainer first = whole.trainer(*a), second = pieces.trainer(*b);
        const MetricRow expected = train(first, 1).front(), row = train(second, 1).front();
        QCOMPARE(expected.microBatch, std::int64_t{0});
        QCOMPARE(row.microBatch, std::int64_t{2});
        QVERIFY(std::abs(row.loss - expected.loss) < 1e-5 * (1 + std::abs(expected.loss)));
        QVERIFY(std::abs(row.gradientNorm - expected.gradientNorm) < 1e-4 * (1 + expected.gradientNorm));
        QCOMPARE(difference(gradients(*a), gradients(*b), 1e-4), std::string());
    }

    // Where memory runs out, batches are taken in smaller pieces from there on, exactly as if asked to.
    void aLackOfMemoryMakesSmallerPieces() {
        RunConfig config = tinyConfig(DataKind::Image);
        config.training.batchSize = 5;
        config.training.kernels = Kernels::Plain;
        RunConfig inPieces = config;
        inPieces.training.microBatch = 3;
        const TinyRun whole(config), pieces(inPieces);
        const auto expectedState = pieces.state(), state = whole.state(), tried = whole.state();
        Trainer expectedTrainer = pieces.trainer(*expectedState), trainer = whole.trainer(*state);
        Trainer trial = whole.trainer(*tried);
        const auto neededBy = [](Trainer& each, std::vector<MetricRow>& rows) {
            const std::int64_t before = tensorMemory::use().inUse;
            tensorMemory::resetPeak();
            rows = train(each, 4);
            return tensorMemory::use().peak - before;
        };
        std::vector<MetricRow> expected, rows;
        const std::int64_t ofPieces = neededBy(expectedTrainer, expected), ofWhole = neededBy(trial, rows);
        QVERIFY(ofPieces < ofWhole);

        const auto before = copyOf(*state);
        tensorMemory::setLimit(tensorMemory::use().handedOut + (ofPieces + ofWhole) / 2);
        rows = train(trainer, 4);
        tensorMemory::setLimit(0);
        QCOMPARE(trainer.microBatch(), std::int64_t{3});
        QVERIFY(sameRows(rows, expected));
        QCOMPARE(rows.front().microBatch, std::int64_t{3});
        QCOMPARE(difference(copyOf(*state), copyOf(*expectedState)), std::string());
    }

    void noMemoryForOneItemStopsWithASentence() {
        const TinyRun run(tinyConfig(DataKind::Image));
        const auto state = run.state(), expectedState = run.state();
        Trainer trainer = run.trainer(*state), expected = run.trainer(*expectedState);
        train(trainer, 1);
        train(expected, 1);
        const auto before = copyOf(*state);
        tensorMemory::setLimit(tensorMemory::use().handedOut + 10'000);
        try {
            trainer.step(never);
            tensorMemory::setLimit(0);
            QFAIL("it went on");
        } catch (const EngineError& error) {
            tensorMemory::setLimit(0);
            QVERIFY(error.error().what.find("memory ran out") == 0);
            QVERIFY(error.error().what.find("one item") != std::string::npos);
            QCOMPARE(error.error().where, std::string("step 2"));
            QVERIFY(error.error().remedy.find("training.recompute") != std::string::npos);
        }
        QCOMPARE(difference(copyOf(*state), before), std::string());
        // With memory again it goes on where it was.
        QVERIFY(std::abs(train(trainer, 1).front().loss - train(expected, 1).front().loss) < 1e-5);
    }

    void everyLackOfMemoryMakesSmallerPieces_data() {
        QTest::addColumn<Failure>("failure");
        QTest::newRow("of tensors") << Failure([] { throw OutOfMemory(1, 2, 3); });
        QTest::newRow("of the standard library") << Failure([] { throw std::bad_alloc(); });
        QTest::newRow("of oneDNN") << Failure(
            [] { throw dnnl::error(dnnl_out_of_memory, "no scratch memory"); });
    }
    void everyLackOfMemoryMakesSmallerPieces() {
        QFETCH(Failure, failure);
        const TinyRun run(tinyConfig(DataKind::Image));
        const auto state = run.state();
        Trainer trainer = run.trainer(*state);
        int asked = 0;
        const auto row = trainer.step([&] {
            if (++asked == 1)
                failure();
            return false;
        });
        QVERIFY(row);
        QCOMPARE(row->microBatch, std::int64_t{2});
        QCOMPARE(asked, 3);
    }

    void otherFailuresPass() {
        const TinyRun run(tinyConfig(DataKind::Image));
        const auto state = run.state();
        Trainer trainer = run.trainer(*state);
        const auto fails = []() -> bool { throw dnnl::error(dnnl_invalid_arguments, "no such shape"); };
        QVERIFY_THROWS_EXCEPTION(dnnl::error, trainer.step(fails));
        QCOMPARE(trainer.microBatch(), std::int64_t{4});
        QVERIFY(trainer.step(never));
    }

    // An average of another shape: by then the weights have moved.
    void whateverFailsWithinAnUpdateSpoils() {
        RunConfig config = tinyConfig(DataKind::Image);
        config.training.kernels = Kernels::Plain;
        const TinyRun run(config);
        const auto state = run.state();
        Trainer trainer = run.trainer(*state);
        const std::vector<Parameter> average = state->average.parameters();
        std::ranges::find_if(average, &Parameter::trained)->value.set_data(at::ones({2, 3, 5, 7, 11, 13}));
        try {
            trainer.step(never);
            QFAIL("it went on");
        } catch (const Spoiled& error) {
            QVERIFY2(error.error().what.ends_with("while the weights were updated"), error.what());
            QCOMPARE(error.error().what.find('\n'), std::string::npos);
            QCOMPARE(error.error().where, std::string("step 1"));
            QVERIFY(!error.error().remedy.empty());
        }
    }

    void learns() {
        RunConfig config = tinyConfig(DataKind::Image);
        config.model.dropout = 0;
        config.training.batchSize = 16;
        config.training.decaySteps = 100;
        const TinyRun run(config);
        const auto state = run.state();
        Trainer trainer = run.trainer(*state);
        const double before = lossOn(run, state->online);
        train(trainer, 30);
        const double after = lossOn(run, state->online), averaged = lossOn(run, state->average);
        QVERIFY2(after < 0.7 * before, qPrintable(QString("%1 after %2").arg(after).arg(before)));
        QVERIFY2(averaged < 0.8 * before, qPrintable(QString("average %1").arg(averaged)));
    }

    void notANumberChangesNothing_data() {
        QTest::addColumn<QString>("parameter");
        QTest::newRow("weight") << "mids.0.block1.1.weight";
        QTest::newRow("gain") << "output_block.1.gain";
        QTest::newRow("embedding") << "to_time_emb.1.weight";
    }
    void notANumberChangesNothing() {
        QFETCH(QString, parameter);
        const TinyRun run(tinyConfig(DataKind::Image));
        const auto state = run.state();
        Trainer trainer = run.trainer(*state);
        train(trainer, 2);
        const auto healthy = copyOf(*state);
        plant(*state, parameter.toStdString(), std::nanf(""));
        const auto before = copyOf(*state);
        QVERIFY_THROWS_EXCEPTION(EngineError, trainer.step(never));
        QCOMPARE(difference(copyOf(*state), before), std::string());
        // Mended, the same trainer goes on as if nothing had happened.
        restore(*state, healthy);
        const auto expectedState = run.state();
        Trainer expected = run.trainer(*expectedState);
        const auto rows = train(expected, 3);
        QVERIFY(sameButForTheClock(trainer.step(never).value(), rows.back()));
        QCOMPARE(difference(copyOf(*state), copyOf(*expectedState)), std::string());
    }

    void anInterruptionChangesNothing() {
        RunConfig config = tinyConfig(DataKind::Image);
        config.training.accumulation = 3;
        const TinyRun run(config);
        const auto plain = run.state(), interrupted = run.state();
        Trainer plainTrainer = run.trainer(*plain), trainer = run.trainer(*interrupted);
        const auto expected = train(plainTrainer, 4);
        std::vector<MetricRow> rows = train(trainer, 2);
        for (const int at : {0, 1, 2}) {
            const auto before = copyOf(*interrupted);
            int asked = 0;
            QVERIFY(!trainer.step([&] { return asked++ == at; }));
            QCOMPARE(asked, at + 1);
            QCOMPARE(difference(copyOf(*interrupted), before), std::string());
        }
        for (const MetricRow& row : train(trainer, 2))
            rows.push_back(row);
        QVERIFY(sameRows(rows, expected));
        QCOMPARE(difference(copyOf(*interrupted), copyOf(*plain)), std::string());
    }

    void theGradientIsClipped() {
        RunConfig config = tinyConfig(DataKind::Image);
        config.training.clipNorm = 1e-3;
        const TinyRun run(config);
        const auto state = run.state();
        openGains(*state);
        Trainer trainer = run.trainer(*state);
        const MetricRow row = train(trainer, 1).front();
        QVERIFY(row.gradientNorm > 1e-2);  // as it was before clipping
        QVERIFY(std::abs(gradientNorm(*state) - 1e-3) < 1e-6);
        TrainingConfig loose = run.config.training;
        loose.clipNorm = 1e6;
        trainer.setTraining(loose);
        const double norm = train(trainer, 1).front().gradientNorm;
        QVERIFY(std::abs(gradientNorm(*state) - norm) < 1e-5 * norm);
    }

    void bfloat16StaysNearFloat32() {
        RunConfig config = tinyConfig(DataKind::Image);
        const TinyRun precise(config);
        config.training.precision = Precision::BFloat16;
        const TinyRun coarse(config);
        const auto a = precise.state(), b = coarse.state();
        openGains(*a);
        openGains(*b);
        Trainer first = precise.trainer(*a), second = coarse.trainer(*b);
        const auto expected = train(first, 4), rows = train(second, 4);
        bool differs = false;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QVERIFY2(std::abs(rows[i].loss / expected[i].loss - 1) < 0.05,
                     qPrintable(QString("%1, not %2").arg(rows[i].loss).arg(expected[i].loss)));
            differs = differs || rows[i].loss != expected[i].loss;
        }
        QVERIFY(differs);
        for (const Parameter& parameter : b->online.parameters())
            QVERIFY(parameter.value.scalar_type() == at::kFloat);
    }

    // An estimate made without a gradient must not leave weights behind that the step then uses.
    void everyWeightLearnsInBfloat16WithSelfConditioning() {
        RunConfig config = tinyConfig(DataKind::Image);
        variations().front().second(config);
        config.model.selfCondition = true;
        config.training.precision = Precision::BFloat16;
        const TinyRun run(config);
        const auto state = run.state();
        Trainer trainer = run.trainer(*state);
        for (int step = 0; step < 6; ++step) {  // half of them see an estimate of their own
            train(trainer, 1);
            QCOMPARE(gradients(*state).size(), state->adam.parameters().size());
        }
    }

    void labelsReachTheNetwork() {
        RunConfig config = tinyConfig(DataKind::Image);
        config.training.labelDropout = 0;
        const TinyRun always(config);
        config.training.labelDropout = 1;
        const TinyRun neverLabelled(config);
        config.data.useLabels = false;
        const TinyRun without(config);
        QVERIFY(always.state()->online.network->classes() > 1);
        QCOMPARE(without.state()->online.network->classes(), 0);
        const auto a = always.state(), b = neverLabelled.state();
        openGains(*a);
        openGains(*b);
        Trainer first = always.trainer(*a), second = neverLabelled.trainer(*b);
        train(first, 1);
        train(second, 1);
        const auto ofClasses = [](TrainState& state) {
            for (const auto& [name, gradient] : gradients(state))
                if (name == "to_class_emb.weight")
                    return gradient.abs().max().item<double>();
            return -1.0;
        };
        QVERIFY(ofClasses(*a) > 0);
        QCOMPARE(ofClasses(*b), 0.0);
    }

    // Every family, process and average trains: the loss falls below what it was.
    void everyVariationLearns_data() {
        QTest::addColumn<RunConfig>("config");
        for (const auto& [name, change] : variations()) {
            RunConfig config = tinyConfig(DataKind::Image);
            config.model.dropout = 0;
            config.training.batchSize = 8;
            config.training.decaySteps = 0;
            change(config);
            QTest::addRow("%s", name) << config;
        }
    }
    void everyVariationLearns() {
        QFETCH(RunConfig, config);
        config.training.learningRate = config.model.family == ModelFamily::Ddpm ? 3e-3 : 1e-2;
        const TinyRun run(config);
        const auto state = run.state();
        Trainer trainer = run.trainer(*state);
        const auto rows = train(trainer, 60);
        const auto mean = [&](std::size_t from) {
            double sum = 0;
            for (std::size_t i = from; i < from + 15; ++i)
                sum += rows[i].loss;
            return sum / 15;
        };
        QVERIFY2(mean(45) < mean(0), qPrintable(QString("%1 then %2").arg(mean(0)).arg(mean(45))));
        SamplingConfig sampling = run.config.sampling;
        sampling.sampler = SamplerKind::Ancestral;
        const auto items = sampleItems(state->average, run.config, run.dataset->facts(), {sampling}, {});
        QCOMPARE(items.size(), std::size_t{2});
        for (const float value : items.front().array->values)
            QVERIFY(std::isfinite(value));
    }

private:
    using Change = std::function<void(RunConfig&)>;
    static std::vector<std::pair<const char*, Change>> variations() {
        const auto ddpm = [](RunConfig& config) {
            config.model.family = ModelFamily::Ddpm;
            config.model.width = 8;
            config.model.widthFactors = {1, 2};
            config.model.heads = {2};
            config.model.headSizes = {4};
            config.model.selfCondition = false;
            config.noise.process = NoiseProcess::Discrete;
            config.noise.timesteps = 20;
            config.sampling.clip = true;
        };
        return {{"ddpm", ddpm},
                {"ddpm, learned variance",
                 [=](RunConfig& config) {
                     ddpm(config);
                     config.noise.objective = Objective::Noise;
                     config.noise.head = OutputHead::LearnedVariance;
                 }},
                {"ddpm, weighted objective",
                 [=](RunConfig& config) {
                     ddpm(config);
                     config.noise.objective = Objective::Noise;
                     config.noise.head = OutputHead::WeightedObjective;
                 }},
                {"ddpm, continuous, learned schedule",
                 [=](RunConfig& config) {
                     ddpm(config);
                     config.model.time = DdpmTime::LearnedFourier;
                     config.noise.process = NoiseProcess::Continuous;
                     config.noise.objective = Objective::Noise;
                     config.noise.shape = NoiseShape::Learned;
                 }},
                {"karras, discrete, offset, immiscible",
                 [](RunConfig& config) {
                     config.noise.process = NoiseProcess::Discrete;
                     config.noise.timesteps = 20;
                     config.noise.minSnr = true;
                     config.noise.offsetNoise = 0.1;
                     config.noise.immiscible = true;
                 }},
                {"warm-up average", [](RunConfig& config) { config.training.ema = EmaKind::Warmup; }},
                {"power averages", [](RunConfig& config) { config.training.ema = EmaKind::Power; }}};
    }

    static void rowPerKind() {
        QTest::addColumn<DataKind>("kind");
        for (const DataKind kind : kinds)
            QTest::newRow(toText(kind)) << kind;
    }

    static double lossOn(const TinyRun& run, const Model& model) {
        const at::NoGradGuard noGrad;
        constexpr std::int64_t count = 64;
        const at::Tensor clean = toTensor(makeBatch(*run.dataset, run.config, 0, count).values);
        const at::Tensor noise = standardNormal(clean.sizes().vec(), 77);
        const at::Tensor sigma = at::linspace(-2.5, 0.5, count, at::kDouble).exp();
        return losses(model, clean, {sigma, noise, {}, false}, {}).mean().item<double>();
    }

    static void plant(TrainState& state, const std::string& name, float value) {
        const at::NoGradGuard noGrad;
        for (const Parameter& parameter : state.online.parameters())
            if (parameter.name == name)
                parameter.value.view({-1})[0].fill_(value);
    }

    static void restore(TrainState& state, const std::vector<std::pair<std::string, at::Tensor>>& copies) {
        const at::NoGradGuard noGrad;
        const std::vector<Parameter> parameters = state.online.parameters();
        for (std::size_t i = 0; i < parameters.size(); ++i)
            parameters[i].value.copy_(copies[i].second);
    }
};

QTEST_GUILESS_MAIN(trainerTest)
#include "trainerTest.moc"
