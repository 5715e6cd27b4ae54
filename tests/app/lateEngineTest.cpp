// SPDX-License-Identifier: GPL-3.0-or-later
// The engine in its own file, loaded while commands are already waiting for it.
#include <QFile>
#include <QTest>
#include <algorithm>
#include <iterator>

#include "app/engine/LateEngine.h"
#include "tests/session/Heard.h"

using namespace denoscope;

namespace {

class LateTalk : public Heard {
public:
    explicit LateTalk(const std::string& file) : engine(file) {
        engine.setDoorbell([this] { ring(); });
    }
    ~LateTalk() { engine.setDoorbell(nullptr); }

    template <typename Message>
    bool waitFor() {
        return waitUntil(
            [this] {
                Drained drained = engine.drain();
                std::ranges::move(drained.events, std::back_inserter(events));
            },
            [this] { return !all<Message>().empty(); });
    }

    LateEngine engine;
};

bool isLoaded(const char* library) {
    QFile maps("/proc/self/maps");
    return maps.open(QIODevice::ReadOnly) && maps.readAll().contains(library);
}

DataConfig beats() {
    DataConfig data;
    data.source = "demo:beats";
    return data;
}

}  // namespace

class lateEngineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // What the window is linked with must not bring them in, or it would wait for them.
    void nothingIsLoadedUnasked() {
        LateTalk talk(DENOSCOPE_ENGINE);
        QVERIFY(talk.engine.drain().events.empty());
        for (const char* library : {"libtorch", "libopenblas", "libdnnl", "libavfilter"})
            QVERIFY2(!isLoaded(library), library);
    }

    void whatIsMissingIsSaidUnasked() {
        LateTalk talk("/nowhere/engine.so");
        talk.engine.load();
        QVERIFY(talk.waitFor<LogLine>());
        QCOMPARE(talk.all<LogLine>().front().level, LogLine::Level::Error);
    }

    void whatIsMissingIsTheAnswerToEveryCommand() {
        LateTalk talk("/nowhere/engine.so");
        talk.engine.post(OpenData{beats(), 0});
        talk.engine.load();
        QVERIFY(talk.waitFor<DataFailed>());
        const DataFailed failed = talk.all<DataFailed>().front();
        QCOMPARE(failed.data.source, std::string("demo:beats"));
        QVERIFY2(failed.error.what.find("cannot be loaded") != std::string::npos, failed.error.what.c_str());
        QCOMPARE(failed.error.where, std::string("/nowhere/engine.so"));
        talk.engine.post(OpenRun{"run"});
        QVERIFY(talk.waitFor<Failed>());
        QCOMPARE(talk.all<Failed>().front().command, CommandKind::OpenRun);
        QVERIFY_THROWS_EXCEPTION(EngineError, talk.engine.functions());
    }

    void anotherLibraryIsNotTheEngine() {
        LateTalk talk("libc.so.6");
        QVERIFY_THROWS_EXCEPTION(EngineError, talk.engine.functions());
    }

    void commandsWaitForTheEngine() {
        LateTalk talk(DENOSCOPE_ENGINE);
        talk.engine.post(OpenData{beats(), 0});
        QVERIFY(talk.engine.drain().events.empty());
        talk.engine.load();
        QVERIFY(talk.waitFor<DataOpened>());
        QVERIFY(isLoaded("libtorch"));
        QCOMPARE(talk.all<DataOpened>().front().facts.kind, DataKind::Signal);
        // What the engine throws is what the window catches, although each has its own code for it.
        QVERIFY_THROWS_EXCEPTION(EngineError,
                                 talk.engine.functions().writeItemsOrFilm({}, "/nowhere/x.npy", 0, 1));
    }

    void aWindowThatIsClosedAtOnceLeavesNothingBehind() {
        LateEngine engine(DENOSCOPE_ENGINE);
        engine.load();
    }
};

QTEST_GUILESS_MAIN(lateEngineTest)
#include "lateEngineTest.moc"
