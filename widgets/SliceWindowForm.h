// SPDX-License-Identifier: GPL-3.0-or-later
// Window, level and colours of a SliceView in numbers: a histogram with handles, presets to keep, a colour
// map.
#pragma once

#include <QFrame>
#include <memory>

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLineEdit;
class QPushButton;

namespace denoscope {

class HistogramView;
class SliceView;
struct Volume;

class SliceWindowForm : public QFrame {
    Q_OBJECT

public:
    explicit SliceWindowForm(SliceView& view);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildNumbers(QFormLayout& form);
    void buildPresets(QFormLayout& form);
    void refresh();  // while it is open
    void keepPreset();
    void removePreset();

    SliceView& m_view;
    std::weak_ptr<const Volume> m_counted;  // what the histogram is of
    HistogramView* m_histogram = nullptr;
    QDoubleSpinBox* m_center = nullptr;
    QDoubleSpinBox* m_width = nullptr;
    QComboBox* m_map = nullptr;
    QLineEdit* m_name = nullptr;
    QPushButton* m_keep = nullptr;
    QPushButton* m_remove = nullptr;
};

}  // namespace denoscope
