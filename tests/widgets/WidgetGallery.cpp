// SPDX-License-Identifier: GPL-3.0-or-later
// Shows every widget with made data and saves what it looks like, light and dark: widget-gallery FOLDER. To
// be looked at whenever a widget or the theme has changed, with QT_SCALE_FACTOR=1.25, 1.5 and 2, too.
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTest>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <numeric>

#include "tests/widgets/MadeData.h"
#include "widgets/CurvePlot.h"
#include "widgets/HistogramView.h"
#include "widgets/ImageGrid.h"
#include "widgets/ImageView.h"
#include "widgets/ScrubBar.h"
#include "widgets/SliceView.h"
#include "widgets/SpectrogramView.h"
#include "widgets/Theme.h"
#include "widgets/WaveformView.h"

using namespace denoscope;

namespace {

void fillCurves(CurvePlot& plot) {
    constexpr int points = 4000;
    std::vector<double> steps(points);
    std::iota(steps.begin(), steps.end(), 1.0);
    std::vector<double> loss = lossCurve(points);
    loss[2600] = std::numeric_limits<double>::quiet_NaN();
    plot.addSeries(QStringLiteral("training loss"));
    plot.addSeries(QStringLiteral("validation loss"));
    plot.append(0, steps, loss);
    std::vector<double> coarse;
    std::vector<double> validation;
    for (int i = 99; i < points; i += 100) {
        coarse.push_back(steps[static_cast<std::size_t>(i)]);
        validation.push_back(0.085 + 0.9 * std::exp(-i / 260.0));
    }
    plot.append(1, coarse, validation);
    plot.setXLabel(QStringLiteral("step"));
    plot.setYLabel(QStringLiteral("loss"));
}

QWidget* controls() {
    auto* box = new QGroupBox(QStringLiteral("Training"));
    auto* form = new QFormLayout(box);
    auto* steps = new QSpinBox;
    steps->setRange(1, 1000000);
    steps->setValue(20000);
    auto* precision = new QComboBox;
    precision->addItems({QStringLiteral("float32"), QStringLiteral("bfloat16")});
    auto* name = new QLineEdit(QStringLiteral("digits"));
    auto* wrong = new QLineEdit(QStringLiteral("/nowhere"));
    wrong->setProperty("invalid", true);
    auto* check = new QCheckBox(QStringLiteral("Condition on the label"));
    check->setChecked(true);
    auto* progress = new QProgressBar;
    progress->setValue(42);
    auto* row = new QHBoxLayout;
    auto* train = new QPushButton(QStringLiteral("Train"));
    train->setDefault(true);
    auto* stop = new QPushButton(QStringLiteral("Stop"));
    stop->setEnabled(false);
    row->addWidget(train);
    row->addWidget(new QPushButton(QStringLiteral("Pause")));
    row->addWidget(stop);
    form->addRow(QStringLiteral("Steps"), steps);
    form->addRow(QStringLiteral("Precision"), precision);
    form->addRow(QStringLiteral("Name"), name);
    form->addRow(QStringLiteral("Data"), wrong);
    form->addRow(check);
    form->addRow(progress);
    form->addRow(row);
    auto* tabs = new QTabWidget;
    tabs->addTab(box, QStringLiteral("Training"));
    tabs->addTab(new QWidget, QStringLiteral("Noise"));
    return tabs;
}

using Maker = std::function<QWidget*()>;
struct Exhibit {
    const char* name;
    QSize size;
    Maker make;
};

QWidget* made(QWidget* widget, const std::function<void()>& prepare) {
    prepare();
    return widget;
}

std::vector<Exhibit> exhibits() {
    return {
        {"curves",
         {640, 360},
         [] {
             auto* w = new CurvePlot;
             return made(w, [w] {
                 fillCurves(*w);
                 w->setSmoothing(0.97);
             });
         }},
        {"curves-log",
         {640, 360},
         [] {
             auto* w = new CurvePlot;
             return made(w, [w] {
                 fillCurves(*w);
                 w->setLogX(true);
                 w->setLogY(true);
                 w->setSmoothing(0.9);
             });
         }},
        {"curves-narrow",
         {280, 220},
         [] {
             auto* w = new CurvePlot;
             return made(w, [w] { fillCurves(*w); });
         }},
        {"curves-empty", {400, 220}, [] { return new CurvePlot; }},
        {"grid",
         {640, 420},
         [] {
             auto* w = new ImageGrid;
             return made(w, [w] {
                 w->setItems(ringImages(16, 28));
                 w->setSelectedIndex(5);
             });
         }},
        {"grid-many",
         {640, 420},
         [] {
             auto* w = new ImageGrid;
             return made(w, [w] {
                 w->setItems(ringImages(2000, 28));
                 w->setThumbnailSize(64);
             });
         }},
        {"grid-empty", {320, 200}, [] { return new ImageGrid; }},
        {"image",
         {360, 360},
         [] {
             auto* w = new ImageView;
             return made(w, [w] { w->setImage(colorImage(32)); });
         }},
        {"waveform",
         {640, 300},
         [] {
             auto* w = new WaveformView;
             return made(w, [w] { w->setSignals({chirp(2, 200000, 44100)}); });
         }},
        {"waveform-near",
         {640, 240},
         [] {
             auto* w = new WaveformView;
             return made(w, [w] {
                 w->setSignals({chirp(1, 2000, 8000)});
                 w->setVisibleRange({0.05, 0.056});
             });
         }},
        {"waveform-many",
         {360, 420},
         [] {
             auto* w = new WaveformView;
             return made(w, [w] {
                 w->setSignals(std::vector<Signal>(16, chirp(1, 512, 0)));
                 w->setValueRange(-1, 1);
             });
         }},
        {"spectrogram",
         {640, 260},
         [] {
             auto* w = new SpectrogramView;
             return made(w, [w] {
                 w->setSignal(chirp(1, 200000, 44100), 0);
                 if (!QTest::qWaitFor([w] { return w->spectrogram() != nullptr; }))
                     std::fprintf(stderr, "the spectrogram was not computed in time\n");
             });
         }},
        {"slices",
         {720, 520},
         [] {
             auto* w = new SliceView;
             return made(w, [w] {
                 w->setVolume(headPhantom());
                 w->setWindow(40, 120);
             });
         }},
        {"slices-narrow",
         {280, 520},
         [] {
             auto* w = new SliceView;
             return made(w, [w] {
                 w->setVolume(headPhantom());
                 w->setColorMap(ColorMapKind::Dusk);
             });
         }},
        {"slices-empty", {360, 240}, [] { return new SliceView; }},
        {"histogram",
         {400, 180},
         [] {
             auto* w = new HistogramView;
             return made(w, [w] {
                 w->setHistogram(histogramOf(*headPhantom()->samples));
                 w->setLogCounts(true);
                 w->setUnit(QStringLiteral("HU"));
                 w->setHandlesVisible(true);
                 w->setHandles(-20, 900);
             });
         }},
        {"scrub",
         {480, 44},
         [] {
             auto* w = new ScrubBar;
             return made(w, [w] {
                 w->setFrameText([](int) { return QStringLiteral("σ 3.21"); });
                 w->setFrameCount(50);
                 w->setFrame(18);
             });
         }},
        {"controls", {340, 330}, [] { return controls(); }},
    };
}

bool save(const Exhibit& exhibit, const QString& path, bool focused) {
    const std::unique_ptr<QWidget> widget(exhibit.make());
    widget->resize(exhibit.size);
    widget->show();
    if (!QTest::qWaitForWindowExposed(widget.get()))
        return false;
    if (focused) {
        QTest::mouseMove(widget.get(), widget->rect().center());
        widget->setFocus();
    }
    QCoreApplication::processEvents();
    return widget->grab().save(path);
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QDir folder(argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral("."));
    if (!folder.mkpath(QStringLiteral("."))) {
        std::fprintf(stderr, "cannot make the folder %s\n", qPrintable(folder.path()));
        return 1;
    }
    for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
        applyTheme(application, kind);
        const char* theme = kind == ThemeKind::Light ? "light" : "dark";
        for (const Exhibit& exhibit : exhibits()) {
            const QString path = folder.filePath(QStringLiteral("%1-%2.png").arg(exhibit.name, theme));
            if (!save(exhibit, path, kind == ThemeKind::Dark)) {
                std::fprintf(stderr, "cannot write %s\n", qPrintable(path));
                return 1;
            }
        }
    }
    return 0;
}
