// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace denoscope {

// A label whose colour and size follow its part in the page and the theme.
class TextLabel : public QLabel {
    Q_OBJECT

public:
    enum class Role { Title, Body, Muted, Problem };

    explicit TextLabel(Role role, const QString& text = {}, QWidget* parent = nullptr);
    // One line in whatever width there is; what does not fit becomes dots, of the names of files in the
    // middle.
    void setElided(Qt::TextElideMode mode = Qt::ElideRight);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void restyle();

    Role m_role;
    Qt::TextElideMode m_elided = Qt::ElideNone;
    bool m_restyling = false;  // our own change of palette comes back as an event
};

}  // namespace denoscope
