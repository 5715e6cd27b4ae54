// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/ImportData.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/api/OwnSize.h"
#include "engine/api/ValueScale.h"

namespace denoscope {
namespace {

constexpr const char* unknownFormat = "unknown";

bool isPicture(const std::string& dtype) {
    return packageScale(dtype) != 1;
}

std::string counted(std::int64_t count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

void requireAlike(const DataFacts& now, DataKind kind, const NetworkNeeds& network) {
    const auto refuse = [&](const std::string& what) {
        throw EngineError(what, "--data " + now.source, "choose the data that the network was trained on");
    };
    if (now.kind != kind)
        refuse(fmt::format("holds {}s, the network works on {}s", toText(now.kind), toText(kind)));
    if (now.channels() != network.channels)
        refuse(fmt::format("has {}, the network {}", counted(now.channels(), "channel", "channels"),
                           network.channels));
    if (network.classes > 0 && std::ssize(now.labels) != network.classes)
        refuse(fmt::format("has {}, the network {}", counted(std::ssize(now.labels), "class", "classes"),
                           network.classes));
}

// Nobody can be asked to set data.fit here: the way is taken that suits every item.
Fit fitFor(const DataFacts& now, const DataConfig& data) {
    const Shape size(data.size), smallest = smallestExtents(now);
    const bool same = smallest == size && largestExtents(now) == size;
    if (same || data.fit == Fit::Pad)
        return data.fit;
    const bool tooSmall = !std::ranges::equal(size, smallest, std::ranges::less_equal{});
    return tooSmall && now.kind != DataKind::Image ? Fit::Pad : Fit::Crop;
}

// Whether values that the window was made for look like these. What was trained in Python ran exactly from
// one end of the window to the other, or it was clamped there too.
bool suits(const DataConfig& data, const DataFacts& before, const DataFacts& now) {
    if (!isUnknown(before))
        return (isPicture(now.dtype) && now.dtype == before.dtype) ||
               sameScale(usualRange(before), usualRange(now));
    constexpr double slack = 0.01, least = 0.05;  // shares of the window
    const double width = data.high - data.low, reached = now.max - now.min;
    return isPicture(now.dtype) || (now.min >= data.low - slack * width &&
                                    now.max <= data.high + slack * width && reached >= least * width);
}

void chooseWindow(RunConfig& config, const DataFacts& before, const Dataset& dataset,
                  std::vector<std::string>& notes) {
    const DataFacts& now = dataset.facts();
    DataConfig& data = config.data;
    if (isUnknown(before)) {
        data.low *= packageScale(now.dtype);
        data.high *= packageScale(now.dtype);
    }
    if (suits(data, before, now))
        return;
    const ValueRange trained =
        isUnknown(before) ? ValueRange{data.low, data.high} : ValueRange{before.min, before.max};
    data.low = data.high = 0;
    data = resolve(config, dataset).data;
    notes.push_back(
        fmt::format("The data runs from {:.6g} to {:.6g}, that of the network's training from "
                    "{:.6g} to {:.6g}: the window is {:.6g} to {:.6g} now (data.low, data.high).",
                    now.min, now.max, trained.low, trained.high, data.low, data.high));
}

}  // namespace

DataFacts unknownData(const Shape& shape, const DataConfig& data, int classes, const std::string& note) {
    DataFacts facts;
    facts.format = unknownFormat;
    facts.kind = shape.size() == 2   ? DataKind::Signal
                 : shape.size() == 3 ? DataKind::Image
                                     : DataKind::Volume;
    facts.shape = facts.smallestShape = facts.largestShape = shape;
    facts.dtype = "float32";
    facts.min = facts.percentile005 = data.low;
    facts.max = facts.percentile995 = data.high;
    for (int label = 0; label < classes; ++label)
        facts.labels.push_back(std::to_string(label));
    facts.notes = {note};
    return facts;
}

bool isUnknown(const DataFacts& facts) {
    return facts.format == unknownFormat;
}

double packageScale(const std::string& dtype) {
    return dtype == "uint8" ? 255 : dtype == "uint16" ? 65535 : 1;
}

void takeData(RunConfig& config, DataFacts& facts, const Dataset& dataset, const NetworkNeeds& network,
              std::vector<std::string>& notes) {
    const DataFacts& now = dataset.facts();
    requireAlike(now, facts.kind, network);
    config.data.useLabels = network.classes > 0;
    config.data.fit = fitFor(now, config.data);
    chooseWindow(config, facts, dataset, notes);
    if (!givesPieces(now, config.data.size))
        config.training.batchSize = std::min(config.training.batchSize, std::max<std::int64_t>(1, now.count));
    if (network.classes > 0 && !isUnknown(facts) && now.labels != facts.labels)
        notes.push_back(
            fmt::format("The classes were called {} in training; the data's {} stand for them in this order.",
                        fmt::join(facts.labels, ", "), fmt::join(now.labels, ", ")));
    facts = now;
}

}  // namespace denoscope
