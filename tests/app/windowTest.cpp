// SPDX-License-Identifier: GPL-3.0-or-later
// The real window on the real engine, from the first click to a run that is closed, opened again and
// continued.
#include <QApplication>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "engine/data/export/Export.h"
#include "engine/session/Session.h"
#include "ui/Banner.h"
#include "ui/CurveBox.h"
#include "ui/DataPanel.h"
#include "ui/DenoisingPanel.h"
#include "ui/ExportButton.h"
#include "ui/ItemsView.h"
#include "ui/MainWindow.h"
#include "ui/SamplesPanel.h"
#include "ui/ThemeChoice.h"
#include "ui/TrainingPanel.h"
#include "widgets/ScrubBar.h"

using namespace denoscope;

namespace {

constexpr int patience = 120'000;  // ms; a bound for a hang, not an expectation

// The package's network under its own process, as small.
RunConfig tinyDdpm(RunConfig config) {
    config.model.family = ModelFamily::Ddpm;
    config.model.widthFactors = {1, 2};
    config.model.heads = {1};
    config.model.headSizes = {8};
    config.noise.process = NoiseProcess::Discrete;
    config.noise.timesteps = 20;
    config.sampling.sampler = SamplerKind::Ddim;
    return config;
}

// Small enough to learn nothing in no time.
RunConfig tiny(RunConfig config) {
    config.model.width = 8;
    config.model.maxWidth = 16;
    config.model.blocksPerStage = 1;
    config.model.attention = {0};
    config.model.headSize = 8;
    config.data.size = {16, 16};
    config.data.fit = Fit::Crop;
    config.training.steps = 20;
    config.training.batchSize = 4;
    config.training.previewEvery = 5;
    config.training.previewCount = 4;
    config.training.previewBudget = 100;
    config.sampling.steps = 4;
    config.sampling.count = 3;
    return config;
}

}  // namespace

class windowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fromTheFirstClickToContinue() {
        open();
        QTest::mouseClick(m_window->findChild<QPushButton*>("demo:shapes"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->dataPanel().preview().itemCount() > 0, patience);
        m_window->model().setConfig(tiny(m_window->model().config()));
        QVERIFY2(m_window->actions().train->isEnabled(), qPrintable(m_window->actions().train->toolTip()));

        m_window->actions().train->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_window->trainingPanel().curve().pointCount(), 20, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->model().state(), RunState::Ready, patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->samplesPanel().samples().itemCount() == 4, patience);
        const QString run = m_window->model().runDirectory();
        QVERIFY(QFile::exists(run + "/run.json"));

        sampleAndScrub();
        exportSamples();
        pauseAndStop();
        QVERIFY2(!m_window->banner().isVisible(), qPrintable(m_window->banner().text()));
        const std::int64_t reached = m_window->model().step();
        QVERIFY(reached > 20);

