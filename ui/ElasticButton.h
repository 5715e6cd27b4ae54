// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace denoscope {

// A tool button that says less where there is little room: a shorter word, or nothing beside its icon.
class ElasticButton : public QToolButton {
    Q_OBJECT

public:
    ElasticButton(const QString& text, const QString& shortText, QWidget* parent = nullptr);

    QSize sizeHint() const override { return sizeWith(m_text); }
    QSize minimumSizeHint() const override { return sizeWith(m_shortText); }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QSize sizeWith(const QString& text) const;

    QString m_text, m_shortText;
};

}  // namespace denoscope
