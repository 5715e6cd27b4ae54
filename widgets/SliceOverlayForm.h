// SPDX-License-Identifier: GPL-3.0-or-later
// How a second volume is laid over the first one of a SliceView.
#pragma once

#include <QFrame>
#include <memory>
#include <vector>

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QSlider;

namespace denoscope {

class SliceView;
struct Volume;

class SliceOverlayForm : public QFrame {
    Q_OBJECT

public:
    explicit SliceOverlayForm(SliceView& view);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildWindow(QFormLayout& form);
    std::vector<std::shared_ptr<const Volume>> choices() const;
    void refresh();  // while it is open
    void change();
    void chooseVolume(int index);

    SliceView& m_view;
    QComboBox* m_volume = nullptr;
    QComboBox* m_mode = nullptr;
    QSlider* m_opacity = nullptr;
    QComboBox* m_map = nullptr;
    QDoubleSpinBox* m_low = nullptr;
    QDoubleSpinBox* m_high = nullptr;
    QLabel* m_hint = nullptr;
};

}  // namespace denoscope
