// SPDX-License-Identifier: GPL-3.0-or-later
// Small files of every format, made byte by byte so that the readers are not checked against our own writers.
#pragma once

#include <nifti1.h>
#include <zlib.h>

#include <QByteArray>
#include <QFile>
#include <QString>
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "engine/api/Error.h"
#include "engine/data/Dataset.h"

namespace denoscope {

inline std::string put(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
    return path.toStdString();
}

template <class T>
QByteArray bytesOf(const std::vector<T>& values, bool swapped = false) {
    QByteArray bytes;
    for (const T& value : values) {
        QByteArray one(reinterpret_cast<const char*>(&value), sizeof value);
        if (swapped)
            std::reverse(one.begin(), one.end());
        bytes += one;
    }
    return bytes;
}

// `shape` as Python writes it: "(2, 3)".
inline QByteArray npy(const QByteArray& type, const QByteArray& shape, const QByteArray& data,
                      bool fortran = false, int version = 1) {
    QByteArray header = "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
                        ", 'shape': " + shape + ", }";
    header = header.leftJustified(118, ' ') + '\n';
    QByteArray start("\x93NUMPY", 6);
    start += static_cast<char>(version);
    start += '\0';
    start += static_cast<char>(header.size());
    start += '\0';
    if (version > 1)
        start += QByteArray(2, '\0');
    return start + header + data;
}

// 16-bit PCM.
inline QByteArray wav(const std::vector<std::int16_t>& frames, std::uint16_t channels, std::uint32_t rate) {
    const QByteArray data = bytesOf(frames);
    const auto size = static_cast<std::uint32_t>(data.size());
    return QByteArray("RIFF") + bytesOf<std::uint32_t>({36 + size}) + "WAVEfmt " +
           bytesOf<std::uint32_t>({16}) + bytesOf<std::uint16_t>({1, channels}) +
           bytesOf<std::uint32_t>({rate, rate * channels * 2}) +
           bytesOf<std::uint16_t>({static_cast<std::uint16_t>(channels * 2), 16}) + "data" +
           bytesOf<std::uint32_t>({size}) + data;
}

inline nifti_1_header niftiHeader(short nx, short ny, short nz, short type, short bits) {
    nifti_1_header h{};
    h.sizeof_hdr = 348;
    const short dim[8] = {3, nx, ny, nz, 1, 1, 1, 1};
    std::copy(dim, dim + 8, h.dim);
    const float step[8] = {1, 2, 3, 4, 1, 1, 1, 1};
    std::copy(step, step + 8, h.pixdim);
    h.datatype = type;
    h.bitpix = bits;
    h.vox_offset = 352;
    std::memcpy(h.magic, "n+1", 4);
    return h;
}

inline QByteArray nifti(const nifti_1_header& header, const QByteArray& data) {
    return QByteArray(reinterpret_cast<const char*>(&header), sizeof header) + QByteArray(4, '\0') + data;
}

inline std::string putGzip(const QString& path, const QByteArray& bytes) {
    gzFile file = gzopen(qPrintable(path), "wb");
    if (!file || gzwrite(file, bytes.constData(), static_cast<unsigned>(bytes.size())) != bytes.size() ||
        gzclose(file) != Z_OK)
        qFatal("cannot write %s", qPrintable(path));
    return path.toStdString();
}

inline std::shared_ptr<const Dataset> openPath(const std::string& path, std::int64_t cacheMiB = 64) {
    DataConfig config;
    config.source = path;
    config.cacheMiB = cacheMiB;
    return openDataset(config);
}

inline std::shared_ptr<const Dataset> lookAt(const std::string& path) {
    DataConfig config;
    config.source = path;
    return openDataset(config, Purpose::Looking);
}

// The error that opening (and reading all of) a path ends in; empty when it succeeds.
inline Error errorOf(const std::string& path, std::int64_t cacheMiB = 64) {
    try {
        const auto data = openPath(path, cacheMiB);
        for (std::int64_t i = 0; i < data->size(); ++i)
            data->read(i);
    } catch (const EngineError& error) {
        return error.error();
    }
    return {};
}

inline bool hasNote(const DataFacts& facts, const std::string& text) {
    return std::ranges::any_of(facts.notes,
                               [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

inline bool isHelpful(const Error& error) {
    return !error.what.empty() && !error.where.empty() && !error.remedy.empty();
}

}  // namespace denoscope
