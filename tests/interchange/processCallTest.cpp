// SPDX-License-Identifier: GPL-3.0-or-later
// What an export says to write in Python, held against what the package's classes take (version 2.3.1).
#include <QtTest>
#include <algorithm>

#include "engine/interchange/ProcessCall.h"

using namespace denoscope;

namespace {

NetworkOptions unet(int channels, int classes = 0, DdpmTime time = DdpmTime::Sinusoidal,
                    Shape size = {8, 8}) {
    DdpmOptions options;
    options.size = std::move(size);
    options.channels = channels;
    options.classes = classes;
    options.time = time;
    return options;
}

NetworkOptions karras(int classes, const Shape& size) {
    KarrasOptions options;
    options.size = size;
    options.classes = classes;
    return options;
}

NoiseConfig noiseOf(NoiseProcess process, NoiseShape shape = NoiseShape::Cosine) {
    NoiseConfig noise;
    noise.process = process;
    noise.shape = shape;
    noise.objective = Objective::Noise;
    return noise;
}

std::string callOf(const NoiseConfig& noise, const NetworkOptions& network) {
    return toText(processCall(noise, network, true));
}

bool says(const std::vector<std::string>& objections, const char* part) {
    return std::ranges::any_of(objections,
                               [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

}  // namespace

class ProcessCallTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void classesThatDoNotAskTheNetworkAreToldItsChannels() {
        const NetworkOptions network = unet(2, 0, DdpmTime::LearnedFourier);
        NoiseConfig velocity = noiseOf(NoiseProcess::Continuous);
        velocity.objective = Objective::Velocity;
        for (const NoiseConfig& noise :
             {noiseOf(NoiseProcess::Edm), noiseOf(NoiseProcess::Continuous), velocity}) {
            QCOMPARE(processCall(noise, network, true).args["channels"], 2);
            QVERIFY(processObjections(noise, network).empty());
        }
        QVERIFY(!processCall(noiseOf(NoiseProcess::Discrete), network, true).args.contains("channels"));
    }

    void classConditionalNetworksHaveAClassOfTheirOwn() {
        const NoiseConfig noise = noiseOf(NoiseProcess::Discrete);
        const std::string call = callOf(noise, unet(1, 4));
        QVERIFY(call.starts_with("classifier_free_guidance.GaussianDiffusion(image_size=8, timesteps="));
        for (const char* unknown : {"auto_normalize", "immiscible"}) {
            QVERIFY(call.find(unknown) == std::string::npos);
            QVERIFY(callOf(noise, unet(1)).find(unknown) != std::string::npos);
        }
        QVERIFY(processObjections(noise, unet(1, 4)).empty());
    }

    void timeEmbeddingsThatAClassRefusesAreNamed() {
        const NetworkOptions sines = unet(3), fourier = unet(3, 0, DdpmTime::RandomFourier);
        const NoiseConfig discrete = noiseOf(NoiseProcess::Discrete), edm = noiseOf(NoiseProcess::Edm);
        QVERIFY(says(processObjections(edm, sines), "random_or_learned_sinusoidal_cond to True"));
        QVERIFY(says(processObjections(edm, karras(0, {8, 8})), "random_or_learned_sinusoidal_cond to True"));
        QVERIFY(says(processObjections(discrete, fourier), "random_or_learned_sinusoidal_cond to False"));
        QVERIFY(processObjections(discrete, sines).empty());
        QVERIFY(processObjections(edm, fourier).empty());
        QVERIFY(processObjections(discrete, unet(3, 0, DdpmTime::RandomFourier, {8})).empty());
    }

    void whatElseAClassRefusesIsNamed() {
        const NoiseConfig discrete = noiseOf(NoiseProcess::Discrete);
        const NoiseConfig sigmoid = noiseOf(NoiseProcess::Discrete, NoiseShape::Sigmoid);
        QVERIFY(says(processObjections(sigmoid, unet(1, 0, DdpmTime::Sinusoidal, {8})), "sigmoid"));
        QVERIFY(says(processObjections(sigmoid, unet(1, 4)), "sigmoid"));
        QVERIFY(processObjections(sigmoid, unet(1)).empty());
        QVERIFY(says(processObjections(discrete, karras(3, {8, 8})), "no classes"));
        const NetworkOptions wide = unet(1, 0, DdpmTime::LearnedFourier, {8, 16});
        QVERIFY(says(processObjections(noiseOf(NoiseProcess::Edm), wide), "square"));
        auto conditioned = std::get<DdpmOptions>(unet(1, 0, DdpmTime::LearnedFourier));
        conditioned.selfCondition = true;
        QVERIFY(says(processObjections(noiseOf(NoiseProcess::Continuous), conditioned), "self-condition"));
        QVERIFY(processObjections(noiseOf(NoiseProcess::Edm), conditioned).empty());
    }
};

QTEST_GUILESS_MAIN(ProcessCallTest)
#include "processCallTest.moc"
