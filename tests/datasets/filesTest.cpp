// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/resource.h>
#include <csignal>

#include <QTemporaryDir>
#include <QtTest>

#include "engine/core/Files.h"
#include "tests/datasets/MadeFiles.h"

using namespace denoscope;
namespace fs = std::filesystem;

class filesTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    qsizetype entries() const {
        return QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size();
    }

private Q_SLOTS:
    void init() {
        for (const auto& entry : fs::directory_iterator(at("")))
            fs::remove_all(entry.path());
    }

    void writesAndReplaces() {
        writeFileAtomically(at("a"), std::string_view("one"));
        writeFileAtomically(at("a"), std::string_view("two\0three", 9));
        QCOMPARE(readFile(at("a"), 100), std::string("two\0three", 9));
        QCOMPARE(entries(), 1);  // nothing temporary is left
    }

    void aFailureLeavesTheTarget() {
        writeFileAtomically(at("a"), std::string_view("old"));
        QVERIFY_EXCEPTION_THROWN(
            writeFileAtomically(at("a"), [](std::ostream&) { throw std::runtime_error("torn"); }),
            std::runtime_error);
        QCOMPARE(readFile(at("a"), 100), std::string("old"));
        QCOMPARE(entries(), 1);
        QVERIFY_EXCEPTION_THROWN(writeFileAtomically(at("none/a"), std::string_view("x")), EngineError);
        QVERIFY_EXCEPTION_THROWN(
            writeFileAtomically(at("b"), [](std::ostream& s) { s.setstate(std::ios::badbit); }), EngineError);
        QVERIFY(!fs::exists(at("b")));
    }

    // A limit on the size of files ends a write halfway, as a full disk does.
    void aTornWriteIsReported() {
        writeFileAtomically(at("a"), std::string_view("old"));
        ::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const rlimit small{1 << 16, before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        Error error;
        try {
            writeFileAtomically(at("a"), std::string(1 << 20, 'x'));
        } catch (const EngineError& failure) {
            error = failure.error();
        }
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(isHelpful(error));
        QCOMPARE(readFile(at("a"), 100), std::string("old"));
        QCOMPARE(entries(), 1);
    }

    void publishesFolders() {
        for (const char* text : {"one", "two"}) {
            fs::create_directories(at("tmp/inner"));
            writeFileAtomically(at("tmp/inner/file"), std::string_view(text));
            publishFolder(at("tmp"), at("done"));
            QCOMPARE(readFile(at("done/inner/file"), 10), std::string(text));
            QVERIFY(!fs::exists(at("tmp")));
        }
        QCOMPARE(entries(), 1);
        QVERIFY_EXCEPTION_THROWN(publishFolder(at("missing"), at("done")), EngineError);
        QVERIFY(fs::exists(at("done/inner/file")));
    }

    void reads() {
        writeFileAtomically(at("a"), std::string_view("12345"));
        QCOMPARE(readFile(at("a"), 5), std::string("12345"));
        QVERIFY_EXCEPTION_THROWN(readFile(at("a"), 4), EngineError);
        QVERIFY_EXCEPTION_THROWN(readFile(at("b"), 4), EngineError);
        QVERIFY_EXCEPTION_THROWN(readFile(at("."), 4), EngineError);
    }
};

QTEST_GUILESS_MAIN(filesTest)
#include "filesTest.moc"
