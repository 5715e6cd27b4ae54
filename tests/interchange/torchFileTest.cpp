// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstring>

#include "engine/interchange/TorchFile.h"
#include "tests/interchange/MadeFiles.h"

using namespace denoscope;
using namespace denoscope::test;

namespace {

const QByteArray six = floats({0, 1, 2, 3, 4, 5});

std::vector<float> valuesOf(const StoredTensor& tensor) {
    std::vector<float> values(tensor.bytes.size() / sizeof(float));
    std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
    return values;
}

}  // namespace

class TorchFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowMajorTensorsAreViews();
    void otherOrdersAreGathered();
    void numbersMayBeTensors();
    void liesAreRefused_data();
    void liesAreRefused();
    void archivesThatLie_data();
    void archivesThatLie();
    void otherFilesAreToldHow_data();
    void otherFilesAreToldHow();
    void overlapsAreBounded();
    void noDamageCrashes();
    void hostileFiles();

private:
    std::filesystem::path write(const QByteArray& bytes) const {
        return writeTo(m_folder.filePath("made.pt"), bytes);
    }
    QString refusalOf(const QByteArray& bytes) const {
        const auto path = write(bytes);
        return refusal([&] { TorchFile file(path); });
    }
    QTemporaryDir m_folder;
};

void TorchFileTest::rowMajorTensorsAreViews() {
    TorchFile file(write(torchFile(dict({text("a"), tensor(storage("0", number(6)), 2, {2, 2}, {2, 1}),
                                         text("b"), tensor(storage("1", number(0)), 0, {0, 3}, {3, 1})}),
                                   {six, ""})));
    const PickleDict& root = *std::get<PickleDict*>(file.root());
    const StoredTensor a = file.tensor(*std::get<const PickleTensor*>(*root.find("a")));
    QCOMPARE(a.dtype, std::string("F32"));
    QCOMPARE(a.shape, (Shape{2, 2}));
    QCOMPARE(valuesOf(a), (std::vector<float>{2, 3, 4, 5}));
    QVERIFY(file.tensor(*std::get<const PickleTensor*>(*root.find("b"))).bytes.empty());
}

void TorchFileTest::otherOrdersAreGathered() {
    const QByteArray transposed = tensor(storage("0", number(6)), 0, {3, 2}, {1, 3});
    const QByteArray everySecond = tensor(storage("0", number(6)), 1, {1, 3}, {7777, 2});
    TorchFile file(write(torchFile(tuple({transposed, everySecond}), {six})));
    const auto& items = std::get<PickleSequence*>(file.root())->items;
    const StoredTensor first = file.tensor(*std::get<const PickleTensor*>(items.at(0)));
    QCOMPARE(valuesOf(first), (std::vector<float>{0, 3, 1, 4, 2, 5}));
    QCOMPARE(valuesOf(file.tensor(*std::get<const PickleTensor*>(items.at(1)))),
             (std::vector<float>{1, 3, 5}));
    QCOMPARE(file.tensor(*std::get<const PickleTensor*>(items.at(0))).bytes.data(), first.bytes.data());
}

void TorchFileTest::numbersMayBeTensors() {
    const QByteArray count = tensor(storage("0", number(1), "LongStorage"), 0, {}, {});
    const QByteArray truth = tensor(storage("1", number(1), "BoolStorage"), 0, {1}, {1});
    const QByteArray pair = tensor(storage("2", number(2)), 0, {2}, {1});
    TorchFile file(write(torchFile(tuple({count, truth, number(7), "\x88", pair}),
                                   {little<qint64>(13), "\1", floats({1, 2})})));
    const auto& items = std::get<PickleSequence*>(file.root())->items;
    QCOMPARE(file.number(items.at(0)), 13.0);
    QCOMPARE(file.number(items.at(1)), 1.0);
    QCOMPARE(file.number(items.at(2)), 7.0);
    QCOMPARE(file.number(items.at(3)), 1.0);
    QVERIFY(std::isnan(file.number(items.at(4))));
}