        open();  // closes the window and the engine before
        m_window->controller().openRun(run);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->model().state(), RunState::Ready, patience);
        QCOMPARE(m_window->model().step(), reached);
        QCOMPARE(m_window->trainingPanel().curve().pointCount(), static_cast<int>(reached));
        m_window->controller().setTarget(reached + 5);
        m_window->actions().pauseOrContinue->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_window->model().step(), reached + 5, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->model().state(), RunState::Ready, patience);
        QVERIFY2(!m_window->banner().isVisible(), qPrintable(m_window->banner().text()));
    }

    void everyProcessTrainsAndSamples_data() {
        QTest::addColumn<int>("process");
        QTest::addColumn<int>("sampler");
        QTest::newRow("discrete, ddim")
            << static_cast<int>(NoiseProcess::Discrete) << static_cast<int>(SamplerKind::Ddim);
        QTest::newRow("discrete, ancestral")
            << static_cast<int>(NoiseProcess::Discrete) << static_cast<int>(SamplerKind::Ancestral);
        QTest::newRow("continuous, dpmpp_2m")
            << static_cast<int>(NoiseProcess::Continuous) << static_cast<int>(SamplerKind::Dpmpp2M);
        QTest::newRow("edm, unipc") << static_cast<int>(NoiseProcess::Edm)
                                    << static_cast<int>(SamplerKind::UniPc);
    }
    void everyProcessTrainsAndSamples() {
        QFETCH(int, process);
        QFETCH(int, sampler);
        open();
        m_window->controller().openData("demo:shapes");
        QTRY_VERIFY_WITH_TIMEOUT(m_window->model().facts().has_value(), patience);
        RunConfig config = tinyDdpm(tiny(m_window->model().config()));
        config.noise.process = static_cast<NoiseProcess>(process);
        if (config.noise.process != NoiseProcess::Discrete)
            config.model.time = DdpmTime::LearnedFourier;  // sinusoids are of step numbers
        config.sampling.sampler = static_cast<SamplerKind>(sampler);
        config.training.steps = 3;
        m_window->model().setConfig(config);
        QVERIFY2(m_window->actions().train->isEnabled(), qPrintable(m_window->actions().train->toolTip()));
        m_window->actions().train->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_window->model().step(), std::int64_t{3}, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->model().state(), RunState::Ready, patience);
        m_window->actions().sample->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->model().samples().has_value(), patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->denoisingPanel().scrub().frameCount(), 5, patience);
        QVERIFY2(!m_window->banner().isVisible(), qPrintable(m_window->banner().text()));
    }

    void aPathThatIsNotThereIsTold() {
        open();
        m_window->controller().openData(m_scratch.filePath("nothing.npy"));
        QTRY_VERIFY_WITH_TIMEOUT(m_window->banner().isVisible(), patience);
        QVERIFY(m_window->banner().text().contains("nothing.npy"));
        QVERIFY(m_window->dataPanel().showsWelcome());
    }

    void closingWhileTrainingKeepsTheRun() {
        open();
        m_window->controller().openData("demo:beats");
        QTRY_VERIFY_WITH_TIMEOUT(m_window->model().facts().has_value(), patience);
        RunConfig config = tiny(m_window->model().config());
        config.data.size = {64};
        config.training.steps = 100'000;
        m_window->model().setConfig(config);
        m_window->actions().train->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->model().step() >= 3, patience);
        const QString run = m_window->model().runDirectory();
        open();
        m_window->controller().openRun(run);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->model().state(), RunState::Ready, patience);
        QVERIFY(m_window->model().step() >= 3);
    }

private:
    void open() {
        if (m_window)
            m_window->close();
        m_window.reset();
        m_session.reset();
        m_session = makeSession();
        m_window = std::make_unique<MainWindow>(
            WindowServices{*m_session, m_settings, m_theme, writeItems, m_scratch.filePath("runs"), "cpu"});
        m_window->show();
    }

    void sampleAndScrub() {
        m_window->actions().sample->trigger();
        DenoisingPanel& panel = m_window->denoisingPanel();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->model().samples().has_value(), patience);
        QTRY_COMPARE_WITH_TIMEOUT(panel.scrub().frameCount(), 5, patience);
        QCOMPARE(panel.noisy().itemCount(), 3);
        const ArrayPtr last = panel.denoised().items()[0].array;
        QTest::keyClick(&panel.scrub(), Qt::Key_Home);
        QCOMPARE(panel.scrub().frame(), 0);
        QVERIFY(panel.denoised().items()[0].array != last);
        QTest::keyClick(&panel.scrub(), Qt::Key_End);
        QCOMPARE(panel.denoised().items()[0].array, last);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->model().state(), RunState::Ready, patience);
    }

    void exportSamples() {
        auto* button = m_window->denoisingPanel().findChild<ExportButton*>();
        const QString file = m_scratch.filePath("samples.png");
        button->exportTo(file);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file), patience);
        QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), patience);
    }

    void pauseAndStop() {
        m_window->controller().setTarget(100'000);
        m_window->actions().pauseOrContinue->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->model().step() > 22, patience);
        m_window->actions().pauseOrContinue->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_window->model().state(), RunState::Paused, patience);
        m_window->actions().stop->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_window->model().state(), RunState::Ready, patience);
    }

    const ThemeChoice m_theme{*qApp};
    QTemporaryDir m_scratch;
    QSettings m_settings{m_scratch.filePath("settings.ini"), QSettings::IniFormat};
    std::unique_ptr<EnginePort> m_session;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(windowTest)
#include "windowTest.moc"
