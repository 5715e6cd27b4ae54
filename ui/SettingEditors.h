// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include "engine/api/Settings.h"

namespace denoscope {

// The field of one setting. `setting` must outlive it (those of settings() do).
class SettingEditor : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    // Changes nothing on the screen when it already means this value: the cursor of who types stays.
    void setValue(const SettingValue& value);
    // What the field says; throws EngineError with the key and what is allowed.
    virtual SettingValue value() const = 0;

Q_SIGNALS:
    void edited();     // at every change by the person
    void committed();  // the person is done with it

protected:
    virtual void display(const SettingValue& value) = 0;
};

// A field that fits the setting's kind.
SettingEditor* makeSettingEditor(const Setting& setting, QWidget* parent);

// A whole number chosen by name: names[i] stands for first + i.
SettingEditor* makeNamedEditor(const QStringList& names, std::int64_t first, QWidget* parent);

}  // namespace denoscope
