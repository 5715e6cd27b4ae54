// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>
#include <cstring>
#include <random>

#include "engine/api/Error.h"
#include "engine/core/Safetensors.h"

using namespace denoscope;

namespace {

std::span<const std::byte> bytesOf(const std::vector<float>& values) {
    return std::as_bytes(std::span(values));
}

QByteArray fileWith(const QByteArray& header, qsizetype dataBytes) {
    QByteArray bytes(8, '\0');
    qToLittleEndian<quint64>(quint64(header.size()), bytes.data());
    return bytes + header + QByteArray(dataBytes, '\1');
}

}  // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thereAndBack();
    void layoutIsStandard();
    void missingNamesSuggestTheNearest();
    void wrongClaimsAreRefused_data();
    void wrongClaimsAreRefused();
    void lyingWritersAreRefused();
    void noDamageCrashes();
    void hostileFiles();
    void goldens();

private:
    std::filesystem::path path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    std::filesystem::path write(const QByteArray& bytes) const {
        QFile file(m_folder.filePath("damaged.safetensors"));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
        return file.fileName().toStdString();
    }
    QTemporaryDir m_folder;
};

void SafetensorsTest::thereAndBack() {
    const std::vector<float> weights{1, -2.5f, 3e-30f, 4, 5, 6};
    const std::uint8_t odd[3] = {1, 2, 3};
    const double scalar = 0.1;
    const auto file = path("a.safetensors");
    writeSafetensors(file,
                     {{"w", {"F32", {2, 3}, bytesOf(weights)}},
                      {"a.odd", {"U8", {3}, std::as_bytes(std::span(odd))}},
                      {"scalar", {"F64", {}, std::as_bytes(std::span(&scalar, 1))}},
                      {"none", {"BF16", {0, 4}, {}}}},
                     {{"step", "12"}, {"näme", "\"quoted\""}});
    const SafetensorsFile read(file);
    QCOMPARE(read.tensors().size(), std::size_t(4));
    QCOMPARE(read.metadata().at("step"), std::string("12"));
    QCOMPARE(read.metadata().at("näme"), std::string("\"quoted\""));
    QVERIFY((read.at("w").shape == Shape{2, 3}));
    QCOMPARE(read.at("w").dtype, std::string("F32"));
    QVERIFY(std::ranges::equal(read.at("w").bytes, bytesOf(weights)));
    QVERIFY(std::ranges::equal(read.at("a.odd").bytes, std::as_bytes(std::span(odd))));
    QCOMPARE(read.at("scalar").bytes.size(), sizeof(double));
    QVERIFY(read.at("none").bytes.empty());
}

void SafetensorsTest::layoutIsStandard() {
    const std::vector<float> values{1};
    const auto file = path("layout.safetensors");
    writeSafetensors(file, {{"x", {"F32", {1}, bytesOf(values)}}}, {});
    QFile raw(QString::fromStdString(file.string()));
    QVERIFY(raw.open(QIODevice::ReadOnly));
    const QByteArray bytes = raw.readAll();
    const auto header = qFromLittleEndian<quint64>(bytes.constData());
    QCOMPARE((8 + header) % 8, quint64(0));
    QCOMPARE(bytes.mid(8, qsizetype(header)).trimmed(),
             QByteArray(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})"));
    QCOMPARE(bytes.size(), qsizetype(8 + header + 4));
}

void SafetensorsTest::missingNamesSuggestTheNearest() {
    const std::vector<float> values{1};
    const auto file = path("names.safetensors");
    writeSafetensors(
        file, {{"down.0.weight", {"F32", {1}, bytesOf(values)}}, {"out", {"F32", {1}, bytesOf(values)}}}, {});
    const SafetensorsFile read(file);
    try {
        read.at("down.0.wait");
        QFAIL("found what is not there");
    } catch (const EngineError& error) {
        QVERIFY(error.error().remedy.find("down.0.weight") != std::string::npos);
    }
}

