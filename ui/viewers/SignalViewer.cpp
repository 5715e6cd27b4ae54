// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/SignalViewer.h"

#include <QActionGroup>
#include <QComboBox>
#include <QKeyEvent>
#include <QLabel>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/ItemPictures.h"
#include "ui/viewers/SpectrogramForm.h"
#include "widgets/SpectrogramView.h"
#include "widgets/WaveformView.h"

namespace denoscope {

namespace {

constexpr int mostLanesAtFirst =
    16;  // more items than that are shown one at a time until the person asks for all

std::vector<Signal> signalsOf(const std::vector<Item>& items, const DataFacts& facts) {
    std::vector<Signal> result;
    for (const Item& item : items) {
        const QString caption = captionOf(item, facts.labels);
        const QString file = QString::fromStdString(item.name);
        const bool alone = file.isEmpty() || file == caption;
        Signal signal =
            signalOf(item, alone ? caption : QStringLiteral("%1 · %2").arg(file, caption), facts.details);
        if (signal.samples && !signal.samples->empty())
            result.push_back(std::move(signal));
    }
    return result;
}

// Whether one scale would flatten a lane to a line.
bool needsOwnScales(const WaveformView& view) {
    double smallest = 0, largest = 0;
    for (int lane = 0; lane < view.laneCount(); ++lane)
        if (const auto of = view.statistics(lane, view.wholeRange()); of && of->max > of->min) {
            const double span = of->max - of->min;
            smallest = smallest > 0 ? std::min(smallest, span) : span;
            largest = std::max(largest, span);
        }
    return largest > 10 * smallest;
}

}  // namespace

SignalViewer::SignalViewer(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_waveform = new WaveformView(this);
    m_spectrogram = new SpectrogramView(this);
    m_form = new SpectrogramForm(*m_spectrogram, this);
    m_statistics = new QLabel(this);
    m_statistics->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_statistics->setWordWrap(true);
    m_statistics->setContentsMargins(6, 0, 6, 4);
    m_statistics->setAccessibleName(tr("Statistics of the selection"));
    auto* bar = new QHBoxLayout;
    buildBar(*bar);
    column->addLayout(bar);
    auto* parts = new QSplitter(Qt::Vertical, this);
    parts->addWidget(m_waveform);
    parts->addWidget(m_spectrogram);
    parts->setChildrenCollapsible(false);
    column->addWidget(parts, 1);
    column->addWidget(m_statistics);
    link();
    setSpectrogramVisible(false);
    showSignals();
}

SignalViewer::~SignalViewer() {
    m_player.disconnect(this);
}

void SignalViewer::link() {
    connect(m_waveform, &TimeView::visibleRangeChanged, m_spectrogram,
            [this] { m_spectrogram->setVisibleRange(m_waveform->visibleRange()); });
    connect(m_spectrogram, &TimeView::visibleRangeChanged, m_waveform,
            [this] { m_waveform->setVisibleRange(m_spectrogram->visibleRange()); });
    connect(m_waveform, &TimeView::selectionChanged, this, [this] {
        m_spectrogram->setSelection(m_waveform->selection());
        refreshStatistics();
    });
    connect(m_spectrogram, &TimeView::selectionChanged, m_waveform,
            [this] { m_waveform->setSelection(m_spectrogram->selection()); });
    connect(m_waveform, &TimeView::cursorPlaced, m_spectrogram, &TimeView::setCursorTime);
    connect(m_spectrogram, &TimeView::cursorPlaced, m_waveform, &TimeView::setCursorTime);
    for (const TimeView* view : std::initializer_list<TimeView*>{m_waveform, m_spectrogram})
        connect(view, &TimeView::readoutChanged, this, &SignalViewer::readoutChanged);
    connect(m_waveform, &WaveformView::laneClicked, this, &SignalViewer::setActiveLane);
    connect(m_waveform, &WaveformView::summarized, this, &SignalViewer::refreshStatistics);
    connect(m_form, &SpectrogramForm::channelChosen, this, &SignalViewer::setActiveLane);
    connect(&m_player, &WaveformPlayer::playingChanged, this, &SignalViewer::refreshPlay);
    connect(&m_player, &WaveformPlayer::devicesChanged, this, &SignalViewer::refreshPlay);
    connect(&m_player, &WaveformPlayer::failed, this, &SignalViewer::failed);
    connect(&m_player, &WaveformPlayer::positionChanged, this, [this](double seconds) {
        m_waveform->setCursorTime(seconds);
        m_spectrogram->setCursorTime(seconds);
        const TimeRange visible = m_waveform->visibleRange();
        if (seconds < visible.begin || seconds > visible.end)  // turn the page
            m_waveform->setVisibleRange({seconds, seconds + visible.length()});
    });
}

void SignalViewer::setPlaceholder(const QString& sentence) {
    m_waveform->setPlaceholder(sentence);
}

void SignalViewer::setItems(const std::vector<Item>& items, const DataFacts& facts) {
    std::vector<Signal> given = signalsOf(items, facts);
    const bool known =
        !given.empty() && std::equal(given.begin(), given.end(), m_signals.begin(), m_signals.end(),
                                     [](const Signal& a, const Signal& b) {
                                         return a.samples == b.samples && a.sampleRate == b.sampleRate &&
                                                a.unit == b.unit && a.channelNames == b.channelNames;
                                     });
    if (known)  // what the person chose stays
        return;
    m_player.stop();
    m_signals = std::move(given);
    int lanes = 0;
    for (const Signal& signal : m_signals)
        lanes += signal.channels;
    const int shown = m_signals.size() > 1 && lanes > mostLanesAtFirst ? 0 : -1;
    {
        const QSignalBlocker blocker(m_items);
        m_items->clear();
        m_items->addItem(tr("All %1").arg(m_signals.size()), -1);
        for (std::size_t i = 0; i < m_signals.size(); ++i)
            m_items->addItem(m_signals[i].name.isEmpty() ? tr("item %1").arg(i + 1) : m_signals[i].name,
                             static_cast<int>(i));
    }
    m_items->setVisible(m_signals.size() > 1);
    m_shown = -2;
    showItem(shown);
    if (!m_scaleChosen) {
        m_scales->actions().at(needsOwnScales(*m_waveform) ? 1 : 0)->trigger();
        m_scaleChosen = false;
    }
}

void SignalViewer::setReference(const std::vector<Item>& items, const QString& name,
                                const QString& shownName) {
    m_references = signalsOf(items, {});
    m_referenceName = name;
    m_referencedName = shownName;
    showSignals();
}

void SignalViewer::showItem(int index) {
    index = index < itemCount() ? std::max(index, -1) : -1;
    if (index == m_shown)
        return;
    m_player.stop();
    m_lane = sourceOf(m_lane).channel;
    m_shown = index;
    m_items->setCurrentIndex(index + 1);
    showSignals();
    Q_EMIT shownItemChanged(index);
}

void SignalViewer::showSignals() {
    const auto chosen = [this](const std::vector<Signal>& from) -> std::vector<Signal> {
        if (m_shown < 0)
            return from;
        const auto index = static_cast<std::size_t>(m_shown);
        return index < from.size() ? std::vector<Signal>{from[index]} : std::vector<Signal>{};
    };
    m_waveform->setSignals(chosen(m_signals));
    m_waveform->setReference(chosen(m_references), m_referenceName, m_referencedName);
    QStringList names;
    for (int lane = 0; lane < m_waveform->laneCount(); ++lane)
        names << laneName(lane);
    m_form->setChannels(names);
    for (QAction* action : m_timeFormats->actions())
        action->setEnabled(m_waveform->timeAxis().inSeconds);
    setActiveLane(std::clamp(m_lane, 0, std::max(0, m_waveform->laneCount() - 1)));
    feedSpectrogram();
    refreshStatistics();
    askForDevice();
    refreshPlay();
}

SignalViewer::LaneSource SignalViewer::sourceOf(int lane) const {
    LaneSource source;
    source.item = m_shown < 0 ? 0 : static_cast<std::size_t>(m_shown);
    source.channel = lane;
    while (m_shown < 0 && source.item + 1 < m_signals.size() &&
           source.channel >= m_signals[source.item].channels)
        source.channel -= m_signals[source.item++].channels;
    return source;
}

void SignalViewer::setActiveLane(int lane) {
    m_form->setChannel(lane);
    if (lane == m_lane)
        return;
    m_lane = lane;
    feedSpectrogram();
    refreshStatistics();
}

// Nothing is computed for a spectrogram that is not to be seen.
void SignalViewer::feedSpectrogram() {
    if (m_spectrogram->isHidden() || m_signals.empty()) {
        m_spectrogram->setSignal({}, 0);
        return;
    }
    const LaneSource source = sourceOf(m_lane);
    Signal signal = m_signals[source.item];
    if (!m_waveform->timeAxis().inSeconds)
        signal.sampleRate = 0;
    m_spectrogram->setSignal(signal, source.channel, m_waveform->wholeRange());
    m_spectrogram->setVisibleRange(m_waveform->visibleRange());
    m_spectrogram->setSelection(m_waveform->selection());
    m_spectrogram->setCursorTime(m_waveform->cursorTime());
}

void SignalViewer::setSpectrogramVisible(bool visible) {
    m_spectrogram->setVisible(visible);
    m_spectrogramButton->setChecked(visible);
    m_waveform->setRightMargin(visible ? m_spectrogram->marginNeeded() : 8);
    feedSpectrogram();
}

QString SignalViewer::laneName(int lane) const {
    const QString name = m_waveform->laneName(lane);
    return name.isEmpty() ? tr("channel %1").arg(lane + 1) : name;
}

QString SignalViewer::laneStatistics(int lane) const {
    const auto of = m_waveform->statistics(lane, m_waveform->selection().value_or(m_waveform->wholeRange()));
    if (!of)
        return tr("%1: being computed").arg(laneName(lane));
    const auto number = [](double value) { return QString::number(value, 'g', 5); };
    QString text = tr("%1: min %2, max %3, mean %4, RMS %5 %6")
                       .arg(laneName(lane), number(of->min), number(of->max), number(of->mean),
                            number(of->rms), m_waveform->laneUnit(lane))
                       .trimmed();
    if (of->notFinite > 0)
        text +=
            tr(" (%n not a number)", nullptr, static_cast<int>(std::min<qint64>(of->notFinite, 2000000000)));
    return text;
}

QString SignalViewer::statisticsText() const {
    if (m_waveform->laneCount() == 0)
        return {};
    const TimeAxis& axis = m_waveform->timeAxis();
    const auto selection = m_waveform->selection();
    QStringList lines;
    if (selection)
        lines << tr("Selection %1 to %2, %3 long")
                     .arg(axis.text(selection->begin, *selection), axis.text(selection->end, *selection),
                          axis.spanText(selection->length()));
    else
        lines << tr("Whole signal, %1 long").arg(axis.spanText(m_waveform->wholeRange().length()));
    if (m_waveform->laneCount() > 3)
        lines << laneStatistics(m_lane);
    for (int lane = 0; m_waveform->laneCount() <= 3 && lane < m_waveform->laneCount(); ++lane)
        lines << laneStatistics(lane);
    return lines.join(QStringLiteral("   ·   "));
}

void SignalViewer::refreshStatistics() {
    m_statistics->setText(statisticsText());
    m_zoomButton->setEnabled(m_waveform->selection().has_value());
}

void SignalViewer::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Space)
        return togglePlaying();
    QWidget::keyPressEvent(event);
}

// The sound system is asked only once there is something to play on the screen, and after that was drawn: it
// may take its time.
void SignalViewer::askForDevice() {
    if (m_askedForDevice || !isVisible() || !canPlay())
        return;
    m_askedForDevice = true;
    QTimer::singleShot(0, this, [this] {
        m_deviceKnown = true;
        refreshPlay();
    });
}

void SignalViewer::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    askForDevice();
}

void SignalViewer::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_player.stop();
}

}  // namespace denoscope
