// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/demos/Demos.h"

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/data/ItemCache.h"
#include "engine/data/Statistics.h"

namespace denoscope {
namespace {

constexpr std::uint64_t mostKept = std::uint64_t{64} << 20;  // bytes: items are cheap to make again

class DemoDataset : public Dataset {
public:
    DemoDataset(Demo demo, std::uint64_t cacheBytes)
        : m_make(demo.make), m_cache(std::min(cacheBytes, mostKept)) {
        m_facts = std::move(demo.facts);
        m_facts.format = "built-in";
        m_facts.smallestShape = m_facts.largestShape = m_facts.shape;
        measure(*this, m_facts, 1'000'000);  // what they are is known; a glance will do
    }

    Item read(std::int64_t index) const override {
        ArrayPtr array = m_cache.find(index);
        if (!array) {
            array = std::make_shared<const Array>(m_make(index));
            m_cache.keep(index, array);
        }
        return {std::move(array), labelOf(index), "item " + std::to_string(index), m_facts.geometry};
    }

    int labelOf(std::int64_t index) const override {
        return static_cast<int>(index % static_cast<std::int64_t>(m_facts.labels.size()));
    }

private:
    Array (*m_make)(std::int64_t);
    ItemCache m_cache;
};

}  // namespace

std::shared_ptr<const Dataset> openDemo(const std::string& source, std::uint64_t cacheBytes) {
    for (const auto& describe : {beatsDemo, shapesDemo, headsDemo}) {
        Demo demo = describe();
        if (demo.facts.source == source)
            return std::make_shared<DemoDataset>(std::move(demo), cacheBytes);
    }
    throw EngineError("there is no built-in set of that name", source,
                      "the built-in sets are demo:beats, demo:shapes and demo:heads");
}

}  // namespace denoscope
