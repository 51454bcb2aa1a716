// SPDX-License-Identifier: GPL-2.0-or-later
// What a path inside a release is: a ROM, a small file beside ROMs, or nothing of interest.
#pragma once

#include <string>
#include <string_view>

#include "toolkit/images/rom_name.h"

namespace romwright::images {

struct ReleaseMember {
  enum class Kind { rom, hashes, version, date, serprog, other };
  Kind kind = Kind::other;
  std::string path;    ///< in the release
  std::string folder;  ///< the path without its last part; empty at the top
  std::string board;   ///< the folder below bin/; empty where the path has none
  RomName name;        ///< of a ROM; its `name` is the file name of everything else
};

/// Reads the path of a member of a tarball, where ROMs lie in [.../]bin/BOARD/ only.
[[nodiscard]] ReleaseMember tarball_member(std::string_view path);

/// Reads a path relative to a folder that the user names: an unpacked release (bin/BOARD/...), its
/// bin/ (BOARD/...) or one board's folder. `outer` is the folder's own absolute path.
[[nodiscard]] ReleaseMember folder_member(std::string_view path, std::string_view outer);

}  // namespace romwright::images
