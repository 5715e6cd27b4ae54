// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/ItemOrder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace denoscope {

std::vector<std::int64_t> orderedItems(std::int64_t count, const ItemsIndexed* index, SortBy sortBy,
                                       int label) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(std::max<std::int64_t>(0, count)));
    std::iota(order.begin(), order.end(), 0);
    if (index == nullptr || index->labels.size() != order.size())
        return order;
    const auto labelOf = [index](std::int64_t item) { return index->labels[static_cast<std::size_t>(item)]; };
    if (label != everyLabel)
        std::erase_if(order, [&](std::int64_t item) { return labelOf(item) != label; });
    if (sortBy == SortBy::Label)
        std::ranges::stable_sort(order, {}, labelOf);
    if (sortBy == SortBy::Mean && index->means.size() == index->labels.size())
        std::ranges::stable_sort(order, {}, [index](std::int64_t item) {
            const double mean = index->means[static_cast<std::size_t>(item)];
            return std::isnan(mean) ? std::numeric_limits<double>::infinity() : mean;
        });
    return order;
}

}  // namespace denoscope
