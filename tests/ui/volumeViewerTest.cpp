// SPDX-License-Identifier: GPL-3.0-or-later
// Volumes as the engine gives them, in the viewer: shared, with the windows that fit them, over time, one
// over another.
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "ui/Preferences.h"
#include "ui/viewers/ItemViewers.h"
#include "ui/viewers/VolumeViewer.h"
#include "widgets/SlicePane.h"
#include "widgets/SliceView.h"

using namespace denoscope;

namespace {

Item volumeItem(float value, double spacing, const std::string& name) {
    auto array = std::make_shared<Array>();
    array->shape = {1, 4, 5, 6};
    array->values.assign(120, value);
    Item item;
    item.array = array;
    item.name = name;
    item.geometry.spacing = {spacing, spacing, spacing};
    item.geometry.affine = {spacing, 0, 0, 0, 0, spacing, 0, 0, 0, 0, spacing, 0, 0, 0, 0, 1};
    return item;
}

Item imageItem() {
    auto array = std::make_shared<Array>();
    array->shape = {1, 4, 6};
    for (int i = 0; i < 24; ++i)
        array->values.push_back(static_cast<float>(i));
    Item item;
    item.array = array;
    item.geometry.spacing = {0.5, 0.5, 3};
    item.geometry.affine = {-0.5, 0, 0, 10, 0, -0.5, 0, 20, 0, 0, 3, -30, 0, 0, 0, 1};
    return item;
}

QStringList presetNames(VolumeViewer& viewer) {
    QStringList names;
    for (const WindowPreset& preset : viewer.slices().windowPresets())
        names << preset.name;
    return names;
}

}  // namespace

class volumeViewerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesAreShared() {
        VolumeViewer viewer(m_preferences, nullptr);
        const Item item = volumeItem(7, 2, "a");
        viewer.setItems({item}, {}, ValueRange{0, 10});
        QCOMPARE(viewer.slices().volume()->samples.get(), &item.array->values);
        QCOMPARE(viewer.slices().window(), (WindowLevel{5, 10}));
        viewer.slices().setWindow(1, 2);
        viewer.setItems({volumeItem(8, 2, "b")}, {}, ValueRange{0, 10});
        QCOMPARE(viewer.slices().window(), (WindowLevel{1, 2}));  // the person's own stays
        viewer.setItems({}, {}, ValueRange{0, 10});
        QVERIFY(!viewer.slices().volume());
    }

    void presetsFollowTheDataAndThePerson() {
        DataFacts facts;
        {
            VolumeViewer viewer(m_preferences, nullptr);
            viewer.setItems({volumeItem(0, 1, "a")}, facts, ValueRange{0, 1});
            QVERIFY(presetNames(viewer).isEmpty());
            facts.details.unit = "HU";
            facts.details.windows = {{"WINDOW1", -10, 90}};
            viewer.setItems({volumeItem(0, 1, "a")}, facts, ValueRange{0, 1});
            QCOMPARE(presetNames(viewer).first(), QStringLiteral("WINDOW1"));
            QVERIFY(presetNames(viewer).contains(QStringLiteral("Brain")));
            auto presets = viewer.slices().windowPresets();
            presets.push_back({QStringLiteral("Mine | \"odd\""), -3.25, 12.5});
            viewer.slices().setWindowPresets(presets);
            Q_EMIT viewer.slices().windowPresetsEdited();
        }
        VolumeViewer viewer(m_preferences, nullptr);
        viewer.setItems({volumeItem(0, 1, "a")}, {}, ValueRange{0, 1});
        QCOMPARE(viewer.slices().windowPresets(),
                 (std::vector<WindowPreset>{{QStringLiteral("Mine | \"odd\""), -3.25, 12.5}}));
    }

    void theWholeRangeIsNotWhatIsLookedAtFirst() {
        VolumeViewer viewer(m_preferences, nullptr);
        DataFacts facts;
        facts.min = -1000;
        facts.max = 3000;
        facts.details.windows = {{"WINDOW1", -10, 90}};
        viewer.setItems({volumeItem(0, 1, "a")}, facts, std::nullopt);
        QCOMPARE(viewer.slices().window(), WindowLevel::fromRange(-10, 90));
        viewer.setItems({volumeItem(0, 1, "a")}, facts, ValueRange{-100, 300});  // chosen for training
        QCOMPARE(viewer.slices().window(), WindowLevel::fromRange(-100, 300));
        viewer.setItems({volumeItem(0, 1, "a")}, facts, ValueRange{-1000, 3000});  // all, if somebody says so
        QCOMPARE(viewer.slices().window(), WindowLevel::fromRange(-1000, 3000));
        facts.details.windows.clear();
        viewer.setItems({volumeItem(0, 1, "a")}, facts, std::nullopt);
        QCOMPARE(viewer.slices().preset(), static_cast<int>(automaticWindow));
    }

    void aWindowNobodyChoseHasAName() {
        VolumeViewer viewer(m_preferences, nullptr);
        DataFacts facts;
        facts.kind = DataKind::Volume;
        facts.source = "first";
        facts.max = 2757;
        facts.percentile995 = 1200;
        facts.details.windows = {{"Algo1", 82, 1972}, {"Algo2", 0, 900}};
        viewer.setItems({volumeItem(0, 1, "a")}, facts, std::nullopt);
        QCOMPARE(viewer.slices().preset(), static_cast<int>(firstPreset));
        QCOMPARE(viewer.slices().window(), WindowLevel::fromRange(82, 1972));
        viewer.setItems({volumeItem(0, 1, "a")}, facts, ValueRange{0, 900});
        QCOMPARE(viewer.slices().preset(), firstPreset + 1);
        facts.source = "second";
        facts.details.windows = {{"Brain", 10, 80}};
        viewer.setItems({volumeItem(0, 2, "b")}, facts, std::nullopt);
        viewer.slices().setWindow(5, 6);
        facts.source = "third";  // what was chosen for one file is no choice for the next
        facts.details.windows.clear();
        viewer.setItems({volumeItem(0, 2, "c")}, facts, std::nullopt);
        QCOMPARE(viewer.slices().preset(), static_cast<int>(automaticWindow));
    }

    void oneValueHasAWindowAroundIt() {
        VolumeViewer viewer(m_preferences, nullptr);
        for (const float value : {7.0F, 1e16F, 9.223372e18F, -3e38F}) {
            DataFacts facts;
            facts.kind = DataKind::Volume;
            facts.source = std::to_string(value);
            facts.min = facts.max = static_cast<double>(value);
            viewer.setItems({volumeItem(value, 1, "a")}, facts, std::nullopt);
            const WindowLevel& window = viewer.slices().window();
            QCOMPARE(viewer.slices().preset(), static_cast<int>(automaticWindow));
            QVERIFY(window.low() < facts.min && facts.min < window.high());
            QVERIFY(!viewer.grab().isNull());
            if (value == 7.0F)
                QCOMPARE(window, (WindowLevel{7, 1}));
        }
    }

    void coloursOfEightBitsAreAsBrightAsTheyAreStored() {
        Item item = volumeItem(0, 1, "a");
        auto array = std::make_shared<Array>();
        array->shape = {3, 4, 5, 6};
        for (int i = 0; i < 360; ++i)
            array->values.push_back(static_cast<float>(i % 100));
        item.array = array;
        DataFacts facts;
        facts.kind = DataKind::Volume;
        facts.dtype = "uint8";
        VolumeViewer viewer(m_preferences, nullptr);
        viewer.setItems({item}, facts, std::nullopt);
        QCOMPARE(viewer.slices().preset(), static_cast<int>(automaticWindow));
        QCOMPARE(viewer.slices().window(), WindowLevel::fromRange(0, 255));
        viewer.slices().setChannel(1);  // alone it is grey like any other
        QVERIFY(viewer.slices().window().high() < 100);
        viewer.slices().setChannel(std::nullopt);
        QCOMPARE(viewer.slices().window(), WindowLevel::fromRange(0, 255));
        facts.dtype = "float32";
        facts.source = "second";
        viewer.setItems({item}, facts, std::nullopt);
        QVERIFY(viewer.slices().window().high() < 100);
    }

    void severalAreTimePointsOrOverlays() {
        VolumeViewer viewer(m_preferences, nullptr);
        viewer.setItems({volumeItem(1, 1, "a"), volumeItem(2, 1, "b")}, {}, ValueRange{0, 1});
        QVERIFY(viewer.slices().overlayChoices().empty());
        viewer.setItems({volumeItem(1, 1, "a"), volumeItem(2, 3, "b")}, {}, ValueRange{0, 1});
        QCOMPARE(viewer.slices().overlayChoices().size(), 1U);
        QCOMPARE(viewer.slices().overlayChoices().front()->name, QStringLiteral("b"));
        viewer.slices().setOverlay(viewer.slices().overlayChoices().front());
        QVERIFY(viewer.slices().readout().contains(QStringLiteral("overlay 2")));
    }

    void anImageThatSaysMoreIsASlice() {
        DataFacts facts;
        facts.kind = DataKind::Image;
        QCOMPARE(viewOf(facts), DataKind::Image);  // a photograph
        facts.details.unit = "HU";
        facts.details.windows = {{"Spine", 20, 220}};
        QCOMPARE(viewOf(facts), DataKind::Volume);
        VolumeViewer viewer(m_preferences, nullptr);
        viewer.resize(600, 400);
        const Item item = imageItem();
        viewer.setItems({item}, facts, std::nullopt);
        const SliceView& slices = viewer.slices();
        QCOMPARE(slices.volume()->samples.get(), &item.array->values);
        QVERIFY(slices.isFlat());
        QVERIFY(!slices.enlarged()->grid().leftLetter.isEmpty());
        QCOMPARE(slices.window(), WindowLevel::fromRange(20, 220));
        QVERIFY(presetNames(viewer).contains(QStringLiteral("Brain")));
        QVERIFY2(slices.readout().contains(QStringLiteral("8 HU · pixel 2, 1 · R 9.0, A 19.5, I 30.0 mm")),
                 qPrintable(slices.readout()));
    }

    void aPictureIsPlacedAsFarAsItSays() {
        Item item = imageItem();
        QCOMPARE(volumeOf(item)->place, Volume::Place::Patient);
        item.geometry.affine = {0.5, 0, 0, 0, 0, 0.5, 0, 0,
                                0,   0, 3, 0, 0, 0,   0, 1};  // nothing but the spacing
        QCOMPARE(volumeOf(item)->place, Volume::Place::Distances);
        item.geometry = {};
        QCOMPARE(volumeOf(item)->place, Volume::Place::Unknown);
    }

private:
    QTemporaryDir m_folder;
    QSettings m_settings{m_folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    Preferences m_preferences{m_settings};
};

QTEST_MAIN(volumeViewerTest)
#include "volumeViewerTest.moc"
