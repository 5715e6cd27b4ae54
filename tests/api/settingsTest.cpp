// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTest>
#include <clocale>
#include <limits>
#include <set>

#include "engine/api/Settings.h"
#include "tests/api/AnotherValue.h"

using namespace denoscope;

namespace {

const Setting& setting(const char* key) {
    const Setting* found = findSetting(key);
    if (found == nullptr)
        qFatal("no setting %s", key);
    return *found;
}

bool refused(const char* key, const char* text, const std::string& inRemedy) {
    try {
        parseSetting(setting(key), text);
    } catch (const EngineError& error) {
        return error.error().where == key && error.error().what.find(text) != std::string::npos &&
               error.error().remedy.find(inRemedy) != std::string::npos;
    }
    return false;
}

// Another allowed value, to see that set() reaches the right field.
}  // namespace

class SettingsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFieldIsDescribed();
    void everySettingReachesItsOwnField();
    void defaultsAreAllowed();
    void textThereAndBack();
    void peoplesSpellings();
    void refusals();
    void wrongTypesAreRefused();
    void liveSettings();
    void choicesHaveLabels();
    void settingsOfOtherFamiliesMeanNothing();
    void independentOfTheLocale();
    void referenceIsUpToDate();
};

void SettingsTest::everyFieldIsDescribed() {
    // Config.h: the fields of data, model, noise, training and sampling.
    QCOMPARE(settings().size(), std::size_t(11 + 23 + 17 + 32 + 23));
    std::set<std::string> keys, groups;
    for (const SettingGroup& group : settingGroups())
        groups.insert(group.key);
    for (const Setting& s : settings()) {
        QVERIFY2(keys.insert(s.key).second, s.key.c_str());
        QVERIFY2(groups.contains(s.group()), s.key.c_str());
        QVERIFY2(!s.label.empty() && s.help.size() > 20 && s.help.back() == '.', s.key.c_str());
        const bool number = s.kind == SettingKind::Integer || s.kind == SettingKind::Real;
        QVERIFY2(!number || s.min < s.max, s.key.c_str());
        QVERIFY2(s.scale == Scale::Linear || s.min > 0, s.key.c_str());
    }
}

void SettingsTest::everySettingReachesItsOwnField() {
    for (const Setting& s : settings()) {
        RunConfig config;
        const SettingValue value = anotherValue(s);
        s.set(config, value);
        QVERIFY2(s.get(config) == value, s.key.c_str());
        const auto changes = difference(RunConfig{}, config);
        QVERIFY2(changes.size() == 1 && changes[0].key == s.key, s.key.c_str());
        QVERIFY2(!(config == RunConfig{}), s.key.c_str());
    }
}

void SettingsTest::defaultsAreAllowed() {
    for (const Problem& problem : validate(RunConfig{}))
        QFAIL(toText(problem.error).c_str());
}

void SettingsTest::textThereAndBack() {
    for (const Setting& s : settings())
        for (const SettingValue& value : {s.get(RunConfig{}), anotherValue(s)})
            QVERIFY2(parseSetting(s, toText(value)) == value, s.key.c_str());
}

void SettingsTest::peoplesSpellings() {
    const std::vector<std::int64_t> size{24, 32, 40};
    for (const char* text : {"24, 32, 40", "24 32 40", "[24,32,40]", "24x32x40", " 24 x 32 x 40 "})
        QVERIFY2(parseSetting(setting("data.size"), text) == SettingValue(size), text);
    for (const char* text : {"on", "true", "yes", "1"})
        QVERIFY2(parseSetting(setting("data.mirror"), text) == SettingValue(true), text);
    QVERIFY(parseSetting(setting("training.learning_rate"), " 1e-3 ") == SettingValue(0.001));
    QVERIFY(parseSetting(setting("model.downsample_types"), "image, all") ==
            SettingValue(std::vector<std::string>{"image", "all"}));
    QVERIFY(parseSetting(setting("data.source"), "/a folder/x y") ==
            SettingValue(std::string("/a folder/x y")));
}

void SettingsTest::refusals() {
    QVERIFY(refused("training.steps", "0", "from 1 to"));
    QVERIFY(refused("training.steps", "12.5", "whole number"));
    QVERIFY(refused("training.steps", "99999999999999999999", "whole number"));
    QVERIFY(refused("training.learning_rate", "nan", "from"));
    QVERIFY(refused("training.learning_rate", "0,01", "number"));
    QVERIFY(refused("training.optimizer", "adma", "adam, adamw"));
    QVERIFY(refused("data.mirror", "perhaps", "true or false"));
    QVERIFY(refused("data.size", "32, -3", "from 1"));
    QVERIFY(refused("model.downsample_types", "image, depth", "frame"));
}

