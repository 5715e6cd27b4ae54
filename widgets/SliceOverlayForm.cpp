// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceOverlayForm.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <algorithm>

#include "widgets/ElidedBox.h"
#include "widgets/NumberBox.h"
#include "widgets/SliceView.h"

namespace denoscope {

SliceOverlayForm::SliceOverlayForm(SliceView& view) : m_view(view) {
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    auto* form = new QFormLayout(this);
    m_volume = new ElidedBox;
    m_volume->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_volume->setMinimumContentsLength(22);
    form->addRow(tr("Volume"), m_volume);
    m_mode = new QComboBox;
    m_mode->addItems({tr("Blend"), tr("Checkerboard"), tr("Flicker"), tr("Difference, first minus second")});
    form->addRow(tr("Show as"), m_mode);
    m_opacity = new QSlider(Qt::Horizontal);
    m_opacity->setRange(0, 100);
    form->addRow(tr("Opacity"), m_opacity);
    m_map = new QComboBox;
    for (const ColorMapKind kind : colorMaps())
        m_map->addItem(colorMapName(kind));
    form->addRow(tr("Colours"), m_map);
    buildWindow(*form);
    m_hint =
        new QLabel(tr("Choose a second file, or keep the volume shown now and open another one: both are "
                      "placed by their own geometry. Clear where it is at or below its low value."));
    m_hint->setWordWrap(true);
    form->addRow(m_hint);
    connect(m_volume, &QComboBox::activated, this, &SliceOverlayForm::chooseVolume);
    for (QComboBox* box : {m_mode, m_map})
        connect(box, &QComboBox::activated, this, &SliceOverlayForm::change);
    connect(m_opacity, &QSlider::valueChanged, this, &SliceOverlayForm::change);
    connect(&m_view, &SliceView::sceneChanged, this, &SliceOverlayForm::refresh);
}

void SliceOverlayForm::buildWindow(QFormLayout& form) {
    m_low = numberBox(tr("Low value"));
    m_high = numberBox(tr("High value"));
    for (const QDoubleSpinBox* box : {m_low, m_high})
        connect(box, &QDoubleSpinBox::valueChanged, this, &SliceOverlayForm::change);
    auto* row = new QHBoxLayout;
    row->addWidget(m_low, 1);
    row->addWidget(m_high, 1);
    form.addRow(tr("Low, high"), row);
}

// Nothing, the overlay that there is, the volume that is shown (which stays when another one is shown), and
// what the view was given to choose from.
std::vector<std::shared_ptr<const Volume>> SliceOverlayForm::choices() const {
    const SliceScene& scene = m_view.scene();
    std::vector<std::shared_ptr<const Volume>> all{nullptr};
    const auto add = [&](const std::shared_ptr<const Volume>& volume) {
        if (volume && std::find(all.begin(), all.end(), volume) == all.end())
            all.push_back(volume);
    };
    add(scene.overlay);
    add(scene.volume);
    for (const auto& volume : m_view.overlayChoices())
        add(volume);
    return all;
}

void SliceOverlayForm::chooseVolume(int index) {
    const auto all = choices();
    const int beyond = index - static_cast<int>(all.size());
    if (beyond >= 0) {
        close();  // a dialog is to come
        Q_EMIT m_view.overlayFileWanted(beyond == 1);
    } else if (index >= 0) {
        m_view.setOverlay(all[static_cast<std::size_t>(index)]);
    }
}

void SliceOverlayForm::change() {
    OverlayLook look = m_view.scene().overlayLook;
    look.mode = static_cast<OverlayMode>(m_mode->currentIndex());
    look.opacity = m_opacity->value() / 100.0;
    look.colors.map = colorMaps()[static_cast<std::size_t>(m_map->currentIndex())];
    look.colors.window = WindowLevel::fromRange(m_low->value(), m_high->value());
    m_view.setOverlayLook(look);
}

void SliceOverlayForm::refresh() {
    if (!isVisible())
        return;
    const SliceScene& scene = m_view.scene();
    m_volume->clear();
    for (const auto& volume : choices())
        m_volume->addItem(!volume                  ? tr("None")
                          : volume == scene.volume ? tr("The one shown now: %1").arg(volume->name)
                                                   : volume->name);
    if (m_view.areOverlayFilesOffered())
        m_volume->addItems({tr("File…"), tr("Folder…")});
    m_volume->setCurrentIndex(scene.overlay ? 1 : 0);
    const OverlayLook& look = scene.overlayLook;
    const QSignalBlocker quietOpacity(m_opacity), quietLow(m_low), quietHigh(m_high);
    m_mode->setCurrentIndex(static_cast<int>(look.mode));
    m_opacity->setValue(qRound(look.opacity * 100));
    m_low->setValue(look.colors.window.low());
    m_high->setValue(look.colors.window.high());
    const auto maps = colorMaps();
    m_map->setCurrentIndex(
        static_cast<int>(std::find(maps.begin(), maps.end(), look.colors.map) - maps.begin()));
    const bool shown = scene.overlay != nullptr;
    m_mode->setEnabled(shown);
    m_opacity->setEnabled(shown && look.mode == OverlayMode::Blend);
    for (QWidget* setting :
         {static_cast<QWidget*>(m_map), static_cast<QWidget*>(m_low), static_cast<QWidget*>(m_high)})
        setting->setEnabled(shown && look.mode != OverlayMode::Difference);
}

void SliceOverlayForm::showEvent(QShowEvent*) {
    refresh();
}

}  // namespace denoscope
