// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <unordered_map>

#include "ui/ItemPictures.h"
#include "ui/ItemStore.h"
#include "widgets/ImageGrid.h"

namespace denoscope {

// All items of the open data as thumbnails, of which only those in sight are read and drawn.
class StoredGrid : public ImageGrid {
    Q_OBJECT

public:
    StoredGrid(RunModel& model, ItemStore& store, QWidget* parent = nullptr);

    void setOrder(std::vector<std::int64_t> order);
    void setRange(ValueRange range);
    void showIndex(std::int64_t index);  // selects it

Q_SIGNALS:
    void indexSelected(std::int64_t index);
    void indexActivated(std::int64_t index);

protected:
    void showEvent(QShowEvent* event) override;

private:
    std::int64_t at(int place) const { return m_order[static_cast<std::size_t>(place)]; }
    GridImage imageOf(int place);
    void supplyAll();
    void wantVisible();

    RunModel& m_model;
    ItemStore& m_store;
    std::vector<std::int64_t> m_order;
    ValueRange m_range{0, 1};
    std::unordered_map<std::int64_t, QImage> m_drawn;
};

}  // namespace denoscope
