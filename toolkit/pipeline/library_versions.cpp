// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/library_versions.h"

#include <oneapi/tbb/version.h>

namespace romwright::pipeline {

std::vector<LibraryVersion> library_versions() { return {{"oneTBB", TBB_runtime_version()}}; }

}  // namespace romwright::pipeline
