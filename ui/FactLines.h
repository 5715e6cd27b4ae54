// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <utility>

#include "engine/api/Data.h"

namespace denoscope {

// The facts of a data source as lines "what: how much", in the order a person asks for them.
QList<std::pair<QString, QString>> factLines(const DataFacts& facts);

// "shapes", "digits.npy": how the source is called in titles.
QString titleOf(const DataFacts& facts);

// "512 samples", "640 × 480 pixels", "512 × 512 × 120 voxels": of an item's shape (C, ...), the width first.
QString sizeText(const Shape& shape);

// "1.2 GB"
QString byteText(std::int64_t bytes);
// "7.75 M"
QString countText(std::int64_t count);
// "7,750,123"
QString exactText(double count);
// "1.2 GMAC", multiply-accumulates
QString macText(double macs);
// "1 h 12 min", "4 min 10 s", "12 s"
QString durationText(double seconds);

}  // namespace denoscope
