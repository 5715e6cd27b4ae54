// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/RunLog.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

namespace denoscope {
namespace {

spdlog::level::level_enum levelOf(LogLine::Level level) {
    switch (level) {
        case LogLine::Level::Info:
            return spdlog::level::info;
        case LogLine::Level::Warning:
            return spdlog::level::warn;
        case LogLine::Level::Error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

}  // namespace

RunLog::~RunLog() = default;

void RunLog::attach(const std::filesystem::path& file) {
    try {
        m_file = std::make_shared<spdlog::logger>(
            "run", std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string()));
        m_file->flush_on(spdlog::level::info);
    } catch (const spdlog::spdlog_ex& problem) {  // a run without its log is still a run
        m_file.reset();
        warning(std::string("the log of the run cannot be written: ") + problem.what());
    }
}

void RunLog::detach() {
    m_file.reset();
}

void RunLog::write(LogLine::Level level, const std::string& text) {
    if (m_file)
        m_file->log(levelOf(level), text);
    m_mailbox.publish(LogLine{level, text});
}

}  // namespace denoscope
