// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/LateEngine.h"

#include <cstring>
#include <utility>
#include <variant>

#include "app/Module.h"

namespace denoscope {

namespace {

const EngineFunctions& functionsIn(const std::string& file) {
    using Entry = const EngineFunctions* (*)();
    const EngineFunctions* functions = reinterpret_cast<Entry>(symbolOf(file, engineSymbol))();
    if (std::strcmp(functions->version, DENOSCOPE_VERSION) != 0)
        throw EngineError(std::string("the engine is of version ") + functions->version, file,
                          std::string("install the one of version ") + DENOSCOPE_VERSION);
    return *functions;
}

}  // namespace

LateEngine::LateEngine(std::string file) : m_file(std::move(file)) {}

LateEngine::~LateEngine() {
    if (m_loading.joinable())
        m_loading.join();
}

void LateEngine::load() {
    const std::lock_guard lock(m_mutex);
    loadLocked();
}

void LateEngine::loadLocked() {
    if (!m_loading.joinable())
        m_loading = std::thread([this] { open(); });
}

void LateEngine::open() {
    const EngineFunctions* functions = nullptr;
    std::unique_ptr<EnginePort> port;
    std::optional<Error> failure;
    try {
        functions = &functionsIn(m_file);
        port = functions->makeSession();
    } catch (const EngineError& error) {
        failure = error.error();
    } catch (const std::exception& error) {  // of the system or of LibTorch: no thread, no memory
        failure =
            Error{std::string("the engine cannot begin: ") + error.what(), m_file, "start denoscope again"};
    }
    const std::lock_guard lock(m_mutex);
    m_functions = functions;
    m_failure = failure;
    m_port = std::move(port);
    for (Command& command : std::exchange(m_waiting, {}))
        if (m_port)
            m_port->post(std::move(command));
        else
            refuse(command);
    if (m_port)
        m_port->setDoorbell(m_doorbell);
    else
        answer(LogLine{LogLine::Level::Error, toText(*m_failure)});
    m_opened.notify_all();
}

const EngineFunctions& LateEngine::functions() {
    std::unique_lock lock(m_mutex);
    loadLocked();
    m_opened.wait(lock, [this] { return m_port || m_failure; });
    if (m_failure)
        throw EngineError(*m_failure);
    return *m_functions;
}

void LateEngine::post(Command command) {
    const std::lock_guard lock(m_mutex);
    if (m_port)
        m_port->post(std::move(command));
    else if (m_failure)
        refuse(command);
    else
        m_waiting.push_back(std::move(command));
}

void LateEngine::refuse(const Command& command) {
    if (const auto* request = std::get_if<OpenData>(&command))
        answer(DataFailed{request->data, *m_failure});
    else
        answer(Failed{kindOf(command), *m_failure});
}

void LateEngine::answer(Event event) {
    m_answers.push_back(std::move(event));
    if (m_doorbell)
        m_doorbell();
}

Drained LateEngine::drain() {
    const std::lock_guard lock(m_mutex);
    if (m_port)
        return m_port->drain();
    Drained drained;
    drained.events = std::exchange(m_answers, {});
    return drained;
}

void LateEngine::setDoorbell(std::function<void()> doorbell) {
    const std::lock_guard lock(m_mutex);
    m_doorbell = std::move(doorbell);
    if (m_port)
        m_port->setDoorbell(m_doorbell);
}

}  // namespace denoscope
