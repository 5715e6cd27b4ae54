// SPDX-License-Identifier: GPL-3.0-or-later
// The command line's own parts against a fake engine.
#include <csignal>

#include <QTemporaryDir>
#include <QTest>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <limits>
#include <thread>

#include "app/cli/ConfigSource.h"
#include "app/cli/Conversation.h"
#include "app/cli/FactsText.h"
#include "app/cli/Interrupts.h"
#include "app/cli/Progress.h"
#include "app/cli/Reporter.h"
#include "engine/api/Error.h"
#include "engine/api/Settings.h"

using namespace denoscope;

namespace {

// Answers every command with what the script says, from a thread of its own as the engine does.
class FakeEngine final : public EnginePort {
public:
    using Script = std::function<void(FakeEngine&, const Command&)>;
    explicit FakeEngine(Script script) : m_script(std::move(script)), m_thread([this] { work(); }) {}
    ~FakeEngine() override {
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_changed.notify_one();
        m_thread.join();
    }

    void post(Command command) override {
        const std::lock_guard lock(m_mutex);
        posted.push_back(kindOf(command));
        m_commands.push_back(std::move(command));
        m_changed.notify_one();
    }
    Drained drain() override {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_waiting, {});
    }
    void setDoorbell(std::function<void()> doorbell) override {
        const std::lock_guard lock(m_bellMutex);
        m_doorbell = std::move(doorbell);
    }

    void say(Event event) {
        Drained more;
        more.events.push_back(std::move(event));
        say(std::move(more));
    }
    void say(Drained more) {
        {
            const std::lock_guard lock(m_mutex);
            std::ranges::move(more.events, std::back_inserter(m_waiting.events));
            std::ranges::move(more.metrics, std::back_inserter(m_waiting.metrics));
            m_waiting.latest = more.latest;
        }
        const std::lock_guard lock(m_bellMutex);
        if (m_doorbell)
            m_doorbell();
    }

    std::vector<CommandKind> posted;  // read it when the conversation is over

private:
    void work() {
        while (true) {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_closed || !m_commands.empty(); });
            if (m_commands.empty())
                return;
            const Command command = std::move(m_commands.front());
            m_commands.pop_front();
            lock.unlock();
            m_script(*this, command);
        }
    }

    Script m_script;
    std::mutex m_mutex, m_bellMutex;
    std::condition_variable m_changed;
    std::deque<Command> m_commands;
    Drained m_waiting;
    std::function<void()> m_doorbell;
    bool m_closed = false;
    std::thread m_thread;  // last: it uses all the others
};

// What a reporter wrote.
struct Written {
    std::FILE* file = std::tmpfile();
    ~Written() { std::fclose(file); }
    QByteArray text() const {
        std::fflush(file);
        QByteArray bytes(int(std::ftell(file)), '\0');
        std::rewind(file);
        if (std::fread(bytes.data(), 1, std::size_t(bytes.size()), file) != std::size_t(bytes.size()))
            qFatal("cannot read back");
        return bytes;
    }
};

MetricRow row(std::int64_t step, double loss) {
    return {step, loss, 0.01, 1, 0.5, 0};
}

Error errorOf(const std::function<void()>& call) {
    try {
        call();
    } catch (const EngineError& error) {
        return error.error();
    }
    return {"nothing went wrong", "", ""};
}

DataFacts pictures(const DataConfig& data) {
    DataFacts facts;
    facts.source = data.source;
    facts.kind = DataKind::Image;
    facts.count = 1000;
    facts.shape = facts.smallestShape = facts.largestShape = {1, 32, 32};
    facts.max = 255;
    return facts;
}

}  // namespace

class CliTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void trainingToItsEnd();
    void failureBeforeAndDuringWork();
    void stopEndsInGoodOrder();
    void stopWhileARunOpensStartsNothing();
    void otherFailuresDoNotEndTheWork();
    void openingARun();
    void samplesAreHandedOver();
    void aBrokenPipeStopsTheWork();
    void signalsAskOnce();
    void jsonLines();
    void textWithoutATerminal();
    void textOnATerminal();
    void progressArithmetic();
    void configFromAFile();
    void configFromData();
    void factsOfAPicture();
    void scalingIsReadAsItWasMeant();
    void whatIsNotFiniteIsCounted();
    void contradictingSources();
};

