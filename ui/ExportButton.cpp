// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ExportButton.h"

#include <QDir>
#include <QFileDialog>
#include <QtConcurrent>

#include "ui/Preferences.h"
#include "ui/RunModel.h"
#include "ui/SvgIcon.h"

namespace denoscope {

namespace {

const QStringList filmEndings{"gif", "mp4", "webp"};

QString filterFor(DataKind kind) {
    switch (kind) {
        case DataKind::Signal:
            return ExportButton::tr("WAV files (*.wav);;NumPy array (*.npy);;Picture (*.png)");
        case DataKind::Image:
            return ExportButton::tr("Picture of the grid (*.png);;NumPy array (*.npy)");
        case DataKind::Volume:
            return ExportButton::tr(
                "NIfTI volumes (*.nii.gz);;NumPy array (*.npy);;Picture of middle slices (*.png)");
    }
    return {};
}

}  // namespace

ExportButton::ExportButton(const PanelContext& context, ItemSource items, QWidget* parent)
    : ElasticButton(tr("Export…"), {}, parent), m_context(context), m_items(std::move(items)) {
    setIcon(svgIcon("export"));
    setToolTip(tr("Write what is shown to a file"));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(this, &QToolButton::clicked, this, &ExportButton::ask);
}

ExportButton::~ExportButton() {
    m_writing.waitForFinished();
}

DataKind ExportButton::kind() const {
    return m_ofData ? m_context.model.kind() : m_context.model.runKind();
}

// The endings of films stand alone, so that the one that is chosen can be added to a name without one.
QString ExportButton::filters() const {
    const QString films = m_frames ? tr("Film of the denoising") : tr("Film of the slices");
    if (!m_frames && kind() != DataKind::Volume)
        return filterFor(kind());
    QString filters = filterFor(kind());
    for (const QString& ending : filmEndings)
        filters += QStringLiteral(";;%1 (*.%2)").arg(films, ending);
    return filters;
}

void ExportButton::ask() {
    QString chosen = filters().section(";;", 0, 0);
    const QString folder = m_context.preferences.value("export/folder", QDir::homePath()).toString();
    QString path = QFileDialog::getSaveFileName(window(), tr("Export"),
                                                QDir(folder).filePath(m_ofData ? tr("item") : tr("samples")),
                                                filters(), &chosen);
    if (path.isEmpty())
        return;
    const QString ending = chosen.section("(*", 1).section(')', 0, 0);
    if (QFileInfo(path).suffix().isEmpty())
        path += ending;
    m_context.preferences.setValue("export/folder", QFileInfo(path).absolutePath());
    exportTo(path);
}

// What to do outside the UI thread, with all that it needs.
std::function<std::vector<std::string>()> ExportButton::writer(const QString& path) const {
    const auto [low, high] = m_ofData ? m_context.model.displayRange() : m_context.model.runDisplayRange();
    const std::string file = path.toStdString();
    const bool film = filmEndings.contains(QFileInfo(path).suffix().toLower());
    if (film && m_frames)
        return [write = m_context.exportFilm, frames = m_frames(), file, low, high] {
            write(frames, file, low, high);
            return std::vector{file};
        };
    return [write = m_context.exportItems, items = m_items(), file, low, high] {
        return write(items, file, low, high);
    };
}

void ExportButton::exportTo(const QString& path) {
    setEnabled(false);
    m_writing = QtConcurrent::run(writer(path))
                    .then(this,
                          [this](const std::vector<std::string>& paths) {
                              setEnabled(true);
                              QStringList written;
                              for (const std::string& file : paths)
                                  written << QString::fromStdString(file);
                              Q_EMIT m_context.model.logged(LogLine::Level::Info,
                                                            tr("Written: %1").arg(written.join(", ")));
                              Q_EMIT exported(written);
                          })
                    .onFailed(this,
                              [this](const EngineError& error) {
                                  setEnabled(true);
                                  m_context.model.report(LogLine::Level::Error, error.error());
                              })
                    .onFailed(this, [this, path] {
                        setEnabled(true);
                        m_context.model.report(
                            LogLine::Level::Error,
                            {"the file could not be written", path.toStdString(), "choose another place"});
                    });
}

}  // namespace denoscope
