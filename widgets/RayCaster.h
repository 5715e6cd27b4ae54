// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of a volume seen from outside: rays are followed through it and what
// lies on them is laid over each other, front to back (Levoy 1988).
#pragma once

#include <QImage>
#include <QString>
#include <atomic>
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
// Null where there is no OpenGL 3.3. The surface was made on the UI thread and
// outlives the caster.
std::unique_ptr<RayCaster> openGlRayCaster(QOffscreenSurface& surface);

// How both march: in mm.
struct March {
    double step = 1;           // along the ray
    double opacityLength = 1;  // what opacities refer to
    double surface = 1;        // change of value per mm from which on something is a
                               // surface and is shaded
};
March marchOf(const RenderRequest& request, const RayFrame& frame);

}  // namespace denoscope
