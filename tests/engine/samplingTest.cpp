// SPDX-License-Identifier: GPL-3.0-or-later
// Sampling requests: what item i is depends on (seed, i) and the network alone.
#include <ATen/Parallel.h>

#include <QTest>
#include <cmath>

#include "engine/samplers/ItemSampler.h"
#include "tests/engine/TinyRun.h"

using namespace denoscope;

namespace {

class Sampled {
public:
    explicit Sampled(DataKind kind) : m_run(tinyConfig(kind)), m_state(m_run.state()) {
        const at::NoGradGuard noGrad;
        for (const Parameter& parameter : m_state->average.parameters())
            if (parameter.value.dim() == 0)
                parameter.value.fill_(0.5);
    }

    RunConfig& config() { return m_run.config; }
    const DataFacts& facts() const { return m_run.dataset->facts(); }

    std::vector<Item> draw(const SamplingConfig& sampling, const ItemSamplerHooks& hooks = {}) {
        return sampleItems(m_state->average, m_run.config, facts(), {sampling}, hooks);
    }
    std::vector<Item> draw(const Sample& request) {
        return sampleItems(m_state->average, m_run.config, facts(), request, {});
    }
    Item real(std::int64_t index) const {
        const DataConfig& data = m_run.config.data;
        Item item = m_run.dataset->draw(index, data.size, data.fit, 0);
        Array inside = *item.array;  // of the window, as the network sees it
        for (float& value : inside.values)
            value = std::clamp(value, static_cast<float>(data.low), static_cast<float>(data.high));
        item.array = std::make_shared<const Array>(std::move(inside));
        return item;
    }
    std::vector<Item> draw(std::int64_t count) {
        SamplingConfig sampling = m_run.config.sampling;
        sampling.count = count;
        return draw(sampling);
    }

private:
    TinyRun m_run;
    std::unique_ptr<TrainState> m_state;
};

// oneDNN and BLAS choose their algorithms by the size of the batch (and the number of threads), so that an
// item alone differs from the same item among others in its last bits; a wrong seed or label differs by far
// more.
constexpr double rounding = 1e-4;

// Largest difference of two items' values, relative to the spread of the first.
double apart(const Item& a, const Item& b) {
    double largest = 0, spread = 0;
    for (std::size_t i = 0; i < a.array->values.size(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(a.array->values[i]) - b.array->values[i]));
        spread = std::max(spread, std::abs(static_cast<double>(a.array->values[i])));
    }
    return largest / spread;
}

}  // namespace

class samplingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { at::set_num_threads(1); }

    void itemsDoNotDependOnTheCount_data() {
        QTest::addColumn<DataKind>("kind");
        QTest::addColumn<double>("churn");
        for (const DataKind kind : {DataKind::Signal, DataKind::Image, DataKind::Volume})
            for (const double churn : {0.0, 3.0})
                QTest::addRow("%s, churn %g", toText(kind), churn) << kind << churn;
    }
    void itemsDoNotDependOnTheCount() {
        QFETCH(DataKind, kind);
        QFETCH(double, churn);
        at::set_num_threads(2);
        Sampled sampled(kind);
        sampled.config().sampling.churn = churn;
        const auto twenty = sampled.draw(20);
        QCOMPARE(twenty.size(), std::size_t{20});
        for (const std::int64_t count : {1, 3, 16, 17}) {
            const auto items = sampled.draw(count);
            QCOMPARE(std::ssize(items), count);
            for (std::size_t i = 0; i < items.size(); ++i) {
                const double difference = apart(twenty[i], items[i]);
                QVERIFY2(difference < rounding,
                         qPrintable(QString("item %1 of %2: %3").arg(i).arg(count).arg(difference)));
                QCOMPARE(items[i].label, twenty[i].label);
                QCOMPARE(items[i].name, twenty[i].name);
            }
        }
    }

    void theSeedDecides() {
        Sampled sampled(DataKind::Image);
        SamplingConfig sampling = sampled.config().sampling;
        const auto first = sampled.draw(sampling), again = sampled.draw(sampling);
        QCOMPARE(apart(first[0], again[0]), 0.0);
        QVERIFY(apart(first[0], first[1]) > 0.01);
        sampling.seed = 2;
        QVERIFY(apart(first[0], sampled.draw(sampling)[0]) > 0.01);
        sampling.seed = 1;
        sampling.churn = 3;
        QVERIFY(apart(first[0], sampled.draw(sampling)[0]) > 1e-4);
    }

    void classesTakeTurns() {
        Sampled sampled(DataKind::Image);
        const auto classes = std::ssize(sampled.facts().labels);
        QVERIFY(classes > 1);
        const auto items = sampled.draw(20);
        for (std::size_t i = 0; i < items.size(); ++i)
            QCOMPARE(items[i].label, static_cast<int>(static_cast<std::ptrdiff_t>(i) % classes));
        SamplingConfig sampling = sampled.config().sampling;
        sampling.label = 1;
        const auto ones = sampled.draw(sampling);
        for (const Item& item : ones)
            QCOMPARE(item.label, 1);
        QVERIFY(apart(ones[0], items[0]) > 10 * rounding);  // the same noise, drawn as another class
        QVERIFY(apart(ones[1], items[1]) < rounding);
    }

    void unconditionalItemsHaveNoLabel() {
        RunConfig config = tinyConfig(DataKind::Signal);
        config.data.useLabels = false;
        const TinyRun run(config);
        const auto state = run.state();
        for (const Item& item :
             sampleItems(state->online, run.config, run.dataset->facts(), {run.config.sampling}, {}))
            QCOMPARE(item.label, -1);
    }

    void itemsLookLikeTheData() {
        Sampled sampled(DataKind::Volume);
        const Item item = sampled.draw(1).front();
        QCOMPARE(item.array->shape, (Shape{1, 4, 8, 8}));
        QVERIFY(item.geometry == sampled.facts().geometry);
        for (const float value : item.array->values)
            QVERIFY(std::isfinite(value));
    }

    // With the network's output at zero D = c_skip x, for which the result is known: it must come back in the
    // units of the data.
    void theResultIsInUnitsOfTheData() {
        RunConfig config = tinyConfig(DataKind::Image);
        config.data.low = 100;
        config.data.high = 300;
        config.sampling.steps = 64;
        config.sampling.count = 16;
        const TinyRun run(config);
        const auto state = run.state();
        double sum = 0, squares = 0, count = 0;
        for (const Item& item :
             sampleItems(state->online, run.config, run.dataset->facts(), {run.config.sampling}, {}))
            for (const float value : item.array->values) {
                sum += value;
                squares += static_cast<double>(value) * value;
                count += 1;
            }
        const double mean = sum / count, deviation = std::sqrt(squares / count - mean * mean);
        const double expected = run.config.noise.sigmaData * 100;  // N(0, sigma_data^2) in network units
        QVERIFY2(std::abs(mean - 200) < 0.05 * expected, qPrintable(QString::number(mean)));
        QVERIFY2(std::abs(deviation / expected - 1) < 0.05, qPrintable(QString::number(deviation)));
    }

    void endsWhenAsked() {
        Sampled sampled(DataKind::Image);
        SamplingConfig sampling = sampled.config().sampling;
        sampling.count = 20;
        for (const int limit : {1, 2, 5}) {  // 3 steps a chunk: the last one ends the second chunk
            int asked = 0;
            QVERIFY(sampled.draw(sampling, {[&] { return ++asked < limit; }, {}, {}}).empty());
            QCOMPARE(asked, limit);
        }
    }

    void framesTellEveryStepOfTheFirstItems() {
        Sampled sampled(DataKind::Image);
        SamplingConfig sampling = sampled.config().sampling;
        sampling.count = 20;
        sampling.steps = 4;
        std::vector<DenoisingFrame> frames;
        std::vector<std::pair<std::int64_t, std::int64_t>> progress;
        const auto items = sampled.draw(
            sampling, {{},
                       [&](DenoisingFrame frame) { frames.push_back(std::move(frame)); },
                       [&](std::int64_t done, std::int64_t total) { progress.emplace_back(done, total); }});
        QCOMPARE(frames.size(), std::size_t{5});
        for (std::size_t i = 0; i < frames.size(); ++i) {
            QCOMPARE(frames[i].index, static_cast<int>(i));
            QCOMPARE(frames[i].total, 5);
            QCOMPARE(frames[i].noisy.size(), std::size_t{16});
            QCOMPARE(frames[i].denoised.size(), std::size_t{16});
            QVERIFY(i == 0 || frames[i].sigma < frames[i - 1].sigma);
        }
        QVERIFY(std::abs(frames.front().sigma - sampling.sigmaMax) < 1e-9);
        QCOMPARE(frames.back().sigma, 0.0);
        for (std::size_t i = 0; i < 16; ++i) {
            QCOMPARE(apart(frames.back().noisy[i], items[i]), 0.0);
            QCOMPARE(apart(frames.back().denoised[i], items[i]), 0.0);
        }
        QCOMPARE(progress.back(), (std::pair<std::int64_t, std::int64_t>{8, 8}));  // 4 steps of 2 chunks
        QVERIFY(std::is_sorted(progress.begin(), progress.end()));
    }

    // From a noise that is next to nothing the ends come back, and what lies between is their mix. With more
    // noise the network has its say.
    void fromOneItemToAnother() {
        constexpr double nearlyNone = 1e-4;
        for (const DataKind kind : {DataKind::Signal, DataKind::Image, DataKind::Volume}) {
            Sampled sampled(kind);
            Sample request{sampled.config().sampling};
            request.sampling.count = 19;  // over two chunks
            request.sampling.sampler = SamplerKind::Ancestral;
            const std::vector<Item> ends{sampled.real(0), sampled.real(1)};
            request.interpolation = Interpolation{ends[0], ends[1], nearlyNone};
            const auto way = sampled.draw(request);
            QCOMPARE(way.size(), std::size_t{19});
            const double distance = apart(ends[0], ends[1]);
            const double missed = std::max(apart(way.front(), ends[0]), apart(way.back(), ends[1]));
            QVERIFY2(missed < 0.15 * distance, qPrintable(QString("%1 of %2").arg(missed).arg(distance)));
            QVERIFY(std::abs(apart(way[9], ends[0]) - distance / 2) < 0.15 * distance);
            for (std::size_t i = 1; i < way.size(); ++i)  // one noise for all: no jumps
                QVERIFY(apart(way[i], way[i - 1]) < 0.1 * distance);
            request.interpolation->sigma = 20;
            QVERIFY(apart(sampled.draw(request).front(), ends[0]) > apart(way.front(), ends[0]));
            request.sampling.count = 1;
            request.interpolation->sigma = nearlyNone;
            QVERIFY(apart(sampled.draw(request).front(), way[9]) < rounding * 10);
        }
    }

    void waysThatCannotBeTaken() {
        Sampled sampled(DataKind::Image);
        Sample request{sampled.config().sampling};
        const auto ends = sampled.draw(2);
        request.interpolation = Interpolation{ends[0], ends[1], 0};
        QVERIFY_THROWS_EXCEPTION(EngineError, sampled.draw(request));
        Item other = ends[0];
        other.array = std::make_shared<const Array>(Array{{1, 2, 2}, {0, 0, 0, 0}});
        request.interpolation = Interpolation{ends[0], other, 1};
        QVERIFY_THROWS_EXCEPTION(EngineError, sampled.draw(request));
        request.interpolation = Interpolation{ends[0], ends[1], 1};
        request.inpainting = Inpainting{ends[0], ends[0].array};
        QVERIFY_THROWS_EXCEPTION(EngineError, sampled.draw(request));
    }

    // Ancestral steps around a known part have the request's eta; ddim has none.
    void inpaintingHeedsEta() {
        Sampled sampled(DataKind::Image);
        Sample request{sampled.config().sampling};
        const Item known = sampled.draw(1).front();
        request.inpainting =
            Inpainting{known, std::make_shared<const Array>(Array{{1, 8, 8}, std::vector<float>(64, 0.F)})};
        const auto drawn = [&](SamplerKind sampler, double eta) {
            request.sampling.sampler = sampler;
            request.sampling.eta = eta;
            return sampled.draw(request).front();
        };
        const Item full = drawn(SamplerKind::Ancestral, 1), none = drawn(SamplerKind::Ancestral, 0);
        QVERIFY(apart(full, none) > 10 * rounding);
        QCOMPARE(apart(drawn(SamplerKind::Ddim, 1), none), 0.0);
        QCOMPARE(apart(drawn(SamplerKind::Heun, 0), full), 0.0);  // which has no part in it
    }
};

QTEST_GUILESS_MAIN(samplingTest)
#include "samplingTest.moc"
