// SPDX-License-Identifier: GPL-3.0-or-later
// What the UI says to the engine (Command) and what the engine says back: Event (ordered, never lost),
// MetricRow (batched), Snapshot (latest wins). All are whole, immutable values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/api/Config.h"
#include "engine/api/Data.h"
#include "engine/api/Error.h"
#include "engine/api/Forecast.h"
#include "engine/api/RunState.h"

namespace denoscope {

// ---- UI -> engine ---------------------------------------------------------------------------------------

struct OpenData {  // look at data; runs beside training, the latest request wins
    DataConfig data;
    std::int64_t previewSeed = 0;  // another seed shows other items
};
struct StartTraining {  // a new run; fails when the folder already holds one
    RunConfig config;
    std::string runDirectory;
};
struct OpenRun {  // reads its last checkpoint and its history
    std::string runDirectory;
};
struct ContinueTraining {  // from Ready or Paused; raises the step count where given
    std::optional<std::int64_t> steps;
};
struct Pause {};
struct Stop {};      // of training (a checkpoint is written) or of sampling
struct Inpainting {  // a part that every sample shall agree with
    Item known;
    ArrayPtr mask;  // of the item's shape, or of one channel: 1 where it is known, 0 where it is to be drawn
    std::int64_t jump = 10, resamples = 10;  // steps taken back at once, and how often each stretch is walked
};
struct Sample {
    SamplingConfig sampling;
    std::optional<Inpainting> inpainting = std::nullopt;
};
struct SaveRun {};   // a checkpoint now
struct ChangeLive {  // the settings marked Applies::Live are taken over, all others ignored
    RunConfig config;
};
using Command = std::variant<OpenData, StartTraining, OpenRun, ContinueTraining, Pause, Stop, Sample, SaveRun,
                             ChangeLive>;
CommandKind kindOf(const Command& command);

// ---- engine -> UI ---------------------------------------------------------------------------------------

struct MetricRow {          // one optimiser step; also a line of metrics.jsonl
    std::int64_t step = 0;  // 1-based: after this many steps
    double loss = 0;        // weighted EDM loss, mean over the step's items
    double learningRate = 0;
    double gradientNorm = 0;
    double seconds = 0;        // of the whole step
    double waitedForData = 0;  // seconds of it

    bool operator==(const MetricRow&) const = default;
};

struct StateChanged {
    RunState state;
};
struct DataOpened {
    DataConfig data;
    DataFacts facts;
    RunConfig recommended;
    std::vector<Item> preview;  // up to 64 items (1 volume), as stored
};
struct DataFailed {  // the answer to OpenData when it could not be opened
    DataConfig data;
    Error error;
};
struct RunOpened {  // after StartTraining or OpenRun
    std::string runDirectory;
    RunConfig config;  // resolved
    DataFacts facts;
    std::int64_t step = 0;
    std::vector<MetricRow> history;
};
struct CheckpointSaved {
    std::int64_t step = 0;
    std::string path;
};
struct DenoisingFrame {  // one step of a Sample request, of its first items (at most 16, fewer where they are
                         // large)
    std::int64_t request = 0;  // counts Sample commands
    int index = 0, total = 0;  // total = steps + 1; frame 0 is pure noise, the last one (sigma 0) the result
    double sigma = 0;          // noise level of `noisy`
    std::vector<Item> noisy;   // x at sigma, scaled to the data's spread, in data units
    std::vector<Item> denoised;  // the network's estimate of the clean item, in data units
};
struct SamplesReady {
    std::int64_t request = 0;
    SamplingConfig sampling;
    std::vector<Item> items;
    double seconds = 0;
};
enum class Outcome { Completed, Stopped };
// Every training and every Sample ends in exactly one Finished or Failed. For a training `command` is what
// began or last continued it: StartTraining or ContinueTraining.
struct Finished {
    CommandKind command;
    Outcome outcome = Outcome::Completed;
    std::int64_t step = 0;
};
struct Failed {
    CommandKind command;
    Error error;
};
struct LogLine {
    enum class Level { Info, Warning, Error } level = Level::Info;
    std::string text;
};
using Event = std::variant<StateChanged, DataOpened, DataFailed, RunOpened, CheckpointSaved, DenoisingFrame,
                           SamplesReady, Finished, Failed, LogLine>;

struct PreviewGrid {  // drawn from fixed seeds during training
    std::int64_t step = 0;
    std::vector<Item> items;
};
struct TrainStatus {
    std::int64_t step = 0, steps = 0;
    double itemsPerSecond = 0;
    double secondsLeft = 0;        // < 0: not known yet
    double previewShare = 0;       // 0..1 of the time spent on previews
    std::int64_t memoryBytes = 0;  // resident
};
struct SampleProgress {  // of a Sample request, over all its items
    std::int64_t request = 0;
    std::int64_t done = 0, total = 0;  // sampler steps
};
struct Snapshots {  // what changed since the last drain
    std::optional<PreviewGrid> preview;
    std::optional<TrainStatus> status;
    std::optional<SampleProgress> sampling;
};

struct Drained {
    std::vector<Event> events;
    std::vector<MetricRow> metrics;
    Snapshots latest;
};

}  // namespace denoscope
