// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cmath>
#include <limits>

#include "engine/api/FactsFile.h"
#include "engine/api/FiniteValues.h"
#include "engine/api/Settings.h"
#include "tests/api/AnotherValue.h"

using namespace denoscope;

namespace {

Error errorOf(const std::string& text) {
    try {
        parseConfig(text, "my.json");
    } catch (const EngineError& error) {
        return error.error();
    }
    return {};
}

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class ConfigFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void defaultsThereAndBack();
    void everyValueThereAndBack();
    void missingKeysKeepTheirDefaults();
    void unknownKeysNameTheNearest_data();
    void unknownKeysNameTheNearest();
    void wrongValuesNameKeyValueAndRange_data();
    void wrongValuesNameKeyValueAndRange();
    void syntaxErrorsNameTheirPlace();
    void aKeyTwiceIsRefused();
    void deepNestingIsRefused();
    void differenceNamesWhatChanged();
    void factsAreReadAsTheyWereMeant();
    void factsThereAndBack();
};

void ConfigFileTest::defaultsThereAndBack() {
    const std::string text = formatConfig(RunConfig{});
    QVERIFY(parseConfig(text, "x") == RunConfig{});
    QVERIFY2(contains(text, "\"learning_rate\": 0.01,"), text.c_str());  // the shortest text that reads back
    QVERIFY(text.find("\"data\"") < text.find("\"model\"") &&
            text.find("\"model\"") < text.find("\"noise\""));
}

void ConfigFileTest::everyValueThereAndBack() {
    RunConfig config;
    for (const Setting& setting : settings())
        setting.set(config, anotherValue(setting));
    for (const Setting& setting : settings())
        QVERIFY2(setting.get(config) != setting.get(RunConfig{}), setting.key.c_str());
    config.data.source = "/data/\"odd\" näme";
    config.noise.sigmaData = 0.1 + 0.2;
    config.noise.logDeviation = 1.0 / 3;
    config.training.epsilon = 1e-16;
    QVERIFY(parseConfig(formatConfig(config), "x") == config);
}

void ConfigFileTest::missingKeysKeepTheirDefaults() {
    const RunConfig config =
        parseConfig("// only this\n{\"training\": {\"steps\": 7, /* whole */ \"clip_norm\": 1}}", "x");
    RunConfig expected;
    expected.training.steps = 7;
    expected.training.clipNorm = 1;
    QVERIFY(config == expected);
    QVERIFY(parseConfig("{}", "x") == RunConfig{});
}

void ConfigFileTest::unknownKeysNameTheNearest_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("nearest");
    QTest::newRow("setting") << QByteArray(R"({"training": {"learning_rat": 1}})")
                             << QByteArray("training.learning_rat") << QByteArray("training.learning_rate");
    QTest::newRow("group") << QByteArray(R"({"trainin": {"steps": 1}})") << QByteArray("trainin")
                           << QByteArray("training");
}

void ConfigFileTest::unknownKeysNameTheNearest() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, nearest);
    const Error error = errorOf(text.toStdString());
    QCOMPARE(error.where, std::string("my.json"));
    QVERIFY2(contains(error.what, ("'" + key + "'").constData()), error.what.c_str());
    QVERIFY2(contains(error.remedy, ("'" + nearest + "'").constData()), error.remedy.c_str());
}

void ConfigFileTest::wrongValuesNameKeyValueAndRange_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<QByteArray>("remedy");
    const auto row = [](const char* name, const char* text, const char* what, const char* remedy) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(what) << QByteArray(remedy);
    };
    row("below", R"({"training": {"steps": 0}})", "training.steps cannot be 0", "from 1 to 100000000");
    row("text for number", R"({"training": {"steps": "9"}})", "training.steps cannot be \"9\"",
        "whole number");
    row("fraction", R"({"training": {"steps": 1.5}})", "training.steps cannot be 1.5", "whole number");
    row("past 64 bits", R"({"training": {"seed": 18446744073709551615}})", "training.seed", "whole number");
    row("choice", R"({"data": {"fit": "squash"}})", "data.fit cannot be \"squash\"", "exact, crop, pad");
    row("list member", R"({"data": {"size": [32, 0]}})", "data.size cannot be [32,0]", "from 1");
    row("list of text", R"({"model": {"attention": ["8"]}})", "model.attention", "whole numbers");
    row("null", R"({"model": {"dropout": null}})", "model.dropout cannot be null", "0 to 0.9");
    row("value for group", R"({"model": 3})", "'model' is a group", "write");
    row("setting without its group", R"({"sampling.steps": 1})", "outside of its group",
        R"("sampling": { "steps")");
    row("list for root", "[]", "object", "write");
}

void ConfigFileTest::wrongValuesNameKeyValueAndRange() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, what);
    QFETCH(QByteArray, remedy);
    const Error error = errorOf(text.toStdString());
    QCOMPARE(error.where, std::string("my.json"));
    QVERIFY2(contains(error.what, what.constData()), error.what.c_str());
    QVERIFY2(contains(error.remedy, remedy.constData()), error.remedy.c_str());
}

