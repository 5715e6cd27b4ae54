// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/Messages.h"

namespace denoscope {
namespace {

template <CommandKind kind, class Message>
constexpr bool standsAt =
    std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(kind), Command>, Message>;

// kindOf() relies on both lists standing in the same order.
static_assert(std::variant_size_v<Command> == allCommandKinds.size());
static_assert(standsAt<CommandKind::OpenData, OpenData> &&
              standsAt<CommandKind::StartTraining, StartTraining> &&
              standsAt<CommandKind::OpenRun, OpenRun> &&
              standsAt<CommandKind::ContinueTraining, ContinueTraining> &&
              standsAt<CommandKind::Pause, Pause> && standsAt<CommandKind::Stop, Stop> &&
              standsAt<CommandKind::Sample, Sample> && standsAt<CommandKind::SaveRun, SaveRun> &&
              standsAt<CommandKind::ChangeLive, ChangeLive> && standsAt<CommandKind::ReadItems, ReadItems> &&
              standsAt<CommandKind::IndexItems, IndexItems> &&
              standsAt<CommandKind::PrepareItem, PrepareItem> &&
              standsAt<CommandKind::ReadBeside, ReadBeside>);

}  // namespace

bool opensTheSame(const DataConfig& one, const DataConfig& other) {
    return one.source == other.source && one.part == other.part && one.sampleRate == other.sampleRate &&
           one.as == other.as;
}

CommandKind kindOf(const Command& command) {
    return static_cast<CommandKind>(command.index());
}

}  // namespace denoscope
