// SPDX-License-Identifier: GPL-3.0-or-later
// A folder for files of weights and the runs that are made of them.
#pragma once

#include <QString>
#include <QTemporaryDir>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "engine/session/ImportRun.h"
#include "engine/session/RunFolder.h"
#include "tests/engine/TinyRun.h"

namespace denoscope {

inline const std::string goldens = DENOSCOPE_TEST_DATA "/goldens/";

inline QString refusalOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const EngineError& error) {
        return QString::fromStdString(toText(error.error()));
    }
    return {};
}

class ExchangeFolder {
public:
    void renew() { m_folder = std::make_unique<QTemporaryDir>(); }
    std::string path(const char* name) const { return m_folder->filePath(name).toStdString(); }

    // Everything that a trainer's checkpoint among the goldens leaves open is answered.
    ImportRequest request(const std::string& name, const char* run = "run") const {
        const bool signal = name.find("1d") != std::string::npos;
        ImportRequest request;
        request.file = goldens + name + ".pt";
        request.run = path(run);
        request.size = signal ? Shape{32} : Shape{16, 16};
        request.takeDefaults = true;
        if (signal)
            request.args = {{"resnet_block_groups", 4}};
        return request;
    }

    // A run as training leaves it.
    RunConfig madeRun(const RunConfig& config, const char* name) const {
        const TinyRun tiny(config);
        const auto state = tiny.state();
        Trainer trainer = tiny.trainer(*state);
        train(trainer, 2);
        RunFolder folder = RunFolder::create(path(name), tiny.config, tiny.dataset->facts());
        saveCheckpoint(*state, folder.beginCheckpoint(2));
        folder.publishCheckpoint(2, 1);
        return tiny.config;
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

}  // namespace denoscope
