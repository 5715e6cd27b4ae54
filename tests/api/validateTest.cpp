// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "engine/api/Settings.h"

using namespace denoscope;

namespace {

DataFacts images(std::int64_t height, std::int64_t width) {
    DataFacts facts;
    facts.kind = DataKind::Image;
    facts.count = 100;
    facts.shape = facts.smallestShape = facts.largestShape = {1, height, width};
    facts.max = 255;
    facts.percentile995 = 250;
    return facts;
}

DataFacts signals(std::int64_t length) {
    DataFacts facts = images(1, 1);
    facts.kind = DataKind::Signal;
    facts.shape = facts.smallestShape = facts.largestShape = {1, length};
    return facts;
}

DataFacts volumes(std::int64_t depth, std::int64_t height, std::int64_t width) {
    DataFacts facts = images(1, 1);
    facts.kind = DataKind::Volume;
    facts.count = 1;
    facts.shape = facts.smallestShape = facts.largestShape = {1, depth, height, width};
    return facts;
}

// The whole text about one key; empty when nothing is wrong with it.
std::string about(const std::string& key, const std::vector<Problem>& problems) {
    std::string text;
    for (const Problem& problem : problems)
        if (problem.key == key)
            text += toText(problem.error) + "\n";
    return text;
}

RunConfig plain() {
    RunConfig config;
    config.model.attention = {0};
    return config;
}

}  // namespace

#define MENTIONS(text, part) QVERIFY2((text).find(part) != std::string::npos, (text).c_str())

class ValidateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rangesNameTheKey();
    void contradictions();
    void sizesThatCannotBeHalved();
    void volumesHalveWhatTheTypesSay();
    void attentionNamesWhatOccurs();
    void typesNeedOneEach();
    void exactRefusesOtherSizes();
    void piecesNeedRoom();
    void rankMustSuitTheData();
    void countsAndClasses();
    void valuesAndWindow();
    void outputsThatLearnMore();
    void timesThatANetworkCannotTell();
    void guidanceNeedsDroppedLabels();
};

void ValidateTest::rangesNameTheKey() {
    RunConfig config = plain();
    config.training.steps = 0;
    config.training.learningRate = std::numeric_limits<double>::quiet_NaN();
    config.model.downsamples = 60;  // must not be calculated with
    MENTIONS(about("training.steps", validate(config, images(32, 32))), "from 1");
    MENTIONS(about("training.learning_rate", validate(config)), "nan");
    MENTIONS(about("model.downsamples", validate(config)), "60");
}

void ValidateTest::contradictions() {
    RunConfig config = plain();
    config.data.low = 5;
    config.data.high = 2;
    config.sampling.sigmaMin = 90;
    config.sampling.churnMin = 60;
    config.model.width = 33;
    config.model.maxWidth = 32;
    const auto problems = validate(config);
    MENTIONS(about("data.low", problems), "5");
    MENTIONS(about("sampling.sigma_min", problems), "90");
    MENTIONS(about("sampling.churn_min", problems), "60");
    MENTIONS(about("model.width", problems), "use 34");
    MENTIONS(about("model.max_width", problems), "33");
}

void ValidateTest::sizesThatCannotBeHalved() {
    RunConfig config = plain();
    config.model.downsamples = 3;
    const std::string image = about("data.size", validate(config, images(28, 30)));
    MENTIONS(image, "28 x 30");
    MENTIONS(image, "data.size = 32, 32 with data.fit = pad");
    MENTIONS(image, "model.downsamples = 1");
    config.data.size = {1001};
    const std::string signal = about("data.size", validate(config, signals(1001)));
    MENTIONS(signal, "data.size = 1000 with data.fit = crop");
    QVERIFY2(signal.find("downsamples =") == std::string::npos, signal.c_str());
    config.data.size = {1000};
    config.data.fit = Fit::Crop;
    QVERIFY(validate(config, signals(1001)).empty());
    config.data.size = {3};
    MENTIONS(about("data.size", validate(config)), "data.size = 8");  // never 0
}

