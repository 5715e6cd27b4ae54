// SPDX-License-Identifier: GPL-3.0-or-later
// The tool bar of a SignalViewer and what its buttons do.
#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <QWidgetAction>
#include <algorithm>

#include "ui/ElasticButton.h"
#include "ui/SvgIcon.h"
#include "ui/viewers/SignalViewer.h"
#include "ui/viewers/SpectrogramForm.h"
#include "widgets/Icons.h"
#include "widgets/SpectrogramView.h"
#include "widgets/WaveformView.h"

namespace denoscope {

namespace {

// `shortText` is for narrow windows, where a button with an icon may go without any.
QToolButton* button(QHBoxLayout& bar, const QIcon& icon, const QString& text, const QString& toolTip,
                    const QString& shortText) {
    auto* made = new ElasticButton(text, shortText);
    made->setIcon(icon);
    made->setToolButtonStyle(text.isEmpty()  ? Qt::ToolButtonIconOnly
                             : icon.isNull() ? Qt::ToolButtonTextOnly
                                             : Qt::ToolButtonTextBesideIcon);
    made->setToolTip(toolTip);
    made->setAccessibleName(text.isEmpty() ? toolTip : text);
    made->setFocusPolicy(Qt::TabFocus);
    bar.addWidget(made);
    return made;
}

QToolButton* button(QHBoxLayout& bar, const QIcon& icon, const QString& text, const QString& toolTip) {
    return button(bar, icon, text, toolTip, icon.isNull() ? text : QString());
}

// Adds exclusive choices to a menu; the first is checked.
template <typename Value>
QActionGroup* addChoices(QMenu& menu, const QString& title,
                         const std::vector<std::pair<QString, Value>>& choices,
                         const std::function<void(Value)>& chosen) {
    menu.addSection(title);
    auto* group = new QActionGroup(&menu);
    for (const auto& [text, value] : choices) {
        QAction* action = menu.addAction(text);
        action->setCheckable(true);
        action->setChecked(group->actions().isEmpty());
        group->addAction(action);
        QObject::connect(action, &QAction::triggered, &menu, [chosen, value] { chosen(value); });
    }
    return group;
}

}  // namespace

QMenu* SignalViewer::buildLanesMenu() {
    auto* menu = new QMenu(this);
    addChoices<LaneLayout>(
        *menu, tr("Channels"),
        {{tr("Below each other"), LaneLayout::Stacked}, {tr("Overlaid"), LaneLayout::Overlaid}},
        [this](LaneLayout layout) { m_waveform->setLaneLayout(layout); });
    m_scales = addChoices<LaneScale>(
        *menu, tr("Values"),
        {{tr("One scale for all"), LaneScale::Common}, {tr("A scale for each channel"), LaneScale::PerLane}},
        [this](LaneScale scale) {
            m_waveform->setLaneScale(scale);
            m_scaleChosen = true;
        });
    m_timeFormats = addChoices<TimeFormat>(*menu, tr("Time"),
                                           {{tr("As fits the zoom"), TimeFormat::Automatic},
                                            {tr("Seconds"), TimeFormat::Seconds},
                                            {tr("Milliseconds"), TimeFormat::Milliseconds},
                                            {tr("Minutes and seconds"), TimeFormat::Clock},
                                            {tr("Samples"), TimeFormat::Samples}},
                                           [this](TimeFormat format) {
                                               m_waveform->setTimeFormat(format);
                                               m_spectrogram->setTimeFormat(format);
                                               refreshStatistics();
                                           });
    return menu;
}

void SignalViewer::buildBar(QHBoxLayout& bar) {
    bar.setContentsMargins(4, 4, 4, 0);
    bar.setSpacing(4);
    m_items = new QComboBox(this);
    m_items->setToolTip(tr("Which of the signals is shown"));
    m_items->setAccessibleName(tr("Signal"));
    m_items->setMaximumWidth(220);
    m_items->hide();  // while there is nothing to choose from
    bar.addWidget(m_items);
    connect(m_items, &QComboBox::activated, this, [this](int index) { showItem(index - 1); });

    auto* lanes = button(bar, svgIcon(QStringLiteral("signal")), tr("Channels"),
                         tr("How channels, values and times are laid out"));
    lanes->setPopupMode(QToolButton::InstantPopup);
    lanes->setMenu(buildLanesMenu());

    m_spectrogramButton =
        button(bar, {}, tr("Spectrogram"),
               tr("Which frequencies a channel has at which time; the arrow opens its settings"));
    m_spectrogramButton->setCheckable(true);
    m_spectrogramButton->setPopupMode(QToolButton::MenuButtonPopup);
    auto* settings = new QMenu(this);
    auto* holder = new QWidgetAction(settings);
    holder->setDefaultWidget(m_form);
    settings->addAction(holder);
    m_spectrogramButton->setMenu(settings);
    m_spectrogramButton->setMinimumWidth(m_spectrogramButton->sizeHint().width() +
                                         10);  // room before the arrow
    connect(m_spectrogramButton, &QToolButton::toggled, this, &SignalViewer::setSpectrogramVisible);
    bar.addStretch(1);

    m_zoomButton = button(
        bar, {}, tr("Zoom to selection"),
        tr("Show the selection alone (Z). Drag on the time axis, or with Shift, to select."), tr("Zoom"));
    connect(m_zoomButton, &QToolButton::clicked, m_waveform, &TimeView::zoomToSelection);
    auto* fit = button(bar, glyphIcon(Glyph::Fit), {}, tr("Show everything (Home)"));
    connect(fit, &QToolButton::clicked, m_waveform, &TimeView::fitAll);
    m_loopButton = button(bar, svgIcon(QStringLiteral("loop")), {}, tr("Play the selection again and again"));
    m_loopButton->setCheckable(true);
    m_playButton = button(bar, glyphIcon(Glyph::Play), {}, tr("Play (Space)"));
    connect(m_playButton, &QToolButton::clicked, this, &SignalViewer::togglePlaying);
}

bool SignalViewer::canPlay() const {
    return !m_signals.empty() && m_signals[sourceOf(m_lane).item].sampleRate > 0;
}

void SignalViewer::refreshPlay() {
    const bool device = m_deviceKnown && m_player.hasDevice();
    const bool playing = m_player.isPlaying();
    m_playButton->setEnabled(device && canPlay());
    m_loopButton->setEnabled(device && canPlay());
    m_playButton->setIcon(glyphIcon(playing ? Glyph::Stop : Glyph::Play));
    m_playButton->setToolTip(m_signals.empty() ? tr("There is nothing to play yet.")
                             : !canPlay()      ? tr("The sample rate is not known, so this cannot be played.")
                             : m_deviceKnown && !device ? tr("There is no audio device to play on.")
                             : playing                  ? tr("Stop (Space)")
                                       : tr("Play the selection, or from the cursor on (Space)"));
    m_playButton->setAccessibleName(playing ? tr("Stop") : tr("Play"));
}

// The selection, from the cursor if that is within it; else from the cursor to the end, or everything.
void SignalViewer::togglePlaying() {
    if (m_player.isPlaying())
        return m_player.stop();
    if (!m_playButton->isEnabled())
        return;
    const LaneSource source = sourceOf(m_lane);
    const Signal& signal = m_signals[source.item];
    const double length = static_cast<double>(signal.samples->size()) / signal.channels / signal.sampleRate;
    TimeRange range = m_waveform->selection().value_or(TimeRange{0, length});
    range.end = std::min(range.end, length);
    const double cursor = m_waveform->cursorTime().value_or(range.begin);
    const double start = cursor >= range.begin && cursor < range.end ? cursor : range.begin;
    m_player.play(signal, signal.channels == 2 ? -1 : source.channel,
                  {range, start, m_loopButton->isChecked()});
}

}  // namespace denoscope
