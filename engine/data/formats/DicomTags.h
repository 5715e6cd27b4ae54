// SPDX-License-Identifier: GPL-3.0-or-later
// The elements of DICOM that are looked at (PS3.6), each with the type it has where a file does not say.
#pragma once

#include <array>
#include <cstdint>

#include "engine/data/formats/DicomElements.h"

namespace denoscope {

constexpr std::uint16_t dicomType(char first, char second) {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(first) << 8 |
                                      static_cast<unsigned char>(second));
}

namespace dicom {

constexpr DicomTag transferSyntax = 0x00020010, charset = 0x00080005, imageType = 0x00080008,
                   sopClass = 0x00080016, sopInstance = 0x00080018, acquisitionDateTime = 0x0008002A,
                   acquisitionTime = 0x00080032, modality = 0x00080060, seriesDescription = 0x0008103E,
                   frameType = 0x00089007, sliceThickness = 0x00180050, spacingBetweenSlices = 0x00180088,
                   echoNumber = 0x00180086, echoTime = 0x00180081, triggerTime = 0x00181060,
                   frameTime = 0x00181063, imagerPixelSpacing = 0x00181164, frameDateTime = 0x00189074,
                   effectiveEchoTime = 0x00189082, diffusionValue = 0x00189087, echoSequence = 0x00189114,
                   diffusionSequence = 0x00189117, cardiacSequence = 0x00189118, frameTypeMr = 0x00189226,
                   frameTypeCt = 0x00189329, seriesInstance = 0x0020000E, seriesNumber = 0x00200011,
                   acquisitionNumber = 0x00200012, instanceNumber = 0x00200013, position = 0x00200032,
                   orientation = 0x00200037, temporalPosition = 0x00200100, temporalResolution = 0x00200110,
                   stackId = 0x00209056, frameContent = 0x00209111, planePosition = 0x00209113,
                   planeOrientation = 0x00209116, temporalIndex = 0x00209128, triggerDelay = 0x00209153,
                   samplesPerPixel = 0x00280002, photometric = 0x00280004, planar = 0x00280006,
                   frameCount = 0x00280008, rows = 0x00280010, columns = 0x00280011,
                   pixelSpacing = 0x00280030, bitsAllocated = 0x00280100, bitsStored = 0x00280101,
                   highBit = 0x00280102, pixelRepresentation = 0x00280103, pixelPadding = 0x00280120,
                   windowCentre = 0x00281050, windowWidth = 0x00281051, intercept = 0x00281052,
                   slope = 0x00281053, rescaleType = 0x00281054, windowName = 0x00281055,
                   redDescriptor = 0x00281101, redTable = 0x00281201, greenTable = 0x00281202,
                   blueTable = 0x00281203, segmentedRedTable = 0x00281221, modalityTable = 0x00283000,
                   pixelMeasures = 0x00289110, frameWindow = 0x00289132, valueTransformation = 0x00289145,
                   units = 0x00541001, detectorInformation = 0x00540022, doseUnits = 0x30040002,
                   gridOffsets = 0x3004000C, doseScaling = 0x3004000E, sharedGroups = 0x52009229,
                   frameGroups = 0x52009230, floatPixels = 0x7FE00008, doublePixels = 0x7FE00009,
                   pixels = 0x7FE00010;

struct Known {
    DicomTag tag;
    std::uint16_t type;
};
// By ascending tag.
inline constexpr std::array known{Known{transferSyntax, dicomType('U', 'I')},
                                  Known{charset, dicomType('C', 'S')},
                                  Known{imageType, dicomType('C', 'S')},
                                  Known{sopClass, dicomType('U', 'I')},
                                  Known{sopInstance, dicomType('U', 'I')},
                                  Known{acquisitionDateTime, dicomType('D', 'T')},
                                  Known{acquisitionTime, dicomType('T', 'M')},
                                  Known{modality, dicomType('C', 'S')},
                                  Known{seriesDescription, dicomType('L', 'O')},
                                  Known{frameType, dicomType('C', 'S')},
                                  Known{sliceThickness, dicomType('D', 'S')},
                                  Known{echoTime, dicomType('D', 'S')},
                                  Known{echoNumber, dicomType('I', 'S')},
                                  Known{spacingBetweenSlices, dicomType('D', 'S')},
                                  Known{triggerTime, dicomType('D', 'S')},
                                  Known{frameTime, dicomType('D', 'S')},
                                  Known{imagerPixelSpacing, dicomType('D', 'S')},
                                  Known{frameDateTime, dicomType('D', 'T')},
                                  Known{effectiveEchoTime, dicomType('F', 'D')},
                                  Known{diffusionValue, dicomType('F', 'D')},
                                  Known{echoSequence, dicomType('S', 'Q')},
                                  Known{diffusionSequence, dicomType('S', 'Q')},
                                  Known{cardiacSequence, dicomType('S', 'Q')},
                                  Known{frameTypeMr, dicomType('S', 'Q')},
                                  Known{frameTypeCt, dicomType('S', 'Q')},
                                  Known{seriesInstance, dicomType('U', 'I')},
                                  Known{seriesNumber, dicomType('I', 'S')},
                                  Known{acquisitionNumber, dicomType('I', 'S')},
                                  Known{instanceNumber, dicomType('I', 'S')},
                                  Known{position, dicomType('D', 'S')},
                                  Known{orientation, dicomType('D', 'S')},
                                  Known{temporalPosition, dicomType('I', 'S')},
                                  Known{temporalResolution, dicomType('D', 'S')},
                                  Known{stackId, dicomType('S', 'H')},
                                  Known{frameContent, dicomType('S', 'Q')},
                                  Known{planePosition, dicomType('S', 'Q')},
                                  Known{planeOrientation, dicomType('S', 'Q')},
                                  Known{temporalIndex, dicomType('U', 'L')},
                                  Known{triggerDelay, dicomType('F', 'D')},
                                  Known{samplesPerPixel, dicomType('U', 'S')},
                                  Known{photometric, dicomType('C', 'S')},
                                  Known{planar, dicomType('U', 'S')},
                                  Known{frameCount, dicomType('I', 'S')},
                                  Known{rows, dicomType('U', 'S')},
                                  Known{columns, dicomType('U', 'S')},
                                  Known{pixelSpacing, dicomType('D', 'S')},
                                  Known{bitsAllocated, dicomType('U', 'S')},
                                  Known{bitsStored, dicomType('U', 'S')},
                                  Known{highBit, dicomType('U', 'S')},
                                  Known{pixelRepresentation, dicomType('U', 'S')},
                                  Known{pixelPadding, dicomType('S', 'S')},
                                  Known{windowCentre, dicomType('D', 'S')},
                                  Known{windowWidth, dicomType('D', 'S')},
                                  Known{intercept, dicomType('D', 'S')},
                                  Known{slope, dicomType('D', 'S')},
                                  Known{rescaleType, dicomType('L', 'O')},
                                  Known{windowName, dicomType('L', 'O')},
                                  Known{redDescriptor, dicomType('U', 'S')},
                                  Known{redTable, dicomType('O', 'W')},
                                  Known{greenTable, dicomType('O', 'W')},
                                  Known{blueTable, dicomType('O', 'W')},
                                  Known{segmentedRedTable, dicomType('O', 'W')},
                                  Known{modalityTable, dicomType('S', 'Q')},
                                  Known{pixelMeasures, dicomType('S', 'Q')},
                                  Known{frameWindow, dicomType('S', 'Q')},
                                  Known{valueTransformation, dicomType('S', 'Q')},
                                  Known{detectorInformation, dicomType('S', 'Q')},
                                  Known{units, dicomType('C', 'S')},
                                  Known{doseUnits, dicomType('C', 'S')},
                                  Known{gridOffsets, dicomType('D', 'S')},
                                  Known{doseScaling, dicomType('D', 'S')},
                                  Known{sharedGroups, dicomType('S', 'Q')},
                                  Known{frameGroups, dicomType('S', 'Q')}};

}  // namespace dicom
}  // namespace denoscope
