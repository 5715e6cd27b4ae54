// SPDX-License-Identifier: GPL-3.0-or-later
// What SliceView is put together from, and where it lies.
#include <QEvent>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <algorithm>

#include "widgets/ColorMapBar.h"
#include "widgets/Painting.h"
#include "widgets/PaneLayout.h"
#include "widgets/ScrubBar.h"
#include "widgets/SliceBar.h"
#include "widgets/SlicePane.h"
#include "widgets/SliceView.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

constexpr int leastWithBars = 420;  // narrower, the panes need all of it

// Puts the bar on the right; what is left of the area.
QRect besideBar(ColorMapBar& bar, bool shown, QRect area) {
    bar.setVisible(shown);
    if (!shown)
        return area;
    const int side = bar.sizeHint().width();
    bar.setGeometry(area.right() + 1 - side, area.top(), side, area.height());
    area.setRight(area.right() - side);
    return area;
}

}  // namespace

SliceView::SliceView(QWidget* parent) : QWidget(parent), m_placeholder(tr("No volume yet.")) {
    setAccessibleName(tr("Slices"));
    m_scene.colors.notFinite = themeColors(ThemeKind::Dark).error.rgb();
    for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal})
        m_panes[static_cast<std::size_t>(plane)] = new SlicePane(*this, plane);
    m_active = m_panes[0];
    m_bar = new SliceBar(*this);
    m_colorBar = new ColorMapBar(this);
    m_overlayBar = new ColorMapBar(this);
    m_overlayBar->setAccessibleName(tr("Colour bar of the overlay"));
    buildTimeBar();
    m_readoutLabel = new QLabel(this);
    m_readoutLabel->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_readoutLabel->setContentsMargins(0, 4, 0, 4);
    m_readoutLabel->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_readoutLabel->setAccessibleName(tr("Value at the crosshair"));
    setFocusProxy(m_panes[0]);
    m_cine.setTimerType(Qt::PreciseTimer);
    setFramesPerSecond(m_framesPerSecond);
    connect(&m_cine, &QTimer::timeout, this, &SliceView::advanceCine);
    m_flicker.setInterval(
        400);  // slow enough not to trouble anybody: below three flashes a second (WCAG 2.3.1)
    connect(&m_flicker, &QTimer::timeout, this, [this] {
        m_scene.overlayLook.second = !m_scene.overlayLook.second;
        recolorSlices();
    });
    connect(this, &SliceView::sceneChanged, this, &SliceView::updateColorBar);
    rebuildPanes();
}

SliceView::~SliceView() = default;

QSize SliceView::minimumSizeHint() const {
    return {150, 150};
}

QSize SliceView::sizeHint() const {
    return {640, 480};
}

void SliceView::buildTimeBar() {
    m_time = new ScrubBar(this);
    m_time->setAccessibleName(tr("Time"));
    m_time->setLooping(true);
    m_time->hide();
    connect(m_time, &ScrubBar::frameChanged, this, &SliceView::showTimePoint);
}

void SliceView::showTimes(double seconds) {
    const QSignalBlocker quiet(m_time);
    m_time->pause();
    m_time->setFrameText([seconds](int frame) {
        return seconds > 0 ? tr("%1 s").arg(frame * seconds, 0, 'g', 5) : QString();
    });
    const int count = static_cast<int>(m_volumes.size());
    m_time->setFrameCount(count);
    m_time->setVisible(count > 1);
}

void SliceView::setPlaceholder(const QString& sentence) {
    m_placeholder = sentence;
    update();
}

void SliceView::setFourthPane(QWidget* widget) {
    delete m_fourth;
    m_fourth = widget;
    if (m_fourth)
        m_fourth->setParent(this);
    arrange();
    Q_EMIT sceneChanged();
}

void SliceView::setFourthShown(bool on) {
    m_fourthWanted = on;
    arrange();
    Q_EMIT sceneChanged();
}

void SliceView::enlarge(SlicePane* target) {
    m_enlarged = target;
    m_fitted = true;
    arrange();
    if (target)
        target->setFocus();
    Q_EMIT sceneChanged();
}

void SliceView::setBarShown(bool on) {
    m_bar->setVisible(on);
    arrange();
}