void CliTest::trainingToItsEnd() {
    FakeEngine engine([](FakeEngine& self, const Command& command) {
        if (!std::holds_alternative<StartTraining>(command))
            return;
        self.say(StateChanged{RunState::Preparing});
        self.say(RunOpened{});
        self.say(StateChanged{RunState::Training});
        Drained steps;
        steps.metrics = {row(1, 0.9), row(2, 0.8)};
        self.say(std::move(steps));
        self.say(Finished{CommandKind::StartTraining, Outcome::Completed, 2});
    });
    Written out;
    const auto reporter = makeJsonReporter(out.file);
    Conversation conversation(engine, *reporter);
    QCOMPARE(int(conversation.perform(StartTraining{})), int(succeeded));
    QCOMPARE(out.text().count("\"event\":\"step\""), 2);
}

void CliTest::failureBeforeAndDuringWork() {
    for (const bool works : {false, true}) {
        FakeEngine engine([works](FakeEngine& self, const Command&) {
            self.say(StateChanged{RunState::Preparing});
            if (works)
                self.say(StateChanged{RunState::Training});
            self.say(Failed{CommandKind::StartTraining, {"broke", "here", "mend it"}});
        });
        Written out;
        const auto reporter = makeTextReporter(out.file, 0);
        Conversation conversation(engine, *reporter);
        QCOMPARE(int(conversation.perform(StartTraining{})), int(works ? failedWorking : badInput));
        QCOMPARE(out.text(), QByteArray("error: here: broke (mend it)\n"));
    }
}

void CliTest::stopEndsInGoodOrder() {
    FakeEngine engine([](FakeEngine& self, const Command& command) {
        if (std::holds_alternative<StartTraining>(command))
            self.say(StateChanged{RunState::Training});
        if (std::holds_alternative<Stop>(command))
            self.say(Finished{CommandKind::StartTraining, Outcome::Stopped, 7});
    });
    Written out;
    const auto reporter = makeTextReporter(out.file, 0);
    {
        Conversation conversation(engine, *reporter);
        std::thread other([&] { conversation.stop(); });
        const ExitCode code = conversation.perform(StartTraining{});
        other.join();
        QCOMPARE(int(code), int(interrupted));
        // Whichever came first: training was stopped once, or not started at all.
        const auto stops = std::ranges::count(engine.posted, CommandKind::Stop);
        QVERIFY(engine.posted.empty() || stops == 1);
        QCOMPARE(int(conversation.perform(StartTraining{})), int(interrupted));
    }
}

void CliTest::stopWhileARunOpensStartsNothing() {
    Conversation* talking = nullptr;
    FakeEngine engine([&](FakeEngine& self, const Command& command) {
        if (!std::holds_alternative<OpenRun>(command))
            return;
        talking->stop();
        self.say(RunOpened{});
    });
    Written out;
    const auto reporter = makeTextReporter(out.file, 0);
    Conversation conversation(engine, *reporter);
    talking = &conversation;
    QVERIFY(conversation.open("x").has_value());
    QCOMPARE(int(conversation.perform(ContinueTraining{})), int(interrupted));
    QVERIFY((engine.posted == std::vector{CommandKind::OpenRun}));
}

void CliTest::otherFailuresDoNotEndTheWork() {
    FakeEngine engine([](FakeEngine& self, const Command&) {
        self.say(StateChanged{RunState::Training});
        self.say(Failed{CommandKind::ChangeLive, {"refused", "", ""}});
        self.say(Finished{CommandKind::ContinueTraining, Outcome::Completed, 2});
    });
    Written out;
    const auto reporter = makeTextReporter(out.file, 0);
    Conversation conversation(engine, *reporter);
    QCOMPARE(int(conversation.perform(ContinueTraining{})), int(succeeded));
    QVERIFY(out.text().contains("error: refused"));
}

