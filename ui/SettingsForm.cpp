// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SettingsForm.h"

#include <QGridLayout>
#include <QToolButton>
#include <algorithm>

#include "ui/SvgIcon.h"
#include "ui/TextLabel.h"

namespace denoscope {

namespace {

constexpr int resetWidth = 26;
enum Column { LabelColumn, EditorColumn, UnitColumn, ResetColumn, ColumnCount };

QString textOf(const Error& error) {
    QString text = QString::fromStdString(error.what);
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return error.remedy.empty() ? text : text + QStringLiteral(": ") + QString::fromStdString(error.remedy);
}

}  // namespace

SettingsForm::SettingsForm(RunModel& model, const QString& group, const QStringList& withoutKeys,
                           QWidget* parent, int columns)
    : QWidget(parent), m_model(model), m_grid(new QGridLayout(this)), m_columns(columns) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(6);
    m_grid->setVerticalSpacing(4);
    for (int first = 0; first < columns * ColumnCount; first += ColumnCount) {
        m_grid->setColumnStretch(first + EditorColumn, 1);
        m_grid->setColumnMinimumWidth(first + ResetColumn,
                                      resetWidth);  // kept free where there is nothing to reset
    }
    for (const bool advanced : {false, true}) {
        for (const Setting& setting : settings())
            if (setting.advanced == advanced && setting.group() == group.toStdString() &&
                !withoutKeys.contains(QString::fromStdString(setting.key)))
                addRow(setting);
        if (!advanced)
            addFold();
    }
    const bool anyAdvanced =
        std::any_of(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.setting->advanced; });
    m_fold->setVisible(anyAdvanced);
    showAdvanced(false);
    connect(&m_model, &RunModel::configChanged, this, &SettingsForm::refreshValues);
    connect(&m_model, &RunModel::assessed, this, &SettingsForm::refreshProblems);
    connect(&m_model, &RunModel::stateChanged, this, &SettingsForm::refreshLocks);
    refreshValues();
    refreshProblems();
    refreshLocks();
}

void SettingsForm::addRow(const Setting& setting) {
    Row row;
    row.setting = &setting;
    row.line = m_firstLine + 2 * (m_cells / m_columns);  // the problem has the line below
    row.column = ColumnCount * (m_cells++ % m_columns);
    row.label = new QLabel(QString::fromStdString(setting.label), this);
    row.editor = makeSettingEditor(setting, this);
    row.unit = new TextLabel(TextLabel::Role::Muted, QString::fromStdString(setting.unit), this);
    row.unit->setWordWrap(false);
    row.reset = new QToolButton(this);
    row.reset->setIcon(svgIcon("reset"));
    row.reset->setAutoRaise(true);
    row.reset->setIconSize({14, 14});
    row.problem = new TextLabel(TextLabel::Role::Problem, {}, this);
    m_grid->addWidget(row.label, row.line, row.column + LabelColumn);
    m_grid->addWidget(row.editor, row.line, row.column + EditorColumn);
    m_grid->addWidget(row.unit, row.line, row.column + UnitColumn);
    m_grid->addWidget(row.reset, row.line, row.column + ResetColumn);
    m_grid->addWidget(row.problem, row.line + 1, row.column, 1, ColumnCount);
    row.problem->hide();
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
    row.editor->setAccessibleDescription(QString::fromStdString(setting->help));
    row.label->setBuddy(row.editor);
    connect(row.editor, &SettingEditor::edited, this, [this, setting] {
        if (const Row* edited = find(QString::fromStdString(setting->key)))
            read(*edited);
    });
    connect(row.editor, &SettingEditor::committed, &m_model, &RunModel::commit);
}

void SettingsForm::addFold() {
    m_fold = new QToolButton(this);
    m_fold->setText(tr("More settings"));
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setAutoRaise(true);
    m_grid->addWidget(m_fold, m_grid->rowCount(), LabelColumn, 1, ColumnCount);
    m_firstLine = m_grid->rowCount();
    m_cells = 0;
    connect(m_fold, &QToolButton::clicked, this, [this] { showAdvanced(!m_advancedShown); });
}

