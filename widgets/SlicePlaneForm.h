// SPDX-License-Identifier: GPL-3.0-or-later
// How a SliceView cuts the volume: angles, slabs, conventions.
#pragma once

#include <QFrame>
#include <array>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;

namespace denoscope {

class SliceView;

class SlicePlaneForm : public QFrame {
    Q_OBJECT

public:
    explicit SlicePlaneForm(SliceView& view);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildSlab(QFormLayout& form);
    void buildAngles(QFormLayout& form);
    void buildSwitches(QFormLayout& form);
    void refresh();  // while it is open
    void changeSlab();
    void changeAngles();

    SliceView& m_view;
    QComboBox* m_projection = nullptr;
    QDoubleSpinBox* m_thickness = nullptr;
    std::array<QDoubleSpinBox*, 3> m_angles{};  // about R, A and S
    QCheckBox* m_radiological = nullptr;
    QCheckBox* m_interpolated = nullptr;
    QCheckBox* m_crosshair = nullptr;
};

}  // namespace denoscope
