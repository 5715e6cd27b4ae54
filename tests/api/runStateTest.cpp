// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "engine/api/Messages.h"

using namespace denoscope;

class RunStateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPair();
    void kindOfEveryCommand();
};

void RunStateTest::everyPair() {
    // One row per state, one column per command, written down from the rules and not from the code:
    // OpenData StartTraining OpenRun ContinueTraining Pause Stop Sample SaveRun ChangeLive
    // ReadItems IndexItems PrepareItem ReadBeside
    const QHash<int, QByteArray> expected{
        {int(RunState::Empty), "xxx......xxxx"},    {int(RunState::Preparing), "x....x...xxxx"},
        {int(RunState::Ready), "xxxx..xxxxxxx"},    {int(RunState::Training), "x...xxxxxxxxx"},
        {int(RunState::Paused), "x..x.xxxxxxxx"},   {int(RunState::Sampling), "x....x...xxxx"},
        {int(RunState::Stopping), "x........xxxx"},
    };
    QCOMPARE(expected.size(), qsizetype(allRunStates.size()));
    for (const RunState state : allRunStates)
        for (const CommandKind command : allCommandKinds) {
            const bool wanted = expected[int(state)].at(int(command)) == 'x';
            QVERIFY2(allows(state, command) == wanted,
                     qPrintable(QString("%1 while %2").arg(toText(command), toText(state))));
        }
}

void RunStateTest::kindOfEveryCommand() {
    QCOMPARE(int(kindOf(OpenData{})), int(CommandKind::OpenData));
    QCOMPARE(int(kindOf(StartTraining{})), int(CommandKind::StartTraining));
    QCOMPARE(int(kindOf(OpenRun{})), int(CommandKind::OpenRun));
    QCOMPARE(int(kindOf(ContinueTraining{})), int(CommandKind::ContinueTraining));
    QCOMPARE(int(kindOf(Pause{})), int(CommandKind::Pause));
    QCOMPARE(int(kindOf(Stop{})), int(CommandKind::Stop));
    QCOMPARE(int(kindOf(Sample{})), int(CommandKind::Sample));
    QCOMPARE(int(kindOf(SaveRun{})), int(CommandKind::SaveRun));
    QCOMPARE(int(kindOf(ChangeLive{})), int(CommandKind::ChangeLive));
    QCOMPARE(int(kindOf(ReadItems{})), int(CommandKind::ReadItems));
    QCOMPARE(int(kindOf(IndexItems{})), int(CommandKind::IndexItems));
    QCOMPARE(int(kindOf(PrepareItem{})), int(CommandKind::PrepareItem));
    QCOMPARE(int(kindOf(ReadBeside{})), int(CommandKind::ReadBeside));
}

QTEST_GUILESS_MAIN(RunStateTest)
#include "runStateTest.moc"
