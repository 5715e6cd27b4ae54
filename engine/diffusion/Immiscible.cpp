// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/Immiscible.h"

#include <ATen/ATen.h>

#include <limits>

namespace denoscope {
namespace {

// One matching in the making, with prices that keep cost - rowPrice - columnPrice >= 0 and 0 where matched.
class Matching {
public:
    explicit Matching(const std::vector<std::vector<double>>& costs)
        : m_costs(costs),
          m_size(costs.size()),
          m_rowPrice(m_size, 0),
          m_columnPrice(m_size, 0),
          m_rowOf(m_size, none) {}

    // Matches one more row along the cheapest path that ends in a free column.
    void add(std::size_t row) {
        constexpr double infinite = std::numeric_limits<double>::infinity();
        std::vector<double> distance(m_size, infinite);
        std::vector<std::size_t> cameFrom(m_size, none);  // the column before on the path
        std::vector<bool> done(m_size, false);
        std::size_t column = none;
        double reached = 0;
        for (std::size_t from = row; from != none; from = m_rowOf[column]) {
            std::size_t nearest = none;
            for (std::size_t c = 0; c < m_size; ++c) {
                if (done[c])
                    continue;
                const double through = reached + m_costs[from][c] - m_rowPrice[from] - m_columnPrice[c];
                if (through < distance[c]) {
                    distance[c] = through;
                    cameFrom[c] = column;
                }
                if (nearest == none || distance[c] < distance[nearest])
                    nearest = c;
            }
            column = nearest;
            reached = distance[column];
            done[column] = true;
        }
        m_rowPrice[row] += reached;
        for (std::size_t c = 0; c < m_size; ++c)
            if (done[c] && c != column) {
                m_rowPrice[m_rowOf[c]] += reached - distance[c];
                m_columnPrice[c] -= reached - distance[c];
            }
        while (cameFrom[column] != none) {
            m_rowOf[column] = m_rowOf[cameFrom[column]];
            column = cameFrom[column];
        }
        m_rowOf[column] = row;
    }

    std::vector<std::int64_t> columns() const {
        std::vector<std::int64_t> result(m_size);
        for (std::size_t c = 0; c < m_size; ++c)
            result[m_rowOf[c]] = static_cast<std::int64_t>(c);
        return result;
    }

private:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
    const std::vector<std::vector<double>>& m_costs;
    std::size_t m_size;
    std::vector<double> m_rowPrice, m_columnPrice;
    std::vector<std::size_t> m_rowOf;  // of each column
};

}  // namespace

std::vector<std::int64_t> assign(const std::vector<std::vector<double>>& costs) {
    Matching matching(costs);
    for (std::size_t row = 0; row < costs.size(); ++row)
        matching.add(row);
    return matching.columns();
}

at::Tensor nearestNoise(const at::Tensor& clean, const at::Tensor& noise) {
    const at::Tensor distances = at::cdist(clean.flatten(1), noise.flatten(1)).to(at::kDouble).contiguous();
    const std::int64_t count = clean.size(0);
    std::vector<std::vector<double>> costs;
    for (std::int64_t row = 0; row < count; ++row) {
        const double* first = distances.data_ptr<double>() + row * count;
        costs.emplace_back(first, first + count);
    }
    return noise.index_select(0, at::tensor(assign(costs), at::kLong));
}

}  // namespace denoscope
