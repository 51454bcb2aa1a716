// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/library_versions.h"

#include <archive.h>
#include <lzma.h>

#include <fmt/format.h>
#include <lz4.h>

namespace romwright::images {

std::vector<LibraryVersion> library_versions() {
  const int archive = archive_version_number();
  return {{"libarchive",
           fmt::format("{}.{}.{}", archive / 1000000, archive / 1000 % 1000, archive % 1000)},
          {"liblzma", lzma_version_string()},
          {"liblz4", LZ4_versionString()}};
}

}  // namespace romwright::images
