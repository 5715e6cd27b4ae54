// SPDX-License-Identifier: GPL-3.0-or-later
// The mailbox and the queue between the threads: nothing lost, in order, quiet when told to be.
#include "engine/session/Mailbox.h"

#include <QTest>
#include <atomic>
#include <chrono>
#include <thread>

#include "engine/session/CommandQueue.h"

using namespace denoscope;

namespace {

constexpr int publishers = 4, messages = 500;

std::vector<std::thread> startPublishers(const std::function<void(int)>& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < publishers; ++i)
        threads.emplace_back(work, i);
    return threads;
}

void join(std::vector<std::thread>& threads) {
    for (std::thread& thread : threads)
        thread.join();
}

}  // namespace

class mailboxTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsLostAndEachThreadKeepsItsOrder() {
        Mailbox mailbox;
        auto threads = startPublishers([&](int number) {
            for (int i = 0; i < messages; ++i) {
                mailbox.publish(CheckpointSaved{i, std::to_string(number)});
                mailbox.publish(MetricRow{i, static_cast<double>(number), 0, 0, 0, 0});
            }
        });
        std::vector<std::int64_t> events(publishers, 0), metrics(publishers, 0);
        const auto take = [&] {
            bool inOrder = true;
            const Drained drained = mailbox.drain();
            for (const Event& event : drained.events) {
                const auto& saved = std::get<CheckpointSaved>(event);
                inOrder = inOrder && saved.step == events.at(std::stoul(saved.path))++;
            }
            for (const MetricRow& row : drained.metrics)
                inOrder = inOrder && row.step == metrics.at(static_cast<std::size_t>(row.loss))++;
            return inOrder;
        };
        bool inOrder = true;
        for (int i = 0; i < 1000; ++i)
            inOrder = take() && inOrder;
        join(threads);
        QVERIFY(take() && inOrder);
        QCOMPARE(events, std::vector<std::int64_t>(publishers, messages));
        QCOMPARE(metrics, std::vector<std::int64_t>(publishers, messages));
        QVERIFY(mailbox.drain().events.empty());
    }

    void theLatestSnapshotWins() {
        Mailbox mailbox;
        for (const std::int64_t step : {1, 2, 3}) {
            mailbox.publish(PreviewGrid{step, {}});
            mailbox.publish(TrainStatus{step, 10, 0, 0, 0, 0});
            mailbox.publish(SampleProgress{1, step, 10});
        }
        const Drained drained = mailbox.drain();
        QCOMPARE(drained.latest.preview->step, std::int64_t{3});
        QCOMPARE(drained.latest.status->step, std::int64_t{3});
        QCOMPARE(drained.latest.sampling->done, std::int64_t{3});
        const Drained again = mailbox.drain();
        QVERIFY(!again.latest.preview && !again.latest.status && !again.latest.sampling);
    }

    void eventsRingAtOnceMetricsAreThrottled() {
        Mailbox mailbox;
        int rings = 0;
        mailbox.setDoorbell([&] { ++rings; });
        QCOMPARE(rings, 1);  // for what waited already
        for (int i = 0; i < 5; ++i)
            mailbox.publish(LogLine{});
        QCOMPARE(rings, 6);

        rings = 0;
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < 20000; ++i)
            mailbox.publish(MetricRow{});
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
        QVERIFY2(rings <= 2 + passed.count() * 31,
                 qPrintable(QString("%1 in %2 s").arg(rings).arg(passed.count())));
        QCOMPARE(mailbox.drain().metrics.size(), std::size_t{20000});
    }

    void aSilencedDoorbellStaysSilent() {
        for (int round = 0; round < 20; ++round) {
            Mailbox mailbox;
            std::atomic<bool> silenced = false, rungAfterwards = false, done = false;
            std::atomic<int> rings = 0;
            auto threads = startPublishers([&](int) {
                while (!done)
                    mailbox.publish(LogLine{});
            });
            mailbox.setDoorbell([&] {
                rungAfterwards = rungAfterwards || silenced;
                ++rings;
            });
            while (rings < 20)
                std::this_thread::yield();
            mailbox.setDoorbell(nullptr);
            silenced = true;
            const std::size_t waiting = mailbox.drain().events.size();
            while (mailbox.drain().events.empty())
                std::this_thread::yield();  // they go on publishing
            done = true;
            join(threads);
            QVERIFY(waiting > 0 && !rungAfterwards);
        }
    }

    void theDoorbellMayDrain() {
        Mailbox mailbox;
        std::size_t drained = 0;
        mailbox.setDoorbell([&] { drained += mailbox.drain().events.size(); });
        for (int i = 0; i < 10; ++i)
            mailbox.publish(Failed{CommandKind::Stop, {}});
        QCOMPARE(drained, std::size_t{10});
    }

    void commandsComeInOrder() {
        CommandQueue queue;
        QVERIFY(queue.empty() && !queue.tryPop());
        std::vector<std::thread> threads = startPublishers([&](int number) {
            for (int i = 0; i < messages; ++i)
                queue.push(OpenData{{}, number * 1000000 + i});
        });
        std::vector<std::int64_t> expected(publishers, 0);
        bool inOrder = true;
        for (int i = 0; i < publishers * messages; ++i) {
            const std::int64_t seed = std::get<OpenData>(queue.waitPop().value()).previewSeed;
            inOrder = inOrder && seed % 1000000 == expected.at(static_cast<std::size_t>(seed / 1000000))++;
        }
        join(threads);
        QVERIFY(inOrder && queue.empty());
    }

    void aWaitingStopIsSeen() {
        CommandQueue queue;
        queue.push(Pause{});
        QVERIFY(!queue.stopPending());
        queue.push(Stop{});
        QVERIFY(queue.stopPending());
        queue.tryPop();
        QVERIFY(queue.stopPending());
        queue.tryPop();
        QVERIFY(!queue.stopPending());
    }

    void closingWakesAndStops() {
        CommandQueue queue;
        std::thread waiting([&] {
            if (queue.waitPop())
                qFatal("nothing was pushed");
        });
        queue.close();
        waiting.join();
        queue.push(Pause{});
        QVERIFY(queue.closed() && queue.stopPending() && !queue.empty());
        QVERIFY(!queue.tryPop() && !queue.waitPop());
    }
};

QTEST_GUILESS_MAIN(mailboxTest)
#include "mailboxTest.moc"
