// SPDX-License-Identifier: GPL-3.0-or-later
// Volumes: linked slices with their tools, and the volume seen from outside; images that say where they lie
// or how they want to be seen, as the one slice that they are. Knows the windows that fit the data (those it
// brings, those of CT where its unit is HU, those the person kept) and remembers the latter.
#pragma once

#include <QWidget>
#include <string>
#include <utility>
#include <vector>

#include "ui/ItemPictures.h"

namespace denoscope {

class Preferences;
class SliceView;
class VolumeRenderView;

class VolumeViewer : public QWidget {
    Q_OBJECT

public:
    VolumeViewer(Preferences& preferences, QWidget* parent);

    // Items of shape (C, D, H, W) or (C, H, W), whose values are shared; others are left out. Several on one
    // grid are time points under a slider; of several on different grids the first is shown and the others
    // are offered as overlays. A window that the person chose here stays until the one of the settings, the
    // source or the grid changes.
    void setItems(const std::vector<Item>& items, const DataFacts& facts, ChosenRange chosen);

    SliceView& slices() { return *m_slices; }

private:
    void lookAt(ChosenRange chosen, const DataFacts& facts);
    void showOutside();
    void offerPresets(const DataFacts& facts);
    void keepPresets();

    Preferences& m_preferences;
    SliceView* m_slices;
    VolumeRenderView* m_outside;
    std::vector<WindowPreset> m_given;             // with the data or with its unit: not the person's own
    ChosenRange m_windowed;                        // the range that the slices were last given
    std::pair<std::string, std::string> m_source;  // and of what: source and part
};

}  // namespace denoscope
