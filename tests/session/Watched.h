// SPDX-License-Identifier: GPL-3.0-or-later
// A session whose messages are collected, for tests to wait on.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "engine/session/Session.h"
#include "tests/session/Heard.h"

namespace denoscope {

class Watched : public Heard {
public:
    Watched() : m_port(makeSession()) {
        m_port->setDoorbell([this] { ring(); });
    }
    ~Watched() { m_port->setDoorbell(nullptr); }  // the bell refers to this
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

    void post(Command command) { m_port->post(std::move(command)); }

    // Takes what comes until `done` is true. False when nothing comes for two minutes.
    template <typename Done>
    bool until(const Done& done) {
        return waitUntil(
            [this] {
                Drained drained = m_port->drain();
                std::move(drained.events.begin(), drained.events.end(), std::back_inserter(events));
                metrics.insert(metrics.end(), drained.metrics.begin(), drained.metrics.end());
                if (drained.latest.preview)
                    ++previews;
            },
            done);
    }
    bool untilSteps(std::size_t count) {
        return until([&] { return metrics.size() >= count; });
    }
    bool untilState(RunState state) {
        return until([&] { return this->state() == state; });
    }
    // Until the n-th message of this kind.
    template <typename Message>
    bool untilMessage(std::size_t count = 1) {
        return until([&] { return all<Message>().size() >= count; });
    }

    std::vector<RunState> states() const {
        std::vector<RunState> list;
        for (const StateChanged& changed : all<StateChanged>())
            list.push_back(changed.state);
        return list;
    }
    RunState state() const {
        const auto list = states();
        return list.empty() ? RunState::Empty : list.back();
    }

    std::vector<MetricRow> metrics;
    int previews = 0;

private:
    std::unique_ptr<EnginePort> m_port;  // last: its threads ring the bell
};

// All that a checkpoint holds, byte for byte.
inline std::string checkpointBytes(const std::filesystem::path& run, std::int64_t step) {
    std::string name = std::to_string(step), all;
    name.insert(0, 8 - name.size(), '0');
    for (const char* file :
         {"weights.safetensors", "ema.safetensors", "optimizer.safetensors", "state.json"}) {
        std::ifstream stream(run / "checkpoints" / ("step-" + name) / file, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        if (bytes.empty())
            return {};
        all += bytes;
    }
    return all;
}

}  // namespace denoscope
