// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/RunModel.h"

class QComboBox;
class QLineEdit;
class QStandardItemModel;
class QTreeView;

namespace denoscope {

class LogFilter;

// What happened, newest last, with a level and a text filter. Keeps the last 5000 lines; the run folder's
// events.log has all of them.
class LogPanel : public QWidget {
    Q_OBJECT

public:
    explicit LogPanel(RunModel& model, QWidget* parent = nullptr);

    int lineCount() const;  // after filtering
    QString visibleText() const;

public Q_SLOTS:
    void add(denoscope::LogLine::Level level, const QString& text);
    void setMinimumLevel(int level);  // 0 all, 1 warnings and errors, 2 errors
    void copy();

private:
    QStandardItemModel* m_lines = nullptr;
    LogFilter* m_filter = nullptr;
    QTreeView* m_view = nullptr;
    QComboBox* m_level = nullptr;
    QLineEdit* m_search = nullptr;
};

}  // namespace denoscope
