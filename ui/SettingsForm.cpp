// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SettingsForm.h"

#include <QGridLayout>
#include <QToolButton>
#include <algorithm>
#include <utility>

#include "ui/SvgIcon.h"
#include "ui/TextLabel.h"

namespace denoscope {

namespace {

constexpr int resetWidth = 26, resetHeight = 24;
enum Column { labelColumn, editorColumn, unitColumn, resetColumn, columnCount };

QString textOf(const Error& error) {
    QString text = QString::fromStdString(error.what);
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return error.remedy.empty() ? text : text + QStringLiteral(": ") + QString::fromStdString(error.remedy);
}

}  // namespace

SettingsForm::SettingsForm(RunModel& model, const QString& group, const QStringList& withoutKeys,
                           QWidget* parent, int columns)
    : QWidget(parent), m_model(model), m_grid(new QGridLayout(this)), m_mostColumns(columns) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(6);
    m_grid->setVerticalSpacing(4);
    // Basic ones, the fold, advanced ones: also the order of the Tab key.
    for (const bool advanced : {false, true}) {
        for (const Setting& setting : settings())
            if (setting.advanced == advanced && setting.group() == group.toStdString() &&
                !withoutKeys.contains(QString::fromStdString(setting.key)))
                addRow(setting);
        if (!advanced)
            addFold();
    }
    showAdvanced(false);
    connect(&m_model, &RunModel::configChanged, this, &SettingsForm::refresh);
    connect(&m_model, &RunModel::assessed, this, &SettingsForm::refresh);
    connect(&m_model, &RunModel::stateChanged, this, &SettingsForm::refreshLocks);
    refreshLocks();
}

std::array<QWidget*, 5> SettingsForm::widgetsOf(const Row& row) {
    return {row.label, row.editor, row.unit, row.reset, row.problem};
}

void SettingsForm::addRow(const Setting& setting) {
    Row row;
    row.setting = &setting;
    row.label = new QLabel(QString::fromStdString(setting.label), this);
    row.editor = makeSettingEditor(setting, this);
    row.unit = new TextLabel(TextLabel::Role::Muted, QString::fromStdString(setting.unit), this);
    row.unit->setWordWrap(false);
    row.reset = new QToolButton(this);
    row.reset->setIcon(svgIcon("reset"));
    row.reset->setAutoRaise(true);
    row.reset->setIconSize({14, 14});
    row.reset->setFixedSize(resetWidth, resetHeight);  // no higher than the fields: lines stay as high
    row.problem = new TextLabel(TextLabel::Role::Problem, {}, this);
    for (QWidget* widget : widgetsOf(row))
        widget->hide();
    connect(row.reset, &QToolButton::clicked, this, [this, key = &setting] {
        m_model.setValue(*key, key->get(m_model.defaults()));
        m_model.commit();
    });
    bind(row);
    m_rows.push_back(row);
}

void SettingsForm::bind(Row& row) {
    const Setting* setting = row.setting;
    row.editor->setObjectName(QString::fromStdString(setting->key));
    row.editor->setAccessibleName(QString::fromStdString(setting->label));
    if (QWidget* field = row.editor->focusProxy())
        field->setAccessibleName(QString::fromStdString(setting->label));
    row.editor->setAccessibleDescription(QString::fromStdString(labelledHelp(*setting)));
    row.label->setBuddy(row.editor);
    connect(row.editor, &SettingEditor::edited, this, [this, setting] {
        if (const Row* edited = find(QString::fromStdString(setting->key)))
            read(*edited);
    });
    connect(row.editor, &SettingEditor::committed, &m_model, &RunModel::commit);
}

void SettingsForm::addFold() {
    m_fold = new QToolButton(this);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setAutoRaise(true);
    connect(m_fold, &QToolButton::clicked, this, [this] { showAdvanced(!m_advancedShown); });
}

QSize SettingsForm::minimumSizeHint() const {
    const QSize hint = QWidget::minimumSizeHint();
    return {hint.width() / m_columns, hint.height()};
}

void SettingsForm::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (m_mostColumns > 1)
        fitColumns();
}

void SettingsForm::fitColumns() {
    m_columns = m_mostColumns;
    arrange();
    if (m_columns > 1 && m_grid->minimumSize().width() > width()) {
        m_columns = 1;
        arrange();
    }
}

// The shown rows close up; what stays where it is is not touched, and the focus stays with its field.
void SettingsForm::arrange() {
    for (int column = 0; column < m_mostColumns; ++column) {
        const bool used = column < m_columns;
        m_grid->setColumnStretch(column * columnCount + editorColumn, used ? 1 : 0);
        // Kept free where there is nothing to reset.
        m_grid->setColumnMinimumWidth(column * columnCount + resetColumn, used ? resetWidth : 0);
    }
    const int line = arrangePart(false, 0);
    if (line != m_foldLine) {
        m_grid->removeWidget(m_fold);
        m_grid->addWidget(m_fold, line, labelColumn, 1, columnCount);
        m_foldLine = line;
    }
    m_fold->setVisible(std::ranges::any_of(m_rows, [this](const Row& row) {
        return row.setting->advanced && (row.setting->isRelevant(m_model.config()) || problemOf(row));
    }));
    arrangePart(true, line + 1);
}

int SettingsForm::arrangePart(bool advanced, int firstLine) {
    int cells = 0;
    for (Row& row : m_rows) {
        if (row.setting->advanced != advanced)
            continue;
        const bool means = row.setting->isRelevant(m_model.config()) || problemOf(row);
        row.shown = means && (!advanced || m_advancedShown);
        if (row.shown) {
            // What is wrong with it has the line below.
            place(row, firstLine + 2 * (cells / m_columns), columnCount * (cells % m_columns));
            ++cells;
        }
        row.label->setVisible(row.shown);
        row.editor->setVisible(row.shown);
        row.unit->setVisible(row.shown && !row.setting->unit.empty());
    }
    return firstLine + 2 * ((cells + m_columns - 1) / m_columns);
}

