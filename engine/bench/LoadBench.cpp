// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/bench/LoadBench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/api/Error.h"
#include "engine/api/Settings.h"
#include "engine/core/Random.h"
#include "engine/data/export/ImageWriter.h"
#include "engine/data/export/NiftiWriter.h"
#include "engine/data/export/WavWriter.h"
#include "engine/train/Trainer.h"

namespace denoscope {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "denoscope-load-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
            throw WorkFailed(std::string("cannot be made: ") + std::strerror(errno), name, "free some space");
        m_path = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;  // nobody is left who could mend it
        fs::remove_all(m_path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

// Waves with grain, from -1 to 1: they compress as real recordings and pictures do.
Array madeArray(const Shape& shape, std::uint64_t number) {
    Array array{shape, std::vector<float>(static_cast<std::size_t>(elementCount(shape)))};
    const double step = 0.01 + 0.003 * static_cast<double>(number);
    for (std::size_t i = 0; i < array.values.size(); ++i)
        array.values[i] = static_cast<float>(0.8 * std::sin(step * static_cast<double>(i)) +
                                             0.2 * (2 * unitOf(mix64(number << 32 ^ i)) - 1));
    return array;
}

void writeItem(const LoadCase& of, std::uint64_t number, const fs::path& path) {
    const Array array = madeArray(of.shape, number);
    switch (of.kind) {
        case DataKind::Signal:
            return writeWav(array, usualRate, path.string());
        case DataKind::Image:
            return writePng(array, {8, -1, 1}, path.string());
        case DataKind::Volume: {
            const Item item{std::make_shared<const Array>(array), -1, "", {}};
            NiftiContent content;
            content.items.item = [&](std::int64_t) { return item; };
            return writeNifti(content, path.string());
        }
    }
}

// A few different files, and copies of them: only their bytes matter.
void makeFiles(const LoadCase& of, const fs::path& folder) {
    const std::int64_t originals = of.kind == DataKind::Volume ? 4 : 64;
    const auto nameOf = [&](std::int64_t i) { return folder / fmt::format("{:05}.{}", i, of.name); };
    for (std::int64_t i = 0; i < of.files; ++i)
        if (i < originals)
            writeItem(of, static_cast<std::uint64_t>(i), nameOf(i));
        else
            fs::copy_file(nameOf(i % originals), nameOf(i));
}

double loadedPerSecond(const std::shared_ptr<const Dataset>& dataset, const RunConfig& config, int batches) {
    BatchLoader loader(dataset, config, 0);
    loader.next();
    const auto start = Clock::now();
    for (int i = 0; i < batches; ++i)
        loader.next();
    return static_cast<double>(batches * config.training.batchSize) / secondsSince(start);
}

void train(const std::shared_ptr<const Dataset>& dataset, const RunConfig& config, LoadResult& result) {
    TrainState state(config, dataset->facts());
    Trainer trainer(state, config, dataset);
    const auto never = [] { return false; };
    result.firstWait = trainer.step(never)->waitedForData;
    double seconds = 0, waited = 0;
    for (std::int64_t i = 0; i < result.steps; ++i) {
        const MetricRow row = trainer.step(never).value();
        seconds += row.seconds;
        waited += row.waitedForData;
        result.longestWait = std::max(result.longestWait, row.waitedForData);
    }
    result.secondsPerStep = seconds / static_cast<double>(result.steps);
    result.waitedShare = waited / seconds;
    result.trainedPerSecond = static_cast<double>(result.steps * result.batch) / seconds;
}

}  // namespace

std::vector<LoadCase> loadCasesNamed(const std::string& dimension) {
    std::vector<LoadCase> cases{{"wav", DataKind::Signal, 10000, {1, usualRate}},
                                {"png", DataKind::Image, 10000, {3, 128, 128}},
                                {"nii", DataKind::Volume, 64, {1, 256, 256, 256}}};
    std::erase_if(cases, [&](const LoadCase& one) {
        return dimension != "all" && dimension != fmt::format("{}d", one.shape.size() - 1);
    });
    return cases;
}

LoadResult runLoad(const LoadCase& of, int steps) {
    const TemporaryFolder folder;
    try {
        makeFiles(of, folder.path());
    } catch (const fs::filesystem_error& error) {
        throw WorkFailed(error.code().message(), folder.path().string(), "free some space");
    }
    LoadResult result;
    result.name = of.name;
    result.files = of.files;
    result.steps = steps;
    DataConfig data;
    data.source = folder.path().string();
    const auto start = Clock::now();
    const std::shared_ptr<const Dataset> dataset = openDataset(data);
    result.opening = secondsSince(start);
    RunConfig config = recommend(dataset->facts());
    config.data.source = data.source;
    config = resolve(config, *dataset);
    result.batch = config.training.batchSize;
    train(dataset, config, result);
    result.loadedPerSecond = loadedPerSecond(dataset, config, steps);
    return result;
}

std::string loadHead() {
    return fmt::format("{:>6} {:>7} {:>6} {:>9} {:>11} {:>10} {:>8} {:>11} {:>10} {:>10}\n", "files", "",
                       "batch", "open s", "1st wait s", "step ms", "waited", "longest ms", "items/s",
                       "loader/s");
}

std::string loadRow(const LoadResult& r) {
    return fmt::format(
        "{:>6} {:>7} {:>6} {:>9.2f} {:>11.2f} {:>10.1f} {:>7.2f}% {:>11.1f} {:>10.1f} {:>10.1f}\n", r.name,
        r.files, r.batch, r.opening, r.firstWait, 1e3 * r.secondsPerStep, 100 * r.waitedShare,
        1e3 * r.longestWait, r.trainedPerSecond, r.loadedPerSecond);
}

std::string loadJson(const LoadResult& r) {
    return nlohmann::ordered_json{{"load", r.name},
                                  {"files", r.files},
                                  {"batch", r.batch},
                                  {"steps", r.steps},
                                  {"open_s", r.opening},
                                  {"first_wait_s", r.firstWait},
                                  {"step_ms", 1e3 * r.secondsPerStep},
                                  {"waited_share", r.waitedShare},
                                  {"longest_wait_ms", 1e3 * r.longestWait},
                                  {"items_per_s", r.trainedPerSecond},
                                  {"loader_items_per_s", r.loadedPerSecond}}
        .dump();
}

}  // namespace denoscope
