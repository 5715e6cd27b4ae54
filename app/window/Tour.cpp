// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/Tour.h"

#include <QTimer>
#include <chrono>

#include "ui/CurveBox.h"
#include "ui/DenoisingPanel.h"
#include "ui/ItemsView.h"
#include "ui/SamplesPanel.h"
#include "ui/TrainingPanel.h"
#include "ui/Workspace.h"
#include "widgets/ScrubBar.h"

namespace denoscope {

namespace {

using namespace std::chrono_literals;

constexpr auto trainingTime = 5min;  // then on with whatever was learned
constexpr auto wholeTime = 10min;    // then it has failed
constexpr auto lastPaint = 400ms;    // queued replots and layouts of panels just shown

}  // namespace

Tour::Tour(MainWindow& window, const QDir& folder, std::int64_t steps)
    : QObject(&window), m_window(window), m_folder(folder), m_steps(steps) {
    connect(&window.model(), &RunModel::metricsAdded, this, &Tour::look);
    connect(&window.model(), &RunModel::previewsChanged, this, &Tour::look);
    connect(&window.model(), &RunModel::stateChanged, this, &Tour::look);
    connect(&window.client(), &EngineClient::samplesReady, this,
            [this] { QTimer::singleShot(lastPaint, this, &Tour::save); });
    connect(&window.client(), &EngineClient::failed, this,
            [this](const Failed& failed) { giveUp(QString::fromStdString(toText(failed.error))); });
    connect(&window.client(), &EngineClient::dataFailed, this,
            [this](const DataFailed& failed) { giveUp(QString::fromStdString(toText(failed.error))); });
    QTimer::singleShot(trainingTime, this, [this] {
        m_late = true;
        look();
    });
    QTimer::singleShot(wholeTime, this, [this] { giveUp(tr("the demo took too long")); });
}

void Tour::look() {
    const RunModel& model = m_window.model();
    const bool enough = model.step() >= m_steps || (m_late && model.step() > 0);
    const bool seen = !model.previews().empty() || m_late || model.state() == RunState::Ready;
    if (!m_sampling && enough && seen && model.obstacle(CommandKind::Sample).isEmpty())
        sample();
}

void Tour::sample() {
    m_sampling = true;
    m_window.actions().sample->trigger();
}

void Tour::save() {
    if (m_finished)
        return;
    m_finished = true;
    m_folder.mkpath(".");
    Workspace& workspace = m_window.workspace();
    bool written = m_window.grab().save(m_folder.filePath("denoising.png"));
    if (!m_window.model().previews().empty())
        workspace.showPanel("samples");
    QTimer::singleShot(lastPaint, this, [this, written] {
        bool all = written && m_window.grab().save(m_folder.filePath("window.png"));
        all = all && m_window.trainingPanel().curve().plot().savePng(m_folder.filePath("loss.png"));
        all = all && m_window.denoisingPanel().denoised().grab().save(m_folder.filePath("samples.png"));
        const RunModel& model = m_window.model();
        const double first = model.history().front().loss, last = model.history().back().loss;
        Q_EMIT done(all, all ? tr("%1 steps, loss %2 -> %3, pictures in %4")
                                   .arg(model.step())
                                   .arg(first, 0, 'g', 3)
                                   .arg(last, 0, 'g', 3)
                                   .arg(m_folder.absolutePath())
                             : tr("the pictures could not be written to %1").arg(m_folder.absolutePath()));
    });
}

void Tour::giveUp(const QString& reason) {
    if (std::exchange(m_finished, true))
        return;
    Q_EMIT done(false, reason);
}

}  // namespace denoscope