void TorchFileTest::liesAreRefused_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("message");
    constexpr qint64 huge = std::numeric_limits<qint64>::max();
    const auto row = [](const char* name, const QByteArray& body, const char* message) {
        QTest::newRow(name) << body << message;
    };
    const QByteArray held = storage("0", number(6));
    row("storage too short", tensor(storage("0", number(7)), 0, {7}, {1}), "has 24 bytes where 7 elements");
    row("storage too long", tensor(storage("0", number(5)), 0, {5}, {1}), "has 24 bytes where 5 elements");
    row("storage beyond all", tensor(storage("0", wide(huge)), 0, {1}, {1}), "elements of 4 are claimed");
    row("storage missing", tensor(storage("9", number(6)), 0, {6}, {1}), "not in the archive");
    row("storage elsewhere", tensor(storage("../data.pkl", number(6)), 0, {6}, {1}), "not in the archive");
    row("ends outside", tensor(held, 1, {6}, {1}), "ends at element 6 where its storage has 6");
    row("strides lead outside", tensor(held, 0, {2, 3}, {4, 1}), "ends at element 6");
    row("negative offset", tensor(held, -1, {2}, {1}), "impossible");
    row("negative stride", tensor(held, 5, {6}, {-1}), "impossible");
    row("negative extent", tensor(held, 0, {-6}, {1}), "impossible");
    row("stride overflows", tensor(held, 0, {3, 2}, {huge, 1}), "impossible");
    row("sum overflows", tensor(held, 1, {2, 2}, {huge, 1}), "impossible");
    row("offset overflows", tensor(held, huge, {2}, {1}), "impossible");
    row("offset of nothing", tensor(held, huge, {1}, {1}), "ends at element 9223372036854775807");
    row("expanded", tensor(held, 0, {7}, {0}), "repeats the 6 elements");
    row("expanded beyond all", tensor(held, 0, {huge, huge}, {0, 0}), "made.pt");
    row("complex", tensor(storage("0", number(3), "ComplexFloatStorage"), 0, {3}, {1}),
        "the type torch.complex64 is not taken");
    row("quantised", tensor(storage("0", number(24), "QInt8Storage"), 0, {3}, {1}),
        "torch.qint8 is not taken");
}

void TorchFileTest::liesAreRefused() {
    QFETCH(QByteArray, body);
    QFETCH(QString, message);
    const QString line = refusalOf(torchFile(body, {six}));
    VERIFY_CONTAINS(line, message);
    VERIFY_CONTAINS(line, QStringLiteral("data.pkl, byte"));
}

void TorchFileTest::archivesThatLie_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("message");
    const Member good{"a/data.pkl", pickle("N")};
    const QByteArray zeros(20000, '\0');
    const auto row = [&](const char* name, const QList<Member>& members, const char* message) {
        QTest::newRow(name) << zip(members) << message;
    };
    row("name twice", {good, {"a/x", "1"}, {"a/x", "2"}}, "'a/x': stands twice");
    row("encrypted", {good, {"a/x", "1", -1, -1, 0, 1}}, "is encrypted");
    row("packed strangely", {good, {"a/x", "1", -1, -1, 12}}, "(method 12)");
    row("stored yet larger", {good, {"a/x", "1", 1, 2}}, "is stored as it is, yet claims 2 bytes of 1");
    row("bomb", {good, {"a/x", QByteArray(100, 'x'), 100, 1 << 30, 8}},
        "claims to unpack 100 bytes to 1073741824");
    row("more than the file", {good, {"a/x", "1", 1 << 30, 1 << 30}}, "claims more bytes than the file's");
    row("two pickles", {good, {"b/data.pkl", pickle("N")}}, "holds two pickles");
    row("big-endian", {good, {"a/byteorder", "big"}}, "byte order 'big'");
    row("long byte order", {good, {"a/byteorder", zeros}}, "its byte order takes 20000 bytes");
    row("huge pickle", {{"a/data.pkl", QByteArray(65 << 20, 'N')}}, "far more than names and shapes need");
    QByteArray damaged = zip({good, {"a/x", "data"}});
    damaged[damaged.indexOf("N.")] = 'X';
    QTest::newRow("checksum") << damaged << "'a/data.pkl'";
}

void TorchFileTest::archivesThatLie() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, message);
    VERIFY_CONTAINS(refusalOf(bytes), message);
}

