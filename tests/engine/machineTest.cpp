// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTest>

#include "engine/core/Machine.h"
#include "engine/core/Processor.h"

using namespace denoscope;

namespace {

// Of the first processor, as the system lists them.
QStringList processorFlags() {
    QFile file("/proc/cpuinfo");
    if (!file.open(QIODevice::ReadOnly))
        return {};
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith("flags"))
            return QString::fromLatin1(line.mid(line.indexOf(':') + 1)).split(' ', Qt::SkipEmptyParts);
    return {};
}

}  // namespace

class machineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsItself() {
        QVERIFY(!devices().empty());
        QCOMPARE(devices()[0].name, std::string("cpu"));
        QVERIFY(mathLibrary().matmulGflops > 0);
    }

    void knowsItsProcessor() {
        const QStringList flags = processorFlags();
        if (flags.isEmpty())
            QSKIP("the system lists no flags of the processor");
        const auto has = [&](const char* names) {
            for (const QString& name : QString(names).split(' '))
                if (!flags.contains(name))
                    return false;
            return true;
        };
        const bool avx2 = has("avx avx2 bmi1 bmi2 f16c fma abm movbe xsave"),
                   avx512 = avx2 && has("avx512f avx512bw avx512cd avx512dq avx512vl");
        QCOMPARE(processor() == Processor::Avx512, avx512);
        QCOMPARE(processor() == Processor::Avx2, avx2 && !avx512);
        QCOMPARE(multipliesBFloat16(), avx512 && has("avx512_bf16"));
        QCOMPARE(multipliesMatrices(), avx512 && has("amx_bf16"));
        QCOMPARE(hasBFloat16(), avx512);
    }

    void whatItCannotDoIsToldAndDoneOtherwise() {
        RunConfig config;
        QVERIFY(!beyondMachine(config.training, false));
        QVERIFY(withinMachine(config, false) == config);
        config.training.precision = Precision::BFloat16;
        QVERIFY(!beyondMachine(config.training, true));
        QVERIFY(withinMachine(config, true) == config);
        const auto told = beyondMachine(config.training, false);
        QVERIFY(told);
        QCOMPARE(told->where, std::string("training.precision"));
        QVERIFY(!told->what.empty() && !told->remedy.empty());
        RunConfig expected = config;
        expected.training.precision = Precision::Float32;
        QVERIFY(withinMachine(config, false) == expected);
    }
};

QTEST_GUILESS_MAIN(machineTest)
#include "machineTest.moc"
