// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nifti2_io.h>

#include <string>
#include <vector>

#include "engine/data/formats/VolumeFile.h"

namespace denoscope {

enum class NiftiKind {
    Single,
    Pair,
    Analyze
};  // .nii; .hdr with .img; the same of ANALYZE 7.5, NIfTI's ancestor

// All versions of the header in the widest one's types.
struct NiftiHeader {
    nifti_2_header fields{};
    NiftiKind kind = NiftiKind::Single;
    bool bigEndian = false;
};

// Throws EngineError where the bytes do not begin as one of them does.
NiftiHeader readNiftiHeader(const ByteSource& bytes, const std::string& name);

// Where the voxels lie, in mm, in the standard's order of preference: sform, qform, voxel sizes alone. Doubts
// become notes.
Geometry geometryOf(const NiftiHeader& nifti, std::vector<std::string>& notes);

// Seconds between two volumes; 0 where the fourth dimension is not time.
double timeStepOf(const nifti_2_header& fields);

}  // namespace denoscope
