// SPDX-License-Identifier: GPL-3.0-or-later
// The engine behind its port, on real threads: the life of runs, refusals, and results that nothing disturbs.
#include <QTemporaryDir>
#include <QTest>

#include "engine/core/TensorMemory.h"
#include "engine/data/Dataset.h"
#include "engine/data/export/Export.h"
#include "tests/engine/TinyConfig.h"
#include "tests/session/Watched.h"

using namespace denoscope;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t wholeRun = 40;

RunConfig config(std::int64_t steps = wholeRun) {
    RunConfig result = tinyConfig(DataKind::Signal);
    result.training.steps = steps;
    result.training.threads = 1;  // ThreadSanitizer cannot look into OpenMP
    result.training.checkpointEvery = 16;
    return result;
}
constexpr std::int64_t forever = 1000000;

std::vector<std::int64_t> stepsOf(const std::vector<MetricRow>& rows) {
    std::vector<std::int64_t> steps;
    for (const MetricRow& row : rows)
        steps.push_back(row.step);
    return steps;
}

std::vector<std::int64_t> upTo(std::int64_t last) {
    std::vector<std::int64_t> steps;
    for (std::int64_t step = 1; step <= last; ++step)
        steps.push_back(step);
    return steps;
}

Command someCommand(CommandKind kind, const std::string& folder) {
    switch (kind) {
        case CommandKind::OpenData:
            return OpenData{config().data, 0};
        case CommandKind::StartTraining:
            return StartTraining{config(), folder};
        case CommandKind::OpenRun:
            return OpenRun{folder};
        case CommandKind::ContinueTraining:
            return ContinueTraining{};
        case CommandKind::Pause:
            return Pause{};
        case CommandKind::Stop:
            return Stop{};
        case CommandKind::Sample:
            return Sample{config().sampling};
        case CommandKind::SaveRun:
            return SaveRun{};
        case CommandKind::ChangeLive:
            return ChangeLive{config()};
        case CommandKind::ReadItems:
            return ReadItems{config().data, Look::Whole, {0}};
        case CommandKind::IndexItems:
            return IndexItems{config().data};
        case CommandKind::PrepareItem:
            return PrepareItem{config()};
        case CommandKind::ReadBeside:
            return ReadBeside{config().data};
    }
    return Stop{};
}

}  // namespace

class sessionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // What the exact results of other tests are compared with: nothing disturbed this run.
    void initTestCase() {
        Watched session;
        session.post(StartTraining{config(), folder("undisturbed")});
        QVERIFY(session.untilMessage<Finished>());
        m_expected = checkpointBytes(folder("undisturbed"), wholeRun);
        QVERIFY(!m_expected.empty());
    }

    void aRunFromStartToEnd() {
        Watched session;
        session.post(StartTraining{config(20), folder("whole")});
        QVERIFY(session.untilMessage<Finished>() && session.untilState(RunState::Ready));
        QCOMPARE(session.states(),
                 (std::vector{RunState::Preparing, RunState::Training, RunState::Stopping, RunState::Ready}));
        QCOMPARE(stepsOf(session.metrics), upTo(20));
        QVERIFY(session.all<Failed>().empty());
        const auto finished = session.all<Finished>();
        QCOMPARE(finished.size(), std::size_t{1});
        QVERIFY(finished[0].command == CommandKind::StartTraining &&
                finished[0].outcome == Outcome::Completed);
        QCOMPARE(finished[0].step, std::int64_t{20});
        const auto opened = session.all<RunOpened>();
        QCOMPARE(opened.size(), std::size_t{1});
        QVERIFY(opened[0].step == 0 && opened[0].history.empty() && opened[0].config.noise.sigmaData > 0);
        const auto saved = session.all<CheckpointSaved>();
        QCOMPARE(saved.size(), std::size_t{2});
        QVERIFY(saved[0].step == 16 && saved[1].step == 20 && fs::exists(saved[1].path));
    }

    void theRunIsAnnouncedBeforeItTrains() {
        Watched session;
        session.post(StartTraining{config(2), folder("announced")});
        QVERIFY(session.untilMessage<Finished>());
        std::size_t opened = 0, training = 0, finished = 0;
        for (std::size_t i = 0; i < session.events.size(); ++i) {
            if (std::holds_alternative<RunOpened>(session.events[i]))
                opened = i;
            if (const auto* change = std::get_if<StateChanged>(&session.events[i]);
                change && change->state == RunState::Training)
                training = i;
            if (std::holds_alternative<Finished>(session.events[i]))
                finished = i;
        }
        QVERIFY(0 < opened && opened < training && training < finished);
    }

    void pausesAndContinues() {
        Watched session;
        session.post(StartTraining{config(forever), folder("paused")});
        QVERIFY(session.untilSteps(2));
        session.post(Pause{});
        QVERIFY(session.untilState(RunState::Paused));
        const std::int64_t step = std::ssize(session.metrics);
        QVERIFY(!checkpointBytes(folder("paused"), step).empty());
        session.post(ContinueTraining{step});  // no more steps than there are
        QVERIFY(session.untilMessage<Failed>());
        QCOMPARE(session.all<Failed>()[0].error.where, std::string("training.steps"));
        session.post(ContinueTraining{step + 3});
        QVERIFY(session.untilMessage<Finished>());
        QCOMPARE(session.all<Finished>()[0].step, step + 3);
        QCOMPARE(stepsOf(session.metrics), upTo(step + 3));
    }

    void stoppingWritesACheckpoint() {
        Watched session;
        session.post(StartTraining{config(forever), folder("stopped")});
        QVERIFY(session.untilSteps(2));
        session.post(Stop{});
        QVERIFY(session.untilMessage<Finished>());
        const Finished finished = session.all<Finished>()[0];
        QVERIFY(finished.outcome == Outcome::Stopped && finished.step >= 2);
        QVERIFY(!checkpointBytes(folder("stopped"), finished.step).empty());
        QVERIFY(session.untilState(RunState::Ready));
        QCOMPARE(stepsOf(session.metrics), upTo(finished.step));
    }

    void samplingAndPreviewsDoNotChangeTheResult() {
        Watched session;
        RunConfig watched = config();
        watched.training.previewEvery = 3;
        watched.training.previewBudget = 100;
        session.post(StartTraining{watched, folder("watched")});
        session.post(Sample{config().sampling});
        session.post(SaveRun{});
        QVERIFY(session.untilMessage<SamplesReady>());
        QCOMPARE(session.all<SamplesReady>()[0].items.size(), std::size_t{2});
        QCOMPARE(session.all<DenoisingFrame>().size(), std::size_t{4});
        QVERIFY(session.untilSteps(10));
        session.post(Sample{config().sampling});
        QVERIFY(session.untilMessage<Finished>(3));
        QCOMPARE(session.all<SamplesReady>().size(), std::size_t{2});
        QVERIFY(session.previews > 0);
        const auto states = session.states();
        QVERIFY(states.size() > 3 && states[2] == RunState::Sampling && states[3] == RunState::Training);
        QVERIFY(checkpointBytes(folder("watched"), wholeRun) == m_expected);
    }

    void aSampleCanBeStopped() {
        Watched session;
        session.post(StartTraining{config(2), folder("sampled")});
        SamplingConfig endless = config().sampling;
        endless.steps = 10000;
        session.post(Sample{endless});
        QVERIFY(session.until([&] { return session.all<DenoisingFrame>().size() > 3; }));
        session.post(SaveRun{});  // refused while sampling
        session.post(Stop{});
        QVERIFY(session.untilMessage<Failed>());
        QVERIFY(session.all<Failed>()[0].command == CommandKind::SaveRun);
        QVERIFY(session.until([&] {
            const auto finished = session.all<Finished>();
            return std::any_of(finished.begin(), finished.end(), [](const Finished& f) {
                return f.command == CommandKind::Sample && f.outcome == Outcome::Stopped;
            });
        }));
        QVERIFY(session.all<SamplesReady>().empty());
    }

    void impossibleSamplesAreRefused() {
        Watched session;
        session.post(StartTraining{config(2), folder("refused samples")});
        QVERIFY(session.untilMessage<Finished>());
        SamplingConfig sampling = config().sampling;
        sampling.steps = 0;
        session.post(Sample{sampling});
        sampling = config().sampling;
        sampling.label = 99;
        session.post(Sample{sampling});
        QVERIFY(session.untilMessage<Failed>(2) && session.untilState(RunState::Ready));
        QCOMPARE(session.all<Failed>()[0].error.where, std::string("sampling.steps"));
        QCOMPARE(session.all<Failed>()[1].error.where, std::string("sampling.label"));
    }

    void refusesWhatTheStateDoesNotAllow_data() {
        QTest::addColumn<RunState>("state");
        for (const RunState state : {RunState::Empty, RunState::Ready, RunState::Training, RunState::Paused})
            QTest::newRow(toText(state)) << state;
    }
    void refusesWhatTheStateDoesNotAllow() {
        QFETCH(RunState, state);
        Watched session;
        const std::string run = folder(std::string("refusals ") + toText(state));
        if (state != RunState::Empty)
            session.post(StartTraining{config(state == RunState::Ready ? 1 : forever), run});
        if (state == RunState::Paused)
            session.post(Pause{});
        QVERIFY(session.untilState(state));
        std::vector<CommandKind> refused;
        for (const CommandKind kind : allCommandKinds)
            if (!allows(state, kind)) {
                refused.push_back(kind);
                session.post(someCommand(kind, folder("never made")));
            }
        QVERIFY(refused.size() > 1 && session.untilMessage<Failed>(refused.size()));
        for (std::size_t i = 0; i < refused.size(); ++i) {
            QVERIFY(session.all<Failed>()[i].command == refused[i]);
            QVERIFY(!session.all<Failed>()[i].error.what.empty());
        }
        QVERIFY(session.state() == state && !fs::exists(folder("never made")));
    }

    void invalidConfigsAreRefused() {
        Watched session;
        RunConfig bad = config();
        bad.model.width = 9;
        session.post(StartTraining{bad, folder("bad")});
        bad = config();
        bad.data.size = {30 + 1};
        session.post(StartTraining{bad, folder("bad")});
        bad = config();
        bad.data.source = folder("no such data");
        session.post(StartTraining{bad, folder("bad")});
        QVERIFY(session.untilMessage<Failed>(3));
        const auto failures = session.all<Failed>();
        QCOMPARE(failures[0].error.where, std::string("model.width"));
        QCOMPARE(failures[1].error.where, std::string("data.size"));
        for (const Failed& failed : failures)
            QVERIFY(!failed.error.what.empty() && !failed.error.where.empty() &&
                    !failed.error.remedy.empty());
        QVERIFY(session.untilState(RunState::Empty) && !fs::exists(folder("bad")));
        session.post(StartTraining{config(2), folder("bad")});  // and it still works
        QVERIFY(session.untilMessage<Finished>());
    }

    void aFolderWithARunIsRefused() {
        Watched session;
        session.post(StartTraining{config(2), folder("undisturbed")});
        QVERIFY(session.untilMessage<Failed>());
        QCOMPARE(session.all<Failed>()[0].error.where, folder("undisturbed"));
        QVERIFY(checkpointBytes(folder("undisturbed"), wholeRun) == m_expected);
    }

    void aClosedSessionLeavesARunThatContinuesExactly() {
        const std::string run = folder("closed");
        {
            Watched session;
            session.post(StartTraining{config(), run});
            QVERIFY(session.untilSteps(2));
        }
        Watched session;
        session.post(OpenRun{run});
        QVERIFY(session.untilMessage<RunOpened>() && session.untilState(RunState::Ready));
        const RunOpened opened = session.all<RunOpened>()[0];
        QVERIFY(opened.step >= 2 && opened.step < wholeRun);
        QCOMPARE(stepsOf(opened.history), upTo(opened.step));
        session.post(ContinueTraining{});
        QVERIFY(session.untilMessage<Finished>());
        QCOMPARE(session.metrics.front().step, opened.step + 1);
        QVERIFY(checkpointBytes(run, wholeRun) == m_expected);
    }

    void twoSessionsCannotHoldOneRun() {
        Watched first, second;
        first.post(StartTraining{config(forever), folder("held")});
        QVERIFY(first.untilSteps(1));
        second.post(OpenRun{folder("held")});
        QVERIFY(second.untilMessage<Failed>());
        QVERIFY(second.all<Failed>()[0].error.what.find("is being written") != std::string::npos);
        QVERIFY(second.untilState(RunState::Empty));
    }

    void dataIsOpenedBesideTraining() {
        Watched session;
        session.post(StartTraining{config(forever), folder("beside")});
        QVERIFY(session.untilSteps(1));
        session.post(OpenData{config().data, 3});
        QVERIFY(session.untilMessage<DataOpened>());
        const DataOpened opened = session.all<DataOpened>()[0];
        QVERIFY(opened.facts.source == "demo:beats" && !opened.preview.empty());
        DataConfig missing;
        missing.source = folder("no such data");
        session.post(OpenData{missing, 0});
        QVERIFY(session.untilMessage<DataFailed>());
        QVERIFY(!session.all<DataFailed>()[0].error.remedy.empty());
        QVERIFY(session.state() == RunState::Training);
    }

    void theLatestDataWins() {
        Watched session;
        DataConfig data;
        for (const char* source : {"demo:beats", "demo:heads", "demo:beats", "demo:heads", "demo:shapes"}) {
            data.source = source;
            session.post(OpenData{data, 0});
        }
        const auto sources = [&] {
            std::vector<std::string> list;
            for (const DataOpened& opened : session.all<DataOpened>())
                list.push_back(opened.data.source);
            return list;
        };
        QVERIFY(session.until([&] { return !sources().empty() && sources().back() == "demo:shapes"; }));
        const std::size_t answers = sources().size();
        data.source = "demo:beats";
        session.post(OpenData{data, 0});
        QVERIFY(session.untilMessage<DataOpened>(answers + 1));
        QCOMPARE(sources().back(), std::string("demo:beats"));  // nothing older came in between
    }

    void dataThatIsGoneIsNamed() {
        const std::string path = folder("pictures.npy");
        RunConfig images = tinyConfig(DataKind::Image);
        const auto shapes = openDataset(images.data);
        std::vector<Item> items;
        for (std::int64_t i = 0; i < 12; ++i)
            items.push_back(shapes->read(i));
        writeItems(items, path, 0, 255);
        images.data.source = path;
        images.data.useLabels = false;
        images.training.steps = 2;
        images.training.threads = 1;
        {
            Watched session;
            session.post(StartTraining{images, folder("gone")});
            QVERIFY(session.untilMessage<Finished>());
        }
        fs::remove(path);
        Watched session;
        session.post(OpenRun{folder("gone")});
        session.post(ContinueTraining{4});
        QVERIFY(session.untilMessage<Failed>() && session.untilState(RunState::Ready));
        QVERIFY(session.all<Failed>()[0].error.where.find(path) != std::string::npos);
        session.post(Sample{images.sampling});  // what was learned is still there
        QVERIFY(session.untilMessage<SamplesReady>());
    }

    // The pictures vanish in the middle of training.
    void anItemThatCannotBeReadPausesAndKeepsTheSteps() {
        const std::string pictures = folder("pictures");
        RunConfig images = tinyConfig(DataKind::Image);
        const auto shapes = openDataset(images.data);
        fs::create_directory(pictures);
        for (std::int64_t i = 0; i < 200; ++i)  // more than the cache holds
            writeItems({shapes->read(i)}, pictures + "/" + std::to_string(i) + ".png", 0, 255);
        images.data.source = pictures;
        images.data.useLabels = false;
        images.data.cacheMiB = 1;
        images.training.steps = forever;
        images.training.threads = 1;
        images.training.checkpointEvery = 2;
        Watched session;
        session.post(StartTraining{images, folder("failed")});
        QVERIFY(session.untilSteps(4));
        fs::remove_all(pictures);
        QVERIFY(session.untilMessage<Failed>() && session.untilState(RunState::Paused));
        const Failed failed = session.all<Failed>()[0];
        QVERIFY(failed.command == CommandKind::StartTraining);
        QVERIFY2(failed.error.where.find(pictures) != std::string::npos, failed.error.where.c_str());
        QVERIFY(session.all<Finished>().empty());
        session.post(Stop{});
        QVERIFY(session.untilState(RunState::Ready));
        session.post(OpenRun{folder("failed")});
        QVERIFY(session.untilMessage<RunOpened>(2));
        QCOMPARE(session.all<RunOpened>()[1].step, std::ssize(session.metrics));
    }

    // A disk without room: here metrics.jsonl cannot be appended to because a folder has taken its name.
    void whatCannotBeWrittenPausesAndKeepsTheSteps() {
        Watched session;
        session.post(StartTraining{config(forever), folder("full")});
        QVERIFY(session.untilSteps(3));
        const fs::path metrics = fs::path(folder("full")) / "metrics.jsonl",
                       folderInItsPlace = folder("in-its-place");
        fs::create_directory(folderInItsPlace);
        std::error_code occupied;
        do {  // the engine may make the file anew in between
            fs::remove(metrics);
            fs::rename(folderInItsPlace, metrics, occupied);
        } while (occupied);
        QVERIFY(session.untilMessage<Failed>() && session.untilState(RunState::Paused));
        QVERIFY(session.all<Failed>()[0].command == CommandKind::StartTraining);
        const std::int64_t kept = session.metrics.back().step;

        fs::remove(metrics);
        session.post(ContinueTraining{kept + 2});
        QVERIFY(session.untilMessage<Finished>());
        QCOMPARE(session.metrics.back().step, kept + 2);
        QCOMPARE(stepsOf(session.metrics), upTo(kept + 2));  // nothing was repeated: nothing was lost
    }

    void stoppingWhilePausedFinishes() {
        Watched session;
        session.post(StartTraining{config(forever), folder("stopped while paused")});
        session.post(Pause{});
        QVERIFY(session.untilState(RunState::Paused));
        session.post(Stop{});
        QVERIFY(session.untilMessage<Finished>() && session.untilState(RunState::Ready));
        QVERIFY(session.all<Finished>()[0].outcome == Outcome::Stopped);
        session.post(ContinueTraining{session.all<Finished>()[0].step + 2});
        QVERIFY(session.untilMessage<Finished>(2));
        QVERIFY(session.all<Finished>()[1].command == CommandKind::ContinueTraining);
    }

    void damagedRunsAreNamed() {
        Watched session;
        session.post(OpenRun{folder("nothing here")});
        QVERIFY(session.untilMessage<Failed>());
        session.post(StartTraining{config(2), folder("damaged")});
        QVERIFY(session.untilMessage<Finished>());
        fs::resize_file(folder("damaged") + "/checkpoints/step-00000002/weights.safetensors", 100);
        session.post(OpenRun{folder("damaged")});
        QVERIFY(session.untilMessage<Failed>(2) && session.untilState(RunState::Empty));
        const Error error = session.all<Failed>()[1].error;
        QVERIFY(error.where.find("weights.safetensors") != std::string::npos);
    }

    void settingsChangeWhileTraining() {
        Watched session;
        session.post(StartTraining{config(forever), folder("live")});
        QVERIFY(session.untilSteps(1));
        RunConfig changed = config(forever);
        changed.training.learningRate = 1e-5;
        changed.model.width = 64;  // not a live setting
        session.post(ChangeLive{changed});
        QVERIFY(session.until(
            [&] { return !session.metrics.empty() && session.metrics.back().learningRate < 1.1e-5; }));
        changed.training.learningRate = -1;
        session.post(ChangeLive{changed});
        QVERIFY(session.untilMessage<Failed>());
        QVERIFY(session.state() == RunState::Training);
    }

    // Power-function averages are stored while training goes on; another width is made of them when it is
    // asked for.
    void otherWidthsAreMadeFromSnapshots() {
        const std::string run = folder("widths");
        RunConfig wanted = config();
        wanted.training.ema = EmaKind::Power;
        wanted.training.emaSnapshotEvery = 5;
        Watched session;
        session.post(StartTraining{wanted, run});
        QVERIFY(session.untilMessage<Finished>());
        std::size_t snapshots = 0;
        for (const auto& entry : fs::directory_iterator(run + "/averages"))
            snapshots += entry.path().extension() == ".safetensors" ? 1 : 0;
        QCOMPARE(snapshots, std::size_t{2 * wholeRun / 5});
        const auto drawn = [&](double width) {
            SamplingConfig sampling = wanted.sampling;
            sampling.emaWidth = width;
            const std::size_t before = session.all<SamplesReady>().size();
            session.post(Sample{sampling});
            if (!session.untilMessage<SamplesReady>(before + 1))
                qFatal("no samples came");
            return session.all<SamplesReady>().back().items.front().array->values;
        };
        const auto trained = drawn(0), same = drawn(wanted.training.emaWidth), wide = drawn(0.2);
        QVERIFY(wide != trained);
        for (std::size_t i = 0; i < trained.size(); ++i)  // the width that was tracked is found again
            QVERIFY(std::abs(same[i] - trained[i]) < 1e-3 * (1 + std::abs(trained[i])));
    }

    // A batch that does not fit is taken in pieces; the run says so, goes on, and remembers.
    void aLackOfMemoryIsSurvived() {
        RunConfig wanted = config(8);
        wanted.training.batchSize = 64;
        const std::int64_t before = tensorMemory::use().inUse;
        tensorMemory::resetPeak();
        {
            Watched session;
            session.post(StartTraining{wanted, folder("roomy")});
            QVERIFY(session.untilMessage<Finished>());
            QCOMPARE(session.metrics.back().microBatch, std::int64_t{0});
        }
        tensorMemory::setLimit(before + (tensorMemory::use().peak - before) * 3 / 4);
        Watched session;
        session.post(StartTraining{wanted, folder("narrow")});
        const bool finished = session.untilMessage<Finished>();
        tensorMemory::setLimit(0);
        QVERIFY(finished && session.all<Failed>().empty());
        QCOMPARE(stepsOf(session.metrics), upTo(8));
        const std::int64_t piece = session.metrics.back().microBatch;
        QVERIFY(piece == 32 || piece == 16);
        std::size_t told = 0;
        for (const LogLine& line : session.all<LogLine>())
            told += line.text.find("memory ran out") == 0 && line.level == LogLine::Level::Warning ? 1 : 0;
        QCOMPARE(told, std::size_t{1});
        QVERIFY(session.untilState(RunState::Ready));
        session.post(OpenRun{folder("narrow")});
        QVERIFY(session.untilMessage<RunOpened>(2));
        const RunOpened again = session.all<RunOpened>().back();
        QCOMPARE(again.config.training.microBatch, piece);
        QCOMPARE(again.config.training.batchSize, std::int64_t{64});
        QCOMPARE(again.history.back().microBatch, piece);
    }

private:
    static std::int64_t lastSaved(const Watched& session) {
        const auto saved = session.all<CheckpointSaved>();
        return saved.empty() ? 0 : saved.back().step;
    }

    std::string folder(const std::string& name) const { return m_folder.path().toStdString() + "/" + name; }

    QTemporaryDir m_folder;
    std::string m_expected;
};

QTEST_GUILESS_MAIN(sessionTest)
#include "sessionTest.moc"
