// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/LogPanel.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTime>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "ui/SvgIcon.h"

namespace denoscope {

namespace {

constexpr int maxLines = 5000;
constexpr int levelRole = Qt::UserRole + 1;
enum Column { timeColumn, textColumn };

QString iconOf(LogLine::Level level) {
    switch (level) {
        case LogLine::Level::Info:
            return "info";
        case LogLine::Level::Warning:
            return "warning";
        case LogLine::Level::Error:
            return "error";
    }
    return {};
}

}  // namespace

class LogFilter : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setMinimumLevel(int level) {
        m_minimum = level;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
        const QModelIndex text = sourceModel()->index(row, textColumn, parent);
        return text.data(levelRole).toInt() >= m_minimum &&
               QSortFilterProxyModel::filterAcceptsRow(row, parent);
    }

private:
    int m_minimum = 0;
};

LogPanel::LogPanel(RunModel& model, QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    auto* row = new QHBoxLayout;
    m_level = new QComboBox(this);
    m_level->addItems({tr("Everything"), tr("Warnings and errors"), tr("Errors")});
    m_level->setAccessibleName(tr("Level"));
    m_search = new QLineEdit(this);
    m_search->setPlaceholderText(tr("Filter"));
    m_search->setClearButtonEnabled(true);
    m_search->setAccessibleName(tr("Filter the log"));
    auto* copyButton = new QToolButton(this);
    copyButton->setIcon(svgIcon("copy"));
    copyButton->setToolTip(tr("Copy the lines shown"));
    copyButton->setAccessibleName(copyButton->toolTip());
    row->addWidget(m_level);
    row->addWidget(m_search, 1);
    row->addWidget(copyButton);
    column->addLayout(row);

    m_lines = new QStandardItemModel(0, 2, this);
    m_lines->setHorizontalHeaderLabels({tr("Time"), tr("Message")});
    m_filter = new LogFilter(this);
    m_filter->setSourceModel(m_lines);
    m_filter->setFilterKeyColumn(textColumn);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_view = new QTreeView(this);
    m_view->setModel(m_filter);
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setAccessibleName(tr("Log"));
    m_view->header()->setSectionResizeMode(timeColumn, QHeaderView::ResizeToContents);
    column->addWidget(m_view, 1);

    connect(m_level, &QComboBox::activated, this, &LogPanel::setMinimumLevel);
    connect(m_search, &QLineEdit::textChanged, m_filter, &QSortFilterProxyModel::setFilterFixedString);
    connect(copyButton, &QToolButton::clicked, this, &LogPanel::copy);
    connect(&model, &RunModel::logged, this, &LogPanel::add);
}

void LogPanel::add(LogLine::Level level, const QString& text) {
    const QScrollBar* bar = m_view->verticalScrollBar();
    const bool atEnd = bar->value() == bar->maximum();
    auto* time = new QStandardItem(QTime::currentTime().toString("HH:mm:ss"));
    auto* line = new QStandardItem(svgIcon(iconOf(level)), text);
    line->setData(static_cast<int>(level), levelRole);
    line->setToolTip(text);
    m_lines->appendRow({time, line});
    if (m_lines->rowCount() > maxLines)
        m_lines->removeRow(0);
    if (atEnd)
        m_view->scrollToBottom();
}

void LogPanel::setMinimumLevel(int level) {
    m_level->setCurrentIndex(level);
    m_filter->setMinimumLevel(level);
}

int LogPanel::lineCount() const {
    return m_filter->rowCount();
}

QString LogPanel::visibleText() const {
    QStringList lines;
    for (int row = 0; row < m_filter->rowCount(); ++row)
        lines << m_filter->index(row, timeColumn).data().toString() + "  " +
                     m_filter->index(row, textColumn).data().toString();
    return lines.join('\n');
}

void LogPanel::copy() {
    QGuiApplication::clipboard()->setText(visibleText());
}

}  // namespace denoscope