void SettingsTest::wrongTypesAreRefused() {
    for (const Setting& s : settings()) {
        RunConfig config;
        const bool takesLists = s.kind == SettingKind::ChoiceList;
        const SettingValue wrong =
            takesLists ? SettingValue(true) : SettingValue(std::vector<std::string>{"x"});
        QVERIFY_EXCEPTION_THROWN(s.set(config, wrong), EngineError);
        QVERIFY2(config == RunConfig{}, s.key.c_str());
    }
}

void SettingsTest::liveSettings() {
    for (const Setting& s : settings())
        if (s.group() == "sampling")
            QVERIFY2(s.applies == Applies::Live, s.key.c_str());
        else if (s.group() != "training")
            QVERIFY2(s.applies == Applies::NewRun, s.key.c_str());
    QCOMPARE(int(setting("training.learning_rate").applies), int(Applies::Live));
    QCOMPARE(int(setting("training.batch_size").applies), int(Applies::NewRun));
}

void SettingsTest::choicesHaveLabels() {
    for (const Setting& s : settings()) {
        QCOMPARE(s.choiceLabels.size(), s.choices.size());
        QCOMPARE(std::set<std::string>(s.choiceLabels.begin(), s.choiceLabels.end()).size(),
                 s.choices.size());
        const std::string help = labelledHelp(s);
        QVERIFY2(help.find('`') == std::string::npos, help.c_str());
        for (const std::string& choice : s.choices) {
            QVERIFY2(!labelText(s, choice).empty(), choice.c_str());
            if (s.help.find('`' + choice + '`') != std::string::npos)
                QVERIFY2(help.find(labelText(s, choice)) != std::string::npos, choice.c_str());
        }
    }
    QCOMPARE(labelText(setting("sampling.sampler"), std::string("dpmpp_2m")), std::string("DPM-Solver++ 2M"));
    QCOMPARE(labelText(setting("model.downsample_types"), std::vector<std::string>{"image", "all"}),
             std::string("In plane, All"));
    QCOMPARE(labelText(setting("data.source"), std::string("demo:beats")), std::string("demo:beats"));
    QCOMPARE(labelText(setting("model.width"), std::int64_t{64}), std::string("64"));
    QVERIFY(labelledHelp(setting("noise.objective")).find("Velocity (v): a mix") != std::string::npos);
}

void SettingsTest::settingsOfOtherFamiliesMeanNothing() {
    RunConfig karras, ddpm;
    ddpm.model.family = ModelFamily::Ddpm;
    ddpm.noise.process = NoiseProcess::Discrete;
    ddpm.sampling.sampler = SamplerKind::Ddim;
    for (const char* key : {"model.max_width", "model.compat", "noise.log_mean", "sampling.churn",
                            "sampling.rho", "sampling.sigma_max"}) {
        QVERIFY2(setting(key).isRelevant(karras), key);
        QVERIFY2(!setting(key).isRelevant(ddpm), key);
    }
    for (const char* key : {"model.width_factors", "model.variant", "noise.objective", "noise.timesteps"}) {
        QVERIFY2(!setting(key).isRelevant(karras), key);
        QVERIFY2(setting(key).isRelevant(ddpm), key);
    }
    for (const char* key : {"model.family", "model.width", "noise.process", "sampling.steps"})
        QVERIFY2(setting(key).isRelevant(karras) && setting(key).isRelevant(ddpm), key);
}

void SettingsTest::independentOfTheLocale() {
    const std::string before = std::setlocale(LC_ALL, nullptr);
    if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr)
        QSKIP("the locale de_DE.UTF-8 is not installed");
    RunConfig config;
    config.training.learningRate = 0.0125;
    const std::string text = formatConfig(config);
    const RunConfig read = parseConfig(text, "test");
    const bool parsed = parseSetting(setting("noise.sigma_data"), "0.5") == SettingValue(0.5);
    std::setlocale(LC_ALL, before.c_str());
    QVERIFY(text.find("0.0125") != std::string::npos);
    QVERIFY(read == config);
    QVERIFY(parsed);
}

void SettingsTest::referenceIsUpToDate() {
    QFile file(DENOSCOPE_SETTINGS_REFERENCE);
    QVERIFY2(file.open(QIODevice::ReadOnly), "docs/settings.md is missing");
    QVERIFY2(file.readAll().toStdString() == settingsReference(),
             "docs/settings.md is out of date: run denoscope-cli settings --markdown > docs/settings.md");
}

QTEST_GUILESS_MAIN(SettingsTest)
#include "settingsTest.moc"