void CliTest::openingARun() {
    FakeEngine engine([](FakeEngine& self, const Command& command) {
        const auto& directory = std::get<OpenRun>(command).runDirectory;
        if (directory == "good")
            self.say(RunOpened{directory, {}, {}, 12, {}});
        else
            self.say(Failed{CommandKind::OpenRun, {"holds no run", directory, ""}});
    });
    Written out;
    const auto reporter = makeTextReporter(out.file, 0);
    Conversation conversation(engine, *reporter);
    QCOMPARE(conversation.open("good")->step, std::int64_t(12));
    QVERIFY(!conversation.open("bad"));
    QVERIFY(out.text().contains("error: bad: holds no run"));
}

void CliTest::samplesAreHandedOver() {
    FakeEngine engine([](FakeEngine& self, const Command&) {
        self.say(StateChanged{RunState::Sampling});
        SamplesReady ready;
        ready.items.resize(3);
        self.say(std::move(ready));
        self.say(Finished{CommandKind::Sample, Outcome::Completed, 5});
    });
    Written out;
    const auto reporter = makeJsonReporter(out.file);
    Conversation conversation(engine, *reporter);
    std::vector<Item> items;
    QCOMPARE(int(conversation.perform(Sample{}, &items)), int(succeeded));
    QCOMPARE(items.size(), std::size_t(3));
}

void CliTest::aBrokenPipeStopsTheWork() {
    ::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    QCOMPARE(pipe(ends), 0);
    std::FILE* out = fdopen(ends[1], "w");
    ::close(ends[0]);
    FakeEngine engine([](FakeEngine& self, const Command& command) {
        if (std::holds_alternative<Stop>(command))
            self.say(Finished{CommandKind::StartTraining, Outcome::Stopped, 1});
        else
            self.say(RunOpened{});
    });
    const auto reporter = makeJsonReporter(out);
    {
        Conversation conversation(engine, *reporter);
        QCOMPARE(int(conversation.perform(StartTraining{})), int(interrupted));
    }
    std::fclose(out);
}

void CliTest::signalsAskOnce() {
    std::mutex mutex;
    std::condition_variable changed;
    int calls = 0;
    {
        Interrupts interrupts([&] {
            const std::lock_guard lock(mutex);
            ++calls;
            changed.notify_one();
        });
        raise(SIGTERM);
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return calls == 1; });
    }
    {
        const Interrupts unused([&] { ++calls; });
    }  // ends without a signal
    QCOMPARE(calls, 1);
}

void CliTest::jsonLines() {
    Written out;
    Drained drained;
    drained.metrics = {row(1, std::numeric_limits<double>::quiet_NaN()), row(2, 0.25)};
    drained.metrics.back().microBatch = 4;
    drained.latest.status = TrainStatus{1, 10, 32, -1, 0, 1 << 20};
    drained.latest.sampling = SampleProgress{1, 3, 18};
    drained.events = {LogLine{LogLine::Level::Warning, "slow \"math\""}, CheckpointSaved{1, "/x"},
                      Finished{CommandKind::Sample, Outcome::Stopped, 1}};
    const auto reporter = makeJsonReporter(out.file);
    reporter->show(drained);
    reporter->wrote({"a.png"});
    const QList<QByteArray> lines = out.text().trimmed().split('\n');
    const QList<QByteArray> expected{
        R"({"event":"step","step":1,"loss":null,"learning_rate":0.01,"gradient_norm":1.0,"seconds":0.5,"waited_for_data":0.0})",
        R"({"event":"step","step":2,"loss":0.25,"learning_rate":0.01,"gradient_norm":1.0,"seconds":0.5,"waited_for_data":0.0,"micro_batch":4})",
        R"({"event":"status","step":1,"steps":10,"items_per_second":32.0,"seconds_left":null,"memory_bytes":1048576})",
        R"({"event":"sampling","done":3,"total":18})",
        R"({"event":"log","level":"warning","text":"slow \"math\""})",
        R"({"event":"checkpoint","step":1,"path":"/x"})",
        R"({"event":"finished","command":"sample","outcome":"stopped","step":1})",
        R"({"event":"samples","paths":["a.png"]})"};
    QCOMPARE(lines, expected);
}

