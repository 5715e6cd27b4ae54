// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/VolumeRenderView.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QSlider>
#include <QToolButton>
#include <QWheelEvent>
#include <QWidgetAction>
#include <cmath>

#include "widgets/ElidedBox.h"
#include "widgets/Icons.h"
#include "widgets/Painting.h"
#include "widgets/Theme.h"

namespace denoscope {
namespace {

constexpr double frameSeconds = 0.06;  // a picture in motion may take this long
constexpr int settleMilliseconds = 180;
constexpr int clipSteps = 200;
constexpr double radiansPerPixel = 0.01;

double zoomFactor(double notches) {
    return std::pow(1.15, notches);
}

}  // namespace

VolumeRenderView::VolumeRenderView(RenderThread::Means means, QWidget* parent)
    : QWidget(parent), m_means(means), m_placeholder(tr("No volume")) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Volume seen from outside"));
    setCursor(Qt::OpenHandCursor);
    m_settled.setSingleShot(true);
    m_settled.setInterval(settleMilliseconds);
    connect(&m_settled, &QTimer::timeout, this, [this] { request(1); });
    buildTools();
}

VolumeRenderView::~VolumeRenderView() = default;

void VolumeRenderView::buildTools() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_tools = new QWidget(this);
    m_tools->setCursor(Qt::ArrowCursor);
    auto* row = new QHBoxLayout(m_tools);
    row->setContentsMargins(2, 4, 2, 4);
    row->setSpacing(3);
    m_presetBox = new ElidedBox(m_tools);
    m_presetBox->setToolTip(tr("Which values are seen, and how"));
    m_presetBox->setAccessibleName(tr("Rendering preset"));
    m_presetBox->setMinimumWidth(64);  // in narrow windows
    m_clipButton = new QToolButton(m_tools);
    m_clipButton->setText(tr("Clip"));
    m_clipButton->setToolTip(tr("Cut away parts of the volume"));
    m_clipButton->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_clipButton);
    auto* action = new QWidgetAction(menu);
    m_clipping = buildClipping();
    action->setDefaultWidget(m_clipping);
    menu->addAction(action);
    m_clipButton->setMenu(menu);
    auto* reset = new QToolButton(m_tools);
    reset->setIcon(glyphIcon(Glyph::Fit));
    reset->setAccessibleName(tr("Reset"));
    reset->setToolTip(tr("The whole volume from the front (Home)"));
    row->addWidget(m_presetBox);
    row->addWidget(m_clipButton);
    row->addWidget(reset);
    row->addStretch();
    column->addWidget(m_tools);
    column->addStretch();
    connect(m_presetBox, &QComboBox::activated, this, &VolumeRenderView::choosePreset);
    connect(reset, &QToolButton::clicked, this, &VolumeRenderView::resetView);
}

QWidget* VolumeRenderView::buildClipping() {
    auto* page = new QWidget(this);
    auto* grid = new QGridLayout(page);
    const std::array names{tr("Left – right"), tr("Back – front"), tr("Feet – head")};
    for (int axis = 0; axis < 3; ++axis) {
        const auto place = static_cast<std::size_t>(axis);
        grid->addWidget(new QLabel(names[place], page), axis, 0);
        for (const bool high : {false, true}) {
            auto* slider = new QSlider(Qt::Horizontal, page);
            slider->setRange(0, clipSteps);
            slider->setMinimumWidth(110);
            slider->setValue(high ? clipSteps : 0);
            slider->setObjectName(QStringLiteral("clip%1%2").arg(axis).arg(high ? "high" : "low"));
            slider->setAccessibleName(names[place] + (high ? tr(", upper end") : tr(", lower end")));
            grid->addWidget(slider, axis, high ? 2 : 1);
            connect(slider, &QSlider::valueChanged, this, [this, place, high](int value) {
                ClipBox clip = m_clip;
                (high ? clip.high : clip.low)[place] = static_cast<double>(value) / clipSteps;
                setClip(clip);
            });
        }
    }
    return page;
}

