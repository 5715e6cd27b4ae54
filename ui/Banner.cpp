// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Banner.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/SvgIcon.h"
#include "ui/TextLabel.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

QString sentence(const std::string& text) {
    QString result = QString::fromStdString(text);
    if (!result.isEmpty())
        result[0] = result[0].toUpper();
    return result;
}

}  // namespace

Banner::Banner(QWidget* parent) : QFrame(parent) {
    setObjectName("banner");
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    setAccessibleName(tr("Message"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 6, 6);
    row->setSpacing(10);
    m_icon = new QLabel(this);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout;
    column->setSpacing(1);
    m_what = new TextLabel(TextLabel::Role::Title, {}, this);
    m_what->setWordWrap(true);
    m_details = new TextLabel(TextLabel::Role::Body, {}, this);
    for (TextLabel* label : {m_what, m_details}) {
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(label);
    }
    row->addLayout(column, 1);
    m_more = new QToolButton(this);
    m_more->setAutoRaise(true);
    connect(m_more, &QToolButton::clicked, this, &Banner::logAsked);
    row->addWidget(m_more, 0, Qt::AlignTop);
    m_close = new QToolButton(this);
    m_close->setIcon(svgIcon("close"));
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Dismiss"));
    m_close->setAccessibleName(tr("Dismiss the message"));
    connect(m_close, &QToolButton::clicked, this, &Banner::dismiss);
    row->addWidget(m_close, 0, Qt::AlignTop);
    hide();
}

void Banner::present(LogLine::Level level, const Error& error) {
    m_earlier = isHidden() ? 0 : m_earlier + 1;
    m_level = level;
    m_what->setText(sentence(error.what));
    QStringList details;
    if (!error.where.empty())
        details << QString::fromStdString(error.where);
    if (!error.remedy.empty())
        details << sentence(error.remedy);
    m_details->setText(details.join(QStringLiteral("  —  ")));
    m_details->setVisible(!details.isEmpty());
    m_more->setText(m_earlier == 0 ? tr("Show log") : tr("%n earlier, show log", nullptr, m_earlier));
    restyle();
    setVisible(true);
}

void Banner::dismiss() {
    m_earlier = 0;
    hide();
}

QString Banner::text() const {
    return m_what->text() + "\n" + m_details->text();
}

void Banner::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && !m_restyling)
        restyle();
    QFrame::changeEvent(event);
}

void Banner::restyle() {
    const ThemeColors& colors = themeColors(palette());
    const bool failure = m_level == LogLine::Level::Error;
    const QColor color = failure ? colors.error : colors.warning;
    QColor tint = color;
    tint.setAlphaF(0.14F);
    m_restyling = true;
    setStyleSheet(
        QStringLiteral(
            "#banner { background: rgba(%1, %2, %3, %4); border: none; border-left: 4px solid %5; }")
            .arg(tint.red())
            .arg(tint.green())
            .arg(tint.blue())
            .arg(tint.alpha())
            .arg(color.name()));
    m_icon->setPixmap(svgPixmap(failure ? "error" : "warning", {20, 20}, color, devicePixelRatioF()));
    m_restyling = false;
}

}  // namespace denoscope
