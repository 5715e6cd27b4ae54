// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>

#include "engine/api/Data.h"

namespace denoscope {

// Where new runs go: <root>/<data>-<date>[-n].
class RunsFolder {
public:
    explicit RunsFolder(const QString& root) : m_root(root) {}

    // "Denoscope/runs" in the person's documents folder.
    static QString defaultRoot();

    const QString& root() const { return m_root; }
    // A folder that does not exist yet, named after the data and the day.
    QString nextDirectory(const DataFacts& facts, const QDate& day) const;
    // Folders below the root that hold a run, the newest first.
    QStringList runs() const;

private:
    QString m_root;
};

}  // namespace denoscope