void VolumeRenderView::setVolume(std::shared_ptr<const Volume> volume) {
    if (volume && !isRenderable(*volume))
        volume = nullptr;
    const bool sameUnit = m_volume && volume && m_volume->unit == volume->unit && !m_presets.empty();
    const bool sameGrid = m_volume && volume && m_volume->affine == volume->affine &&
                          m_volume->width == volume->width && m_volume->height == volume->height &&
                          m_volume->depth == volume->depth;
    m_volume = std::move(volume);
    m_tools->setEnabled(m_volume != nullptr);
    if (!m_volume) {
        m_picture = {};
        update();
        return;
    }
    if (!sameUnit) {
        m_presets = transferPresets(m_volume->unit);
        m_preset = 0;
        m_presetBox->clear();
        m_presetBox->addItems(presetNames());
    }
    if (!sameGrid)
        resetView();
    changed();
}

void VolumeRenderView::setWindow(const WindowLevel& window) {
    if (m_window == window)
        return;
    m_window = window;
    changed();
}

void VolumeRenderView::setPlaceholder(const QString& sentence) {
    m_placeholder = sentence;
    update();
}

QStringList VolumeRenderView::presetNames() const {
    QStringList names;
    for (const TransferFunction& preset : m_presets)
        names << preset.name;
    return names;
}

void VolumeRenderView::choosePreset(int index) {
    if (index < 0 || index >= static_cast<int>(m_presets.size()))
        return;
    m_preset = index;
    m_presetBox->setCurrentIndex(index);
    changed();
}

void VolumeRenderView::setClip(const ClipBox& clip) {
    if (m_clip == clip)
        return;
    m_clip = clip;
    for (std::size_t axis = 0; axis < 3; ++axis)
        for (const bool high : {false, true}) {
            auto* slider = m_clipping->findChild<QSlider*>(
                QStringLiteral("clip%1%2").arg(axis).arg(high ? "high" : "low"));
            const QSignalBlocker blocked(slider);
            slider->setValue(static_cast<int>(std::lround((high ? clip.high : clip.low)[axis] * clipSteps)));
        }
    changed();
}

void VolumeRenderView::setCamera(const RenderCamera& camera) {
    if (m_camera == camera)
        return;
    m_camera = camera;
    changed();
}

void VolumeRenderView::resetView() {
    setCamera({});
    setClip({});
}

QRect VolumeRenderView::pictureRect() const {
    return rect().adjusted(0, m_tools->sizeHint().height(), 0, 0);
}

QSize VolumeRenderView::fullSize() const {
    return (QSizeF(pictureRect().size()) * devicePixelRatioF()).toSize().expandedTo({1, 1});
}

void VolumeRenderView::changed() {
    if (!m_volume || !isVisible())
        return;
    const double pixels = static_cast<double>(fullSize().width()) * fullSize().height();
    const double affordable = frameSeconds / m_secondsPerPixel;
    request(std::clamp(std::sqrt(affordable / pixels), 0.15, 1.0));
    m_settled.start();
}

void VolumeRenderView::request(double share) {
    if (!m_volume || !isVisible())
        return;
    if (m_renderer == nullptr) {
        m_renderer = new RenderThread(m_means, this);
        connect(m_renderer, &RenderThread::rendered, this, &VolumeRenderView::take);
    }
    const QSize size = (QSizeF(fullSize()) * share).toSize().expandedTo({1, 1});
    const TransferFunction& preset = m_presets.at(static_cast<std::size_t>(m_preset));
    const QColor background = preset.maximum ? preset.points.front().color : themeColors(palette()).surface;
    m_renderer->render({m_volume, m_camera, m_clip, preset, m_window, size, background, true, ++m_asked});
}

void VolumeRenderView::take(const RenderedPicture& picture) {
    if (picture.image.isNull() || !m_volume)
        return;
    const double pixels = static_cast<double>(picture.image.width()) * picture.image.height();
    m_secondsPerPixel = 0.5 * (m_secondsPerPixel + picture.seconds / pixels);
    m_picture = picture;
    update();
    Q_EMIT pictureChanged();
}

bool VolumeRenderView::isFinal() const {
    return m_volume && m_picture.request.number == m_asked && !m_settled.isActive() &&
           m_picture.image.size() == fullSize();
}

QString VolumeRenderView::note() const {
    if (m_picture.image.isNull())
        return {};
    return tr("%1, %2 × %3").arg(m_picture.caster).arg(m_picture.image.width()).arg(m_picture.image.height());
}

QSize VolumeRenderView::minimumSizeHint() const {
    return {160, 140};
}

QSize VolumeRenderView::sizeHint() const {
    return {360, 320};
}

