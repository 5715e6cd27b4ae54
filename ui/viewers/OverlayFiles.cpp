// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/OverlayFiles.h"

#include <QFileDialog>
#include <QFileInfo>

#include "ui/ItemPictures.h"
#include "ui/Preferences.h"

namespace denoscope {

namespace {

constexpr auto folderKey = "overlay/folder";

}  // namespace

OverlayFiles::OverlayFiles(RunModel& model, Preferences& preferences, SliceView& view)
    : QObject(&view), m_model(model), m_preferences(preferences), m_view(view) {
    view.setOverlayFilesOffered(true);
    connect(&view, &SliceView::overlayFileWanted, this, &OverlayFiles::ask);
    connect(&model.client(), &EngineClient::besideRead, this, &OverlayFiles::layOver);
}

void OverlayFiles::ask(bool folder) {
    const QString start = m_preferences.value(folderKey, m_preferences.recentData().value(0)).toString();
    const QString title = tr("Lay over what is shown");
    const QString path = folder ? QFileDialog::getExistingDirectory(&m_view, title, start)
                                : QFileDialog::getOpenFileName(&m_view, title, start);
    if (path.isEmpty())
        return;
    m_preferences.setValue(folderKey, QFileInfo(path).absolutePath());
    read(path);
}

void OverlayFiles::read(const QString& path) {
    ReadBeside request;
    request.data.source = m_wanted = QFileInfo(path).absoluteFilePath().toStdString();
    m_model.client().send(std::move(request));
    Q_EMIT m_model.logged(LogLine::Level::Info, tr("Reading %1 to lay it over what is shown").arg(path));
}

void OverlayFiles::layOver(const BesideRead& read) {
    if (read.data.source != m_wanted)
        return;
    m_wanted.clear();
    if (!read.item.array)
        return m_model.report(LogLine::Level::Error, read.error);
    const auto overlay = volumeOf(read.item, read.facts.details, read.facts.dtype);
    const auto& shown = m_view.volume();
    if (!overlay || !shown || !shareSpace(*overlay, *shown))
        return m_model.report(
            LogLine::Level::Error,
            {tr("this cannot be laid over what is shown: it does not say where it lies").toStdString(),
             read.data.source, tr("choose a volume, or an image of the same size").toStdString()});
    m_view.setOverlay(overlay);
}

}  // namespace denoscope
