// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the viewer on real data, in every mode: to look at after a change.
//   QT_QPA_PLATFORM=offscreen ViewerGallery FOLDER WIDTHxHEIGHT light|dark SOURCE[+OVERLAY]...
#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include "DeskEngine.h"
#include "ui/DimensionLine.h"
#include "ui/MainWindow.h"
#include "ui/ThemeChoice.h"
#include "ui/ViewerPanel.h"
#include "ui/viewers/CompareView.h"
#include "ui/viewers/ItemChooser.h"
#include "ui/viewers/OverlayFiles.h"
#include "ui/viewers/SignalViewer.h"

using namespace denoscope;

namespace {

constexpr int settling = 400;  // milliseconds for the desk to answer and the views to paint

void shoot(MainWindow& window, const QString& file) {
    QTest::qWait(settling);
    window.grab().save(file);
}

void shootAll(MainWindow& window, const QString& prefix) {
    ViewerPanel& viewer = window.viewerPanel();
    shoot(window, prefix + "-item.png");
    const bool many = viewer.chooser().order().size() > 1;
    if (many && window.model().kind() != DataKind::Signal) {
        viewer.setMode(ViewerPanel::Mode::Grid);
        shoot(window, prefix + "-grid.png");
    }
    if (window.model().kind() == DataKind::Signal) {
        window.findChild<SignalViewer*>()->setSpectrogramVisible(true);
        shoot(window, prefix + "-spectrogram.png");
    }
    viewer.setMode(ViewerPanel::Mode::Network);
    shoot(window, prefix + "-network.png");
    if (window.model().kind() != DataKind::Image || !many)
        return;
    viewer.setMode(ViewerPanel::Mode::Compare);
    const char* const names[]{"side", "wipe", "difference", "flicker"};
    for (int mode = 0; mode < 4; ++mode) {
        viewer.comparison().setMode(static_cast<ImageCompare::Mode>(mode));
        shoot(window, prefix + "-" + names[mode] + ".png");
    }
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() < 5)
        return 2;
    const QDir folder(arguments[1]);
    QDir().mkpath(folder.path());
    const QStringList size = arguments[2].split('x');
    const ThemeChoice theme(application);
    theme.apply(arguments[3]);
    for (const QString& argument : arguments.mid(4)) {
        const QString source = argument.section('+', 0, 0), overlay = argument.section('+', 1);
        QTemporaryDir scratch;
        QSettings settings(scratch.filePath("settings.ini"), QSettings::IniFormat);
        DeskEngine engine;
        MainWindow window(
            {engine, settings, theme, {}, "/home/me/Documents/Denoscope/runs", "cpu, 2 threads"});
        window.resize(size.value(0).toInt(), size.value(1).toInt());
        window.show();
        window.controller().openData(source);
        while (window.model().openingData())
            QTest::qWait(20);
        const QString prefix = folder.filePath(QFileInfo(source).fileName().replace(':', '-'));
        shootAll(window, prefix);
        if (!overlay.isEmpty()) {
            window.viewerPanel().setMode(ViewerPanel::Mode::Item);
            window.findChild<OverlayFiles*>()->read(overlay);
            QTest::qWait(settling);
            shoot(window, prefix + "-overlay.png");
        }
        if (auto* otherWay = window.findChild<DimensionLine*>()->findChild<QPushButton*>()) {
            window.viewerPanel().setMode(ViewerPanel::Mode::Item);
            otherWay->click();
            QTest::qWait(settling);
            shootAll(window, prefix + "-other");
        }
    }
    return 0;
}
