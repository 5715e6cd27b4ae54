// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "engine/interchange/Pickle.h"
#include "tests/interchange/MadeFiles.h"

using namespace denoscope;
using namespace denoscope::test;

namespace {

PickleDocument read(const QByteArray& bytes) {
    const auto view = std::as_bytes(std::span(bytes.data(), std::size_t(bytes.size())));
    return readPickle({view.begin(), view.end()}, "made.pkl");
}

template <typename T>
T rootOf(const QByteArray& body) {
    return std::get<T>(read(pickle(body)).root);
}

QByteArray bytes(std::initializer_list<int> values) {
    QByteArray result;
    for (const int value : values)
        result += char(value);
    return result;
}

}  // namespace

class PickleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersOfEveryKind();
    void containersKeepTheirOrder();
    void valuesOccurAgain();
    void laterProtocols();
    void tensorsAreDescribed();
    void attributesOfStateDictsAreLeftOut();
    void namesOfTrainers();
    void nothingIsCalled_data();
    void nothingIsCalled();
    void damageIsNamed_data();
    void damageIsNamed();
    void memoryIsBounded_data();
    void memoryIsBounded();
    void noDamageCrashes();
};

void PickleTest::numbersOfEveryKind() {
    QCOMPARE(rootOf<std::int64_t>("K\xff"), 255);
    QCOMPARE(rootOf<std::int64_t>("M\xff\xff"), 65535);
    QCOMPARE(rootOf<std::int64_t>("J" + little<qint32>(-7)), -7);
    QCOMPARE(rootOf<std::int64_t>(bytes({0x8a, 0})), 0);
    QCOMPARE(rootOf<std::int64_t>(bytes({0x8a, 1, 0xff})), -1);
    QCOMPARE(rootOf<std::int64_t>(bytes({0x8a, 2, 0xff, 0})), 255);
    QCOMPARE(rootOf<std::int64_t>(wide(std::numeric_limits<qint64>::min())),
             std::numeric_limits<qint64>::min());
    QCOMPARE(rootOf<std::int64_t>(bytes({0x8b, 3, 0, 0, 0, 0, 0, 1})), 65536);
    QCOMPARE(rootOf<double>("G" + bytes({0xbf, 0xf8, 0, 0, 0, 0, 0, 0})), -1.5);
    QCOMPARE(rootOf<bool>("\x88"), true);
    QCOMPARE(rootOf<bool>("\x89"), false);
    QVERIFY(std::holds_alternative<PickleNone>(read(pickle("N")).root));
}

void PickleTest::containersKeepTheirOrder() {
    const PickleDocument document = read(
        pickle(dict({text("z"), number(1), text("a"), "](" + number(4) + number(5) + "e", number(3), "N"})));
    const PickleDict& root = *std::get<PickleDict*>(document.root);
    QCOMPARE(root.entries.size(), 3UL);
    QVERIFY(std::get<std::string_view>(root.entries[0].first) == "z");
    QCOMPARE(std::get<std::int64_t>(*root.find("z")), 1);
    QVERIFY(std::holds_alternative<PickleNone>(*root.find(3)));
    QVERIFY(!root.find("b") && !root.find(4));
    const PickleSequence& list = *std::get<PickleSequence*>(*root.find("a"));
    QVERIFY(list.kind == SequenceKind::List);
    QCOMPARE(std::get<std::int64_t>(list.items.at(1)), 5);
}

void PickleTest::valuesOccurAgain() {
    // Twice the same list, which grows after it was remembered.
    const PickleDocument document = read(pickle("]q" + bytes({0}) + number(8) + "ah" + bytes({0}) + "\x86"));
    const PickleSequence& pair = *std::get<PickleSequence*>(document.root);
    QCOMPARE(std::get<PickleSequence*>(pair.items.at(0)), std::get<PickleSequence*>(pair.items.at(1)));
    QCOMPARE(std::get<PickleSequence*>(pair.items.at(0))->items.size(), 1UL);
    // A list in itself is held without being walked.
    const PickleDocument circle = read(pickle("]q" + bytes({0}) + "h" + bytes({0}) + "a"));
    const PickleSequence* itself = std::get<PickleSequence*>(circle.root);
    QCOMPARE(std::get<PickleSequence*>(itself->items.at(0)), itself);
}

void PickleTest::laterProtocols() {
    const QByteArray name =
        bytes({0x8c, 11}) + "collections" + bytes({0x8c, 11}) + "OrderedDict" + bytes({0x93});
    const QByteArray body = bytes({0x95}) + little<quint64>(1) + name + ")R" + bytes({0x94}) + "(" +
                            bytes({0x8d}) + little<quint64>(1) + "k" + "C" + bytes({2}) + "ab" + "u";
    const PickleDocument document = read(bytes({0x80, 5}) + body + ".");
    const PickleDict& root = *std::get<PickleDict*>(document.root);
    QCOMPARE(std::get<PickleBytes>(*root.find("k")).bytes.size(), 2UL);
    const PickleDocument set = read(bytes({0x80, 4, 0x8f}) + "(" + number(1) + bytes({0x90}) + ".");
    QVERIFY(std::get<PickleSequence*>(set.root)->kind == SequenceKind::Set);
}

