// SPDX-License-Identifier: GPL-3.0-or-later
// The viewer against an engine made for the purpose: it asks for what is looked at, and for nothing else.
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <cmath>
#include <limits>
#include <tuple>

#include "MadeData.h"
#include "WindowFixture.h"
#include "engine/api/OwnWindow.h"
#include "ui/DataPanel.h"
#include "ui/DimensionLine.h"
#include "ui/ItemsView.h"
#include "ui/Preferences.h"
#include "ui/SamplesPanel.h"
#include "ui/ViewerPanel.h"
#include "ui/Workspace.h"
#include "ui/viewers/CompareView.h"
#include "ui/viewers/ImageViewer.h"
#include "ui/viewers/ItemChooser.h"
#include "ui/viewers/NetworkView.h"
#include "ui/viewers/PartsBox.h"
#include "ui/viewers/StoredGrid.h"
#include "ui/viewers/VolumeViewer.h"
#include "widgets/HistogramView.h"
#include "widgets/ImageView.h"

using namespace denoscope;

class viewerTest : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void ordersAndFilters() {
        ItemsIndexed index;
        index.labels = {1, 0, 1, 2, 0};
        using Order = std::vector<std::int64_t>;
        QCOMPARE(orderedItems(5, nullptr, SortBy::Label, 1), (Order{0, 1, 2, 3, 4}));
        QCOMPARE(orderedItems(5, &index, SortBy::Label, everyLabel), (Order{1, 4, 0, 2, 3}));
        QCOMPARE(orderedItems(5, &index, SortBy::Index, 1), (Order{0, 2}));
        QCOMPARE(orderedItems(5, &index, SortBy::Mean, everyLabel), (Order{0, 1, 2, 3, 4}));  // not yet known
        index.means = {3, 1, std::numeric_limits<double>::quiet_NaN(), -1, 2};
        QCOMPARE(orderedItems(5, &index, SortBy::Mean, everyLabel), (Order{3, 1, 4, 0, 2}));
        QVERIFY(orderedItems(0, &index, SortBy::Mean, everyLabel).empty());
        QCOMPARE(orderedItems(2, &index, SortBy::Label, 1), (Order{0, 1}));  // an index of other data
    }

    void saysWhatItWaitsFor() {
        QVERIFY(viewer().statusText().contains("Open a file"));
        m_window->controller().openData("demo:shapes");
        QVERIFY(viewer().statusText().contains("Opening"));
        m_engine->say(madeData(DataKind::Image));
        QTRY_VERIFY(viewer().statusText().contains("Reading"));
        answerReads();
        QTRY_VERIFY(viewer().statusText().isEmpty());
    }

    void anItemOfEveryKindIsShown_data() {
        QTest::addColumn<int>("kind");
        for (const DataKind kind : {DataKind::Signal, DataKind::Image, DataKind::Volume})
            QTest::newRow(toText(kind)) << static_cast<int>(kind);
    }
    void anItemOfEveryKindIsShown() {
        QFETCH(int, kind);
        open(static_cast<DataKind>(kind));
        QCOMPARE(viewer().index(), std::int64_t{0});
        viewer().showItem(123);
        answerReads();
        QTRY_VERIFY(viewer().statusText().isEmpty());
        QCOMPARE(viewer().index(), std::int64_t{123});
        QVERIFY(countColours(viewer().grab().toImage()) > 8);
        QVERIFY(viewer().savePicture(m_scratch->filePath("view.png")));
        QVERIFY(viewer().savePicture(m_scratch->filePath("view.svg")));
        QVERIFY(QFile(m_scratch->filePath("view.svg")).size() > 500);
        QVERIFY(!viewer().savePicture(m_scratch->filePath("no/such/folder/view.png")));
    }

    void theImageHasItsRealValues() {
        open(DataKind::Image);
        answerReads();
        auto* image = viewer().findChild<ImageViewer*>();
        QTRY_VERIFY(!image->view().image().isNull());
        QVERIFY2(image->description().contains(QString::fromUtf8("32 × 32 pixels")),
                 qPrintable(image->description()));
        const QPoint middle = image->view().rect().center();
        QTest::mouseMove(&image->view(), middle);
        QMouseEvent move(QEvent::MouseMove, middle, image->view().mapToGlobal(middle), Qt::NoButton,
                         Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&image->view(), &move);
        QVERIFY(image->view().readout().startsWith("x "));
        QCOMPARE(image->view().readout().count(','), 2);  // three channels
    }

    void thePreviewSaysFromWhereToWhereItIsDrawn() {
        open(DataKind::Volume);
        const auto& label = *m_window->dataPanel().findChild<QLabel*>("drawn");
        QVERIFY(label.isVisibleTo(&m_window->dataPanel()));
        m_window->model().setValue(*findSetting("data.low"), -12.5);
        m_window->model().setValue(*findSetting("data.high"), 80.0);
        QVERIFY2(label.text().contains("-12.5 ") && label.text().contains("80"), qPrintable(label.text()));
    }

    void aDamagedItemSaysSo() {
        open(DataKind::Image);
        const ReadItems asked = m_engine->commands<ReadItems>().back();
        m_engine->say(
            ItemsRead{asked.data,
                      asked.look,
                      {{asked.indices[0], {}, {"the file is cut short", "/data/a.png", "copy it"}}}});
        QTRY_VERIFY(viewer().statusText().contains("the file is cut short"));
    }

    void onlyWhatIsInSightIsRead() {
        open(DataKind::Image);
        viewer().setMode(ViewerPanel::Mode::Grid);
        QTRY_VERIFY(lastRead(Look::Thumbnails).has_value());
        const std::size_t asked = lastRead(Look::Thumbnails)->indices.size();
        QVERIFY2(asked > 4 && asked < 1000, qPrintable(QString::number(asked)));
        QCOMPARE(viewer().grid().itemCount(), 4096);
        answerReads();
        QTest::keyClick(&viewer().grid(), Qt::Key_End);
        QTRY_COMPARE(lastRead(Look::Thumbnails)->indices.back(), std::int64_t{4095});
        QCOMPARE(viewer().index(), std::int64_t{4095});
        QTest::keyClick(&viewer().grid(), Qt::Key_Return);
        QCOMPARE(viewer().mode(), ViewerPanel::Mode::Item);
        QCOMPARE(lastRead(Look::Whole)->indices, std::vector<std::int64_t>{4095});
    }

    void theClassFilterAndTheOrderGoThroughTheIndex() {
        open(DataKind::Image);
        QCOMPARE(m_engine->commands<IndexItems>().size(), std::size_t{1});  // there are classes
        ItemsIndexed indexed{m_engine->commands<IndexItems>()[0].data, {}, {}};
        for (int i = 0; i < 4096; ++i)
            indexed.labels.push_back(i % 3);
        m_engine->say(indexed);
        QTRY_VERIFY(!viewer().chooser().order().empty());
        viewer().chooser().setLabel(2);
        QTRY_COMPARE(viewer().chooser().order().front(), std::int64_t{2});
        QCOMPARE(viewer().index(), std::int64_t{2});
        QCOMPARE(viewer().chooser().placeText(), QString::fromUtf8("of 4096 · 1 of 1365 shown"));
        auto* number = viewer().chooser().findChild<QSpinBox*>();
        QCOMPARE(number->value(), 3);  // its own, as in comparisons
        QTest::keyClick(number, Qt::Key_Up);
        QCOMPARE(viewer().index(), std::int64_t{5});
        QCOMPARE(number->value(), 6);
        number->selectAll();
        QTest::keyClicks(number, "3");
        QTest::keyClick(number, Qt::Key_Return);
        QCOMPARE(viewer().index(), std::int64_t{2});
        QCOMPARE(viewer().chooser().order().size(), std::size_t{1365});
        viewer().chooser().setSortBy(SortBy::Mean);
        QVERIFY(m_engine->commands<IndexItems>().back().means);
        for (int i = 0; i < 4096; ++i)
            indexed.means.push_back(-i);
        m_engine->say(indexed);
        QTRY_COMPARE(viewer().chooser().order().front(), std::int64_t{4094});
        QCOMPARE(viewer().index(), std::int64_t{2});  // the item stays, its place changes
        viewer().showItem(3);                         // hidden by the filter, which goes
        QCOMPARE(viewer().index(), std::int64_t{3});
        QCOMPARE(viewer().chooser().order().size(), std::size_t{4096});
        QCOMPARE(viewer().chooser().placeText(), QString::fromUtf8("of 4096 · place 4093"));
    }

    void timePointsSayTheTime() {
        DataOpened opened = madeData(DataKind::Volume);
        opened.facts.labels.clear();
        opened.facts.details.timeStep = 2.5;
        opened.facts.count = 20;
        m_window->controller().openData("demo:heads");
        m_engine->say(opened);
        QTRY_COMPARE(viewer().chooser().order().size(), std::size_t{20});
        viewer().chooser().choose(4);
        QVERIFY2(viewer().chooser().placeText().contains("at 10 s"),
                 qPrintable(viewer().chooser().placeText()));
    }

    void aPartIsChosen() {
        DataOpened opened = madeData(DataKind::Image);
        m_window->resize(1280, 720);
        opened.facts.details.parts = {{"images", "60000 of 28 x 28"}, {"more", ""}};
        opened.facts.details.part = "images";
        m_window->controller().openData("demo:shapes");
        m_engine->say(opened);
        auto* parts = viewer().findChild<PartsBox*>();
        QVERIFY(parts != nullptr);
        QTRY_COMPARE(parts->count(), 2);
        QVERIFY(parts->isVisible());
        QTRY_COMPARE(parts->shownText(), QStringLiteral("images: 60000 of 28 x 28"));
        QCOMPARE(parts->shownTip(), parts->toolTip());
        parts->setFixedWidth(90);
        QVERIFY(parts->shownText().contains(QChar(0x2026)) && parts->shownTip().contains("60000 of 28 x 28"));
        parts->setCurrentIndex(1);
        Q_EMIT parts->activated(1);
        QCOMPARE(m_engine->commands<OpenData>().back().data.part, std::string("more"));
        QVERIFY(m_window->model().openingData());
    }

    void allChannelsAreAChoiceWhereTheyAreUsedTogether() {
        DataOpened opened = madeData(DataKind::Signal);
        opened.facts.details.parts = {{"MLII", "channel 1, mV, 360 Hz"}, {"V5", "channel 2, mV, 360 Hz"}};
        opened.facts.details.part = "MLII,V5";  // as a table says that takes them all
        m_window->controller().openData("demo:beats");
        m_engine->say(opened);
        auto* parts = m_window->findChild<PartsBox*>();
        QTRY_COMPARE(parts->count(), 3);
        QCOMPARE(parts->currentText(), QStringLiteral("All channels"));
        Q_EMIT parts->activated(1);
        QCOMPARE(m_engine->commands<OpenData>().back().data.part, std::string("MLII"));
        opened.facts.details.part = "MLII";
        m_engine->say(opened);
        QTRY_VERIFY(parts->currentText().startsWith("MLII"));
        QVERIFY(parts->toolTip().contains("channel 1, mV, 360 Hz"));
        Q_EMIT parts->activated(0);  // and back
        QCOMPARE(m_engine->commands<OpenData>().back().data.part, std::string());
    }

    void onlyWhatCouldBeOpenedIsRecent() {
        QTemporaryDir folder;
        const QString good = folder.filePath("good.npy"), bad = folder.filePath("bad.npy");
        for (const QString& path : {good, bad}) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        const Preferences preferences(*m_settings);
        m_window->controller().openData(bad);
        m_engine->say(DataFailed{{}, {"not an array", bad.toStdString(), ""}});
        QTRY_VERIFY(!m_window->model().openingData());
        m_window->controller().openData(good);
        DataOpened opened = madeData(DataKind::Image);
        opened.data.source = good.toStdString();
        m_engine->say(opened);
        QTRY_VERIFY(preferences.recentData().contains(good));
        QVERIFY(!preferences.recentData().contains(bad));
    }

    // Before training: what training would choose, not the smallest and the largest value.
    void theWindowShownIsTheOneTrainingWouldChoose() {
        DataOpened opened = madeData(DataKind::Volume);
        opened.recommended.data.low = opened.recommended.data.high = 0;
        DataFacts& facts = opened.facts;
        facts.windowLow = facts.windowHigh = 0;
        facts.min = -1024;
        facts.max = 30000;
        facts.percentile005 = -1000;
        facts.percentile995 = 1500;
        m_window->controller().openData("demo:heads");
        m_engine->say(opened);
        QTRY_COMPARE(m_window->model().displayRange(), std::pair(-1000.0, 1500.0));
        facts.kind = DataKind::Signal;
        QCOMPARE(ownWindow(facts), std::pair(-30000.0, 30000.0));
        facts.min = facts.max = 1e19;
        facts.kind = DataKind::Volume;
        facts.percentile005 = facts.percentile995 = 1e19;
        const auto [low, high] = ownWindow(facts);
        QVERIFY(low < 1e19 && 1e19 < high);
        facts.dtype = "uint8";
        facts.shape = {3, 4, 5, 6};  // colours are as bright as they are stored
        QCOMPARE(ownWindow(facts), std::pair(0.0, 255.0));
        facts.dtype = "float32";
        QVERIFY(ownWindow(facts) != std::pair(0.0, 255.0));
    }

    void theDimensionIsAdvisedAndAcceptedWithOneClick() {
        DataOpened opened = madeData(DataKind::Volume);
        opened.facts.geometry.spacing = {0.5, 0.5, 7};  // slices far apart
        m_window->controller().openData("demo:heads");
        m_engine->say(opened);
        auto* line = m_window->findChild<DimensionLine*>();
        QTRY_VERIFY(line->isVisible() && line->text().contains("7 mm apart"));
        QVERIFY(line->text().startsWith("Better learned in 2D"));
        auto* accept = line->findChild<QPushButton*>();
        QVERIFY(accept != nullptr);
        QTest::mouseClick(accept, Qt::LeftButton);
        QTRY_VERIFY(m_engine->commands<OpenData>().back().data.as == TakeAs::Slices);
        DataOpened slices = madeData(DataKind::Image);
        slices.data = m_engine->commands<OpenData>().back().data;
        m_engine->say(slices);
        QTRY_VERIFY(line->text().startsWith("Learned in 2D"));
        QTest::mouseClick(line->findChild<QPushButton*>(), Qt::LeftButton);  // the way back
        QTRY_VERIFY(m_engine->commands<OpenData>().back().data.as == TakeAs::Own);
    }

    void aClickOnThePreviewOpensTheItem() {
        open(DataKind::Image);
        m_window->workspace().showPanel("samples");
        ImageGrid* grid = nullptr;
        for (ImageGrid* each : m_window->dataPanel().findChildren<ImageGrid*>())
            if (each->isVisible())
                grid = each;
        QVERIFY(grid != nullptr);
        QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->itemRect(3).center());
        QCOMPARE(viewer().index(), std::int64_t{30});
        QVERIFY(viewer().isVisible());
        QCOMPARE(m_window->dataPanel().preview().shownItem(), -1);  // the small one stays as it is
    }

    void theNetworkSeesWhatWasPrepared() {
        open(DataKind::Image);
        viewer().setMode(ViewerPanel::Mode::Network);
        QTRY_COMPARE(m_engine->commands<PrepareItem>().size(), std::size_t{1});
        PrepareItem asked = m_engine->commands<PrepareItem>().back();
        ItemPrepared prepared{asked,
                              madeItems(DataKind::Image, 1, 0)[0],
                              madeItems(DataKind::Image, 1, 1)[0],
                              0,
                              255,
                              0.1,
                              {"taken whole, 32 x 32", "values 0 to 255 become -1 to 1"},
                              {}};
        m_engine->say(prepared);
        QTRY_COMPARE(viewer().network().stepsText(),
                     QString("Taken whole, 32 x 32; values 0 to 255 become -1 to 1."));
        QCOMPARE(viewer().network().clean().itemCount(), 1);
        QCOMPARE(viewer().network().noisy().itemCount(), 1);
        viewer().network().setSigma(10);
        QTRY_COMPARE(m_engine->commands<PrepareItem>().back().sigma, 10.0);
        asked.sigma = 10;
        m_engine->say(ItemPrepared{asked, {}, {}, 0, 0, 0, {}, {"does not fit", "demo:shapes", "pad it"}});
        QTRY_VERIFY(viewer().network().stepsText().contains("does not fit"));
        QCOMPARE(viewer().network().clean().itemCount(), 0);
    }

    void noiseLevelsCanBeTyped() {
        open(DataKind::Image);
        viewer().setMode(ViewerPanel::Mode::Network);
        auto* box = viewer().network().findChild<QDoubleSpinBox*>();
        box->selectAll();
        QTest::keyClicks(box, "1.25");
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(viewer().network().sigma(), 1.25);
    }

    void twoItemsAreCompared() {
        open(DataKind::Image);
        viewer().setMode(ViewerPanel::Mode::Compare);
        QTRY_VERIFY(lastRead(Look::Compared).has_value());
        QCOMPARE(lastRead(Look::Compared)->indices, std::vector<std::int64_t>{1});
        answerReads();
        ImageCompare& compare = viewer().comparison().compare();
        viewer().comparison().setMode(ImageCompare::Mode::Difference);
        QTRY_VERIFY(compare.differenceLimit() > 0);
        viewer().comparison().setMode(ImageCompare::Mode::Wipe);
        QCOMPARE(compare.differenceLimit(), 0.0);  // not computed where it is not shown
        viewer().comparison().setMode(ImageCompare::Mode::Difference);
        viewer().comparison().setWith(CompareView::With::Grids);
        m_engine->preview({100, madeItems(DataKind::Image, 16, 0.5)});
        QTRY_VERIFY(!m_window->model().previews().empty());
        QTRY_VERIFY(compare.differenceLimit() > 0);
        QVERIFY(countColours(compare.grab().toImage()) > 8);
    }

    void oneItemAloneIsNotComparedWithItself() {
        DataOpened opened = madeData(DataKind::Image);
        opened.facts.count = 1;
        m_window->controller().openData("demo:shapes");
        m_engine->say(opened);
        QTRY_VERIFY(lastRead(Look::Whole).has_value());
        viewer().setMode(ViewerPanel::Mode::Compare);
        answerReads();
        QTRY_VERIFY(viewer().comparison().isVisible());
        QVERIFY(!lastRead(Look::Compared).has_value());
        QVERIFY(viewer().comparison().compare().placeholder().contains("no other item"));
        QVERIFY(!viewer().comparison().findChild<QSpinBox*>()->isVisible());
        viewer().comparison().setWith(CompareView::With::Sample);
        QVERIFY(viewer().comparison().compare().placeholder().contains("Nothing was drawn yet"));
    }

    void previewAndViewerDrawInOneWindow_data() {
        QTest::addColumn<int>("channels");
        QTest::addColumn<bool>("given");
        QTest::newRow("one channel") << 1 << false;
        QTest::newRow("the first of two") << 2 << false;
        QTest::newRow("as the data say") << 1 << true;
    }
    void previewAndViewerDrawInOneWindow() {
        QFETCH(int, channels);
        QFETCH(bool, given);
        DataOpened opened = volumesWithChannels(channels);
        if (given)
            opened.facts.details.windows = {{"BRAIN", 5, 20}, {"BONE", 0, 400}};
        openAndRead(opened);
        auto* slices = viewer().findChild<VolumeViewer*>();
        QTRY_VERIFY(slices->slices().volume());
        const WindowLevel window = slices->slices().window();
        QVERIFY(window.high() < 30);
        QCOMPARE(m_window->dataPanel().preview().range(), ValueRange(window.low(), window.high()));
        const auto& label = *m_window->dataPanel().findChild<QLabel*>("drawn");
        QVERIFY2(label.text().startsWith(given ? "Drawn from 5 to 20" : "Drawn from 0 to 25"),
                 qPrintable(label.text()));
        QCOMPARE(m_window->model().displayRange(), std::pair(-10.0, 900.0));  // what the network is given
        // A run says what it is given, which is nobody's choice of what to look at.
        m_engine->say(runOn(opened));
        QTRY_VERIFY(m_window->model().hasRun());
        QCOMPARE(slices->slices().window(), window);
        QCOMPARE(m_window->dataPanel().preview().range(), ValueRange(window.low(), window.high()));
    }

    void theHistogramSuitsDataThatComeAfterTheirRun() {
        DataOpened opened = volumesWithChannels(1);
        opened.preview.front().array =
            std::make_shared<Array>(Array{{1, 4, 5, 6}, std::vector<float>(120, 7)});
        const auto& histogram = *m_window->dataPanel().findChild<HistogramView*>();
        m_engine->say(runOn(opened));
        QTRY_VERIFY(m_window->model().hasRun());
        m_engine->say(opened);
        QTRY_VERIFY(!m_window->model().dataPreview().empty());
        QVERIFY(histogram.logCounts());  // one value would hide all others
    }

    // What the network draws as the data of the same channel, not as all channels together.
    void samplesAreDrawnAsTheChannelsOfTheData() {
        const DataOpened opened = volumesWithChannels(2);
        openAndRead(opened);
        m_engine->say(runOn(opened));
        Item sample = opened.preview.front();
        auto array = std::make_shared<Array>(*sample.array);
        for (float& value : array->values)
            value = std::round(value / 2);  // not yet as bright
        sample.array = array;
        m_engine->preview({10, {sample, sample}});
        m_window->workspace().showPanel("samples");
        ItemsView& samples = m_window->samplesPanel().samples();
        QTRY_COMPARE(samples.itemCount(), 2);
        auto* slices = samples.findChild<SliceView*>();
        auto* stored = viewer().findChild<VolumeViewer*>();
        const WindowLevel first = stored->slices().window();
        QCOMPARE(slices->window(), first);
        QCOMPARE(samples.range(), ValueRange(first.low(), first.high()));
        slices->setChannel(1);
        stored->slices().setChannel(1);
        QVERIFY(slices->window().low() > 700);
        QCOMPARE(slices->window(), stored->slices().window());
        slices->setWindow(40, 8);
        m_engine->preview({20, {sample}});
        QTRY_COMPARE(samples.itemCount(), 1);
        QCOMPARE(slices->window(), (WindowLevel{40, 8}));  // what the person chose stays
    }

    void aRunOfTheSameSourceTakenOtherwiseOpensItAnew() {
        open(DataKind::Volume);
        const std::size_t openings = m_engine->commands<OpenData>().size();
        RunOpened run = madeRun(DataKind::Image, m_scratch->filePath("run").toStdString(), 1);
        run.config.data.source = run.facts.source = "demo:heads";
        run.config.data.as = TakeAs::Slices;
        m_engine->say(run);
        QTRY_COMPARE(m_engine->commands<OpenData>().size(), openings + 1);
        QVERIFY(m_engine->commands<OpenData>().back().data.as == TakeAs::Slices);
        QVERIFY(viewer().statusText().contains("Opening"));
    }

    void otherDataClearsWhatWasKept() {
        open(DataKind::Image);
        answerReads();
        QTRY_VERIFY(viewer().statusText().isEmpty());
        viewer().setMode(ViewerPanel::Mode::Grid);
        open(DataKind::Signal);
        QCOMPARE(viewer().mode(), ViewerPanel::Mode::Item);  // signals have no grid of pictures
        QCOMPARE(viewer().index(), std::int64_t{0});
        QCOMPARE(lastRead(Look::Whole)->data.source, std::string("demo:beats"));
        QVERIFY(viewer().statusText().contains("Reading"));
    }

