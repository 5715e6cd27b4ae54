// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QWidget>
#include <array>
#include <vector>

#include "ui/RunModel.h"
#include "ui/SettingEditors.h"

class QGridLayout;
class QLabel;
class QToolButton;

namespace denoscope {

class TextLabel;

// The settings of one group as a form, made from settings() alone. Edits go to the model at every key stroke
// and to a running training when they are committed; what is wrong stands under its field; settings that need
// a new run are locked, with the reason, while one is going on. Settings that mean nothing beside the others
// are not shown, unless something is wrong with them. Of several columns one is left where there is no room.
class SettingsForm : public QWidget {
    Q_OBJECT

public:
    SettingsForm(RunModel& model, const QString& group, const QStringList& withoutKeys,
                 QWidget* parent = nullptr, int columns = 1);

    // A whole number is chosen by name instead: names[i] stands for first + i. No names: back to the number.
    void setNames(const QString& key, const QStringList& names, std::int64_t first);

    QStringList keys() const;
    SettingEditor* editor(const QString& key) const;
    bool isShown(const QString& key) const;
    QString problemText(const QString& key) const;  // as shown under the field
    bool advancedShown() const { return m_advancedShown; }
    void showAdvanced(bool on);
    QSize minimumSizeHint() const override;  // with one column

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Row {
        const Setting* setting = nullptr;
        QLabel* label = nullptr;
        SettingEditor* editor = nullptr;
        QLabel* unit = nullptr;
        QToolButton* reset = nullptr;
        TextLabel* problem = nullptr;
        int line = -1, column = 0;  // of the grid, where it was last shown
        bool shown = false;
    };

    void addRow(const Setting& setting);
    void addFold();
    void bind(Row& row);
    void fitColumns();
    void arrange();
    int arrangePart(bool advanced, int firstLine);
    void place(Row& row, int line, int column);
    static std::array<QWidget*, 5> widgetsOf(const Row& row);
    const Problem* problemOf(const Row& row) const;
    Row* find(const QString& key);
    void read(const Row& row);
    void refresh();
    void refreshValues();
    void refreshProblems();
    void refreshLocks();
    bool isFree(const Row& row) const;  // may be edited in the state of now

    RunModel& m_model;
    std::vector<Row> m_rows;
    QGridLayout* m_grid = nullptr;
    QToolButton* m_fold = nullptr;
    bool m_advancedShown = false;
    int m_columns = 1, m_mostColumns = 1;
    int m_foldLine = -1;  // of the grid
};

}  // namespace denoscope
