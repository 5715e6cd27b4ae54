// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <optional>

#include "engine/api/Data.h"

namespace denoscope {

// Which part of a source is looked at: a series, an array, a channel. Where all of them can be taken together
// the first entry says so; its name is empty, as DataConfig::part has it. What does not fit is left out in
// the middle, which is nothing where the window is wide enough.
class PartsBox : public QComboBox {
    Q_OBJECT

public:
    explicit PartsBox(QWidget* parent = nullptr);

    void setFacts(const std::optional<DataFacts>& facts);
    QString shownText() const;  // as much as there is room for
    QSize sizeHint() const override;
    std::string partAt(int place) const { return itemData(place).toString().toStdString(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::string m_togetherIn;  // the source that was open with all its parts
};

}  // namespace denoscope