void TorchFileTest::otherFilesAreToldHow_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("remedy");
    const QByteArray magic = QByteArray::fromHex("80028a0a6cfc9c46f9206aa850192e");
    QTest::newRow("before 1.6") << magic + QByteArray(40, '\0') << "before PyTorch 1.6"
                                << "torch.load('old.pt'";
    QTest::newRow("tar") << QByteArray(257, 'x') + "ustar" + QByteArray(300, '\0') << "tar archive"
                         << "torch.load(";
    QTest::newRow("bare pickle") << pickle("N") << "a bare pickle"
                                 << "pickle.load(";
    QTest::newRow("keras") << QByteArray("\x89HDF\r\n\x1a\n") << "HDF5"
                           << "model.state_dict()";
    QTest::newRow("text") << QByteArray("weights") << "no file of torch.save"
                          << "model.state_dict()";
    QTest::newRow("empty") << QByteArray() << "is empty"
                           << "model.state_dict()";
    const Member data{"m/data.pkl", pickle("N")};
    QTest::newRow("script by its code")
        << zip({data, {"m/code/__torch__.py", "pass"}}) << "a TorchScript archive"
        << "torch.jit.load(";
    QTest::newRow("script by its constants")
        << zip({data, {"m/constants.pkl", pickle("N")}}) << "a TorchScript archive"
        << "torch.jit.load(";
    QTest::newRow("numpy") << zip({{"w.npy", "x"}}) << "NumPy arrays"
                           << "model.state_dict()";
    QTest::newRow("another zip") << zip({{"word/document.xml", "x"}}) << "without data.pkl"
                                 << "model.state_dict()";
}

void TorchFileTest::otherFilesAreToldHow() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, message);
    QFETCH(QString, remedy);
    const QString line = refusalOf(bytes);
    VERIFY_CONTAINS(line, message);
    VERIFY_CONTAINS(line, remedy);
    VERIFY_CONTAINS(refusal([&] { TorchFile file(m_folder.path().toStdString()); }),
                    QStringLiteral("is not a file"));
    VERIFY_CONTAINS(refusal([&] { TorchFile file("/nowhere/model.pt"); }), QStringLiteral("does not exist"));
}

void TorchFileTest::overlapsAreBounded() {
    // One storage of 16 kB, seen transposed by a hundred tensors.
    const QByteArray data(16384, '\0');
    const QByteArray seen = tensor(storage("0", number(4096)), 0, {64, 64}, {1, 64});
    TorchFile file(write(torchFile(tuple(QList<QByteArray>(100, seen)), {data})));
    const auto& items = std::get<PickleSequence*>(file.root())->items;
    VERIFY_CONTAINS(refusal([&] {
                        for (const PickleValue& item : items)
                            file.tensor(*std::get<const PickleTensor*>(item));
                    }),
                    QStringLiteral("more memory than the file has bytes"));
}

void TorchFileTest::noDamageCrashes() {
    const QByteArray whole = torchFile(
        dict({text("a"), tensor(storage("0", number(6)), 0, {3, 2}, {1, 3}), text("step"), number(13)}),
        {six});
    const auto readAll = [&](const QByteArray& bytes) {
        const auto path = write(bytes);
        return refusal([&] {
            TorchFile file(path);
            if (const auto* root = std::get_if<PickleDict*>(&file.root()))
                for (const auto& entry : (*root)->entries)
                    file.number(entry.second),
                        std::holds_alternative<const PickleTensor*>(entry.second)
                            ? void(file.tensor(*std::get<const PickleTensor*>(entry.second)))
                            : void();
        });
    };
    QVERIFY(readAll(whole).isEmpty());
    for (qsizetype length = 0; length < whole.size(); ++length)
        QVERIFY2(!readAll(whole.first(length)).isEmpty(), qPrintable(QString::number(length)));
    for (qsizetype place = 0; place < whole.size(); ++place)
        for (const int value : {0, 0xff}) {
            QByteArray damaged = whole;
            damaged[place] = char(value);
            readAll(damaged);  // anything but a crash
        }
}

void TorchFileTest::hostileFiles() {
    const QDir hostile(DENOSCOPE_SHARED "/data/hostile/made-here");
    if (!hostile.exists())
        QSKIP("the shared hostile files are not here");
    for (const QFileInfo& info : hostile.entryInfoList(QDir::Files))
        QVERIFY2(!refusal([&] { TorchFile file(info.filePath().toStdString()); }).isEmpty(),
                 qPrintable(info.fileName()));
}

QTEST_GUILESS_MAIN(TorchFileTest)
#include "torchFileTest.moc"
