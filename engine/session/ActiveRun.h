// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/Messages.h"
#include "engine/samplers/ItemSampler.h"
#include "engine/session/RunFolder.h"
#include "engine/session/RunLog.h"
#include "engine/train/EmaSnapshots.h"
#include "engine/train/Trainer.h"

namespace denoscope {

// The run that is open: its folder, its weights and, once training was asked for, its data and trainer.
// Engine thread.
class ActiveRun {
public:
    // A new run. Checks the config against the data and the machine before anything is allocated.
    static std::unique_ptr<ActiveRun> create(const StartTraining& request, RunLog& log);
    // A run on disk at its last complete checkpoint (at step 0 where it has none yet).
    static std::unique_ptr<ActiveRun> open(const std::string& directory, RunLog& log);

    RunOpened description() const;
    const RunConfig& config() const { return m_config; }
    std::int64_t step() const { return m_state->step; }
    bool isIn(const std::string& directory) const;
    bool complete() const { return m_state->step >= m_config.training.steps; }

    // Opens the data unless it is open; drops metrics and snapshots after the current step.
    void prepareTraining();
    // One step; nothing when interrupted. See Trainer::step. Smaller pieces of a batch, which a lack of
    // memory led to, are logged and kept with the run, even where the step then fails.
    std::optional<MetricRow> trainStep(const std::function<bool()>& interrupted);
    void record(const MetricRow& row);  // appends to the metrics on disk; snapshots of the averages when due
    bool checkpointDue() const;
    CheckpointSaved saveCheckpoint();
    void reloadCheckpoint();  // after a failure: back to the last good state on disk

    void changeLive(const RunConfig& config);
    void setSteps(std::int64_t steps);
    // The data lies elsewhere from now on. Throws EngineError where what lies there is not like it.
    void moveData(const std::string& source);

    // From the averaged weights and fixed seeds; also written to the run's samples folder. Nothing when ended
    // early.
    std::optional<PreviewGrid> preview(const std::function<bool()>& keepGoing);
    // Throws EngineError for a request that this run cannot fulfil.
    void check(const Sample& request) const;
    std::vector<Item> sample(const Sample& request, const ItemSamplerHooks& hooks);

private:
    ActiveRun(RunFolder folder, RunConfig config, DataFacts facts, std::shared_ptr<const Dataset> dataset,
              RunLog& log);
    void loadLatest();
    EmaSnapshots snapshotFolder() const { return EmaSnapshots(m_folder.averagesFolder()); }
    // Up to the current step. Throws EngineError where there is none to make an average of another width
    // from.
    std::vector<EmaSnapshots::Entry> snapshots() const;
    void saveSnapshots();
    void keepMicroBatch(std::int64_t sinceStep);
    // The model whose average has this width, made from the snapshots up to the current step.
    const Model& averageOfWidth(double width);
    std::vector<Item> draw(const Sample& request, const ItemSamplerHooks& hooks);
    void applyThreads() const;
    RunConfig computed() const;  // the config as far as this machine can do it

    RunFolder m_folder;
    RunConfig m_config;
    DataFacts m_facts;
    std::shared_ptr<const Dataset> m_dataset;
    std::unique_ptr<TrainState> m_state;
    std::unique_ptr<Trainer> m_trainer;
    struct Reconstructed {
        PowerProfile profile;
        Model model;
    };
    std::optional<Reconstructed> m_reconstructed;  // the one that was asked for last
    RunLog& m_log;
};

}  // namespace denoscope
