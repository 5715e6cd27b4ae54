// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window, driven as a person would, against an engine made for the purpose.
#include <QApplication>
#include <QDockWidget>
#include <QDropEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include "MadeData.h"
#include "WindowFixture.h"
#include "ui/Banner.h"
#include "ui/CurveBox.h"
#include "ui/DataPanel.h"
#include "ui/DenoisingPanel.h"
#include "ui/ExportButton.h"
#include "ui/ItemsView.h"
#include "ui/LogPanel.h"
#include "ui/ModelPanel.h"
#include "ui/SamplesPanel.h"
#include "ui/StatusStrip.h"
#include "ui/TrainingPanel.h"
#include "ui/ViewerPanel.h"
#include "ui/Workspace.h"
#include "widgets/ScrubBar.h"

using namespace denoscope;

class mainWindowTest : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(exporter()); }
    void cleanup() { end(); }

    void beginsWithAnInvitation() {
        QVERIFY(m_window->dataPanel().showsWelcome());
        QVERIFY(!m_window->actions().train->isEnabled());
        auto* card = m_window->findChild<QPushButton*>("demo:heads");
        QVERIFY(card != nullptr && card->isVisible());
        QTest::mouseClick(card, Qt::LeftButton);
        QCOMPARE(m_engine->commands<OpenData>().back().data.source, std::string("demo:heads"));
    }

    void openedDataIsShown_data() {
        QTest::addColumn<int>("kind");
        for (const DataKind kind : {DataKind::Signal, DataKind::Image, DataKind::Volume})
            QTest::newRow(toText(kind)) << static_cast<int>(kind);
    }
    void openedDataIsShown() {
        QFETCH(int, kind);
        const DataOpened opened = madeData(static_cast<DataKind>(kind));
        openMade(static_cast<DataKind>(kind));
        QVERIFY(!m_window->dataPanel().showsWelcome());
        QCOMPARE(m_window->dataPanel().preview().itemCount(), static_cast<int>(opened.preview.size()));
        QCOMPARE(m_window->samplesPanel().data().itemCount(), static_cast<int>(opened.preview.size()));
        QVERIFY(m_window->model().config() == opened.recommended);
        QVERIFY(m_window->actions().train->isEnabled());
    }

    void aDroppedFileIsOpened() {
        const QString file = m_scratch->filePath("digits.npy");
        QFile(file).open(QIODevice::WriteOnly);
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(file)});
        const QPoint place = m_window->rect().center();
        QDragEnterEvent enter(place, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(place, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &drop);
        QCOMPARE(m_engine->commands<OpenData>().back().data.source, file.toStdString());
    }

    void aDroppedRunIsOpened() {
        QDir(m_scratch->path()).mkdir("run");
        QFile(m_scratch->filePath("run/run.json")).open(QIODevice::WriteOnly);
        m_window->controller().openDropped(m_scratch->filePath("run"));
        QCOMPARE(m_engine->commands<OpenRun>().back().runDirectory, m_scratch->filePath("run").toStdString());
    }

    void aWrongValueStopsTrain() {
        openMade(DataKind::Image);
        m_window->workspace().showPanel("model");
        QLineEdit* width = m_window->findChild<QWidget*>("model.width")->findChild<QLineEdit*>();
        width->selectAll();
        QTest::keyClicks(width, "999999999");
        QVERIFY(!m_window->actions().train->isEnabled());
        QVERIFY(m_window->actions().train->toolTip().contains("Model › Width"));
        width->selectAll();
        QTest::keyClicks(width, "16");
        QVERIFY(m_window->actions().train->isEnabled());
    }

    void theModelPanelSaysWhereAProblemLies() {
        openMade(DataKind::Image);
        const auto* panel = m_window->findChild<ModelPanel*>();
        QVERIFY(panel->obstacleText().isEmpty());
        m_window->model().setValue(*findSetting("training.batch_size"), std::int64_t{0});
        QVERIFY2(panel->obstacleText().startsWith("Training › Batch size"),
                 qPrintable(panel->obstacleText()));
    }

    void aChosenPresetIsStillKnownOnceTheRunHasMeasured() {
        openMade(DataKind::Image);
        auto* quick = m_window->findChild<QPushButton*>("preset:quick");
        quick->click();
        QVERIFY(quick->isChecked());
        QVERIFY(m_window->model().defaults() == m_window->model().config());
        RunOpened run = madeRun(DataKind::Image, m_scratch->filePath("runs/a").toStdString(), 0);
        run.config = m_window->model().config();
        run.config.noise.sigmaData = 0.398;
        m_engine->say(run);
        QTRY_VERIFY(m_window->model().hasRun());
        QVERIFY(quick->isChecked());
    }

    void aRunWithoutDataAsksForNone() {
        RunOpened run = madeRun(DataKind::Image, m_scratch->filePath("runs/imported").toStdString(), 13);
        run.config.data.source.clear();
        run.facts.source.clear();
        run.facts.count = 0;
        m_engine->say(run);
        QTRY_VERIFY(m_window->model().hasRun());
        QVERIFY(m_engine->commands<OpenData>().empty());
    }

    void networksAreOfferedByName() {
        openMade(DataKind::Image);
        m_window->workspace().showPanel("model");
        auto* named = m_window->findChild<QPushButton*>("presets:named");
        const auto offered = [&](const char* key) {
            const auto* action = named->menu()->findChild<QAction*>(QString("preset:") + key);
            return action != nullptr && action->isVisible() && !action->toolTip().isEmpty();
        };
        QVERIFY(offered("edm2") && offered("package_2d"));
        QVERIFY(!offered("package_1d") && !offered("package_3d"));
        QVERIFY(!named->isChecked());
        const RunConfig before = m_window->model().config();
        named->menu()->findChild<QAction*>("preset:package_2d")->trigger();
        QCOMPARE(m_window->model().config().model.family, ModelFamily::Ddpm);
        QCOMPARE(m_window->model().config().sampling.sampler, SamplerKind::Ddim);
        QCOMPARE(m_window->model().config().sampling.count, before.sampling.count);
        QVERIFY(named->isChecked());
        QCOMPARE(named->accessibleName(), QString("Python package, 2D"));
        QVERIFY(modelPanel().presetText().contains("README"));
        QVERIFY(modelPanel().exactCostText().startsWith("35,711,491 parameters"));  // the README's model
        QVERIFY2(m_window->actions().train->isEnabled(), qPrintable(m_window->actions().train->toolTip()));
        m_window->findChild<QPushButton*>("preset:balanced")->click();
        QVERIFY(!named->isChecked());
        QVERIFY(m_window->model().config() == before);
    }

    void aNamedNetworkTakesASizeThatItCanHalve() {
        openMade(DataKind::Image);
        RunConfig config = m_window->model().config();
        config.data.size = {20, 20};
        config.data.fit = Fit::Crop;
        m_window->model().setConfig(config);
        for (const Preset& preset : presets())
            if (preset.suits(madeFacts(DataKind::Image))) {
                m_window->controller().choosePreset(preset);
                QVERIFY2(m_window->model().problems().empty(), preset.key.c_str());
            }
    }

    void theCostFollowsTheSettings() {
        openMade(DataKind::Image);
        const QString before = modelPanel().costText();
        QVERIFY2(before.contains("parameters") && before.contains("MAC per item"), qPrintable(before));
        RunConfig config = m_window->model().config();
        config.model = {};
        config.model.family = ModelFamily::Ddpm;
        config.model.width = 64;
        config.noise.process = NoiseProcess::Discrete;
        config.data.useLabels = false;
        m_window->model().setConfig(config);
        QVERIFY2(modelPanel().costText().startsWith("35.71 M parameters, "),
                 qPrintable(modelPanel().costText() + modelPanel().obstacleText()));
        QVERIFY2(modelPanel().exactCostText().startsWith("35,711,491 parameters\n"),
                 qPrintable(modelPanel().exactCostText()));
        m_window->model().setValue(*findSetting("model.width"), std::int64_t{32});
        QVERIFY(!modelPanel().costText().startsWith("35.71 M"));
    }

    void theDemoTrainsByTheQuickestPreset() {
        m_window->controller().trainWhenOpened(std::nullopt);
        openMade(DataKind::Image);
        QTRY_COMPARE(m_engine->commands<StartTraining>().size(), std::size_t{1});
        const RunConfig quick = presets().front().make(madeFacts(DataKind::Image));
        QVERIFY(m_engine->commands<StartTraining>()[0].config.model == quick.model);
        QVERIFY(m_engine->commands<StartTraining>()[0].config.training == quick.training);
    }

    void theWindowOfValuesShowsInThePictures() {
        openMade(DataKind::Image);
        m_window->model().setValue(*findSetting("data.low"), 20.0);
        m_window->model().setValue(*findSetting("data.high"), 90.0);
        QCOMPARE(m_window->dataPanel().preview().range(), ValueRange(20.0, 90.0));
        QCOMPARE(m_window->samplesPanel().data().range(), ValueRange(20.0, 90.0));
    }

    void otherDataLeavesTheRunAsItIs() {
        train(DataKind::Image);
        m_engine->say(madeFrame(DataKind::Image, 0, 2));
        openMade(DataKind::Signal);
        QTRY_COMPARE(m_window->model().kind(), DataKind::Signal);
        m_engine->preview({100, madeItems(DataKind::Image, 9, 0.5)});
        QTRY_COMPARE(m_window->samplesPanel().samples().itemCount(), 9);
        QCOMPARE(m_window->samplesPanel().samples().kind(), DataKind::Image);
        QCOMPARE(m_window->samplesPanel().data().kind(), DataKind::Signal);
        m_engine->say(madeFrame(DataKind::Image, 1, 2));
        QTRY_COMPARE(m_window->denoisingPanel().scrub().frameCount(), 2);
        QCOMPARE(m_window->denoisingPanel().denoised().kind(), DataKind::Image);
    }

    void realSignalsLieBehindThoseDrawn() {
        openMade(DataKind::Signal);
        train(DataKind::Signal);
        m_engine->preview({100, madeItems(DataKind::Signal, 4, 0.5)});
        SamplesPanel& panel = m_window->samplesPanel();
        QTRY_COMPARE(panel.samples().itemCount(), 4);
        m_window->workspace().showPanel("samples");
        panel.samples().resize(400, 300);
        panel.setShow(SamplesPanel::Show::Samples);
        const QImage alone = panel.samples().grab().toImage();
        panel.setShow(SamplesPanel::Show::Overlaid);
        QVERIFY(panel.samples().grab().toImage() != alone);
        QVERIFY(!panel.data().isVisible());
        panel.setShow(SamplesPanel::Show::Samples);
        QCOMPARE(panel.samples().grab().toImage(), alone);
    }

    void trainPostsWhatWasEdited() {
        openMade(DataKind::Image);
        QLineEdit* batch = m_window->findChild<QWidget*>("training.batch_size")->findChild<QLineEdit*>();
        batch->selectAll();
        QTest::keyClicks(batch, "12");
        m_window->actions().train->trigger();
        const auto posted = m_engine->commands<StartTraining>();
        QCOMPARE(posted.size(), std::size_t{1});
        QCOMPARE(posted[0].config.training.batchSize, std::int64_t{12});
        QVERIFY(
            QString::fromStdString(posted[0].runDirectory).startsWith(m_scratch->filePath("runs/shapes-")));
    }

    void theCurveGrowsAndIsReplaced() {
        train(DataKind::Image);
        CurveBox& curve = m_window->trainingPanel().curve();
        m_engine->measure(madeMetrics(1, 40));
        QTRY_COMPARE(curve.pointCount(), 40);
        m_engine->measure(madeMetrics(41, 50));
        QTRY_COMPARE(curve.pointCount(), 50);
        curve.showQuantity(1);
        QCOMPARE(curve.pointCount(), 50);
        m_engine->measure(madeMetrics(31, 35));  // from an earlier checkpoint on
        QTRY_COMPARE(curve.pointCount(), 35);
    }

    void aHiddenWindowCatchesUpWhenItIsShown() {
        train(DataKind::Image);
        const CurveBox& curve = m_window->trainingPanel().curve();
        m_engine->measure(madeMetrics(1, 3));
        QTRY_COMPARE(curve.pointCount(), 3);
        m_window->hide();
        const int before = m_engine->drains();
        m_engine->measure(madeMetrics(4, 6));
        QTRY_VERIFY(m_engine->drains() > before);
        QCOMPARE(curve.pointCount(), 3);
        m_window->show();
        QCOMPARE(curve.pointCount(), 6);
    }

    void aBatchTakenInPiecesIsMarkedAndSet() {
        train(DataKind::Image);
        CurveBox& curve = m_window->trainingPanel().curve();
        std::vector<MetricRow> rows = madeMetrics(1, 20);
        for (std::size_t i = 10; i < rows.size(); ++i)
            rows[i].microBatch = 3;
        m_engine->measure(rows);
        QTRY_COMPARE(curve.markCount(), 1);
        QCOMPARE(m_window->model().runConfig().training.microBatch, std::int64_t{3});
        QCOMPARE(m_window->model().config().training.microBatch, std::int64_t{3});
        curve.showQuantity(1);
        QCOMPARE(curve.markCount(), 1);
    }

    void previewsAreShownAndKept() {
        train(DataKind::Image);
        m_engine->preview({100, madeItems(DataKind::Image, 9, 0.5)});
        QTRY_COMPARE(m_window->samplesPanel().samples().itemCount(), 9);
        m_engine->preview({200, madeItems(DataKind::Image, 9, 0.2)});
        QTRY_COMPARE(m_window->samplesPanel().scrub().frameCount(), 2);
        QCOMPARE(m_window->samplesPanel().scrub().frame(), 1);
        m_window->samplesPanel().scrub().setFrame(0);
        QCOMPARE(m_window->samplesPanel().samples().items()[0].array,
                 m_window->model().previews()[0].items[0].array);
    }

    void actionsFollowTheOneTable() {
        openMade(DataKind::Image);
        m_engine->say(madeRun(DataKind::Image, "/runs/a", 5));
        const Actions& actions = m_window->actions();
        for (const RunState state : allRunStates) {
            m_engine->enter(state);
            QTRY_COMPARE(m_window->model().state(), state);
            QCOMPARE(actions.openFile->isEnabled(), allows(state, CommandKind::OpenData));
            QCOMPARE(actions.openRun->isEnabled(), allows(state, CommandKind::OpenRun));
            QCOMPARE(actions.train->isEnabled(), allows(state, CommandKind::StartTraining));
            QCOMPARE(actions.stop->isEnabled(), allows(state, CommandKind::Stop));
            QCOMPARE(actions.sample->isEnabled(), allows(state, CommandKind::Sample));
            QCOMPARE(actions.save->isEnabled(), allows(state, CommandKind::SaveRun));
            QCOMPARE(actions.pauseOrContinue->isEnabled(),
                     allows(state, CommandKind::Pause) || allows(state, CommandKind::ContinueTraining));
        }
    }

    void pauseResumeStopAndSaveArePosted() {
        train(DataKind::Image);
        m_window->actions().pauseOrContinue->trigger();
        QCOMPARE(m_engine->commands<Pause>().size(), std::size_t{1});
        m_window->actions().save->trigger();
        QCOMPARE(m_engine->commands<SaveRun>().size(), std::size_t{1});
        m_engine->enter(RunState::Paused);
        QTRY_COMPARE(m_window->actions().pauseOrContinue->iconText(), QString("Resume"));
        m_window->trainingPanel().target().setValue(7777);
        m_window->actions().pauseOrContinue->trigger();
        QCOMPARE(m_engine->commands<ContinueTraining>().back().steps, std::optional<std::int64_t>(7777));
        // What is changed on the way must not take the run back to its first plan.
        m_window->model().setValue(*findSetting("training.learning_rate"), 0.002);
        m_window->model().commit();
        QCOMPARE(m_engine->commands<ChangeLive>().back().config.training.steps, std::int64_t{7777});
        m_window->actions().stop->trigger();
        QCOMPARE(m_engine->commands<Stop>().size(), std::size_t{1});
    }

    void framesAreFollowedAndScrubbed() {
        train(DataKind::Image);
        m_window->actions().sample->trigger();
        QCOMPARE(m_engine->commands<Sample>().size(), std::size_t{1});
        DenoisingPanel& panel = m_window->denoisingPanel();
        for (int i = 0; i < 5; ++i)
            m_engine->say(madeFrame(DataKind::Image, i, 5));
        QTRY_COMPARE(panel.scrub().frameCount(), 5);
        QCOMPARE(panel.scrub().frame(), 4);
        QTest::keyClick(&panel.scrub(), Qt::Key_Home);
        QCOMPARE(panel.scrub().frame(), 0);
        QCOMPARE(panel.noisy().items()[0].array, m_window->model().frames()[0].noisy[0].array);
        panel.chooseItem(3);
        QCOMPARE(panel.denoised().shownItem(), 3);
        m_engine->say(madeFrame(DataKind::Image, 0, 5, 2));  // another request replaces the frames
        QTRY_COMPARE(panel.scrub().frameCount(), 1);
    }

    void aFailureIsTold() {
        train(DataKind::Image);
        QWidget* focused = QApplication::focusWidget();
        m_engine->say(Failed{CommandKind::StartTraining,
                             {"the loss is not a number", "step 41", "lower the learning rate"}});
        QTRY_VERIFY(m_window->banner().isVisible());
        QVERIFY(m_window->banner().text().contains("The loss is not a number"));
        QVERIFY(m_window->banner().text().contains("step 41"));
        QVERIFY(m_window->banner().text().contains("Lower the learning rate"));
        QVERIFY(m_window->logPanel().visibleText().contains("the loss is not a number — step 41"));
        QCOMPARE(QApplication::focusWidget(), focused);
        m_window->banner().dismiss();
        QVERIFY(!m_window->banner().isVisible());
    }

    void badDataLeavesWhatWasOpen() {
        openMade(DataKind::Image);
        m_window->controller().openData("/nowhere");
        QVERIFY(m_window->model().openingData());
        m_engine->say(DataFailed{{}, {"there is nothing at this path", "/nowhere", "choose another"}});
        QTRY_VERIFY(m_window->banner().isVisible());
        QVERIFY(!m_window->model().openingData());
        QCOMPARE(m_window->model().facts()->source, std::string("demo:shapes"));
    }

    void theLogFilters() {
        m_engine->say(LogLine{LogLine::Level::Info, "all is well"});
        m_engine->say(LogLine{LogLine::Level::Warning, "take care"});
        QTRY_COMPARE(m_window->logPanel().lineCount(), 2);
        m_window->logPanel().setMinimumLevel(1);
        QCOMPARE(m_window->logPanel().lineCount(), 1);
    }

    void anOpenedRunShowsItsCurveAndGoesOn() {
        m_engine->say(madeRun(DataKind::Image, m_scratch->filePath("old").toStdString(), 300));
        m_engine->enter(RunState::Ready);
        QTRY_COMPARE(m_window->trainingPanel().curve().pointCount(), 300);
        QCOMPARE(m_engine->commands<OpenData>().size(), std::size_t{1});  // to show its data
        m_engine->say(madeData(DataKind::Image));
        QTRY_VERIFY(!m_window->model().openingData());
        m_window->actions().pauseOrContinue->trigger();
        QCOMPARE(m_engine->commands<ContinueTraining>().size(), std::size_t{1});
    }

    void anOpenedRunComesToTheFront() {
        m_window->workspace().showPanel("denoising");
        m_window->workspace().showPanel("log");
        QVERIFY(!m_window->denoisingPanel().findChild<ExportButton*>()->isEnabled());  // nothing to export
        m_engine->say(madeRun(DataKind::Image, m_scratch->filePath("old").toStdString(), 30));
        m_engine->preview({30, madeItems(DataKind::Image, 9, 0.5)});
        QTRY_COMPARE(m_window->samplesPanel().samples().itemCount(), 9);
        QVERIFY(m_window->samplesPanel().isVisible() && m_window->trainingPanel().isVisible());
    }

    void theStatusLineTellsThePace() {
        train(DataKind::Image);
        m_engine->status({120, 4000, 50, 75, 0.04, std::int64_t{200} << 20});
        QTRY_VERIFY(m_window->statusStrip().text().contains("1 min 15 s left"));
        QVERIFY(m_window->statusStrip().text().contains("Training"));
        for (const QAction* action : m_window->findChildren<QAction*>())  // would hide the status
            QVERIFY2(action->statusTip().isEmpty(), qPrintable(action->text()));
        QVERIFY(m_window->statusStrip().text().contains("200.0 MB"));
    }

    void everyShortcutIsItsOwn() {
        QSet<QKeySequence> keys;
        for (const QAction* action : m_window->findChildren<QAction*>())
            if (!action->shortcut().isEmpty()) {
                QVERIFY2(!keys.contains(action->shortcut()), qPrintable(action->text()));
                keys << action->shortcut();
            }
        QVERIFY(keys.size() >= 15);
        openMade(DataKind::Image);
        QTest::keyClick(m_window.get(), Qt::Key_T, Qt::ControlModifier);
        QCOMPARE(m_engine->commands<StartTraining>().size(), std::size_t{1});
    }

    void theLayoutIsRememberedAndReset() {
        QVERIFY(m_window->workspace().dock("log") != nullptr);
        m_window->workspace().dock("log")->hide();
        m_window->workspace().dock("data")->setFloating(true);
        reopenWindow();
        QVERIFY(m_window->workspace().dock("log")->isHidden());
        QVERIFY(m_window->workspace().dock("data")->isFloating());
        m_window->actions().resetLayout->trigger();
        QVERIFY(!m_window->workspace().dock("data")->isFloating());
        for (QDockWidget* panel : m_window->workspace().docks())
            QVERIFY2(!panel->isHidden(), qPrintable(panel->objectName()));
        QVERIFY(m_window->dataPanel().isVisible() && m_window->viewerPanel().isVisible() &&
                m_window->trainingPanel().isVisible());
    }

    void theWidthsOfThePanelsAreRemembered() {
        m_window->resize(1440, 860);
        QTRY_COMPARE(m_window->workspace().width(), 1440);
        QApplication::sendPostedEvents();  // the docks follow
        const auto widthOf = [this](const char* key) { return m_window->workspace().dock(key)->width(); };
        const int data = widthOf("data"), samples = widthOf("viewer"), training = widthOf("training");
        for (int i = 0; i < 2; ++i) {
            reopenWindow();
            QTRY_COMPARE(m_window->width(), 1440);
            QTRY_VERIFY(std::abs(widthOf("data") - data) <= 2 && std::abs(widthOf("viewer") - samples) <= 2);
            QVERIFY(std::abs(widthOf("training") - training) <= 2);
        }
    }

    void nothingOfADamagedLayoutSurvives() {
        cleanup();
        m_settings = std::make_unique<QSettings>(m_scratch->filePath("settings.ini"), QSettings::IniFormat);
        m_settings->setValue("window/layout", QByteArray("no layout at all"));
        reopenWindow();
        QVERIFY(m_window->dataPanel().isVisible() && m_window->trainingPanel().isVisible());
    }

    void closingStopsWithoutAsking() {
        train(DataKind::Image);
        QVERIFY(m_window->close());
        QCOMPARE(m_engine->commands<Stop>().size(), std::size_t{1});
    }

    void exportWritesOutsideThisThread() {
        train(DataKind::Image);
        m_engine->preview({100, madeItems(DataKind::Image, 3, 0.5)});
        QTRY_COMPARE(m_window->samplesPanel().samples().itemCount(), 3);
        auto* button = m_window->samplesPanel().findChild<ExportButton*>();
        QSignalSpy exported(button, &ExportButton::exported);
        button->exportTo(m_scratch->filePath("out.npy"));
        QTRY_COMPARE(exported.size(), 1);
        QCOMPARE(m_exported, 3);
        QVERIFY(m_exportThread != QThread::currentThread());
        m_refuseExport = true;
        button->exportTo(m_scratch->filePath("out.xyz"));
        QTRY_VERIFY(m_window->banner().isVisible());
        QVERIFY(button->isEnabled());
    }

private:
    ModelPanel& modelPanel() { return *m_window->findChild<ModelPanel*>(); }

    ItemExporter exporter() {
        return [this](const std::vector<Item>& items, const std::string& path, double, double) {
            if (m_refuseExport)
                throw EngineError("this ending is not known", path, "use .npy");
            m_exported = static_cast<int>(items.size());
            m_exportThread = QThread::currentThread();
            return std::vector<std::string>{path};
        };
    }

    void reopenWindow() {
        if (m_window)
            m_window->close();
        m_window.reset();
        openWindow(exporter());
    }

    bool m_refuseExport = false;
    std::atomic<int> m_exported = 0;
    std::atomic<QThread*> m_exportThread = nullptr;
};

QTEST_MAIN(mainWindowTest)
#include "mainWindowTest.moc"
