// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QList>
#include <functional>

#include "ui/Preferences.h"
#include "ui/RunsFolder.h"

class QDialog;
class QWidget;

namespace denoscope {

// None of these blocks: they show themselves, tell their answer through a callback and delete themselves.

// Runs of the runs folder and recent ones elsewhere, the newest first, or another folder.
QDialog* askForRun(QWidget* parent, const Preferences& preferences, const RunsFolder& runs,
                   const std::function<void(const QString&)>& opened);

QDialog* showShortcuts(QWidget* parent, const QList<QAction*>& actions);
QDialog* showAbout(QWidget* parent);

}  // namespace denoscope
