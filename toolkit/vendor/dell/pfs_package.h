// SPDX-License-Identifier: GPL-2.0-or-later
// Everything in a Dell update package, packages within it included.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/vendor/content.h"

namespace romwright::vendor {

/// A component, under the name that Dell's tables give it.
struct PfsComponent {
  std::string section;  ///< "Firmware", "Utilities": of the package itself
  std::string name;     ///< "System BIOS"; may be empty
  std::string version;  ///< "A.91"
  /// "Firmware/1 T1650A91 -- 1 System BIOS vA.91.bin": section, number and name of the volume,
  /// number, name and version of the component; packages within it are folders between.
  std::string path;
  Content content;  ///< model information with a line for each item
};

struct PfsPackage {
  std::vector<PfsComponent> components;
  std::vector<std::string> warnings;  ///< volumes with a wrong checksum
};

struct PfsLimits {
  std::uint64_t memory = 256ULL << 20;  ///< bytes that all sections expand to
  int depth = 6;                        ///< packages within packages
};

/// Reads `package`, the file STEM.exe. A section that is no volume is one component of its own.
/// Throws ImageError where there is no section, and for damaged or too large ones.
[[nodiscard]] PfsPackage read_pfs_package(const Content& package, std::string_view stem,
                                          const PfsLimits& limits = {});

}  // namespace romwright::vendor
