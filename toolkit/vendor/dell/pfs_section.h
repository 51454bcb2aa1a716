// SPDX-License-Identifier: GPL-2.0-or-later
// The sections of a Dell update package: compressed parts anywhere in an executable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::vendor {

/// A section; its compressed stream has a header in front and a footer behind.
struct PfsSection {
  static constexpr std::uint8_t firmware = 0xaa, utilities = 0xbb;
  std::uint8_t type = 0;
  Range stream;  ///< in the package

  /// "Firmware", "Utilities", "Unknown (CC)"
  [[nodiscard]] std::string name() const;
};

/// The sections of `package`, by their places; those that lie within another's stream are not
/// counted. Throws ImageError for one whose header or footer is damaged or leaves the package.
[[nodiscard]] std::vector<PfsSection> find_pfs_sections(ConstBytes package);

}  // namespace romwright::vendor
