// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Dialogs.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/SvgIcon.h"
#include "ui/TextLabel.h"

namespace denoscope {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Dialogs", text);
}

QDialog* makeDialog(QWidget* parent, const QString& title, QSize size) {
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->resize(size);
    new QVBoxLayout(dialog);
    return dialog;
}

QTreeWidget* makeList(QDialog* dialog, const QStringList& titles) {
    auto* list = new QTreeWidget(dialog);
    list->setColumnCount(static_cast<int>(titles.size()));
    list->setHeaderLabels(titles);
    list->setRootIsDecorated(false);
    list->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    dialog->layout()->addWidget(list);
    return list;
}

void fillRuns(QTreeWidget* list, const Preferences& preferences, const RunsFolder& runs) {
    QStringList paths = preferences.recentRuns();
    for (const QString& path : runs.runs())
        if (!paths.contains(path))
            paths << path;
    for (const QString& path : paths) {
        const QFileInfo info(path);
        auto* item = new QTreeWidgetItem(
            list, {info.fileName(), QLocale().toString(info.lastModified(), QLocale::ShortFormat),
                   info.absolutePath()});
        item->setData(0, Qt::UserRole, path);
    }
    if (list->topLevelItemCount() > 0)
        list->setCurrentItem(list->topLevelItem(0));
}

}  // namespace

QDialog* askForRun(QWidget* parent, const Preferences& preferences, const RunsFolder& runs,
                   const std::function<void(const QString&)>& opened) {
    QDialog* dialog = makeDialog(parent, tr("Open a run"), {640, 360});
    QTreeWidget* list = makeList(dialog, {tr("Run"), tr("Last written"), tr("Folder")});
    fillRuns(list, preferences, runs);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Open | QDialogButtonBox::Cancel, dialog);
    QPushButton* other = buttons->addButton(tr("Other folder…"), QDialogButtonBox::ActionRole);
    dialog->layout()->addWidget(buttons);
    buttons->button(QDialogButtonBox::Open)->setEnabled(list->currentItem() != nullptr);
    const auto open = [dialog, list, opened] {
        if (const QTreeWidgetItem* item = list->currentItem()) {
            opened(item->data(0, Qt::UserRole).toString());
            dialog->accept();
        }
    };
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, open);
    QObject::connect(list, &QTreeWidget::itemActivated, dialog, open);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    QObject::connect(other, &QPushButton::clicked, dialog, [dialog, opened, root = runs.root()] {
        const QString path = QFileDialog::getExistingDirectory(dialog, tr("Open a run"), root);
        if (!path.isEmpty()) {
            opened(path);
            dialog->accept();
        }
    });
    dialog->open();
    return dialog;
}

QDialog* showShortcuts(QWidget* parent, const QList<QAction*>& actions) {
    QDialog* dialog = makeDialog(parent, tr("Keyboard shortcuts"), {520, 560});
    QTreeWidget* list = makeList(dialog, {tr("Action"), tr("Keys")});
    for (const QAction* action : actions)
        if (!action->shortcut().isEmpty()) {
            QString name = action->text();
            new QTreeWidgetItem(list, {name.remove('&').remove(QStringLiteral("…")),
                                       action->shortcut().toString(QKeySequence::NativeText)});
        }
    const QList<std::pair<QString, QString>> inViews{
        {tr("Panels: bring to front, detach"), tr("Alt+1 to Alt+6, Ctrl+Shift+D")},
        {tr("Curve: zoom, pan, fit"), tr("wheel, drag, Home")},
        {tr("Frames: play, step, ends"), tr("Space, Left and Right, Home and End")},
        {tr("Images: choose, enlarge, back"), tr("arrows, Enter, Esc")},
        {tr("Slices: move, next slice, window and level"), tr("drag, wheel, right drag")},
        {tr("Slices: turn, play, one pane alone"), tr("Alt and drag, Space, F")},
        {tr("Next field, open a list"), tr("Tab, Alt+Down")}};
    for (const auto& [what, keys] : inViews)
        new QTreeWidgetItem(list, {what, keys});
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    dialog->layout()->addWidget(buttons);
    dialog->open();
    return dialog;
}

QDialog* showAbout(QWidget* parent) {
    QDialog* dialog = makeDialog(parent, tr("About Denoscope"), {460, 0});
    auto* picture = new QLabel(dialog);
    picture->setPixmap(svgPixmap("denoscope", {72, 72}, Qt::black, dialog->devicePixelRatioF()));
    dialog->layout()->addWidget(picture);
    dialog->layout()->addWidget(
        new TextLabel(TextLabel::Role::Title, QStringLiteral("Denoscope %1").arg(DENOSCOPE_VERSION), dialog));
    dialog->layout()->addWidget(new TextLabel(
        TextLabel::Role::Body,
        tr("Train diffusion models on signals, images and volumes, and watch them denoise."), dialog));
    dialog->layout()->addWidget(new TextLabel(TextLabel::Role::Muted,
                                              tr("Free software under the GNU General Public License, "
                                                 "version 3 or later; it comes without any warranty. "
                                                 "Built with Qt %1 and QCustomPlot.")
                                                  .arg(qVersion()),
                                              dialog));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    dialog->layout()->addWidget(buttons);
    dialog->open();
    return dialog;
}

}  // namespace denoscope