void SettingsForm::setNames(const QString& key, const QStringList& names, std::int64_t first) {
    Row* row = find(key);
    if (row == nullptr)
        return;
    delete row->editor;
    row->editor =
        names.isEmpty() ? makeSettingEditor(*row->setting, this) : makeNamedEditor(names, first, this);
    m_grid->addWidget(row->editor, row->line, row->column + EditorColumn);
    bind(*row);
    refreshValues();
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

QString SettingsForm::problemText(const QString& key) const {
    const Row* row = const_cast<SettingsForm*>(this)->find(key);
    return row && !row->problem->isHidden() ? row->problem->text() : QString();
}

void SettingsForm::showAdvanced(bool on) {
    m_advancedShown = on;
    m_fold->setText(on ? tr("Fewer settings") : tr("More settings"));
    m_fold->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
    for (const Row& row : m_rows)
        if (row.setting->advanced)
            for (QWidget* widget : {static_cast<QWidget*>(row.label), static_cast<QWidget*>(row.editor),
                                    static_cast<QWidget*>(row.unit)})
                widget->setVisible(on);
    refreshValues();
    refreshProblems();
}

void SettingsForm::read(const Row& row) {
    try {
        m_model.setValue(*row.setting, row.editor->value());
    } catch (const EngineError& error) {
        m_model.setInputProblem(row.setting->key, error.error());
    }
}

void SettingsForm::refreshValues() {
    for (const Row& row : m_rows) {
        const SettingValue value = row.setting->get(m_model.config());
        // What cannot be read stays on the screen beside its problem until it is mended.
        if (!m_model.hasInputProblem(row.setting->key))
            row.editor->setValue(value);
        const SettingValue fallback = row.setting->get(m_model.defaults());
        const bool shown = !row.setting->advanced || m_advancedShown;
        row.reset->setVisible(shown && isFree(row) &&
                              (value != fallback || m_model.hasInputProblem(row.setting->key)));
        const QString text = QString::fromStdString(toText(fallback));
        row.reset->setToolTip(text.isEmpty() ? tr("Back to automatic") : tr("Back to %1").arg(text));
        row.reset->setAccessibleName(tr("Reset %1").arg(QString::fromStdString(row.setting->label)));
    }
}

void SettingsForm::refreshProblems() {
    bool hiddenProblem = false;
    for (const Row& row : m_rows) {
        const auto& problems = m_model.problems();
        const auto found = std::find_if(problems.begin(), problems.end(), [&](const Problem& problem) {
            return problem.key == row.setting->key;
        });
        const bool wrong = found != problems.end();
        row.problem->setText(wrong ? textOf(found->error) : QString());
        row.problem->setVisible(wrong && (!row.setting->advanced || m_advancedShown));
        hiddenProblem |= wrong && row.setting->advanced && !m_advancedShown;
    }
    if (hiddenProblem)
        showAdvanced(true);
}

bool SettingsForm::isFree(const Row& row) const {
    return row.setting->applies == Applies::Live || allows(m_model.state(), CommandKind::StartTraining);
}

void SettingsForm::refreshLocks() {
    const bool newRunPossible = allows(m_model.state(), CommandKind::StartTraining);
    for (const Row& row : m_rows) {
        const bool free = isFree(row);
        row.editor->setEnabled(free);
        QString tip = QString::fromStdString(row.setting->help);
        if (!free)
            tip += "\n\n" + tr("Locked: it applies to a new run, and one is going on. Stop it first.");
        else if (row.setting->applies == Applies::Live && !newRunPossible)
            tip += "\n\n" + tr("May be changed while the run goes on.");
        // As rich text, so that a long help is wrapped.
        tip = "<qt>" + tip.toHtmlEscaped().replace("\n", "<br>") + "</qt>";
        row.label->setToolTip(tip);
        row.editor->setToolTip(tip);
    }
    refreshValues();
}

}  // namespace denoscope
