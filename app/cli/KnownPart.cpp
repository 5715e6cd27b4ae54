// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/KnownPart.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/cli/ConfigSource.h"
#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/api/OwnSize.h"
#include "engine/data/Dataset.h"
#include "engine/session/ImportData.h"

namespace denoscope {
namespace {

Shape withChannels(std::int64_t channels, const Shape& size) {
    Shape shape{channels};
    shape.insert(shape.end(), size.begin(), size.end());
    return shape;
}

Shape withoutOnes(Shape shape) {
    std::erase(shape, 1);
    return shape;
}

// An array that has no axes for items and channels is read as a set of a lower rank ((H, W) as H signals):
// all of it together is the item then. Nothing where it is not of that shape.
ArrayPtr wholeSet(const Dataset& set, const Shape& shape) {
    Shape all = set.facts().shape;
    all.insert(all.begin(), set.size());
    if (set.facts().mixedShapes || withoutOnes(all) != withoutOnes(shape))
        return nullptr;
    Array array{shape, {}};
    for (std::int64_t index = 0; index < set.size(); ++index) {
        const ArrayPtr part = set.read(index).array;
        array.values.insert(array.values.end(), part->values.begin(), part->values.end());
    }
    return std::make_shared<const Array>(std::move(array));
}

struct Opened {
    std::shared_ptr<const Dataset> set;
    Item item;
};

std::shared_ptr<const Dataset> openBeside(const std::string& path, const RunOpened& run) {
    DataConfig data;
    data.source = absoluteSource(path);
    data.cacheMiB = run.config.data.cacheMiB;
    return openDataset(data);
}

// oneSuffices: a single channel stands for all.
Opened firstItem(const std::string& path, const char* option, const RunOpened& run, bool oneSuffices) {
    const auto set = openBeside(path, run);
    const DataFacts& facts = set->facts();
    const Shape size = run.config.data.size;
    const int channels = run.facts.channels();
    const bool suits = facts.kind == run.facts.kind &&
                       (facts.channels() == channels || (oneSuffices && facts.channels() == 1));
    if (!suits)
        for (const std::int64_t count : {std::int64_t{channels}, std::int64_t{1}})
            if (count == channels || oneSuffices)
                if (const ArrayPtr whole = wholeSet(*set, withChannels(count, size)))
                    return {set, {whole, -1, path, {}}};
    const std::string where = fmt::format("{} {}", option, path);
    if (facts.kind != run.facts.kind)
        throw EngineError(
            fmt::format("is {} {}, the run draws {}s", facts.kind == DataKind::Image ? "an" : "a",
                        toText(facts.kind), toText(run.facts.kind)),
            where, "give a file of the run's kind");
    if (!suits)
        throw EngineError(
            fmt::format("has {}, the run draws {}", counted(facts.channels(), "channel"), channels), where,
            oneSuffices ? "give a mask of one channel" : "give a file with as many");
    const Item whole = set->read(0);
    if (spatialExtents(whole.array->shape) == size)
        return {set, whole};
    if (facts.kind != DataKind::Image)
        throw EngineError(fmt::format("is {}, the run draws {}", toText(whole.array->shape),
                                      toText(withChannels(channels, size))),
                          where, "cut or fill it to that size");
    return {set, set->draw(0, size, run.config.data.fit == Fit::Pad ? Fit::Pad : Fit::Crop, 0)};
}

// What pictures are to be multiplied by to have the run's values; 1 for everything measured.
double scaleOf(const DataFacts& facts, const RunOpened& run) {
    const double given = packageScale(facts.dtype), trained = packageScale(run.facts.dtype);
    const double high = run.config.data.high;
    const bool unit = isUnknown(run.facts) || (trained == 1 && high == 1);
    return given == 1 ? 1 : unit ? high / given : trained == 1 ? 1 : trained / given;
}

void toTheRunsValues(Opened& known, const std::string& where, const RunOpened& run) {
    Array array = *known.item.array;
    const double scale = scaleOf(known.set->facts(), run);
    for (float& value : array.values)
        value = static_cast<float>(value * scale);
    const auto [low, high] = std::ranges::minmax(array.values);
    const DataConfig& data = run.config.data;
    const double slack = 0.01 * (data.high - data.low);
    if (isUnknown(run.facts) && (low < data.low - slack || high > data.high + slack))
        throw EngineError(
            fmt::format("its values run from {:.6g} to {:.6g}, those of the run from {:.6g} to {:.6g}", low,
                        high, data.low, data.high),
            where, "scale them as in the training in Python, or import the weights with --data");
    known.item.array = std::make_shared<const Array>(std::move(array));
}

std::shared_ptr<const Dataset> ownData(const RunOpened& run) {
    if (isUnknown(run.facts))
        throw EngineError("the run was imported without its data, so there are no items to name", "--between",
                          "give two files");
    return openDataset(run.config.data);
}

// The N of "item:N".
std::int64_t numberIn(const std::string& name, const Dataset& set) {
    const char *start = name.data() + name.find(':') + 1, *end = name.data() + name.size();
    std::int64_t number = -1;
    const auto [parsed, error] = std::from_chars(start, end, number);
    if (error != std::errc{} || parsed != end || number < 0 || number >= set.size())
        throw EngineError("there is no such item in the run's data", "--between " + name,
                          fmt::format("write item:0 to item:{}, or a path", set.size() - 1));
    return number;
}

}  // namespace

Inpainting knownPart(const std::string& known, const std::string& mask, const RunOpened& run) {
    Opened item = firstItem(known, "--known", run, false);
    toTheRunsValues(item, "--known " + known, run);
    Array where = *firstItem(mask, "--mask", run, true).item.array;
    for (float& value : where.values)
        value = value != 0 ? 1.F : 0.F;
    return {item.item, std::make_shared<const Array>(std::move(where))};
}

Interpolation wayBetween(const std::vector<std::string>& ends, double sigma, const RunOpened& run) {
    Interpolation way;
    way.sigma = sigma;
    std::shared_ptr<const Dataset> own;
    for (const auto& [name, item] : {std::pair(ends.at(0), &way.from), std::pair(ends.at(1), &way.to)}) {
        if (!name.starts_with("item:")) {
            Opened opened = firstItem(name, "--between", run, false);
            toTheRunsValues(opened, "--between " + name, run);
            *item = opened.item;
            item->label = -1;  // its class is one of another set
            continue;
        }
        if (!own)
            own = ownData(run);
        *item = own->draw(numberIn(name, *own), run.config.data.size, run.config.data.fit, 0);
    }
    return way;
}

}  // namespace denoscope
