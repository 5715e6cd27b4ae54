// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Interrupts.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "app/cli/ExitCode.h"

namespace denoscope {
namespace {

constexpr char signalled = 's', finished = 'f';

// A signal handler can reach nothing but globals, and may only call what is safe there: write and _exit.
std::atomic<int> pipeEnd{-1};
std::atomic<bool> asked{false};

extern "C" void onSignal(int) {
    if (asked.exchange(true))
        _exit(interrupted);
    const int before = errno;
    [[maybe_unused]] const ssize_t written = ::write(pipeEnd, &signalled, 1);
    errno = before;
}

void handleSignals(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    for (const int signal : {SIGINT, SIGTERM})
        ::sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupts::Interrupts(std::function<void()> stop) : m_stop(std::move(stop)) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    m_readEnd = ends[0];
    m_writeEnd = ends[1];
    pipeEnd = m_writeEnd;
    asked = false;
    m_watcher = std::thread([this] {
        char byte = finished;
        while (::read(m_readEnd, &byte, 1) < 0 && errno == EINTR)
            ;
        if (byte == signalled)
            m_stop();
    });
    handleSignals(onSignal);
}

Interrupts::~Interrupts() {
    handleSignals(SIG_DFL);
    [[maybe_unused]] const ssize_t written = ::write(m_writeEnd, &finished, 1);
    m_watcher.join();
    pipeEnd = -1;
    ::close(m_readEnd);
    ::close(m_writeEnd);
}

}  // namespace denoscope
