// SPDX-License-Identifier: GPL-3.0-or-later
// The tools of a SliceView in one row; what has no room goes behind an arrow. Shows the view's scene and
// changes it.
#pragma once

#include <QToolBar>

#include "widgets/SliceScene.h"

class QActionGroup;
class QComboBox;
class QMenu;

namespace denoscope {

class SliceView;

class SliceBar : public QToolBar {
    Q_OBJECT

public:
    explicit SliceBar(SliceView& view);

    void fillMenu(QMenu& menu) const;  // for the right button

private:
    void addTools();
    void addCine();
    void addForms();
    void addToggles();
    QAction* addPopup(const QIcon& icon, const QString& name, const QString& help, QWidget* form);
    void addChannels();
    void fillPresets();
    void fillChannels();
    void refresh();
    void refreshForPictures();  // what there is nothing to choose of

    SliceView& m_view;
    QComboBox* m_presets = nullptr;
    QComboBox* m_channels = nullptr;
    QAction* m_channelsShown = nullptr;
    QStringList m_channelNames;  // offered now
    QActionGroup* m_tools = nullptr;
    QAction* m_planes = nullptr;
    QAction* m_cine = nullptr;
    QAction* m_fourth = nullptr;
    QAction* m_radiological = nullptr;
    QAction* m_interpolated = nullptr;
    QAction* m_crosshair = nullptr;
    QAction* m_enlarged = nullptr;
    QAction* m_clear = nullptr;
    QAction* m_reset = nullptr;
};

}  // namespace denoscope
