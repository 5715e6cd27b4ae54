// SPDX-License-Identifier: GPL-3.0-or-later
// What is measured of loading, on a few tiny files: not how fast it is.
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include "engine/bench/LoadBench.h"

using namespace denoscope;

class loadBenchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesItsCases() {
        QCOMPARE(loadCasesNamed("all").size(), std::size_t{3});
        QCOMPARE(loadCasesNamed("1d").at(0).files, std::int64_t{10000});
        QCOMPARE(loadCasesNamed("2d").at(0).name, std::string("png"));
        QCOMPARE(loadCasesNamed("3d").at(0).shape, (Shape{1, 256, 256, 256}));
    }

    void trainsOnEveryKind_data() {
        QTest::addColumn<LoadCase>("wanted");
        QTest::newRow("signals") << LoadCase{"wav", DataKind::Signal, 70, {1, 64}};
        QTest::newRow("images") << LoadCase{"png", DataKind::Image, 70, {3, 8, 8}};
        QTest::newRow("volumes") << LoadCase{"nii", DataKind::Volume, 6, {1, 8, 8, 8}};
    }
    void trainsOnEveryKind() {
        QFETCH(LoadCase, wanted);
        QTemporaryDir folder;
        const QByteArray before = qgetenv("TMPDIR");
        qputenv("TMPDIR", folder.path().toUtf8());
        const LoadResult result = runLoad(wanted, 2);
        before.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", before);
        QVERIFY(QDir(folder.path()).isEmpty());  // nothing is left behind
        QCOMPARE(result.files, wanted.files);
        QVERIFY(result.batch > 0 && result.secondsPerStep > 0 && result.loadedPerSecond > 0);
        QVERIFY(result.waitedShare >= 0 && result.waitedShare <= 1);
        QVERIFY(loadHead().ends_with('\n') && loadRow(result).ends_with('\n'));
        const auto json = nlohmann::json::parse(loadJson(result));
        QCOMPARE(json["load"].get<std::string>(), wanted.name);
        QCOMPARE(json["steps"].get<int>(), 2);
    }
};

QTEST_GUILESS_MAIN(loadBenchTest)
#include "loadBenchTest.moc"