void ValidateTest::volumesHalveWhatTheTypesSay() {
    RunConfig config = plain();
    config.data.size = {3, 32, 32};
    config.data.fit = Fit::Crop;
    config.model.downsampleTypes = {DownsampleType::Image, DownsampleType::Image};
    QVERIFY(about("data.size", validate(config, volumes(9, 64, 64))).empty());
    config.model.downsampleTypes = {DownsampleType::Image, DownsampleType::Frame};
    MENTIONS(about("data.size", validate(config, volumes(9, 64, 64))), "data.size = 4, 32, 32");
    config.data.size = {4, 30, 30};
    QVERIFY(about("data.size", validate(config, volumes(9, 64, 64))).empty());
    config.model.downsampleTypes = {};
    MENTIONS(about("data.size", validate(config, volumes(9, 64, 64))), "4, 32, 32");
}

void ValidateTest::attentionNamesWhatOccurs() {
    RunConfig config;
    config.data.size = {64, 32};
    config.model.attention = {16, 10};
    const std::string text = about("model.attention", validate(config));
    MENTIONS(text, "10");
    MENTIONS(text, "64, 32, 16");
    QVERIFY2(text.find("resolution 16") == std::string::npos, text.c_str());
    config.data.size = {32, 32, 32};
    config.model.downsampleTypes = {DownsampleType::Frame, DownsampleType::Image};
    MENTIONS(about("model.attention", validate(config)), "32, 16");
    config.model.attention = {0};
    QVERIFY(validate(config).empty());
}

void ValidateTest::typesNeedOneEach() {
    RunConfig config = plain();
    config.model.downsampleTypes = {DownsampleType::All};
    config.data.size = {16, 32, 32};
    MENTIONS(about("model.downsample_types", validate(config)), "1 types for 2");
    config.data.size = {32, 32};
    MENTIONS(about("model.downsample_types", validate(config)), "only volumes");
}

void ValidateTest::exactRefusesOtherSizes() {
    DataFacts mixed = images(32, 32);
    mixed.mixedShapes = true;
    mixed.largestShape = {1, 48, 40};
    RunConfig config = plain();
    const std::string text = about("data.fit", validate(config, mixed));
    MENTIONS(text, "32 x 32 to 48 x 40");
    MENTIONS(text, "crop or pad");
    config.data.fit = Fit::Crop;
    QVERIFY(validate(config, mixed).empty());
    config.data = {};
    config.data.size = {16, 16};
    MENTIONS(about("data.fit", validate(config, images(32, 32))), "16 x 16");
}

void ValidateTest::piecesNeedRoom() {
    RunConfig config = plain();
    config.data.size = {64};
    config.data.fit = Fit::Crop;
    MENTIONS(about("data.fit", validate(config, signals(60))), "pad");
    config.data.fit = Fit::Pad;
    QVERIFY(validate(config, signals(60)).empty());
    config.data.fit = Fit::Exact;
    config.data.size = {16, 32, 32};
    QVERIFY(about("data.fit", validate(config, volumes(64, 64, 64))).empty());
    MENTIONS(about("data.fit", validate(config, volumes(8, 64, 64))), "pad");
}

void ValidateTest::rankMustSuitTheData() {
    RunConfig config = plain();
    config.data.size = {32, 32};
    MENTIONS(about("data.size", validate(config, signals(64))), "give 1");
    config.data.size = {8, 8, 8, 8};
    MENTIONS(about("data.size", validate(config)), "4 extents");
}

void ValidateTest::countsAndClasses() {
    RunConfig config = plain();
    DataFacts few = images(32, 32);
    few.count = 5;
    MENTIONS(about("training.batch_size", validate(config, few)), "5 or fewer");
    config.data.size = {16, 32, 32};
    QVERIFY(about("training.batch_size", validate(config, volumes(64, 64, 64))).empty());  // many patches

    config = plain();
    config.sampling.label = 2;
    MENTIONS(about("sampling.label", validate(config, images(32, 32))), "-1");
    DataFacts labelled = images(32, 32);
    labelled.labels = {"a", "b"};
    MENTIONS(about("sampling.label", validate(config, labelled)), "0 to 1");
    config.sampling.label = 1;
    QVERIFY(validate(config, labelled).empty());
    config.data.useLabels = false;
    QVERIFY(!about("sampling.label", validate(config, labelled)).empty());
}