void PickleTest::tensorsAreDescribed() {
    const PickleDocument document = read(pickle(tensor(storage("12", number(8)), 2, {2, 3}, {3, 1})));
    const PickleTensor& found = *std::get<const PickleTensor*>(document.root);
    QVERIFY(found.type->name == "F32");
    QVERIFY(found.storage->key == "12");
    QCOMPARE(found.storage->elements, 8);
    QCOMPARE(found.offset, 2);
    QCOMPARE(found.shape, (Shape{2, 3}));
    QCOMPARE(found.strides, (Shape{3, 1}));
    // A parameter is its tensor; one with attributes too.
    const QByteArray inner = tensor(storage("0", number(1)), 0, {}, {});
    const QByteArray hooks = call(global("collections", "OrderedDict"), {});
    const QByteArray parameter = call(global("torch._utils", "_rebuild_parameter"), {inner, "\x88", hooks});
    QVERIFY(std::get<const PickleTensor*>(read(pickle(parameter)).root)->shape.empty());
    const QByteArray withState =
        call(global("torch._tensor", "_rebuild_from_type_v2"),
             {global("torch._utils", "_rebuild_tensor_v2"), global("torch", "Tensor"),
              tuple({storage("0", number(1)), number(0), ")", ")", "\x89", hooks}), "}"});
    QVERIFY(std::holds_alternative<const PickleTensor*>(read(pickle(withState)).root));
    // Element types without a storage class of their own come by name.
    const QByteArray third =
        call(global("torch._utils", "_rebuild_tensor_v3"),
             {tuple({text("storage"), global("torch.storage", "UntypedStorage"), text("0"), text("cpu"),
                     number(8)}) +
                  "Q",
              number(0), numbers({4}), numbers({1}), "\x89", hooks, global("torch", "uint16")});
    QVERIFY(std::get<const PickleTensor*>(read(pickle(third)).root)->type->dtype == "uint16");
}

void PickleTest::attributesOfStateDictsAreLeftOut() {
    const QByteArray body = call(global("collections", "OrderedDict"), {}) + "(" + text("a") + number(1) +
                            "u" + dict({text("_metadata"), "}"}) + "b";
    const PickleDocument document = read(pickle(body));
    QCOMPARE(std::get<PickleDict*>(document.root)->entries.size(), 1UL);
}

void PickleTest::namesOfTrainers() {
    const auto size = read(pickle(call(global("torch", "Size"), {numbers({3, 4})})));
    QCOMPARE(std::get<PickleSequence*>(size.root)->items.size(), 2UL);
    QVERIFY(std::get<std::string_view>(
                read(pickle(call(global("torch", "device"), {text("cuda"), number(0)}))).root) == "cuda");
    QVERIFY(std::holds_alternative<PickleDict*>(
        read(pickle(call(global("collections", "defaultdict"), {global("__builtin__", "dict")}))).root));
    const auto latin = read(pickle(call(global("_codecs", "encode"), {text("a\xc3\xbf"), text("latin1")})));
    const auto encoded = std::get<PickleBytes>(latin.root).bytes;
    QCOMPARE(encoded.size(), 2UL);
    QCOMPARE(encoded[1], std::byte{0xff});
    QVERIFY(std::holds_alternative<const PickleGlobal*>(read(pickle(global("torch", "float32"))).root));
    const QByteArray pairs = "](" + tuple({text("b"), number(1)}) + "e";
    const auto ordered = read(pickle(call(global("collections", "OrderedDict"), {pairs})));
    QVERIFY(std::get<PickleDict*>(ordered.root)->find("b"));
}

