// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of tensors is counted, kept, bounded and refused with a sentence.
#include <ATen/ATen.h>

#include <QTest>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "engine/core/TensorMemory.h"

using namespace denoscope;

namespace {

at::Tensor bytes(std::int64_t count) {
    return at::empty({count}, at::kByte);
}

const void* addressOf(const at::Tensor& tensor) {
    return tensor.data_ptr();
}

// Bytes of the block that a tensor of so many gets.
std::int64_t blockFor(std::int64_t count) {
    const std::int64_t before = tensorMemory::use().handedOut;
    const at::Tensor tensor = bytes(count);
    return tensorMemory::use().handedOut - before;
}

}  // namespace

class tensorMemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_pooling = tensorMemory::pooling();
        tensorMemory::releaseUnused();
        tensorMemory::resetPeak();
    }
    void cleanup() {
        tensorMemory::setLimit(0);
        tensorMemory::setPooling(m_pooling);
    }

    void countsWhatTensorsHold_data() {
        QTest::addColumn<bool>("pooled");
        QTest::newRow("pooled") << true;
        QTest::newRow("plain") << false;
    }
    void countsWhatTensorsHold() {
        QFETCH(bool, pooled);
        tensorMemory::setPooling(pooled);
        const std::int64_t before = tensorMemory::use().inUse;
        {
            const at::Tensor one = bytes(1000), two = bytes(5'000'000);
            const at::Tensor view = two.narrow(0, 10, 20);
            QCOMPARE(tensorMemory::use().inUse, before + 5'001'000);
        }
        QCOMPARE(tensorMemory::use().inUse, before);
        QCOMPARE(tensorMemory::use().peak, before + 5'001'000);
        QCOMPARE(tensorMemory::use().unused > 0, pooled);
        tensorMemory::resetPeak();
        QCOMPARE(tensorMemory::use().peak, before);
        QVERIFY(bytes(0).numel() == 0);
        QCOMPARE(tensorMemory::use().inUse, before);
    }

    void isAligned_data() { countsWhatTensorsHold_data(); }
    void isAligned() {
        QFETCH(bool, pooled);
        tensorMemory::setPooling(pooled);
        for (const std::int64_t size :
             {1, 64, 65, 1023, 1024, 1025, 4097, 100'000, 2'097'152, 2'097'153, 9'000'001})
            for (int time = 0; time < 2; ++time) {
                const at::Tensor tensor = bytes(size);
                QCOMPARE(reinterpret_cast<std::uintptr_t>(addressOf(tensor)) % 64, std::uintptr_t{0});
                std::memset(tensor.data_ptr(), 0xa5, static_cast<std::size_t>(size));  // all of it is ours
            }
    }

    // Sizes on both sides of every class's border: what one gives back never reaches another that is larger.
    void neighboursDoNotOverlap() {
        tensorMemory::setPooling(true);
        for (std::int64_t border = 64; border < 40'000'000; border += border < 1024 ? 64 : border / 8) {
            for (const std::int64_t size : {border - 65, border - 64, border - 63, border})
                bytes(std::max<std::int64_t>(size, 1)).fill_(1);
            const at::Tensor one = bytes(border - 63).fill_(1), two = bytes(border).fill_(2);
            QVERIFY((one == 1).all().item<bool>() && (two == 2).all().item<bool>());
        }
    }

    void handsOutWhatWasGivenBack() {
        tensorMemory::setPooling(true);
        const auto work = [] {
            const at::Tensor a = at::ones({300, 400}), b = at::ones({400, 300});
            return at::mm(a, b).relu().sum().item<double>();
        };
        work();
        const std::int64_t asked = tensorMemory::use().fromSystem;
        for (int time = 0; time < 10; ++time)
            QCOMPARE(work(), 300.0 * 300 * 400);
        QCOMPARE(tensorMemory::use().fromSystem, asked);
        QVERIFY(tensorMemory::use().unused > 0);
        tensorMemory::releaseUnused();
        QCOMPARE(tensorMemory::use().unused, std::int64_t{0});
        work();
        QVERIFY(tensorMemory::use().fromSystem > asked);
    }

    // Sizes that never come again: what is kept does not grow with them.
    void keepsNoMoreThanTwiceWhatWasInUse() {
        tensorMemory::setPooling(true);
        const at::Tensor held = bytes(1'000'000);
        std::int64_t sum = 0, largest = 0;
        for (std::int64_t size = 1'000'000; size < 20'000'000; size = size * 6 / 5, sum += size) {
            bytes(size);
            largest = size;
        }
        const std::int64_t most = 2 * (tensorMemory::use().inUse + largest) * 9 / 8;
        QVERIFY(most < sum);
        QVERIFY(tensorMemory::use().inUse + tensorMemory::use().unused <= most);
    }

    void withoutPoolingNothingIsKept() {
        tensorMemory::setPooling(true);
        at::Tensor pooled = bytes(3'000'000);
        bytes(3'000'000);
        tensorMemory::setPooling(false);
        const std::int64_t before = tensorMemory::use().unused;  // waits for pooling
        at::Tensor plain = bytes(3'000'000);
        pooled.reset();
        QCOMPARE(tensorMemory::use().unused, before);
        tensorMemory::setPooling(true);
        plain.reset();  // not of a class's size
        QCOMPARE(tensorMemory::use().unused, before);
        tensorMemory::releaseUnused();
        QCOMPARE(tensorMemory::use().unused, std::int64_t{0});
    }

    // What is bounded is what the system gives, which is more than what is asked for.
    void theLimitRefuses_data() { countsWhatTensorsHold_data(); }
    void theLimitRefuses() {
        QFETCH(bool, pooled);
        tensorMemory::setPooling(pooled);
        const at::Tensor held = bytes(10'000'000);
        const tensorMemory::Use before = tensorMemory::use();
        QVERIFY(before.handedOut > before.inUse && before.handedOut < before.inUse * 9 / 8 + 100'000);
        tensorMemory::setLimit(before.handedOut + blockFor(20'000'000));
        QCOMPARE(bytes(20'000'000).numel(), std::int64_t{20'000'000});
        tensorMemory::setLimit(tensorMemory::limit() - 1);
        try {
            bytes(20'000'000);
            QFAIL("it was given");
        } catch (const OutOfMemory& error) {
            const std::string more = pooled ? "20.0 MiB more" : "19.1 MiB more";
            QVERIFY2(error.error().what.find(more) != std::string::npos, error.what());
            QVERIFY(error.error().remedy.find("training.micro_batch") != std::string::npos);
        }
        QCOMPARE(tensorMemory::use().inUse, before.inUse);
        QCOMPARE(tensorMemory::use().handedOut, before.handedOut);
        QVERIFY_THROWS_EXCEPTION(OutOfMemory, at::ones({3000, 1000}) + at::ones({3000, 1000}));
        QCOMPARE(tensorMemory::use().inUse, before.inUse);
        QVERIFY(before.handedOut + tensorMemory::use().unused <= tensorMemory::limit());
        tensorMemory::setLimit(0);
        QCOMPARE(bytes(30'000'000).numel(), std::int64_t{30'000'000});
    }

    // Many tensors that fit to the byte, and their blocks do not.
    void blocksStayWithinTheLimit() {
        tensorMemory::setPooling(true);
        constexpr std::int64_t size = 1 << 20, count = 64;
        tensorMemory::setLimit(tensorMemory::use().handedOut + count * size);
        std::vector<at::Tensor> held;
        try {
            while (std::ssize(held) < count)
                held.push_back(bytes(size));
            QFAIL("all of them were given");
        } catch (const OutOfMemory&) {
            QVERIFY(std::ssize(held) > count * 3 / 4);
        }
        QVERIFY(tensorMemory::use().handedOut <= tensorMemory::limit());
    }

    void whatTheSystemRefusesIsSaid_data() { countsWhatTensorsHold_data(); }
    void whatTheSystemRefusesIsSaid() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("sanitizers end the program instead");
#endif
        QFETCH(bool, pooled);
        tensorMemory::setPooling(pooled);
        const std::int64_t before = tensorMemory::use().inUse;
        for (const std::int64_t size : {std::int64_t{1} << 46, std::int64_t{1} << 47, std::int64_t{1} << 60})
            QVERIFY_THROWS_EXCEPTION(OutOfMemory, bytes(size));
        QCOMPARE(tensorMemory::use().inUse, before);
    }

    void backwardPassesTheRefusalOn() {
        const at::Tensor weights = at::ones({1000, 1000}).requires_grad_(true);
        const at::Tensor loss = weights.mm(weights).square().sum();
        tensorMemory::setLimit(tensorMemory::use().inUse + 1'000'000);
        QVERIFY_THROWS_EXCEPTION(OutOfMemory, loss.backward());
        tensorMemory::setLimit(0);
        QVERIFY(!weights.grad().defined());
    }

    void threadsShareIt() {
        tensorMemory::setPooling(true);
        const std::int64_t before = tensorMemory::use().inUse;
        std::vector<std::thread> threads;
        std::vector<int> wrong(4, 0);
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([thread, &wrong] {
                std::vector<at::Tensor> held(8);
                for (int i = 0; i < 400; ++i) {
                    at::Tensor& place = held[static_cast<std::size_t>(i % 8)];
                    if (place.defined() && !(place == thread).all().item<bool>())
                        ++wrong[static_cast<std::size_t>(thread)];
                    place = at::full({100 + 37 * (i % 50)}, thread, at::kInt);
                    if (i % 100 == 99)
                        tensorMemory::releaseUnused();
                }
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(wrong, std::vector<int>(4, 0));
        QCOMPARE(tensorMemory::use().inUse, before);
    }

private:
    bool m_pooling = false;
};

QTEST_GUILESS_MAIN(tensorMemoryTest)
#include "tensorMemoryTest.moc"