void CliTest::textWithoutATerminal() {
    Written out;
    const auto reporter = makeTextReporter(out.file, 0);
    for (std::int64_t step = 1; step <= 1000; ++step) {
        Drained drained;
        drained.metrics = {row(step, 0.25)};
        drained.latest.status = TrainStatus{step, 1000, 8, 65, 0, 0};
        reporter->show(drained);
    }
    const QByteArray text = out.text();
    QCOMPARE(text.count('\n'), 21);  // the start and every twentieth
    QVERIFY2(text.contains("training 500/1000  loss 0.2500  2.00 it/s  ETA 1:05\n"), text);
    QVERIFY(!text.contains('\r') && !text.contains('\x1b'));
}

void CliTest::textOnATerminal() {
    Written out;
    {
        const auto reporter = makeTextReporter(out.file, 60);
        Drained drained;
        drained.latest.status = TrainStatus{5, 10, 8, -1, 0, 0};
        drained.events = {CheckpointSaved{5, "/x"}};
        reporter->show(drained);
        drained.events.clear();
        reporter->show(drained);
    }
    const QByteArray text = out.text();
    QVERIFY2(text.startsWith("\rtraining [###"), text);
    QVERIFY2(text.contains("\r\x1b[Kcheckpoint of step 5: /x\n"), text);  // the bar makes room
    QVERIFY2(text.endsWith("\r\x1b[K"), text);                            // and leaves no rest
}

void CliTest::progressArithmetic() {
    Smoothed smoothed(0.9);
    QVERIFY(smoothed.empty());
    smoothed.add(3);
    QCOMPARE(smoothed.value(), 3.0);  // unbiased from the first value on
    smoothed.add(std::numeric_limits<double>::infinity());
    QCOMPARE(smoothed.value(), 3.0);
    smoothed.add(5);
    QCOMPARE(smoothed.value(), (0.1 * 5 + 0.09 * 3) / 0.19);

    QCOMPARE(durationText(75), std::string("1:15"));
    QCOMPARE(durationText(59.6), std::string("1:00"));
    QCOMPARE(durationText(3675), std::string("1:01:15"));
    QCOMPARE(durationText(-1), std::string("?"));
    QCOMPARE(durationText(std::nan("")), std::string("?"));

    QCOMPARE(progressLine("t", 5, 10, "x", 24), std::string("t [######------] 5/10  x"));
    QCOMPARE(progressLine("t", 0, 0, "", 200), "t [" + std::string(30, '-') + "] 0/0");
    QCOMPARE(progressLine("training", 5, 10, "loss 1", 16), std::string("training 5/10  l"));
    for (int columns = 0; columns < 100; ++columns)
        QVERIFY(int(progressLine("training", 123, 456, "loss 0.1", columns).size()) <= columns);
}

void CliTest::configFromAFile() {
    QTemporaryDir folder;
    const std::string file = folder.filePath("c.json").toStdString();
    std::ofstream(file) << R"({"data": {"source": "photos"}, "training": {"steps": 5}})";
    const auto look = [](const DataConfig&) -> DataFacts { throw EngineError("must not look", "", ""); };
    const RunConfig config = makeConfig({file, "", "", "", {"training.steps=6", "data.size=8 x 8"}}, look);
    QCOMPARE(config.training.steps, std::int64_t(6));
    QVERIFY((config.data.size == std::vector<std::int64_t>{8, 8}));
    QVERIFY(config.data.source.starts_with('/') && config.data.source.ends_with("/photos"));
    QCOMPARE(errorOf([&] { makeConfig({file + "x", "", "", "", {}}, look); }).where, file + "x");
    QVERIFY(errorOf([&] { makeConfig({file, "", "", "quick", {}}, look); }).where == "--preset");
}

