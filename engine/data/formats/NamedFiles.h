// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace denoscope {

// The files that a NRRD or MetaImage header names: one, "LIST" for the `listed` ones, or a series such as
// "scan%03d.raw 1 60 1" (first, last and step, which may be left out; at most 65536 files). They have to lie
// in the header's own folder: a name that leads anywhere else is refused, as nothing else on the disk is the
// header's business. Throws EngineError, also for files that are not there.
std::vector<std::filesystem::path> namedFiles(const std::filesystem::path& header, std::string_view named,
                                              const std::vector<std::string>& listed);

}  // namespace denoscope
