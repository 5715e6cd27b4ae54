// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "engine/data/FileSet.h"

namespace denoscope {

// DICOM files, put together by what they say of themselves and not by their names: a series of slices is a
// volume (or several, at several times), everything else pictures. Where there are several series,
// request.config.part names one, or is "all" for every volume of the same modality; empty: the largest.
std::shared_ptr<const Dataset> openDicom(FileList list, const OpenRequest& request);

}  // namespace denoscope
