// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Preferences.h"

#include <QFileInfo>

namespace denoscope {

namespace {

constexpr qsizetype maxRecent = 8;

}  // namespace

QStringList Preferences::recent(const QString& key) const {
    QStringList entries = m_settings.value(key).toStringList();
    entries.removeIf(
        [](const QString& entry) { return !entry.startsWith("demo:") && !QFileInfo::exists(entry); });
    return entries;
}

void Preferences::addRecent(const QString& key, const QString& entry) {
    QStringList entries = m_settings.value(key).toStringList();
    entries.removeAll(entry);
    entries.prepend(entry);
    m_settings.setValue(key, QStringList(entries.mid(0, maxRecent)));
}

}  // namespace denoscope
