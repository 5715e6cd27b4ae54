// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of a volume seen from outside: rays are followed through it and what
// lies on them is laid over each other, front to back (Levoy 1988).
#pragma once

#include <QImage>
#include <QString>
#include <atomic>
#include <cstdint>
#include <memory>

#include "widgets/RayGeometry.h"
#include "widgets/TransferFunction.h"

class QOffscreenSurface;

namespace denoscope {

struct RenderRequest {
    std::shared_ptr<const Volume> volume;  // isRenderable()
    RenderCamera camera;
    ClipBox clip;
    TransferFunction transfer;
    WindowLevel window;  // what shares of a relative transfer function refer to
    QSize size;          // of the picture, in pixels
    QColor background;
    bool shaded = true;
    std::int64_t number = 0;  // for who asks, to know the answer by
};

// Lives on one thread.
class RayCaster {
public:
    virtual ~RayCaster() = default;
    virtual QString name() const = 0;  // for the person: "OpenGL, ..." or "processor"
    // Null where `abandoned` became true on the way.
    virtual QImage render(const RenderRequest& request, const std::atomic<bool>& abandoned) = 0;
};

std::unique_ptr<RayCaster> cpuRayCaster();
// Null where there is no OpenGL 3.3. The surface was made on the UI thread and outlives the caster.
std::unique_ptr<RayCaster> openGlRayCaster(QOffscreenSurface& surface);

// What both march along, made once per picture.
struct March {
    RayFrame frame;
    TransferTable table;
    double step = 1;     // mm along the ray
    double surface = 1;  // change of value per mm from which on something is a surface and is shaded
};
March marchOf(const RenderRequest& request);

}  // namespace denoscope