void CliTest::configFromData() {
    const RunConfig demo = makeConfig({"", "shapes", "", "", {}}, pictures);
    QCOMPARE(demo.data.source, std::string("demo:shapes"));
    RunConfig expected = recommend(pictures({}));
    expected.data.source = "demo:shapes";
    QVERIFY(demo == expected);
    const RunConfig quick = makeConfig({"", "", "demo:shapes", "quick", {"training.seed=9"}}, pictures);
    QVERIFY(quick.training.steps < demo.training.steps);
    QCOMPARE(quick.training.seed, std::int64_t(9));
    DataConfig looked;
    makeConfig({"", "", "/scans/large.nii.gz", "", {"data.cache_mib=4096"}}, [&](const DataConfig& data) {
        looked = data;
        return pictures(data);
    });
    QCOMPARE(looked.source, std::string("/scans/large.nii.gz"));
    QCOMPARE(looked.cacheMiB, std::int64_t(4096));
}

void CliTest::contradictingSources() {
    QVERIFY(errorOf([] { makeConfig({}, pictures); }).what.starts_with("nothing"));
    QVERIFY(errorOf([] {
                makeConfig({"c.json", "shapes", "", "", {}}, pictures);
            }).what.starts_with("several"));
    QVERIFY(errorOf([] {
                makeConfig({"", "shapes", "", "balancd", {}}, pictures);
            }).remedy.find("balanced") != std::string::npos);
    QVERIFY(errorOf([] {
                makeConfig({"", "shapes", "", "", {"training.stepz=1"}}, pictures);
            }).remedy.find("training.steps") != std::string::npos);
    QVERIFY(errorOf([] {
                makeConfig({"", "shapes", "", "", {"training.steps"}}, pictures);
            }).where == "--set");
    QVERIFY(errorOf([] {
                makeConfig({"", "shapes", "", "", {"training.steps=0"}}, pictures);
            }).where == "training.steps");
}

void CliTest::factsOfAPicture() {
    DataFacts facts;
    facts.kind = DataKind::Image;
    facts.dtype = "uint16";
    facts.shape = {1, 8, 8};
    QVERIFY(factsText(facts).find("spacing") == std::string::npos);  // nothing is known of it
    facts.geometry.spacing = {0.25F, 0.5, 3};
    QVERIFY(factsText(facts).find("spacing     0.25 x 0.5 mm\n") != std::string::npos);
    QVERIFY(factsText(facts).find("orientation") == std::string::npos);
}

void CliTest::scalingIsReadAsItWasMeant() {
    DataFacts facts;
    const auto scaling = [&](double slope, double intercept) {
        facts.details.slope = slope;
        facts.details.intercept = intercept;
        const std::string text = factsText(facts);
        const std::size_t at = text.find("scaling     ");
        return at == std::string::npos ? "" : text.substr(at + 12, text.find('\n', at) - at - 12);
    };
    QCOMPARE(scaling(1, -0.0), std::string(""));
    QCOMPARE(scaling(0.01F, -0.0), std::string("0.01 x stored"));
    QCOMPARE(scaling(2.5, -1024), std::string("2.5 x stored - 1024"));
    QCOMPARE(scaling(1, 0.1F), std::string("stored + 0.1"));
}

void CliTest::whatIsNotFiniteIsCounted() {
    DataFacts facts;
    QVERIFY(factsText(facts).find("not finite") == std::string::npos);
    facts.notFinite = 12;
    QVERIFY(factsText(facts).find("not finite  12\n") != std::string::npos);
    QVERIFY(factsText(facts).find("min         0\n") != std::string::npos);
    facts.mean = std::numeric_limits<double>::quiet_NaN();
    QVERIFY(factsText(facts).find("values      none is finite\nnot finite  12\n") != std::string::npos);
    QVERIFY(factsText(facts).find("min ") == std::string::npos);
}

QTEST_GUILESS_MAIN(CliTest)
#include "cliTest.moc"
