// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "ui/RunModel.h"

namespace denoscope {

class Preferences;
class SliceView;

// A second file laid over the slices that are shown: asks which, has the engine read it, and lays it over
// them by its own geometry. What cannot be read, or does not say where it lies, is reported and changes
// nothing.
class OverlayFiles : public QObject {
    Q_OBJECT

public:
    OverlayFiles(RunModel& model, Preferences& preferences, SliceView& view);  // owned by the view

    void ask(bool folder);  // through a dialog
    void read(const QString& path);

private:
    void layOver(const BesideRead& read);

    RunModel& m_model;
    Preferences& m_preferences;
    SliceView& m_view;
    std::string m_wanted;  // the path being read; empty: none
};

}  // namespace denoscope
