// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QTest>
#include <QToolButton>

#include "FakeEngine.h"
#include "MadeData.h"
#include "ui/NumberSpin.h"
#include "ui/PageScroll.h"
#include "ui/SettingsForm.h"

using namespace denoscope;

namespace {

// A value that differs from the default and is allowed.
SettingValue anotherValue(const Setting& setting) {
    const SettingValue now = setting.get(RunConfig{});
    switch (setting.kind) {
        case SettingKind::Flag:
            return !std::get<bool>(now);
        case SettingKind::Integer: {
            const auto value = std::get<std::int64_t>(now);
            return static_cast<double>(value + 1) <= setting.max ? value + 1 : value - 1;
        }
        case SettingKind::Real:
            return std::get<double>(now) == setting.max ? setting.min
                                                        : setting.min + (setting.max - setting.min) * 0.3;
        case SettingKind::Choice:
            return std::get<std::string>(now) == setting.choices.front() ? setting.choices.back()
                                                                         : setting.choices.front();
        case SettingKind::Text:
        case SettingKind::Path:
            return std::string("/data/somewhere else");
        case SettingKind::IntegerList:
            return std::vector<std::int64_t>{16, 32};
        case SettingKind::ChoiceList:
            return std::vector<std::string>{setting.choices.back(), setting.choices.front()};
    }
    return now;
}

}  // namespace

class settingsFormTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLongNumberShowsItsLeadingDigits() {
        NumberSpin spin(*findSetting("noise.sigma_data"));
        spin.setText("0.3982096131094603");
        QCOMPARE(spin.findChild<QLineEdit*>()->cursorPosition(), 0);
    }

    void init() {
        m_engine = std::make_unique<FakeEngine>();
        m_client = std::make_unique<EngineClient>(*m_engine);
        m_model = std::make_unique<RunModel>(*m_client);
    }
    void cleanup() {
        m_model.reset();
        m_client.reset();
    }

    void everySettingGoesRoundThroughItsField() {
        int fields = 0;
        for (const SettingGroup& group : settingGroups()) {
            SettingsForm form(*m_model, QString::fromStdString(group.key), {});
            for (const QString& key : form.keys()) {
                const Setting& setting = *findSetting(key.toStdString());
                const SettingValue value = anotherValue(setting);
                RunConfig config = m_model->config();
                setting.set(config, value);
                m_model->setConfig(config);
                QVERIFY2(form.editor(key)->value() == value, qPrintable(key));
                ++fields;
            }
        }
        QCOMPARE(fields, static_cast<int>(settings().size()));
    }

    void typingReachesTheModel() {
        SettingsForm form(*m_model, "training", {});
        type(form, "training.batch_size", "24");
        QCOMPARE(m_model->config().training.batchSize, std::int64_t{24});
        type(form, "training.learning_rate", "3e-4");
        QCOMPARE(m_model->config().training.learningRate, 3e-4);
    }

    void numbersIgnoreTheLocale() {
        QLocale::setDefault(QLocale(QLocale::German));
        SettingsForm form(*m_model, "training", {});
        QCOMPARE(form.editor("training.learning_rate")->findChild<QLineEdit*>()->text(), QString("0.01"));
        type(form, "training.learning_rate", "0.005");
        QCOMPARE(m_model->config().training.learningRate, 0.005);
        QLocale::setDefault(QLocale::c());
    }

    void aWrongValueIsToldUnderItsField() {
        SettingsForm form(*m_model, "training", {});
        for (const QString wrong : {"-3", "abc", "", "1e400"}) {
            type(form, "training.batch_size", wrong);
            QVERIFY2(!form.problemText("training.batch_size").isEmpty(), qPrintable(wrong));
            QVERIFY(!m_model->problems().empty());
            QCOMPARE(form.editor("training.batch_size")->findChild<QLineEdit*>()->text(), wrong);
        }
        type(form, "training.batch_size", "8");
        QVERIFY(form.problemText("training.batch_size").isEmpty());
        QVERIFY(m_model->problems().empty());
    }

    void resetGoesBackToTheDefault() {
        SettingsForm form(*m_model, "training", {});
        type(form, "training.batch_size", "what");
        QToolButton* reset = nullptr;
        for (QToolButton* button : form.findChildren<QToolButton*>())
            if (button->accessibleName() == "Reset Batch size")
                reset = button;
        QVERIFY(reset != nullptr && !reset->isHidden());
        reset->click();
        QCOMPARE(m_model->config().training.batchSize, RunConfig{}.training.batchSize);
        QVERIFY(form.problemText("training.batch_size").isEmpty());
        QVERIFY(reset->isHidden());
    }

    void aProblemInAFoldedSettingOpensTheFold() {
        SettingsForm form(*m_model, "training", {});
        QVERIFY(!form.advancedShown());
        m_model->setInputProblem("training.beta1", Error{"this is wrong", "", ""});
        QVERIFY(form.advancedShown());
    }

    void locksWhatNeedsANewRun() {
        SettingsForm form(*m_model, "training", {});
        for (const RunState state : allRunStates) {
            m_engine->enter(state);
            QTRY_COMPARE(m_model->state(), state);
            QCOMPARE(form.editor("training.batch_size")->isEnabled(),
                     allows(state, CommandKind::StartTraining));
            QVERIFY(form.editor("training.learning_rate")->isEnabled());
        }
        QVERIFY(form.editor("training.batch_size")->toolTip().contains("Locked"));
    }

    void liveSettingsReachTheRunWhenCommitted() {
        m_engine->say(madeRun(DataKind::Image, "/runs/a", 5));
        m_engine->enter(RunState::Training);
        QTRY_COMPARE(m_model->state(), RunState::Training);
        SettingsForm form(*m_model, "training", {});
        type(form, "training.learning_rate", "0.00");  // on the way to 0.002
        type(form, "training.learning_rate", "0.002");
        QVERIFY(m_engine->commands<ChangeLive>().empty());
        QTest::keyClick(form.editor("training.learning_rate")->focusProxy(), Qt::Key_Return);
        QCOMPARE(m_engine->commands<ChangeLive>().size(), std::size_t{1});
        QCOMPARE(m_engine->commands<ChangeLive>().front().config.training.learningRate, 0.002);
    }

    void stepsAreRound() {
        const Setting& rate = *findSetting("training.learning_rate");
        QCOMPARE(steppedValue(rate, 0.01, 1), 0.02);
        QCOMPARE(steppedValue(rate, 0.02, -1), 0.01);
        QCOMPARE(steppedValue(rate, 0.003, 1), 0.005);
        QCOMPARE(steppedValue(rate, 1, 5), 1.0);  // stays in the range
        const Setting& width = *findSetting("model.width");
        QCOMPARE(steppedValue(width, 32, 1), 64.0);
        QCOMPARE(steppedValue(width, 32, -2), 8.0);
        QCOMPARE(steppedValue(*findSetting("training.steps"), 2000, 1), 5000.0);
        QCOMPARE(steppedValue(*findSetting("model.downsamples"), 2, 1), 3.0);
    }

    void aClassIsChosenByName() {
        SettingsForm form(*m_model, "sampling", {});
        form.setNames("sampling.label", {"Any", "circle", "square"}, -1);
        auto* box = form.editor("sampling.label")->findChild<QComboBox*>();
        QVERIFY(box != nullptr);
        QCOMPARE(box->currentText(), QString("Any"));
        QTest::keyClick(box, Qt::Key_Down);
        QTest::keyClick(box, Qt::Key_Down);
        QCOMPARE(m_model->config().sampling.label, std::int64_t{1});
    }

    void onlyWhatMeansSomethingIsShown() {
        SettingsForm form(*m_model, "model", {});
        form.show();
        QVERIFY(QTest::qWaitForWindowExposed(&form));
        QVERIFY(form.isShown("model.max_width") && form.editor("model.max_width")->isVisible());
        QVERIFY(!form.isShown("model.width_factors") && form.editor("model.width_factors")->isHidden());
        QComboBox* family = form.editor("model.family")->findChild<QComboBox*>();
        family->setFocus();
        QTest::keyClick(family, Qt::Key_Down);
        QCOMPARE(m_model->config().model.family, ModelFamily::Ddpm);
        QVERIFY(!form.isShown("model.max_width") && form.editor("model.max_width")->isHidden());
        QVERIFY(form.isShown("model.width_factors") && form.editor("model.width_factors")->isVisible());
        QVERIFY(!form.isShown("model.norm"));  // behind the fold as ever
        QVERIFY(family->hasFocus());
        form.showAdvanced(true);
        QVERIFY(form.isShown("model.norm"));
        QVERIFY(!form.isShown("model.groups"));  // of the group normalisation only
        choose(form, "model.norm", Qt::Key_Down);
        QVERIFY(form.isShown("model.groups"));
        QTest::keyClick(family, Qt::Key_Up);
        QVERIFY(!form.isShown("model.norm") && form.isShown("model.max_width"));
        QVERIFY(family->hasFocus());
    }

    void rowsCloseUp_data() {
        QTest::addColumn<int>("columns");
        QTest::newRow("one column") << 1;
        QTest::newRow("two columns") << 2;
    }
    void rowsCloseUp() {
        QFETCH(int, columns);
        SettingsForm form(*m_model, "sampling", {}, nullptr, columns);
        form.showAdvanced(true);
        form.show();
        QVERIFY(QTest::qWaitForWindowExposed(&form));
        const int before = form.sizeHint().height();
        for (int i = 0; i < 12; ++i) {
            choose(form, "sampling.sampler", i < 8 ? Qt::Key_Down : Qt::Key_Up);
            QCoreApplication::processEvents();
            verifyTiled(form, columns);
        }
        choose(form, "sampling.sampler", Qt::Key_Home);
        QCOMPARE(form.sizeHint().height(), before);
    }

    void oneColumnIsLeftWhereThereIsNoRoom() {
        auto* form = new SettingsForm(*m_model, "sampling", {}, nullptr, 2);
        PageScroll scroll(form);
        scroll.show();
        for (const auto& [width, columns] : {std::pair(900, 2), {300, 1}, {900, 2}}) {
            scroll.resize(width, 400);
            QTRY_COMPARE(form->editor("sampling.sampler")->y() == form->editor("sampling.grid")->y(),
                         columns == 2);
            QVERIFY(form->width() <= scroll.viewport()->width());
            verifyTiled(*form, columns);
        }
    }

    void whatIsWrongIsShownThoughItMeansNothing() {
        SettingsForm form(*m_model, "noise", {});
        RunConfig config = m_model->config();
        config.model.family = ModelFamily::Ddpm;
        config.noise.process = NoiseProcess::Discrete;
        config.noise.head = OutputHead::LearnedVariance;
        m_model->setConfig(config);
        QVERIFY(form.problemText("noise.output").isEmpty());
        config.noise.process = NoiseProcess::Edm;
        m_model->setConfig(config);
        QVERIFY(!findSetting("noise.output")->isRelevant(config));
        QVERIFY(form.isShown("noise.output"));
        QVERIFY(!form.problemText("noise.output").isEmpty());
        config.noise.head = OutputHead::Plain;
        m_model->setConfig(config);
        QVERIFY(!form.isShown("noise.output"));
    }

    void choicesAreReadByTheirLabels() {
        SettingsForm form(*m_model, "sampling", {});
        auto* box = form.editor("sampling.sampler")->findChild<QComboBox*>();
        QCOMPARE(box->currentText(), QString("Heun"));
        box->setCurrentText("DPM-Solver++ 2M");
        Q_EMIT box->activated(box->currentIndex());
        QCOMPARE(m_model->config().sampling.sampler, SamplerKind::Dpmpp2M);
        QVERIFY(box->toolTip().isEmpty());
        QCOMPARE(box->currentData(Qt::ToolTipRole).toString(), QString("In files: dpmpp_2m"));
        QVERIFY(form.editor("sampling.sampler")->toolTip().contains("DPM-Solver++ 2M, UniPC and LMS"));
        bool told = false;
        for (QToolButton* button : form.findChildren<QToolButton*>())
            told |= button->accessibleName() == "Reset Sampler" && button->toolTip() == "Back to Heun";
        QVERIFY(told);
    }