void SafetensorsTest::wrongClaimsAreRefused_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, const char* header, qsizetype data, const char* reason) {
        QTest::newRow(name) << fileWith(header, data) << QByteArray(reason);
    };
    QTest::newRow("nothing") << QByteArray() << QByteArray("0 bytes");
    QTest::newRow("half a length") << QByteArray("abc") << QByteArray("3 bytes");
    QTest::newRow("no header") << QByteArray(8, '\xff') << QByteArray("claims a header");
    row("no object", "[]", 0, "no object");
    row("entry is no object", R"({"a":1})", 0, "no object");
    row("no dtype", R"({"a":{"shape":[1],"data_offsets":[0,4]}})", 4, "dtype");
    row("strange dtype", R"({"a":{"dtype":"Q7","shape":[1],"data_offsets":[0,4]}})", 4, "'Q7'");
    row("negative extent", R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4, "whole number");
    row("fractional extent", R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", 4,
        "whole number");
    row("overflow",
        R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}})", 4,
        "impossible");
    row("overflow by the element",
        R"({"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}})", 0, "impossible");
    row("extent past 63 bits", R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]}})",
        4, "impossible");
    row("too few bytes", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4,
        "needs 8 bytes and has 4");
    row("past the end", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4, "outside");
    row("backwards", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4, "outside");
    row("three offsets", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", 4,
        "begin and an end");
    row("overlap",
        R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}})",
        6, "overlap");
    row("hole",
        R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})",
        12, "hole");
    row("left over", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 8, "4 bytes at the end");
    row("twice",
        R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
        4, "twice");
    row("metadata of numbers", R"({"__metadata__":{"step":1}})", 0, "metadata");
}

void SafetensorsTest::wrongClaimsAreRefused() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, reason);
    try {
        const SafetensorsFile read(write(bytes));
        QFAIL("was taken for good");
    } catch (const EngineError& error) {
        QVERIFY2(std::string(error.what()).find(reason.toStdString()) != std::string::npos, error.what());
        QVERIFY2(error.error().where.find("damaged.safetensors") != std::string::npos, error.what());
        QVERIFY(!error.error().remedy.empty());
    }
}

void SafetensorsTest::lyingWritersAreRefused() {
    const std::vector<float> values{1, 2};
    const auto file = path("lie.safetensors");
    QVERIFY_EXCEPTION_THROWN(writeSafetensors(file, {{"x", {"F32", {3}, bytesOf(values)}}}, {}), EngineError);
    QVERIFY(!std::filesystem::exists(file));
    QVERIFY_EXCEPTION_THROWN(SafetensorsFile{file}, EngineError);
    QVERIFY_EXCEPTION_THROWN(SafetensorsFile{m_folder.path().toStdString()}, EngineError);
}

// Any byte of a good file changed, or any tail cut off: an error or a file of the same size, never a crash.
void SafetensorsTest::noDamageCrashes() {
    const std::vector<float> values(6, 1.0f);
    const auto file = path("good.safetensors");
    writeSafetensors(
        file,
        {{"a", {"F32", {2, 2}, bytesOf(values).first(16)}}, {"b", {"F32", {2}, bytesOf(values).first(8)}}},
        {{"k", "v"}});
    QFile raw(QString::fromStdString(file.string()));
    QVERIFY(raw.open(QIODevice::ReadOnly));
    const QByteArray good = raw.readAll();
    std::mt19937 random(7);
    int refusedCount = 0;
    const auto tryOpen = [&](const QByteArray& bytes) {
        try {
            const SafetensorsFile read(write(bytes));
            for (const auto& [name, tensor] : read.tensors())
                QVERIFY(tensor.bytes.size() <= std::size_t(bytes.size()));
        } catch (const EngineError&) {
            ++refusedCount;
        }
    };
    for (qsizetype length = 0; length < good.size(); ++length)
        tryOpen(good.left(length));
    QCOMPARE(refusedCount, int(good.size()));
    for (int i = 0; i < 3000; ++i) {
        QByteArray bad = good;
        for (std::uint32_t hits = 1 + random() % 3; hits > 0; --hits)
            bad[qsizetype(random() % std::uint32_t(bad.size()))] = char(random());
        tryOpen(bad);
    }
}

void SafetensorsTest::hostileFiles() {
    const QDir folder(DENOSCOPE_SHARED "/data/hostile/made-here");
    const QStringList names = folder.entryList({"st_*.safetensors"});
    if (names.isEmpty())
        QSKIP("the shared hostile files are absent");
    for (const QString& name : names) {
        const std::filesystem::path file = folder.filePath(name).toStdString();
        if (name.contains("VALID")) {
            QVERIFY(SafetensorsFile(file).tensors().empty());
            continue;
        }
        try {
            const SafetensorsFile read(file);
            QFAIL(qPrintable(name + " was taken for good"));
        } catch (const EngineError& error) {
            QVERIFY(!error.error().remedy.empty());
        }
    }
}

void SafetensorsTest::goldens() {
    const QDir folder(DENOSCOPE_SHARED "/goldens");
    const QStringList names = folder.entryList({"*.safetensors"});
    if (names.isEmpty())
        QSKIP("the shared goldens are absent");
    for (const QString& name : names)
        QVERIFY2(!SafetensorsFile(folder.filePath(name).toStdString()).tensors().empty(), qPrintable(name));
}

QTEST_GUILESS_MAIN(SafetensorsTest)
#include "safetensorsTest.moc"
