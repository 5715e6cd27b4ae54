// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SlicePlaneForm.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QPushButton>

#include "widgets/NumberBox.h"
#include "widgets/SliceView.h"

namespace denoscope {

SlicePlaneForm::SlicePlaneForm(SliceView& view) : m_view(view) {
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    auto* form = new QFormLayout(this);
    buildSlab(*form);
    buildAngles(*form);
    buildSwitches(*form);
    connect(&m_view, &SliceView::sceneChanged, this, &SlicePlaneForm::refresh);
}

void SlicePlaneForm::buildSlab(QFormLayout& form) {
    m_projection = new QComboBox;
    m_projection->addItems({tr("One slice"), tr("Maximum (MIP)"), tr("Minimum (MinIP)"), tr("Mean")});
    m_projection->setToolTip(
        tr("What is shown of the values along the line of sight, over a slab about the slice"));
    form.addRow(tr("Projection"), m_projection);
    m_thickness = numberBox(tr("Slab"));
    m_thickness->setStepType(QAbstractSpinBox::DefaultStepType);
    m_thickness->setRange(0.5, 2000);
    m_thickness->setValue(10);
    m_thickness->setDecimals(1);
    m_thickness->setSuffix(tr(" mm"));
    form.addRow(tr("Slab"), m_thickness);
    connect(m_projection, &QComboBox::activated, this, &SlicePlaneForm::changeSlab);
    connect(m_thickness, &QDoubleSpinBox::valueChanged, this, &SlicePlaneForm::changeSlab);
}

void SlicePlaneForm::buildAngles(QFormLayout& form) {
    const std::array<QString, 3> names{tr("Turn about R-L"), tr("Turn about A-P"), tr("Turn about S-I")};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        auto* angle = numberBox(names[axis]);
        angle->setStepType(QAbstractSpinBox::DefaultStepType);
        angle->setRange(-180, 180);
        angle->setDecimals(1);
        angle->setWrapping(true);
        angle->setSuffix(QStringLiteral("°"));
        angle->setToolTip(tr("Oblique planes: their common frame is turned about the crosshair"));
        form.addRow(names[axis], angle);
        connect(angle, &QDoubleSpinBox::valueChanged, this, &SlicePlaneForm::changeAngles);
        m_angles[axis] = angle;
    }
    auto* straight = new QPushButton(tr("Along the voxels"));
    straight->setToolTip(tr("No angles: every pixel is a voxel again"));
    connect(straight, &QPushButton::clicked, &m_view, [this] { m_view.setRotation({}); });
    form.addRow(straight);
}

void SlicePlaneForm::buildSwitches(QFormLayout& form) {
    m_radiological = new QCheckBox(tr("Radiological: the patient's right on the left"));
    m_interpolated = new QCheckBox(tr("Interpolate between voxels"));
    m_crosshair = new QCheckBox(tr("Show the crosshair"));
    for (QCheckBox* box : {m_radiological, m_interpolated, m_crosshair})
        form.addRow(box);
    connect(m_radiological, &QCheckBox::clicked, &m_view, &SliceView::setRadiological);
    connect(m_interpolated, &QCheckBox::clicked, &m_view, &SliceView::setInterpolated);
    connect(m_crosshair, &QCheckBox::clicked, &m_view, &SliceView::setCrosshairShown);
}

void SlicePlaneForm::changeSlab() {
    m_view.setSlab({static_cast<Projection>(m_projection->currentIndex()), m_thickness->value()});
}

void SlicePlaneForm::changeAngles() {
    const auto degrees = [this](std::size_t axis) { return static_cast<float>(m_angles[axis]->value()); };
    if (degrees(0) == 0 && degrees(1) == 0 && degrees(2) == 0)
        m_view.setRotation({});
    else
        m_view.setRotation(QQuaternion::fromEulerAngles(degrees(0), degrees(1), degrees(2)));
}

void SlicePlaneForm::refresh() {
    if (!isVisible())
        return;
    const SliceScene& scene = m_view.scene();
    const QSignalBlocker quietThickness(m_thickness);
    m_projection->setCurrentIndex(static_cast<int>(scene.slab.projection));
    if (scene.slab.thickness > 0)
        m_thickness->setValue(scene.slab.thickness);
    m_thickness->setEnabled(scene.slab.projection != Projection::None);
    const QVector3D degrees = scene.rotation.toEulerAngles();
    for (int axis = 0; axis < 3; ++axis) {
        QDoubleSpinBox* box = m_angles[static_cast<std::size_t>(axis)];
        const QSignalBlocker quiet(box);
        if (!box->hasFocus())  // else what is being set would jump to another way of saying the same
            box->setValue(static_cast<double>(degrees[axis]));
    }
    m_radiological->setChecked(scene.radiological);
    m_interpolated->setChecked(scene.interpolated);
    m_crosshair->setChecked(scene.crosshairShown);
}

void SlicePlaneForm::showEvent(QShowEvent*) {
    refresh();
}

}  // namespace denoscope