private:
    static void choose(SettingsForm& form, const QString& key, Qt::Key direction) {
        auto* box = form.editor(key)->findChild<QComboBox*>();
        QTest::keyClick(box, direction);
    }

    // Every shown field has its own place, side by side without holes.
    static void verifyTiled(const SettingsForm& form, int columns) {
        QList<QRect> places;
        for (const QString& key : form.keys())
            if (form.isShown(key) && !findSetting(key.toStdString())->advanced)
                places << form.editor(key)->geometry();
        for (qsizetype i = 0; i < places.size(); ++i) {
            for (qsizetype j = 0; j < i; ++j)
                QVERIFY(!places[i].intersects(places[j]));
            const bool startsALine = i % columns == 0;
            if (i > 0)
                QCOMPARE(places[i].top() > places[i - 1].bottom(), startsALine);
        }
    }

    static void type(SettingsForm& form, const QString& key, const QString& text) {
        auto* line = form.editor(key)->findChild<QLineEdit*>();
        line->selectAll();
        QTest::keyClick(line, Qt::Key_Delete);
        QTest::keyClicks(line, text);
    }

    std::unique_ptr<FakeEngine> m_engine;
    std::unique_ptr<EngineClient> m_client;
    std::unique_ptr<RunModel> m_model;
};

QTEST_MAIN(settingsFormTest)
#include "settingsFormTest.moc"
