// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "ui/ItemPictures.h"

class QLabel;

namespace denoscope {

class ImageView;

// One image at full size, with its real values under the mouse and what is known of them below.
class ImageViewer : public QWidget {
    Q_OBJECT

public:
    explicit ImageViewer(QWidget* parent = nullptr);

    // Shows the first one.
    void setItems(const std::vector<Item>& items, const DataFacts& facts, ChosenRange chosen);

    ImageView& view() { return *m_view; }
    QString description() const;

private:
    ImageView* m_view = nullptr;
    QLabel* m_description = nullptr;
};

}  // namespace denoscope
