// SPDX-License-Identifier: GPL-3.0-or-later
// Public data sets as they are published, where a copy of them lies beside the repository.
#include <QDir>
#include <QtTest>

#include <set>

#include "engine/data/BatchLoader.h"
#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

class realDataTest : public QObject {
    Q_OBJECT

private:
    static std::string at(const QString& name) {
        const QString path = QStringLiteral(DENOSCOPE_SHARED) + "/data/" + name;
        return QFileInfo::exists(path) ? path.toStdString() : std::string();
    }

private Q_SLOTS:
    void spokenDigits() {
        const std::string path = at("1d/free-spoken-digit-dataset");
        if (path.empty())
            QSKIP("the spoken digits are not here");
        const auto set = openPath(path);
        QCOMPARE(set->facts().kind, DataKind::Signal);
        QCOMPARE(set->facts().labels,
                 (std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}));
        QCOMPARE(set->facts().geometry.sampleRate, 8000.0);
        QVERIFY(set->facts().mixedShapes);
        for (std::int64_t i = 0; i < set->size(); i += 29) {
            const Item item = set->read(i);
            const std::size_t name = item.name.rfind('/') + 1;
            QCOMPARE(std::to_string(item.label), item.name.substr(name, 1));
        }
        RunConfig config;
        config.data.size = {4096};
        config.data.fit = Fit::Pad;
        config = resolve(config, *set);
        QCOMPARE(makeBatch(*set, config, 0, 8).values.shape, (Shape{8, 1, 4096}));
    }

    void handwrittenDigits() {
        const std::string path = at("2d/mnist__MnistTensorFlowVsPyTorch/t10k-images-idx3-ubyte.gz");
        if (path.empty())
            QSKIP("the handwritten digits are not here");
        const auto set = openPath(path);
        QCOMPARE(set->size(), 10000);
        QCOMPARE(set->facts().shape, (Shape{1, 28, 28}));
        QCOMPARE(set->facts().labels.size(), std::size_t(10));
        QCOMPARE(set->facts().min, 0.0);
        QCOMPARE(set->facts().max, 255.0);
        QVERIFY(std::abs(set->facts().mean - 33.79) < 0.01);  // 0.1325 of white, as published for this part
        const int known[] = {7, 2, 1, 0, 4, 1, 4, 9, 5, 9};   // its first ten labels
        for (int i = 0; i < 10; ++i)
            QCOMPARE(set->read(i).label, known[i]);
        QVERIFY(std::abs(resolve({}, *set).noise.sigmaData - 0.62) < 0.02);
    }

    void headTemplate() {
        const std::string path = at("3d/niivue/MNI152_2009_template.nii.gz");
        if (path.empty())
            QSKIP("the head template is not here");
        const auto set = openPath(path);
        QCOMPARE(set->facts().kind, DataKind::Volume);
        QCOMPARE(set->facts().geometry.spacing, (std::array<double, 3>{1, 1, 1}));
        RunConfig config = resolve({}, *set);
        QCOMPARE(config.data.size, (Shape{32, 32, 32}));
        const Item whole = set->read(0);
        std::set<float> distinct;
        for (std::uint64_t key = 0; key < 20; ++key) {
            const Item patch = set->draw(0, config.data.size, Fit::Exact, key);
            // The affine says where the patch was cut; the same voxels must lie there.
            const auto place = [&](std::size_t axis) {
                return static_cast<std::int64_t>(
                    std::lround((patch.geometry.affine[axis * 4 + 3] - whole.geometry.affine[axis * 4 + 3]) /
                                whole.geometry.affine[axis * 5]));
            };
            const Shape& s = whole.array->shape;
            const auto flat =
                static_cast<std::size_t>(((place(2) + 7) * s[2] + place(1) + 8) * s[3] + place(0) + 9);
            QCOMPARE(patch.array->values[(7 * 32 + 8) * 32 + 9], whole.array->values[flat]);
            distinct.insert(static_cast<float>(flat));
        }
        QVERIFY(distinct.size() > 15);
    }
};

QTEST_GUILESS_MAIN(realDataTest)
#include "realDataTest.moc"
