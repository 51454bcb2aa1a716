// SPDX-License-Identifier: GPL-2.0-or-later
// What a cleaning found and did, for showing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/range.h"

namespace romwright::images {

enum class MeFate { kept, removed, no_data };
/// "kept", "removed", "no data".
[[nodiscard]] std::string_view to_string(MeFate fate);

struct MePartitionFate {
  std::string name;
  Range range;  ///< in the region
  MeFate fate = MeFate::no_data;
};

struct MeModuleFate {
  std::string name;
  std::string_view compression;  ///< "none", "Huffman", "LZMA", "LZMA or none"
  Range range;                   ///< in the region; the size alone where `scattered`
  bool scattered = false;        ///< in chunks that the Huffman table names
  MeFate fate = MeFate::removed;
};

/// A module table as cleaning left it, and where what it keeps ends.
struct MeModules {
  std::vector<MeModuleFate> modules;
  /// In the region; negative where the modules could not be read, so that nothing was done to them.
  std::int64_t end = -1;
  std::uint64_t code_offset = 0;  ///< where the code partition lies now
};

}  // namespace romwright::images
