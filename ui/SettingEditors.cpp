// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SettingEditors.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>
#include <QWheelEvent>

#include "ui/NumberSpin.h"
#include "ui/SvgIcon.h"

namespace denoscope {

namespace {

QHBoxLayout* bareLayout(QWidget* owner) {
    auto* layout = new QHBoxLayout(owner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    return layout;
}

// Changes by the wheel only with the focus, so that scrolling a form changes nothing on the way.
class CalmComboBox : public QComboBox {
public:
    explicit CalmComboBox(QWidget* parent) : QComboBox(parent) {
        setFocusPolicy(Qt::StrongFocus);
        setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        setMinimumContentsLength(4);
    }

protected:
    void wheelEvent(QWheelEvent* event) override {
        if (hasFocus())
            QComboBox::wheelEvent(event);
        else
            event->ignore();
    }
};

// By their labels; the key is the data of each entry.
void offerChoices(QComboBox* box, const Setting& setting) {
    for (const std::string& choice : setting.choices) {
        const QString key = QString::fromStdString(choice);
        box->addItem(QString::fromStdString(labelText(setting, choice)), key);
        box->setItemData(box->count() - 1, box->tr("In files: %1").arg(key), Qt::ToolTipRole);
    }
}

std::string chosenKey(const QComboBox* box) {
    return box->currentData().toString().toStdString();
}

void chooseKey(QComboBox* box, const std::string& key) {
    box->setCurrentIndex(box->findData(QString::fromStdString(key)));
}

class FlagEditor : public SettingEditor {
public:
    explicit FlagEditor(QWidget* parent) : SettingEditor(parent), m_box(new QCheckBox(this)) {
        bareLayout(this)->addWidget(m_box);
        setFocusProxy(m_box);
        connect(m_box, &QCheckBox::clicked, this, [this] {
            Q_EMIT edited();
            Q_EMIT committed();
        });
    }
    SettingValue value() const override { return m_box->isChecked(); }

protected:
    void display(const SettingValue& value) override { m_box->setChecked(std::get<bool>(value)); }

private:
    QCheckBox* m_box;
};

class NumberEditor : public SettingEditor {
public:
    NumberEditor(const Setting& setting, QWidget* parent)
        : SettingEditor(parent), m_setting(setting), m_spin(new NumberSpin(setting, this)) {
        bareLayout(this)->addWidget(m_spin);
        setFocusProxy(m_spin);
        connect(m_spin, &NumberSpin::edited, this, &SettingEditor::edited);
        connect(m_spin, &NumberSpin::committed, this, &SettingEditor::committed);
    }
    SettingValue value() const override { return parseSetting(m_setting, m_spin->text().toStdString()); }

protected:
    void display(const SettingValue& value) override {
        m_spin->setText(QString::fromStdString(toText(value)));
    }

private:
    const Setting& m_setting;
    NumberSpin* m_spin;
};

class ChoiceEditor : public SettingEditor {
public:
    ChoiceEditor(const Setting& setting, QWidget* parent)
        : SettingEditor(parent), m_box(new CalmComboBox(this)) {
        offerChoices(m_box, setting);
        bareLayout(this)->addWidget(m_box);
        setFocusProxy(m_box);
        connect(m_box, &QComboBox::activated, this, [this] {
            Q_EMIT edited();
            Q_EMIT committed();
        });
    }
    SettingValue value() const override { return chosenKey(m_box); }

protected:
    void display(const SettingValue& value) override { chooseKey(m_box, std::get<std::string>(value)); }

private:
    QComboBox* m_box;
};

class NamedEditor : public SettingEditor {
public:
    NamedEditor(const QStringList& names, std::int64_t first, QWidget* parent)
        : SettingEditor(parent), m_first(first), m_box(new CalmComboBox(this)) {
        m_box->addItems(names);
        bareLayout(this)->addWidget(m_box);
        setFocusProxy(m_box);
        connect(m_box, &QComboBox::activated, this, [this] {
            Q_EMIT edited();
            Q_EMIT committed();
        });
    }
    SettingValue value() const override { return m_first + m_box->currentIndex(); }

protected:
    void display(const SettingValue& value) override {
        m_box->setCurrentIndex(static_cast<int>(std::get<std::int64_t>(value) - m_first));
    }

private:
    std::int64_t m_first;
    QComboBox* m_box;
};

// Text, paths, and lists of numbers as people write them ("32, 64").
class TextEditor : public SettingEditor {
public:
    TextEditor(const Setting& setting, QWidget* parent)
        : SettingEditor(parent), m_setting(setting), m_line(new QLineEdit(this)) {
        auto* layout = bareLayout(this);
        layout->addWidget(m_line);
        setFocusProxy(m_line);
        connect(m_line, &QLineEdit::textEdited, this, &SettingEditor::edited);
        connect(m_line, &QLineEdit::editingFinished, this, &SettingEditor::committed);
        if (setting.kind == SettingKind::IntegerList)
            m_line->setPlaceholderText(tr("automatic"));
        if (setting.kind == SettingKind::Path)
            layout->addWidget(browseButton());
    }
    SettingValue value() const override { return parseSetting(m_setting, m_line->text().toStdString()); }

protected:
    void display(const SettingValue& value) override {
        m_line->setText(QString::fromStdString(toText(value)));
    }

private:
    QToolButton* browseButton() {
        auto* button = new QToolButton(this);
        button->setIcon(svgIcon("folder"));
        button->setToolTip(tr("Choose a file"));
        button->setAccessibleName(button->toolTip());
        connect(button, &QToolButton::clicked, this, [this] {
            const QString path = QFileDialog::getOpenFileName(window(), tr("Choose a file"), m_line->text());
            if (path.isEmpty())
                return;
            m_line->setText(path);
            Q_EMIT edited();
            Q_EMIT committed();
        });
        return button;
    }

    const Setting& m_setting;
    QLineEdit* m_line;
};

// A row of boxes, one per entry, that grows and shrinks at its end.
class ChoiceListEditor : public SettingEditor {
public:
    ChoiceListEditor(const Setting& setting, QWidget* parent) : SettingEditor(parent), m_setting(setting) {
        m_layout = bareLayout(this);
        m_remove = endButton("remove", tr("Remove the last entry"));
        m_add = endButton("add", tr("Add an entry"));
        connect(m_remove, &QToolButton::clicked, this, [this] { resize(m_boxes.size() - 1); });
        connect(m_add, &QToolButton::clicked, this, [this] { resize(m_boxes.size() + 1); });
        m_layout->addStretch();
        setFocusProxy(m_add);
        display(std::vector<std::string>{});
    }
    SettingValue value() const override {
        std::vector<std::string> names;
        for (const QComboBox* box : m_boxes)
            names.push_back(chosenKey(box));
        return names;
    }

protected:
    void display(const SettingValue& value) override {
        const auto& names = std::get<std::vector<std::string>>(value);
        setBoxCount(static_cast<qsizetype>(names.size()));
        for (qsizetype i = 0; i < m_boxes.size(); ++i)
            chooseKey(m_boxes[i], names[static_cast<std::size_t>(i)]);
    }

private:
    QToolButton* endButton(const QString& icon, const QString& tip) {
        auto* button = new QToolButton(this);
        button->setIcon(svgIcon(icon));
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        m_layout->addWidget(button);
        return button;
    }

    void resize(qsizetype count) {
        setBoxCount(count);
        Q_EMIT edited();
        Q_EMIT committed();
    }

    void setBoxCount(qsizetype count) {
        while (m_boxes.size() > count)
            delete m_boxes.takeLast();
        while (m_boxes.size() < count) {
            auto* box = new CalmComboBox(this);
            offerChoices(box, m_setting);
            connect(box, &QComboBox::activated, this, [this] {
                Q_EMIT edited();
                Q_EMIT committed();
            });
            m_layout->insertWidget(static_cast<int>(m_boxes.size()), box);
            m_boxes.push_back(box);
        }
        m_remove->setEnabled(count > 0);
    }

    const Setting& m_setting;
    QHBoxLayout* m_layout = nullptr;
    QList<QComboBox*> m_boxes;
    QToolButton* m_add = nullptr;
    QToolButton* m_remove = nullptr;
};

}  // namespace

void SettingEditor::setValue(const SettingValue& wanted) {
    try {
        if (value() == wanted)
            return;
    } catch (const EngineError&) {
        // What stands there means nothing: it is replaced.
    }
    display(wanted);
}

SettingEditor* makeSettingEditor(const Setting& setting, QWidget* parent) {
    switch (setting.kind) {
        case SettingKind::Flag:
            return new FlagEditor(parent);
        case SettingKind::Integer:
        case SettingKind::Real:
            return new NumberEditor(setting, parent);
        case SettingKind::Choice:
            return new ChoiceEditor(setting, parent);
        case SettingKind::ChoiceList:
            return new ChoiceListEditor(setting, parent);
        case SettingKind::Text:
        case SettingKind::Path:
        case SettingKind::IntegerList:
            break;
    }
    return new TextEditor(setting, parent);
}

SettingEditor* makeNamedEditor(const QStringList& names, std::int64_t first, QWidget* parent) {
    return new NamedEditor(names, first, parent);
}

}  // namespace denoscope
