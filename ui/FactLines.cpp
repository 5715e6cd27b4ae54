// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/FactLines.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <cmath>

#include "engine/api/FiniteValues.h"

namespace denoscope {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("FactLines", text);
}

QString number(double value) {
    return QString::number(value, 'g', 5);
}

// "640 × 480"
QString extentsText(const Shape& shape) {
    if (shape.size() == 2)
        return exactText(static_cast<double>(shape[1]));
    QStringList extents;
    for (std::size_t axis = shape.size(); axis-- > 1;)
        extents << QString::number(shape[axis]);
    return extents.join(QStringLiteral(" × "));
}

}  // namespace

QString sizeText(const Shape& shape) {
    const char* unit = shape.size() == 2   ? "%1 samples"
                       : shape.size() == 3 ? "%1 pixels"
                       : shape.size() == 4 ? "%1 voxels"
                                           : "%1";
    return tr(unit).arg(extentsText(shape));
}

QString titleOf(const DataFacts& facts) {
    const QString source = QString::fromStdString(facts.source);
    if (source == "demo:beats")
        return tr("Beats and chirps");
    if (source == "demo:shapes")
        return tr("Shapes");
    if (source == "demo:heads")
        return tr("Head phantoms");
    return QFileInfo(QDir::cleanPath(source)).fileName();
}

QList<std::pair<QString, QString>> factLines(const DataFacts& facts) {
    QList<std::pair<QString, QString>> lines;
    const bool known = facts.count > 0;  // weights that were imported may come without their data
    lines << std::pair(tr("Items"), known ? exactText(static_cast<double>(facts.count)) : tr("unknown"));
    lines << std::pair(
        facts.kind == DataKind::Signal ? tr("Length") : tr("Size"),
        facts.mixedShapes ? tr("%1 to %2").arg(extentsText(facts.smallestShape), sizeText(facts.largestShape))
                          : sizeText(facts.shape));
    lines << std::pair(tr("Channels"), QString::number(facts.channels()));
    lines << std::pair(tr("Stored as"), QString::fromStdString(facts.dtype));
    if (facts.kind == DataKind::Signal && facts.geometry.sampleRate > 0)
        lines << std::pair(tr("Sample rate"), tr("%1 Hz").arg(number(facts.geometry.sampleRate)));
    if (facts.kind == DataKind::Volume)
        lines << std::pair(tr("Spacing"),
                           tr("%1 × %2 × %3 mm")
                               .arg(number(facts.geometry.spacing[0]), number(facts.geometry.spacing[1]),
                                    number(facts.geometry.spacing[2])));
    else if (facts.kind == DataKind::Image && facts.geometry != Geometry{})
        lines << std::pair(
            tr("Spacing"),
            tr("%1 × %2 mm").arg(number(facts.geometry.spacing[0]), number(facts.geometry.spacing[1])));
    const bool measured = hasFiniteValues(facts);
    lines << std::pair(tr("Values"), measured ? tr("%1 to %2").arg(number(facts.min), number(facts.max))
                                              : tr("none is finite"));
    if (known && measured)
        lines << std::pair(tr("Mean ± sd"), QStringLiteral("%1 ± %2").arg(number(facts.mean),
                                                                          number(facts.standardDeviation)) +
                                                (facts.statisticsSampled ? tr(" (of a sample)") : QString()));
    if (!facts.labels.empty()) {
        QStringList names;
        for (const std::string& label : facts.labels)
            names << QString::fromStdString(label);
        const QString shown =
            QStringList(names.mid(0, 6)).join(", ") + (names.size() > 6 ? QStringLiteral(" …") : QString());
        lines << std::pair(tr("Classes"), QStringLiteral("%1: %2").arg(names.size()).arg(shown));
    }
    return lines;
}

QString byteText(std::int64_t bytes) {
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeTraditionalFormat);
}

QString countText(std::int64_t count) {
    if (count < 10'000)
        return QString::number(count);
    const bool millions = count >= 1'000'000;
    return QString::number(static_cast<double>(count) / (millions ? 1e6 : 1e3), 'f', millions ? 2 : 0) +
           (millions ? " M" : " k");
}

QString exactText(double count) {
    QLocale grouped(QLocale::English, QLocale::UnitedStates);
    return grouped.toString(count, 'f', 0);
}

QString macText(double macs) {
    const auto [unit, name] = macs >= 1e12  ? std::pair(1e12, "TMAC")
                              : macs >= 1e9 ? std::pair(1e9, "GMAC")
                              : macs >= 1e6 ? std::pair(1e6, "MMAC")
                                            : std::pair(1e3, "kMAC");
    const double count = macs / unit;
    return QString::number(count, 'f', count < 9.95 ? 1 : 0) + " " + name;
}

QString durationText(double seconds) {
    const auto whole = static_cast<qlonglong>(std::llround(seconds));
    if (whole >= 3600)
        return tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
    if (whole >= 60)
        return tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return tr("%1 s").arg(whole);
}

}  // namespace denoscope