void VolumeRenderView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const ThemeColors& colors = themeColors(palette());
    painter.fillRect(rect(), colors.surface);
    const QRect area = pictureRect();
    if (!m_volume) {
        paintPlaceholder(painter, area, m_placeholder);
        return;
    }
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    if (!m_picture.image.isNull())
        painter.drawImage(area, m_picture.image);
    paintNote(painter);
    paintDirections(painter);
    if (hasFocus())
        paintFocusFrame(painter, rect());
}

void VolumeRenderView::paintNote(QPainter& painter) const {
    const ThemeColors& colors = themeColors(palette());
    const QRect room = pictureRect().adjusted(8, 4, -8, -6);
    const QString text = fontMetrics().elidedText(note(), Qt::ElideLeft, room.width());  // the size stays
    const QRect place = painter.boundingRect(room, Qt::AlignBottom | Qt::AlignRight, text);
    painter.fillRect(place.adjusted(-4, -1, 4, 1), colors.surface);  // pictures may be of any brightness
    painter.setPen(colors.mutedText);
    painter.drawText(place, Qt::AlignCenter, text);
}

// Three arrows that say where right, front and head are.
void VolumeRenderView::paintDirections(QPainter& painter) const {
    const QRect area = pictureRect();
    const QPointF centre(area.left() + 34, area.bottom() - 34);
    const QString letters = QStringLiteral("RAS");
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const QPointF tip(m_camera.right[axis], -m_camera.up[axis]);
        painter.setPen(QPen(seriesColor(palette(), static_cast<int>(axis)), 1.5));
        painter.drawLine(centre, centre + tip * 18);
        painter.drawText(QRectF(centre + tip * 25 - QPointF(8, 8), QSizeF(16, 16)), Qt::AlignCenter,
                         letters.mid(static_cast<int>(axis), 1));
    }
}

void VolumeRenderView::resizeEvent(QResizeEvent*) {
    changed();
}

void VolumeRenderView::showEvent(QShowEvent*) {
    changed();
}

void VolumeRenderView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        changed();
}

void VolumeRenderView::wheelEvent(QWheelEvent* event) {
    RenderCamera camera = m_camera;
    camera.zoom = std::clamp(camera.zoom * zoomFactor(event->angleDelta().y() / 120.0), 0.2, 40.0);
    setCamera(camera);
    event->accept();
}

void VolumeRenderView::mousePressEvent(QMouseEvent* event) {
    m_lastPosition = event->position();
    setCursor(Qt::ClosedHandCursor);
}

void VolumeRenderView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF moved = event->position() - m_lastPosition;
    m_lastPosition = event->position();
    RenderCamera camera = m_camera;
    const bool pans =
        (event->buttons() & Qt::MiddleButton) != 0 || (event->modifiers() & Qt::ShiftModifier) != 0;
    if (pans && m_volume) {
        const RayFrame frame = rayFrame(*m_volume, camera, m_clip, pictureRect().size());
        camera.pan += moved * frame.mmPerPixel;
    } else if ((event->buttons() & Qt::LeftButton) != 0) {
        camera.turn(-moved.x() * radiansPerPixel, moved.y() * radiansPerPixel);
    }
    setCamera(camera);
}

void VolumeRenderView::mouseReleaseEvent(QMouseEvent*) {
    setCursor(Qt::OpenHandCursor);
}

void VolumeRenderView::mouseDoubleClickEvent(QMouseEvent*) {
    resetView();
}

void VolumeRenderView::keyPressEvent(QKeyEvent* event) {
    constexpr double turn = 0.1;
    RenderCamera camera = m_camera;
    switch (event->key()) {
        case Qt::Key_Left:
            camera.turn(turn, 0);
            break;
        case Qt::Key_Right:
            camera.turn(-turn, 0);
            break;
        case Qt::Key_Up:
            camera.turn(0, -turn);
            break;
        case Qt::Key_Down:
            camera.turn(0, turn);
            break;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            camera.zoom = std::min(camera.zoom * zoomFactor(1), 40.0);
            break;
        case Qt::Key_Minus:
            camera.zoom = std::max(camera.zoom * zoomFactor(-1), 0.2);
            break;
        case Qt::Key_Home:
            resetView();
            return;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    setCamera(camera);
}

void VolumeRenderView::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void VolumeRenderView::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace denoscope