void PickleTest::nothingIsCalled_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("message");
    const QByteArray hooks = call(global("collections", "OrderedDict"), {});
    QTest::newRow("os.system") << call(global("os", "system"), {text("true")}) << "calls os.system at byte 2";
    QTest::newRow("posix after a value") << number(1) + "0" + call(global("posix", "system"), {text("true")})
                                         << "calls posix.system at byte 8";
    QTest::newRow("eval") << call(global("__builtin__", "eval"), {text("1")})
                          << "calls __builtin__.eval at byte 2";
    QTest::newRow("getattr") << global("builtins", "getattr") << "calls builtins.getattr";
    QTest::newRow("nested pickle") << global("torch.storage", "_load_from_bytes")
                                   << "calls torch.storage._load_from_bytes";
    QTest::newRow("numpy") << global("numpy.core.multiarray", "scalar")
                           << "calls numpy.core.multiarray.scalar";
    QTest::newRow("steers the terminal") << global("os\x1b[2J", "system") << "calls os?[2J.system";
    QTest::newRow("STACK_GLOBAL") << text("os") + text("system") + bytes({0x93})
                                  << "calls os.system at byte 20";
    QTest::newRow("STACK_GLOBAL of numbers") << number(1) + number(2) + bytes({0x93}) << "is no text";
    QTest::newRow("REDUCE of a type")
        << call(global("torch", "FloatStorage"), {}) << "calls torch.FloatStorage";
    QTest::newRow("REDUCE of a class") << call(global("torch", "Tensor"), {}) << "calls torch.Tensor";
    QTest::newRow("REDUCE of a value") << number(1) + ")R"
                                       << "calls a whole number";
    QTest::newRow("REDUCE without a tuple") << global("collections", "OrderedDict") + "]R"
                                            << "a list for its arguments";
    QTest::newRow("INST") << QByteArray("(ios\nsystem\n") << "calls os.system (INST) at byte 3";
    QTest::newRow("OBJ") << "(" + global("collections", "OrderedDict") + "o"
                         << "calls collections.OrderedDict (OBJ)";
    QTest::newRow("OBJ of nothing") << QByteArray("(o") << "calls nothing (OBJ)";
    QTest::newRow("NEWOBJ") << global("collections", "OrderedDict") + ")\x81"
                            << "calls collections.OrderedDict (NEWOBJ)";
    QTest::newRow("NEWOBJ_EX") << global("collections", "OrderedDict") + ")}\x92"
                               << "calls collections.OrderedDict (NEWOBJ_EX)";
    QTest::newRow("BUILD of a list") << QByteArray("]}b") << "calls BUILD, which sets the state of a list";
    QTest::newRow("BUILD of a dict") << QByteArray("}}b") << "sets the state of a dict";
    QTest::newRow("BUILD with a tuple") << hooks + ")b"
                                        << "calls BUILD";
    QTest::newRow("BUILD of a name") << global("torch", "Tensor") + "}b"
                                     << "the state of torch.Tensor";
    QTest::newRow("BUILD of nothing") << QByteArray("}b") << "the state of nothing";
    QTest::newRow("function in a tensor's clothes")
        << call(global("torch._tensor", "_rebuild_from_type_v2"),
                {global("collections", "OrderedDict"), global("torch", "Tensor"), ")", "}"})
        << "calls collections.OrderedDict";
    for (const auto& [opcode, name] :
         std::initializer_list<std::pair<int, const char*>>{{'2', "DUP"},
                                                            {'F', "FLOAT"},
                                                            {'I', "INT"},
                                                            {'L', "LONG"},
                                                            {'S', "STRING"},
                                                            {'V', "UNICODE"},
                                                            {'P', "PERSID"},
                                                            {'d', "DICT"},
                                                            {'l', "LIST"},
                                                            {'g', "GET"},
                                                            {'p', "PUT"},
                                                            {0x82, "EXT1"},
                                                            {0x83, "EXT2"},
                                                            {0x84, "EXT4"},
                                                            {0x97, "NEXT_BUFFER"},
                                                            {0x98, "READONLY_BUFFER"}})
        QTest::newRow(name) << "N" + bytes({opcode}) + "0\n"
                            << QString("the opcode %1 is not read").arg(name);
    QTest::newRow("no opcode") << bytes({0xfe}) << "0xfe is no opcode";
}

void PickleTest::nothingIsCalled() {
    QFETCH(QByteArray, body);
    QFETCH(QString, message);
    const QString line = refusal([&] { read(pickle(body)); });
    VERIFY_CONTAINS(line, message);
    VERIFY_CONTAINS(line, QStringLiteral("made.pkl, byte "));
}

