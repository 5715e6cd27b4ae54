// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/RenderThread.h"

#include <QElapsedTimer>
#include <QOffscreenSurface>
#include <utility>

namespace denoscope {

RenderThread::RenderThread(Means means, QObject* parent) : QObject(parent) {
    if (means == Means::Best) {
        QSurfaceFormat format;
        format.setVersion(3, 3);
        format.setProfile(QSurfaceFormat::CoreProfile);
        m_surface = std::make_unique<QOffscreenSurface>();  // wants the UI thread
        m_surface->setFormat(format);
        m_surface->create();
    }
    m_thread = std::thread([this] { work(); });
}

RenderThread::~RenderThread() {
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void RenderThread::render(RenderRequest request) {
    {
        const std::lock_guard lock(m_mutex);
        m_request = std::move(request);
    }
    m_changed.notify_one();
}

std::optional<RenderRequest> RenderThread::next() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_closed || m_request.has_value(); });
    if (m_closed)
        return std::nullopt;
    return std::exchange(m_request, std::nullopt);
}

void RenderThread::work() {
    std::unique_ptr<RayCaster> caster = m_surface ? openGlRayCaster(*m_surface) : nullptr;
    bool onProcessor = caster == nullptr;
    if (onProcessor)
        caster = cpuRayCaster();
    while (const std::optional<RenderRequest> request = next()) {
        QElapsedTimer timer;
        timer.start();
        QImage image = caster->render(*request, m_closed);
        if (image.isNull() && !onProcessor && !m_closed) {
            caster = cpuRayCaster();
            onProcessor = true;
            image = caster->render(*request, m_closed);
        }
        RenderedPicture picture{image, *request, caster->name(),
                                static_cast<double>(timer.nsecsElapsed()) * 1e-9};
        QMetaObject::invokeMethod(
            this, [this, picture = std::move(picture)] { Q_EMIT rendered(picture); }, Qt::QueuedConnection);
    }
}

}  // namespace denoscope
