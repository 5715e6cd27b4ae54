// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/RunState.h"

#include <algorithm>
#include <initializer_list>

namespace denoscope {

bool allows(RunState state, CommandKind command) {
    using enum CommandKind;
    const auto oneOf = [command](std::initializer_list<CommandKind> allowed) {
        return std::find(allowed.begin(), allowed.end(), command) != allowed.end();
    };
    if (oneOf({ReadItems, IndexItems, PrepareItem, ReadBeside}))  // looking at data never disturbs a run
        return true;
    switch (state) {
        case RunState::Empty:
            return oneOf({OpenData, StartTraining, OpenRun});
        case RunState::Preparing:
            return oneOf({OpenData, Stop});
        case RunState::Ready:
            return oneOf({OpenData, StartTraining, OpenRun, ContinueTraining, Sample, SaveRun, ChangeLive});
        case RunState::Training:
            return oneOf({OpenData, Pause, Stop, Sample, SaveRun, ChangeLive});
        case RunState::Paused:
            return oneOf({OpenData, ContinueTraining, Stop, Sample, SaveRun, ChangeLive});
        case RunState::Sampling:
            return oneOf({OpenData, Stop});
        case RunState::Stopping:
            return oneOf({OpenData});
    }
    return false;
}

const char* toText(RunState state) {
    switch (state) {
        case RunState::Empty:
            return "empty";
        case RunState::Preparing:
            return "preparing";
        case RunState::Ready:
            return "ready";
        case RunState::Training:
            return "training";
        case RunState::Paused:
            return "paused";
        case RunState::Sampling:
            return "sampling";
        case RunState::Stopping:
            return "stopping";
    }
    return "";
}

const char* toText(CommandKind command) {
    switch (command) {
        case CommandKind::OpenData:
            return "open data";
        case CommandKind::StartTraining:
            return "start training";
        case CommandKind::OpenRun:
            return "open run";
        case CommandKind::ContinueTraining:
            return "continue training";
        case CommandKind::Pause:
            return "pause";
        case CommandKind::Stop:
            return "stop";
        case CommandKind::Sample:
            return "sample";
        case CommandKind::SaveRun:
            return "save run";
        case CommandKind::ChangeLive:
            return "change settings";
        case CommandKind::ReadItems:
            return "read items";
        case CommandKind::IndexItems:
            return "index items";
        case CommandKind::PrepareItem:
            return "prepare an item";
        case CommandKind::ReadBeside:
            return "read other data";
    }
    return "";
}

}  // namespace denoscope
