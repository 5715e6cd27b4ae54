// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory there is: from files like those that the kernel shows.
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "engine/core/SystemMemory.h"

using namespace denoscope;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t mebibyte = 1 << 20;

}  // namespace

class systemMemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = m_folder->path().toStdString();
        m_files = {m_root / "meminfo", m_root / "cgroup", m_root / "groups"};
        write("meminfo",
              "MemTotal:       16777216 kB\nMemFree:        1048576 kB\nMemAvailable:    8388608 kB\n"
              "HugePages_Total:       0\n");
        write("cgroup", "4:memory:/elsewhere\n0::/batch/job\n");
    }

    void theMachinesOwn() {
        QCOMPARE(total(), 16384);
        QCOMPARE(available(), 8192);
        write("groups/batch/job/memory.max", "max\n");
        QCOMPARE(total(), 16384);
        QCOMPARE(available(), 8192);
        const SystemMemory here = systemMemory();
        QVERIFY(here.available > 0 && here.available <= here.total);
    }

    void aGroupIsGivenLess() {
        write("groups/batch/job/memory.max", "4294967296\n");  // 4096 MiB
        QCOMPARE(total(), 4096);
        QCOMPARE(available(), 4096);
        write("groups/batch/job/memory.current", "3221225472\n");  // 3072 MiB, of which 1536 caches
        QCOMPARE(available(), 1024);
        write("groups/batch/job/memory.stat",
              "anon 1610612736\nfile 1610612736\nactive_file 536870912\ninactive_file 1073741824\n");
        QCOMPARE(available(), 2560);
    }

    void theMachineMayHaveLessThanTheGroup() {
        write("groups/batch/job/memory.max", "12884901888\n");  // 12288 MiB
        QCOMPARE(total(), 12288);
        QCOMPARE(available(), 8192);
        write("groups/batch/job/memory.max", "274877906944\n");
        QCOMPARE(total(), 16384);
    }

    void theGroupsAroundItHoldToo() {
        write("groups/batch/job/memory.max", "max\n");
        write("groups/batch/memory.max", "2147483648\n");
        QCOMPARE(total(), 2048);
        write("groups/memory.max", "1073741824\n");  // a container sees its own as the root
        QCOMPARE(total(), 1024);
        write("cgroup", "0::/\n");
        QCOMPARE(total(), 1024);
    }

    // A group that is full has none left, which is not the same as not known.
    void aFullGroup() {
        write("groups/batch/job/memory.max", "1073741824\n");
        write("groups/batch/job/memory.current", "1073741824\n");
        QCOMPARE(systemMemory(m_files).available, std::int64_t{1});
    }

    void whatCannotBeReadIsUnknown() {
        fs::remove(m_root / "meminfo");
        QCOMPARE(systemMemory(m_files).total, std::int64_t{0});
        QCOMPARE(systemMemory(m_files).available, std::int64_t{0});
        write("groups/batch/job/memory.max", "1073741824\n");
        QCOMPARE(total(), 1024);
        QCOMPARE(available(), 1024);
        for (const char* membership : {"", "0::", "0::/../outside\n", "garbage\n"}) {
            write("cgroup", membership);
            QCOMPARE(systemMemory(m_files).total, std::int64_t{0});
        }
    }

private:
    void write(const char* name, const char* text) const {
        fs::create_directories((m_root / name).parent_path());
        std::ofstream(m_root / name) << text;
    }
    int total() const { return static_cast<int>(systemMemory(m_files).total / mebibyte); }
    int available() const { return static_cast<int>(systemMemory(m_files).available / mebibyte); }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    MemoryFiles m_files;
};

QTEST_GUILESS_MAIN(systemMemoryTest)
#include "systemMemoryTest.moc"
