// SPDX-License-Identifier: GPL-3.0-or-later
// NPZ archives, made by libzip.
#include <zip.h>

#include <QTemporaryDir>
#include <QtTest>

#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

class archivesTest : public QObject {
    Q_OBJECT

private:
    using Names = std::vector<std::string>;
    using Members = std::vector<std::pair<QByteArray, QByteArray>>;

    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }

    std::string npz(const Members& members, const QString& name = "a.npz") const {
        const QByteArray path = at(name).toUtf8();
        zip_t* archive = zip_open(path.constData(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
        for (const auto& [member, bytes] : members)
            if (zip_file_add(archive, member.constData(),
                             zip_source_buffer(archive, bytes.constData(), zip_uint64_t(bytes.size()), 0),
                             0) < 0)
                qFatal("cannot add %s", member.constData());
        if (zip_close(archive) != 0)
            qFatal("cannot write %s", path.constData());
        return path.toStdString();
    }
    static std::shared_ptr<const Dataset> open(const std::string& path, const std::string& part = {}) {
        DataConfig config;
        config.source = path;
        config.part = part;
        return openDataset(config);
    }
    static Names partsOf(const Dataset& set) {
        Names names;
        for (const SourcePart& part : set.facts().details.parts)
            names.push_back(part.name);
        return names;
    }
    static QByteArray images(int count, char fill = 3) {
        return npy("|u1", "(" + QByteArray::number(count) + ", 20, 20)", QByteArray(count * 400, fill));
    }

private Q_SLOTS:
    void readsTheLargestWithItsLabels() {
        const Members members{
            {"test_images.npy", images(2, 7)},
            {"test_labels.npy", npy("|u1", "(2,)", QByteArray("\0\1", 2))},
            {"train_images.npy", images(5)},
            {"train_labels.npy", npy("<i8", "(5, 1)", bytesOf<std::int64_t>({0, 1, 2, 1, 0}))}};
        const std::string path = npz(members);
        const auto set = open(path);
        QCOMPARE(set->size(), 5);
        QCOMPARE(set->facts().shape, (Shape{1, 20, 20}));
        QCOMPARE(set->facts().details.part, std::string("train_images"));
        QCOMPARE(partsOf(*set), (Names{"test_images", "test_images as volumes", "test_labels", "train_images",
                                       "train_images as volumes", "train_labels"}));
        QCOMPARE(set->facts().labels.size(), std::size_t(3));
        QCOMPARE(set->read(2).label, 2);
        const auto other = open(path, "test_images");
        QCOMPARE(other->read(1).array->values, std::vector<float>(400, 7.0f));
        QCOMPARE(other->read(1).label, 1);
        QVERIFY_EXCEPTION_THROWN(open(path, "none"), EngineError);
    }

    void pairsXAndY() {
        const auto set = open(
            npz({{"x_train.npy", images(2)}, {"y_train.npy", npy("|u1", "(2,)", QByteArray("\1\0", 2))}}));
        QCOMPARE(set->read(0).label, 1);
    }

    // Nothing but zeros packs a thousand times; types that are no numbers are passed over.
    void readsWhatIsPackedTightly() {
        const std::string path =
            npz({{"mask.npy", images(1000, 0)}, {"names.npy", npy("<U5", "(2,)", QByteArray(40, 0))}});
        QCOMPARE(open(path)->size(), 1000);
        QCOMPARE(partsOf(*open(path)), (Names{"mask", "mask as volumes"}));
        QVERIFY(isHelpful(errorOf(npz({{"large.npy", images(5000)}}), 1)));
    }

    void neverUsesNamesAsPaths() {
        const std::string path =
            npz({{"../../outside.npy", images(1)}, {"/etc/hosts.npy", images(2)}}, "sub.npz");
        QCOMPARE(open(path)->facts().details.part, std::string("/etc/hosts"));
        QCOMPARE(open(path, "../../outside")->size(), 1);
        QCOMPARE(QDir(m_folder.path()).entryList({"*outside*"}).size(), 0);
    }

    void aFolderOfArchives() {
        QDir(m_folder.path()).mkpath("slices");
        npz({{"image.npy", npy("<f4", "(20, 20)", QByteArray(1600, 0))},
             {"label.npy", npy("|u1", "(20, 20)", QByteArray(400, 1))}},
            "slices/a.npz");
        npz({{"image.npy", npy("<f4", "(20, 20)", QByteArray(1600, 0))}}, "slices/b.npz");
        const auto set = open(at("slices").toStdString(), "image");
        QCOMPARE(set->size(), 2);
        QCOMPARE(set->facts().shape, (Shape{1, 20, 20}));
        QCOMPARE(open(at("slices").toStdString(), "label")->size(), 1);
        QCOMPARE(partsOf(*set), (Names{"image", "image as volumes", "label", "label as volumes"}));
        QCOMPARE(set->facts().details.part, std::string("image"));
        const auto flat = open(at("slices").toStdString(), "image as volumes");
        QCOMPARE(flat->facts().kind, DataKind::Volume);
        QCOMPARE(flat->facts().shape, (Shape{1, 1, 20, 20}));
        QCOMPARE(flat->facts().details.part, std::string("image as volumes"));
    }

    // Where its axes do not tell, as of an array in a file of its own.
    void readsAnArrayAsTold() {
        const std::string path = npz({{"scan.npy", npy("|u1", "(9, 20, 20)", QByteArray(3600, 5))},
                                      {"scan as signals.npy", npy("<f4", "(50,)", QByteArray(200, 0))},
                                      {"one.npy", npy("<f4", "()", QByteArray(4, 0))}});
        const auto likeliest = open(path), volume = open(path, "scan as volumes");
        QCOMPARE(likeliest->facts().kind, DataKind::Image);
        QVERIFY(hasNote(likeliest->facts(), "data.part"));
        QCOMPARE(partsOf(*likeliest), (Names{"scan as signals", "scan", "scan as volumes"}));
        QCOMPARE(likeliest->facts().details.parts.at(2).description,
                 std::string("uint8, 1 volume of 9 x 20 x 20, 1 channel"));
        QCOMPARE(volume->facts().kind, DataKind::Volume);
        QCOMPARE(volume->facts().shape, (Shape{1, 9, 20, 20}));
        QCOMPARE(volume->facts().details.part, std::string("scan as volumes"));
        QCOMPARE(volume->read(0).array->values, std::vector<float>(3600, 5.0f));
        QCOMPARE(open(path, "scan as images")->facts().details.part, std::string("scan"));
        QCOMPARE(open(path, "scan as signals")->facts().shape, (Shape{1, 50}));  // a name, before all else
        for (const char* wrong : {"scan as films", "one", "one as images", "volumes"})
            try {
                open(path, wrong);
                QFAIL(wrong);
            } catch (const EngineError& error) {
                QVERIFY(isHelpful(error.error()));
            }
    }

    void refusesTheDamaged() {
        QVERIFY(isHelpful(errorOf(put(at("no.npz"), "PK"))));
        QVERIFY(isHelpful(errorOf(npz({{"readme.txt", "no arrays"}}))));
        QVERIFY(isHelpful(errorOf(npz({{"a.npy", "\x93NUMPY"}}))));
        QFile file(QString::fromStdString(npz({{"a.npy", images(2)}}, "whole.npz")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        for (qsizetype size = 0; size < whole.size(); size += 5)
            QVERIFY2(isHelpful(errorOf(put(at("cut.npz"), whole.left(size)))),
                     qPrintable(QString::number(size)));
        QByteArray changed = whole;
        changed[60] = static_cast<char>(changed[60] ^ 0x55);
        QVERIFY(isHelpful(errorOf(put(at("changed.npz"), changed))));
    }

    void realArchive() {
        const QString path = QStringLiteral(DENOSCOPE_SHARED) + "/data/2d/pneumonia_mnist/pneumoniamnist.npz";
        if (!QFile::exists(path))
            QSKIP("the archive of radiographs is not here");
        const auto set = open(path.toStdString());
        QCOMPARE(set->size(), 3882);
        QCOMPARE(set->facts().labels.size(), std::size_t(2));
        QCOMPARE(set->facts().details.parts.size(), std::size_t(12));  // six arrays, each also otherwise
        QCOMPARE(open(path.toStdString(), "val_images")->size(), 524);
    }
};

QTEST_GUILESS_MAIN(archivesTest)
#include "archivesTest.moc"