void ConfigFileTest::syntaxErrorsNameTheirPlace() {
    const Error error = errorOf("{\n  \"training\": {\n    \"steps\" 7\n  }\n}\n");
    QCOMPARE(error.where, std::string("my.json, line 3, column 13"));
    QVERIFY2(contains(error.what, "not valid JSON"), error.what.c_str());
    QVERIFY(!errorOf("").what.empty());
    QVERIFY(!errorOf("{\"training\": {\"steps\": 1e999}}").what.empty());
    QVERIFY(!errorOf("{} trailing").what.empty());
}

void ConfigFileTest::aKeyTwiceIsRefused() {
    const Error error = errorOf(R"({"training": {"steps": 7, "seed": 1, "steps": 8}})");
    QVERIFY2(contains(error.what, "'steps'") && contains(error.what, "twice"), error.what.c_str());
}

void ConfigFileTest::deepNestingIsRefused() {
    const Error error = errorOf(std::string(1'000'000, '['));
    QVERIFY2(contains(error.what, "deep"), error.what.c_str());
}

void ConfigFileTest::differenceNamesWhatChanged() {
    RunConfig after;
    after.training.learningRate = 0.005;
    after.data.size = {32, 32};
    const auto changes = difference(RunConfig{}, after);
    QCOMPARE(changes.size(), std::size_t(2));
    QCOMPARE(changes[0].key, std::string("data.size"));
    QCOMPARE(changes[0].after, std::string("32, 32"));
    QCOMPARE(changes[1].key, std::string("training.learning_rate"));
    QCOMPARE(changes[1].before, std::string("0.01"));
    QCOMPARE(changes[1].after, std::string("0.005"));
    QVERIFY(difference(after, after).empty());
}

void ConfigFileTest::factsAreReadAsTheyWereMeant() {
    DataFacts facts;
    facts.kind = DataKind::Volume;
    facts.geometry.spacing = {2.715F, 0.1F, 1.0 / 3};
    facts.geometry.affine[0] = 2.715F;
    facts.geometry.sampleRate = 2147483520.0;  // the largest 32-bit float below 2^31, but not a short one
    facts.details.slope = 0.01F;
    facts.notFinite = 7;
    const std::string shown = factsForReading(facts), kept = formatFacts(facts);
    QVERIFY2(contains(shown, R"("spacing":[2.715,0.1,0.3333333333333333])"), shown.c_str());
    QVERIFY2(contains(shown, R"("affine":[[2.715,0.0,)"), shown.c_str());
    QVERIFY2(contains(shown, R"("slope":0.01,)") && contains(shown, "2147483520.0"), shown.c_str());
    QVERIFY2(contains(shown, R"("not_finite":7)"), shown.c_str());
    QVERIFY(parseFacts(kept, "x").geometry == facts.geometry);  // to the last bit
    QVERIFY(contains(shown, R"("min":0)") && hasFiniteValues(parseFacts(kept, "x")));

    facts.mean = std::numeric_limits<double>::quiet_NaN();
    const std::string nothing = formatFacts(facts);
    QVERIFY2(contains(nothing, R"("min":null,"max":null,"mean":null,"standard_deviation":null)") &&
                 contains(nothing, R"("percentile_99.5":null)"),
             nothing.c_str());
    const DataFacts read = parseFacts(nothing, "x");
    QVERIFY(!hasFiniteValues(read) && read.min == 0 && read.percentile995 == 0);
}

void ConfigFileTest::factsThereAndBack() {
    DataFacts facts;
    facts.source = "/x";
    facts.kind = DataKind::Volume;
    facts.count = 3;
    facts.shape = {1, 24, 32, 32};
    facts.geometry.spacing = {0.5, 0.5, 2};
    facts.geometry.affine[3] = -90.25;
    facts.mean = 1.0 / 3;
    facts.notFinite = 7;
    facts.labels = {"a", "b"};
    const std::string text = formatFacts(facts);
    const DataFacts read = parseFacts(text, "x");
    QCOMPARE(formatFacts(read), text);
    QVERIFY(read.geometry == facts.geometry && read.labels == facts.labels && read.kind == facts.kind);
    QVERIFY(text.find(R"("affine":[[1.0,0.0,0.0,-90.25],[0.0,1.0,0.0,0.0],)") != std::string::npos);
    QVERIFY(text.find(R"("orientation":"RAS")") != std::string::npos);
    const char* flat =
        R"({"kind": "volume", "affine": [1, 0, 0, -90.25, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]})";
    QVERIFY(parseFacts(flat, "x").geometry.affine == facts.geometry.affine);  // as older versions wrote it
    for (const char* affine : {"[]", "[[1, 0]]", "[1, 2]", "\"x\""})
        QVERIFY_EXCEPTION_THROWN(
            parseFacts(std::string(R"({"kind": "volume", "affine": )") + affine + "}", "x"), EngineError);
    QVERIFY_EXCEPTION_THROWN(parseFacts(R"({"kind": "smell"})", "x"), EngineError);
    QVERIFY_EXCEPTION_THROWN(parseFacts(R"({"kind": "image", "count": "many"})", "x"), EngineError);
}

QTEST_GUILESS_MAIN(ConfigFileTest)
#include "configFileTest.moc"
