// SPDX-License-Identifier: GPL-3.0-or-later
// Pickles and zip archives written byte by byte, so that they can also be wrong.
#pragma once

#include <zlib.h>

#include <QByteArray>
#include <QFile>
#include <QList>
#include <QTest>
#include <QtEndian>
#include <filesystem>

#include "engine/api/Error.h"

namespace denoscope::test {

template <typename T>
QByteArray little(T value) {
    QByteArray bytes(sizeof(T), '\0');
    qToLittleEndian<T>(value, bytes.data());
    return bytes;
}

// Opcodes of Python's pickle format, as its pickler writes them in protocol 2.
inline QByteArray text(const QByteArray& value) {
    return "X" + little<quint32>(quint32(value.size())) + value;
}
inline QByteArray number(qint32 value) {
    return "J" + little<qint32>(value);
}
inline QByteArray wide(qint64 value) {
    return QByteArray("\x8a\x08", 2) + little<qint64>(value);
}
inline QByteArray global(const QByteArray& module, const QByteArray& name) {
    return "c" + module + "\n" + name + "\n";
}
inline QByteArray tuple(const QList<QByteArray>& items) {
    return "(" + items.join() + "t";
}
inline QByteArray dict(const QList<QByteArray>& items) {
    return "}(" + items.join() + "u";
}
inline QByteArray call(const QByteArray& callable, const QList<QByteArray>& arguments) {
    return callable + tuple(arguments) + "R";
}
inline QByteArray pickle(const QByteArray& body) {
    return QByteArray("\x80\x02", 2) + body + ".";
}
inline QByteArray storage(const QByteArray& key, const QByteArray& elements,
                          const QByteArray& type = "FloatStorage") {
    return tuple({text("storage"), global("torch", type), text(key), text("cpu"), elements}) + "Q";
}
inline QByteArray numbers(const QList<qint64>& values) {
    QList<QByteArray> items;
    for (const qint64 value : values)
        items << wide(value);
    return tuple(items);
}
inline QByteArray tensor(const QByteArray& storageOf, qint64 offset, const QList<qint64>& shape,
                         const QList<qint64>& strides) {
    return call(global("torch._utils", "_rebuild_tensor_v2"),
                {storageOf, wide(offset), numbers(shape), numbers(strides), "\x89",
                 call(global("collections", "OrderedDict"), {})});
}

struct Member {
    QByteArray name, bytes;
    // Lies for the directory; the truth where they are negative.
    qint64 claimedStored = -1, claimedBytes = -1;
    quint16 method = 0, flags = 0;
};

inline QByteArray zip(const QList<Member>& members) {
    QByteArray data, directory;
    for (const Member& member : members) {
        const auto crc =
            quint32(crc32(0, reinterpret_cast<const Bytef*>(member.bytes.data()), uInt(member.bytes.size())));
        const auto stored = quint32(member.claimedStored < 0 ? member.bytes.size() : member.claimedStored);
        const auto full = quint32(member.claimedBytes < 0 ? member.bytes.size() : member.claimedBytes);
        const QByteArray shared = little<quint16>(20) + little(member.flags) + little(member.method) +
                                  little<quint32>(0) + little(crc) + little(stored) + little(full) +
                                  little(quint16(member.name.size())) + little<quint16>(0);
        directory += "PK\1\2" + little<quint16>(20) + shared + QByteArray(10, '\0') +
                     little(quint32(data.size())) + member.name;
        data += "PK\3\4" + shared + member.name + member.bytes;
    }
    const auto count = little(quint16(members.size()));
    return data + directory + "PK\5\6" + QByteArray(4, '\0') + count + count +
           little(quint32(directory.size())) + little(quint32(data.size())) + QByteArray(2, '\0');
}

// A file of torch.save: its pickle and the storages 0, 1, ...
inline QByteArray torchFile(const QByteArray& body, const QList<QByteArray>& storages) {
    QList<Member> members{{"made/data.pkl", pickle(body)}, {"made/byteorder", "little"}};
    for (qsizetype i = 0; i < storages.size(); ++i)
        members.append({"made/data/" + QByteArray::number(i), storages[i]});
    return zip(members);
}

inline QByteArray floats(const QList<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), qsizetype(sizeof(float)) * values.size()};
}

inline std::filesystem::path writeTo(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write");
    return path.toStdString();
}

// What was refused, as one line; empty where nothing was.
template <typename Action>
QString refusal(const Action& action) {
    try {
        action();
    } catch (const EngineError& error) {
        return QString::fromStdString(toText(error.error()));
    }
    return {};
}

}  // namespace denoscope::test

#define VERIFY_CONTAINS(line, part) \
    QVERIFY2((line).contains(part), qPrintable(QStringLiteral("[%1] lacks [%2]").arg(line, part)))