private:
    // The first channel lies within 0 to 25, the second within 800 to 825; percentiles are of all together.
    static DataOpened volumesWithChannels(int channels) {
        DataOpened opened = madeData(DataKind::Volume);
        opened.recommended.data.low = opened.recommended.data.high = 0;
        auto array = std::make_shared<Array>();
        array->shape = {channels, 4, 5, 6};
        for (int i = 0; i < 120 * channels; ++i)
            array->values.push_back(static_cast<float>(i % 120 % 26 + (i < 120 ? 0 : 800)));
        opened.preview.front().array = array;
        opened.facts.shape = array->shape;
        opened.facts.windowLow = opened.facts.windowHigh = 0;
        opened.facts.percentile005 = -10;
        opened.facts.percentile995 = 900;
        return opened;
    }
    static RunOpened runOn(const DataOpened& opened) {
        RunOpened run = madeRun(DataKind::Volume, "/nowhere/run", 1);
        run.facts = opened.facts;
        run.config = opened.recommended;
        std::tie(run.config.data.low, run.config.data.high) = ownWindow(opened.facts);
        return run;
    }
    void openAndRead(const DataOpened& opened) {
        m_window->controller().openData("demo:heads");
        m_engine->say(opened);
        QTRY_VERIFY(lastRead(Look::Whole).has_value());
        const ReadItems asked = *lastRead(Look::Whole);
        m_engine->say(ItemsRead{asked.data, asked.look, {{asked.indices[0], opened.preview.front(), {}}}});
    }
    ViewerPanel& viewer() { return m_window->viewerPanel(); }

    void open(DataKind kind) {
        m_window->controller().openData(QString::fromStdString(madeFacts(kind).source));
        m_engine->say(madeData(kind));
        QTRY_VERIFY(m_window->model().openedData().has_value() && !m_window->model().openingData());
        QTRY_VERIFY(lastRead(Look::Whole).has_value());
    }

    std::optional<ReadItems> lastRead(Look look) const {
        std::optional<ReadItems> found;
        for (const ReadItems& read : m_engine->commands<ReadItems>())
            if (read.look == look)
                found = read;
        return found;
    }

    // As the engine would, the latest wish of every kind.
    void answerReads() {
        for (const Look look : {Look::Whole, Look::Compared, Look::Thumbnails})
            if (const auto asked = lastRead(look)) {
                const DataKind kind = m_window->model().kind();
                const std::vector<Item> made = madeItems(kind, 16, 0);
                ItemsRead answer{asked->data, look, {}};
                for (const std::int64_t index : asked->indices)
                    answer.items.push_back({index, made[static_cast<std::size_t>(index) % made.size()], {}});
                m_engine->say(answer);
            }
    }

    static int countColours(const QImage& image) {
        QSet<QRgb> colours;
        for (int y = 0; y < image.height(); y += 2)
            for (int x = 0; x < image.width(); x += 2)
                colours.insert(image.pixel(x, y));
        return static_cast<int>(colours.size());
    }
};

QTEST_MAIN(viewerTest)
#include "viewerTest.moc"
