// SPDX-License-Identifier: GPL-3.0-or-later
// The same march as CpuRayCaster, in a fragment shader, drawn into a
// framebuffer that nobody sees: a widget that draws OpenGL itself was seen to
// crash where there is no display.
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFramebufferObject>
#include <QOpenGLFunctions_3_3_Core>
#include <QOpenGLShaderProgram>
#include <QOpenGLVersionFunctionsFactory>
#include <QOpenGLVertexArrayObject>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/RayCaster.h"

namespace denoscope {
namespace {

constexpr int longestSide = 256;  // of the texture; larger volumes are reduced to it by whole factors

const char* const vertexShader = R"(#version 330 core
void main() {
    vec2 corner = vec2((gl_VertexID & 1) * 4 - 1, (gl_VertexID & 2) * 2 - 1);
    gl_Position = vec4(corner, 0, 1);
})";

const char* const fragmentShader = R"(#version 330 core
uniform sampler3D volume;
uniform sampler2D table;
uniform vec3 origin, across, down, along, boxLow, boxHigh, extents, towards, background;
uniform mat3 gradientToPatient;
uniform vec2 valueOfTexel;  // value = x * texel + y
uniform vec2 tableRange;
uniform vec3 cap;
uniform float pictureHeight, stepLength, surface, shadowDepth;
uniform bool maximum, shaded;
out vec4 colour;

float valueAt(vec3 p) {
    return texture(volume, (p + 0.5) / extents).r * valueOfTexel.x + valueOfTexel.y;
}
vec4 entryOf(float value) {
    float place = clamp((value - tableRange.x) / (tableRange.y - tableRange.x), 0.0, 1.0);
    return texture(table, vec2((place * 1023.0 + 0.5) / 1024.0, 0.5));
}
float brightness(vec3 p, float inside) {
    vec3 gradient = vec3(valueAt(p + vec3(1, 0, 0)) - valueAt(p - vec3(1, 0, 0)),
                         valueAt(p + vec3(0, 1, 0)) - valueAt(p - vec3(0, 1, 0)),
                         valueAt(p + vec3(0, 0, 1)) - valueAt(p - vec3(0, 0, 1)));
    vec3 patient = gradientToPatient * gradient / 2.0;
    float size = length(patient);
    float lit = size > 0.0 ? 1.0 - shadowDepth * (1.0 - abs(dot(patient / size, towards))) : inside;
    return mix(inside, lit, min(1.0, size / surface));
}
void main() {
    vec3 start = origin + (gl_FragCoord.x - 0.5) * across + (pictureHeight - gl_FragCoord.y - 0.5) * down;
    float first = -1e30, last = 1e30;
    int face = 0;
    for (int axis = 0; axis < 3; ++axis) {
        if (abs(along[axis]) < 1e-9) {
            if (start[axis] < boxLow[axis] || start[axis] > boxHigh[axis])
                last = -1e30;
            continue;
        }
        float a = (boxLow[axis] - start[axis]) / along[axis], b = (boxHigh[axis] - start[axis]) / along[axis];
        if (min(a, b) > first)
            face = axis;
        first = max(first, min(a, b));
        last = min(last, max(a, b));
    }
    float t = ceil(first / stepLength) * stepLength;
    vec4 light = vec4(0);
    if (maximum && t <= last) {
        float largest = valueAt(start + t * along);
        for (t += stepLength; t <= last; t += stepLength)
            largest = max(largest, valueAt(start + t * along));
        light = vec4(entryOf(largest).rgb, 1);
    } else {
        float inside = cap[face];
        for (; t <= last && light.a < 0.99; t += stepLength) {
            vec3 p = start + t * along;
            vec4 entry = entryOf(valueAt(p));
            if (entry.a <= 0.0) {
                inside = 1.0;
                continue;
            }
            float share = (1.0 - light.a) * entry.a;
            light += vec4(entry.rgb * share * (shaded ? brightness(p, inside) : 1.0), share);
        }
    }
    colour = vec4(light.rgb + (1.0 - light.a) * background, 1);
})";

QVector3D vectorOf(const Point& v) {
    return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
}

// The volume as 16-bit texels that span its range, reduced by the mean of whole
// blocks.
struct Texels {
    int width = 0, height = 0, depth = 0;
    std::vector<std::uint16_t> values;
    float scale = 1, offset = 0;  // value = scale * (texel / 65535) + offset
};

int reduction(const Volume& volume) {
    const int longest = std::max({volume.width, volume.height, volume.depth});
    return (longest + longestSide - 1) / longestSide;
}

