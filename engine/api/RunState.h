// SPDX-License-Identifier: GPL-3.0-or-later
// The one state machine of the engine. allows() both refuses commands and enables buttons.
#pragma once

#include <array>

namespace denoscope {

enum class RunState {
    Empty,      // no run is open
    Preparing,  // building or loading a run
    Ready,      // a run is open and idle
    Training,
    Paused,
    Sampling,  // drawing samples; afterwards back to Ready, Paused or Training
    Stopping,  // finishing the work in hand: at most one network call, then a checkpoint
};
inline constexpr std::array allRunStates{RunState::Empty,    RunState::Preparing, RunState::Ready,
                                         RunState::Training, RunState::Paused,    RunState::Sampling,
                                         RunState::Stopping};

enum class CommandKind {
    OpenData,
    StartTraining,
    OpenRun,
    ContinueTraining,
    Pause,
    Stop,
    Sample,
    SaveRun,
    ChangeLive,
    ReadItems,
    IndexItems,
    PrepareItem,
    ReadBeside
};
inline constexpr std::array allCommandKinds{
    CommandKind::OpenData,         CommandKind::StartTraining, CommandKind::OpenRun,
    CommandKind::ContinueTraining, CommandKind::Pause,         CommandKind::Stop,
    CommandKind::Sample,           CommandKind::SaveRun,       CommandKind::ChangeLive,
    CommandKind::ReadItems,        CommandKind::IndexItems,    CommandKind::PrepareItem,
    CommandKind::ReadBeside};

bool allows(RunState state, CommandKind command);

const char* toText(RunState state);
const char* toText(CommandKind command);

}  // namespace denoscope
