// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/RunsFolder.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

namespace denoscope {

namespace {

QString nameOf(const DataFacts& facts) {
    const QString source = QString::fromStdString(facts.source);
    QString name = source.startsWith("demo:") ? source.mid(5) : QFileInfo(QDir::cleanPath(source)).baseName();
    name.replace(QRegularExpression("[^A-Za-z0-9]+"), "-");
    name = name.mid(0, 40).toLower();
    return name.isEmpty() || name == "-" ? QStringLiteral("run") : name;
}

}  // namespace

QString RunsFolder::defaultRoot() {
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return QDir(documents.isEmpty() ? QDir::homePath() : documents).filePath("Denoscope/runs");
}

QString RunsFolder::nextDirectory(const DataFacts& facts, const QDate& day) const {
    const QDir root(m_root);
    const QString base = nameOf(facts) + "-" + day.toString(Qt::ISODate);
    QString name = base;
    for (int n = 2; root.exists(name); ++n)
        name = base + "-" + QString::number(n);
    return root.absoluteFilePath(name);
}

QStringList RunsFolder::runs() const {
    QStringList found;
    const QDir root(m_root);
    for (const QString& name : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Time))
        if (root.exists(name + "/run.json"))
            found << root.absoluteFilePath(name);
    return found;
}

}  // namespace denoscope
