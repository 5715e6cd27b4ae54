// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSettings>
#include <QStringList>

namespace denoscope {

// What the window remembers between sessions, in the QSettings it is given (which must outlive it).
class Preferences {
public:
    explicit Preferences(QSettings& settings) : m_settings(settings) {}

    QStringList recentData() const { return recent("recent/data"); }
    QStringList recentRuns() const { return recent("recent/runs"); }
    void addRecentData(const QString& source) { addRecent("recent/data", source); }
    void addRecentRun(const QString& directory) { addRecent("recent/runs", directory); }

    QString theme() const { return m_settings.value("view/theme", "system").toString(); }
    void setTheme(const QString& theme) { m_settings.setValue("view/theme", theme); }

    // Empty: the default place.
    QString runsRoot() const { return m_settings.value("runs/root").toString(); }
    void setRunsRoot(const QString& directory) { m_settings.setValue("runs/root", directory); }

    // Small state of panels: folds, toggles, splitters.
    QVariant value(const QString& key, const QVariant& fallback) const {
        return m_settings.value("panel/" + key, fallback);
    }
    void setValue(const QString& key, const QVariant& value) { m_settings.setValue("panel/" + key, value); }

    QSettings& settings() { return m_settings; }

private:
    QStringList recent(const QString& key) const;  // the newest first; what no longer exists is left out
    void addRecent(const QString& key, const QString& entry);

    QSettings& m_settings;
};

}  // namespace denoscope
