// SPDX-License-Identifier: GPL-3.0-or-later
// Values that are no finite numbers: who looks at them sees them, who trains is told where they are.
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <limits>

#include "engine/api/FiniteValues.h"
#include "engine/api/OwnWindow.h"
#include "engine/data/Prepare.h"
#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

namespace {

constexpr float notANumber = std::numeric_limits<float>::quiet_NaN(),
                inf = std::numeric_limits<float>::infinity();

QByteArray floatNifti(const std::vector<float>& values) {
    return nifti(niftiHeader(2, 2, 2, DT_FLOAT32, 32), bytesOf(values));
}

bool sayNotFinite(const DataFacts& facts) {
    return std::ranges::any_of(facts.notes, [](const std::string& note) {
        return note.find("NaN or infinite") != std::string::npos;
    });
}

}  // namespace

class lookingTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void statisticsAreOfTheFiniteValues() {
        const auto set =
            lookAt(put(at("some.nii"), floatNifti({notANumber, 1, inf, 3, -inf, 5, 7, notANumber})));
        const DataFacts& facts = set->facts();
        QCOMPARE(facts.notFinite, std::int64_t{4});
        QCOMPARE(facts.min, 1.0);
        QCOMPARE(facts.max, 7.0);
        QCOMPARE(facts.mean, 4.0);
        QVERIFY(std::abs(facts.standardDeviation - std::sqrt(5.0)) < 1e-9);
        QVERIFY(sayNotFinite(facts));
        const std::vector<float> values = set->read(0).array->values;
        QVERIFY(std::isnan(values[0]) && values[2] == inf && values[4] == -inf && values[6] == 7);
    }

    void nothingFiniteIsStillOpened() {
        const auto set = lookAt(put(at("none.nii"), floatNifti(std::vector<float>(8, notANumber))));
        QCOMPARE(set->facts().notFinite, std::int64_t{8});
        QVERIFY(!hasFiniteValues(set->facts()) && sayNotFinite(set->facts()));
        QVERIFY(ownWindow(set->facts()).first <
                ownWindow(set->facts()).second);  // there is something to draw
        const auto finite = lookAt(put(at("all.nii"), floatNifti(std::vector<float>(8, 2))));
        QCOMPARE(finite->facts().notFinite, std::int64_t{0});
        QVERIFY(hasFiniteValues(finite->facts()) && !sayNotFinite(finite->facts()));
        const auto zero = lookAt(put(at("zero.nii"), floatNifti({0, 0, notANumber, 0, 0, 0, 0, 0})));
        QVERIFY(hasFiniteValues(zero->facts()));
    }

    void manyValuesAreMeasuredInParts() {
        std::vector<float> values(300'000);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = i % 3 == 0 ? notANumber : static_cast<float>(i % 3);
        const DataFacts facts =
            lookAt(put(at("long.npy"), npy("<f4", "(1, 300000)", bytesOf(values))))->facts();
        QCOMPARE(facts.notFinite, std::int64_t{100'000});
        QCOMPARE(facts.mean, 1.5);
        QCOMPARE(facts.percentile005, 1.0);
        QCOMPARE(facts.percentile995, 2.0);
    }

    void trainingIsRefusedByName() {
        for (const auto& [name, bytes] :
             {std::pair{"bad.nii", floatNifti({0, 1, 2, notANumber, 4, 5, 6, 7})},
              std::pair{"bad.npy", npy("<f4", "(2, 1, 2)", bytesOf<float>({1, 2, 3, inf}))}}) {
            const std::string path = put(at(name), bytes);
            const Error error = errorOf(path);
            QVERIFY2(isHelpful(error), name);
            QVERIFY2(error.where.find(name) != std::string::npos, error.where.c_str());
            QVERIFY2(error.what.starts_with("holds a"), error.what.c_str());
            QVERIFY(lookAt(path)->size() > 0);
        }
    }

    void aFolderIsTrainedWithoutThem() {
        QDir(m_folder.path()).mkpath("heads");
        put(at("heads/a.nii"), floatNifti({0, 1, 2, 3, 4, 5, 6, 7}));
        put(at("heads/b.nii"), floatNifti({0, 1, 2, notANumber, 4, 5, 6, 7}));
        const std::string folder = at("heads").toStdString();
        QCOMPARE(lookAt(folder)->size(), std::int64_t{2});
        const auto training = openPath(folder);
        QCOMPARE(training->size(), std::int64_t{1});
        QVERIFY(training->facts().notes.back().find("b.nii holds a NaN") != std::string::npos);
        QCOMPARE(training->facts().notFinite, std::int64_t{0});
    }

    void preparingRefusesSuchAnItem() {
        const std::string path = put(at("prepared.nii"), floatNifti({0, 1, 2, notANumber, 4, 5, 6, 7}));
        PrepareItem request;
        request.config.data.source = path;
        request.config.data.size = {2, 2, 2};
        try {
            prepareItem(*lookAt(path), request);
            QFAIL("a NaN was prepared for the network");
        } catch (const EngineError& error) {
            QVERIFY(isHelpful(error.error()));
            QVERIFY(error.error().where.find("prepared.nii") != std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(lookingTest)
#include "lookingTest.moc"
