// SPDX-License-Identifier: GPL-3.0-or-later
// A run whose process is killed again and again ends with the weights of a run that nobody killed.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <random>

#include "tests/engine/TinyConfig.h"
#include "tests/session/Watched.h"

using namespace denoscope;

namespace {

constexpr std::int64_t steps = 30;

// The child: trains the run to its end, writing a character for every step it takes.
int trainToTheEnd(const std::string& run) {
    RunConfig config = tinyConfig(DataKind::Image);
    config.training.steps = steps;
    config.training.threads = 1;
    config.training.checkpointEvery = 2;
    config.training.previewEvery = 5;
    Watched session;
    if (std::filesystem::exists(run + "/run.json")) {
        session.post(OpenRun{run});
        if (!session.until(
                [&] { return session.all<RunOpened>().size() + session.all<Failed>().size() > 0; }) ||
            session.all<RunOpened>().empty())
            return 1;
        if (session.all<RunOpened>()[0].step == steps)
            return 0;
        session.post(ContinueTraining{});
    } else {
        session.post(StartTraining{config, run});
    }
    std::size_t told = 0;
    const bool ended = session.until([&] {
        for (; told < session.metrics.size(); ++told)
            if (::write(STDOUT_FILENO, ".", 1) != 1)
                return true;
        return !session.all<Finished>().empty() || !session.all<Failed>().empty();
    });
    for (const Failed& failed : session.all<Failed>())
        fprintf(stderr, "%s\n", toText(failed.error).c_str());
    return ended && !session.all<Finished>().empty() ? 0 : 1;
}

class Child {
public:
    explicit Child(const std::string& run) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0)
            qFatal("no pipe");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        std::string program = "/proc/self/exe", flag = "--train", path = run;
        std::array<char*, 4> arguments{program.data(), flag.data(), path.data(), nullptr};
        if (::posix_spawn(&m_process, program.c_str(), &actions, nullptr, arguments.data(), environ) != 0)
            qFatal("no child");
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        m_output = ends[0];
    }
    ~Child() { ::close(m_output); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // False when the child ended before that many steps.
    bool waitForSteps(int count) const {
        char step = 0;
        for (int i = 0; i < count; ++i)
            if (::read(m_output, &step, 1) != 1)
                return false;
        return true;
    }
    void kill() const { ::kill(m_process, SIGKILL); }
    int status() const {
        int result = -1;
        ::waitpid(m_process, &result, 0);
        return result;
    }

private:
    pid_t m_process = -1;
    int m_output = -1;
};

}  // namespace

class killTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aKilledRunContinuesExactly() {
        const std::string calm = m_folder.path().toStdString() + "/calm";
        const std::string killed = m_folder.path().toStdString() + "/killed";
        QCOMPARE(Child(calm).status(), 0);
        std::mt19937 random(20260101);
        for (int round = 0; round < 6; ++round) {
            const Child child(killed);
            // The first steps of a round repeat what the last kill cost; the run advances all the same.
            const bool alive = child.waitForSteps(static_cast<int>(random() % 7));
            child.kill();
            const int status = child.status();
            if (!alive)
                QCOMPARE(status, 0);  // nothing but its own end or our signal ends it
        }
        const Child last(killed);
        while (last.waitForSteps(1)) {
        }
        QCOMPARE(last.status(), 0);
        const std::string expected = checkpointBytes(calm, steps);
        QVERIFY(!expected.empty());
        QVERIFY(checkpointBytes(killed, steps) == expected);
    }

private:
    QTemporaryDir m_folder;
};

int main(int argc, char** argv) {
    if (argc == 3 && std::string_view(argv[1]) == "--train")
        return trainToTheEnd(argv[2]);
    killTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "killTest.moc"
