// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/WelcomePage.h"

#include <QFileInfo>
#include <QFrame>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/Actions.h"
#include "ui/DemoCard.h"
#include "ui/Preferences.h"
#include "ui/RunController.h"
#include "ui/TextLabel.h"

namespace denoscope {

namespace {

QToolButton* wideButton(QAction* action, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return button;
}

}  // namespace

WelcomePage::WelcomePage(const PanelContext& context, QWidget* parent) : QWidget(parent), m_context(context) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    auto* title = new TextLabel(TextLabel::Role::Title, tr("What shall it learn?"), this);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.35);
    title->setFont(large);
    column->addWidget(title);
    column->addWidget(new TextLabel(TextLabel::Role::Muted,
                                    tr("Begin with a built-in set. It needs no files and shows "
                                       "what is learned within minutes."),
                                    this));
    const QStringList drawings{"demo-beats", "demo-shapes", "demo-heads"};
    const QStringList titles{tr("Beats and chirps"), tr("Shapes"), tr("Head phantoms")};
    const QStringList sentences{tr("Signals, 1D"), tr("Small pictures, 2D"),
                                tr("Volumes with CT-like values, 3D")};
    for (int i = 0; i < drawings.size(); ++i) {
        auto* card = new DemoCard(drawings[i], titles[i], sentences[i], this);
        QAction* action = m_context.actions.demos[i];
        card->setObjectName(action->data().toString());
        connect(card, &QPushButton::clicked, action, &QAction::trigger);
        column->addWidget(card);
    }
    column->addSpacing(4);
    auto* zone = new QFrame(this);
    zone->setObjectName("dropZone");
    zone->setStyleSheet("#dropZone { border: 2px dashed palette(mid); border-radius: 8px; }");
    auto* zoneColumn = new QVBoxLayout(zone);
    zoneColumn->setContentsMargins(12, 10, 12, 12);
    auto* hint = new TextLabel(
        TextLabel::Role::Muted,
        tr("Or drop your own data here, one file or a folder of them. Signals: WAV, FLAC, OGG, CSV, EDF, "
           "WFDB. Images: PNG, JPEG, TIFF, WebP, BMP. Volumes: DICOM, NIfTI, "
           "NRRD, MetaImage. Arrays: NPY, NPZ, IDX."),
        zone);
    hint->setAlignment(Qt::AlignHCenter);
    QSizePolicy wrapped(QSizePolicy::Ignored, QSizePolicy::Preferred);  // a long text is no wish for width
    wrapped.setHeightForWidth(true);
    hint->setSizePolicy(wrapped);
    zoneColumn->addWidget(hint);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(wideButton(m_context.actions.openFile, zone));
    buttons->addWidget(wideButton(m_context.actions.openFolder, zone));
    zoneColumn->addLayout(buttons);
    column->addWidget(zone);
    m_recent = new QVBoxLayout;
    m_recent->setSpacing(2);
    column->addLayout(m_recent);
    column->addStretch();
    refreshRecent();
}

void WelcomePage::refreshRecent() {
    while (QLayoutItem* item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    QStringList sources = m_context.preferences.recentData();
    sources.removeIf([](const QString& source) { return source.startsWith("demo:"); });
    addRecent(tr("Recent runs"), m_context.preferences.recentRuns(),
              [this](const QString& run) { m_context.controller.openRun(run); });
    addRecent(tr("Recent data"), sources,
              [this](const QString& source) { m_context.controller.openData(source); });
}

void WelcomePage::addRecent(const QString& title, const QStringList& entries,
                            const std::function<void(const QString&)>& open) {
    if (entries.isEmpty())
        return;
    m_recent->addSpacing(4);
    m_recent->addWidget(new TextLabel(TextLabel::Role::Title, title, this));
    for (const QString& entry : entries.mid(0, 4)) {
        auto* link = new QToolButton(this);
        link->setAutoRaise(true);
        link->setText(QFileInfo(entry).fileName());
        link->setToolTip(entry);
        connect(link, &QToolButton::clicked, this, [open, entry] { open(entry); });
        m_recent->addWidget(link);
    }
}

}  // namespace denoscope
