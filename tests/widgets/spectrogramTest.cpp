// SPDX-License-Identifier: GPL-3.0-or-later
// Spectrograms of signals whose spectrum is known.
#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <limits>
#include <numbers>

#include "widgets/ColorMap.h"
#include "widgets/Spectrogram.h"
#include "widgets/SpectrogramView.h"
#include "widgets/Theme.h"

using namespace denoscope;

namespace {

std::vector<float> tone(std::size_t length, double cyclesPerSample, double amplitude, double offset = 0) {
    std::vector<float> samples(length);
    for (std::size_t i = 0; i < length; ++i)
        samples[i] = static_cast<float>(
            offset + amplitude * std::sin(2 * std::numbers::pi * cyclesPerSample * static_cast<double>(i)));
    return samples;
}

// Its frequency rises evenly from 0 to half the sample rate.
std::vector<float> chirp(std::size_t length) {
    std::vector<float> samples(length);
    for (std::size_t i = 0; i < length; ++i) {
        const auto t = static_cast<double>(i);
        samples[i] =
            static_cast<float>(std::sin(std::numbers::pi * 0.5 * t * t / static_cast<double>(length)));
    }
    return samples;
}

int loudestBin(const Spectrogram& of, int frame) {
    int best = 0;
    for (int bin = 1; bin < of.bins; ++bin)
        if (of.at(frame, bin) > of.at(frame, best))
            best = bin;
    return best;
}

Signal signalOf(std::vector<float> samples, double rate) {
    return {std::make_shared<const std::vector<float>>(std::move(samples)), 1, rate, QStringLiteral("made")};
}

void present(SpectrogramView& view) {
    view.resize(600, 300);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QTRY_VERIFY(view.spectrogram() && !view.isComputing());
}

}  // namespace

class spectrogramTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeKind::Dark); }

    void aToneHasItsAmplitudeAtItsFrequency() {
        for (const WindowKind kind :
             {WindowKind::Hann, WindowKind::Hamming, WindowKind::Blackman, WindowKind::Rectangular}) {
            // Exactly in bin 40 of 512; ten times as strong: 20 dB; the offset is not seen.
            const auto result =
                spectrogramOf(tone(20'000, 40.0 / 512, 10, 500), {512, 0.5, kind}, {2000, 18'000}, 10'000);
            QVERIFY(result);
            QCOMPARE(result->bins, 257);
            for (int frame = 1; frame + 1 < result->frames; ++frame) {
                QCOMPARE(loudestBin(*result, frame), 40);
                QVERIFY(std::abs(result->at(frame, 40) - 20.F) < 0.05F);
                QVERIFY(result->at(frame, 120) < -40.F);
            }
        }
    }

    void aChirpRisesEvenly() {
        const std::size_t length = 65'536;
        for (const int most : {100'000, 200}) {  // every transform, and several put together
            const auto result = spectrogramOf(chirp(length), {256, 0.75, WindowKind::Hann},
                                              {0, static_cast<double>(length)}, most);
            QVERIFY(result);
            QCOMPARE(result->together > 1, most == 200);
            for (int frame = 3; frame + 4 < result->frames; ++frame) {
                const double expected = result->centerOf(frame) / static_cast<double>(length) * 128;
                QVERIFY(std::abs(loudestBin(*result, frame) - expected) <= 1.6);
            }
        }
    }

    void puttingTogetherLosesNoClick() {
        std::vector<float> samples(2'000'000, 0.F);
        samples[1'234'567] = 1;
        const auto result = spectrogramOf(samples, {256, 0.5, WindowKind::Hann}, {0, 2e6}, 300);
        QVERIFY(result && result->together > 10);
        int loud = 0;
        for (int frame = 0; frame < result->frames; ++frame)
            if (result->at(frame, 60) > -100) {
                ++loud;
                QVERIFY(std::abs(result->centerOf(frame) - 1'234'567) < result->step);
            }
        QVERIFY(loud >= 1 && loud <= 2);
    }

    void oddInputIsTaken() {
        QVERIFY(!spectrogramOf({}, {}, {0, 100}, 10));
        QVERIFY(!spectrogramOf(tone(100, 0.1, 1), {}, {200, 300}, 10));
        QVERIFY(spectrogramOf(tone(3, 0.1, 1), {3, 2.0, WindowKind::Hann}, {0, 3}, 10));
        std::vector<float> broken = tone(4096, 0.125, 1);
        broken[5] = std::numeric_limits<float>::quiet_NaN();
        broken[900] = std::numeric_limits<float>::infinity();
        const auto result = spectrogramOf(broken, {}, {0, 4096}, 100);
        for (const float value : result->decibels)
            QVERIFY(std::isfinite(value));
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!spectrogramOf(broken, {}, {0, 4096}, 100, stop.get_token()));
    }

    void frequencyAxesAreInversesOfThemselves() {
        SpectrogramFrame frame;
        frame.lowest = 0.001;
        for (const bool logarithmic : {false, true}) {
            frame.logFrequency = logarithmic;
            QCOMPARE(frame.frequencyAt(0), 0.001);
            QCOMPARE(frame.frequencyAt(1), 0.5);
            QCOMPARE(frame.shareOf(frame.frequencyAt(0.3)), 0.3);
        }
        QVERIFY(frame.frequencyAt(0.5) < 0.05);
    }

    void theViewDrawsTheToneWhereItIs() {
        SpectrogramView view;
        view.setSignal(signalOf(tone(80'000, 1000.0 / 8000, 1), 8000), 0);
        present(view);
        const ColorTable& table = colorTable(view.colorMap());
        for (const bool logarithmic : {false, true}) {
            view.setLogFrequency(logarithmic);
            const QImage image = view.viewport()->grab().toImage();
            const int x = view.plotRect().center().x();
            const auto colored = [&](double frequency,
                                     QRgb color) {  // on the pixel above or below the boundary
                const int y = static_cast<int>(std::floor(view.yOf(frequency)));
                return image.pixel(x, y) == color || image.pixel(x, y - 1) == color ||
                       image.pixel(x, y + 1) == color;
            };
            QVERIFY(colored(1000, table.back()));
            QVERIFY(!colored(1500, table.back()));
            QVERIFY(colored(3000, table.front()));
            QVERIFY(std::abs(view.frequencyAt(view.yOf(1000)) - 1000) < 1e-6);
        }
        QTest::mouseMove(view.viewport(), QPoint(view.plotRect().center().x(), qRound(view.yOf(1000))));
        QTRY_VERIFY2(view.readout().contains(QStringLiteral("Hz")), qPrintable(view.readout()));
    }

    void zoomingInComputesWhatIsVisibleAnew() {
        SpectrogramView view;
        view.setSignal(signalOf(chirp(4'000'000), 44'100), 0);
        present(view);
        QVERIFY(view.spectrogram()->together > 1);
        QSignalSpy computed(&view, &SpectrogramView::computed);
        view.setVisibleRange({10, 10.5});
        QTRY_VERIFY(!view.isComputing());
        QCOMPARE(view.spectrogram()->together, 1);
        QVERIFY(computed.count() >= 1);
        for (int i = 0; i < 40; ++i)  // the newest wins, and nothing hangs
            view.setVisibleRange({i * 2.0, i * 2.0 + 1});
        QTRY_VERIFY(!view.isComputing());
        QVERIFY(view.spectrogram()->centerOf(0) <= 78.0 * 44'100);
        QVERIFY(view.spectrogram()->centerOf(view.spectrogram()->frames - 1) >= 79.0 * 44'100);
        view.setSettings({2048, 0.9, WindowKind::Blackman});
        view.setSignal({}, 0);  // while it computes
        QVERIFY(!view.spectrogram());
        view.grab();
    }
};

QTEST_MAIN(spectrogramTest)
#include "spectrogramTest.moc"
