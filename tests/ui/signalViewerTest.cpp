// SPDX-License-Identifier: GPL-3.0-or-later
// The signal view as a panel uses it: items in; lanes, spectrogram, statistics and playback that says why it
// cannot.
#include <QComboBox>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <cmath>

#include "ui/viewers/SignalViewer.h"
#include "widgets/SpectrogramView.h"
#include "widgets/Theme.h"
#include "widgets/WaveformView.h"

using namespace denoscope;

namespace {

// Channel c is a square wave of the height c + 1.
Item squareWaves(std::int64_t channels, std::int64_t length, double rate, const std::string& name) {
    auto array = std::make_shared<Array>();
    array->shape = {channels, length};
    for (std::int64_t channel = 0; channel < channels; ++channel)
        for (std::int64_t i = 0; i < length; ++i)
            array->values.push_back(static_cast<float>(i % 2 == 0 ? channel + 1 : -channel - 1));
    Item item;
    item.array = array;
    item.name = name;
    item.geometry.sampleRate = rate;
    return item;
}

DataFacts twoLeads() {
    DataFacts facts;
    facts.details.unit = "mV";
    facts.details.channelNames = {"MLII", "V5"};
    return facts;
}

QToolButton* buttonNamed(QWidget& parent, const QString& name) {
    for (auto* button : parent.findChildren<QToolButton*>())
        if (button->accessibleName() == name)
            return button;
    return nullptr;
}

void present(QWidget& widget) {
    widget.resize(800, 500);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
}

}  // namespace

class signalViewerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::Dark); }

    void channelsHaveTheirNamesAndUnits() {
        SignalViewer viewer;
        viewer.setItems({squareWaves(2, 2000, 100, "100")}, twoLeads());
        present(viewer);
        QCOMPARE(viewer.waveform().laneCount(), 2);
        QCOMPARE(viewer.waveform().laneName(1), QStringLiteral("V5"));
        QVERIFY2(viewer.statisticsText().contains(QStringLiteral("V5: min -2, max 2, mean 0, RMS 2 mV")),
                 qPrintable(viewer.statisticsText()));
        viewer.waveform().setSelection(TimeRange{5, 7.5});
        QVERIFY2(
            viewer.statisticsText().startsWith(QStringLiteral("Selection 5.000 s to 7.500 s, 2.5 s long")),
            qPrintable(viewer.statisticsText()));
        QTest::mouseClick(buttonNamed(viewer, QStringLiteral("Zoom to selection")), Qt::LeftButton);
        QCOMPARE(viewer.waveform().visibleRange(), (TimeRange{5, 7.5}));
    }

    void theSpectrogramFollowsTheLaneAndTheZoom() {
        SignalViewer viewer;
        viewer.setItems({squareWaves(2, 20'000, 1000, "a")}, twoLeads());
        present(viewer);
        SpectrogramView& spectrogram = viewer.spectrogram();
        QVERIFY(!spectrogram.isVisible() && !spectrogram.isComputing());  // nothing for what is not seen
        QTest::mouseClick(buttonNamed(viewer, QStringLiteral("Spectrogram")), Qt::LeftButton);
        QVERIFY(spectrogram.isVisible());
        QTRY_VERIFY(spectrogram.spectrogram());
        const float first = spectrogram.spectrogram()->peak;
        viewer.setActiveLane(1);
        QTRY_VERIFY(spectrogram.spectrogram());
        QVERIFY(std::abs(spectrogram.spectrogram()->peak - first - 20 * std::log10(2.F)) <
                0.1F);  // twice as high
        viewer.waveform().setVisibleRange({5, 6});
        QCOMPARE(spectrogram.visibleRange(), (TimeRange{5, 6}));
        spectrogram.setVisibleRange({7, 9});
        QCOMPARE(viewer.waveform().visibleRange(), (TimeRange{7, 9}));
        QCOMPARE(spectrogram.plotRect().left(), viewer.waveform().plotRect().left());
        QCOMPARE(spectrogram.plotRect().width(), viewer.waveform().plotRect().width());
        viewer.spectrogram().setSelection(TimeRange{7, 8});
        QCOMPARE(*viewer.waveform().selection(), (TimeRange{7, 8}));
    }

    void oneOfManyItemsIsShownAndChosen() {
        SignalViewer viewer;
        std::vector<Item> items;
        for (int i = 0; i < 40; ++i)
            items.push_back(squareWaves(1, 100 + i, 100, "item " + std::to_string(i)));
        items.push_back({});  // without values: left out
        viewer.setItems(items, {});
        QCOMPARE(viewer.itemCount(), 40);
        QCOMPARE(viewer.shownItem(), 0);
        QCOMPARE(viewer.waveform().laneCount(), 1);
        QSignalSpy changed(&viewer, &SignalViewer::shownItemChanged);
        auto* chooser = viewer.findChild<QComboBox*>();
        QCOMPARE(chooser->count(), 41);
        Q_EMIT chooser->activated(8);
        QCOMPARE(viewer.shownItem(), 7);
        QCOMPARE(changed.count(), 1);
        viewer.setReference({squareWaves(1, 100, 100, "real")}, QStringLiteral("real"),
                            QStringLiteral("generated"));
        viewer.showItem(-1);
        QCOMPARE(viewer.waveform().laneCount(), 40);
        present(viewer);
        viewer.grab();
        viewer.setItems({}, {});
        QCOMPARE(viewer.waveform().laneCount(), 0);
        viewer.grab();
    }

    void veryDifferentChannelsGetTheirOwnScales() {
        SignalViewer viewer;
        viewer.setItems({squareWaves(20, 500, 100, "a")}, {});
        QCOMPARE(viewer.waveform().laneScale(), LaneScale::PerLane);
        viewer.setItems({squareWaves(2, 500, 100, "a")}, {});
        QCOMPARE(viewer.waveform().laneScale(), LaneScale::Common);
    }

    void playbackSaysWhyItIsOff() {
        SignalViewer viewer;
        present(viewer);
        QToolButton* play = buttonNamed(viewer, QStringLiteral("Play"));
        QVERIFY(play && !play->isEnabled());
        QVERIFY2(play->toolTip().contains(QStringLiteral("nothing to play")), qPrintable(play->toolTip()));
        viewer.setItems({squareWaves(1, 500, 0, "a")}, {});
        QVERIFY(!viewer.canPlay() && !play->isEnabled());
        QVERIFY2(play->toolTip().contains(QStringLiteral("sample rate")), qPrintable(play->toolTip()));
        viewer.setItems({squareWaves(1, 500, 8000, "a")}, {});
        QVERIFY(viewer.canPlay());
        QTRY_VERIFY(play->isEnabled() || play->toolTip().contains(QStringLiteral("no audio device")));
        if (!play->isEnabled()) {
            QTest::keyClick(&viewer, Qt::Key_Space);
            QVERIFY(!viewer.waveform().cursorTime());
        }
    }
};

QTEST_MAIN(signalViewerTest)
#include "signalViewerTest.moc"
