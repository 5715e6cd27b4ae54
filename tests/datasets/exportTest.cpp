// SPDX-License-Identifier: GPL-3.0-or-later
// What we write must be read back, by ourselves and, for pictures, by Qt.
#include <QImage>
#include <QTemporaryDir>
#include <QtTest>

#include "engine/data/export/Export.h"
#include "tests/datasets/MadeFiles.h"

using namespace denoscope;
using Floats = std::vector<float>;

class exportTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::string at(const QString& name) const { return m_folder.filePath(name).toStdString(); }
    static Item item(const Shape& shape, float first, float step) {
        Array array{shape, {}};
        for (std::int64_t i = 0; i < elementCount(shape); ++i)
            array.values.push_back(first + step * static_cast<float>(i));
        return {std::make_shared<const Array>(std::move(array)), -1, "made", {}};
    }

private Q_SLOTS:
    void npyRoundTrip() {
        const std::vector<Item> items{item({3, 9, 10}, 0, 0.5f), item({3, 9, 10}, -7, 0.25f)};
        QCOMPARE(writeItems(items, at("a.npy"), -1, 1), std::vector<std::string>{at("a.npy")});
        const auto set = openPath(at("a.npy"));
        QCOMPARE(set->facts().shape, (Shape{3, 9, 10}));
        QCOMPARE(set->read(1).array->values, items[1].array->values);
        QFile file(m_folder.filePath("a.npy"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE((file.size() - 2 * 270 * 4) % 64, 0);  // as the format asks
    }

    void wavRoundTrip() {
        Item sound = item({2, 50}, -10, 0.2f);
        sound.geometry.sampleRate = 11025;
        const auto paths = writeItems({sound, sound}, at("s.wav"), -10, 10);
        QCOMPARE(paths, (std::vector<std::string>{at("s-000.wav"), at("s-001.wav")}));
        const auto set = openPath(paths[1]);
        QCOMPARE(set->facts().geometry.sampleRate, 11025.0);
        QCOMPARE(set->facts().shape, (Shape{2, 50}));
        QVERIFY(std::abs(set->read(0).array->values[99] - 0.98f) < 1e-5f);
        writeItems({item({1, 50}, 0, 0)}, at("unknown.wav"), -1, 1);
        QCOMPARE(openPath(at("unknown.wav"))->facts().geometry.sampleRate, 16000.0);
    }

    void niftiRoundTrip() {
        Item volume = item({1, 3, 4, 5}, -1000, 1);
        volume.geometry.spacing = {1, 2, 3};
        volume.geometry.affine = {-1, 0, 0, 90, 0, 2, 0, -126, 0, 0, 3, -72, 0, 0, 0, 1};
        for (const QString name : {"v.nii", "v.nii.gz"}) {
            writeItems({volume}, at(name), -1000, 1000);
            const auto set = openPath(at(name));
            QCOMPARE(set->read(0).array->values, volume.array->values);
            QCOMPARE(set->facts().geometry.affine, volume.geometry.affine);
            QCOMPARE(set->facts().geometry.spacing, volume.geometry.spacing);
            QVERIFY(set->facts().notes.empty());
        }
        QFile file(m_folder.filePath("v.nii"));
        QVERIFY(file.open(QIODevice::ReadOnly) && file.readAll().contains("synthetic: Denoscope"));
    }

    void imagesStandInAGrid() {
        std::vector<Item> items(5, item({1, 8, 8}, 0, 0));
        items[3] = item({1, 8, 8}, 10, 0);
        writeItems(items, at("g.png"), 0, 10);
        const QImage grid(m_folder.filePath("g.png"));
        QCOMPARE(grid.size(), QSize(2 * 9 - 1, 3 * 9 - 1));
        QCOMPARE(grid.pixelColor(12, 12), QColor(255, 255, 255));  // item 3: second row, second column
        QCOMPARE(grid.pixelColor(2, 2), QColor(0, 0, 0));
        QVERIFY(grid.pixelColor(8, 2) != QColor(0, 0, 0));  // the gap
    }

    void coloursAndSlicesAndPlots() {
        const Item colour{std::make_shared<const Array>(Array{{3, 1, 1}, {255, 128, 0}}), -1, "", {}};
        writeItems({colour}, at("c.png"), 0, 255);
        QCOMPARE(QImage(m_folder.filePath("c.png")).pixelColor(0, 0), QColor(255, 128, 0));
        // Rows of a volume run from back to front here, so its first row is at the bottom of the picture.
        const Item volume{std::make_shared<const Array>(Array{{1, 2, 2, 1}, {9, 9, 0, 255}}), -1, "", {}};
        writeItems({volume}, at("v.png"), 0, 255);
        const QImage slice(m_folder.filePath("v.png"));
        QCOMPARE(slice.size(), QSize(1, 2));
        QCOMPARE(slice.pixelColor(0, 0), QColor(255, 255, 255));
        writeItems({item({1, 100}, -1, 0.02f)}, at("p.png"), -1, 1);
        const QImage plot(m_folder.filePath("p.png"));  // a rising line: dark at both ends of the diagonal
        QVERIFY(plot.pixelColor(4, plot.height() - 5).lightness() < 160);
        QVERIFY(plot.pixelColor(plot.width() - 5, 4).lightness() < 160);
        QVERIFY(plot.pixelColor(4, 4).lightness() > 240);
    }

    // What can be written is known before there is anything to write.
    void targetsAreCheckedBeforehand() {
        const auto fits = [&](const QString& name, DataKind kind) {
            try {
                checkTarget(at(name), kind);
            } catch (const EngineError& error) {
                if (!isHelpful(error.error()))
                    qFatal("a refusal without a reason or a way out");
                return false;
            }
            return true;
        };
        for (const DataKind kind : {DataKind::Signal, DataKind::Image, DataKind::Volume}) {
            QVERIFY(fits("a.npy", kind) && fits("a.PNG", kind));
            QVERIFY(!fits("a.xyz", kind) && !fits("none/a.npy", kind));
            QCOMPARE(fits("a.wav", kind), kind == DataKind::Signal);
            QCOMPARE(fits("a.nii", kind) && fits("a.NII.GZ", kind), kind == DataKind::Volume);
        }
    }

    void refusesWhatCannotBe() {
        const auto refused = [&](const std::vector<Item>& items, const QString& name, double low = 0,
                                 double high = 1) {
            try {
                writeItems(items, at(name), low, high);
            } catch (const EngineError& error) {
                return isHelpful(error.error());
            }
            return false;
        };
        QVERIFY(refused({}, "a.npy"));
        QVERIFY(refused({item({1, 4}, 0, 1)}, "a.xyz"));
        QVERIFY(refused({item({1, 4}, 0, 1)}, "a.nii"));
        QVERIFY(refused({item({1, 4, 4}, 0, 1)}, "a.wav"));
        QVERIFY(refused({item({1, 4}, 0, 1)}, "a.npy", 1, 1));
        QVERIFY(refused({item({1, 4}, 0, 1), item({1, 5}, 0, 1)}, "a.npy"));
        QVERIFY(refused({item({1, 4}, 0, 1)}, "none/a.npy"));
        QVERIFY(QDir(m_folder.path()).entryList({"a.*"}).filter("xyz").isEmpty());
    }
};

QTEST_GUILESS_MAIN(exportTest)
#include "exportTest.moc"
