// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "widgets/RayCaster.h"

namespace denoscope {

struct RenderedPicture {
    QImage image;  // null where drawing failed
    RenderRequest request;
    QString caster;  // RayCaster::name()
    double seconds = 0;
};

// Renders on a thread of its own; the picture in hand is finished, of those that wait the latest wins
// (LatestJob would stop the one in hand, and nothing would be seen while a person turns). Tries OpenGL once
// and stays with the processor where there is none, or where drawing with it fails. Made, used and destroyed
// on the UI thread, which never waits for a picture except at the end, when the one in hand is abandoned.
class RenderThread : public QObject {
    Q_OBJECT

public:
    enum class Means { Best, Processor };

    explicit RenderThread(Means means = Means::Best, QObject* parent = nullptr);
    ~RenderThread() override;

    void render(RenderRequest request);

Q_SIGNALS:
    void rendered(const denoscope::RenderedPicture& picture);

private:
    void work();
    std::optional<RenderRequest> next();

    std::unique_ptr<QOffscreenSurface> m_surface;  // null: the processor alone
    std::atomic<bool> m_closed = false;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::optional<RenderRequest> m_request;  // guarded
    std::thread m_thread;
};

}  // namespace denoscope