void PickleTest::damageIsNamed_data() {
    QTest::addColumn<QByteArray>("whole");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, const QByteArray& body, const char* message) {
        QTest::newRow(name) << pickle(body) << message;
    };
    QTest::newRow("empty") << QByteArray() << "bytes more where 0 are left";
    QTest::newRow("protocol 0") << bytes({0x80, 0}) << "protocol 0 is not read";
    QTest::newRow("protocol 9") << bytes({0x80, 9}) << "protocol 9 is not read";
    QTest::newRow("after the end") << pickle("N") + "N"
                                   << "1 bytes follow the end";
    row("no value", "", "0 values");
    row("two values", "NN", "2 values");
    row("open mark", "N(", "and not one");
    row("nothing to take", "a", "not there");
    row("nothing behind the mark", "](a", "not there");
    row("no mark", "Nt", "never opened");
    row("text too long", "X" + little<quint32>(0xffffffffU), "claims 4294967295 bytes");
    row("text far too long", bytes({0x8d}) + little<quint64>(~0ULL), "claims 18446744073709551615 bytes");
    row("frame too long", bytes({0x95}) + little<quint64>(~0ULL), "a frame of");
    row("long too long", bytes({0x8b}) + little<quint32>(0x7fffffffU), "claims 2147483647 bytes");
    row("long of nine", bytes({0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1}), "whole number of 9 bytes");
    row("memo far away", "Nr" + little<quint32>(0xfffffffeU), "remembers value 4294967294 after 0");
    row("memo not there", "h" + bytes({3}), "recalls value 3 of 0");
    row("key twice", dict({text("a"), "N", text("b"), "N", text("a"), "N"}), "the key 'a' stands twice");
    row("number twice", dict({number(7), "N", number(7), "N"}), "a number stands twice");
    row("key without a value", dict({text("a")}), "a key without a value");
    row("dict as a key", dict({"}", "N"}), "a dict as a key");
    row("items for a number", "N(e", "adds items to None");
    row("items for a tuple", ")(Ne", "adds items to a tuple");
    row("entries for a list", "](NNu", "adds entries to a list");
    row("name without an end", "cos", "a name has no end");
    row("number as a persistent id", number(1) + "Q", "points outside itself");
    row("module as a persistent id", tuple({text("module"), "N", "N", "N", "N"}) + "Q", "the kind 'module'");
    row("negative storage", storage("0", number(-1)), "-1 elements");
    row("dict for a storage", tensor("}", 0, {1}, {1}), "given a dict as argument 1");
    row("extents and strides", tensor(storage("0", number(1)), 0, {1, 1}, {1}), "2 extents and 1 strides");
    row("text as an extent",
        call(global("torch._utils", "_rebuild_tensor_v2"),
             {storage("0", number(1)), number(0), tuple({text("a")}), numbers({1}), "\x89", "N"}),
        "text where an extent belongs");
    row("too few arguments", call(global("torch._utils", "_rebuild_tensor_v2"), {}), "0 arguments");
    QList<qint64> many(65, 1);
    row("65 dimensions", tensor(storage("0", number(1)), 0, many, many), "65 dimensions");
}

void PickleTest::damageIsNamed() {
    QFETCH(QByteArray, whole);
    QFETCH(QString, message);
    VERIFY_CONTAINS(refusal([&] { read(whole); }), message);
}

void PickleTest::memoryIsBounded_data() {
    QTest::addColumn<QByteArray>("body");
    constexpr qsizetype many = 1 << 20;
    QTest::newRow("marks") << QByteArray(many, '(');
    // A long list that is copied into sets again and again.
    const QByteArray list =
        "](" + QByteArray(many / 16, 'N') + "eq" + bytes({0}) + global("builtins", "set") + "q" + bytes({1});
    QTest::newRow("copies") << list + QByteArray("h\1h\0\x85R", 6).repeated(many / 16);
    QTest::newRow("empty dicts") << "(" + QByteArray(many, '}') + "t";
    QTest::newRow("dimensions") << [] {
        const QByteArray shape = numbers(QList<qint64>(64, 1)) + "q" + bytes({0});
        const QByteArray held = storage("0", number(1)) + "q" + bytes({1});
        const QByteArray name = global("torch._utils", "_rebuild_tensor_v2") + "q" + bytes({2});
        return shape + held + name + QByteArray("h\2(h\1K\0h\0h\0\x89NtR", 15).repeated(20000);
    }();
}

void PickleTest::memoryIsBounded() {
    QFETCH(QByteArray, body);
    const QString line = refusal([&] { read(pickle(body)); });
    QVERIFY2(line.contains("far more memory") || line.contains("nests deeper"), qPrintable(line));
}

void PickleTest::noDamageCrashes() {
    const QByteArray whole =
        pickle(dict({text("step"), number(13), text("w"), tensor(storage("0", number(8)), 0, {2, 4}, {4, 1}),
                     text("opt"), "](" + wide(-5) + "\x88" + "G" + QByteArray(8, '\1') + "e", text("m"),
                     call(global("collections", "OrderedDict"), {}) + "q" + bytes({0}) + "}b"}));
    QVERIFY(refusal([&] { read(whole); }).isEmpty());
    for (qsizetype length = 0; length < whole.size(); ++length)
        QVERIFY2(!refusal([&] { read(whole.first(length)); }).isEmpty(), qPrintable(QString::number(length)));
    for (qsizetype place = 0; place < whole.size(); ++place)
        for (int value = 0; value < 256; ++value) {
            QByteArray damaged = whole;
            damaged[place] = char(value);
            refusal([&] { read(damaged); });  // anything but a crash
        }
}

QTEST_GUILESS_MAIN(PickleTest)
#include "pickleTest.moc"