Texels texelsOf(const Volume& volume) {
    const int factor = reduction(volume);
    const auto values = volume.shown().first(volume.voxels());
    const auto [low, high] = finiteRange(values);
    Texels texels{(volume.width + factor - 1) / factor, (volume.height + factor - 1) / factor,
                  (volume.depth + factor - 1) / factor, {},
                  std::max(high - low, 1e-12F),         low};
    texels.values.reserve(static_cast<std::size_t>(texels.width) * static_cast<std::size_t>(texels.height) *
                          static_cast<std::size_t>(texels.depth));
    for (int k = 0; k < volume.depth; k += factor)
        for (int j = 0; j < volume.height; j += factor)
            for (int i = 0; i < volume.width; i += factor) {
                float sum = 0;
                int count = 0;
                for (int c = k; c < std::min(k + factor, volume.depth); ++c)
                    for (int b = j; b < std::min(j + factor, volume.height); ++b)
                        for (int a = i; a < std::min(i + factor, volume.width); ++a, ++count)
                            sum += volume.at({a, b, c});
                const float share = (sum / static_cast<float>(count) - texels.offset) / texels.scale;
                // Infinity lies at the nearer end, NaN at the lower one.
                texels.values.push_back(
                    share > 0 ? static_cast<std::uint16_t>(std::lround(std::min(share, 1.0F) * 65535))
                              : std::uint16_t{0});
            }
    return texels;
}

class GlRayCaster : public RayCaster {
public:
    explicit GlRayCaster(QOffscreenSurface& surface) : m_surface(surface) {}

    ~GlRayCaster() override {
        if (!m_functions || !m_context.makeCurrent(&m_surface))
            return;
        m_functions->glDeleteTextures(1, &m_volumeTexture);
        m_functions->glDeleteTextures(1, &m_tableTexture);
        m_vertexArray.destroy();
        m_program.reset();
        m_frame.reset();
        m_context.doneCurrent();
    }
    GlRayCaster(const GlRayCaster&) = delete;
    GlRayCaster& operator=(const GlRayCaster&) = delete;

    bool begin() {
        m_context.setFormat(m_surface.format());
        if (!m_context.create() || m_context.isOpenGLES() || !m_context.makeCurrent(&m_surface))
            return false;
        m_functions = QOpenGLVersionFunctionsFactory::get<QOpenGLFunctions_3_3_Core>(&m_context);
        if (m_functions == nullptr || !m_functions->initializeOpenGLFunctions())
            return m_functions = nullptr, false;
        m_functions->glGetIntegerv(GL_MAX_3D_TEXTURE_SIZE, &m_largestTexture);
        m_program = std::make_unique<QOpenGLShaderProgram>();
        return m_largestTexture >= longestSide && m_vertexArray.create() &&
               m_program->addShaderFromSourceCode(QOpenGLShader::Vertex, vertexShader) &&
               m_program->addShaderFromSourceCode(QOpenGLShader::Fragment, fragmentShader) &&
               m_program->link();
    }

    QString name() const override { return m_name; }

    QImage render(const RenderRequest& request, const std::atomic<bool>& abandoned) override {
        if (abandoned.load() || !m_context.makeCurrent(&m_surface))
            return {};
        if (m_uploaded != request.volume)
            upload(request.volume);
        if (!m_frame || m_frame->size() != request.size)
            m_frame = std::make_unique<QOpenGLFramebufferObject>(request.size);
        m_frame->bind();
        m_functions->glViewport(0, 0, request.size.width(), request.size.height());
        setUniforms(request);
        m_vertexArray.bind();
        m_functions->glDrawArrays(GL_TRIANGLES, 0, 3);
        m_vertexArray.release();
        m_program->release();
        QImage image = m_frame->toImage().convertToFormat(QImage::Format_RGB32);
        m_frame->release();
        return image;
    }

