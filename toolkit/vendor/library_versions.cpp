// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/library_versions.h"

#include <curl/curl.h>
#include <ext2fs/ext2fs.h>

namespace romwright::vendor {

std::vector<LibraryVersion> library_versions() {
  const char* ext2 = nullptr;
  ext2fs_get_library_version(&ext2, nullptr);
  return {{"libcurl", curl_version_info(CURLVERSION_NOW)->version}, {"libext2fs", ext2}};
}

}  // namespace romwright::vendor