void SettingsForm::place(Row& row, int line, int column) {
    if (row.line == line && row.column == column && m_grid->indexOf(row.editor) >= 0)
        return;
    row.line = line;
    row.column = column;
    for (QWidget* widget : widgetsOf(row))
        m_grid->removeWidget(widget);
    m_grid->addWidget(row.label, line, column + labelColumn);
    // Choices need the width, and have no unit.
    m_grid->addWidget(row.editor, line, column + editorColumn, 1, row.setting->unit.empty() ? 2 : 1);
    if (!row.setting->unit.empty())
        m_grid->addWidget(row.unit, line, column + unitColumn);
    m_grid->addWidget(row.reset, line, column + resetColumn);
    m_grid->addWidget(row.problem, line + 1, column, 1, columnCount);
}

void SettingsForm::setNames(const QString& key, const QStringList& names, std::int64_t first) {
    Row* row = find(key);
    if (row == nullptr)
        return;
    SettingEditor* editor =
        names.isEmpty() ? makeSettingEditor(*row->setting, this) : makeNamedEditor(names, first, this);
    editor->hide();
    setTabOrder(row->editor, editor);
    delete std::exchange(row->editor, editor);
    bind(*row);
    refreshLocks();
}

SettingsForm::Row* SettingsForm::find(const QString& key) {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&](const Row& row) { return row.setting->key == key.toStdString(); });
    return found == m_rows.end() ? nullptr : &*found;
}

QStringList SettingsForm::keys() const {
    QStringList keys;
    for (const Row& row : m_rows)
        keys << QString::fromStdString(row.setting->key);
    return keys;
}

SettingEditor* SettingsForm::editor(const QString& key) const {
    const Row* row = const_cast<SettingsForm*>(this)->find(key);
    return row ? row->editor : nullptr;
}

bool SettingsForm::isShown(const QString& key) const {
    const Row* row = const_cast<SettingsForm*>(this)->find(key);
    return row && row->shown;
}

QString SettingsForm::problemText(const QString& key) const {
    const Row* row = const_cast<SettingsForm*>(this)->find(key);
    return row && !row->problem->isHidden() ? row->problem->text() : QString();
}

void SettingsForm::showAdvanced(bool on) {
    m_advancedShown = on;
    refresh();
}

void SettingsForm::read(const Row& row) {
    try {
        m_model.setValue(*row.setting, row.editor->value());
    } catch (const EngineError& error) {
        m_model.setInputProblem(row.setting->key, error.error());
    }
}

void SettingsForm::refresh() {
    m_advancedShown |= std::ranges::any_of(
        m_rows, [this](const Row& row) { return row.setting->advanced && problemOf(row) != nullptr; });
    m_fold->setText(m_advancedShown ? tr("Fewer settings") : tr("More settings"));
    m_fold->setArrowType(m_advancedShown ? Qt::DownArrow : Qt::RightArrow);
    fitColumns();
    refreshValues();
    refreshProblems();
}

void SettingsForm::refreshValues() {
    for (const Row& row : m_rows) {
        const SettingValue value = row.setting->get(m_model.config());
        // What cannot be read stays on the screen beside its problem until it is mended.
        if (!m_model.hasInputProblem(row.setting->key))
            row.editor->setValue(value);
        const SettingValue fallback = row.setting->get(m_model.defaults());
        row.reset->setVisible(row.shown && isFree(row) &&
                              (value != fallback || m_model.hasInputProblem(row.setting->key)));
        const QString text = QString::fromStdString(labelText(*row.setting, fallback));
        row.reset->setToolTip(text.isEmpty() ? tr("Back to automatic") : tr("Back to %1").arg(text));
        row.reset->setAccessibleName(tr("Reset %1").arg(QString::fromStdString(row.setting->label)));
    }
}

const Problem* SettingsForm::problemOf(const Row& row) const {
    const auto& problems = m_model.problems();
    const auto found = std::ranges::find(problems, row.setting->key, &Problem::key);
    return found == problems.end() ? nullptr : &*found;
}

void SettingsForm::refreshProblems() {
    for (const Row& row : m_rows) {
        const Problem* problem = problemOf(row);
        row.problem->setText(problem ? textOf(problem->error) : QString());
        row.problem->setVisible(problem && row.shown);
    }
}

bool SettingsForm::isFree(const Row& row) const {
    return row.setting->applies == Applies::Live || allows(m_model.state(), CommandKind::StartTraining);
}

void SettingsForm::refreshLocks() {
    const bool newRunPossible = allows(m_model.state(), CommandKind::StartTraining);
    for (const Row& row : m_rows) {
        const bool free = isFree(row);
        row.editor->setEnabled(free);
        QString tip = QString::fromStdString(labelledHelp(*row.setting));
        if (!free)
            tip += "\n\n" + tr("Locked: it applies to a new run, and one is going on. Stop it first.");
        else if (row.setting->applies == Applies::Live && !newRunPossible)
            tip += "\n\n" + tr("May be changed while the run goes on.");
        // As rich text, so that a long help is wrapped.
        tip = "<qt>" + tip.toHtmlEscaped().replace("\n", "<br>") + "</qt>";
        row.label->setToolTip(tip);
        row.editor->setToolTip(tip);
    }
    refresh();
}

}  // namespace denoscope