    void readName() {
        const auto* renderer = reinterpret_cast<const char*>(m_functions->glGetString(GL_RENDERER));
        m_name = QStringLiteral("OpenGL, %1").arg(QString::fromLatin1(renderer).section(" (", 0, 0));
    }

private:
    void upload(const std::shared_ptr<const Volume>& volume) {
        const Texels texels = texelsOf(*volume);
        if (m_volumeTexture == 0)
            m_functions->glGenTextures(1, &m_volumeTexture);
        m_functions->glBindTexture(GL_TEXTURE_3D, m_volumeTexture);
        m_functions->glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
        m_functions->glTexImage3D(GL_TEXTURE_3D, 0, GL_R16, texels.width, texels.height, texels.depth, 0,
                                  GL_RED, GL_UNSIGNED_SHORT, texels.values.data());
        for (const GLenum side : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T, GL_TEXTURE_WRAP_R})
            m_functions->glTexParameteri(GL_TEXTURE_3D, side, GL_CLAMP_TO_EDGE);
        m_functions->glTexParameteri(GL_TEXTURE_3D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        m_functions->glTexParameteri(GL_TEXTURE_3D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        // The last block may reach beyond the volume.
        const auto factor = static_cast<float>(reduction(*volume));
        m_extents = QVector3D(static_cast<float>(texels.width), static_cast<float>(texels.height),
                              static_cast<float>(texels.depth)) *
                    factor;
        m_valueOfTexel = {texels.scale, texels.offset};
        m_uploaded = volume;
    }

    void uploadTable(const TransferTable& table) {
        if (m_tableTexture == 0)
            m_functions->glGenTextures(1, &m_tableTexture);
        m_functions->glActiveTexture(GL_TEXTURE1);
        m_functions->glBindTexture(GL_TEXTURE_2D, m_tableTexture);
        m_functions->glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA16F, TransferTable::size, 1, 0, GL_RGBA, GL_FLOAT,
                                  table.entries.data());
        m_functions->glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
        m_functions->glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
        m_functions->glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        m_functions->glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        m_functions->glActiveTexture(GL_TEXTURE0);
        m_functions->glBindTexture(GL_TEXTURE_3D, m_volumeTexture);
    }

    void setUniforms(const RenderRequest& request) {
        const March march = marchOf(request);
        const RayFrame& frame = march.frame;
        const TransferTable& table = march.table;
        uploadTable(table);
        QOpenGLShaderProgram& program = *m_program;
        program.bind();
        program.setUniformValue("volume", 0);
        program.setUniformValue("table", 1);
        program.setUniformValue("origin", vectorOf(frame.origin));
        program.setUniformValue("across", vectorOf(frame.across));
        program.setUniformValue("down", vectorOf(frame.down));
        program.setUniformValue("along", vectorOf(frame.along));
        program.setUniformValue("boxLow", vectorOf(frame.low));
        program.setUniformValue("boxHigh", vectorOf(frame.high));
        program.setUniformValue("extents", m_extents);
        program.setUniformValue("towards", vectorOf(frame.towards));
        QMatrix3x3 gradient;
        for (int row = 0; row < 3; ++row)
            for (int axis = 0; axis < 3; ++axis)
                gradient(row, axis) = static_cast<float>(
                    frame.gradient[static_cast<std::size_t>(row)][static_cast<std::size_t>(axis)]);
        program.setUniformValue("gradientToPatient", gradient);
        program.setUniformValue("valueOfTexel", m_valueOfTexel);
        program.setUniformValue("tableRange",
                                QVector2D(static_cast<float>(table.low), static_cast<float>(table.high)));
        program.setUniformValue("pictureHeight", static_cast<float>(request.size.height()));
        program.setUniformValue("stepLength", static_cast<float>(march.step));
        program.setUniformValue("cap", vectorOf(frame.cap));
        program.setUniformValue("shadowDepth", static_cast<float>(shadowDepth));
        program.setUniformValue("surface", static_cast<float>(march.surface));
        program.setUniformValue("maximum", request.transfer.maximum);
        program.setUniformValue("shaded", request.shaded);
        program.setUniformValue(
            "background",
            QVector3D(request.background.redF(), request.background.greenF(), request.background.blueF()));
    }

    QOffscreenSurface& m_surface;
    QOpenGLContext m_context;
    QOpenGLFunctions_3_3_Core* m_functions = nullptr;  // belongs to the context
    std::unique_ptr<QOpenGLShaderProgram> m_program;
    std::unique_ptr<QOpenGLFramebufferObject> m_frame;
    QOpenGLVertexArrayObject m_vertexArray;
    GLuint m_volumeTexture = 0, m_tableTexture = 0;
    GLint m_largestTexture = 0;
    std::shared_ptr<const Volume> m_uploaded;
    QVector3D m_extents;
    QVector2D m_valueOfTexel;
    QString m_name;
};

}  // namespace

std::unique_ptr<RayCaster> openGlRayCaster(QOffscreenSurface& surface) {
    if (!surface.isValid() || !QOpenGLContext::supportsThreadedOpenGL())
        return nullptr;
    auto caster = std::make_unique<GlRayCaster>(surface);
    if (!caster->begin())
        return nullptr;
    caster->readName();
    return caster;
}

}  // namespace denoscope
