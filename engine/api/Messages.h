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
    std::string data = {};  // where the run's data lies now; empty: where it lay
};
struct Pause {};
struct Stop {};  // of training (a checkpoint is written) or of sampling
// A part that every sample shall agree with. RePaint walks the request's levels back and forth in ancestral
// steps: eta and learned variance as with sampling.sampler = ancestral, deterministic with ddim; what the
// other samplers add (their eta, order, churn) has no part in it.
struct Inpainting {
    Item known;
    ArrayPtr mask;  // of the item's shape, or of one channel: 1 where it is known, 0 where it is to be drawn
    std::int64_t jump = 10, resamples = 10;  // steps taken back at once, and how often each stretch is walked
};
// The way from one item to another: both with the same noise of one level, mixed in equal shares from the
// first to the second, and denoised from there (arXiv:2006.11239 section 4.3). sampling.count items, both
// ends among them; one alone lies in the middle. Their class is sampling.label, else that of the two where
// they agree.
struct Interpolation {
    Item from, to;
    // Of the mapped data, within what the process knows: the higher, the freer the way. At twice the spread
    // of the data only the large features remain.
    double sigma = 1;
};
struct Sample {
    SamplingConfig sampling;
    std::optional<Inpainting> inpainting = std::nullopt;  // not together with an interpolation
    std::optional<Interpolation> interpolation = std::nullopt;
};
struct SaveRun {};   // a checkpoint now
struct ChangeLive {  // the settings marked Applies::Live are taken over, all others ignored
    RunConfig config;
};

// Looking at the data that is open. A request for other data is out of date and gets no answer.
bool opensTheSame(const DataConfig& one, const DataConfig& other);  // the same items, whatever their fit
enum class Look { Whole, Compared, Thumbnails };
struct ReadItems {  // for each kind of look the latest request wins; answered by ItemsRead, in parts
    DataConfig data;
    Look look = Look::Whole;
    std::vector<std::int64_t> indices;
    // Thumbnails: images are reduced to this longest side, of volumes the middle slice is read.
    std::int64_t longestSide = 160;
};
struct IndexItems {  // the class of every item, then (where asked) the mean of its values; the latest wins
    DataConfig data;
    bool means = false;
};
struct PrepareItem {  // an item as the network would see it; the latest request wins
    RunConfig config;
    std::int64_t index = 0;
    double sigma = 0;            // of the noise, in network values
    std::int64_t noiseSeed = 1;  // of the noise and of where a random piece lies
};
struct ReadBeside {  // the first item of other data, to hold against what is open; the latest request wins
    DataConfig data;
};
using Command = std::variant<OpenData, StartTraining, OpenRun, ContinueTraining, Pause, Stop, Sample, SaveRun,
                             ChangeLive, ReadItems, IndexItems, PrepareItem, ReadBeside>;
CommandKind kindOf(const Command& command);

// ---- engine -> UI ---------------------------------------------------------------------------------------

struct MetricRow {          // one optimiser step; also a line of metrics.jsonl
    std::int64_t step = 0;  // 1-based: after this many steps
    double loss = 0;        // weighted EDM loss, mean over the step's items
    double learningRate = 0;
    double gradientNorm = 0;
    double seconds = 0;           // of the whole step
    double waitedForData = 0;     // seconds of it
    std::int64_t microBatch = 0;  // items computed at once where the batch was taken in pieces; else 0

    bool operator==(const MetricRow&) const = default;
};

struct StateChanged {
    RunState state;
};
struct DataOpened {
    DataConfig data;
    DataFacts facts;
    RunConfig recommended;
    std::vector<Item> preview;                 // up to 64 items (1 volume), as stored
    std::vector<std::int64_t> previewIndices;  // which items they are
};
struct DataFailed {  // the answer to OpenData when it could not be opened
    DataConfig data;
    Error error;
};
struct ItemRead {
    std::int64_t index = 0;
    Item item;    // as stored; without an array where it could not be read
    Error error;  // then says why
};
struct ItemsRead {
    DataConfig data;
    Look look = Look::Whole;
    std::vector<ItemRead> items;
};
struct ItemsIndexed {
    DataConfig data;
    std::vector<int> labels;  // of every item; -1 = none
    std::vector<double>
        means;  // of every item's values, not a number where it cannot be read; or not yet any
};
struct ItemPrepared {
    PrepareItem request;
    Item item;                       // cut, padded and scaled as for training, its values mapped to -1..1
    Item noisy;                      // item + sigma * noise, brought back to the spread of clean items
    double low = 0, high = 0;        // the values that became -1 and 1
    double clampedShare = 0;         // 0..1 of the values, that lay outside
    std::vector<std::string> steps;  // what was done, in order, a sentence each
    Error error;                     // says why there is no item
};
struct BesideRead {  // the answer to ReadBeside; what is open stays open
    DataConfig data;
    DataFacts facts;
    Item item;    // without an array where it could not be read
    Error error;  // then says why
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
// One step of a Sample request, of its first items: at most 16, fewer and not of every step where they are
// large, none at all where they are huge (FramePlan.h).
struct DenoisingFrame {
    std::int64_t request = 0;    // counts Sample commands
    int index = 0, total = 0;    // frame 0 is pure noise, the last one (sigma 0) the result
    double sigma = 0;            // noise level of `noisy`
    std::vector<Item> noisy;     // x at sigma, scaled to the data's spread, in data units
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
using Event =
    std::variant<StateChanged, DataOpened, DataFailed, RunOpened, CheckpointSaved, DenoisingFrame,
                 SamplesReady, Finished, Failed, LogLine, ItemsRead, ItemsIndexed, ItemPrepared, BesideRead>;

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
