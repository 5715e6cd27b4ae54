// SPDX-License-Identifier: GPL-3.0-or-later
// The run that is open, without the threads around it.
#include <QTemporaryDir>
#include <QTest>
#include <string>
#include <vector>

#include "engine/core/TensorMemory.h"
#include "engine/session/ActiveRun.h"
#include "tests/engine/TinyConfig.h"

using namespace denoscope;

namespace {

bool never() {
    return false;
}

}  // namespace

class activeRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        RunConfig config = tinyConfig(DataKind::Signal);
        config.training.batchSize = 8;
        config.training.threads = 1;
        m_run = ActiveRun::create(StartTraining{config, directory()}, m_log);
        m_run->prepareTraining();
        QVERIFY(m_run->trainStep(never));
        m_mailbox.drain();
    }
    void cleanup() { m_run.reset(); }

    void smallerPiecesAreToldAndKept() {
        int asked = 0;
        QVERIFY(m_run->trainStep([&]() -> bool {
            if (++asked == 1)
                throw OutOfMemory(1, 1, 1);
            return false;
        }));
        QCOMPARE(kept(), std::int64_t{4});
        const std::vector<std::string> told = warnings();
        QCOMPARE(told.size(), std::size_t{1});
        QVERIFY2(told[0].find("from step 2 on 4 items") != std::string::npos, told[0].c_str());
        QVERIFY(told[0].find("instead of 8") != std::string::npos);
    }

    // The step fails afterwards for another reason: what it learnt of the memory holds all the same.
    void alsoWhereTheStepFails() {
        int asked = 0;
        const auto fails = [&]() -> bool {
            if (++asked < 3)
                throw OutOfMemory(1, 1, 1);
            throw EngineError("the item cannot be read", "item 3", "");
        };
        QVERIFY_THROWS_EXCEPTION(EngineError, m_run->trainStep(fails));
        QCOMPARE(m_run->config().training.microBatch, std::int64_t{2});
        QCOMPARE(kept(), std::int64_t{2});
        const std::vector<std::string> told = warnings();
        QCOMPARE(told.size(), std::size_t{1});
        QVERIFY2(told[0].find("from step 2 on 2 items") != std::string::npos, told[0].c_str());
        QVERIFY(m_run->trainStep(never));
        QVERIFY(warnings().empty());  // once is enough
    }

    void alsoWhereTheStepIsInterrupted() {
        int asked = 0;
        QVERIFY(!m_run->trainStep([&]() -> bool {
            if (++asked == 1)
                throw OutOfMemory(1, 1, 1);
            return true;
        }));
        QCOMPARE(kept(), std::int64_t{4});
        QCOMPARE(warnings().size(), std::size_t{1});
    }

    void otherFailuresLeaveThePieces() {
        const auto fails = []() -> bool { throw EngineError("the item cannot be read", "item 3", ""); };
        QVERIFY_THROWS_EXCEPTION(EngineError, m_run->trainStep(fails));
        QCOMPARE(kept(), std::int64_t{0});
        QVERIFY(warnings().empty());
    }

private:
    std::string directory() const { return m_folder->path().toStdString() + "/run"; }
    std::int64_t kept() const {
        return RunFolder::open(directory(), RunFolder::Access::ReadOnly).config().training.microBatch;
    }
    std::vector<std::string> warnings() {
        std::vector<std::string> texts;
        for (const Event& event : m_mailbox.drain().events)
            if (const auto* line = std::get_if<LogLine>(&event);
                line && line->level == LogLine::Level::Warning)
                texts.push_back(line->text);
        return texts;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    Mailbox m_mailbox;
    RunLog m_log{m_mailbox};
    std::unique_ptr<ActiveRun> m_run;
};

QTEST_GUILESS_MAIN(activeRunTest)
#include "activeRunTest.moc"
