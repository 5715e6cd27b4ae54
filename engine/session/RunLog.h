// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/session/Mailbox.h"

namespace spdlog {
class logger;
}

namespace denoscope {

// What happens, told twice: as LogLine events and, while a run is open, in its events.log. Any engine thread.
class RunLog {
public:
    explicit RunLog(Mailbox& mailbox) : m_mailbox(mailbox) {}
    ~RunLog();

    void attach(const std::filesystem::path& file);  // from now on also into this file
    void detach();

    void write(LogLine::Level level, const std::string& text);
    void info(const std::string& text) { write(LogLine::Level::Info, text); }
    void warning(const std::string& text) { write(LogLine::Level::Warning, text); }

private:
    Mailbox& m_mailbox;
    std::shared_ptr<spdlog::logger> m_file;
};

}  // namespace denoscope