void ValidateTest::valuesAndWindow() {
    RunConfig config = plain();
    DataFacts constant = images(32, 32);
    constant.min = constant.max = 7;
    MENTIONS(about("data.source", validate(config, constant)), "every value is 7");
    config.data.low = 300;
    config.data.high = 400;
    MENTIONS(about("data.low", validate(config, images(32, 32))), "0 to 250");
    config = plain();
    DataFacts recording = signals(64);  // samples of 32 bits
    recording.min = -2147483648.0;
    recording.max = 2147483647.0;
    config.data.size = {64};
    config.data.low = recording.min;
    config.data.high = -recording.min;
    QVERIFY(validate(config, recording).empty());
    config = plain();
    config.data.mirror = true;
    QVERIFY(!about("data.mirror", validate(config, signals(64))).empty());
    QVERIFY(validate(config, images(32, 32)).empty());
}

void ValidateTest::outputsThatLearnMore() {
    RunConfig config;
    config.model.family = ModelFamily::Ddpm;
    config.noise.process = NoiseProcess::Discrete;
    config.noise.objective = Objective::Noise;
    for (const OutputHead head : {OutputHead::LearnedVariance, OutputHead::WeightedObjective}) {
        config.noise.head = head;
        QVERIFY(validate(config).empty());
        RunConfig other = config;
        other.noise.objective = Objective::Velocity;
        MENTIONS(about("noise.objective", validate(other)), "set it to noise");
        QVERIFY(!findSetting("noise.objective")->isRelevant(other));
        other = config;
        other.noise.minSnr = true;
        MENTIONS(about("noise.min_snr", validate(other)), "turn it off");
        QVERIFY(!findSetting("noise.min_snr")->isRelevant(other));
    }
    config.noise.head = OutputHead::Plain;
    config.noise.immiscible = true;
    config.noise.immiscibleTarget = Compat::Reference;
    QVERIFY(validate(config).empty());
    config.noise.process = NoiseProcess::Continuous;
    config.model.time = DdpmTime::LearnedFourier;
    MENTIONS(about("noise.immiscible_target", validate(config)), "set it to paper");
}

void ValidateTest::timesThatANetworkCannotTell() {
    RunConfig config;
    config.model.family = ModelFamily::Ddpm;
    for (const NoiseProcess process : {NoiseProcess::Edm, NoiseProcess::Continuous}) {
        config.noise.process = process;
        MENTIONS(about("model.time_embedding", validate(config)), "learned or random");
    }
    config.model.time = DdpmTime::RandomFourier;
    QVERIFY(validate(config).empty());
    config.model.time = DdpmTime::Sinusoidal;
    config.noise.process = NoiseProcess::Discrete;
    QVERIFY(validate(config).empty());
    config.model.norm = DdpmNorm::Group;
    config.model.firstWidth = 20;  // of the first convolution and the last block, normalised like the others
    MENTIONS(about("model.groups", validate(config)), "a width of 20");
    config.model.firstWidth = 24;
    QVERIFY(validate(config).empty());
}

void ValidateTest::guidanceNeedsDroppedLabels() {
    RunConfig config = plain();
    DataFacts labelled = images(32, 32);
    labelled.labels = {"a", "b"};
    config.sampling.guidance = 2;
    QVERIFY(validate(config, labelled).empty());
    config.training.labelDropout = 0;
    MENTIONS(about("sampling.guidance", validate(config, labelled)), "label_dropout = 0.1");
    config.sampling.guidance = 1;
    QVERIFY(validate(config, labelled).empty());
}

QTEST_GUILESS_MAIN(ValidateTest)
#include "validateTest.moc"
