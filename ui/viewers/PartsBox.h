// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "engine/api/Data.h"
#include "widgets/ElidedBox.h"

namespace denoscope {

// Which part of a source is looked at: a series, an array, a channel. Where all of them can be taken together
// the first entry says so; its name is empty, as DataConfig::part has it.
class PartsBox : public ElidedBox {
    Q_OBJECT

public:
    explicit PartsBox(QWidget* parent = nullptr);

    void setFacts(const std::optional<DataFacts>& facts);
    std::string partAt(int place) const { return itemData(place).toString().toStdString(); }

private:
    std::string m_togetherIn;  // the source that was open with all its parts
};

}  // namespace denoscope
