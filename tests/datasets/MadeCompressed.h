// SPDX-License-Identifier: GPL-3.0-or-later
// Pixels compressed by GDCM, to lie in DICOM files.
#pragma once

#include <gdcmFragment.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmJPEGCodec.h>
#include <gdcmJPEGLSCodec.h>
#include <gdcmRLECodec.h>
#include <gdcmSequenceOfFragments.h>

#include <array>
#include <memory>

#include "tests/datasets/MadeDicom.h"

namespace denoscope {

// RLE, JPEG without loss, JPEG-LS, JPEG 2000.
inline const std::array<const char*, 4> madeSyntaxes{"1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70",
                                                     "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"};

// `values`: interleaved samples of 8 or 16 bits, some hundred pixels at least (the encoder of JPEG 2000
// writes beyond its memory for less). `syntax`: which of the above.
template <class T>
QByteArray compressed(const std::vector<T>& values, unsigned rows, unsigned columns, unsigned short channels,
                      std::size_t syntax) {
    const QByteArray bytes = bytesOf(values);
    gdcm::DataElement pixels(gdcm::Tag(0x7FE0, 0x0010)), packed;
    pixels.SetVR(gdcm::VR::OW);
    pixels.SetByteValue(bytes.constData(), static_cast<std::uint32_t>(bytes.size()));
    const auto code = [&](gdcm::ImageCodec& codec) {
        const unsigned short bits = 8 * sizeof(T);
        codec.SetNumberOfDimensions(2);
        const std::array size{columns, rows, 1U};
        codec.SetDimensions(size.data());
        codec.SetPlanarConfiguration(0);
        codec.SetPhotometricInterpretation(channels == 3 ? gdcm::PhotometricInterpretation::RGB
                                                         : gdcm::PhotometricInterpretation::MONOCHROME2);
        codec.SetPixelFormat(gdcm::PixelFormat(channels, bits, bits, bits - 1, std::is_signed_v<T>));
        return codec.Code(pixels, packed);
    };
    gdcm::RLECodec rle;
    gdcm::JPEGCodec jpeg;
    gdcm::JPEGLSCodec jpegLs;
    gdcm::JPEG2000Codec jpeg2000;
    jpeg.SetLossless(true);
    jpegLs.SetLossless(true);
    const std::array<gdcm::ImageCodec*, 4> codecs{&rle, &jpeg, &jpegLs, &jpeg2000};
    if (!code(*codecs.at(syntax)))
        qFatal("GDCM cannot compress %d channels as %s", channels, madeSyntaxes.at(syntax));
    const gdcm::ByteValue* const value = packed.GetSequenceOfFragments()->GetFragment(0).GetByteValue();
    return {value->GetPointer(), static_cast<qsizetype>(value->GetLength())};
}

}  // namespace denoscope
