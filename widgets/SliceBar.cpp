// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceBar.h"

#include <QActionGroup>
#include <QMenu>
#include <QScreen>
#include <QToolButton>
#include <algorithm>

#include "widgets/ElidedBox.h"
#include "widgets/Icons.h"
#include "widgets/SliceOverlayForm.h"
#include "widgets/SlicePane.h"
#include "widgets/SlicePlaneForm.h"
#include "widgets/SliceView.h"
#include "widgets/SliceWindowForm.h"

namespace denoscope {

namespace {

// Under the button, but within the screen.
void openUnder(QWidget& form, const QWidget& button) {
    form.adjustSize();
    QPoint place = button.mapToGlobal(QPoint(0, button.height() + 2));
    const QRect screen = button.screen()->availableGeometry();
    place.setX(std::max(screen.left(), std::min(place.x(), screen.right() - form.width())));
    place.setY(std::max(screen.top(), std::min(place.y(), screen.bottom() - form.height())));
    form.move(place);
    form.show();
    form.setFocus();
}

}  // namespace

SliceBar::SliceBar(SliceView& view) : QToolBar(&view), m_view(view) {
    setIconSize({16, 16});
    m_presets = new ElidedBox;
    m_presets->setAccessibleName(tr("Window"));
    m_presets->setToolTip(
        tr("Range of values spread over the colours; drag with the right button to change it"));
    m_presets->setPlaceholderText(tr("Own window"));
    m_presets->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_presets->setMinimumContentsLength(10);
    addWidget(m_presets);
    connect(m_presets, &QComboBox::activated, &m_view, &SliceView::choosePreset);
    addChannels();
    addForms();
    addSeparator();
    addTools();
    addSeparator();
    addCine();
    addToggles();
    for (QToolButton* button : findChildren<QToolButton*>())
        button->setFocusPolicy(Qt::StrongFocus);
    if (auto* more = findChild<QToolButton*>(QStringLiteral("qt_toolbar_ext_button"))) {
        more->setIcon(glyphIcon(Glyph::More));
        more->setToolTip(tr("More tools"));
    }
    connect(&m_view, &SliceView::sceneChanged, this, &SliceBar::refresh);
    refresh();
}

QAction* SliceBar::addPopup(const QIcon& icon, const QString& name, const QString& help, QWidget* form) {
    auto* button = new QToolButton;
    button->setIcon(icon);
    button->setAccessibleName(name);
    button->setToolTip(help);
    form->setParent(this, Qt::Popup);
    connect(button, &QToolButton::clicked, this, [form, button] { openUnder(*form, *button); });
    return addWidget(button);
}

void SliceBar::addChannels() {
    m_channels = new ElidedBox;
    m_channels->setAccessibleName(tr("Channel"));
    m_channels->setToolTip(tr("Which of the channels is shown"));
    m_channels->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_channels->setMinimumContentsLength(8);
    m_channelsShown = addWidget(m_channels);
    connect(m_channels, &QComboBox::activated, &m_view, [this](int index) {
        const QVariant channel = m_channels->itemData(index);
        m_view.setChannel(channel.isValid() ? std::optional(channel.toInt()) : std::nullopt);
    });
}

void SliceBar::addForms() {
    addPopup(glyphIcon(Glyph::Contrast), tr("Window and colours"),
             tr("Window and colours: histogram, exact values, presets of your own, colour map"),
             new SliceWindowForm(m_view));
    m_planes = addPopup(glyphIcon(Glyph::Planes), tr("Planes"),
                        tr("Planes: oblique angles, projections over a slab (maximum, minimum, mean)"),
                        new SlicePlaneForm(m_view));
    addPopup(glyphIcon(Glyph::Layers), tr("Overlay"),
             tr("Overlay: how a second volume is laid over this one"), new SliceOverlayForm(m_view));
}

void SliceBar::addTools() {
    struct Entry {
        SliceTool tool;
        Glyph glyph;
        QString name, help;
    };
    const Entry entries[] = {
        {SliceTool::Crosshair, Glyph::Crosshair, tr("Crosshair"), tr("Move the crosshair (Escape)")},
        {SliceTool::Window, Glyph::Window, tr("Window and level"),
         tr("Drag: across widens the window, up raises it (right button, or Shift)")},
        {SliceTool::Turn, Glyph::Turn, tr("Turn"), tr("Turn the planes about the crosshair (Alt and drag)")},
        {SliceTool::Ruler, Glyph::Ruler, tr("Ruler"), tr("Measure a length in mm")},
        {SliceTool::Ellipse, Glyph::Ellipse, tr("Ellipse"), tr("Statistics of an elliptical region")},
        {SliceTool::Rectangle, Glyph::Rectangle, tr("Rectangle"), tr("Statistics of a rectangular region")}};
    m_tools = new QActionGroup(this);
    for (const Entry& entry : entries) {
        QAction* action = addAction(glyphIcon(entry.glyph), entry.name);
        action->setToolTip(entry.help);
        action->setCheckable(true);
        action->setData(static_cast<int>(entry.tool));
        m_tools->addAction(action);
        connect(action, &QAction::triggered, &m_view, [this, tool = entry.tool] { m_view.setTool(tool); });
    }
}

void SliceBar::addCine() {
    m_cine = addAction(glyphIcon(Glyph::Play), tr("Play the slices"));
    m_cine->setToolTip(tr("Play the slices of the pane used last, round and round (Space)"));
    connect(m_cine, &QAction::triggered, &m_view, [this] { m_view.setCine(!m_view.isCinePlaying()); });
    auto* rates = new QMenu(this);
    auto* group = new QActionGroup(rates);
    for (const int rate : {5, 10, 15, 25, 30}) {
        QAction* action = rates->addAction(tr("%1 slices a second").arg(rate));
        action->setCheckable(true);
        action->setChecked(rate == m_view.framesPerSecond());
        group->addAction(action);
        connect(action, &QAction::triggered, &m_view, [this, rate] { m_view.setFramesPerSecond(rate); });
    }
    m_cine->setMenu(rates);
    if (auto* button = qobject_cast<QToolButton*>(widgetForAction(m_cine)))
        button->setPopupMode(QToolButton::DelayedPopup);
}

void SliceBar::addToggles() {
    const auto toggle = [this](const QString& name, auto change) {
        auto* action = new QAction(name, this);
        action->setCheckable(true);
        connect(action, &QAction::triggered, &m_view, change);
        return action;
    };
    m_fourth = toggle(tr("3D"), [this](bool on) { m_view.setFourthShown(on); });
    m_fourth->setToolTip(tr("The volume seen from outside, beside the slices"));
    addAction(m_fourth);
    m_radiological = toggle(tr("Radiological: the patient's right on the left"),
                            [this](bool on) { m_view.setRadiological(on); });
    m_interpolated =
        toggle(tr("Interpolate between voxels\tI"), [this](bool on) { m_view.setInterpolated(on); });
    m_crosshair = toggle(tr("Show the crosshair\tX"), [this](bool on) { m_view.setCrosshairShown(on); });
    m_enlarged = toggle(tr("This pane alone\tF"),
                        [this](bool on) { m_view.enlarge(on ? m_view.activePane() : nullptr); });
    m_clear = new QAction(tr("Remove all measurements"), this);
    connect(m_clear, &QAction::triggered, &m_view, &SliceView::clearMeasurements);
    m_reset = addAction(glyphIcon(Glyph::Fit), tr("Reset the view"));
    m_reset->setToolTip(tr("Reset zoom, crosshair, angles and window (Home, or double click)"));
    connect(m_reset, &QAction::triggered, &m_view, &SliceView::resetView);
}

void SliceBar::fillMenu(QMenu& menu) const {
    menu.addActions(m_tools->actions());
    menu.addSeparator();
    menu.addActions({m_radiological, m_interpolated, m_crosshair, m_enlarged});
    menu.addSeparator();
    menu.addActions({m_clear, m_reset});
}

void SliceBar::fillPresets() {
    QStringList names{tr("Automatic"), tr("Full range")};
    for (const WindowPreset& preset : m_view.windowPresets())
        names << preset.name;
    QStringList shown;
    for (int i = 0; i < m_presets->count(); ++i)
        shown << m_presets->itemText(i);
    if (shown != names) {
        m_presets->clear();
        m_presets->addItems(names);
    }
    m_presets->setCurrentIndex(m_view.preset());
}

// All together as colours, which have no number, then one by one.
void SliceBar::fillChannels() {
    const auto& volume = m_view.volume();
    m_channelsShown->setVisible(volume && volume->channels > 1);
    if (!volume)
        return;
    QStringList names;
    for (int channel = 0; channel < volume->channels; ++channel)
        names << channelName(*volume, channel);
    if (names != m_channelNames) {
        m_channelNames = names;
        m_channels->clear();
        if (volume->channels == 3)
            m_channels->addItem(tr("Colours"));
        for (int channel = 0; channel < volume->channels; ++channel)
            m_channels->addItem(names[channel], channel);
    }
    m_channels->setCurrentIndex(volume->isColored() ? 0 : m_channels->findData(volume->channel.value_or(0)));
}

void SliceBar::refresh() {
    fillPresets();
    fillChannels();
    for (QAction* action : m_tools->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(m_view.scene().tool));
    m_cine->setIcon(glyphIcon(m_view.isCinePlaying() ? Glyph::Pause : Glyph::Play));
    m_fourth->setVisible(m_view.fourthPane() != nullptr && !m_view.isFlat());
    m_fourth->setChecked(m_view.isFourthShown());
    m_radiological->setChecked(m_view.radiological());
    m_interpolated->setChecked(m_view.scene().interpolated);
    m_crosshair->setChecked(m_view.scene().crosshairShown);
    m_enlarged->setChecked(m_view.enlarged() != nullptr);
    m_clear->setEnabled(!m_view.scene().measurements.empty());
    refreshForPictures();
}

void SliceBar::refreshForPictures() {
    const bool flat = m_view.isFlat();
    const auto& volume = m_view.volume();
    for (QAction* action : {m_planes, m_cine})
        action->setVisible(!flat);
    for (QAction* action : m_tools->actions())
        if (action->data().toInt() == static_cast<int>(SliceTool::Turn))
            action->setVisible(!flat);
    m_enlarged->setEnabled(!flat);
    m_radiological->setEnabled(!volume || volume->place == Volume::Place::Patient);
}

}  // namespace denoscope
