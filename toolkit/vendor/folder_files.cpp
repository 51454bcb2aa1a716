// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/folder_files.h"

#include <algorithm>

#include <fmt/format.h>

#include "toolkit/vendor/member_path.h"
#include "toolkit/vendor/temporary_content.h"

namespace romwright::vendor {

namespace fs = std::filesystem;

ExtractedFiles files_in_folder(const fs::path& folder, const std::string& prefix,
                               std::uint64_t packed, UnpackBudget& budget) {
  ExtractedFiles files;
  std::uint64_t unpacked = 0;
  // Symbolic links to folders are not entered: that is the default.
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    budget.add_file(prefix);
    if (entry.is_symlink() || !entry.is_regular_file()) continue;
    const auto name = member_path(entry.path().lexically_relative(folder).generic_string());
    if (!name) continue;
    Content content = map_file(entry.path());
    unpacked += content.size();
    budget.add_bytes(fmt::format("{}/{}", prefix, *name), content.size(), content.size(), packed,
                     unpacked);
    files.push_back({fmt::format("{}/{}", prefix, *name), std::move(content)});
  }
  std::ranges::sort(files, {}, &ExtractedFile::path);
  return files;
}

}  // namespace romwright::vendor