void SliceView::arrange() {
    m_readoutLabel->resize(std::max(0, width() - 16), m_readoutLabel->height());  // which tells its lines
    const int bottom = readoutHeight();
    const int top = m_bar->isHidden() ? 0 : m_bar->sizeHint().height();
    const int time = m_time->isHidden() ? 0 : m_time->sizeHint().height();
    m_bar->setGeometry(0, 0, width(), top);
    m_readoutLabel->setGeometry(8, height() - bottom, m_readoutLabel->width(), bottom);
    m_time->setGeometry(0, height() - bottom - time, width(), time);
    QRect area(0, top, width(), std::max(0, height() - top - bottom - time));
    area = besideBar(*m_overlayBar, hasVoxels() && width() >= leastWithBars && overlayHasColors(), area);
    area =
        besideBar(*m_colorBar, hasVoxels() && width() >= leastWithBars && !m_scene.volume->isColored(), area);
    placePanes(area);
    if (m_fitted)
        fitPanes();
    m_readoutLabel->setVisible(hasVoxels());
    updateReadout();
}

// Whether its colours stand for values of its own.
bool SliceView::overlayHasColors() const {
    return m_scene.overlay && !m_scene.overlay->isColored() &&
           m_scene.overlayLook.mode != OverlayMode::Difference;
}

void SliceView::placePanes(const QRect& area) {
    constexpr int gap = 2;
    std::array<QSizeF, 3> content;
    for (std::size_t i = 0; i < 3; ++i) {
        content[i] = m_panes[i]->contentSize();
        m_panes[i]->setVisible(hasVoxels() && (!m_enlarged || m_enlarged == m_panes[i]));
    }
    const bool four = hasVoxels() && isFourthShown() && !m_enlarged;
    if (m_fourth)
        m_fourth->setVisible(four);
    if (m_enlarged)
        return m_enlarged->setGeometry(area);
    if (four) {
        const auto places = arrangeFour(area, content, gap);
        for (std::size_t i = 0; i < 3; ++i)
            m_panes[i]->setGeometry(places[i]);
        return m_fourth->setGeometry(places[3]);
    }
    const auto places = arrangePanes(area, content, gap);
    for (std::size_t i = 0; i < 3; ++i)
        m_panes[i]->setGeometry(places[i]);
}

void SliceView::updateColorBar() {
    const bool difference = m_scene.overlay && m_scene.overlayLook.mode == OverlayMode::Difference;
    m_colorBar->setMap(difference ? ColorMapKind::Diverging : m_scene.colors.map,
                       difference ? differenceWindow(window()) : window(),
                       hasVoxels() ? m_scene.volume->unit : QString(),
                       difference ? tr("difference") : QString());
    if (m_scene.overlay)
        m_overlayBar->setMap(m_scene.overlayLook.colors.map, m_scene.overlayLook.colors.window,
                             m_scene.overlay->unit, tr("overlay"));
    if (m_overlayBar->isHidden() == (overlayHasColors() && width() >= leastWithBars))
        arrange();
}

QImage SliceView::panesPicture() const {
    QRect area;
    for (const SlicePane* target : m_panes)
        if (target->isVisibleTo(this))
            area |= target->geometry();
    const bool fourth = m_fourth && m_fourth->isVisibleTo(this);
    if (fourth)
        area |= m_fourth->geometry();
    QImage image(area.size() * devicePixelRatioF(), QImage::Format_RGB32);
    image.setDevicePixelRatio(devicePixelRatioF());
    image.fill(Qt::black);
    QPainter painter(&image);
    for (SlicePane* target : m_panes) {
        if (!target->isVisibleTo(this))
            continue;
        painter.save();
        painter.translate(target->pos() - area.topLeft());
        painter.setClipRect(target->rect());
        target->paintSlice(painter);
        painter.restore();
    }
    if (fourth)
        m_fourth->render(&painter, m_fourth->pos() - area.topLeft());
    return image;
}

void SliceView::openMenu(QPoint globalPosition) {
    QMenu menu(this);
    m_bar->fillMenu(menu);
    menu.exec(globalPosition);
}

void SliceView::paintEvent(QPaintEvent*) {
    if (hasVoxels())
        return;
    QPainter painter(this);
    const QRect area = rect().adjusted(0, m_bar->isHidden() ? 0 : m_bar->height(), 0, 0);
    painter.fillRect(area, themeColors(palette()).surface);
    paintPlaceholder(painter, area, m_placeholder);
}

void SliceView::resizeEvent(QResizeEvent*) {
    arrange();
}

void SliceView::showEvent(QShowEvent*) {
    arrange();
}

void SliceView::hideEvent(QHideEvent*) {
    setCine(false);  // nobody watches
    m_time->pause();
}

bool SliceView::event(QEvent* event) {
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        arrange();
    return handled;
}

}  // namespace denoscope
